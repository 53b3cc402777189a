"""Serve the page and a read-only SPARQL endpoint on this machine."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from kg.commands._options import Options, content_argument, gathered, output_option, shared_options
from kg.commands._printing import report
from kg.errors import FAULTY, FINE, ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.manifest import Report
    from kg.server.workers import QueryLimits

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?")
"""https://www.rfc-editor.org/rfc/rfc6454#section-6.2"""
TOKEN = "KG_SERVE_TOKEN"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class AddressOptions:
    """Where the server listens, and who may ask."""

    host: str
    port: int
    names: tuple[str, ...]
    origins: tuple[str, ...]

    def token(self) -> str:
        """The token that requests need: that of the environment, or a new one if others can reach the server.

        Raises:
            ConfigError: it is too short.
        """
        from kg.server.guard import is_loopback

        token = os.environ.get(TOKEN, "")
        if token and len(token) < 16:
            raise ConfigError(f"{TOKEN}: a token needs at least 16 characters")
        return token or ("" if is_loopback(self.host) else secrets.token_urlsafe(24))


@dataclass(frozen=True, slots=True)
class LimitOptions:
    """The limits of a query."""

    timeout: float
    result_limit: int

    def of_query(self) -> QueryLimits:
        """The same for the processes that answer."""
        from kg.server.workers import QueryLimits

        return QueryLimits(seconds=self.timeout, result_bytes=self.result_limit << 20)


@click.command()
@content_argument
@output_option("Folder of the results.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; any but this machine's own needs a token.",
)
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--watch", is_flag=True, help="Build again when posts change, and reload open pages.")
@click.option("--no-build", is_flag=True, help="Serve OUTPUT as it is.")
@click.option(
    "--review",
    is_flag=True,
    help="Let the page /review write decisions about names to the ledger, for the address that is printed.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="Name of a reverse proxy that passes requests on to this server.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Another site whose scripts may ask, such as https://yasgui.org; may be given several times.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit of a query.",
)
@click.option(
    "--result-limit",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    metavar="MIB",
    help="Size limit of a result; larger ones are refused.",
)
@gathered(AddressOptions, "address")
@gathered(LimitOptions, "limits")
@shared_options
@click.pass_context
def command(
    context: click.Context,
    options: Options,
    output: Path,
    address: AddressOptions,
    limits: LimitOptions,
    watch: bool,
    no_build: bool,
    review: bool,
) -> int:
    """Show the graph of CONTENT in the browser and answer SPARQL, until Ctrl-C.

    The page is at /, the endpoint at /sparql, the Reconciliation Service API at /reconcile. Nothing can be changed
    through them; with --review, names can be decided at /review, on this machine only, by whoever has the address that
    is printed. On an address that others can reach, a token is needed: that of the environment variable KG_SERVE_TOKEN,
    or a new one, which is printed.
    """
    from kg.server import running
    from kg.server.guard import is_loopback
    from kg.server.site import Source, refresh
    from kg.stores.loaded import built_graph

    for origin in address.origins:
        if not _ORIGIN.fullmatch(origin):
            raise click.UsageError(
                f"--allow-origin: {origin!r} is not an origin; write one as browsers do: https://host[:port]"
            )
    if no_build and watch:
        raise click.UsageError("--watch and --no-build exclude each other")
    if context.get_parameter_source("content") is ParameterSource.DEFAULT and not options.content.exists():
        no_build = True  # CONTENT was not given and is not here: serve what was built
    content = None if no_build else options.content
    if review and (no_build or address.names or address.origins or not is_loopback(address.host)):
        raise click.UsageError("--review is for this machine and CONTENT: leave out --host, --allow-…, and --no-build")
    source = Source(output=output, content=content, config=options.configured(), jobs=options.jobs, review=review)
    if no_build:
        built_graph(output)  # or say that there is none
    elif (status := refresh(source, announce)) > FAULTY:
        return status
    settings = running.ServerSettings(
        host=address.host, port=address.port, names=address.names, origins=address.origins, token=address.token(),
        watch=watch, review=secrets.token_urlsafe(24) if review else "",
    )  # fmt: skip
    running.run(source, settings, limits.of_query(), announce)
    return FINE


def announce(made: Report, content: Path, output: Path, *, unchanged: bool) -> None:
    """Print what a build found and made."""
    from kg.commands.build import summary

    report(made.shown, content, quiet=True)
    click.echo(summary(made, output, unchanged=unchanged), err=True)
