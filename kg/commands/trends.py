"""Say what rises and what fades, or how often single things were named over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer, node_named
from kg.commands._options import Options, kind_option, posts_options, state_option
from kg.commands._printing import exit_status
from kg.insight.nothing import no_change, not_named
from kg.insight.terms import checked_kind
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.insight.trends import Month, ShareChange, Trends
    from kg.model import Node

CHANGES = ("iri", "label", "kind", "before", "now", "share_before", "share_now", "g", "chance", "is_new", "proof")
MONTHS = ("iri", "label", "kind", "month", "named", "posts", "share", "unfinished", "proof")
LIKELY = 0.05
"""A change that chance would make at least this often is marked as doubtful."""
_BARS = " ▁▂▃▄▅▆▇█"
_LONGEST = 36
"""Months of a sparkline."""


@click.command()
@click.option(
    "--name", "names", multiple=True, metavar="NAME", help="The trend of this thing; may be given several times."
)
@kind_option
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, names: tuple[str, ...], kind: str) -> int:
    """Show rising and fading things: the last three complete months against the three before, by share of posts.

    With --name, show each month. The current month is marked and not compared.
    """
    from kg.insight.incidence import Incidence
    from kg.insight.trends import Trends

    graph, diagnostics = options.graph()
    found = Trends(Incidence.of(graph, since=request.since, until=request.until))
    if names:
        nodes = [node_named(graph, name, options.content, kind=kind) for name in names]
        _echo_months(graph, found, nodes, request)
    else:
        _echo_changes(graph, found, request, checked_kind(graph, kind))
    return exit_status(diagnostics)


def _echo_months(graph: KnowledgeGraph, found: Trends, nodes: Sequence[Node], request: AnswerOptions) -> None:
    from kg.insight.answers import month_rows

    series = [(node, found.of(node.iri)) for node in nodes]
    rows = [row for node, months in series for row in month_rows(graph, node, months, request.limit)]
    shown = found.months[-_LONGEST:]
    ends = f", {shown[0]} to {shown[-1]}" if shown else ""
    title = f"share of posts{ends}" + f" ({found.unfinished} is not over)" * bool(found.unfinished)
    lines = [title, *aligned([_trend(node, months) for node, months in series], "<<>", indent="  ")]
    echo_answer(request.form, rows, MONTHS, lambda: lines, lambda: not_named(found, nodes, request.days))


def _trend(node: Node, months: Sequence[Month]) -> list[str]:
    named = sum(month.named for month in months)
    whole = [month for month in months if not month.unfinished]
    last = f"{whole[-1].share:.1%} in {whole[-1].month}" if whole else ""
    return [node.label, sparkline([month.share for month in months[-_LONGEST:]]), counted(named, "post"), last]


def sparkline(values: Sequence[float]) -> str:
    """Numbers of at least 0 as bars, the largest the highest; one that is not 0 always shows.

    >>> sparkline([0, 1, 4])
    ' ▂█'
    """
    most = max(values, default=0)
    return (
        "".join(_BARS[-(-value * 8 // most).__int__() if value else 0] for value in values)
        if most
        else " " * len(values)
    )


def _echo_changes(graph: KnowledgeGraph, found: Trends, request: AnswerOptions, kind: str) -> None:
    from kg.insight.answers import change_rows

    changes = found.changes(kinds=(kind,) if kind else ())
    shown = changes[: request.limit or None]
    (before, before_end), (now, now_end) = found.windows
    title = f"share of posts, {now} to {now_end} against {before} to {before_end}, the surest change first"
    echo_answer(
        request.form,
        change_rows(graph, shown),
        CHANGES,
        lambda: [title, *aligned([_changed(change, found) for change in shown], "<<>>", indent="  ")],
        lambda: no_change(found, kind, request.days),
    )


def _changed(change: ShareChange[Node], found: Trends) -> list[str]:
    arrow = "new" if change.is_new else "↑" if change.g > 0 else "↓"
    doubt = "" if change.chance < LIKELY else f"  (by chance {change.chance:.0%} of the time)"
    return [
        arrow,
        sparkline([month.share for month in found.of(change.node.iri)][-_LONGEST:]),
        f"{change.share_before:.1%} → {change.share_now:.1%}",
        f"{change.before:,} → {counted(change.now, 'post')}",
        f"{change.node.label}  ({change.node.kind}){doubt}",
    ]
