"""The glossary that the posts wrote themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands._shared import built, content_argument, report, settings_options
from kg.machine.terminal import data, safe
from kg.text.wording import counted

_SUFFIXES = {".md": "md", ".markdown": "md", ".csv": "csv", ".json": "json"}


@click.command()
@content_argument
@click.option("-o", "--output", metavar="FILE", default="-", help="File to write; '-' is standard output. [default: -]")
@click.option(
    "--format", "form", type=click.Choice(["md", "csv", "json"]), help="[default: by the name of FILE, else md]"
)
@click.option("--find", metavar="TEXT", default="", help="Only entries with TEXT in a name or an explanation.")
@settings_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(
    content: Path,
    output: str,
    form: str | None,
    find: str,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    quiet: bool,
) -> int:
    """Write the terms that the posts of CONTENT define, with every definition and its place.

    All terms are here, those that do not enter the graph included ([glossary] in kg.toml says which do).
    """
    import msgspec

    from kg.errors import ConfigError, ExportError
    from kg.glossary import concepts
    from kg.glossary.writing import FORMATS, entries
    from kg.machine.files import replace_file
    from kg.pipeline.build import configure

    settings = configure(content, config)
    asked = settings.with_changes(glossary=msgspec.structs.replace(settings.glossary, enabled=True))
    result = built(content, quiet=quiet, config=asked, base=base, drafts=drafts, jobs=jobs)
    report(result.diagnostics, content, quiet=True)
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
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode("utf-8", "surrogatepass"), typed=True)
        except OSError as error:
            raise ExportError(f"cannot write {output}: {error.strerror}") from error
        if not quiet:
            click.echo(f"wrote {counted(len(found), 'term')} to {output}", err=True)
    if find and not found and not quiet:
        click.echo(f"no term holds {find!r}", err=True)
    return 0 if result.ok else 1
