"""Show where a thing is named: file, line and text."""

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer, node_named
from kg.commands._options import Options, kind_option, posts_options, state_option
from kg.commands._printing import exit_status, root_of
from kg.insight.nothing import not_cited

COLUMNS = ("path", "line", "field", "relation", "date", "title", "quote")


@click.command()
@click.argument("name")
@kind_option
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, name: str, kind: str) -> int:
    """Show where posts name NAME, or link to it: file, line and text, the newest post first."""
    from kg.insight.answers import cite_rows

    graph, diagnostics = options.graph(whole=False)
    node = node_named(graph, name, options.content, kind=kind)
    rows = cite_rows(
        graph, node, since=request.since, until=request.until, limit=request.limit, content=options.content
    )
    root = root_of(options.content)
    lines = (
        line
        for r in rows
        for line in (
            f"{root}{r['path']}:{r['line']}  {r['relation']}, {r['field']}  {r['date']}".rstrip(),
            f"    {r['quote']}",
        )
    )
    echo_answer(request.form, rows, COLUMNS, lambda: lines, lambda: not_cited(graph, node, request.days))
    return exit_status(diagnostics)
