"""The glossary that the posts wrote themselves."""

import sys
from pathlib import Path

import click

from kg.commands._options import Options, posts_options
from kg.commands._printing import exit_status
from kg.errors import ConfigError, ExportError, os_errors
from kg.machine.files import replace_file
from kg.machine.terminal import data, safe
from kg.text.wording import counted

_SUFFIXES = {".md": "md", ".markdown": "md", ".csv": "csv", ".json": "json"}


@click.command()
@click.option("-o", "--output", metavar="FILE", default="-", help="File to write; '-' is standard output. [default: -]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "csv", "json", "compact"]),
    help="compact is JSON, a line for each term.  [default: by the name of FILE, else md]",
)
@click.option("--find", metavar="TEXT", default="", help="Only entries with TEXT in a name or an explanation.")
@posts_options
def command(options: Options, output: str, form: str | None, find: str) -> int:
    """Write the terms that the posts of CONTENT define, with every definition and its place.

    All terms are here, those that do not enter the graph included ([glossary] in kg.toml says which do).
    """
    import msgspec

    from kg.glossary import concepts
    from kg.glossary.writing import FORMATS, entries

    config = options.configured()
    config = config.with_changes(glossary=msgspec.structs.replace(config.glossary, enabled=True))
    result = options.built_and_checked(config)
    found = entries(concepts(result.posts, result.resolution, result.config, complete=True), find)
    form = form or _SUFFIXES.get(Path(output).suffix.lower(), "md")
    text = FORMATS[form](found)
    if output == "-" and form == "md":
        sys.stdout.write(safe(text))
    elif output == "-":
        data().write(text.encode("utf-8", "surrogatepass"))
    else:
        path = Path(output)
        if path.is_dir():
            raise ConfigError(f"{output} is a folder; give a file with -o")
        with os_errors(ExportError, f"cannot write {output}"):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode("utf-8", "surrogatepass"), typed=True)
        if not options.quiet:
            click.echo(f"wrote {counted(len(found), 'term')} to {output}", err=True)
    if find and not found and not options.quiet:
        click.echo(f"no term holds {find!r}", err=True)
    return exit_status(result.report.shown)
