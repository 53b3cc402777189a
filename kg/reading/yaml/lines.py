"""The part of YAML in which nearly all front matter is written: a `key: value` or a `- item` in each line.

The text of a value may go on in the lines below.

Reading it takes one regular expression a line, a fifth of what libyaml's nodes cost. It is a shortcut and nothing
else: what is not certainly of this part (a comment, an escape, a nested map, a quote over several lines …) is not read
here at all, and what is read gives the tree that libyaml gives, place by place (tests/test_lines.py).
"""

import re

from msgspec.structs import replace

from kg.config import Limits
from kg.reading.values import Mapping, Scalar, Sequence, Value

_OUTSIDE = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Tabs, controls, and line breaks that only YAML 1.1 knows."""
_FIRST = r"[^-?:,\[\]{}#&*!|>'\"%@` ]"
_TEXT = rf"{_FIRST}(?:[^:# ]++|:(?=[^ ])| ++(?=[^#])|(?<=[^ ])#)*+"
_QUOTED = r"'([^']*)'|\"([^\"\\]*)\""
_LINE = re.compile(
    r"(?:([^\W\d][\w-]{0,99}):|( *)-)"
    rf"(?: +(?:({_TEXT})|{_QUOTED}|\[([^\[\]{{}}]*)\]))? *"
)
_MORE = re.compile(rf" +({_TEXT}) *")
"""A further line of the text after a key."""
_KEY, _INDENT, _PLAIN, _SINGLE, _DOUBLE, _LIST = range(1, 7)
_ITEM = re.compile(rf" *(?:({_FIRST}[^:,#?'\"]*)|{_QUOTED}) *(?:,|\Z)")


def read(source: str, first_line: int, limits: Limits) -> Mapping | None:
    """The fields, or None if any line is not of the simple part.

    Args:
        source: the text between the fences.
        first_line: the line of the file it begins in.
        limits: where one of them could be met, nothing is read here.
    """
    if _OUTSIDE.search(source) or limits.depth < 3:
        return None
    entries: list[tuple[Scalar, Value]] = []
    lists: list[tuple[int, int, int, list[Value]]] = []
    """Of each list over several lines: which entry it is the value of, line, column, items."""
    texts: dict[int, list[str]] = {}
    """The further lines of the text that an entry has for its value."""
    open_list, open_text = False, 0
    """Whether the last key still had no value, so that items may follow; and the line in which its text may go on."""
    for line, text in enumerate(source.split("\n"), first_line):
        match = _LINE.fullmatch(text)
        if match is None:
            if line == open_text and (more := _MORE.fullmatch(text)):
                texts.setdefault(len(entries) - 1, []).append(more[1])
                open_text += 1
            elif text.strip(" "):
                return None
            continue
        value = _value(match, line)
        if value is None:
            return None
        key = match[_KEY]
        if key is not None:
            entries.append((Scalar(key, line, 1), value))
            open_list = match.lastindex == _KEY
            open_text = line + 1 if match.lastindex == _PLAIN else 0
            continue
        column = match.end(_INDENT) + 1
        first = not lists or lists[-1][0] != len(entries) - 1
        if not (open_list and (first or lists[-1][2] == column)):
            return None
        if first:
            lists.append((len(entries) - 1, line, column, []))
        lists[-1][3].append(value)
    for index, line, column, values in lists:
        entries[index] = (entries[index][0], Sequence(tuple(values), line, column))
    _go_on(entries, texts)
    if not entries or (len(source) > limits.values and _count(entries) > limits.values):
        return None
    return Mapping(tuple(entries), entries[0][0].line, 1)


def _go_on(entries: list[tuple[Scalar, Value]], texts: dict[int, list[str]]) -> None:
    for index, lines in texts.items():
        key, first = entries[index]
        if isinstance(first, Scalar):
            entries[index] = (key, replace(first, text=" ".join([first.text, *lines])))


def _count(entries: list[tuple[Scalar, Value]]) -> int:
    """As libyaml's nodes are counted: the map, each key, each value, each item."""
    items = (len(value.items) for _key, value in entries if isinstance(value, Sequence))
    return 1 + 2 * len(entries) + sum(items)


def _value(match: re.Match[str], line: int) -> Value | None:
    """The value after the key or the dash, or None if it is not simple."""
    kind = match.lastindex or 0
    if kind == _PLAIN:
        return Scalar(match[kind], line, match.start(kind) + 1)
    if kind in (_SINGLE, _DOUBLE):
        return Scalar(match[kind], line, match.start(kind), quoted=True)
    if kind == _KEY:
        return Scalar("", line, match.end(kind) + 2)  # where libyaml has an empty value
    if kind == _LIST:
        items = _items(match[kind], line, match.start(kind) + 1)
        return None if items is None else Sequence(items, line, match.start(kind))
    return None


def _items(text: str, line: int, column: int) -> tuple[Scalar, ...] | None:
    """The items between the brackets of a list on one line, or None if one is not simple."""
    items: list[Scalar] = []
    at, end = 0, len(text.rstrip(" "))
    while at < end:
        match = _ITEM.match(text, at)
        if match is None:
            return None
        kind = match.lastindex or 0
        start = column + match.start(kind)
        if kind == 1:
            items.append(Scalar(match[kind].rstrip(" "), line, start))
        else:
            items.append(Scalar(match[kind], line, start - 1, quoted=True))
        at = match.end()
    return tuple(items)
