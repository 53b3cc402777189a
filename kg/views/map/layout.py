"""The positions of the nodes.

The largest connected part is laid out by forces, starting from its communities; the small parts are laid out one by
one and placed around it, followed by rings of nodes without links. Then nodes that overlap are pushed apart.
"""

import numpy as np

from kg.insight.topology import Floats, Integers, Topology, symmetric
from kg.views.map import packing
from kg.views.map.density import even_out
from kg.views.map.forces import EXACT_UP_TO, settle
from kg.views.map.spacing import spread

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
ACROSS = 0.25
"""Pull of a link between two communities, relative to one within; less than 1 makes regions."""
FEW = 40
"""Up to this many nodes, density is not evened out."""
COHESION = 0.3
"""Pull of a node to the middle of its community, in weights of links."""
LITTLE = 0.03
"""Share of a node's links that may be new before it moves at all."""
ENOUGH = 0.5
"""Share of nodes that must be on the previous map for it to be continued; otherwise a new one is drawn."""
FILLED, FILLED_SMALL = 0.3, 0.15
"""Share of the map's area that nodes cover; small maps leave more room for labels."""


def place(topology: Topology, membership: Integers, before: Floats | None = None) -> Floats:
    """Positions of all nodes, float32 of shape (n, 2).

    Args:
        topology: the graph.
        membership: the community of each node.
        before: positions on the previous map, NaN for new nodes.
    """
    if before is None or not np.isfinite(before).any():
        return _afresh(topology, membership).astype(np.float32)
    known = np.isfinite(before[:, 0])
    if known.all():
        return before.astype(np.float32)
    if known.mean() < ENOUGH:
        return _turned(_afresh(topology, membership), before, known).astype(np.float32)
    return _continued(topology, before, known).astype(np.float32)


def _turned(positions: Floats, before: Floats, known: Integers) -> Floats:
    """A new map, rotated and mirrored so that known nodes are as close as possible to where they were.

    The orthogonal Procrustes problem (Schönemann 1966, doi:10.1007/BF02289451).
    """
    left, _stretch, right = np.linalg.svd(positions[known].T @ before[known])
    return np.asarray(positions @ (left @ right))


def _continued(topology: Topology, before: Floats, known: Integers) -> Floats:
    """The previous map with new nodes added.

    Known nodes move only if their links have changed, and only to make room.
    """
    from scipy.spatial import cKDTree

    placed = np.where(known[:, None], before, 0.0)
    settled = known.copy()
    counted = known.astype(float)  # kept as numbers: converting them in each step would be quadratic in a chain
    links = topology.adjacency
    ahead = np.flatnonzero(~known)
    while len(ahead):
        rows = links[ahead]
        weight = rows @ counted
        linked = weight > 0
        reached = ahead[linked]
        placed[reached] = (rows @ placed)[linked] / weight[linked, None]
        settled[reached] = counted[reached] = True
        ahead = topology.next_to(reached)
        ahead = ahead[~settled[ahead]]
    radii = sizes(topology)
    radii *= np.sqrt(FILLED / (radii**2).sum())
    new = np.flatnonzero(settled & ~known)
    placed[new] += _room(placed[new], radii[new])
    apart = np.flatnonzero(~settled)
    if len(apart):  # not linked with known nodes: around the rim
        rim = topology.part(apart)
        own = _afresh(rim, np.zeros(len(apart), int))
        reach = radii[apart].sum() ** 0.5 * radii.max() ** 0.5 if len(rim.ends) else 0.0
        if reach:
            edge = float(np.hypot(*placed[settled].T).max(initial=0)) + reach
            placed[apart] = own * reach + [edge, 0.0]
        else:
            placed[apart] = packing.rings(radii[apart], float(np.hypot(*placed[settled].T).max(initial=0)))
    total = np.asarray(links.sum(axis=1)).ravel()
    changed = (links @ (~known).astype(float)) / np.maximum(total, 1e-9)
    mobility = np.where(known, np.where(changed > LITTLE, 0.2 * changed, 0.0), 1.0)
    # Only nodes that may move, and those near them, matter.
    reach = 12 * float(np.median(radii)) + 2 * float(radii.max())
    distance, _nearest = cKDTree(placed[mobility > 0]).query(placed, distance_upper_bound=reach)
    those = np.flatnonzero(distance <= reach)
    placed[those] = spread(placed[those], radii[those] * 1.1, rounds=40, mobility=mobility[those])
    return placed


def sizes(topology: Topology) -> Floats:
    """Radii of nodes, shape (n,), relative to a node with one link; hubs are larger."""
    return np.asarray(np.sqrt(1 + np.log2(np.maximum(topology.degrees, 1))))


def _afresh(topology: Topology, membership: Integers) -> Floats:
    radii = sizes(topology)
    positions = np.zeros((topology.n, 2))
    parts: list[Integers] = []
    discs = []
    for those, part in topology.apart():
        placed = _connected(part, membership[those], radii[those])
        positions[those] = placed
        parts.append(those)
        discs.append(float(np.hypot(*placed.T).max(initial=0)) + float(radii[those].max()))
    for those, center in zip(parts, packing.pack(np.array(discs)), strict=True):
        positions[those] += center
    return _normal(positions)


