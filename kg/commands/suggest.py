"""Propose what bodies name and the metadata does not list."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands._shared import built, content_argument, report, settings_options
from kg.machine.terminal import data
from kg.text.wording import counted

if TYPE_CHECKING:
    from kg.config import Config
    from kg.model import Post
    from kg.suggest import Suggestion


@click.command()
@content_argument
@click.argument("only", metavar="[POST]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json", "patch"]), default="text", show_default=True)
@click.option("--field", "fields", metavar="NAME", multiple=True, help="Only this field; may be given several times.")
@click.option(
    "--above", type=click.FloatRange(0, 1), default=0.0, metavar="SHARE", help="Only of at least this confidence."
)
@click.option("--write", is_flag=True, help="Write the proposals into the front matter.")
@settings_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def command(
    content: Path,
    only: tuple[str, ...],
    form: str,
    fields: tuple[str, ...],
    above: float,
    write: bool,
    config: Path | None,
    base: str | None,
    drafts: bool | None,
    jobs: int | None,
    quiet: bool,
) -> int:
    """Propose, for all posts of CONTENT or for some, what their bodies name and their front matter does not list.

    --format patch writes a change that `git apply` and `patch -p1` take; --write makes it at once.
    """
    from kg.suggest import suggest

    result = built(content, quiet=quiet, config=config, base=base, drafts=drafts, jobs=jobs)
    report(result.diagnostics, content, quiet=True)
    paths = _paths(content, only, result.posts) if only else None
    wanted = {field.lower() for field in fields}
    _check_fields(wanted, result.config)
    found = [
        suggestion
        for suggestion in suggest(content, result.posts, result.resolution, result.config, only=paths, jobs=jobs)
        if suggestion.confidence >= above and (not wanted or suggestion.field.lower() in wanted)
    ]
    if form == "json":
        import json

        click.echo(json.dumps([suggestion._asdict() for suggestion in found], ensure_ascii=False, indent=1))
    elif form == "text" and not (write and quiet):
        click.echo(_text(found), nl=False)
        if not (found or write or quiet):
            click.echo("nothing to propose", err=True)
    if form == "patch" or write:
        changed = _change(content, found, result.config, write=write, patch=form == "patch")
        if not quiet:
            made = f"{counted(len(found), 'proposal')} for {counted(changed, 'post')}"
            click.echo(made + (", written" if write else ""), err=True)
    return 0


def _check_fields(wanted: set[str], config: Config) -> None:
    """Say so where nothing could ever be proposed for a field."""
    from kg.errors import ConfigError
    from kg.suggest import fields_of

    known = fields_of(config)
    for field in sorted(wanted - known.keys()):
        raise ConfigError(f"nothing is proposed for a field {field!r}; there are {', '.join(sorted(known))}")


def _paths(content: Path, only: tuple[str, ...], posts: tuple[Post, ...]) -> frozenset[str]:
    """Posts as the user names them: relative to CONTENT, or as files."""
    from kg.errors import ConfigError

    known = {post.path for post in posts}
    paths = set()
    for name in only:
        path = Path(name).as_posix()
        if path not in known:
            try:
                path = Path(name).resolve().relative_to(content.resolve()).as_posix()
            except ValueError:
                path = ""
        if path not in known:
            raise ConfigError(f"{name} is no post of {content}")
        paths.add(path)
    return frozenset(paths)


def _text(found: list[Suggestion]) -> str:
    """Proposals by post and field, each with its sentence."""
    from kg.machine.terminal import printable

    lines: list[str] = []
    path = ""
    for one in found:
        if one.path != path:
            path = one.path
            lines += [""] * bool(lines) + [printable(path)]
        as_found = "" if one.found == one.name else f" (as {one.found})"
        times = f", {one.times} times" if one.times > 1 else ""
        lines.append(printable(f"  {one.field}: {one.name}{as_found}  {one.confidence:.2f}{times}"))
        lines.append(printable(f"      {one.line}:{one.column}: {one.sentence}"))
    return "".join(f"{line}\n" for line in lines)


def _change(content: Path, found: list[Suggestion], config: Config, *, write: bool, patch: bool) -> int:
    """Print, or make, the changes; the number of posts that change."""
    from kg.errors import ExportError
    from kg.machine.files import read_plain, replace_file
    from kg.machine.terminal import printable
    from kg.reading.bodies import file_of
    from kg.suggest.patches import UneditableError, add_names, unified_diff

    additions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        additions[one.path][one.field].append(one.name)
    prefix = _prefix(content)
    changed = 0
    for path, fields in additions.items():
        file = file_of(content, path)
        try:
            before = read_plain(file)
            after = add_names(before, fields, config.limits)
            if patch:
                data().write(unified_diff(prefix + path, before, after).encode("utf-8", "surrogateescape"))
            if write:
                replace_file(file, after)
        except UneditableError as error:
            click.echo(f"{printable(prefix + path)}: left alone: {printable(str(error))}", err=True)
        except OSError as error:
            raise ExportError(f"cannot change {file}: {error.strerror}") from error
        else:
            changed += 1
    return changed


def _prefix(content: Path) -> str:
    """CONTENT as seen from here, if it lies below: that is where the patch will be applied; "" otherwise."""
    try:
        inside = content.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inside == "." else f"{inside}/"
