"""Find posts and things by words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer
from kg.commands._options import Options, kind_option, posts_options, state_option
from kg.commands._printing import ProgressLine, exit_status, report_errors, root_of
from kg.insight.nothing import not_found
from kg.state import Miss, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.model import KnowledgeGraph
    from kg.insight.search import SearchResult
    from kg.pipeline.result import Result

COLUMNS = ("iri", "label", "kind", "score", "path", "line", "snippet")


@click.command()
@click.argument("words")
@click.option("--bodies", is_flag=True, help="Search the bodies of posts, too.")
@kind_option
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, words: str, bodies: bool, kind: str) -> int:
    """Search posts and things by words in their titles, abstracts, definitions and names in all spellings.

    Case, width, accents, and traditional or simplified characters make no difference, and Chinese names are found by
    their pinyin. Results have all the words, or else words that begin with them, or else any of them.
    """
    from kg.insight.answers import hit_rows
    from kg.insight.search import Question, search
    from kg.pipeline import saved_graph
    from kg.pipeline.build import build

    config = options.configured()

    @cache
    def built() -> Result:
        with ProgressLine(enabled=not options.quiet) as progress:
            return build(
                options.content, config=config, jobs=options.jobs, progress=progress, reuse=options.state, keep=True
            )

    def graph() -> KnowledgeGraph:
        found = saved_graph.load(options.state, last.mark) if last else None
        return built().knowledge_graph if found is None or isinstance(found, Miss) else found

    last = saved_graph.current(options.content, options.state, config)
    if last is None:
        token, diagnostics = built().token, built().diagnostics
    else:
        token, diagnostics = last.token, last.report.diagnostics
    report_errors(diagnostics, options.content)
    question = Question(words, bodies, kind, request.limit, request.since, request.until)
    found = search(question, graph, options.content, State.of(options.state), token)
    lines = lambda: _lines(found, root_of(options.content))  # noqa: E731
    echo_answer(request.form, hit_rows(found.hits), COLUMNS, lines, lambda: not_found(found, question))
    return exit_status(diagnostics)


def _lines(found: SearchResult, root: str) -> Iterator[str]:
    if found.how == "any":
        yield "nothing holds all these words; what holds some of them:"
    for hit in found.hits:
        yield f"{hit.label}  ({hit.kind})"
        place = f"  {root}{hit.path}:{hit.line}" if hit.path else ""
        yield f"  {place.strip()}" + (f"  {hit.snippet}" if hit.snippet != hit.label else "")
