"""Say what the posts are about, theme by theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer
from kg.commands._options import Options, posts_options, state_option
from kg.commands._printing import exit_status, root_of
from kg.commands.trends import sparkline
from kg.insight.terms import checked_kind
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.insight.theme_portraits import Portrait
    from kg.model import Node

COLUMNS = ("id", "name", "size", "posts", "share_before", "share_now", "chance", "typical", "neighbours")
_LONGEST = 36
"""Months of a sparkline."""
_FEW, _MORE = 5, 15
"""How many names, posts and neighbours of each theme are shown: of several themes, and of a single one."""


@click.command()
@click.option("--name", default="", metavar="NAME", help="Only this theme, or the theme of this thing.")
@click.option("--kind", default="", metavar="KIND", help="Only things of this kind: person, organization …")
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, name: str, kind: str) -> int:
    """Show what the posts are about, theme by theme: typical, new and central things, and neighbouring themes.

    A theme is a group of things that are linked more with each other than with the rest: a region of the page. With
    --since and --until the themes stay the same, and only the posts of these days count.
    """
    from kg.insight.answers import theme_rows
    from kg.insight.incidence import Incidence
    from kg.insight.theme_portraits import portraits, theme_named
    from kg.pipeline.saved_graph import as_on_the_page

    graph, diagnostics = options.graph()
    graph = as_on_the_page(graph, options.state)
    checked_kind(graph, kind)
    only = theme_named(graph, name, root=root_of(options.content)) if name else None
    table = Incidence.of(graph, since=request.since, until=request.until)
    found = portraits(graph, table, only=only, kind=kind, limit=request.limit, few=_MORE if only else _FEW)
    rows = theme_rows(found if len(table.posts) else [])
    echo_answer(
        request.form,
        [_flat(row) for row in rows] if request.form == "csv" else rows,
        COLUMNS,
        lambda: _lines(found, request, whole=only is not None),
        lambda: f"no post{request.days}; leave --since and --until out",
    )
    return exit_status(diagnostics)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row for CSV: names in place of objects."""
    typical = "; ".join(one["label"] for one in row["typical"])
    near = "; ".join(one["name"] for one in row["neighbours"])
    return row | (row["change"] or {}) | {"typical": typical, "neighbours": near}


def _lines(found: Sequence[Portrait], request: AnswerOptions, *, whole: bool) -> Iterator[str]:
    months = found[0].months[-_LONGEST:]
    span = f"; bars are shares of posts, {months[0].month} to {months[-1].month}" if months else ""
    yield f"{counted(len(found), 'theme')}{request.days}{', the largest first' if len(found) > 1 else ''}{span}"
    for one in found:
        yield ""
        yield f"{one.theme.name or 'what belongs to no other theme'}  {_size(one)}"
        if one.months:
            yield f"  {sparkline([month.share for month in one.months[-_LONGEST:]])}  {_change(one)}".rstrip()
        if one.typical:
            yield f"  typical  {', '.join(node.label for node in one.typical)}"
        if whole:
            yield from _posts("newest", one.newest)
            yield from _posts("central", one.central)
        elif one.newest:
            yield f"  newest   {one.newest[0].label}"
            yield f"  central  {one.central[0].label}"
        for near in one.neighbours[: None if whole else 2]:
            over = f", over {', '.join(node.label for node in near.over)}" if near.over else ""
            yield f"  next to  {near.theme.name}{over}"


def _posts(title: str, posts: Sequence[Node]) -> Iterator[str]:
    from kg.graph.lookup import path_of
    from kg.insight.days import day_of

    for place, node in enumerate(posts):
        yield f"  {title if place == 0 else '':7}  {day_of(node) or '-':10}  {node.label}  [{path_of(node)}]"


def _size(one: Portrait) -> str:
    return f"{counted(one.posts, 'post')}, {counted(one.theme.size - one.posts, 'other node')}"


def _change(one: Portrait) -> str:
    if one.change is None:
        return ""
    arrow = "↑" if one.change.g > 0 else "↓"
    doubt = "" if one.change.chance < 0.05 else f"  (by chance {one.change.chance:.0%} of the time)"
    return f"{arrow} {one.change.share_before:.1%} → {one.change.share_now:.1%}{doubt}"
