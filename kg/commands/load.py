"""Keep a triple store in step with the posts."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from kg.commands._options import Options, gathered, output_option, posts_options
from kg.commands._printing import ProgressLine, exit_status, report
from kg.config import DEFAULT_BASE
from kg.errors import FINE, ConfigError, ContentError
from kg.state import GRAPHS, READING, Miss, State
from kg.state.keys import Keys
from kg.stores.presets import PRESETS
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.config import Config
    from kg.model import Diagnostic
    from kg.stores.remote import RemoteStore
    from kg.stores.sites import SiteRecord
    from kg.stores.sync import Check, SyncPlan

_SHOWN = 20
"""Graphs that are named before a question."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where the store is, and how long to wait for it."""

    endpoint: str | None
    preset: str | None
    query_url: str
    update_url: str
    graph_store_url: str
    timeout: float

    def store(self, progress: ProgressLine, *, quiet: bool) -> RemoteStore:
        """The store there.

        Raises:
            ConfigError: an address is wrong, or the kind of store is not recognised.
            StoreUnavailable: no store answers.
        """
        from kg.stores.connection import Credentials, StoreClient, checked_endpoint
        from kg.stores.recognition import recognise
        from kg.stores.remote import RemoteStore

        def notify(line: str) -> None:
            progress.clear()
            click.echo(f"kg: {line}", err=True)

        if self.endpoint is None:
            raise click.UsageError("which store? give its ENDPOINT; kg load --presets shows examples")
        endpoint = checked_endpoint(self.endpoint)
        connection = StoreClient(Credentials.from_environment(), timeout=self.timeout, notify=notify)
        name, reason = (self.preset, "") if self.preset else recognise(endpoint, connection)
        preset = PRESETS[name]
        if reason and not quiet:
            notify(f"the store is {preset.title}, {reason} (--preset {name})")
        urls = {"query": self.query_url, "update": self.update_url, "graph-store": self.graph_store_url}
        given = (url and checked_endpoint(url, f"--{service}-url") for service, url in urls.items())
        return RemoteStore(preset, endpoint, connection, *given)


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What to do, and what to do without asking."""

    dry_run: bool
    verify: bool
    force: bool
    allow_removals: bool
    placeholder_base: bool
    keep_going: bool

    @property
    def check(self) -> Check:
        """What of each graph is compared."""
        return "nothing" if self.force else "content" if self.verify else "digest"


@click.command()
@click.argument("endpoint", required=False)
@click.option(
    "--preset",
    type=click.Choice(sorted(PRESETS)),
    help="The kind of store. [default: recognised by its answers, or its port]",
)
@click.option("--presets", "listing", is_flag=True, help="List the kinds of stores.")
@click.option("--graph", "into", metavar="IRI", default="", help="Put everything into this one graph.")
@click.option("--dry-run", is_flag=True, help="Print what would change; change nothing.")
@click.option("--verify", is_flag=True, help="Compare every triple with the store, and correct what differs.")
@click.option("--force", is_flag=True, help="Send every graph, whatever the store holds.")
@click.option(
    "--allow-removals", is_flag=True, help="Do not ask before removing more than a tenth of what the store holds."
)
@click.option("--placeholder-base", is_flag=True, help=f"Load under {DEFAULT_BASE}, as no base of your own is set.")
@click.option("--keep-going", is_flag=True, help="Load the good posts even if others are faulty.")
@output_option("Folder of the results; what was read is kept there for the next run.")
@click.option("--query-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--update-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--graph-store-url", default="", metavar="URL", help="Over the preset's.")
@click.option("--timeout", type=click.FloatRange(1), default=120, show_default=True, help="Seconds without an answer.")
@gathered(StoreAddress, "address")
@gathered(LoadOptions, "manner")
@posts_options
def command(
    options: Options, address: StoreAddress, manner: LoadOptions, listing: bool, into: str, output: Path
) -> int:
    """Push the graph of CONTENT to the triple store at ENDPOINT.

    One named graph a post: only what changed is sent, and graphs of others are never touched. The graphs of a site
    are known by its base, so --base or kg.toml has to give one. Where more than a tenth of the site's graphs or
    triples would go, kg asks first, or refuses if there is no terminal. Credentials come from the environment:
    KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN.
    """
    if listing:
        click.echo("\n".join(_row(name) for name in PRESETS))
        return FINE
    from kg.pipeline.build import build
    from kg.stores.remote import checked_graph
    from kg.stores.sites import site_of
    from kg.stores.sync import Synchronisation

    content, quiet, dry_run, check = options.content, options.quiet, manner.dry_run, manner.check
    with ProgressLine(enabled=not quiet) as progress:
        store = address.store(progress, quiet=quiet)
        into = into and checked_graph(into)
        config = options.configured()
        site = site_of(content, config.base, into)
        _meet(store, site, placeholder_base=manner.placeholder_base, quiet=quiet)
        known = _known(store, content, output, config, into) if check == "digest" else None
        if known is not None:
            plan, diagnostics = known
            report(diagnostics, content, quiet=quiet)
            _refuse_faulty(diagnostics, keep_going=manner.keep_going)
        if known is None or not plan.is_empty:
            keep = not dry_run
            result = build(content, config=config, jobs=options.jobs, progress=progress, reuse=output, keep=keep)
            progress.clear()
            diagnostics = result.diagnostics
            if known is None:
                report(diagnostics, content, quiet=quiet)
            _refuse_faulty(diagnostics, keep_going=manner.keep_going)
            graph = result.knowledge_graph
            synchronisation = Synchronisation(store, graph, into, check, site, progress)
            if dry_run:
                plan = synchronisation.compare()
            else:
                plan = synchronisation.run(partial(_permit, allowed=manner.allow_removals, progress=progress))
                if result.token:
                    State.of(output).save(GRAPHS, plan.wanted, Keys(posts=result.token + into.encode()))
    if dry_run:
        click.echo(difference(plan))
        if plan.needs_consent and not manner.allow_removals and not quiet:
            click.echo(f"kg: {consequence(plan)}: a load asks first, or needs --allow-removals", err=True)
    if not quiet:
        click.echo(outcome(plan, store.preset.title, dry_run=dry_run), err=True)
    return exit_status(diagnostics)


def _meet(store: RemoteStore, site: SiteRecord, *, placeholder_base: bool, quiet: bool) -> None:
    """Ask the store which sites it knows, before a build that may take long.

    Raises:
        ConfigError: the site has no base of its own, and --placeholder-base was not given.
        StoreError: the store cannot be asked.
    """
    sites = store.sites()
    if site.base == DEFAULT_BASE and not placeholder_base:
        raise ConfigError(
            f"{DEFAULT_BASE} is a placeholder, by which a store cannot tell your site from another; set base in "
            "kg.toml, give --base, or say --placeholder-base if it is meant"
        )
    former = {other.base for other in sites if other.folder == site.folder and other.base != site.base}
    if former and not quiet:
        click.echo(f"kg: the store also holds this folder below {', '.join(sorted(former))}; that stays", err=True)


def _known(
    store: RemoteStore, content: Path, output: Path, config: Config, into: str
) -> tuple[SyncPlan, tuple[Diagnostic, ...]] | None:
    """The plan and the diagnostics of the posts, if both are known without a build; None otherwise."""
    from kg.pipeline.build import current
    from kg.stores import remote
    from kg.stores.sync import SyncPlan, stored_graphs

    last = current(content, output, config, READING)
    if last is None:
        return None
    # What is in the store is always asked of the store; what should be there is known as long as no post has changed.
    wanted = State.of(output).load(GRAPHS, dict[str, remote.GraphState], Keys(posts=last.token + into.encode()))
    if isinstance(wanted, Miss):
        return None
    return SyncPlan.between(stored_graphs(store, config.base, into).graphs, wanted), last.report.diagnostics


def _permit(plan: SyncPlan, *, allowed: bool, progress: ProgressLine) -> None:
    """Ask the user to agree to a plan that removes much.

    Raises:
        ConfigError: the user did not agree.
    """
    if allowed or not plan.needs_consent:
        return
    progress.clear()
    warning = consequence(plan)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(
            f"{warning}; nothing was sent. --dry-run shows the graphs; if it is meant, say --allow-removals"
        )
    lines = removals(plan)
    click.echo("\n".join(lines[:_SHOWN]), err=True)
    if len(lines) > _SHOWN:
        click.echo(f"… and {counted(len(lines) - _SHOWN, 'more graph')}; --dry-run shows them all", err=True)
    if not click.confirm(f"kg: {warning}. Go on?", err=True):
        raise ConfigError("nothing was sent")


def _refuse_faulty(diagnostics: Iterable[Diagnostic], *, keep_going: bool) -> None:
    count = len({d.path for d in diagnostics if d.severity == "error"})
    if count and not keep_going:
        faulty = f"{counted(count, 'post')} {'is' if count == 1 else 'are'}"
        raise ContentError(
            f"{faulty} faulty, and the store would get less than you wrote; "
            "fix them, or load the rest with --keep-going"
        )


def difference(plan: SyncPlan) -> str:
    """The changes, a graph a line, with triple counts."""
    lines = [f"+ {graph}  {counted(plan.wanted[graph].triples, 'triple')}" for graph in plan.added]
    lines += [_changed(plan, graph) for graph in plan.changed]
    lines += [_removed(plan, graph) for graph in plan.removed]
    return "\n".join(lines) if lines else "nothing to change"


def _changed(plan: SyncPlan, graph: str) -> str:
    return f"~ {graph}  {plan.stored[graph].triples:,} → {counted(plan.wanted[graph].triples, 'triple')}"


def _removed(plan: SyncPlan, graph: str) -> str:
    return f"- {graph}  {counted(plan.stored[graph].triples, 'triple')}"


def removals(plan: SyncPlan) -> list[str]:
    """What would go, a graph a line: those that are removed, then those that lose triples or may be of another site."""
    shrinking = (
        name
        for name in plan.changed
        if not plan.is_known or name in plan.overwritten or plan.stored[name].triples > plan.wanted[name].triples
    )
    return [_removed(plan, name) for name in plan.removed] + [_changed(plan, name) for name in shrinking]


def consequence(plan: SyncPlan) -> str:
    """`this would remove 12 of 14 graphs and 1,204 of 1,300 triples`."""
    (graphs, triples), (all_graphs, all_triples) = plan.lost, plan.there
    summary = (
        f"this would remove {graphs:,} of {counted(all_graphs, 'graph')} and {triples:,} of "
        f"{counted(all_triples, 'triple')}"
    )
    return summary if plan.is_known else f"{summary} of a site that may be another: the store does not tell"


def outcome(plan: SyncPlan, title: str, *, dry_run: bool) -> str:
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
