"""Options of several commands, and the records in which commands receive them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click
from click.core import ParameterSource

from kg.commands._printing import ProgressLine, report_errors
from kg.errors import ConfigError

if TYPE_CHECKING:
    from kg.config import Config
    from kg.graph.model import KnowledgeGraph
    from kg.model import Diagnostic
    from kg.pipeline.result import Result

Command: TypeAlias = Callable[..., int]

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)

content_argument = click.argument("content", type=click.Path(path_type=Path), default="content", required=False)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
kind_option = click.option("--kind", default="", metavar="KIND", help="Only this kind: person, organization …")

OUTPUT = Path("output")
"""The default output folder."""


def format_option(*forms: str, text: str | None = None) -> Callable[[Command], Command]:
    """`--format`, one of these; the first is the default, and `text` the help."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=text)


def limit_option(default: int = 10, text: str = "Maximum number of rows; 0 for all.") -> Callable[[Command], Command]:
    """`--limit`; `text` is its help."""
    return click.option("--limit", type=click.IntRange(0), default=default, show_default=True, help=text)


def output_option(text: str) -> Callable[[Command], Command]:
    """`-o`, a folder; `text` is its help."""
    return click.option("-o", "--output", type=FOLDER, default=OUTPUT, show_default=True, callback=_typed, help=text)


class _Place(click.Path):
    """A folder as a path, or a URL as text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


def place_option(text: str) -> Callable[[Command], Command]:
    """`-o`, a folder or a URL; `text` is its help."""
    kind = _Place(path_type=Path, file_okay=False)
    return click.option("-o", "--output", type=kind, default=OUTPUT, show_default=True, callback=_typed, help=text)


def _typed(context: click.Context, option: click.Parameter, value: Path | str) -> Path | str:
    """The output folder, which may be a link only if the user typed it: others may have put one there.

    Raises:
        ConfigError: it is a link that the user did not type.
    """
    if context.get_parameter_source(option.name or "") is ParameterSource.DEFAULT and Path(value).is_symlink():
        raise ConfigError(f"{value}: is a symbolic link; if results are to go where it leads, say so: -o {value}")
    return value


state_option = click.option(
    "-o",
    "--output",
    "state",
    type=FOLDER,
    default=OUTPUT,
    show_default=True,
    callback=_typed,
    help="Folder of the last build, which is reused.",
)


def gathered(record: type, name: str) -> Callable[[Command], Command]:
    """Pass the options of a command that are fields of `record` as one such record, as the argument `name`."""
    names = [field.name for field in fields(record)]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def call(**given: Any) -> int:
            own = {key: given.pop(key) for key in names if key in given}
            return command(**{name: record(**own)}, **given)

        return call

    return decorate


@dataclass(frozen=True, slots=True)
class Options:
    """The options of every command that reads posts; they override kg.toml."""

    content: Path = Path("content")
    config: Path | None = None
    """The kg.toml; None searches CONTENT and its parent folder."""
    base: str | None = None
    drafts: bool | None = None
    jobs: int | None = None
    quiet: bool = False
    state: Path = OUTPUT
    """The folder of earlier results whose state is reused."""

    def configured(self, **changes: Any) -> Config:
        """The configuration with the options and `changes` applied (see `Config.with_changes`).

        Raises:
            ConfigError: as `kg.pipeline.build.configure`.
        """
        from kg.pipeline.build import configure

        return configure(self.content, self.config).with_changes(base=self.base, drafts=self.drafts, **changes)

    def built(self, config: Config | None = None, *, strict: bool = False) -> Result:
        """Build the graph of CONTENT in memory, and show progress.

        Raises:
            KgError: as `kg.pipeline.build.build`.
        """
        from kg.pipeline.build import build

        config = config or self.configured()
        with ProgressLine(enabled=not self.quiet) as progress:
            return build(
                self.content, config=config, strict=strict, jobs=self.jobs, progress=progress, reuse=self.state
            )

    def graph(self, *, whole: bool = True) -> tuple[KnowledgeGraph, tuple[Diagnostic, ...]]:
        """The graph of CONTENT and its diagnostics, of which only errors are printed.

        It is the graph of the last build into `state` if the posts are unchanged, else a new one. What it holds is
        decoded at once, or where it is looked at if it is not wanted `whole`.

        Raises:
            KgError: as `kg.pipeline.build.build`.
        """
        from kg.pipeline.saved_graph import graph_of

        config = self.configured()
        saved = graph_of(self.content, self.state, config, whole=whole)
        if saved is None:
            result = self.built_and_checked(config)
            return result.knowledge_graph, tuple(result.report.shown)
        report_errors(saved[1], self.content)
        return saved[:2]

    def built_and_checked(self, config: Config | None = None) -> Result:
        """Like `built`, for commands that are not about faults: only errors are printed."""
        result = self.built(config)
        report_errors(result.report.shown, self.content)
        return result


def shared_options(command: Command) -> Command:
    """`--config`, `--base`, `--drafts/--no-drafts`, `--jobs`; with CONTENT and `-q` the command gets `Options`."""
    command = gathered(Options, "options")(command)
    for option in (
        click.option("--jobs", type=click.IntRange(1), metavar="N", help="Number of processes."),
        click.option("--drafts/--no-drafts", default=None, help="Include drafts (the default), or leave them out."),
        click.option("--base", metavar="IRI", help="Prefix of all IRIs, such as https://me.example/."),
        click.option(
            "--config", type=FILE, metavar="FILE", help="Settings. [default: kg.toml in CONTENT or its parent folder]"
        ),
    ):
        command = option(command)
    return command


def posts_options(command: Command) -> Command:
    """CONTENT, the shared options and `-q`, for commands that read posts and report faults in them."""
    return content_argument(shared_options(quiet_option(command)))
