"""What the page begins with: what rose of late, and what bridges two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kg.insight.centrality import adjacency, participation
from kg.insight.incidence import Incidence
from kg.insight.trends import FEWEST, Change, Trends

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI
    from kg.views.map import Map

RISEN = 5
"""Things that are said to have risen, at most."""
CHANCE = 0.01
"""What chance alone would raise so much more often than this is not said to rise."""
BRIDGES = 5
"""Things that are said to bridge two regions, at most."""
SPREAD = 0.4
"""The participation of a bridge, at least: about 28 in a hundred of its links go to the second of two regions."""
BOTH = 0.6
"""And at least this share of them goes to the two: what goes everywhere bridges nothing in particular."""


class Bridge(NamedTuple):
    """A thing whose links go to two regions."""

    iri: IRI
    regions: tuple[int, int]
    """The two communities, the one with more of its links first."""


class Story(NamedTuple):
    """What is told first."""

    window: tuple[str, str]
    """First and last month of the newest window of `kg trends`; "" where there are too few months."""
    risen: tuple[Change, ...]
    """As `kg trends` has them, the surest first."""
    bridges: tuple[Bridge, ...]
    """Those with the most links to the second of their regions first; no two regions twice."""


def story(graph: KnowledgeGraph, chart: Map) -> Story:
    """The story of a graph.

    Args:
        graph: the graph.
        chart: its map; communities are the themes that are bridged.
    """
    table = Incidence.of(graph)
    trends = Trends(table)
    risen = (change for change in trends.changes() if change.g > 0 and change.chance < CHANCE)
    return Story(
        trends.windows[1], tuple(change for change, _ in zip(risen, range(RISEN), strict=False)), _bridges(table, chart)
    )


def _bridges(table: Incidence, chart: Map) -> tuple[Bridge, ...]:
    count = len(chart.regions)
    if count < 2:
        return ()
    links = adjacency(table)
    themes = np.asarray(chart.communities)
    into = np.zeros((len(table.nodes), count), np.int64)
    cells = links.tocoo()
    np.add.at(into, (cells.row, themes[cells.col]), 1)
    order = np.argsort(-into, axis=1, kind="stable")[:, :2]
    first, second = np.take_along_axis(into, order, axis=1).T
    wanted = (participation(links, themes) >= SPREAD) & (second >= FEWEST) & (first + second >= BOTH * into.sum(axis=1))
    is_post = np.zeros(len(wanted), bool)
    is_post[table.posts] = True
    things = wanted & ~is_post
    candidates = np.flatnonzero(things if things.any() else wanted)  # a vault of notes may have nothing else
    found: dict[frozenset[int], Bridge] = {}
    for number in candidates[np.lexsort((candidates, -second[candidates]))].tolist():
        here, there = order[number].tolist()
        if chart.regions[here].name and chart.regions[there].name:
            found.setdefault(frozenset((here, there)), Bridge(table.nodes[number].iri, (here, there)))
    return tuple(found.values())[:BRIDGES]


def packed(told: Story, numbers: dict[IRI, int]) -> dict[str, Any]:
    """A story as the page reads it; nodes by their numbers."""
    return {
        "window": list(told.window),
        "risen": [
            [numbers[c.node.iri], c.before, c.now, round(c.share_before, 4), round(c.share_now, 4)] for c in told.risen
        ],
        "bridges": [[numbers[iri], *regions] for iri, regions in told.bridges],
    }
