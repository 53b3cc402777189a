"""Say what holds the graph together: the most central things."""

from __future__ import annotations

import click

from kg.commands._answers import Asked, answer_options, echo_lines, echo_rows
from kg.commands._options import Options, content_argument, quiet_option, shared_options
from kg.commands._printing import exit_status
from kg.insight.terms import checked_kind
from kg.text.table import aligned
from kg.text.wording import counted

COLUMNS = ("iri", "label", "kind", "score", "posts", "proof")


@click.command()
@content_argument
@shared_options
@click.option("--kind", default="", metavar="KIND", help="Only this kind: person, organization, post …")
@answer_options
@quiet_option
def command(options: Options, asked: Asked, kind: str) -> int:
    """Say which things are central: where a reader who follows links at random is found most often (PageRank)."""
    from kg.insight.answers import central_rows
    from kg.insight.centrality import ranked
    from kg.insight.incidence import Incidence
    from kg.insight.nothing import not_central

    graph, diagnostics = options.graph()
    checked_kind(graph, kind)
    found = ranked(Incidence.of(graph, since=asked.since, until=asked.until), kind=kind, limit=asked.limit)
    if asked.form != "text":
        echo_rows(central_rows(graph, found), asked.form, COLUMNS)
    elif found:
        rows_of_text = [[f"{score:.2%}", counted(posts, "post"), f"{n.label}  ({n.kind})"] for n, score, posts in found]
        title = f"where a reader who follows links at random is found{asked.days}"
        echo_lines([title, *aligned(rows_of_text, ">>", indent="  ")])
    else:
        echo_lines([not_central(kind, asked.days)])
    return exit_status(diagnostics)
