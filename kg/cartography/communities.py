"""Communities: sets of nodes that are linked with each other more than with the rest.

Found by the Leiden algorithm (Traag et al. 2019, doi:10.1038/s41598-019-41695-z) in graspologic-native, seeded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kg.model import IRI

if TYPE_CHECKING:
    from kg.cartography.topology import Integers, Topology

SEED = 20240229
RESOLUTION = 1.2
"""Of modularity; more gives more and smaller communities."""
MOST = 36
"""Communities on one map; more cannot be told apart."""


def remembered(hints: Mapping[IRI, tuple[float, float]], iris: Sequence[IRI]) -> Integers | None:
    """The community of each node on the previous map, -1 for new nodes; None where nothing is known."""
    before: Mapping[IRI, int] = getattr(hints, "communities", {})
    return np.array([before.get(iri, -1) for iri in iris]) if before else None


def detect(topology: Topology, before: Integers | None = None) -> Integers:
    """The community of each node, int32 of shape (n,); 0 is the largest.

    Small ones are joined to the one they are linked with most; small components that are linked with nothing else
    become one last community.

    Args:
        topology: the graph.
        before: the communities of the previous map, to start from; -1 for new nodes.
    """
    labels = _leiden(topology, before)
    smallest = max(4, round(topology.n**0.5 / 2), round(topology.n * 0.01))
    labels = _join_small(topology, labels, smallest)
    return _by_size(labels, smallest)


def _leiden(topology: Topology, before: Integers | None) -> Integers:
    from graspologic_native import leiden_csr

    del before
    if not len(topology.ends):
        return np.arange(topology.n)
    matrix = topology.adjacency
    _quality, found = leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        topology.n,
        resolution=RESOLUTION,
        iterations=3,
        seed=SEED,
    )
    labels = np.full(topology.n, -1)
    labels[list(found.keys())] = list(found.values())
    alone = labels < 0
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return labels


def _join_small(topology: Topology, labels: Integers, smallest: int) -> Integers:
    """Join the smallest community to its closest until none is too small and there are few enough."""
    from scipy.sparse import coo_matrix

    _names, labels = np.unique(labels, return_inverse=True)
    count = int(labels.max(initial=-1)) + 1
    left, right = labels[topology.ends[:, 0]], labels[topology.ends[:, 1]]
    across = left != right
    between = coo_matrix((topology.weights[across], (left[across], right[across])), shape=(count, count)).tocsr()
    between += between.T
    closest: list[dict[int, float]] = [
        dict(zip(between.indices[a:b].tolist(), between.data[a:b].tolist(), strict=True))
        for a, b in zip(between.indptr[:-1], between.indptr[1:], strict=True)
    ]
    sizes = np.bincount(labels, minlength=count).tolist()
    home = list(range(count))
    alive = {number for number in range(count) if closest[number]}
    while alive:
        number = min(alive, key=lambda c: (sizes[c], c))
        if sizes[number] >= smallest and len(alive) <= MOST:
            break
        target = min(closest[number], key=lambda c: (-closest[number][c] / np.sqrt(sizes[c]), c))
        home[number] = target
        sizes[target] += sizes[number]
        for other, weight in closest[number].items():
            del closest[other][number]
            if other != target:
                closest[other][target] = closest[target][other] = closest[target].get(other, 0.0) + weight
        closest[number] = {}
        alive.discard(number)
        alive -= {target} if not closest[target] else set()
    for number in range(count):
        while home[number] != home[home[number]]:
            home[number] = home[home[number]]
    return np.asarray(home)[labels] if count else labels


def _by_size(labels: Integers, smallest: int) -> Integers:
    """Number the communities by size; those that are too small together become the last."""
    found, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(sizes >= smallest)
    order = kept[np.lexsort((first[kept], -sizes[kept]))][:MOST]
    number = np.full(len(found), len(order))
    number[order] = np.arange(len(order))
    return number[inverse].astype(np.int32)
