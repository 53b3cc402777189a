"""JSON front matter (RFC 8259, https://www.rfc-editor.org/rfc/rfc8259): a file that begins with `{`, or `;;;` fences.

The library says whether a text is JSON, and reads strings; a scanner of ours walks over what it has accepted and keeps
the places and the text of numbers.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.scanning import Places, shallow, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.config import Limits

_OPEN_BRACE = re.compile(r"\A(?:[ \t]*\n)*(?=\{\s*(?://[^\n]*\n\s*)*[\"}])")
"""Comments are no JSON, but what follows one is front matter all the same, and the fault is told."""
_OPEN_FENCE = re.compile(r"\A(?:[ \t]*\n)*;;;[ \t]*\n")
_CLOSE_FENCE = re.compile(r"^;;;[ \t]*$", re.MULTILINE)
_CLOSE_BRACE = re.compile(r"^\}[ \t]*$", re.MULTILINE)
_STRING = r"\"(?:[^\"\\\n]|\\.)*\""
_TOKENS = re.compile(rf"{_STRING}?|[\[\]{{}}]")
"""A string that is never closed ends with its line; so no text takes long to tell."""
_TOKEN = re.compile(rf"\s*({_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:\"]+)")
_MEMBER = re.compile(rf"^[ \t]*(?:\{{[ \t]*)?(?={_STRING}\s*:)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Json(Dialect):
    """`{` … `}` or `;;;` … `;;;`."""

    name = "json"

    def locate(self, text: str) -> Block | None:
        """The object, with its braces."""
        fence = _OPEN_FENCE.match(text)
        if fence:
            closing = _CLOSE_FENCE.search(text, fence.end())
            return closing and Block(fence.end(), closing.start(), min(closing.end() + 1, len(text)))
        brace = _OPEN_BRACE.match(text)
        if not brace:
            return None
        end = _end_of_object(text, brace.end())
        if end is None:
            return None
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)]
        return Block(brace.end(), end, end if rest.strip() or line_end < 0 else line_end + 1)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; where the whole is no JSON, each member is read by itself."""
        place = Places(source, first_line)
        problems: list[Problem] = []
        if not source.strip():
            return Parsed(Mapping((), first_line, 1))
        text = shallow(_TOKENS, source, place, limits.depth, problems)
        try:
            _check(text)
        except json.JSONDecodeError as error:
            problems.clear()
            entries = tuple(_recovered(source, place, limits.depth, problems))
            if not problems:
                problems.append(_problem(error, place, 0))
            return Parsed(without_twins(Mapping(entries, first_line, 1), problems), tuple(problems))
        value = _Scanner(text, place, 0, problems).value()
        if isinstance(value, Mapping):
            return Parsed(without_twins(value, problems), tuple(problems))
        problems.append(Problem(value.line, value.column, "KG116", 'front matter must be an object: {"key": value}'))
        return Parsed(Mapping((), first_line, 1), tuple(problems))


def _check(source: str) -> None:
    """Whether a text is JSON; numbers may have any number of digits, for they are kept as text.

    Raises:
        json.JSONDecodeError: it is not.
    """
    json.loads(source, parse_int=str, parse_float=str)


def _end_of_object(text: str, start: int) -> int | None:
    """The offset after the brace that closes the first one, or after the first line that is nothing but a brace."""
    depth = 0
    for match in _TOKENS.finditer(text, start):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
            if not depth:
                return match.end()
    closing = _CLOSE_BRACE.search(text, start)
    return closing and closing.end()


class _Scanner:
    """Walks over valid JSON."""

    def __init__(self, source: str, place: Places, shift: int, problems: list[Problem]) -> None:
        self._tokens = _TOKEN.finditer(source)
        self._place = place
        self._shift = shift
        self._problems = problems

    def value(self) -> Value:
        """Read one value."""
        return self._value(next(self._tokens))

    def _value(self, token: re.Match[str]) -> Value:
        place = self._place(self._shift + token.start(1))
        if token[1] == "[":
            return Sequence(tuple(self._items()), *place)
        if token[1] == "{":
            return Mapping(tuple(self._members()), *place)
        return self._scalar(token)

    def _scalar(self, token: re.Match[str]) -> Scalar:
        place = self._place(self._shift + token.start(1))
        if token[1][0] != '"':
            return Scalar(token[1], *place)
        text: str = json.loads(token[1])
        if _SURROGATE.search(text):
            message = "half of a surrogate pair is no character; it is read as U+FFFD"
            self._problems.append(Problem(*place, "KG101", message))
            text = _SURROGATE.sub("\ufffd", text)
        return Scalar(text, *place, quoted=True)

    def _items(self) -> Iterator[Value]:
        for token in self._tokens:
            if token[1] == "]":
                return
            if token[1] != ",":
                yield self._value(token)

    def _members(self) -> Iterator[tuple[Scalar, Value]]:
        for token in self._tokens:
            if token[1] == "}":
                return
            if token[1] != ",":
                key = self._scalar(token)
                next(self._tokens)  # the colon
                yield key, self.value()


def _recovered(source: str, place: Places, limit: int, problems: list[Problem]) -> Iterator[tuple[Scalar, Value]]:
    """The members that are JSON when read one by one, each from the line it begins on."""
    starts = [match.end() for match in _MEMBER.finditer(source)]
    if not starts:
        return
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        chunk = source[start:end].rstrip()
        last = end == len(source)
        chunk = (chunk.removesuffix("}") if last else chunk).rstrip().removesuffix(",")
        chunk = shallow(_TOKENS, "{" + chunk + "}", place.after(start - 1), limit, problems)
        try:
            _check(chunk)
        except json.JSONDecodeError as error:
            problems.append(_problem(error, place, start - 1))
            continue
        value = _Scanner(chunk, place, start - 1, problems).value()
        assert isinstance(value, Mapping), "an object in braces"
        yield from value.entries


def _problem(error: json.JSONDecodeError, place: Places, shift: int) -> Problem:
    message = f"no valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    return Problem(*place(max(0, shift + error.pos)), "KG101", message)
