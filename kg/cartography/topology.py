"""The graph as arrays: who is linked with whom, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from kg.graph import KnowledgeGraph

Floats: TypeAlias = npt.NDArray[np.floating]
Integers: TypeAlias = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Topology:
    """An undirected, weighted graph without loops and parallel edges; nodes are 0 … n - 1."""

    n: int
    ends: Integers
    """Shape (m, 2): the smaller index first, in ascending order."""
    weights: Floats
    """Shape (m,), in (0, 1]: how much a link says about its two ends. A link to what everything is linked to says
    little: the weight falls with the square root of the greater degree (as in resource allocation, Zhou et al. 2009,
    doi:10.1140/epjb/e2009-00335-8, but milder)."""

    @classmethod
    def of(cls, graph: KnowledgeGraph) -> Topology:
        """The topology of a graph, nodes in its order."""
        index = {iri: number for number, iri in enumerate(graph.nodes)}
        pairs = np.array([(index[edge.source], index[edge.target]) for edge in graph.edges], np.int64).reshape(-1, 2)
        return cls.from_pairs(len(index), pairs)

    @classmethod
    def from_pairs(cls, n: int, pairs: Integers) -> Topology:
        """The topology of n nodes and of pairs of them, shape (k, 2), in any order and direction."""
        low, high = pairs.min(axis=1, initial=n), pairs.max(axis=1, initial=0)
        keys = np.unique(low[low != high] * n + high[low != high])
        ends = np.stack([keys // n, keys % n], axis=1) if n else pairs
        degrees = np.bincount(ends.ravel(), minlength=n)
        return cls(n, ends, 1 / np.sqrt(np.maximum(degrees[ends[:, 0]], degrees[ends[:, 1]])))

    @cached_property
    def degrees(self) -> Integers:
        """Number of neighbours of each node."""
        return np.bincount(self.ends.ravel(), minlength=self.n)

    @cached_property
    def adjacency(self) -> csr_matrix:
        """The symmetric matrix of weights."""
        return symmetric(self.ends, self.weights, self.n)

    @cached_property
    def components(self) -> tuple[int, Integers]:
        """(number of connected components, component of each node)."""
        from scipy.sparse.csgraph import connected_components

        count, labels = connected_components(self.adjacency, directed=False)
        return int(count), labels

    def part(self, members: Integers) -> Topology:
        """The topology of some nodes, renumbered in the order given; weights stay as they are."""
        number = np.full(self.n, -1)
        number[members] = np.arange(len(members))
        ends = number[self.ends]
        kept = (ends >= 0).all(axis=1)
        return Topology(len(members), ends[kept], self.weights[kept])


def symmetric(ends: Integers, weights: Floats, n: int) -> csr_matrix:
    """The symmetric sparse matrix of undirected edges."""
    from scipy.sparse import coo_matrix

    both = coo_matrix(
        (np.concatenate([weights, weights]), (np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]]))),
        shape=(n, n),
    )
    return both.tocsr()
