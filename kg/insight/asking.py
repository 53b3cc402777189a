"""Questions by name, from Python and over HTTP: the same answers as those of the commands, by the same names."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from kg.insight.incidence import Incidence
    from kg.model import Node

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?\Z", re.ASCII)
_CANDIDATES = 8


class Answers:
    """What can be asked of a graph. Every answer is a list of objects as `--format json` prints it.

    A name may be any spelling, an IRI or its short form, or the path of a post. `since` and `until` are a day, a month
    or a year, both included; a `limit` of 0 means all.
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
        """What goes with a thing, or the posts that are most like a post: `kg related`.

        Args:
            name: what is asked about.
            kind: its kind, where several things have the name.
            only: answers of this kind only.
            most: whether the most frequent come first.
            limit: how many at most.
            since: the first day of the posts that count.
            until: the last one.

        Raises:
            ConfigError: nothing has the name, or several things; no such kind; no day.
        """
        from kg.insight.answers import related, related_rows

        node = self._meant(name, kind)
        checked_kind(self.knowledge_graph, only)
        return related_rows(related(self._table(since, until), node, only=only, most=most, limit=limit))

    def path(self, name: str, other: str, *, shortest: bool = False, limit: int = 3) -> list[dict[str, Any]]:
        """The strongest ways between two things: `kg path`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import path_rows
        from kg.insight.paths import ways

        start, end = self._meant(name), self._meant(other)
        found = ways(self.knowledge_graph, start.iri, end.iri, limit=limit, shortest=shortest)
        return path_rows(self.knowledge_graph, found)

    def trends(
        self, *names: str, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """What rises and what fades, or of the things that are named, every month: `kg trends`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import change_rows, month_rows
        from kg.insight.trends import Trends

        found = Trends(self._table(since, until))
        if names:
            nodes = [self._meant(name, kind) for name in names]
            return [row for node in nodes for row in month_rows(node, found.of(node.iri))]
        checked_kind(self.knowledge_graph, kind)
        return change_rows(found.changes(kinds=(kind,) if kind else ())[: limit or None])

    def central(self, *, kind: str = "", limit: int = 10, since: str = "", until: str = "") -> list[dict[str, Any]]:
        """What holds the graph together: `kg central`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight.answers import central_rows
        from kg.insight.centrality import ranked

        checked_kind(self.knowledge_graph, kind)
        return central_rows(ranked(self._table(since, until), kind=kind, limit=limit))

    def search(
        self, words: str, *, bodies: bool = False, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """Posts and things by words of their titles, abstracts, definitions and names: `kg search`.

        Raises:
            ConfigError: as `related`.
        """
        from kg.insight import search
        from kg.insight.answers import hit_rows

        check_days(since, until)
        if bodies not in self._indexes:
            self._indexes[bodies] = search.make(self.knowledge_graph, self.content, bodies=bodies)
        question = search.Question(words, bodies, kind, limit, since, until)
        return hit_rows(search.ask(self._indexes[bodies], question, self.content).hits)

    @cached_property
    def _tables(self) -> dict[tuple[str, str], Incidence]:
        """(since, until) → who names what: the last one that was asked for."""
        return {}

    @cached_property
    def _indexes(self) -> dict[bool, sqlite3.Connection]:
        """Whether bodies are in → the index of words."""
        return {}

    def _meant(self, name: str, kind: str = "") -> Node:
        return meant(self.knowledge_graph, name, kind=kind)

    def _table(self, since: str, until: str) -> Incidence:
        from kg.insight.incidence import Incidence

        check_days(since, until)
        if (since, until) not in self._tables:
            self._tables.clear()
            self._tables[since, until] = Incidence.of(self.knowledge_graph, since=since, until=until)
        return self._tables[since, until]


def check_days(since: str, until: str) -> None:
    """Check the bounds of an answer.

    Raises:
        ConfigError: one is no day, or the first is after the last.
    """
    for name, value in (("since", since), ("until", until)):
        if value and not _DAY.match(value):
            raise ConfigError(f"{name} {value!r} is not a day; write 2026, 2026-11 or 2026-11-28")
    if since and until and since > until + "~":
        raise ConfigError(f"since {since} is later than until {until}")


def meant(graph: KnowledgeGraph, name: str, *, kind: str = "", root: str = "") -> Node:
    """The one node that a name means.

    Args:
        graph: where to look.
        name: any spelling, an IRI or its short form, the path of a post.
        kind: only nodes of this kind.
        root: a folder that paths of posts may begin with.

    Raises:
        ConfigError: no node answers to the name, or several do; it names those that are near.
    """
    from kg.graph.lookup import find

    checked_kind(graph, kind)
    found = find(graph, name, kind=kind, root=root)
    if len(found.matches) == 1:
        return graph.nodes[found.matches[0]]
    if found.matches:
        shown = ", ".join(f"{graph.nodes[i].label} {_short(graph.nodes[i])}" for i in found.matches[:_CANDIDATES])
        more = f" and {len(found.matches) - _CANDIDATES:,} more" if len(found.matches) > _CANDIDATES else ""
        raise ConfigError(f"{len(found.matches)} things answer to {name!r}; ask for one of them: {shown}{more}")
    near = ", ".join(f"{graph.nodes[iri].label} ({graph.nodes[iri].kind})" for iri in found.suggestions)
    raise ConfigError(f"nothing is called {name!r}" + (f"; did you mean {near}?" if near else ""))


def checked_kind(graph: KnowledgeGraph, kind: str) -> str:
    """A kind that the graph has, or "".

    Raises:
        ConfigError: it has no such kind.
    """
    check_kind(kind, graph.kinds)
    return kind


def check_kind(kind: str, kinds: Collection[str]) -> None:
    """Check that there is such a kind.

    Raises:
        ConfigError: there is none.
    """
    if kind and kind not in kinds:
        raise ConfigError(f"no kind is called {kind!r}; there are {', '.join(kinds)}")


def _short(node: Node) -> str:
    """`organization:deepseek`, as every command takes it; the whole IRI of a post."""
    kind, _, name = node.iri.rpartition("/")
    return f"<{node.iri}>" if node.kind == "post" else f"{kind.rpartition('/')[2]}:{name}"
