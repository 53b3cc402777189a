"""`chart`: from a graph to its map."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np

from kg.graph.model import Derived
from kg.views.map import communities, layout, naming
from kg.views.map.model import Map, Region
from kg.views.map.positions import Earlier
from kg.views.map.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    same = _same_as_before(membership, before)
    named = {number: earlier.named_after[was] for number, was in same.items() if was < len(earlier.named_after)}
    names = naming.name_regions(graph, topology, membership, named)
    known = {number: earlier.ids[was] for number, was in same.items() if was < len(earlier.ids)}
    ids = _ids([name.typical for name in names], known, graph.dataset.base)
    regions = []
    for number, name in enumerate(names):
        inside = positions[membership == number]
        center, radius = _extent(inside)
        given = graph.dataset.regions.get(ids[number])
        text, by_language = (given, {}) if given else (name.text, name.by_language)
        regions.append(Region(text, by_language, len(inside), center, radius, name.typical, name.after, ids[number]))
    return Map(iris, positions, membership, tuple(regions))


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
    """What links to each region are made of: what they were, otherwise after the most typical node that is free."""
    taken = set(known.values())
    result = []
    for number, nodes in enumerate(typical):
        own = [unquote(iri.removeprefix(base)) for iri in nodes]
        choices = [known[number]] if number in known else [name for name in own if name not in taken]
        result.append(choices[0] if choices else f"region-{number}")
        taken.add(result[-1])
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
