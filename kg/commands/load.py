"""Keep a triple store in step with the posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from kg.commands._shared import OUTPUT, ProgressLine, content_argument, report, settings_options, typed_output
from kg.diagnostics import has_errors
from kg.errors import ConfigError, ContentError
from kg.stores.presets import PRESETS
from kg.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.config import Config
    from kg.model import Diagnostic
    from kg.stores.remote import RemoteStore
    from kg.stores.sync import Plan


@click.command()
@click.argument("endpoint", required=False)
@content_argument
@click.option(
    "--preset", type=click.Choice(sorted(PRESETS)), help="The kind of store. [default: told by ENDPOINT's port]"
)
@click.option("--presets", "listing", is_flag=True, help="List the kinds of stores.")
@click.option("--graph", "into", metavar="IRI", default="", help="Put everything into this one graph.")
@click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")
@click.option("--keep-going", is_flag=True, help="Load the good posts even if others are faulty.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=OUTPUT,
    show_default=True,
    callback=typed_output,
    help="Folder of the results; what was read is kept there for the next run.",
)
@click.option("--query-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--update-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--graph-store-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--timeout", type=click.FloatRange(1), default=120, show_default=True, help="Seconds without an answer.")
@settings_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(
    endpoint: str | None,
    content: Path,
    preset: str | None,
    listing: bool,
    into: str,
    dry_run: bool,
    keep_going: bool,
    output: Path,
    query_url: str,
    update_url: str,
    graph_store_url: str,
    timeout: float,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    quiet: bool,
) -> int:
    """Push the graph of CONTENT to the triple store at ENDPOINT.

    One named graph a post: only what changed is sent, and graphs that are not kg's are never touched. Credentials
    come from the environment: KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN.
    """
    if listing:
        click.echo("\n".join(_row(name) for name in PRESETS))
        return 0
    if endpoint is None:
        raise click.UsageError("which store? give its ENDPOINT; kg load --presets shows examples")
    from kg.files import STATE
    from kg.pipeline import build, configure
    from kg.stores import remembered
    from kg.stores.connection import Connection, Credentials, checked_endpoint
    from kg.stores.remote import RemoteStore, checked_graph
    from kg.stores.sync import compare, synchronise

    endpoint = checked_endpoint(endpoint)
    chosen = PRESETS[preset or guess(endpoint)]
    progress = ProgressLine(enabled=not quiet)

    def notify(line: str) -> None:
        progress.clear()
        click.echo(f"kg: {line}", err=True)

    store = RemoteStore(
        chosen,
        endpoint,
        Connection(Credentials.from_environment(), timeout=timeout, notify=notify),
        *(url and checked_endpoint(url, option) for option, url in (
            ("--query-url", query_url), ("--update-url", update_url), ("--graph-store-url", graph_store_url)
        )),
    )  # fmt: skip
    into = into and checked_graph(into)
    settings = configure(content, config).with_changes(base=base, drafts=drafts)
    known = _known(store, content, output, settings, into)
    if known is not None:
        plan, diagnostics = known
        report(diagnostics, content, quiet=quiet)
        _refuse_faulty(diagnostics, keep_going=keep_going)
    if known is None or not plan.is_empty:
        try:
            result = build(content, config=settings, jobs=jobs, progress=progress, reuse=output, keep=not dry_run)
            progress.clear()
            diagnostics = result.diagnostics
            if known is None:
                report(diagnostics, content, quiet=quiet)
            _refuse_faulty(diagnostics, keep_going=keep_going)
            if dry_run:
                plan = compare(store, result.knowledge_graph, into)
            else:
                plan = synchronise(store, result.knowledge_graph, into, progress=progress)
                if result.token:
                    remembered.save(output / STATE, result.token + into.encode(), plan.wanted)
        finally:
            progress.clear()
    if dry_run:
        click.echo(difference(plan))
    if not quiet:
        click.echo(outcome(plan, chosen.title, dry_run=dry_run), err=True)
    return 1 if has_errors(diagnostics) else 0


def _known(
    store: RemoteStore, content: Path, output: Path, settings: Config, into: str
) -> tuple[Plan, tuple[Diagnostic, ...]] | None:
    """The difference, if it is known without a build what the graphs should be, and what is wrong with the posts."""
    from kg import manifest
    from kg.files import STATE
    from kg.pipeline import current
    from kg.stores import remembered
    from kg.stores.sync import Plan, read_held

    last = current(content, output, settings, manifest.READ)
    wanted = remembered.load(output / STATE, last.token + into.encode()) if last else None
    if last is None or wanted is None:
        return None
    return Plan.between(read_held(store, settings.base, into), wanted), last.report.diagnostics


def _refuse_faulty(diagnostics: Iterable[Diagnostic], *, keep_going: bool) -> None:
    count = len({d.path for d in diagnostics if d.severity == "error"})
    if count and not keep_going:
        faulty = f"{counted(count, 'post')} {'is' if count == 1 else 'are'}"
        raise ContentError(
            f"{faulty} faulty, and the store would get less than you wrote; "
            "mend them, or load the rest with --keep-going"
        )


def guess(endpoint: str) -> str:
    """The preset whose example has the endpoint's port.

    Raises:
        ConfigError: there is none; guessing further could write to the wrong place.
    """
    port = urlsplit(endpoint).port
    for name, preset in PRESETS.items():
        if port is not None and f":{port}" in preset.endpoint:
            return name
    raise ConfigError(f"which kind of store is {endpoint}? give --preset, one of {', '.join(PRESETS)}")


def difference(plan: Plan) -> str:
    """The changes, a graph a line, with triple counts."""
    lines = [f"+ {graph}  {counted(plan.wanted[graph].triples, 'triple')}" for graph in plan.added]
    lines += [
        f"~ {graph}  {plan.held[graph].triples:,} → {counted(plan.wanted[graph].triples, 'triple')}"
        for graph in plan.changed
    ]
    lines += [f"- {graph}  {counted(plan.held[graph].triples, 'triple')}" for graph in plan.removed]
    return "\n".join(lines) if lines else "nothing to change"


def outcome(plan: Plan, title: str, *, dry_run: bool) -> str:
    """`3 graphs added, 1 changed, 0 removed (1,204 triples sent to Oxigraph); 2,935 were in step`."""
    counts = f"{counted(len(plan.added), 'graph')} added, {len(plan.changed):,} changed, {len(plan.removed):,} removed"
    same = len(plan.wanted) - len(plan.added) - len(plan.changed)
    count = counted(plan.triples if dry_run else plan.sent, "triple")
    sent = f"at most {count} to send to" if dry_run else f"{count} sent to"
    return f"{counts} ({sent} {title}); {same:,} in step"


def _row(name: str) -> str:
    preset = PRESETS[name]
    tested = "tested" if preset.tested else "documented, not tested here"
    return f"{name:<11} {preset.endpoint:<60} {tested}\n{'':<11} {preset.notes or preset.title}"
