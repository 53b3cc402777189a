"""JSON front matter (RFC 8259, https://www.rfc-editor.org/rfc/rfc8259): a file that begins with `{`, or `;;;` fences.

The library says whether a text is JSON, and reads strings; a scanner of ours walks over what it has accepted and keeps
the places and the text of numbers.
"""

import json
import re
from collections.abc import Iterator

from msgspec.structs import replace

from kg.config import Limits
from kg.reading.braces import members
from kg.reading.dialect import Block, Dialect, Parsed, fenced
from kg.reading.scanning import Places, left_out, moved, shallow, unique, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value
from kg.text.characters import SURROGATE

_OPEN_BRACE = re.compile(
    r"\A(?:[ \t]*\n)*(?=\{\s*(?://[^\n]*\n\s*)*[\"}]|\{(?:\s*'[\w-]+'|[ \t]*\n\s*[\w-]+)\s*:"
    r"|\{(?![{%#:])[ \t]*\n?[ \t]*(?:[^\w\s\"]{1,2}[ \t]*\"[^\"\n]+\"|[“”„]?[\w-]+\")[ \t]*:)"
)
"""Comments, other quotes, bare keys and a sign too many or too few are no JSON, but what holds them is front matter all
the same, and the fault is told."""
_GOES_ON = re.compile(r"\s*[,\]}]|[ \t]*(?::|[\[{][\s\d\"\[{]|\"[^\"\n]*\"[ \t]*(?:[:,]|$))", re.MULTILINE)
_OPEN_FENCE = re.compile(r"\A(?:[ \t]*\n)*(?:;;;[ \t]*\n|(?=(?:(?!\{)[^\n]{1,200}\n)?\"[^\"\n]+\"[ \t]*:))")
"""Hexo writes neither the braces nor this fence (https://hexo.io/docs/front-matter#JSON-Front-matter)."""
_CLOSE_FENCE = re.compile(r"^;;;[ \t]*$", re.MULTILINE)
_CLOSE_BRACE = re.compile(r"^\}[ \t]*$(?!\s*[,\]}])", re.MULTILINE)
"""A line that consists of a closing brace and does not continue the JSON."""
_STRING = r"\"(?:[^\"\\\n]|\\.)*\""
_TOKENS = re.compile(rf"{_STRING}?|[\[\]{{}},]")
"""A string that is never closed ends with its line, so that no text takes long to read."""
_TOKEN = re.compile(rf"\s*({_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:\"]+)")
_LEXIS = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*+\")|(?P<torn>\"[^\n]*)|(?P<sign>[\[\]{},:])|(?P<word>[^\s\[\]{},:\"]+)"
)


class Json(Dialect):
    """`{` … `}` or `;;;` … `;;;`."""

    name = "json"

    def locate(self, text: str) -> Block | None:
        """The object, with its braces."""
        fence = _OPEN_FENCE.match(text)
        if fence:
            return fenced(text, fence, _CLOSE_FENCE)
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
        """All fields that can be read; if the whole is not JSON, each member is read by itself."""
        place = Places(source, first_line)
        problems: list[Problem] = []
        if not source.strip():
            return Parsed(Mapping((), first_line, 1))
        if not source.lstrip().startswith(("{", "[")):
            fields, faults = self.parse("{" + source + "}", first_line, limits)
            left = [replace(fault, column=max(1, fault.column - (fault.line == first_line))) for fault in faults]
            return Parsed(moved(fields, first_line, -1), tuple(left))
        text = shallow(_TOKENS, source, place, limits.depth, problems)
        try:
            _check(text)
        except json.JSONDecodeError as error:
            problems.clear()
            entries = tuple(_recovered(source, place, limits.depth, problems))
            whole = _problem(error, place, 0)
            if not entries and all(problem.code == whole.code for problem in problems):
                problems = [left_out(whole, first_line, place(len(text.rstrip()) - 1)[0])]
            elif not problems:
                problems.append(whole)
            return Parsed(without_twins(Mapping(entries, first_line, 1), problems), tuple(problems))
        value = _JsonScanner(text, place, 0, problems).value()
        if isinstance(value, Mapping):
            return Parsed(without_twins(value, problems), tuple(problems))
        problems.append(Problem(value.line, value.column, "KG116", 'front matter must be an object: {"key": value}'))
        return Parsed(Mapping((), first_line, 1), tuple(problems))


