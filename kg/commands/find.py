"""Say what a name may mean."""

from typing import Any

import click

from kg.commands._answers import echo_answer
from kg.commands._options import Options, format_option, kind_option, limit_option, posts_options, state_option
from kg.commands._printing import exit_status, root_of
from kg.insight.terms import checked_kind, not_called
from kg.text.table import aligned
from kg.text.wording import counted

COLUMNS = ("iri", "label", "kind", "posts", "how", "proof")


@click.command()
@click.argument("name")
@kind_option
@limit_option()
@format_option("text", "json", "csv")
@state_option
@posts_options
def command(options: Options, name: str, kind: str, limit: int, form: str) -> int:
    """List the things with the name NAME, the most linked first, or else those with similar names."""
    from kg.graph.lookup import find
    from kg.insight.answers import find_rows

    graph, diagnostics = options.graph(whole=False)
    checked_kind(graph, kind)
    rows = find_rows(graph, find(graph, name, kind=kind, root=root_of(options.content)), limit)
    echo_answer(form, rows, COLUMNS, lambda: _lines(rows, name), lambda: not_called(graph, name, kind))
    return exit_status(diagnostics)


def _lines(rows: list[dict[str, Any]], name: str) -> list[str]:
    near = rows[0]["how"] == "near"
    table = [[r["kind"], r["label"], f"<{r['iri']}>", counted(r["posts"], "post"), *r["proof"]] for r in rows]
    title = [f"nothing is called {name!r}; what is called much like it:"] if near else []
    return [*title, *aligned(table, "<<<>", indent="  " if near else "")]
