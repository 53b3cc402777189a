"""The values of a front matter before interpretation: text, lists and maps, each with its place.

Every dialect (YAML, TOML, JSON …) yields this tree, so that nothing after it needs to know how a post was written.
Scalars keep the text that was typed: `0x1D`, `no` and `2024-05-01` stay what the author wrote.
"""

import json
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct


class Scalar(Struct, frozen=True, gc=False):
    """One value as typed, without the quotes that fenced it."""

    text: str
    line: int
    column: int
    quoted: bool = False
    """Whether quotes or a block style mark it as text: a plain `null` is nothing, a quoted one is a word."""


class Sequence(Struct, frozen=True, gc=False):
    """A list."""

    items: "tuple[Value, ...]"
    line: int
    column: int


class Mapping(Struct, frozen=True, gc=False):
    """A map; keys may repeat, as they did in the file."""

    entries: "tuple[tuple[Scalar, Value], ...]"
    line: int
    column: int


Value: TypeAlias = Scalar | Sequence | Mapping
Fields: TypeAlias = tuple[tuple[Scalar, Value], ...]
"""The entries of a map."""

_NOTHING = frozenset({"", "~", "null"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class Problem(Struct, frozen=True, gc=False):
    """A fault of the front matter itself; the reader of posts adds the path."""

    line: int
    column: int
    code: str
    message: str
    note: bool = False
    """Whether it need not be mended, although most of its code do."""


def is_flat(value: Value) -> bool:
    """Whether `leaves` lose nothing: no list has two items, whose order and grouping would be lost."""
    if isinstance(value, Scalar):
        return True
    if isinstance(value, Sequence):
        return len(value.items) < 2 and all(map(is_flat, value.items))
    return all(is_flat(item) for _key, item in value.entries)


def as_json(value: Value) -> str:
    """A value as JSON: text as typed, null for empty values, keys in their order."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return None if not value.quoted and value.text.strip() in _NULL else value.text.strip()
    if isinstance(value, Sequence):
        return [_plain(item) for item in value.items]
    return {key.text: _plain(item) for key, item in value.entries}


def is_nothing(value: Value) -> bool:
    """Whether a field is empty: nothing, `~`, `null`, or an empty list or map."""
    return _is_one_of(_NULL, value)


def is_blank(value: Value) -> bool:
    """Whether an item of a list is empty: nothing, `~` or `null`. `Null` there may be somebody's name."""
    return _is_one_of(_NOTHING, value)


def _is_one_of(words: frozenset[str], value: Value) -> bool:
    """Whether a value is one of these words, or holds nothing."""
    if isinstance(value, Scalar):
        return not value.text.strip() if value.quoted else value.text.strip() in words
    return not (value.items if isinstance(value, Sequence) else value.entries)


def scalars(value: Value) -> Iterator[Scalar]:
    """All scalars below a value."""
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, Sequence):
        for item in value.items:
            if isinstance(item, Scalar):
                yield item
            else:
                yield from scalars(item)
    else:
        for _key, item in value.entries:
            yield from scalars(item)


def leaves(value: Value, path: str = "") -> Iterator[tuple[str, Scalar]]:
    """All scalars below a value with the dotted path of map keys that leads to each."""
    if isinstance(value, Scalar):
        yield path, value
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from leaves(item, path)
    else:
        for key, item in value.entries:
            yield from leaves(item, f"{path}.{key.text}" if path else key.text)
