"""Propose what bodies name and the metadata does not list."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands._options import Options, format_option, posts_options, state_option
from kg.commands._printing import echo_json
from kg.errors import FINE, ConfigError, ExportError, os_errors
from kg.fields import FIELDS, plain_key
from kg.machine.files import read_plain
from kg.machine.terminal import data, printable
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.config import Config
    from kg.model import Post
    from kg.suggest import Suggestion


@click.command()
@state_option
@posts_options
@click.argument("only", metavar="[POST]...", nargs=-1)
@format_option("text", "json", "patch")
@click.option("--field", "fields", metavar="NAME", multiple=True, help="Only this field; may be given several times.")
@click.option(
    "--above", type=click.FloatRange(0, 1), default=0.0, metavar="SHARE", help="Only of at least this confidence."
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Only the N most useful ones, best first; 0 for all.",
)
@click.option("--write", is_flag=True, help="Write the proposals into the front matter.")
def command(
    options: Options,
    only: tuple[str, ...],
    form: str,
    fields: tuple[str, ...],
    above: float,
    limit: int,
    write: bool,
) -> int:
    """Propose, for all posts of CONTENT or for some, what their bodies name and their front matter does not list.

    --format patch writes a change that `git apply` and `patch -p1` take; --write makes it at once.
    """
    from kg.suggest import most_helpful, suggest

    content, quiet = options.content, options.quiet
    result = options.built_and_checked()
    paths = _paths(content, only, result.posts) if only else None
    _check_fields(fields, result.config)
    wanted = {plain_key(field) for field in fields}
    found = [
        suggestion
        for suggestion in suggest(
            content, result.posts, result.resolution, result.config, only=paths, jobs=options.jobs
        )
        if suggestion.confidence >= above and (not wanted or plain_key(suggestion.field) in wanted)
    ]
    if limit:
        found = most_helpful(found)[:limit]
    if form == "json":
        echo_json([suggestion._asdict() for suggestion in found], indent=1)
    elif form == "text" and not (write and quiet):
        click.echo(_text(found), nl=False)
        if not (found or write or quiet):
            click.echo("nothing to propose", err=True)
    if form == "patch" or write:
        changed = _change(content, found, result.config, write=write, patch=form == "patch")
        if not quiet:
            made = f"{counted(len(found), 'proposal')} for {counted(changed, 'post')}"
            click.echo(made + (", written" if write else ""), err=True)
    return FINE


def _check_fields(wanted: Iterable[str], config: Config) -> None:
    """Say so where nothing could ever be proposed for a field."""
    from kg.suggest import fields_of

    known = fields_of(config)
    names = sorted({name for name in (*FIELDS, *config.fields) if plain_key(name) in known})
    for field in wanted:
        if plain_key(field) not in known:
            raise ConfigError(f"nothing is proposed for a field {field!r}; there are {', '.join(names)}")


def _paths(content: Path, only: tuple[str, ...], posts: tuple[Post, ...]) -> frozenset[str]:
    """Posts as the user names them: relative to CONTENT, or as files."""
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
            raise ConfigError(f"{name} is not a post of {content}")
        paths.add(path)
    return frozenset(paths)


def _text(found: list[Suggestion]) -> str:
    """Proposals by post and field, each with its sentence."""
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
    from kg.reading.bodies import file_of
    from kg.reading.editing import Rewrite
    from kg.suggest.patches import UneditableError, add_names

    additions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        additions[one.path][one.field].append(one.name)
    prefix = _prefix(content)
    changed = 0
    for path, fields in additions.items():
        file = file_of(content, path)
        with os_errors(ExportError, f"cannot change {file}"):
            before = read_plain(file)
        try:
            change = Rewrite(file, before, add_names(before, fields, config.limits))
        except UneditableError as error:
            click.echo(printable(f"{prefix}{path}: left alone: {error}"), err=True)
            continue
        if patch:
            data().write(change.diff(f"a/{prefix}{path}", f"b/{prefix}{path}"))
        if write:
            change.write()
        changed += 1
    return changed


def _prefix(content: Path) -> str:
    """CONTENT as seen from here, if it lies below: that is where the patch will be applied; "" otherwise."""
    try:
        inside = content.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return ""
    return "" if inside == "." else f"{inside}/"
