"""Read posts, write the graph in every form asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands._shared import ProgressLine, content_argument, output_option, report, settings_options

if TYPE_CHECKING:
    from kg.pipeline import Result


@click.command()
@content_argument
@output_option
@click.option("--format", "formats", metavar="NAMES", help="Formats, separated by commas; see kg export --list.")
@settings_options
@click.option("--strict", is_flag=True, help="Write nothing if any post is faulty.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("--profile", is_flag=True, help="Print the time and memory of each step.")
def command(
    content: Path,
    output: Path,
    formats: str | None,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    strict: bool,
    quiet: bool,
    profile: bool,
) -> int:
    """Read the posts below CONTENT and write the graph into OUTPUT.

    Exit status 1 says that some post is faulty; the good ones are in the graph all the same.
    """
    from kg.pipeline import build

    progress = ProgressLine(enabled=not quiet)
    names = [name.strip() for name in formats.split(",") if name.strip()] if formats is not None else None
    try:
        result = build(
            content, output, formats=names, config=config, base=base, drafts=drafts, strict=strict, jobs=jobs, progress=progress
        )
    finally:
        progress.clear()
    report(result.diagnostics, content, quiet=quiet)
    if not quiet:
        click.echo(summary(result), err=True)
    if profile:
        click.echo(_profile(result), err=True)
    return 0 if result.ok else 1


def summary(result: Result) -> str:
    """`14 posts, 96 entities, 310 edges → output/graph.ttl, …`."""
    graph = result.knowledge_graph
    posts = len(result.posts)
    files = ", ".join(path.as_posix() for path in result.written)
    faults = sum(d.severity == "error" for d in result.diagnostics)
    doubts = sum(d.severity == "warning" for d in result.diagnostics)
    text = f"{posts:,} posts, {len(graph.nodes) - posts:,} entities, {len(graph.edges):,} edges"
    if files:
        text += f" → {files}"
    if faults or doubts:
        text += f"\n{faults:,} errors, {doubts:,} warnings (kg check lists them, kg explain CODE says more)"
    return text


def _profile(result: Result) -> str:
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    rows = [f"{name:<12}{seconds:8.2f} s" for name, seconds in result.seconds]
    rows.append(f"{'in all':<12}{sum(s for _n, s in result.seconds):8.2f} s   peak memory {peak / 2**20:,.0f} MiB")
    return "\n".join(rows)
