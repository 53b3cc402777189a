"""What a region is called: by what is most typical of it, which is seldom what is most frequent in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.model import IRI, Node

if TYPE_CHECKING:
    from kg.cartography.topology import Floats, Integers, Topology
    from kg.graph import KnowledgeGraph

TYPICAL = 12
"""How many typical nodes a region has, at most."""
LONGEST = 40
"""Characters of a name that a region may be called by."""
BETWEEN = " · "


class Name(NamedTuple):
    """How one region is called."""

    text: str
    by_language: dict[str, str]
    typical: tuple[IRI, ...]


def name_regions(graph: KnowledgeGraph, topology: Topology, membership: Integers) -> list[Name]:
    """A name for every community, by what is typical of it; the names differ from each other."""
    nodes = list(graph.nodes.values())
    count = int(membership.max(initial=-1)) + 1
    scores = typicality(topology, membership, count)
    nameable = np.array([node.kind != "post" and len(node.label) <= LONGEST for node in nodes], bool)
    taken: set[str] = set()
    result = []
    for number in range(count):
        inside = np.flatnonzero((membership == number) & (scores > 0))
        ranked = inside[np.lexsort((inside, -scores[inside]))]
        typical = tuple(nodes[i].iri for i in ranked[:TYPICAL])
        named = [nodes[i] for i in ranked if nameable[i]][:TYPICAL]
        result.append(_called(named, typical, taken))
    return result


def typicality(topology: Topology, membership: Integers, count: int) -> Floats:
    """How typical each node is of its own community, shape (n,).

    The log-odds of a link to the node within the community against elsewhere, with the whole graph as prior, divided
    by its standard error (Monroe et al. 2008, doi:10.1093/pan/mpn018).
    """
    n = topology.n
    a, b = topology.ends.T
    same = membership[a] == membership[b]
    inside = np.bincount(a[same], minlength=n) + np.bincount(b[same], minlength=n)
    everywhere = topology.degrees
    total_inside = np.bincount(membership, inside, count)[membership]
    # Links of the community's members in all, and of all others.
    volume = np.bincount(membership, everywhere, count)[membership]
    del total_inside
    all_links = everywhere.sum()
    prior = everywhere / max(all_links, 1) * 500 + 0.01
    outside = everywhere - inside
    y1, n1 = inside + prior, volume + 500.0
    y2, n2 = outside + prior, all_links - volume + 500.0
    odds = np.log(y1 / np.maximum(n1 - y1, 0.5)) - np.log(y2 / np.maximum(n2 - y2, 0.5))
    score: Floats = odds / np.sqrt(1 / y1 + 1 / y2)
    return np.where(inside > 0, score, 0.0)


def _called(named: list[Node], typical: tuple[IRI, ...], taken: set[str]) -> Name:
    for parts in _choices(named):
        text = BETWEEN.join(node.label for node in parts)
        if text.casefold() not in taken:
            taken.add(text.casefold())
            return Name(text, _by_language(parts), typical)
    return Name("", {}, typical)


def _choices(named: list[Node]) -> list[tuple[Node, ...]]:
    """What to call a region, the best first: two names, else one, else others."""
    distinct: list[Node] = []
    for node in named:
        if node.label.casefold() not in {other.label.casefold() for other in distinct}:
            distinct.append(node)
    pairs = [(distinct[0], other) for other in distinct[1:]] if distinct else []
    return [*pairs, *((node,) for node in distinct)]


def _by_language(parts: tuple[Node, ...]) -> dict[str, str]:
    languages = {text.language for node in parts for text in node.labels if text.language}
    return {
        language: BETWEEN.join(
            next((text.value for text in node.labels if text.language == language), node.label) for node in parts
        )
        for language in sorted(languages)
    }
