"""Shared by the readers of YAML, TOML and JSON: places, depth, repeated keys, and recovery from faults."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kg.reading.values import Mapping, Problem, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Sequence as SequenceOf


class Places:
    """From offsets in a text to lines and columns of the file it was cut from."""

    def __init__(self, text: str, first_line: int) -> None:
        self._first_line = first_line
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        index = bisect_right(self._starts, offset) - 1
        return self._first_line + index, offset - self._starts[index] + 1

    def after(self, shift: int) -> Callable[[int], tuple[int, int]]:
        """The places of a part that begins at an offset."""
        return lambda offset: self(shift + offset)

    def offset(self, line: int, column: int) -> int:
        """The other way round, with `line` counted from 1 within the text."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1


def shallow(
    tokens: re.Pattern[str], source: str, place: Callable[[int], tuple[int, int]], limit: int, problems: list[Problem]
) -> str:
    """The text without what is nested deeper than a limit, before any parser recurses; blanks stand in its place.

    What is reported is what is left out: all that the innermost brackets hold which are not too deep themselves.

    Args:
        tokens: matches strings and comments whole, so that brackets in them do not count, and single brackets.
        source: the text.
        place: from offsets in it to lines and columns.
        limit: how many brackets may be open at once.
        problems: told, once for each place that is left out.
    """
    depth = start = done = 0
    deep = False
    kept: list[str] = []
    for match in tokens.finditer(source):
        if match[0] in "[{":
            depth += 1
            if depth == limit:
                start = match.end()
            elif depth > limit and not deep:
                deep = True
                message = f"nested deeper than {limit} levels (limits.depth in kg.toml)"
                problems.append(Problem(*place(match.start()), "KG104", message))
        elif match[0] in "]}":
            if depth == limit and deep:
                kept += source[done:start], blank(source[start : match.start()])
                done, deep = match.start(), False
            depth = max(0, depth - 1)
    if deep:
        kept += source[done:start], blank(source[start:])
        done = len(source)
    return "".join((*kept, source[done:])) if kept else source


class Mark(NamedTuple):
    """Where a bracket stands, or where something begins that may be a field."""

    offset: int
    sign: str
    """The bracket; `key` where a key begins, which no list can hold; `line` for what may be anything."""


def at_level(marks: SequenceOf[Mark], level: int) -> Iterator[int]:
    """Where in a faulty text fields begin that are certainly nested as deep as `level`.

    If more brackets are opened than closed, counting from the beginning gives no field less than its depth; if more
    are closed, counting from the end does not: so nothing is taken for less deep than it is, wherever the fault is.
    A key within a list shows that the list was left open.
    """
    excess = sum((mark.sign in "[{") - (mark.sign in "]}") for mark in marks)
    opened = ["{"] * -excess
    for offset, sign in marks:
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}":
            opened[-1:] = []
        else:
            while sign == "key" and excess > 0 and opened and opened[-1] == "[":
                opened.pop()
                excess -= 1
            if len(opened) == level:
                yield offset


def blank(text: str) -> str:
    """As many lines and columns of nothing."""
    return re.sub(r"[^\n]", " ", text)


def without_twins(fields: Mapping, problems: list[Problem]) -> Mapping:
    """Report keys written twice; of two equal keys the last one stays."""
    entries = unique(fields.entries, problems)
    return fields if entries is fields.entries else fields._replace(entries=tuple(entries))


def unique(entries: SequenceOf[tuple[Scalar, Value]], problems: list[Problem]) -> SequenceOf[tuple[Scalar, Value]]:
    """The entries of one map, without those whose key comes again; reported."""
    seen: dict[str, tuple[Scalar, Value]] = {}
    for key, value in entries:
        first = seen.pop(key.text, None)
        if first is not None:
            message = f"'{key.text}' already stands in line {first[0].line}; this one counts, the first is left out"
            problems.append(Problem(key.line, key.column, "KG102", message))
        seen[key.text] = (key, value)
    return entries if len(seen) == len(entries) else tuple(seen.values())


def left_out(problem: Problem, first: int, last: int) -> Problem:
    """A fault that costs several lines says which."""
    if first == last == problem.line:
        return problem
    lines = f"line {first} is" if first == last else f"lines {first} to {last} are"
    return replace(problem, message=f"{problem.message}; {lines} left out")
