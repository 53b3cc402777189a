"""What the readers of YAML, TOML and JSON share: places, depth, repeated keys."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from collections.abc import Sequence as SequenceOf
from typing import Any, NamedTuple

from msgspec.structs import replace

from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

WIDE = "a full-width colon (：) does not end a key; write ': ' instead"


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
    """The text with spaces in place of what is nested deeper than a limit, before any parser recurses.

    What is reported is what is left out: all that the innermost brackets hold which are not too deep themselves.

    Args:
        tokens: matches strings and comments whole, so that brackets in them do not count, and single brackets.
        source: the text.
        place: from offsets in it to lines and columns.
        limit: how many brackets may be open at once.
        problems: receives one problem for each place that is left out.
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
    """A bracket, or the beginning of something that may be a field."""

    offset: int
    sign: str
    """The bracket; `key` where a key begins, which no list can hold; `line` for what may be anything."""


def at_level(marks: SequenceOf[Mark], level: int) -> Iterator[int]:
    """Where in a faulty text fields begin that are certainly nested as deep as `level`.

    A bracket that closes another one than it should shows which of the two is too much. Of what is left, if more are
    opened than closed, counting from the beginning gives no field less than its depth; if more are closed, counting
    from the end does not: so nothing is taken for less deep than it is, wherever the fault is. At level 0 a bracket
    that closes nothing stays in the field it stands in. A key within a list shows that the list was left open.
    """
    excess = {sign: sum((mark.sign == sign) - (mark.sign == _CLOSES[sign]) for mark in marks) for sign in _CLOSES}
    fields: list[tuple[int, int]] = []
    """Where each begins, and how deep that is, counting from the beginning."""
    opened: list[str] = []
    below = 0
    for offset, sign in marks:
        if sign in _CLOSES:
            opened.append(sign)
        elif sign in "]}":
            below += not _close(sign, opened, excess) and level > 0
        else:
            while sign == "key" and excess["["] > 0 and opened and opened[-1] == "[":
                opened.pop()
                excess["["] -= 1
            fields.append((offset, len(opened) - below))
    return (offset for offset, depth in fields if depth + below == level)


_CLOSES = {"[": "]", "{": "}"}


def _close(sign: str, opened: list[str], excess: dict[str, int]) -> bool:
    """Close what a bracket closes; False if nothing is open."""
    own = "[" if sign == "]" else "{"
    while opened and opened[-1] != own:
        if excess[own] < 0:  # it closes nothing …
            excess[own] += 1
            if excess[opened[-1]] > 0:  # … or stands where another should
                excess[opened.pop()] -= 1
            return True
        if excess[opened[-1]] <= 0:
            break
        excess[opened.pop()] -= 1
    return bool(opened and opened.pop())


def blank(text: str) -> str:
    """White space with as many lines and columns."""
    return "\n".join([" " * len(line) for line in text.split("\n")])


def moved(value: Value, line: int, by: int) -> Any:
    """A value of which what stands in one line, or in all if that is 0, stands some columns further to the right."""
    column = max(1, value.column + by * (line in (0, value.line)))
    if isinstance(value, Scalar):
        return replace(value, column=column)
    if isinstance(value, Sequence):
        return replace(value, items=tuple(moved(item, line, by) for item in value.items), column=column)
    pairs = ((moved(key, line, by), moved(item, line, by)) for key, item in value.entries)
    return replace(value, entries=tuple(pairs), column=column)


def without_twins(fields: Mapping, problems: list[Problem]) -> Mapping:
    """Report keys that are written twice; of two equal keys the last one counts."""
    entries = unique(fields.entries, problems)
    return fields if entries is fields.entries else replace(fields, entries=tuple(entries))


def unique(entries: SequenceOf[tuple[Scalar, Value]], problems: list[Problem]) -> SequenceOf[tuple[Scalar, Value]]:
    """The entries of one map without those whose key is repeated later, which are reported."""
    seen: dict[str, tuple[Scalar, Value]] = {}
    for key, value in entries:
        first = seen.pop(key.text, None)
        if first is not None:
            message = f"'{key.text}' already stands in line {first[0].line}; this one counts, the first is left out"
            problems.append(Problem(key.line, key.column, "KG102", message))
        seen[key.text] = (key, value)
    return entries if len(seen) == len(entries) else tuple(seen.values())


def left_out(problem: Problem, first: int, last: int) -> Problem:
    """The end of the message about a fault that costs several lines: which ones."""
    if first == last == problem.line:
        return problem
    lines = f"line {first} is" if first == last else f"lines {first} to {last} are"
    return replace(problem, message=f"{problem.message}; {lines} left out")
