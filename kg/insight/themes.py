"""Themes: nodes that are linked with each other more than with the rest, each with a name. The page calls them regions.

They are found by the Leiden algorithm (`communities`) and named after what is most typical of each (`naming`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from kg.graph.model import Derived, KnowledgeGraph
from kg.insight import communities, naming
from kg.insight.earlier import PreviousMap
from kg.insight.topology import Integers, Topology
from kg.model import IRI


class Theme(NamedTuple):
    """One theme."""

    id: str
    """Used in links to it: the id of the theme of the previous map with mostly the same nodes, or one made from
    its most typical node."""
    name: str
    """Different from all others; "" for the nodes that belong to no other theme."""
    names_by_language: dict[str, str]
    """BCP 47 tag → name, for each language in which the nodes it is named after have labels."""
    size: int
    """Number of nodes."""
    typical: tuple[IRI, ...]
    """Its most typical nodes, the most typical first."""
    named_after: tuple[IRI, ...]
    """The nodes whose labels make up its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Themes:
    """All themes of a graph."""

    topology: Topology
    membership: Integers
    """int32, shape (n,): for each node in the order of the graph, which of `themes` it belongs to."""
    themes: tuple[Theme, ...]
    """The largest first; the last may be for nodes that belong to no other."""


@Derived
def themes(graph: KnowledgeGraph) -> Themes:
    """The themes of a graph; with `graph.hints` those of the previous map, while they are nearly as good."""
    topology = Topology.of(graph)
    earlier = PreviousMap.of(graph.hints)
    before = earlier.communities_of(tuple(graph.nodes))
    membership = communities.detect(topology, before)
    same = _same_as_before(membership, before)
    after = {number: earlier.named_after[was] for number, was in same.items() if was < len(earlier.named_after)}
    names = naming.name_regions(graph, topology, membership, after)
    known = {number: earlier.ids[was] for number, was in same.items() if was < len(earlier.ids)}
    ids = _ids([name.typical for name in names], known, graph.dataset.base)
    sizes = np.bincount(membership, minlength=len(names)).tolist()
    found = []
    for id_, name, size in zip(ids, names, sizes, strict=True):
        given = graph.dataset.regions.get(id_)
        text, by_language = (given, {}) if given else (name.text, name.by_language)
        found.append(Theme(id_, text, by_language, size, name.typical, name.after))
    return Themes(topology, membership, tuple(found))


def _same_as_before(membership: Integers, before: Integers | None) -> dict[int, int]:
    """The community of the previous map that each is now, if most of both are the same nodes."""
    if before is None:
        return {}
    known = before >= 0
    shared = np.zeros((int(membership.max(initial=0)) + 1, int(before.max(initial=0)) + 1))
    np.add.at(shared, (membership[known], before[known]), 1)
    result = {}
    for number, earlier in enumerate(shared.argmax(axis=1).tolist()):
        of_both = 2 * shared[number, earlier]
        if of_both > shared[number].sum() and of_both > shared[:, earlier].sum():
            result[number] = earlier
    return result


def _ids(typical: Sequence[tuple[IRI, ...]], known: Mapping[int, str], base: IRI) -> list[str]:
    """The id of each region: its previous one, or one made from the most typical node that is still free."""
    taken = set(known.values())
    result = []
    for number, nodes in enumerate(typical):
        own = [unquote(iri.removeprefix(base)) for iri in nodes]
        choices = [known[number]] if number in known else [name for name in own if name not in taken]
        result.append(choices[0] if choices else f"region-{number}")
        taken.add(result[-1])
    return result
