"""What commands that answer a question share: which node a name means, bounds of days, rows as text, JSON or CSV."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kg.commands._options import Command, gathered
from kg.commands._printing import echo_json, root_of
from kg.errors import ConfigError
from kg.machine.terminal import data, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from kg.model import Node

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?\Z")
_CANDIDATES = 8

name_kind_option = click.option("--kind", default="", metavar="KIND", help="Only this kind: person, organization …")


@dataclass(frozen=True, slots=True)
class Asked:
    """How an answer is wanted."""

    form: str
    """`text`, `json` or `csv`."""
    limit: int
    """The most rows; 0 is all."""
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        """Check the days.

        Raises:
            ConfigError: one is no day, or the first is after the last.
        """
        for name, value in (("since", self.since), ("until", self.until)):
            if value and not _DAY.match(value):
                raise ConfigError(f"--{name} {value!r} is not a day; write 2026, 2026-11 or 2026-11-28")
        if self.since and self.until and self.since > self.until + "~":
            raise ConfigError(f"--since {self.since} is later than --until {self.until}")

    @property
    def days(self) -> str:
        """` from 2026-01 to 2026-03`, or "" where all posts count."""
        return (f" from {self.since}" if self.since else "") + (f" to {self.until}" if self.until else "")


def answer_options(command: Command) -> Command:
    """`--format`, `--limit`, `--since`, `--until`: the command gets `Asked`."""
    command = gathered(Asked, "asked")(command)
    for option in (
        click.option("--until", default="", metavar="DAY", help="Only posts up to this day, month or year."),
        click.option("--since", default="", metavar="DAY", help="Only posts from this day, month or year on."),
        click.option("--limit", type=click.IntRange(0), default=10, show_default=True, help="Most rows; 0 is all."),
        click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True),
    ):
        command = option(command)
    return command


def meant(graph: KnowledgeGraph, name: str, content: Path, *, kind: str = "") -> Node:
    """The one node that a name means.

    Raises:
        ConfigError: no node answers to the name, or several do; it names those that are near.
    """
    from kg.graph.lookup import find

    checked_kind(graph, kind)
    found = find(graph, name, kind=kind, root=root_of(content))
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
    if kind and kind not in graph.kinds:
        raise ConfigError(f"no kind is called {kind!r}; there are {', '.join(graph.kinds)}")
    return kind


def _short(node: Node) -> str:
    """`organization:deepseek`, as every command takes it; the whole IRI of a post."""
    kind, _, name = node.iri.rpartition("/")
    return f"<{node.iri}>" if node.kind == "post" else f"{kind.rpartition('/')[2]}:{name}"


def echo_rows(rows: Sequence[dict[str, Any]], form: str, columns: Sequence[str]) -> None:
    """Print rows as a JSON array of objects, or as CSV (RFC 4180) with these columns; lists are joined by blanks."""
    if form == "json":
        echo_json(list(rows))
        return
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_field(row.get(column)) for column in columns] for row in rows)
    data().write(stream.getvalue().encode("utf-8", "replace"))


def _field(value: object) -> object:
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return "" if value is None else value


def echo_lines(lines: Iterable[str]) -> None:
    """Print text that may hold anything that posts hold."""
    click.echo("\n".join(map(printable, lines)))
