"""A graph as arrays: which nodes are linked, and how strongly."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from kg.fields import AUTHOR
from kg.graph.model import Derived, KnowledgeGraph
from kg.graph.saved import columns_of
from kg.namespaces import KG, SCHEMA

Floats: TypeAlias = npt.NDArray[Any]
Integers: TypeAlias = npt.NDArray[Any]

CREDITS = frozenset({AUTHOR, SCHEMA + "contributor", KG + "speaker", KG + "guest", KG + "host"})
"""Predicates that link a post to the people who made it."""


@Derived
def edge_ends(graph: KnowledgeGraph) -> Integers:
    """The source and the target of each edge, by their place among the nodes: int64 of shape (edges, 2)."""
    known = columns_of(graph)
    sources = np.repeat(np.arange(len(known.starts)), known.starts)
    return np.stack([sources, np.array(known.targets, np.int64)], axis=1)


@dataclass(frozen=True)
class Topology:
    """An undirected, weighted graph without loops and parallel edges; nodes are 0 … n - 1."""

    n: int
    ends: Integers
    """Shape (m, 2): the smaller index first, in ascending order."""
    weights: Floats
    """Shape (m,), in (0, 1]: how much a link says about its ends. A link to what everything is linked to says little:
    the weight falls with the square root of the greater degree (as in resource allocation, Zhou et al. 2009,
    doi:10.1140/epjb/e2009-00335-8, but milder)."""

    topical: npt.NDArray[np.bool_]
    """Shape (m,): True if the link says what a post is about, not just who made it."""

    @classmethod
    def of(cls, graph: KnowledgeGraph) -> "Topology":
        """The topology of a graph, nodes in its order."""
        topical = np.fromiter((edge.predicate not in CREDITS for edge in graph.edges), bool, len(graph.edges))
        return cls.from_pairs(len(graph.nodes), edge_ends(graph), topical)

    @classmethod
    def from_pairs(cls, n: int, pairs: Integers, topical: Integers | None = None) -> "Topology":
        """The topology of n nodes and of pairs of them, shape (k, 2), in any order and direction."""
        flags = np.ones(len(pairs)) if topical is None else topical
        low, high = pairs.min(axis=1, initial=n), pairs.max(axis=1, initial=0)
        proper = low != high
        keys, inverse = np.unique(low[proper] * n + high[proper], return_inverse=True)
        ends = np.stack([keys // max(n, 1), keys % max(n, 1)], axis=1)
        degrees = np.bincount(ends.ravel(), minlength=n)
        weights = 1 / np.sqrt(np.maximum(degrees[ends[:, 0]], degrees[ends[:, 1]]))
        return cls(n, ends, weights, np.bincount(inverse, flags[proper], len(keys)) > 0)

    @cached_property
    def degrees(self) -> Integers:
        """Number of neighbours of each node."""
        return np.bincount(self.ends.ravel(), minlength=self.n)

    @cached_property
    def adjacency(self) -> csr_matrix:
        """The symmetric matrix of weights."""
        return symmetric(self.ends, self.weights, self.n)

    def next_to(self, those: Integers) -> Integers:
        """The neighbours of some nodes, ascending; the time depends on these nodes alone."""
        return np.unique(self.adjacency[those].indices)

    @cached_property
    def components(self) -> tuple[int, Integers]:
        """(number of connected components, component of each node)."""
        from scipy.sparse.csgraph import connected_components

        count, labels = connected_components(self.adjacency, directed=False)
        return int(count), labels

    def apart(self) -> Iterator[tuple[Integers, "Topology"]]:
        """Each connected component, largest first: its nodes in ascending order, and its own topology."""
        count, component = self.components
        sizes = np.bincount(component, minlength=count)
        nodes = np.split(np.argsort(component, kind="stable"), np.cumsum(sizes)[:-1])
        of_edge = component[self.ends[:, 0]]
        edges = np.split(np.argsort(of_edge, kind="stable"), np.cumsum(np.bincount(of_edge, minlength=count))[:-1])
        number = np.empty(self.n, np.int64)
        for which in np.argsort(-sizes, kind="stable"):
            members, kept = nodes[which], edges[which]
            number[members] = np.arange(len(members))
            yield members, Topology(len(members), number[self.ends[kept]], self.weights[kept], self.topical[kept])

    def part(self, members: Integers) -> "Topology":
        """The topology of some nodes, renumbered in the order given; weights stay as they are."""
        number = np.full(self.n, -1)
        number[members] = np.arange(len(members))
        ends = number[self.ends]
        kept = (ends >= 0).all(axis=1)
        return Topology(len(members), ends[kept], self.weights[kept], self.topical[kept])


def symmetric(ends: Integers, weights: Floats, n: int) -> csr_matrix:
    """The symmetric sparse matrix of undirected edges."""
    there, back = ends.T, ends[:, ::-1].T
    rows, columns = np.concatenate([there, back], axis=1)
    return coo_matrix((np.concatenate([weights, weights]), (rows, columns)), shape=(n, n)).tocsr()
