"""Complete names and report faults in editors, while posts are written."""

from pathlib import Path

import click

from kg.commands._options import Options, content_argument, output_option, shared_options
from kg.errors import FINE, needing


@click.command()
@content_argument
@output_option("Folder of an earlier build, from which unchanged posts are taken.")
@shared_options
def command(options: Options, output: Path) -> int:
    """Be a language server for the posts of CONTENT, on standard input and output.

    Editors start it: see docs/editors.md. It completes names, says what one means, and reports what `kg check` finds.
    """
    with needing("lsp", "kg lsp"):
        from kg.lsp.server import serve
    from kg.lsp.workspace import Workspace

    serve(Workspace(options.content, options.configured(), output))
    return FINE
