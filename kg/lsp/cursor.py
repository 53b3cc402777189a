"""The value at a cursor in front matter: its field, and its text up to the cursor."""

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from kg.reading.dialects import find, last_line

_FIELD = re.compile(r"[\"']?(?P<key>[^\W\d_][^:=\"'\[\]{}]*?)[\"']?\s*[:=]")
_ITEM = re.compile(r"\s*-\s+")
_BETWEEN = re.compile(r"[,，、;；]\s*")
_OPEN = re.compile(r"\[\s*")


class TypedValue(NamedTuple):
    """A value that is being typed."""

    field: str
    """The key, as typed."""
    text: str
    """The value, or list item, up to the cursor, without an opening quotation mark."""
    start: int
    """The column where it begins, from 0."""
    quote: str
    """The quotation mark before it, or ""."""
    in_list: bool
    """Whether it is an item between `[` and `]`."""


def at(lines: Sequence[str], line: int, column: int) -> TypedValue | None:
    """The value at a cursor; None in the body, in a key, or if the field is unknown.

    >>> at(["---", "people: [Ada, Gr"], 1, 16)
    TypedValue(field='people', text='Gr', start=14, quote='', in_list=True)

    Args:
        lines: the post.
        line: the line of the cursor, from 0.
        column: the number of characters before the cursor.
    """
    if not _in_front_matter(lines, line):
        return None
    before = lines[line][:column]
    for above in range(line, -1, -1):
        match = _FIELD.match(lines[above])
        if match and above == line and match.end() > column:
            return None
        if match:
            break
        if above < line and lines[above].rstrip() in ("---", "+++"):
            return None
    else:
        return None
    start = match.end() if above == line else 0
    in_list = "[" in "".join(lines[above:line])[match.end() :] + before[start:]
    if item := _ITEM.match(before) if above < line else None:
        start = item.end()
    for sign in (_OPEN, _BETWEEN):
        for found in sign.finditer(before, start):
            start = found.end()
    start += len(before[start:]) - len(before[start:].lstrip())
    quote = before[start : start + 1] if before[start : start + 1] in {'"', "'"} else ""
    start += len(quote)
    return TypedValue(match["key"].strip(), before[start:], start, quote, in_list)


def _in_front_matter(lines: Sequence[str], line: int) -> bool:
    """Whether a line is within the front matter, even if that is not closed yet."""
    text = "\n".join(lines)
    if find(text) is None:
        return bool(lines) and lines[0].rstrip() in ("---", "+++") and line > 0
    return 0 < line < last_line(text)


def written(name: str, typing: TypedValue, *, toml: bool) -> str:
    """A name as it must be written there: quoted if it would otherwise be read as something else.

    >>> written("C#: a language", TypedValue("tags", "C", 0, "", False), toml=False)
    '"C#: a language"'
    """
    if typing.quote:
        return name.replace("\\", "\\\\").replace('"', '\\"') if typing.quote == '"' else name.replace("'", "''")
    plain = f"[{name}]" if typing.in_list else f"- {name}"
    if not toml and _read(plain) == [name]:
        return name
    return json.dumps(name, ensure_ascii=False)


def _read(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None
