"""What a map is: where the nodes of a graph stand, and which regions they form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import IRI
    from kg.views.map.topology import Floats, Integers


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
    named_after: tuple[IRI, ...] = ()
    """The nodes whose labels make its name."""
    id: str = ""
    """What links to it are made of, unique on the map: that of the region of the previous map with mostly the same
    nodes; otherwise after its most typical node."""


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
