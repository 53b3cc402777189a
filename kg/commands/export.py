"""Write the graph in one format, to a file or to standard output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from kg.commands._options import Options, content_argument, quiet_option, shared_options
from kg.commands._printing import exit_status, report
from kg.errors import FINE, ConfigError
from kg.machine.terminal import data
from kg.text.table import aligned


@click.command()
@click.argument("format_name", metavar="FORMAT", required=False)
@content_argument
@click.option(
    "-o", "--output", metavar="FILE", help="File to write; '-' is standard output. [default: the format's own name]"
)
@click.option("--excel", is_flag=True, help="For csv: files that Excel opens, in which no text is taken for a formula.")
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@shared_options
@click.option("--strict", is_flag=True, help="Write nothing if any post is faulty.")
@quiet_option
def command(
    options: Options, format_name: str | None, output: str | None, excel: bool, listing: bool, strict: bool
) -> int:
    """Write the graph of CONTENT in one FORMAT.

    A format of several files (csv) takes a folder as -o.
    """
    from kg import exporters

    if listing:
        click.echo(formats_table())
        return FINE
    if format_name is None:
        raise click.UsageError("which format? kg export --list shows them all")
    exporter = exporters.get(format_name)
    if excel:
        if exporter.write_for_excel is None:
            raise click.UsageError(f"--excel goes with csv, and {format_name} is no table")
        exporter = replace(exporter, write=exporter.write_for_excel)
    if output == "-" and len(exporter.files) > 1:
        raise ConfigError(
            f"{format_name} is {len(exporter.files)} files ({', '.join(exporter.files)}); give a folder with -o"
        )
    from kg.pipeline.writing import write_file

    result = options.built(strict=strict)
    report(result.diagnostics, options.content, quiet=options.quiet)
    if output == "-":
        stream = data()
        exporter.write(result.knowledge_graph, stream)
        stream.flush()
    else:
        written = write_file(result.knowledge_graph, exporter, Path(output) if output else None)
        if not options.quiet:
            click.echo("wrote " + ", ".join(path.as_posix() for path in written), err=True)
    return exit_status(result.diagnostics)


def formats_table() -> str:
    """All formats with their files and what they are, one a line."""
    from kg import exporters

    rows = [(name, exporters.get(name)) for name in exporters.names()]
    return "\n".join(aligned([[name, ", ".join(exporter.files), exporter.title] for name, exporter in rows]))
