"""`kg build --engine dask`: its output and exit status."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from kg.commands._printing import ProgressLine, faults, report, sizes
from kg.errors import FAULTY, FINE, ConfigError
from kg.text.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from kg.cluster.engine import ClusterBuild
    from kg.commands._options import Options
    from kg.config import Config


def build(
    options: Options, output: Path | str, config: Config, *, scheduler: str | None, strict: bool, profile: bool
) -> int:
    """Build on a cluster; see `kg.cluster.engine.build`.

    Raises:
        ConfigError: a package of the extra `dask` is not installed.
    """
    for package in ("dask", "distributed", "fsspec", "pandas", "pyarrow"):
        if find_spec(package) is None:
            raise ConfigError(
                f"--engine dask needs {package}, which is not installed; in a clone of kg: pip install '.[dask]'"
            )
    from kg.cluster import engine
    from kg.cluster.output import diagnostics

    content, jobs = options.content, options.jobs
    with ProgressLine(enabled=not options.quiet) as progress:
        built = engine.build(content, output, config, scheduler=scheduler, jobs=jobs, strict=strict, progress=progress)
    report(diagnostics(built.folder, built.manifest), content, quiet=options.quiet)
    if not options.quiet:
        click.echo(_summary(built), err=True)
    if profile:
        click.echo(_profile(built), err=True)
    return FAULTY if built.severities["error"] else FINE


def _summary(built: ClusterBuild) -> str:
    """`14 posts, 122 entities, 260 edges → output/graph (1,388 quads, 11 files)`."""
    made = built.manifest
    text = f"{sizes(made.posts, made.nodes - made.posts, made.edges)} → {built.folder}"
    text += f" ({counted(made.quads, 'quad')}, {counted(len(made.files), 'file')})"
    return text + faults(built.severities["error"], built.severities["warning"])


def _profile(built: ClusterBuild) -> str:
    rows = [
        f"{step.name:<16}{step.seconds:8.2f} s{step.processor:8.2f} s of processors{step.sent / 2**20:9.2f} MiB sent"
        f"{step.memory / 2**20:8,.0f} MiB in the largest worker"
        for step in built.steps
    ]
    sums = (sum(values) for values in zip(*((s.seconds, s.processor, s.sent) for s in built.steps), strict=True))
    seconds, processor, sent = sums
    rows.append(f"{'in all':<16}{seconds:8.2f} s{processor:8.2f} s of processors{sent / 2**20:9.2f} MiB sent")
    return "\n".join(rows)
