"""What the readers of YAML, TOML and JSON share: places, depth, repeated keys, and recovery from faults."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from collections.abc import Sequence as SequenceOf
from typing import NamedTuple

from msgspec.structs import replace

from kg.reading.values import Mapping, Problem, Scalar, Value


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


_TRIES = 60
_WORK = 100_000
"""The number of commas that are tried on each side of a fault, and of characters that are parsed for that."""
_STRAY = re.compile(
    r"\s*(?:\S(?=\s*\"(?:[^\"\\]|\\.)*\"\s*:)|[\[\]{},:](?=\s*(?:\w[^,:\[\]{}\"']*:\s|'[^']*'\s*:)))", re.DOTALL
)
"""A sign too many before a member."""
_OPENS = {"]": "[", "}": "{"}


def around(
    source: str, failed: int, tokens: re.Pattern[str], valid: Callable[[str], bool]
) -> tuple[list[str], tuple[int, int]] | None:
    """What comes before and after the only fault of a faulty `{…}`, and the offsets between which it lies; or None.

    A parser gives up at the fault or behind it. So whatever ends a document from a later comma on is as it was, and so
    is what was read before an earlier comma, unless the text behind that comma could also end a document from within
    a string, or from another depth: then the fault may be further up.

    Args:
        source: the text, with its braces.
        failed: where the parser gave up.
        tokens: matches strings and comments whole, single brackets, and commas.
        valid: whether a text is one whole map.

    Returns:
        Maps that can be read, each character where it stood; and from where to where nothing can.
    """
    if not source.lstrip().startswith("{"):
        return None
    depth = 0
    commas: list[int] = []
    for match in tokens.finditer(source):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if match[0] == "," and depth == 1 and match.start() < failed:
            commas.append(match.start())

    def certain(comma: int) -> bool:
        return not any(map(valid, _other_ends(source[comma + 1 :], tokens)))

    opening = source.index("{")
    tries = min(_TRIES, _WORK // len(source))
    before = next((at for at in commas[: -tries - 1 : -1] if valid(source[:at] + "}") and certain(at)), opening)
    later = [match.start() for match in re.compile(",").finditer(source, failed)][:tries]
    after = next((at for at in later if valid("{" + source[at + 1 :]) and certain(at)), len(source))
    if before == opening and after == len(source):
        return None
    maps = [source[:before] + "}"] if before > opening else []
    below = [blank(source[:after]) + "{" + source[after + 1 :]] if after < len(source) else []
    stray = _STRAY.match(source, before + 1, after)
    for begin in (before + 1, stray.end()) if stray else (before + 1,):
        member = blank(source[: begin - 1]) + "{" + source[begin:after] + "}" * len(below)
        if valid(member):
            return [*maps, member, *below], (before + 1, begin)
    return [*maps, *below], (before + 1, after)


def _other_ends(rest: str, tokens: re.Pattern[str]) -> Iterator[str]:
    """Documents that a text would end, if it did not begin between the members of the outermost map."""
    opened = _left_open(rest, tokens)
    if opened != "{":
        yield from (f"{start}{rest}" for start in _starts(opened, ""))
    for quote in "\"'":
        closing = re.compile(r"(?:[^\"\\]|\\.)*\"" if quote == '"' else "(?:[^']|'')*'", re.DOTALL).match(rest)
        if closing:
            opened = _left_open(rest[closing.end() :], tokens)
            yield from (f"{start}{rest}" for start in _starts(opened, quote))


def _left_open(rest: str, tokens: re.Pattern[str]) -> str:
    """The brackets that a text closes without having opened them, the outermost first."""
    inner: list[str] = []
    outer = ""
    for match in tokens.finditer(rest):
        if match[0] in "[{":
            inner.append(match[0])
        elif match[0] in "]}":
            if inner:
                inner.pop()
            else:
                outer = _OPENS[match[0]] + outer
    return outer


def _starts(opened: str, quote: str) -> Iterator[str]:
    """Beginnings of a document that leave some brackets open, and a string where there is a quote."""
    if opened[:1] != "{":
        return
    above = "".join('{"k": ' if bracket == "{" else "[" for bracket in opened[:-1])
    yield f"{above}{opened[-1]}{quote}"
    if quote and opened[-1] == "{":
        yield f'{above}{{"k": {quote}'


def blank(text: str) -> str:
    """White space with as many lines and columns."""
    return re.sub(r"[^\n]", " ", text)


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
