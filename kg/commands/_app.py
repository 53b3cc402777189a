"""The command `kg`, which finds its subcommands."""

from importlib import import_module
from pkgutil import iter_modules

import click

from kg import __version__, commands


class Subcommands(click.Group):
    """Imports a subcommand when it is called, and all of them for `kg --help`."""

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
