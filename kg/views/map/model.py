"""The records of a map: the positions of nodes, and the regions they form."""

from dataclasses import dataclass

from kg.insight.topology import Floats, Integers
from kg.model import IRI


@dataclass(frozen=True, slots=True)
class Region:
    """A community: nodes that are linked with each other more than with the rest."""

    name: str
    """Its name, unique on the map; "" for the nodes that belong to no other region."""
    names_by_language: dict[str, str]
    """BCP 47 tag → name, for each language in which the nodes it is named after have labels."""
    size: int
    """Number of nodes."""
    center: tuple[float, float]
    radius: float
    """The distance from the centre within which three quarters of its nodes lie."""
    typical: tuple[IRI, ...]
    """Its most typical nodes, the most typical first."""
    named_after: tuple[IRI, ...] = ()
    """The nodes whose labels make up its name."""
    id: str = ""
    """Its identifier in links, unique on the map: that of the region of the previous map with mostly the same nodes,
    or else derived from its most typical node."""


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """The positions and regions of the nodes of a graph."""

    iris: tuple[IRI, ...]
    """The n nodes, in the order of `KnowledgeGraph.nodes`."""
    positions: Floats
    """float32, shape (n, 2), roughly within [-1, 1]; x to the right, y up."""
    communities: Integers
    """int32, shape (n,): index into `regions`; 0 is the largest, the last may be for nodes that belong to no other."""
    regions: tuple[Region, ...]
