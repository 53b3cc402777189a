"""The served page and graph, and keeping them up to date.

Builds run in their own process: they take seconds, all cores and much memory, and if one fails, the server keeps
serving the last good graph.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ExportError, KgError
from kg.machine.files import below, is_file_below, keep
from kg.machine.processes import undisturbed
from kg.machine.terminal import settle
from kg.state import BUILD, GRAPH, REVIEW, STATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import SpawnProcess

    from kg.config import Config
    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.result import Result

PAGE = "served.html"
"""The page with the query editor, in OUTPUT/.kg; `graph.html` itself makes no requests."""
ENDPOINT = "/sparql"
EVENTS = "/events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the served graph comes from."""

    output: Path
    config: Config
    content: Path | None = None
    """None serves OUTPUT as it is."""
    jobs: int | None = None
    review: bool = False
    """Whether to save proposals for the review page."""


def page(output: Path, *, ours_first: bool = False) -> Path | None:
    """The page to serve: ours with the query editor, else `graph.html`; None if there is neither.

    Args:
        output: the folder that holds both.
        ours_first: serve ours even if a newer build has not updated it yet.
    """
    built = output / "graph.html"
    ours = output / STATE / PAGE
    has_built = is_file_below(output, built.name)
    if is_file_below(output, Path(STATE, PAGE)) and (ours_first or is_current(output) or not has_built):
        return ours
    return built if has_built else None


def is_current(output: Path) -> bool:
    """Whether our page is at least as new as the last build."""
    try:
        shown = below(output, Path(STATE, PAGE)).lstat().st_mtime_ns
    except OSError:
        return False
    built = [path.lstat().st_mtime_ns for path in output.glob("graph.*") if is_file_below(output, path.name)]
    return shown >= max(built, default=0)


def refresh(source: Source, report: Callable[..., None] | None = None) -> int:
    """Bring OUTPUT, the store and the page up to date, and return the exit status of the build.

    Raises:
        ExportError: the build process was killed.
    """
    process = start(source, report)
    process.join()
    status = process.exitcode or 0
    if status < 0:
        raise ExportError("the build process was killed; is there enough memory?")
    return status


def start(source: Source, report: Callable[..., None] | None = None) -> SpawnProcess:
    """Start `refresh` in another process.

    Args:
        source: where the graph comes from.
        report: prints the result; must be picklable, that is, a module-level function.
    """
    process = multiprocessing.get_context("spawn").Process(target=_refresh, args=(source, report))
    with undisturbed():
        process.start()
    return process


def _refresh(source: Source, report: Callable[..., None] | None) -> None:
    settle()
    try:
        status = _build(source, report)
    except KgError as error:
        from kg.machine.terminal import printable

        sys.stderr.write(f"kg: {printable(str(error))}\n")
        status = error.exit_status
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _build(source: Source, report: Callable[..., None] | None) -> int:
    from kg.diagnostics import has_errors
    from kg.pipeline.build import build, update
    from kg.pipeline.result import Result
    from kg.stores.loaded import of_output

    content, output = source.content, source.output
    assert content is not None
    made, result = update(content, output, config=source.config, jobs=source.jobs)
    if report is not None:
        report(made, content, output, unchanged=result is None)
    stands = is_current(output) and is_file_below(output, Path(STATE, GRAPH))
    if result is None and not (stands and (not source.review or _is_reviewed(output))):
        result = build(content, output, config=source.config, jobs=source.jobs)
    of_output(output)  # load the store now rather than on the first query
    if isinstance(result, Result):
        if source.review:
            _keep_review(result, source, output)
        _write_page(result.knowledge_graph, output)  # last: open pages reload when it changes
    return 1 if has_errors(made.diagnostics) else 0


def _is_reviewed(output: Path) -> bool:
    """Whether the saved proposals are from the last build."""
    review, built = output / STATE / REVIEW, output / STATE / BUILD
    try:
        return review.lstat().st_mtime_ns >= built.lstat().st_mtime_ns
    except OSError:
        return False


def _keep_review(result: Result, source: Source, output: Path) -> None:
    from kg.pipeline.run import ledger_path
    from kg.resolution.review import Review
    from kg.server import reviewing

    assert source.content is not None
    review = Review(result.posts, result.resolution, ledger_path(source.content, source.config))
    reviewing.keep(review, {post.path: post.title for post in result.posts}, output)


def _write_page(graph: KnowledgeGraph, output: Path) -> None:
    from kg.stores import queries
    from kg.views.page import assemble

    values = _examples(graph)
    examples = [queries.get(name) for name in queries.names()]
    asked = [(example.title, example.with_examples(values)) for example in examples]
    keep(output / STATE / PAGE, [assemble(graph, endpoint=ENDPOINT, events=EVENTS, examples=asked)])


def _examples(graph: KnowledgeGraph) -> dict[str, str]:
    """Values for the parameters of the named queries: the most linked nodes, so that the examples have results."""
    named = Counter(edge.target for edge in graph.edges)
    things = sorted(named, key=lambda iri: (-named[iri], iri))
    people = [graph.nodes[iri].label for iri in things if graph.nodes[iri].is_a(("person", "organization", "product"))]
    categories = [graph.nodes[iri].label for iri in things if graph.nodes[iri].is_a(("category", "area"))]
    values = dict(zip(("one", "other"), people, strict=False))
    if people:
        values["name"] = people[0]
    if categories:
        values["category"] = categories[0]
    return values
