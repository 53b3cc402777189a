"""Say what holds the graph together: the most central things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer
from kg.commands._options import Options, kind_option, posts_options, state_option
from kg.commands._printing import exit_status
from kg.insight.terms import checked_kind
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.insight.bridges import Bridge
    from kg.insight.nothing import DateRange
    from kg.model import Node

COLUMNS = ("iri", "label", "kind", "score", "posts", "proof")


@click.command()
@kind_option
@click.option(
    "--by",
    type=click.Choice(["pagerank", "bridges"]),
    default="pagerank",
    show_default=True,
    help="bridges: things that are typical of two themes at once.",
)
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, kind: str, by: str) -> int:
    """List the most central things: those that a reader who follows links at random visits most often (PageRank).

    With --by bridges, list the things that connect two themes (see kg themes).
    """
    from kg.insight.answers import bridge_rows, central_rows
    from kg.insight.bridges import ThemedPosts
    from kg.insight.centrality import ranked
    from kg.insight.incidence import Incidence
    from kg.insight.nothing import not_central
    from kg.insight.themes import themes
    from kg.pipeline.saved_graph import as_on_the_page

    graph, diagnostics = options.graph()
    checked_kind(graph, kind)
    table = Incidence.of(graph, since=request.since, until=request.until)
    if by == "bridges":
        bridges = ThemedPosts(table, themes(as_on_the_page(graph, options.state))).bridges(
            kind=kind, limit=request.limit
        )
        rows, lines = bridge_rows(graph, bridges), _bridges(bridges, request.days)
    else:
        found = ranked(table, kind=kind, limit=request.limit)
        rows, lines = central_rows(graph, found), _central(found, request.days)
    columns = (*COLUMNS, *(["themes"] if by == "bridges" else []))
    what = " that is typical of two themes" if by == "bridges" else ""
    echo_answer(request.form, rows, columns, lambda: lines, lambda: not_central(graph, kind, request.days) + what)
    return exit_status(diagnostics)


def _central(found: Sequence[tuple[Node, float, int]], days: DateRange) -> list[str]:
    rows = [[f"{score:.2%}", counted(posts, "post"), f"{n.label}  ({n.kind})"] for n, score, posts in found]
    return [f"where a reader who follows links at random is found{days}", *aligned(rows, ">>", indent="  ")]


def _bridges(found: Sequence[Bridge], days: DateRange) -> list[str]:
    rows = [
        [f"{one.score:,.0f}", counted(one.posts, "post"), one.node.label, " ↔ ".join(t.name for t in one.themes)]
        for one in found
    ]
    return [f"what is typical of two themes at once{days}", *aligned(rows, ">>", indent="  ")]
