"""What is served, and keeping it up to date.

Building runs in a process of its own: it takes seconds, all cores and much memory, and whatever happens to it, the
server goes on answering with the last good graph.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.config import Config
    from kg.graph import KnowledgeGraph

STATE = ".kg"
PAGE = "served.html"
"""The page with a query editor, within OUTPUT/.kg; `graph.html` itself talks to nobody."""
ENDPOINT = "/sparql"
EVENTS = "/events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the graph comes from."""

    output: Path
    config: Config
    content: Path | None = None
    """None serves OUTPUT as it is."""
    jobs: int | None = None


def page(output: Path) -> Path | None:
    """The page to show: ours where there is one as new as the build, or the one that was built."""
    built = output / "graph.html"
    ours = output / STATE / PAGE
    if ours.is_file() and (not built.is_file() or ours.stat().st_mtime_ns >= built.stat().st_mtime_ns):
        return ours
    return built if built.is_file() else None


def refresh(source: Source, report: Callable[..., None] | None = None) -> int:
    """Bring OUTPUT, the page and the store up to date; the exit status of `kg build`.

    Args:
        source: where the graph comes from.
        report: told what to print; a function at the top of a module, since it is called in another process.
    """
    process = multiprocessing.get_context("spawn").Process(target=_refresh, args=(source, report))
    process.start()
    process.join()
    return process.exitcode or 0


def _refresh(source: Source, report: Callable[..., None] | None) -> None:
    try:
        status = _build(source, report) if source.content is not None else 0
        from kg.stores.embedded import of_output

        of_output(source.output)  # loads the store now, and not when the first query waits for it
    except KgError as error:
        from kg.diagnostics import printable

        sys.stderr.write(f"kg: {printable(str(error))}\n")
        status = error.exit_status
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _build(source: Source, report: Callable[..., None] | None) -> int:
    from kg.diagnostics import has_errors
    from kg.page import assemble
    from kg.pipeline import build, update
    from kg.stores import queries

    content = source.content
    assert content is not None
    made, result = update(content, source.output, config=source.config, jobs=source.jobs)
    current = page(source.output)
    if result is None and (current is None or current.name != PAGE):
        result = build(content, source.output, config=source.config, jobs=source.jobs)
    if result is not None:
        values = _examples(result.knowledge_graph)
        examples = [queries.get(name) for name in queries.names()]
        asked = [(example.title, example.with_examples(values)) for example in examples]
        document = assemble(result.knowledge_graph, endpoint=ENDPOINT, events=EVENTS, examples=asked)
        fresh = source.output / STATE / f"{PAGE}.{os.getpid()}.new"
        fresh.write_bytes(document)
        os.replace(fresh, source.output / STATE / PAGE)  # noqa: PTH105  atomic, on Windows too
    if report is not None:
        report(made, content, source.output, unchanged=result is None)
    return 1 if has_errors(made.diagnostics) else 0


def _examples(graph: KnowledgeGraph) -> dict[str, str]:
    """Values for the parameters of the named queries that this graph has an answer to: what it names most often."""
    named = Counter(edge.target for edge in graph.edges)
    things = sorted(named, key=lambda iri: (-named[iri], iri))
    people = [
        graph.nodes[iri].label for iri in things if graph.nodes[iri].kind in ("person", "organization", "product")
    ]
    categories = [graph.nodes[iri].label for iri in things if graph.nodes[iri].kind in ("category", "area")]
    values = dict(zip(("one", "other"), people, strict=False))
    if people:
        values["name"] = people[0]
    if categories:
        values["category"] = categories[0]
    return values
