"""Ask the graph in SPARQL."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands._options import FILE, FOLDER, Options, gathered, output_option, shared_options
from kg.errors import FINE, WRONG_USE, ConfigError, os_errors
from kg.machine import terminal
from kg.machine.terminal import printable
from kg.text.table import display_width
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import Literal

    from kg.stores.embedded import Answer, Embedded
    from kg.stores.queries import Example
    from kg.stores.syntax import QuerySyntaxError

FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl", "nt")


@dataclass(frozen=True, slots=True)
class QuestionOptions:
    """Where the query comes from: the argument, a file, or the named queries."""

    sparql: str | None
    file: str | None
    run: str | None
    values: tuple[str, ...]
    show: bool

    def read(self) -> tuple[Example | None, str, dict[str, str]]:
        """The named query, if it is one; the text of the query; the values of its parameters.

        Raises:
            UsageError: there is no query, or more than one, or an option that does not go with it.
            ConfigError: the file cannot be read, or there is no query of that name.
        """
        if sum(source is not None for source in (self.sparql, self.file, self.run)) > 1:
            raise click.UsageError("give the query once: as an argument, with --file or with --run")
        if self.run is not None:
            from kg.stores import queries

            example = queries.get(self.run)
            given: dict[str, str] = {}
            for pair in self.values:
                name, equals, value = pair.partition("=")
                if not equals:
                    raise click.UsageError(f"--set {pair}: write --set NAME=VALUE")
                given[name.strip()] = value
            return example, example.query, given if self.show else example.bind(given)
        if self.values or self.show:
            raise click.UsageError(f"{'--set' if self.values else '--show'} goes with --run NAME")
        if self.sparql is not None:
            return None, self.sparql, {}
        if self.file is None and sys.stdin.isatty():
            raise click.UsageError("which query? Write it as an argument, or see kg query --examples")
        with os_errors(ConfigError, f"{self.file}"):
            raw = sys.stdin.buffer.read() if self.file in (None, "-") else Path(self.file or "").read_bytes()
        try:
            return None, raw.decode("utf-8-sig"), {}
        except UnicodeDecodeError as error:
            raise ConfigError(f"{self.file or 'standard input'}: not UTF-8") from error


@dataclass(frozen=True, slots=True)
class DataOptions:
    """What is asked: the last build, a folder of posts, or an RDF file."""

    output: Path
    posts: Path | None
    data: Path | None

    def graph(self, options: Options, query: str, parameters: Mapping[str, Literal]) -> Embedded:
        """The graph, or as much of it as the query needs with these values of its variables.

        Raises:
            KgError: it cannot be read or built.
        """
        from kg.stores import embedded, loaded

        if self.posts is not None:
            return embedded.of_graph(replace(options, content=self.posts).built_and_checked().knowledge_graph)
        if self.data is not None:
            return embedded.of_file(self.data)
        return loaded.of_output(self.output, query, parameters=parameters)


@click.command()
@click.argument("sparql", required=False)
@click.option("-f", "--file", "file", metavar="FILE", help="Read the query from a file; '-' is standard input.")
@output_option("Folder of the results.")
@click.option(
    "--content", "posts", type=FOLDER, metavar="DIR", help="Ask a folder of posts instead; nothing is written."
)
@click.option(
    "--data", type=FILE, metavar="FILE", help="Ask an RDF file instead: .ttl, .nt, .nq, .trig, .jsonld or .rdf."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Output format.  [default: table; ttl for CONSTRUCT and DESCRIBE]",
)
@click.option("--examples", is_flag=True, help="List the named queries.")
@click.option("--run", metavar="NAME", help="Run a named query.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the named query.")
@click.option("--show", is_flag=True, help="Print the named query instead of running it.")
@click.option("--explain", is_flag=True, help="Print how the query is understood, and how much each pattern matches.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 1e6),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit; 0 for none.",
)
@gathered(QuestionOptions, "question")
@gathered(DataOptions, "source")
@shared_options
def command(
    options: Options,
    question: QuestionOptions,
    source: DataOptions,
    format_: str | None,
    examples: bool,
    explain: bool,
    timeout: float,
) -> int:
    """Ask the graph of the last build a question in SPARQL 1.1.

    The query is the argument, a file, or standard input. SELECT, ASK, CONSTRUCT and DESCRIBE are answered; the prefixes
    of the graph need not be declared. Nothing is ever changed, and no other server is asked.

    \b
    kg query 'SELECT ?name { ?x a schema:Person ; rdfs:label ?name } LIMIT 10'
    kg query --examples
    kg query --run who-appears-with --set name=OpenAI
    """  # noqa: D301  click's mark for a block that is not wrapped
    if examples:
        click.echo(list_examples())
        return FINE
    if source.posts is not None and source.data is not None:
        raise click.UsageError("--content and --data exclude each other")
    example, query, parameters = question.read()
    if question.show:
        click.echo(query.rstrip())
        return FINE
    from pyoxigraph import Literal

    bound = {name: Literal(value) for name, value in parameters.items()}
    with _limited(timeout):
        return answer(source.graph(options, query, bound), query, bound, format_, example, explain=explain)


def answer(
    graph: Embedded,
    query: str,
    parameters: Mapping[str, Literal],
    format_: str | None,
    example: Example | None,
    *,
    explain: bool,
) -> int:
    """Ask and print; the exit status.

    Raises:
        StoreError: as `Embedded.ask`, but for errors of syntax, which are printed with their place.
    """
    from kg.stores import syntax

    try:
        if explain:
            from kg.stores.plan import explain as explanation

            click.echo(explanation(graph, query))
            return FINE
        reply, notes = graph.answer(query, parameters=parameters)
        for note in notes:
            click.echo(printable(f"kg: {note}"), err=True)
    except syntax.QuerySyntaxError as error:
        click.echo(place(error), err=True)
        return error.exit_status
    count = _print(graph, query, reply, format_, example)
    if not count:  # nothing, or not counted
        for why in _why_empty(graph, query, parameters, example, known=count == 0):
            click.echo(printable(f"kg: {why}"), err=True)
    if count is not None and sys.stderr.isatty():
        click.echo(counted(count, "row"), err=True)
    return FINE


def _print(graph: Embedded, query: str, reply: Answer, format_: str | None, example: Example | None) -> int | None:
    """Print an answer; the number of its rows, if they were counted."""
    import pyoxigraph as ox

    from kg.stores import results

    columns = None
    if not isinstance(reply, ox.QueryBoolean | ox.QueryTriples):
        hidden = {parameter.name for parameter in example.parameters} if example else set()
        columns = [name for name in _in_order(query, [v.value for v in reply.variables]) if name not in hidden]
    stream = terminal.data()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    with graph.engine_errors():
        count = results.write(
            reply,
            format_ or ("ttl" if isinstance(reply, ox.QueryTriples) else "table"),
            stream,
            prefixes=graph.prefixes,
            columns=columns,
            width=width,
        )
        stream.flush()
    return count


def _why_empty(
    graph: Embedded, query: str, parameters: Mapping[str, Literal], example: Example | None, *, known: bool
) -> list[str]:
    """Why an answer may be empty, which is `known` or still to be asked."""
    from kg.stores.hints import why_empty
    from kg.stores.queries import unknown

    reasons = list(why_empty(graph, query, lambda: known or _is_empty(graph.ask(query, parameters=parameters))))
    if known and not reasons:
        reasons = ["nothing matches; --explain counts the matches of each pattern"]
    unset = [f"--set {why}" for why in unknown(graph, example, parameters)] if example else []
    return [*unset, *reasons]


def _is_empty(reply: Answer) -> bool:
    import pyoxigraph as ox

    return not reply if isinstance(reply, ox.QueryBoolean) else next(iter(reply), None) is None


def place(error: QuerySyntaxError) -> str:
    """The error in one line, then the line of the query with a caret under the place."""
    source = printable(error.source.replace("\t", " "))
    before = printable(error.source[: error.column - 1].replace("\t", " "))
    start = 0
    if len(source) > 160:  # a one-line query of a program: only what is around the place
        start = max(0, len(before) - 80)
        source = source[start : start + 160]
    blanks = " " * display_width(before[start:])
    lines = [f"kg: query:{error.line}:{error.column}: {printable(error.message)}", f"  {source}", f"  {blanks}^"]
    return "\n".join([*lines, f"  {printable(error.hint)}"] if error.hint else lines)


def list_examples() -> str:
    """All named queries: what they answer and the parameters they take."""
    from kg.stores import queries

    blocks = []
    for name in queries.names():
        example = queries.get(name)
        lines = [f"{name}", f"    {example.title}. {example.text}".rstrip()]
        for parameter in example.parameters:
            note = " (optional)" if parameter.optional else ""
            lines.append(f"    --set {parameter.name}={_shell(parameter.example)}{note}  {parameter.text}")
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def _shell(value: str) -> str:
    return value if value.isalnum() else shlex.quote(value)


def _in_order(query: str, names: list[str]) -> list[str]:
    """The columns in the order of the query; the engine sorts those of SELECT * by name."""
    from kg.stores.syntax import variables

    order = {name: index for index, name in enumerate(variables(query))}
    return sorted(names, key=lambda name: order.get(name, len(order)))


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Make Ctrl-C and the clock stop the engine, which cannot be interrupted from Python, by ending the process."""

    def give_up() -> None:
        sys.stderr.write(f"kg: no answer within {seconds:g} s; ask for less, or raise --timeout\n")
        sys.stderr.flush()
        os._exit(WRONG_USE)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_DFL) if main else None
    if seconds:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if main:
            signal.signal(signal.SIGINT, before)
