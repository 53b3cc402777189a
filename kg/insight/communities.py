"""Finding communities: sets of nodes that are linked with each other more than with the rest.

Found by the Leiden algorithm (Traag et al. 2019, doi:10.1038/s41598-019-41695-z) in graspologic-native, seeded.
"""

from heapq import heapify, heappop, heappush
from math import sqrt

import numpy as np

from kg.insight.topology import Integers, Topology

SEED = 20240229
RESOLUTION = 1.2
"""The resolution of modularity; a higher one gives more and smaller communities."""
NEARLY = 0.95
"""Share of the best modularity from which the communities of the previous map are kept."""
MOST = 36
"""Communities on one map, at most; more could not be told apart."""


def detect(topology: Topology, before: Integers | None = None) -> Integers:
    """The community of each node, int32 of shape (n,); 0 is the largest.

    Small ones are joined to the one they are linked with most; small components without other links together become
    the last community.

    Args:
        topology: the graph.
        before: the communities of the previous map, -1 for new nodes. They are kept while they are nearly as good as
            the best that can be found.
    """
    if before is not None and (before >= 0).all():
        return _tidy(topology, _continued(topology, before))
    labels = _leiden(topology) if len(topology.ends) else np.arange(topology.n)
    found = _tidy(topology, labels)
    if before is not None:
        kept = _tidy(topology, _continued(topology, before))
        if modularity(topology, kept) >= NEARLY * modularity(topology, found):
            return kept
    return found


def modularity(topology: Topology, labels: Integers) -> float:
    """Modularity: the share of weight within communities, less what is expected by chance.

    Newman 2006, doi:10.1073/pnas.0601602103.
    """
    a, b = topology.ends.T
    total = float(topology.weights.sum())
    if not total:
        return 0.0
    strength = np.bincount(labels[a], topology.weights, labels.max() + 1)
    strength += np.bincount(labels[b], topology.weights, labels.max() + 1)
    inside = float(topology.weights[labels[a] == labels[b]].sum())
    return inside / total - RESOLUTION * float((strength**2).sum()) / (2 * total) ** 2


def _leiden(topology: Topology) -> Integers:
    from graspologic_native import leiden_csr

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
    alone = labels < 0  # Leiden leaves out nodes without links
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return labels


def _continued(topology: Topology, before: Integers) -> Integers:
    """The communities of the previous map; new nodes join the one they are linked with most."""
    labels = before.copy()
    count = int(labels.max()) + 1
    ahead = np.flatnonzero(labels < 0)
    while len(ahead):
        rows = topology.adjacency[ahead]
        linked, neighbour = np.repeat(ahead, np.diff(rows.indptr)), rows.indices
        votes = labels[neighbour] >= 0
        pairs, number = np.unique(linked[votes] * count + labels[neighbour[votes]], return_inverse=True)
        reached, choice = pairs // max(count, 1), pairs % max(count, 1)
        order = np.lexsort((choice, -np.bincount(number, rows.data[votes], len(pairs)), reached))
        reached, first = np.unique(reached[order], return_index=True)
        labels[reached] = choice[order][first]
        ahead = topology.next_to(reached)
        ahead = ahead[labels[ahead] < 0]
    apart = labels < 0
    labels[apart] = count + np.arange(apart.sum())
    # The last community may be many components: take it apart again.
    _pairs, labels = np.unique(labels * topology.components[0] + topology.components[1], return_inverse=True)
    return labels


def _tidy(topology: Topology, labels: Integers) -> Integers:
    smallest = max(4, round(topology.n**0.5 / 2), round(topology.n * 0.01))
    return _by_size(_join_small(topology, labels, smallest), smallest)


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
    by_size = [(sizes[number], number) for number in alive]
    heapify(by_size)
    while by_size:
        size, number = heappop(by_size)
        if number not in alive or size != sizes[number]:
            continue
        if size >= smallest and len(alive) <= MOST:
            break
        target = min(closest[number], key=lambda c: (-closest[number][c] / sqrt(sizes[c]), c))
        home[number] = target
        sizes[target] += size
        heappush(by_size, (sizes[target], target))
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
