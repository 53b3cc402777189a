"""Read posts, write the graph in every form asked for."""

from __future__ import annotations

import gc
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands._shared import OUTPUT, ProgressLine, content_argument, faults, report, settings_options, sizes
from kg.diagnostics import has_errors
from kg.errors import ConfigError, KgError
from kg.machine.terminal import printable
from kg.text.table import aligned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Config
    from kg.model import Diagnostic
    from kg.pipeline.build import Result
    from kg.pipeline.manifest import Report


class _Place(click.Path):
    """A folder, or a URL as text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


@click.command()
@content_argument
@click.option(
    "-o",
    "--output",
    type=_Place(path_type=Path, file_okay=False),
    default=OUTPUT,
    show_default=True,
    help="Folder of the results; with --engine dask also a URL, such as s3://bucket/folder.",
)
@click.option("--format", "formats", metavar="NAMES", help="Formats, separated by commas; see kg export --list.")
@settings_options
@click.option("--infer-mentions", is_flag=True, default=None, help="Draw what bodies name and metadata does not list.")
@click.option("--strict", is_flag=True, help="Write nothing if any post is faulty.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("--watch", is_flag=True, help="Build again whenever a post changes, and print what is new, until Ctrl-C.")
@click.option("--profile", is_flag=True, help="Print the time and memory of each step.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    help="Who does the work: this process, or a Dask cluster, which writes quads and tables in parts.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Of a Dask cluster, such as tcp://10.0.0.1:8786; otherwise one is started on this machine.",
)
def command(
    content: Path,
    output: Path | str,
    formats: str | None,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    infer_mentions: bool | None,
    strict: bool,
    quiet: bool,
    watch: bool,
    profile: bool,
    engine: str,
    scheduler: str | None,
) -> int:
    """Read the posts below CONTENT and write the graph into OUTPUT.

    Exit status 1 says that some post is faulty; the good ones are in the graph all the same.
    """
    from kg.pipeline.build import configure

    names = tuple(name.strip() for name in formats.split(",") if name.strip()) if formats is not None else None

    def settings() -> Config:
        chosen = configure(content, config)
        return chosen.with_changes(base=base, drafts=drafts, formats=names, infer_mentions=infer_mentions)

    if engine == "dask":
        from kg.commands import _cluster

        if watch or names is not None:
            option = "--watch" if watch else "--format"
            raise ConfigError(f"--engine dask knows no {option}; it writes N-Quads and Parquet, once")
        return _cluster.build(
            content, output, settings(), scheduler=scheduler, jobs=jobs, strict=strict, quiet=quiet, profile=profile
        )
    if scheduler is not None:
        raise ConfigError("--scheduler goes with --engine dask")
    if isinstance(output, str):
        raise ConfigError(f"-o {output}: a URL goes with --engine dask; write a folder")
    news = News()

    def once(*, again: bool = False) -> int:
        say = partial(_build, quiet=quiet, profile=profile, again=again, news=news)
        return say(content, output, settings(), strict=strict, jobs=jobs)

    if not watch:
        gc.disable()  # the process ends with the build: no use in looking through all that it made
        return once()
    status = once()
    from kg.pipeline.watching import changes

    watching = False
    for _change in changes(content, output, settings(), settings=config):
        if not watching:
            click.echo(f"watching {content.as_posix()}; Ctrl-C ends", err=True)
        try:
            status = once(again=not watching)
        except KgError as error:
            click.echo(f"kg: {printable(str(error))}", err=True)  # the next change may mend it
        watching = True
    return status


class News:
    """What a build found that the build before it did not: nobody reads the same warnings after every save.

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


def _build(
    content: Path,
    output: Path,
    settings: Config,
    *,
    strict: bool,
    jobs: int | None,
    quiet: bool,
    profile: bool,
    again: bool,
    news: News,
) -> int:
    """Build and say what is new; with `again`, say nothing where nothing has changed since it was said."""
    from kg.pipeline.build import update

    progress = ProgressLine(enabled=not quiet)
    try:
        made, result = update(content, output, config=settings, strict=strict, jobs=jobs, progress=progress)
    finally:
        progress.clear()
    if not gc.isenabled():
        _leaving[:] = [result]
    status = 1 if has_errors(made.diagnostics) else 0
    if again and result is None:
        return status
    report(news.of(made.diagnostics), content, quiet=quiet)
    if not quiet:
        click.echo(summary(made, output, unchanged=result is None), err=True)
    if profile and result is not None:
        click.echo(_profile(result), err=True)
    return status


def summary(made: Report, output: Path, *, unchanged: bool) -> str:
    """`14 posts, 96 entities, 310 edges → output/graph.ttl, …`."""
    files = ", ".join((output / name).as_posix() for name in made.files)
    text = f"{sizes(made.posts, made.entities, made.edges)} → {files}"
    if unchanged:
        text += " (nothing has changed)"
    errors, warnings = (sum(d.severity == severity for d in made.diagnostics) for severity in ("error", "warning"))
    if errors or warnings:
        text += f"\n{faults(errors, warnings)}"
    return text


def _profile(result: Result) -> str:
    """A table of the steps; memory is the most that this process had held by then."""
    from kg.machine.steps import Step, peak_memory

    seconds = sum(step.seconds for step in result.steps)
    steps = [*result.steps, Step("in all", seconds, peak_memory())]
    rows = [[step.name, f"{step.seconds:.2f} s", f"{step.memory / 2**20:,.0f} MiB"] for step in steps]
    return "\n".join(aligned([["step", "time", "peak memory"], *rows], "<>>"))
