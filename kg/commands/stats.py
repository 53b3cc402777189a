"""Count what is in the graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from kg.commands._options import Options, format_option, posts_options, state_option
from kg.commands._printing import echo_json, exit_status
from kg.namespaces import compact
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from kg.pipeline.result import Result


@click.command()
@format_option("text", "json")
@click.option("--top", type=click.IntRange(0), default=5, show_default=True, help="How many of each kind to name.")
@state_option
@posts_options
def command(options: Options, form: str, top: int) -> int:
    """Count posts, entities and links of CONTENT, and name the most linked."""
    result = options.built_and_checked()
    found = statistics(result, top)
    if form == "json":
        echo_json(found)
    else:
        click.echo(_text(found))
    return exit_status(result.report.shown)


def statistics(result: Result, top: int) -> dict[str, Any]:
    """Counts of a build, ready for JSON."""
    graph = result.knowledge_graph
    degree = Counter(edge.target for edge in graph.edges)
    most: dict[str, list[dict[str, Any]]] = {}
    for iri, count in sorted(degree.items(), key=lambda item: (-item[1], item[0])):
        named = most.setdefault(graph.nodes[iri].kind, [])
        if len(named) < top:
            named.append({"label": graph.nodes[iri].label, "iri": iri, "posts": count})
    linked = {edge.source for edge in graph.edges} | set(degree)
    dates = sorted(post.date for post in result.posts if post.date)
    return {
        "posts": len(result.posts),
        "drafts": sum(post.draft for post in result.posts),
        "first": dates[0] if dates else None,
        "newest": dates[-1] if dates else None,
        "nodes": graph.count_by_kind(),
        "edges": dict(Counter(compact(edge.predicate) for edge in graph.edges).most_common()),
        "unlinked": sum(1 for iri in graph.nodes if iri not in linked),
        "most_linked": most,
        "diagnostics": dict(Counter(d.severity for d in result.diagnostics).most_common()),
    }


def _text(found: dict[str, Any]) -> str:
    lines = [f"{counted(found['posts'], 'post')}, of which {counted(found['drafts'], 'draft')}"]
    if found["first"]:
        lines[0] += f", from {found['first'][:10]} to {found['newest'][:10]}"
    nodes = []
    for kind, count in found["nodes"].items():
        names = ", ".join(f"{entry['label']} ({entry['posts']:,})" for entry in found["most_linked"].get(kind, ()))
        nodes.append([f"{count:,}", kind, names])
    edges = [[f"{count:,}", relation, _as_typed(relation)] for relation, count in found["edges"].items()]
    lines += ["", "nodes", *aligned(nodes, ">", indent="  "), "", "edges", *aligned(edges, ">", indent="  ")]
    if found["unlinked"]:
        lines += ["", f"{counted(found['unlinked'], 'node')} without a link"]
    return "\n".join(lines)


def _as_typed(relation: str) -> str:
    """The field of a relation in which characters are escaped, or ""."""
    from kg.iris import typed_field

    name = relation.removeprefix("field:")
    return f"({typed})" if (typed := typed_field(name)) != name and typed.isprintable() else ""
