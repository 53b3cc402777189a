"""Explain a code such as KG103."""

from itertools import groupby
from textwrap import fill

import click

from kg.diagnostics import CODES, Code, example
from kg.errors import ConfigError
from kg.text.table import aligned

_GROUPS = {"0": "files", "1": "front matter and values", "2": "identity", "3": "links", "4": "habits and vocabularies"}


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def command(codes: tuple[str, ...]) -> None:
    """Say what a code means and what to do about it; without a code, list them all."""
    if not codes:
        click.echo(_table())
        return
    click.echo("\n\n".join(_text(_find(code)) for code in codes))


def _find(name: str) -> Code:
    wanted = name.upper()
    if wanted.isdecimal():
        wanted = f"KG{wanted:>03}"
    if wanted not in CODES:
        raise ConfigError(f"there is no code {name!r}; kg explain lists them all")
    return CODES[wanted]


def _text(code: Code) -> str:
    from kg.checks import mending

    lines = [
        f"{code.code} ({code.severity}): {code.title}",
        "",
        fill(code.remedy, 100),
        "",
        _indented(example(code.code)),
    ]
    if code.code in mending.codes():
        lines += ["", "kg check --fix fixes it where that is safe."]
    lines += ["", f'In kg.toml: [severity] {code.code} = "error", "warning", "note" or "off".']
    return "\n".join(lines)


def _indented(markdown: str) -> str:
    """Code blocks indented under the names of their files, instead of fenced."""
    lines: list[str] = []
    within = False
    for line in markdown.splitlines():
        if line.startswith("~~~"):
            within = not within
            _language, _blank, name = line.partition(" ")
            lines += [f"  {name}"] if name else []
        else:
            lines.append(f"    {line}" if within and line else line)
    return "\n".join(lines)


def _table() -> str:
    codes = sorted(CODES.values())
    rows = aligned([[code.code, code.severity, code.title] for code in codes], indent="  ")
    lines: list[str] = []
    for group, members in groupby(zip(codes, rows, strict=True), key=lambda member: member[0].code[2]):
        lines += ["", _GROUPS.get(group, "other"), *(row for _code, row in members)]
    return "\n".join(lines).lstrip("\n")
