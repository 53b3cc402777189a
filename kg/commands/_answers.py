"""Shared by commands that answer questions: resolving a name, date ranges, rows as text, JSON or CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kg.commands._options import Command, format_option, gathered, limit_option
from kg.commands._printing import echo_json, root_of
from kg.graph.model import KnowledgeGraph
from kg.insight.nothing import DateRange
from kg.insight.terms import check_days
from kg.machine.terminal import data, printable
from kg.model import Node


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """The format and the bounds of an answer."""

    form: str
    """`text`, `json` or `csv`."""
    limit: int
    """Maximum number of rows; 0 for all."""
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        """Check the days.

        Raises:
            ConfigError: one is not a day, or the first is after the last.
        """
        check_days(self.since, self.until)

    @property
    def days(self) -> DateRange:
        """The bounds of the posts that count."""
        return DateRange(self.since, self.until)


def answer_options(limit: int = 10) -> Callable[[Command], Command]:
    """`--format`, `--limit`, `--since`, `--until`: the command gets `AnswerOptions`."""

    def decorate(command: Command) -> Command:
        command = gathered(AnswerOptions, "request")(command)
        for option in (
            click.option("--until", default="", metavar="DAY", help="Only posts until this day, month or year."),
            click.option("--since", default="", metavar="DAY", help="Only posts since this day, month or year."),
            limit_option(limit),
            format_option("text", "json", "csv"),
        ):
            command = option(command)
        return command

    return decorate


def node_named(graph: KnowledgeGraph, name: str, content: Path, *, kind: str = "") -> Node:
    """The one node that a name means.

    Raises:
        ConfigError: as `kg.insight.terms.node_named`.
    """
    from kg.insight import terms

    return terms.node_named(graph, name, kind=kind, root=root_of(content))


def echo_answer(
    form: str,
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    lines: Callable[[], Iterable[str]],
    why: Callable[[], str],
) -> None:
    """Print rows as JSON or CSV, or as lines of text; if there are none, also why, beside JSON and CSV as an error.

    Args:
        form: `text`, `json` or `csv`.
        rows: the answer.
        columns: those of CSV.
        lines: the answer as text.
        why: why it is empty, and what to try.
    """
    if form != "text":
        echo_rows(rows, form, columns)
    elif rows:
        echo_lines(lines())
    if not rows:
        click.echo(printable(why() if form == "text" else f"kg: {why()}"), err=form != "text")


def echo_rows(rows: Sequence[dict[str, Any]], form: str, columns: Sequence[str]) -> None:
    """Print rows as a JSON array of objects, or as CSV (RFC 4180) with these columns; lists are joined with spaces."""
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
    """Print lines that may contain any text of posts."""
    click.echo("\n".join(map(printable, lines)))
