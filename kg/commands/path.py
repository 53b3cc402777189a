"""Say how two things are tied, and where that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.commands._answers import echo_answer, node_named
from kg.commands._options import Options, content_argument, form_option, quiet_option, shared_options
from kg.commands._printing import exit_status, root_of
from kg.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.model import KnowledgeGraph
    from kg.insight.paths import GraphPath
    from kg.model import Edge, Node


@click.command()
@click.argument("name")
@click.argument("other")
@content_argument
@shared_options
@click.option(
    "--shortest", is_flag=True, help="Count steps only; otherwise what is rare ties more than what is common."
)
@click.option("--limit", type=click.IntRange(1), default=3, show_default=True, help="Most ways; none shares a station.")
@form_option
@quiet_option
def command(options: Options, name: str, other: str, shortest: bool, limit: int, form: str) -> int:
    """Say how NAME and OTHER are tied: the strongest ways between them, each step with file, line and field."""
    from kg.insight.answers import path_rows
    from kg.insight.nothing import not_tied
    from kg.insight.paths import ways

    graph, diagnostics = options.graph()
    start, end = (node_named(graph, one, options.content) for one in (name, other))
    found = ways(graph, start.iri, end.iri, limit=limit, shortest=shortest)
    lines = lambda: _lines(graph, found, root_of(options.content))  # noqa: E731
    echo_answer(form, path_rows(graph, found), (), lines, lambda: not_tied(start, end))
    return exit_status(diagnostics)


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
    place = f"{root}{_path(graph.nodes[edge.source])}:{edge.line}"
    return f"{compact(edge.predicate)}, {edge.field or 'body'} in {place}"


def _path(node: Node) -> str:
    from kg.graph.lookup import path_of

    return path_of(node)
