"""Say what holds the graph together: the most central things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.commands._answers import Asked, answer_options, checked_kind, echo_lines, echo_rows
from kg.commands._options import Options, content_argument, quiet_option, shared_options
from kg.commands._printing import exit_status
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from kg.insight.incidence import Incidence
    from kg.model import Node

COLUMNS = ("iri", "label", "kind", "score", "posts")


@click.command()
@content_argument
@shared_options
@click.option("--kind", default="", metavar="KIND", help="Only this kind: person, organization, post …")
@answer_options
@quiet_option
def command(options: Options, asked: Asked, kind: str) -> int:
    """Say which things are central: where a reader who follows links at random is found most often (PageRank)."""
    from kg.insight.incidence import Incidence

    result = options.built_and_checked()
    graph = result.knowledge_graph
    checked_kind(graph, kind)
    table = Incidence.of(graph, since=asked.since, until=asked.until)
    ranked = _ranked(table, kind, asked.limit)
    if asked.form != "text":
        rows = [
            {"iri": n.iri, "label": n.label, "kind": n.kind, "score": round(score, 8), "posts": posts}
            for n, score, posts in ranked
        ]
        echo_rows(rows, asked.form, COLUMNS)
    elif ranked:
        rows_of_text = [
            [f"{score:.2%}", counted(posts, "post"), f"{n.label}  ({n.kind})"] for n, score, posts in ranked
        ]
        title = f"where a reader who follows links at random is found{asked.days}"
        echo_lines([title, *aligned(rows_of_text, ">>", indent="  ")])
    else:
        echo_lines([f"no post{asked.days} names anything" + (f" of kind {kind}" if kind else "")])
    return exit_status(result.diagnostics)


def _ranked(table: Incidence, kind: str, limit: int) -> list[tuple[Node, float, int]]:
    """(node, its score, how many posts name it), the most central first."""
    from kg.insight.centrality import adjacency, pagerank

    scores: Any = pagerank(adjacency(table)).tolist()
    found = [
        (-score, node.iri, number)
        for number, (node, score) in enumerate(zip(table.nodes, scores, strict=True))
        if table.counts[number] and (node.kind == kind if kind else node.kind != "post")
    ]
    found.sort()
    return [
        (table.nodes[number], -score, len(table.posts_of(table.nodes[number].iri)))
        for score, _iri, number in found[: limit or None]
    ]
