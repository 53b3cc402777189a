"""Count what is in the graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from kg.commands._shared import built, content_argument, report, settings_options
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.build import Result


@click.command()
@content_argument
@settings_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--top", type=click.IntRange(0), default=5, show_default=True, help="How many of each kind to name.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(
    content: Path,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    form: str,
    top: int,
    quiet: bool,
) -> int:
    """Count posts, entities and links of CONTENT, and name the most linked."""
    result = built(content, quiet=quiet, config=config, base=base, drafts=drafts, jobs=jobs)
    report(result.diagnostics, content, quiet=True)
    found = statistics(result, top)
    if form == "json":
        import json

        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(_text(found))
    return 0 if result.ok else 1


def statistics(result: Result, top: int) -> dict[str, Any]:
    """Counts of a build, ready for JSON."""
    from kg.namespaces import compact

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
    edges = [[f"{count:,}", relation] for relation, count in found["edges"].items()]
    lines += ["", "nodes", *aligned(nodes, ">", indent="  "), "", "edges", *aligned(edges, ">", indent="  ")]
    if found["unlinked"]:
        lines += ["", f"{counted(found['unlinked'], 'node')} without a link"]
    return "\n".join(lines)
