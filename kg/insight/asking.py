"""Questions by name, from Python, over HTTP and for agents: the answers of the commands, by the same names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.errors import ConfigError
from kg.insight.terms import check_days, checked_kind, node_named

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from kg.insight.incidence import Incidence
    from kg.model import Node

QUESTIONS = ("find", "show", "related", "path", "search", "trends", "themes", "central", "query", "cite")
"""The methods of `Answers` that are questions; each is a command and a path below `/api/`."""


class Answers:
    """The questions about a graph. An answer is what `--format json` prints: a list of objects; for `show`, one object.

    A name may be any spelling, an IRI or its short form, or the path of a post; `kind` chooses one of several things
    with the name. Only posts from `since` to `until` count, both of which are a day, a month or a year. `limit` is the
    maximum number of results; 0 means all.
    """

    knowledge_graph: KnowledgeGraph
    content: Path
    """The folder of posts."""

    def related(
        self,
        name: str,
        *,
        kind: str = "",
        only: str = "",
        most: bool = False,
        limit: int = 10,
        since: str = "",
        until: str = "",
    ) -> list[dict[str, Any]]:
        """Things that are related to a thing, or posts that are similar to a post: `kg related`.

        `only` is the kind of the results; `most` orders them by frequency alone.

        Raises:
            ConfigError: nothing has the name, or several things have it; or a kind or a day is invalid.
        """
        from kg.insight.answers import related, related_rows

        node = self.node_named(name, kind)
        checked_kind(self.knowledge_graph, only)
        return related_rows(
            self.knowledge_graph, node, related(self.table(since, until), node, only=only, most=most, limit=limit)
        )

    def path(
        self,
        name: str,
        other: str,
        *,
        shortest: bool = False,
        kind: str = "",
        limit: int = 3,
        since: str = "",
        until: str = "",
    ) -> list[dict[str, Any]]:
        """The strongest paths between two things: `kg path`.

        `shortest` counts only steps; `kind` is that of all things between.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import path_rows
        from kg.insight.paths import left_out, ways

        start, end = self.node_named(name), self.node_named(other)
        checked_kind(self.knowledge_graph, kind)
        check_days(since, until)
        avoid = left_out(self.knowledge_graph, kind, since, until)
        found = ways(self.knowledge_graph, start.iri, end.iri, limit=limit, shortest=shortest, avoid=avoid)
        return path_rows(self.knowledge_graph, found)

    def trends(
        self, *names: str, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """Rising and fading things, or the newest months that name the given things: `kg trends`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import change_rows, month_rows
        from kg.insight.trends import Trends

        found = Trends(self.table(since, until))
        if names:
            nodes = [self.node_named(name, kind) for name in names]
            series = ((node, found.of(node.iri)) for node in nodes)
            return [row for node, months in series for row in month_rows(self.knowledge_graph, node, months, limit)]
        checked_kind(self.knowledge_graph, kind)
        return change_rows(self.knowledge_graph, found.changes(kinds=(kind,) if kind else ())[: limit or None])

    def themes(
        self, name: str = "", *, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """The themes of the posts, which are the regions of the page: `kg themes`.

        `name` chooses the theme with this name, or the theme of the thing with this name; `kind` is that of the typical
        things.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import theme_rows
        from kg.insight.theme_portraits import portraits, theme_named

        graph = self.knowledge_graph
        checked_kind(graph, kind)
        only = theme_named(graph, name) if name else None
        return theme_rows(portraits(graph, self.table(since, until), only=only, kind=kind, limit=limit))

    def central(
        self, *, by: str = "pagerank", kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """The most central things, or with `by="bridges"` those that connect two themes: `kg central`.

        Raises:
            ConfigError: as `related`, or `by` is invalid.
        """
        from kg.insight.answers import bridge_rows, central_rows
        from kg.insight.bridges import ThemedPosts
        from kg.insight.centrality import ranked
        from kg.insight.themes import themes

        checked_kind(self.knowledge_graph, kind)
        table = self.table(since, until)
        if by == "bridges":
            bridges = ThemedPosts(table, themes(self.knowledge_graph)).bridges(kind=kind, limit=limit)
            return bridge_rows(self.knowledge_graph, bridges)
        if by != "pagerank":
            raise ConfigError(f"by is pagerank or bridges, not {by!r}")
        return central_rows(self.knowledge_graph, ranked(table, kind=kind, limit=limit))

    def search(
        self, words: str, *, bodies: bool = False, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """Posts and things by words in their titles, abstracts, definitions and names: `kg search`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight import search, search_index
        from kg.insight.answers import hit_rows

        check_days(since, until)
        if bodies not in self._indexes:
            self._indexes[bodies] = search_index.make(self.knowledge_graph, self.content, bodies=bodies)
        question = search.Question(words, bodies, kind, limit, since, until)
        return hit_rows(search.ask(self._indexes[bodies], question, self.content).hits)

    def find(self, name: str, *, kind: str = "", limit: int = 10) -> list[dict[str, Any]]:
        """The things with a name, the most linked first, or else those with similar names: `kg find`.

        Raises:
            ConfigError: no such kind.
        """
        from kg.graph.lookup import find
        from kg.insight.answers import find_rows

        checked_kind(self.knowledge_graph, kind)
        return find_rows(self.knowledge_graph, find(self.knowledge_graph, name, kind=kind), limit)

    def show(self, name: str, *, kind: str = "", limit: int = 10) -> dict[str, Any]:
        """Everything known about one thing or post, with lists of at most `limit` entries: `kg show`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import show_row

        return show_row(self.knowledge_graph, self.node_named(name, kind), limit)

    def cite(
        self, name: str, *, kind: str = "", quote: bool = False, limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """The places that name a thing or link to a post, the newest first: `kg cite`. With `quote`, the line itself.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import cite_rows

        check_days(since, until)
        node, content = self.node_named(name, kind), self.content if quote else None
        return cite_rows(self.knowledge_graph, node, since=since, until=until, limit=limit, content=content)

    def query(self, sparql: str) -> list[dict[str, Any]] | bool:
        """What SPARQL 1.1 finds: `kg query`. Rows map variables to values; ASK gives a boolean.

        Raises:
            KgError: the query cannot be understood, or would change something.
        """
        raise NotImplementedError  # by whoever has a store

    @cached_property
    def _tables(self) -> dict[tuple[str, str], Incidence]:
        """(since, until) → which post names what; only the latest is kept."""
        return {}

    @cached_property
    def _indexes(self) -> dict[bool, sqlite3.Connection]:
        """Whether bodies are included → the search index."""
        return {}

    def node_named(self, name: str, kind: str = "") -> Node:
        """The only node that a name may mean.

        Raises:
            ConfigError: nothing has the name, or several things have it; or the kind is invalid.
        """
        return node_named(self.knowledge_graph, name, kind=kind)

    def table(self, since: str = "", until: str = "") -> Incidence:
        """Which post names what, in the posts between two days.

        Raises:
            ConfigError: one is not a day, or the first is after the last.
        """
        from kg.insight.incidence import Incidence

        check_days(since, until)
        if (since, until) not in self._tables:
            self._tables.clear()
            self._tables[since, until] = Incidence.of(self.knowledge_graph, since=since, until=until)
        return self._tables[since, until]
