"""Answer agents: the Model Context Protocol, over standard input and output or HTTP."""

import os
from contextlib import suppress

import click

from kg.commands._options import Options, content_argument, shared_options, state_option
from kg.commands.serve import TOKEN
from kg.errors import FINE, ConfigError, needing


@click.command()
@content_argument
@state_option
@click.option("--http", is_flag=True, help="Serve HTTP on 127.0.0.1 instead of standard input and output.")
@click.option("--port", default=8766, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--budget", type=click.IntRange(200, 50_000), default=2000, show_default=True, metavar="TOKENS",
    help="Maximum length of an answer, unless the caller sets one.",
)  # fmt: skip
@shared_options
def command(options: Options, http: bool, port: int, budget: int) -> int:
    """Answer agents about CONTENT, over the Model Context Protocol (MCP); nothing can be changed through it.

    The tools are find, show, related, path, search, trends, query and cite. Every row of an answer names file and line,
    and no answer is longer than its budget. Posts that change are read anew. query asks the last build in OUTPUT.
    """
    import gc

    if not options.content.exists():
        raise ConfigError(f"{options.content}: does not exist; give the folder that holds your posts")
    gc.disable()  # what is imported stays
    with needing("mcp", "kg mcp"):
        from kg.agents import server
    from kg.agents.desk import Desk

    gc.freeze()
    gc.enable()
    desk = Desk(options.content, options.state, options.configured())
    with suppress(KeyboardInterrupt):
        if http:
            from kg.server.running import listen

            server.serve_http(desk, budget, listen("127.0.0.1", port), os.environ.get(TOKEN, ""))
        else:
            server.serve_stdio(desk, budget)
    return FINE