def _check(source: str) -> None:
    """Check that a text is JSON; numbers may have any number of digits, because they are kept as text.

    Raises:
        json.JSONDecodeError: it is not.
    """
    json.loads(source, parse_int=str, parse_float=str)


def _end_of_object(text: str, start: int) -> int | None:
    """The offset after the brace that closes the first one; a fault may hide it, then after the line that shows it."""
    lone = _CLOSE_BRACE.search(text, start)
    depth = 0
    for match in _TOKENS.finditer(text, start, lone.end() if lone else len(text)):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if not depth and match[0] in "]}":
            if match[0] == "}" and not _GOES_ON.match(text, match.end()):
                return match.end()
            line_end = text.find("\n", match.end())
            return lone.end() if lone else line_end if line_end >= 0 else len(text)
    return lone and lone.end()


class _JsonScanner:
    """Walks over valid JSON."""

    def __init__(self, source: str, place: Places, shift: int, problems: list[Problem]) -> None:
        self._tokens = _TOKEN.finditer(source)
        self._place = place
        self._shift = shift
        self._problems = problems
        self._level = 0

    def value(self) -> Value:
        """Read one value."""
        return self._value(next(self._tokens))

    def _value(self, token: re.Match[str]) -> Value:
        place = self._place(self._shift + token.start(1))
        if token[1] == "[":
            return Sequence(tuple(map(self._value, self._each("]"))), *place)
        if token[1] == "{":
            self._level += 1
            members = tuple(map(self._member, self._each("}")))
            self._level -= 1
            return Mapping(tuple(unique(members, self._problems)) if self._level else members, *place)
        return self._scalar(token)

    def _scalar(self, token: re.Match[str]) -> Scalar:
        place = self._place(self._shift + token.start(1))
        if token[1][0] != '"':
            return Scalar(token[1], *place)
        text: str = json.loads(token[1])
        if SURROGATE.search(text):
            message = "half of a surrogate pair is not a character; it is read as U+FFFD"
            self._problems.append(Problem(*place, "KG101", message))
            text = SURROGATE.sub("\ufffd", text)
        return Scalar(text, *place, quoted=True)

    def _each(self, closing: str) -> Iterator[re.Match[str]]:
        """The first token of each item, to be read before the next one is asked for."""
        for token in self._tokens:
            if token[1] == closing:
                return
            if token[1] != ",":
                yield token

    def _member(self, token: re.Match[str]) -> tuple[Scalar, Value]:
        key = self._scalar(token)
        next(self._tokens)  # the colon
        return key, self.value()


def _recovered(source: str, place: Places, limit: int, problems: list[Problem]) -> Iterator[tuple[Scalar, Value]]:
    """The members of the object itself that are JSON when read one by one."""
    for start, end in members(source, _LEXIS, _is_no_member):
        reported = len(problems)
        chunk = shallow(_TOKENS, "{" + source[start:end] + "}", place.after(start - 1), limit, problems)
        try:
            _check(chunk)
        except json.JSONDecodeError as error:
            # What is nested too deep is why the rest cannot be read.
            fault = problems.pop() if len(problems) > reported else _problem(error, place, start - 1)
            problems.append(left_out(fault, place(start)[0], place(end - 1)[0]))
        else:
            value = _JsonScanner(chunk, place, start - 1, problems).value()
            assert isinstance(value, Mapping), "an object in braces"
            yield from value.entries


def _is_no_member(text: str) -> bool:
    try:
        _check("{" + text + "}")
    except (json.JSONDecodeError, RecursionError):  # nothing is read that is nested so deep
        return True
    return False


def _problem(error: json.JSONDecodeError, place: Places, shift: int) -> Problem:
    message = f"no valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    return Problem(*place(max(0, shift + error.pos)), "KG101", message)
