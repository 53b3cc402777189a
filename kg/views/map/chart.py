"""`chart`: from a graph to its map."""

import numpy as np

from kg.graph.model import Derived, KnowledgeGraph
from kg.insight.earlier import PreviousMap
from kg.insight.themes import themes
from kg.insight.topology import Floats
from kg.views.map import layout
from kg.views.map.model import Map, Region

SHIFTS = 4
"""Steps of the mean shift that finds the centre of a region."""


@Derived
def chart(graph: KnowledgeGraph) -> Map:
    """The map of a graph.

    With `graph.hints`, nodes keep their positions on the previous map unless their neighbourhood has changed, and new
    nodes are placed among their neighbours.
    """
    found = themes(graph)
    iris = tuple(graph.nodes)
    earlier = PreviousMap.of(graph.hints)
    positions = layout.place(found.topology, found.membership, earlier.places_of(iris))
    regions = []
    for number, theme in enumerate(found.themes):
        center, radius = _extent(positions[found.membership == number])
        names = theme.name, theme.names_by_language
        regions.append(Region(*names, theme.size, center, radius, theme.typical, theme.named_after, theme.id))
    return Map(iris, positions, found.membership, tuple(regions))


def _extent(positions: Floats) -> tuple[tuple[float, float], float]:
    if not len(positions):
        return (0.0, 0.0), 0.0
    center = np.median(positions, axis=0)
    for _ in range(SHIFTS):  # towards where most of it is, which the middle of two halves is not
        distance = np.hypot(*(positions - center).T)
        center = np.median(positions[distance <= np.quantile(distance, 0.5)], axis=0)
    radius = np.quantile(np.hypot(*(positions - center).T), 0.75)
    return (float(center[0]), float(center[1])), float(radius)
