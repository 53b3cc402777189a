"""`chart`: from a graph to its map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.graph.model import Derived
from kg.views.map import communities, layout, naming
from kg.views.map.model import Map, Region
from kg.views.map.positions import Earlier
from kg.views.map.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI
    from kg.views.map.topology import Floats, Integers


SHIFTS = 4
"""Steps of the mean shift that finds the centre of a region."""


@Derived
def chart(graph: KnowledgeGraph) -> Map:
    """The map of a graph.

    With `graph.hints`, nodes keep their positions on the previous map unless their neighbourhood has changed, and new
    nodes are placed among their neighbours.
    """
    topology = Topology.of(graph)
    iris = tuple(graph.nodes)
    hints = graph.hints
    earlier = hints if isinstance(hints, Earlier) else Earlier(dict(hints))
    before = earlier.communities_of(iris)
    membership = communities.detect(topology, before)
    positions = layout.place(topology, membership, earlier.places_of(iris))
    names = naming.name_regions(graph, topology, membership, _names_before(membership, before, earlier.named_after))
    regions = []
    for number, name in enumerate(names):
        inside = positions[membership == number]
        center, radius = _extent(inside)
        regions.append(Region(name.text, name.by_language, len(inside), center, radius, name.typical, name.after))
    return Map(iris, positions, membership, tuple(regions))


def _names_before(
    membership: Integers, before: Integers | None, named_after: Sequence[tuple[IRI, ...]]
) -> dict[int, tuple[IRI, ...]]:
    """Community → the nodes it was named after, if it has most of its nodes in common with an earlier one."""
    if before is None or not named_after:
        return {}
    known = before >= 0
    shared = np.zeros((int(membership.max()) + 1, max(len(named_after), int(before.max()) + 1)))
    np.add.at(shared, (membership[known], before[known]), 1)
    most = shared.argmax(axis=1)
    result = {}
    for number, earlier in enumerate(most.tolist()):
        of_both = 2 * shared[number, earlier]
        if of_both > shared[number].sum() and of_both > shared[:, earlier].sum() and earlier < len(named_after):
            result[number] = named_after[earlier]
    return result


def _extent(positions: Floats) -> tuple[tuple[float, float], float]:
    if not len(positions):
        return (0.0, 0.0), 0.0
    center = np.median(positions, axis=0)
    for _ in range(SHIFTS):  # towards where most of it is, which the middle of two halves is not
        distance = np.hypot(*(positions - center).T)
        center = np.median(positions[distance <= np.quantile(distance, 0.5)], axis=0)
    radius = np.quantile(np.hypot(*(positions - center).T), 0.75)
    return (float(center[0]), float(center[1])), float(radius)
