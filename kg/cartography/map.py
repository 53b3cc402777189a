"""`chart`: from a graph to its map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.cartography import communities, layout, naming
from kg.cartography.topology import Topology
from kg.model import IRI

if TYPE_CHECKING:
    from kg.cartography.topology import Floats, Integers
    from kg.graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Region:
    """One community of the map: nodes that are linked with each other more than with the rest."""

    name: str
    """What is most typical of it, unique on the map; "" for nodes that belong nowhere."""
    names_by_language: dict[str, str]
    """BCP 47 tag → name, for the languages in which what it is named after has labels."""
    size: int
    """Number of nodes."""
    center: tuple[float, float]
    radius: float
    """Three quarters of its nodes are within it of the centre."""
    typical: tuple[IRI, ...]
    """The most typical nodes, the most typical first."""


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Where the nodes of a graph stand."""

    iris: tuple[IRI, ...]
    """The n nodes, in the order of `KnowledgeGraph.nodes`."""
    positions: Floats
    """float32, shape (n, 2), roughly within [-1, 1]; x to the right, y up."""
    communities: Integers
    """int32, shape (n,): index into `regions`; 0 is the largest, the last may be what belongs nowhere."""
    regions: tuple[Region, ...]


def chart(graph: KnowledgeGraph) -> Map:
    """The map of a graph; computed once, then kept in `graph.derived["map"]`.

    With `graph.hints` the map stays put: nodes that were on the previous one keep their places, except where their
    own neighbourhood changed, and new nodes stand among their neighbours.
    """
    held = graph.derived.get("map")
    if isinstance(held, Map):
        return held
    topology = Topology.of(graph)
    iris = tuple(graph.nodes)
    membership = communities.detect(topology, communities.remembered(graph.hints, iris))
    positions = layout.place(topology, membership, layout.remembered(graph.hints, iris))
    regions = []
    for number, name in enumerate(naming.name_regions(graph, topology, membership)):
        center, radius = _extent(positions[membership == number])
        regions.append(
            Region(
                name.text, name.by_language, int((membership == number).sum()), center, radius, name.typical
            )
        )
    result = Map(iris, positions, membership, tuple(regions))
    graph.derived["map"] = result
    return result


def _extent(positions: Floats) -> tuple[tuple[float, float], float]:
    if not len(positions):
        return (0.0, 0.0), 0.0
    center = np.median(positions, axis=0)
    radius = np.quantile(np.hypot(*(positions - center).T), 0.75)
    return (float(center[0]), float(center[1])), float(radius)
