"""Pack the graph so that others can cite it."""

import re
from pathlib import Path

import click

from kg.commands._options import FILE, Options, posts_options
from kg.commands._printing import exit_status, report
from kg.errors import FAULTY
from kg.text.wording import counted


@click.command()
@click.option("-o", "--output", type=FILE, default=Path("release.zip"), show_default=True, help="Archive to write.")
@click.option("--format", "formats", metavar="FORMAT", multiple=True, help="What to pack; may be given several times.")
@click.option(
    "--date", metavar="YYYY-MM-DD", default="", help="When it is published. [default: the newest post's date]"
)
@posts_options
def command(options: Options, output: Path, formats: tuple[str, ...], date: str) -> int:
    """Pack the graph of CONTENT as an RO-Crate, for others to cite.

    Beside the formats it holds a description (VoID), the ledger, a SHACL report and a digest of each file. It needs
    `title`, `license` and `base` in kg.toml. The same posts give the same bytes on every machine.
    """
    from kg.pipeline.release import release

    if date and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        raise click.UsageError(f"--date: {date!r} is not a date; write it as 2026-11-28")
    config = options.configured()
    result = options.built(config)
    report(result.report.shown, options.content, quiet=options.quiet)
    conforms, names = release(result, output, formats or config.formats, date=date)
    if not options.quiet:
        click.echo(f"wrote {output}: {counted(len(names), 'file')}", err=True)
    if not conforms:
        click.echo("the graph does not conform to its shapes; shacl-report.nt in the archive says where", err=True)
        return FAULTY
    return exit_status(result.report.shown)
