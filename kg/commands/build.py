"""Read posts, write the graph in every form asked for."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from kg.commands._options import Options, gathered, place_option, posts_options
from kg.commands._printing import ProgressLine, exit_status, faults, report, sizes, typed
from kg.errors import ConfigError, KgError
from kg.machine.steps import Step, noted, peak_memory
from kg.machine.terminal import printable
from kg.state import STATE
from kg.text.table import aligned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.model import Diagnostic
    from kg.pipeline.manifest import Report
    from kg.pipeline.result import Result, Retouched


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What is made of the posts."""

    formats: tuple[str, ...]
    infer_mentions: bool | None
    strict: bool
    profile: bool

    def configured(self, options: Options) -> Config:
        """The configuration with these options applied; raises as `Options.configured`."""
        names = tuple(filter(None, map(str.strip, ",".join(self.formats).split(","))))
        return options.configured(formats=names if self.formats else None, infer_mentions=self.infer_mentions)


@click.command()
@place_option("Folder of the results; with --engine dask also a URL, such as s3://bucket/folder.")
@click.option(
    "--format",
    "formats",
    metavar="NAMES",
    multiple=True,
    help="Formats, separated by commas or given one by one; see kg export --list.",
)
@click.option(
    "--infer-mentions", is_flag=True, default=None, help="Add edges for names in bodies that metadata does not list."
)
@click.option("--strict", is_flag=True, help="Write nothing if any post is faulty.")
@click.option("--watch", is_flag=True, help="Build again whenever a post changes, and print what is new, until Ctrl-C.")
@click.option("--profile", is_flag=True, help="Print the time and memory of each step, and why work was repeated.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    help="Build in this process, or on a Dask cluster, which writes quads and tables in parts.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Address of a Dask cluster, such as tcp://10.0.0.1:8786. [default: one on this machine]",
)
@gathered(BuildOptions, "wanted")
@posts_options
def command(
    options: Options, output: Path | str, wanted: BuildOptions, watch: bool, engine: str, scheduler: str | None
) -> int:
    """Read the posts below CONTENT and write the graph into OUTPUT.

    The exit status is 1 if some post is faulty; the others are in the graph nevertheless.
    """
    if engine == "dask":
        from kg.commands import _cluster

        if watch or wanted.formats:
            option = "--watch" if watch else "--format"
            raise ConfigError(f"--engine dask does not support {option}; it writes N-Quads and Parquet, once")
        return _cluster.build(
            options, output, wanted.configured(options),
            scheduler=scheduler, strict=wanted.strict, profile=wanted.profile,
        )  # fmt: skip
    if scheduler is not None:
        raise ConfigError("--scheduler goes with --engine dask")
    if isinstance(output, str):
        raise ConfigError(f"-o {output}: a URL goes with --engine dask; write a folder")
    news = NewFindings()

    def once(*, again: bool = False) -> int:
        return _build(options, output, wanted, news, again=again)

    if not watch:
        gc.disable()  # the process ends with the build: no use in looking through all that it made
        return once()
    status = once()
    from kg.pipeline.watching import changes

    watching = False
    for _change in changes(options.content, output, wanted.configured(options), settings=options.config):
        if not watching:
            click.echo(f"watching {options.content.as_posix()}; Ctrl-C ends", err=True)
        try:
            status = once(again=not watching)
        except KgError as error:
            click.echo(f"kg: {printable(str(error))}", err=True)  # the next change may fix it
        watching = True
    return status


class NewFindings:
    """Findings that the previous build did not have, so that `--watch` repeats no warning after every save.

    A finding that only moved to another line is known; one that has become an error is new.
    """

    def __init__(self) -> None:
        self._before: Counter[tuple[str, str, str, str]] = Counter()

    def of(self, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Those that are new since the last call."""
        known, self._before, fresh = self._before, Counter(), []
        for diagnostic in diagnostics:
            key = (diagnostic.path, diagnostic.code, diagnostic.severity, diagnostic.message)
            self._before[key] += 1
            if self._before[key] > known[key]:
                fresh.append(diagnostic)
        return fresh


_leaving: list[object] = []
"""What a process holds that ends with its build: giving a million records back one by one takes long."""


def _build(options: Options, output: Path, wanted: BuildOptions, news: NewFindings, *, again: bool) -> int:
    """Build and print what is new; with `again`, print nothing if nothing has changed."""
    from kg.pipeline.build import update

    content, quiet, jobs = options.content, options.quiet, options.jobs
    is_first = not (output / STATE).is_dir()
    config = wanted.configured(options)
    with ProgressLine(enabled=not quiet) as progress, noted() as notes:
        made, result = update(
            content, output, config=config, strict=wanted.strict, jobs=jobs, progress=progress, whole=False
        )
    if not gc.isenabled():
        _leaving[:] = [result]
    status = exit_status(made.shown)
    if again and result is None:
        return status
    report(news.of(made.shown), content, quiet=quiet)
    if not quiet:
        click.echo(summary(made, output, unchanged=result is None), err=True)
        if is_first:
            click.echo(what_next(made, content, output), err=True)
    if wanted.profile and result is not None:
        click.echo("\n".join([_profile(result), *notes]), err=True)
    return status


def summary(made: Report, output: Path, *, unchanged: bool) -> str:
    """`14 posts, 96 entities, 310 edges → output/graph.ttl, …`."""
    files = ", ".join((output / name).as_posix() for name in made.files)
    text = f"{sizes(made.posts, made.entities, made.edges)} → {files}"
    if unchanged:
        text += " (nothing has changed)"
    severities = Counter(d.severity for d in made.shown)
    return text + faults(severities["error"], severities["warning"])


def what_next(made: Report, content: Path, output: Path) -> str:
    """Two lines of advice after the first build."""
    page = next((name for name in made.files if name.endswith(".html")), "")
    look = f"open {(output / page).as_posix()} in a browser" if page else "kg serve shows it in a browser"
    posts = typed(content)
    return (
        f"to look at it: {look}; to ask: kg stats {posts}, kg query --examples\n"
        f"to make it yours: kg init {posts} writes settings for your fields, kg resolve brings names together"
    )


def _profile(result: Result | Retouched) -> str:
    """A table of the steps; memory is the most that this process had held by then."""
    seconds = sum(step.seconds for step in result.steps)
    steps = [*result.steps, Step("in all", seconds, peak_memory())]
    rows = [[step.name, f"{step.seconds:.2f} s", f"{step.memory / 2**20:,.0f} MiB"] for step in steps]
    return "\n".join(aligned([["step", "time", "peak memory"], *rows], "<>>"))
