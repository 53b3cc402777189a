"""The opening of the page: recent risers, and bridges between two regions."""

from typing import Any, NamedTuple

from kg.graph.model import KnowledgeGraph
from kg.insight.bridges import ThemedPosts
from kg.insight.incidence import Incidence
from kg.insight.themes import themes
from kg.insight.trends import ShareChange, Trends, chance_of
from kg.model import IRI, Node

RISEN = 5
"""Maximum number of rising things."""
CHANCE = 0.01
"""Changes that chance alone would produce more often than this are left out."""
BRIDGES = 5
"""Maximum number of bridges."""


class TiedRegions(NamedTuple):
    """A thing that is typical of two regions."""

    iri: IRI
    regions: tuple[int, int]
    """The two communities, the one that it is more typical of first."""


class Story(NamedTuple):
    """The opening of the page."""

    window: tuple[str, str]
    """First and last month of the newest window of `kg trends`; "" if there are too few months."""
    risen: tuple[ShareChange[Node], ...]
    """As `kg trends` has them, the surest first."""
    bridges: tuple[TiedRegions, ...]
    """As `kg central --by bridges` has them, the strongest first; no two regions twice."""


def story(graph: KnowledgeGraph) -> Story:
    """The story of a graph."""
    table = Incidence.of(graph)
    trends = Trends(table)
    risen = (change for change in trends.changes() if change.g > 0 and change.chance < CHANCE)
    return Story(
        trends.windows[1], tuple(change for change, _ in zip(risen, range(RISEN), strict=False)), _bridges(graph, table)
    )


def _bridges(graph: KnowledgeGraph, table: Incidence) -> tuple[TiedRegions, ...]:
    found = themes(graph)
    numbers = {theme.id: number for number, theme in enumerate(found.themes)}
    result: dict[frozenset[str], TiedRegions] = {}
    for one in ThemedPosts(table, found).bridges(limit=0):
        if chance_of(one.score) < CHANCE and all(theme.name for theme in one.themes):
            here, there = (theme.id for theme in one.themes)
            result.setdefault(frozenset((here, there)), TiedRegions(one.node.iri, (numbers[here], numbers[there])))
    return tuple(result.values())[:BRIDGES]


def packed(story: Story, numbers: dict[IRI, int]) -> dict[str, Any]:
    """A story as the page reads it; nodes by their numbers."""
    return {
        "window": list(story.window),
        "risen": [
            [numbers[c.node.iri], c.before, c.now, round(c.share_before, 4), round(c.share_now, 4)] for c in story.risen
        ],
        "bridges": [[numbers[iri], *regions] for iri, regions in story.bridges],
    }
