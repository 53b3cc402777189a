"""Where the nodes stand.

The largest connected part is laid out by forces, starting from its communities; the small parts are laid out one by
one and set round its rim, and what is linked with nothing comes last, in rings. Then all are given room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kg.cartography import packing
from kg.cartography.density import even_out
from kg.cartography.forces import EXACT_UP_TO, settle
from kg.cartography.spacing import spread
from kg.cartography.topology import Topology, symmetric
from kg.model import IRI

if TYPE_CHECKING:
    from kg.cartography.topology import Floats, Integers

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
ACROSS = 0.25
"""How strongly a link between two communities pulls, against one within: less than 1 makes regions."""
COHESION = 0.3
"""How strongly a node is pulled to the middle of its community, in weights of links."""
FILLED = 0.3
"""Share of the map's area that the nodes' discs would take."""


def remembered(hints: Mapping[IRI, tuple[float, float]], iris: Sequence[IRI]) -> Floats | None:
    """Where each node stood on the previous map, shape (n, 2), NaN for new nodes; None where nothing is known."""
    if not hints:
        return None
    unknown = (np.nan, np.nan)
    places = np.array([hints.get(iri, unknown) for iri in iris], np.float64).reshape(-1, 2)
    places[~np.isfinite(places).all(axis=1) | (np.abs(places) > 10).any(axis=1)] = np.nan
    return places


def place(topology: Topology, membership: Integers, before: Floats | None = None) -> Floats:
    """Positions of all nodes, float32 of shape (n, 2).

    Args:
        topology: the graph.
        membership: the community of each node.
        before: where nodes stood on the previous map, NaN for new nodes.
    """
    return _afresh(topology, membership).astype(np.float32)


def sizes(topology: Topology) -> Floats:
    """Radii of the room that nodes take, shape (n,), relative to a node with one link: hubs are drawn larger."""
    return np.sqrt(1 + np.log2(np.maximum(topology.degrees, 1)))


def _afresh(topology: Topology, membership: Integers) -> Floats:
    count, component = topology.components
    by_size = np.argsort(-np.bincount(component, minlength=count), kind="stable")
    members = np.split(np.argsort(component, kind="stable"), np.cumsum(np.bincount(component, minlength=count))[:-1])
    radii = sizes(topology)
    positions = np.zeros((topology.n, 2))
    discs = []
    for number in by_size:
        those = members[number]
        part = topology if len(those) == topology.n else topology.part(those)
        placed = _connected(part, membership[those], radii[those])
        positions[those] = placed
        discs.append(float(np.hypot(*placed.T).max(initial=0)) + float(radii[those].max()))
    centers = packing.pack(np.array(discs))
    for number, center in zip(by_size, centers, strict=True):
        positions[members[number]] += center
    return _normal(positions)


def _connected(topology: Topology, membership: Integers, radii: Floats) -> Floats:
    """A connected graph round the origin, in units of the radius of a node with one link."""
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
    placed *= np.sqrt((radii**2).sum() / FILLED) / reach
    placed[leaves] = placed[parents[leaves]] + _flowers(parents[leaves], radii)
    if n > EXACT_UP_TO:
        placed = even_out(placed, radii**2)
    placed = spread(placed, radii * 1.15, rounds=60 if n <= EXACT_UP_TO else 12)
    return placed - placed.mean(axis=0)


def _parents(topology: Topology) -> Integers:
    """The only neighbour of each leaf, -1 for all other nodes. Two nodes linked only with each other are no leaves."""
    parents = np.full(topology.n, -1)
    for one, other in (topology.ends.T, topology.ends[:, ::-1].T):
        hanging = (topology.degrees[one] == 1) & (topology.degrees[other] > 1)
        parents[one[hanging]] = other[hanging]
    return parents


def _flowers(parents: Integers, radii: Floats) -> Floats:
    """Where leaves stand, seen from their parents: in sunflowers, shape (k, 2)."""
    order = np.argsort(parents, kind="stable")
    _those, starts, counts = np.unique(parents[order], return_index=True, return_counts=True)
    rank = np.empty(len(parents))
    rank[order] = np.arange(len(parents)) - np.repeat(starts, counts)
    distance = radii[parents] + 1.6 * np.sqrt(rank + 1)
    angle = GOLDEN_ANGLE * rank + parents
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * distance[:, None]


def _start(topology: Topology, membership: Integers) -> Floats:
    """Every community as a sunflower, set where its links with the other communities want it."""
    _names, labels, counts = np.unique(membership, return_inverse=True, return_counts=True)
    k = len(counts)
    left, right = labels[topology.ends[:, 0]], labels[topology.ends[:, 1]]
    between = np.zeros((k, k))
    np.add.at(between, (left, right), topology.weights)
    between = between + between.T
    np.fill_diagonal(between, 0)
    shares = np.sqrt(counts / counts.sum())
    angles = GOLDEN_ANGLE * np.arange(k)
    centers = np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.sqrt(np.arange(k) + 0.5)[:, None]
    if k > 2:
        from scipy.sparse import csr_matrix

        strength = between / np.sqrt(np.outer(counts, counts))
        centers = settle(centers, csr_matrix(strength / (strength.mean() + 1e-12) * 0.2), shares * np.sqrt(k), iterations=300)
        reach = np.hypot(*centers.T).max()
        centers = spread(centers / reach, shares * 0.85, rounds=80)
    rank = np.empty(topology.n)
    order = np.argsort(labels, kind="stable")
    rank[order] = np.arange(topology.n) - np.repeat(np.cumsum(counts) - counts, counts)
    radius = shares[labels] * 0.8 * np.sqrt((rank + 0.5) / counts[labels])
    turn = GOLDEN_ANGLE * rank
    spots = centers[labels] + np.stack([np.cos(turn), np.sin(turn)], axis=1) * radius[:, None]
    return spots * 20 * np.sqrt(topology.n)


def _normal(positions: Floats) -> Floats:
    """Centred, and scaled so that all but the outermost lie within the unit circle."""
    if not len(positions):
        return positions
    positions = positions - positions.mean(axis=0)
    return positions / max(float(np.hypot(*positions.T).max()), 1e-9)
