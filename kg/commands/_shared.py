"""What several commands share: options, the way faults are printed, the progress line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from kg.diagnostics import render
from kg.errors import ConfigError
from kg.text.wording import counted

if TYPE_CHECKING:
    from kg.model import Diagnostic
    from kg.pipeline.build import Result

Function = TypeVar("Function", bound=Callable[..., Any])

content_argument = click.argument("content", type=click.Path(path_type=Path), default="content", required=False)
OUTPUT = Path("output")
"""Where results go, and where commands that write nothing look for posts that were read before."""


def typed_output(context: click.Context, option: click.Parameter, value: Path) -> Path:
    """A folder of results that is a link, if the user chose it: others may have put one into a folder they share.

    Raises:
        ConfigError: nobody typed its name.
    """
    if context.get_parameter_source(option.name or "") is ParameterSource.DEFAULT and value.is_symlink():
        raise ConfigError(f"{value}: is a symbolic link; if results are to go where it leads, say so: -o {value}")
    return value


output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=OUTPUT, show_default=True,
    callback=typed_output, help="Folder of the results.",
)  # fmt: skip


def settings_options(function: Function) -> Function:
    """`--config`, `--base`, `--drafts/--no-drafts`, `--jobs`: over what kg.toml says."""
    for option in (
        click.option("--jobs", type=click.IntRange(1), metavar="N", help="Number of processes."),
        click.option("--drafts/--no-drafts", default=None, help="Whether drafts are in (they are)."),
        click.option("--base", metavar="IRI", help="Where IRIs begin, such as https://me.example/."),
        click.option("--config", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="Settings; otherwise kg.toml in CONTENT or above it."),
    ):  # fmt: skip
        function = option(function)
    return function


_WARNINGS_SHOWN = 20


def root_of(content: Path) -> str:
    """What stands before the paths of posts in diagnostics."""
    return "" if content == Path() else f"{content.as_posix()}/"


def report(diagnostics: Iterable[Diagnostic], content: Path, *, quiet: bool = False) -> None:
    """Print diagnostics to standard error, one line each: every error, and the first warnings unless quiet."""
    root = root_of(content)
    warnings: list[str] = []
    more = 0
    for diagnostic in diagnostics:
        if diagnostic.severity == "error":
            click.echo(render(diagnostic, root=root), err=True)
        elif diagnostic.severity == "warning" and not quiet:
            if len(warnings) < _WARNINGS_SHOWN:
                warnings.append(render(diagnostic, root=root))
            else:
                more += 1
    if more:
        warnings.append(f"… and {counted(more, 'more warning')}; kg check lists them all")
    if warnings:
        click.echo("\n".join(warnings), err=True)


def sizes(posts: int, entities: int, edges: int) -> str:
    """`14 posts, 96 entities, 310 edges`."""
    return f"{counted(posts, 'post')}, {counted(entities, 'entity', 'entities')}, {counted(edges, 'edge')}"


def faults(errors: int, warnings: int) -> str:
    """`1 error, 3 warnings`, and where to read on."""
    return f"{counted(errors, 'error')}, {counted(warnings, 'warning')} (kg explain CODE says more)"


class ProgressLine:
    """One line on standard error that says what is being done, how far it is and how long it will take.

    It appears only on a terminal, and only for work of over a second.
    """

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._begun = self._shown = monotonic()
        self._step = ""
        self._width = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show the state of a step; cheap enough to be called for every file."""
        now = monotonic()
        if step != self._step:
            self._step, self._begun = step, now
        elif now - self._shown < 0.1 and done != total:
            return
        if not self._enabled or now - self._begun < 1:
            return
        self._shown = now
        text = f"{step} …"
        if total:
            rate = done / (now - self._begun)
            left = (total - done) / rate if rate else 0
            text = f"{step} {done:,}/{total:,}  {rate:,.0f}/s  {left:.0f} s left"
        self._write(text)

    def clear(self) -> None:
        """Remove the line."""
        if self._width:
            self._write("")
            self._width = 0

    def _write(self, text: str) -> None:
        line = "\r" + text.ljust(self._width) + ("\r" if not text else "")
        sys.stderr.buffer.write(line.encode(sys.stderr.encoding, "replace"))  # text that returns is escaped
        sys.stderr.buffer.flush()
        self._width = max(self._width, len(text))


def built(content: Path, *, quiet: bool = False, **settings: Any) -> Result:
    """The graph of CONTENT in memory, with a progress line, and with the help of what OUTPUT holds of earlier builds.

    Args:
        content: the folder.
        quiet: show no progress.
        settings: as for `kg.pipeline.build.build`.

    Raises:
        KgError: as `kg.pipeline.build.build`.
    """
    from kg.pipeline.build import build

    progress = ProgressLine(enabled=not quiet)
    try:
        return build(content, progress=progress, reuse=OUTPUT, **settings)
    finally:
        progress.clear()
