"""Portraits of themes: posts over time, typical, new and central things, neighbours."""

from typing import NamedTuple

import numpy as np

from kg.errors import ConfigError
from kg.graph.model import KnowledgeGraph
from kg.insight.bridges import Neighbour, ThemedPosts
from kg.insight.centrality import adjacency, pagerank
from kg.insight.incidence import Incidence
from kg.insight.relatedness import newest_first
from kg.insight.terms import node_named
from kg.insight.themes import Theme, themes
from kg.insight.trends import Month, ShareChange, Trends
from kg.model import Node


class Portrait(NamedTuple):
    """One theme."""

    theme: Theme
    posts: int
    """Number of its posts, among those that count."""
    typical: tuple[Node, ...]
    """The most typical first."""
    newest: tuple[Node, ...]
    """Posts, the newest first."""
    central: tuple[Node, ...]
    """Posts, the most central first (PageRank)."""
    change: ShareChange[Theme] | None
    """How its share of posts has changed; None if there are too few months or posts."""
    months: tuple[Month, ...]
    neighbours: tuple[Neighbour, ...]


def portraits(
    graph: KnowledgeGraph, table: Incidence, *, only: Theme | None = None, kind: str = "", limit: int = 10, few: int = 5
) -> list[Portrait]:
    """The themes of a graph, the largest first.

    Args:
        graph: the graph with all posts, which has the themes.
        table: the posts that count.
        only: one of them.
        kind: only things of this kind are named as typical.
        limit: how many themes at most; 0 for all.
        few: how many typical, newest and central nodes and neighbours of each.
    """
    found = themes(graph)
    themed = ThemedPosts(table, found)
    trends = Trends(table)
    chosen = [n for n, theme in enumerate(found.themes) if only is None or theme.id == only.id]
    rank = pagerank(adjacency(table))[table.posts]
    changes = {change.node.id: change for change in trends.changes_of(themed.posts_by_theme.T.tocsr(), found.themes)}
    result = []
    for number in chosen[: limit or None]:
        theme = found.themes[number]
        rows = np.flatnonzero(themed.theme_of == number)
        central = rows[np.lexsort((rows, -rank[rows].round(12)))][:few].tolist()
        typical = [graph.nodes[iri] for iri in theme.typical]
        if kind:
            typical = themed.most_typical(number, kind)
        result.append(
            Portrait(
                theme,
                len(rows),
                tuple(typical[:few]),
                tuple(graph.nodes[iri] for iri in newest_first(table, rows.tolist())[:few]),
                tuple(table.nodes[table.posts[row]] for row in central),
                changes.get(theme.id),
                tuple(trends.counted(rows)),
                tuple(themed.neighbours(number, kind=kind, limit=min(few, 3))),
            )
        )
    return result


def theme_named(graph: KnowledgeGraph, name: str, *, root: str = "") -> Theme:
    """The theme of this name or id, otherwise the one that the thing of this name belongs to.

    Raises:
        ConfigError: neither a theme nor a thing has the name, or several things have it.
    """
    found = themes(graph)
    wanted = name.casefold()
    for theme in found.themes:
        if wanted in {text.casefold() for text in (theme.id, theme.name, *theme.names_by_language.values())}:
            return theme
    try:
        node = node_named(graph, name, root=root)
    except ConfigError as error:
        partial = [theme for theme in found.themes if wanted in theme.name.casefold()]
        if len(partial) == 1:
            return partial[0]
        raise ConfigError(f"no theme has this name, and {error}") from error
    place = list(graph.nodes).index(node.iri)
    return found.themes[int(found.membership[place])]
