"""Write the graph in one format, to a file or to standard output."""

from dataclasses import replace
from pathlib import Path

import click

from kg.commands._options import FOLDER, OUTPUT, Options, posts_options
from kg.commands._printing import exit_status, report
from kg.errors import FINE, ConfigError
from kg.machine.terminal import data
from kg.text.table import aligned
from kg.text.wording import counted


@click.command()
@click.argument("format_name", metavar="FORMAT", required=False)
@click.option(
    "-o", "--output", metavar="FILE", help="File to write; '-' is standard output. [default: the format's own name]"
)
@click.option("--excel", is_flag=True, help="For csv: files for Excel, in which no text is taken for a formula.")
@click.option("--html", "pages", type=FOLDER, help="For site: a folder for llms.txt and a plain page for each thing.")
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@click.option("--strict", is_flag=True, help="Write nothing if any post is faulty.")
@posts_options
def command(
    options: Options,
    format_name: str | None,
    output: str | None,
    excel: bool,
    pages: Path | None,
    listing: bool,
    strict: bool,
) -> int:
    """Write the graph of CONTENT in one FORMAT.

    A format of several files (csv) takes a folder as -o; site is a folder of data for the generator of your site.
    """
    from kg import exporters
    from kg.exporters import folders

    if listing:
        click.echo(formats_table())
        return FINE
    if format_name is None:
        raise click.UsageError("which format? kg export --list shows them all")
    if format_name in folders.names():
        return _write_folder(options, format_name, output, pages=pages, strict=strict)
    if pages:
        raise click.UsageError(f"--html goes with {', '.join(folders.names())}, and {format_name} is something else")
    exporter = exporters.get(format_name)
    if excel:
        if exporter.write_for_excel is None:
            raise click.UsageError(f"--excel goes with csv, and {format_name} is not a table")
        exporter = replace(exporter, write=exporter.write_for_excel)
    if output == "-" and len(exporter.files) > 1:
        raise ConfigError(
            f"{format_name} is {len(exporter.files)} files ({', '.join(exporter.files)}); give a folder with -o"
        )
    from kg.pipeline.writing import write_file

    result = options.built(strict=strict)
    report(result.report.shown, options.content, quiet=options.quiet)
    if output == "-":
        stream = data()
        exporter.write(result.knowledge_graph, stream)
        stream.flush()
    else:
        written = write_file(result.knowledge_graph, exporter, Path(output) if output else None)
        if not options.quiet:
            click.echo("wrote " + ", ".join(path.as_posix() for path in written), err=True)
    return exit_status(result.report.shown)


def _write_folder(options: Options, name: str, output: str | None, *, pages: Path | None, strict: bool) -> int:
    """Write a format that is a folder of many files."""
    from kg.exporters import folders
    from kg.pipeline.saved_graph import as_on_the_page
    from kg.pipeline.writing import write_folder

    exporter = folders.get(name)
    if output == "-":
        raise ConfigError(f"{name} is a folder of many files; give one with -o")
    own = replace(options, drafts=bool(options.drafts))  # what is published has no drafts unless they are asked for
    result = own.built(strict=strict)
    report(result.report.shown, options.content, quiet=options.quiet)
    folder = Path(output or exporter.folder)
    graph = as_on_the_page(result.knowledge_graph, OUTPUT)
    for files, place in ((exporter.files, folder), (exporter.pages, pages)):
        if files is None or place is None:
            continue
        count, changed = write_folder(files(graph, options.content), place)
        if not options.quiet:
            click.echo(f"wrote {place.as_posix()}/: {counted(count, 'file')}, {changed:,} new or changed", err=True)
    return exit_status(result.report.shown)


def formats_table() -> str:
    """All formats with their files and what they are, one a line."""
    from kg import exporters
    from kg.exporters import folders

    rows = [[name, ", ".join(one.files), one.title] for name in exporters.names() for one in [exporters.get(name)]]
    rows += [[name, f"{one.folder}/", one.title] for name in folders.names() for one in [folders.get(name)]]
    return "\n".join(aligned(sorted(rows)))
