"""The command line: finds the subcommands, prints what went wrong, sets the exit status.

Exit status: 0 fine; 1 some post is faulty, or a file could not be written; 2 wrong use or configuration; 3 a store
could not be reached or refused; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NoReturn

import click

from kg import __version__, commands
from kg.diagnostics import printable, render
from kg.errors import KgError

if TYPE_CHECKING:
    from types import FrameType


class Subcommands(click.Group):
    """Imports a subcommand when it is called; all of them for `kg --help`, which shows their first lines."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The modules of `kg.commands`, in alphabetical order."""
        return sorted(m.name for m in iter_modules(commands.__path__) if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one module of `kg.commands`."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"kg.commands.{name}").command
        return command


@click.command(cls=Subcommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg", message="%(prog)s %(version)s")
def app() -> None:
    """Turn a folder of Markdown posts into one knowledge graph."""


def main() -> NoReturn:
    """Run `kg` and leave the process; no mistake of the user's ends in a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        status = app.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        _leave(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("kg: stopped", err=True)
        _leave(130)
    except KgError as error:
        for diagnostic in getattr(error, "diagnostics", ()):
            click.echo(render(diagnostic), err=True)
        click.echo(f"kg: {printable(str(error))}", err=True)
        _leave(error.exit_status)
    _leave(status if isinstance(status, int) else 0)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End as Ctrl-C does, and remove what was half written."""
    raise SystemExit(128 + number)


def _leave(status: int) -> NoReturn:
    """End the process at once: freeing a million records one by one takes Python longer than starting it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            status = status or 1  # the reader of our output went away
    os._exit(status)
