"""Show how two things are connected, and the lines that say so."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer, node_named
from kg.commands._options import Options, posts_options, state_option
from kg.commands._printing import exit_status, root_of
from kg.insight.terms import checked_kind
from kg.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.model import KnowledgeGraph
    from kg.insight.paths import GraphPath
    from kg.model import Edge, Node


COLUMNS = ("way", "cost", "source", "relation", "target", "path", "line", "field")


@click.command()
@click.argument("name")
@click.argument("other")
@click.option(
    "--shortest", is_flag=True, help="Count steps only; otherwise rare connections count more than common ones."
)
@click.option("--kind", default="", metavar="KIND", help="Only through posts and things of this kind: person, tag …")
@answer_options(3)
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, name: str, other: str, shortest: bool, kind: str) -> int:
    """Show how NAME and OTHER are connected: the strongest paths between them, each step with file, line and field.

    No two paths share a node. --since and --until choose the posts that a path may pass through.
    """
    from kg.insight.answers import path_rows
    from kg.insight.nothing import not_tied
    from kg.insight.paths import left_out, ways

    gc.disable()  # the process ends with the answer
    graph, diagnostics = options.graph(whole=False)
    start, end = (node_named(graph, one, options.content) for one in (name, other))
    avoid = left_out(graph, checked_kind(graph, kind), request.since, request.until)
    found = ways(graph, start.iri, end.iri, limit=request.limit, shortest=shortest, avoid=avoid)
    rows = path_rows(graph, found)
    echo_answer(
        request.form,
        list(_steps(rows)) if request.form == "csv" else rows,
        COLUMNS,
        lambda: _lines(graph, found, root_of(options.content)),
        lambda: not_tied(start, end, kind, request.days),
    )
    return exit_status(diagnostics)


def _steps(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each edge of each way, for CSV."""
    for number, way in enumerate(rows, 1):
        yield from ({"way": number, "cost": way["cost"], **edge} for step in way["steps"] for edge in step)


def _lines(graph: KnowledgeGraph, found: list[GraphPath], root: str) -> Iterator[str]:
    for number, way in enumerate(found):
        if number:
            yield ""
        yield _named(graph.nodes[way.nodes[0]])
        for iri, edges in zip(way.nodes[1:], way.proof, strict=True):
            yield f"  │ {'; '.join(_edge_text(graph, edge, root) for edge in edges)}"
            yield _named(graph.nodes[iri])


def _named(node: Node) -> str:
    return f"{node.label}  ({node.kind})"


def _edge_text(graph: KnowledgeGraph, edge: Edge, root: str) -> str:
    from kg.graph.lookup import path_of

    place = f"{root}{path_of(graph.nodes[edge.source])}:{edge.line}"
    return f"{compact(edge.predicate)}, {edge.field or 'body'} in {place}"
