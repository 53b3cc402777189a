"""Look at a folder of posts and write a kg.toml that fits it."""

from pathlib import Path

import click

from kg.commands._options import content_argument
from kg.config import FILE_NAME, Config
from kg.errors import FINE, ConfigError, os_errors
from kg.machine.files import replace_file
from kg.text.filenames import portable


@click.command()
@content_argument
@click.option(
    "--preset",
    metavar="NAME",
    help="Write the settings for hugo, jekyll, hexo, eleventy, zola, astro, starlight, docusaurus, mkdocs, vitepress, "
    "vuepress, mdbook, gitbook, pelican, nikola, gatsby, nextjs, nuxt, middleman, docsify, wikijs, zenn, cobalt, "
    "obsidian, quartz, logseq, foam, dendron, bear, joplin, notion, myst, quarto or okf.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    metavar="FILE",
    help="File to write; '-' is standard output. [default: kg.toml beside CONTENT]",
)
@click.option("--force", is_flag=True, help="Replace an existing kg.toml.")
@click.option("--dry-run", is_flag=True, help="Print what was found; write nothing.")
def command(content: Path, preset: str | None, output: Path | None, force: bool, dry_run: bool) -> int:
    """Say what the folder CONTENT holds: dialects, fields, oddities; and write a commented kg.toml for it."""
    from kg.checks import survey
    from kg.reading import ecosystems
    from kg.reading.folder import read_posts

    text = ecosystems.preset(preset) if preset else ""
    if not preset or content.is_dir():
        read = read_posts(content, Config())
        found = survey.survey(read.posts, read.diagnostics, read.folder.inherited.languages)
        ecosystem = ecosystems.recognise(content) or (ecosystems.ECOSYSTEMS["okf"] if found.is_okf else None)
        click.echo(survey.describe(found, ecosystem), err=True)
        tags = read.folder.site.notation.tags
        text = text or survey.settings(found, portable(content.resolve().name), inline_tags=tags)
    if dry_run:
        return FINE
    if output is not None and str(output) == "-":
        click.echo(text, nl=False)
        return FINE
    target = output or _beside(content) / FILE_NAME
    if (target.exists() or target.is_symlink()) and not force:
        raise ConfigError(f"{target} is there already; --force replaces it, -o - prints the new one")
    with os_errors(ConfigError, f"{target}: cannot be written"):
        replace_file(target, text.encode(), typed=output is not None)
    click.echo(f"\nwritten: {target.as_posix()}", err=True)
    return FINE


def _beside(content: Path) -> Path:
    """The folder above CONTENT where that is the one we are in, as in a project; else CONTENT itself."""
    return Path() if content.resolve().parent == Path.cwd() else content