def _connected(topology: Topology, membership: Integers, radii: Floats) -> Floats:
    """Positions for a connected graph around the origin, in radii of a node with one link."""
    n = topology.n
    if n <= 2:
        return np.stack([np.arange(n) * 3.0 - 1.5 * (n - 1), np.zeros(n)], axis=1)
    parents = _parents(topology)
    inner = np.flatnonzero(parents < 0)
    leaves = np.flatnonzero(parents >= 0)
    core = topology.part(inner)
    weights = np.sqrt(core.weights)
    _names, labels = np.unique(membership[inner], return_inverse=True)
    across = labels[core.ends[:, 0]] != labels[core.ends[:, 1]]
    attraction = symmetric(core.ends, np.where(across, ACROSS, 1.0) * weights, core.n)
    carried = np.bincount(parents[leaves], minlength=n)[inner]
    masses = np.asarray(attraction.sum(axis=1)).ravel() + 1 + 0.5 * carried
    settled = settle(
        _start(core, labels),
        attraction,
        masses,
        labels=labels,
        cohesion=COHESION,
        iterations=300 if core.n <= EXACT_UP_TO else 100,
    )
    placed = np.zeros((n, 2))
    placed[inner] = settled - settled.mean(axis=0)
    reach = np.quantile(np.hypot(*placed[inner].T), 0.95) + 1e-9
    placed *= np.sqrt((radii**2).sum() / (FILLED if n > EXACT_UP_TO else FILLED_SMALL)) / reach
    placed[leaves] = placed[parents[leaves]] + _flowers(parents[leaves], radii)
    if n > FEW:
        placed = even_out(placed, radii**2)
    placed = spread(placed, radii * 1.15, rounds=60 if n <= EXACT_UP_TO else 12)
    return np.asarray(placed - (placed.min(axis=0) + placed.max(axis=0)) / 2)


def _parents(topology: Topology) -> Integers:
    """The only neighbour of each leaf, -1 for all other nodes; a pair on its own has no leaves."""
    parents = np.full(topology.n, -1)
    for one, other in (topology.ends.T, topology.ends[:, ::-1].T):
        hanging = (topology.degrees[one] == 1) & (topology.degrees[other] > 1)
        parents[one[hanging]] = other[hanging]
    return parents


def _flowers(parents: Integers, radii: Floats) -> Floats:
    """Positions of leaves relative to their parents, as in sunflowers, shape (k, 2)."""
    rank = _rank(parents)
    return _around(GOLDEN_ANGLE * rank + parents, radii[parents] + 1.6 * np.sqrt(rank + 1))


def _rank(groups: Integers) -> Floats:
    """The place of each node among those of its group, from 0."""
    order = np.argsort(groups, kind="stable")
    _those, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    rank = np.empty(len(groups))
    rank[order] = np.arange(len(groups)) - np.repeat(starts, counts)
    return rank


def _around(angles: Floats, distances: Floats) -> Floats:
    """Places at some angles and distances around the origin, shape (n, 2)."""
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * distances[:, None]


def _room(spots: Floats, radii: Floats) -> Floats:
    """Offsets that spread nodes in one spot into a sunflower around it, shape (n, 2).

    Pushing thousands of them apart from one another would take the square of their number.
    """
    _spots, group = np.unique(spots.round(9), axis=0, return_inverse=True)
    rank = _rank(group.ravel())
    return _around(GOLDEN_ANGLE * rank, 1.6 * radii * np.sqrt(rank))


def _start(topology: Topology, membership: Integers) -> Floats:
    """Every community as a sunflower, placed by its links with the other communities."""
    _names, labels, counts = np.unique(membership, return_inverse=True, return_counts=True)
    k = len(counts)
    left, right = labels[topology.ends[:, 0]], labels[topology.ends[:, 1]]
    between = np.zeros((k, k))
    np.add.at(between, (left, right), topology.weights)
    between = between + between.T
    np.fill_diagonal(between, 0)
    shares = np.sqrt(counts / counts.sum())
    centers = _around(GOLDEN_ANGLE * np.arange(k), np.sqrt(np.arange(k) + 0.5))
    if k > 2:
        from scipy.sparse import csr_matrix

        strength = between / np.sqrt(np.outer(counts, counts))
        attraction = csr_matrix(strength / (strength.mean() + 1e-12) * 0.2)
        centers = settle(centers, attraction, shares * np.sqrt(k), iterations=300)
        reach = np.hypot(*centers.T).max()
        centers = spread(centers / reach, shares * 0.85, rounds=80)
    rank = _rank(labels)
    radius = shares[labels] * 0.8 * np.sqrt((rank + 0.5) / counts[labels])
    spots = centers[labels] + _around(GOLDEN_ANGLE * rank, radius)
    return np.asarray(spots * 20 * np.sqrt(topology.n))


def _normal(positions: Floats) -> Floats:
    """Centred, and scaled so that all but the outermost lie within the unit circle."""
    if not len(positions):
        return positions
    positions = positions - (positions.min(axis=0) + positions.max(axis=0)) / 2
    return positions / max(float(np.hypot(*positions.T).max()), 1e-9)
