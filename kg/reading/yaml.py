"""YAML front matter: values as typed, every place known, one bad field never costs the others.

Built on libyaml's events (YAML 1.1, https://yaml.org/spec/1.1/) instead of its documents: events are iterative, so a
file of 30,000 brackets cannot overflow the stack, aliases are counted before they are followed, and no constructor
exists that could run anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kg.config import Limits
from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_OPEN = re.compile(r"\A(?:[ \t]*\n)*---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"^(?:[^\s#\-:\[{][^:\n]*|\"[^\"\n]*\"|'[^'\n]*'|- *[^:\n]*|\{.*)\s*:(?:\s|$)|^[{?]", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?=[^\s#\-}\]])", re.MULTILINE)
_STANDARD_TAG = "tag:yaml.org,2002:"
_DATA_TAGS = frozenset(
    _STANDARD_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "omap", "set")
)

_HINTS = {
    "mapping values are not allowed in this context": "an unquoted value holds ': '; quote the value",
    "found character that cannot start any token": "a value cannot begin with this character (a tab, @, ` or %); quote the value, indent with spaces",
    "could not find expected ':'": "a ':' is missing after the key, or a quote is never closed",
    "did not find expected ',' or ']'": "the list is not closed with ']'",
    "did not find expected ',' or '}'": "the map is not closed with '}'; quote values that begin with '{'",
    "found unexpected end of stream": "a quote is never closed",
    "did not find expected key": "the indentation does not fit, or a quoted value goes on after its closing quote",
    "did not find expected '-' indicator": "the list items are not indented alike",
    "did not find expected node content": "a list or map holds an empty place",
    "block sequence entries are not allowed in this context": "a list must begin on a line of its own",
    "found undefined alias": "a value that begins with '*' is an alias for '&…', which is not here; quote the value",
    "did not find expected alphabetic or numeric character": "a value cannot begin with '*', '&' or '!'; quote the value",
    "control characters are not allowed": "a control character stands here; delete it",
}


class _TooMuch(Exception):  # noqa: N818  a signal within this module, not an error of the user's
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class Yaml(Dialect):
    """`---` … `---` or `...`, after blank lines, with trailing blanks."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The fences, unless what stands between two rules is prose: then the post begins with a rule."""
        opening = _OPEN.match(text)
        if not opening:
            return None
        start = opening.end()
        closing = _CLOSE.search(text, start)
        if closing is None:
            return None
        source = text[start : closing.start()]
        if not _KEY_LINE.search(source) and any(
            line.strip() and not line.lstrip().startswith("#") for line in source.splitlines()
        ):
            return None
        return Block(start, closing.start(), min(closing.end() + 1, len(text)))

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; where the whole cannot, each top-level field is read by itself."""
        problems: list[Problem] = []
        try:
            fields = _Tree(source, first_line, limits, problems).fields()
        except yaml.YAMLError as error:
            whole = _problem(error, source, first_line)
        except _TooMuch as signal:
            whole = signal.problem
        else:
            return Parsed(_report_twins(fields, problems), tuple(problems))
        entries: list[tuple[Scalar, Value]] = []
        problems.clear()
        for offset, chunk in _chunks(source):
            line = first_line + source.count("\n", 0, offset)
            try:
                entries += _Tree(chunk, line, limits, problems).fields().entries
            except yaml.YAMLError as error:
                problems.append(_problem(error, chunk, line))
            except _TooMuch as signal:
                problems.append(signal.problem)
        if not any(problem.code in _FATAL for problem in problems):
            problems.insert(0, whole)
        return Parsed(_report_twins(Mapping(tuple(entries), first_line, 1), problems), tuple(problems))


_FATAL = frozenset({"KG101", "KG104", "KG105", "KG116"})


def _chunks(source: str) -> Iterator[tuple[int, str]]:
    """The source cut before every line that begins a top-level key."""
    starts = [match.start() for match in _TOP_LEVEL.finditer(source)] or [0]
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        yield start, source[start:end]


class _Tree:
    """Turns the events of one document into values."""

    def __init__(self, source: str, first_line: int, limits: Limits, problems: list[Problem]) -> None:
        self._source = source
        self._line = first_line
        self._limits = limits
        self._problems = problems
        self._anchors: dict[str, tuple[Value | None, int]] = {}
        self._count = 0
        self._depth = 0

    def fields(self) -> Mapping:
        """The document as a map of fields."""
        loader = _LOADER(self._source)
        try:
            next_event = loader.get_event
            next_event()  # the stream starts
            event = next_event()
            if type(event) is yaml.StreamEndEvent:
                return Mapping((), self._line, 1)
            event = next_event()
            value = self._value(event, next_event)
            next_event()  # the document ends
            event = next_event()
            if type(event) is not yaml.StreamEndEvent:
                raise _TooMuch(self._problem(event, "KG116", "a second document begins here; one front matter is one document"))
        finally:
            loader.dispose()
        if isinstance(value, Mapping):
            return value
        if isinstance(value, Scalar) and not value.text:
            return Mapping((), self._line, 1)
        raise _TooMuch(Problem(value.line, value.column, "KG116", "front matter must be 'key: value' lines"))

    def _value(self, event: Any, next_event: Any) -> Value:
        kind = type(event)
        mark = event.start_mark
        line, column = self._line + mark.line, mark.column + 1
        if kind is yaml.AliasEvent:
            return self._alias(event)
        self._count += 1
        if event.tag is not None and event.tag not in _DATA_TAGS and event.tag != "!":
            shown = event.tag.replace(_STANDARD_TAG, "!!")
            raise _TooMuch(Problem(line, column, "KG105", f"{shown} is no data; kg executes nothing: write the plain value"))
        before = self._count
        if kind is yaml.ScalarEvent:
            value: Value = Scalar(event.value, line, column, bool(event.style))
        else:
            self._depth += 1
            if self._depth > self._limits.depth:
                raise _TooMuch(
                    self._problem(event, "KG104", f"nested deeper than {self._limits.depth} levels (limits.depth)")
                )
            if event.anchor:
                self._anchors[event.anchor] = (None, 0)
            value = self._sequence(line, column, next_event) if kind is yaml.SequenceStartEvent else self._mapping(
                line, column, next_event
            )
            self._depth -= 1
        if event.anchor:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _sequence(self, line: int, column: int, next_event: Any) -> Sequence:
        items = []
        event = next_event()
        while type(event) is not yaml.SequenceEndEvent:
            items.append(self._value(event, next_event))
            event = next_event()
        return Sequence(tuple(items), line, column)

    def _mapping(self, line: int, column: int, next_event: Any) -> Mapping:
        entries: list[tuple[Scalar, Value]] = []
        event = next_event()
        while type(event) is not yaml.MappingEndEvent:
            key = self._value(event, next_event)
            if not isinstance(key, Scalar):
                raise _TooMuch(
                    self._problem(event, "KG101", "a list or map cannot be a key; quote the value if it begins with '{{' or '['")
                )
            value = self._value(next_event(), next_event)
            if key.text == "<<" and not key.quoted:
                entries += _merged(value)
            else:
                entries.append((key, value))
            event = next_event()
        return Mapping(tuple(entries), line, column)

    def _alias(self, event: Any) -> Value:
        if event.anchor not in self._anchors:
            raise _TooMuch(
                self._problem(event, "KG101", f"'*{event.anchor}' refers to '&{event.anchor}', which is not here; quote the value")
            )
        value, size = self._anchors[event.anchor]
        if value is None:
            raise _TooMuch(self._problem(event, "KG105", f"'*{event.anchor}' contains itself"))
        self._count += size
        if self._count > self._limits.values:
            raise _TooMuch(
                self._problem(event, "KG104", f"aliases unfold to more than {self._limits.values} values (limits.values)")
            )
        return value

    def _problem(self, event: Any, code: str, message: str) -> Problem:
        return Problem(self._line + event.start_mark.line, event.start_mark.column + 1, code, message)


def _merged(value: Value) -> Iterator[tuple[Scalar, Value]]:
    """The entries of `<<: *other` or `<<: [*a, *b]`."""
    for item in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(item, Mapping):
            yield from item.entries


def _report_twins(fields: Mapping, problems: list[Problem]) -> Mapping:
    """Report keys written twice; of two equal keys the last one stays."""
    seen: dict[str, tuple[Scalar, Value]] = {}
    for key, value in fields.entries:
        first = seen.pop(key.text, None)
        if first is not None:
            problems.append(
                Problem(key.line, key.column, "KG102",
                        f"'{key.text}' already stands in line {first[0].line}; this one counts, the first is left out")
            )  # fmt: skip
        seen[key.text] = (key, value)
    return fields if len(seen) == len(fields.entries) else Mapping(tuple(seen.values()), fields.line, fields.column)


def _problem(error: yaml.YAMLError, source: str, first_line: int) -> Problem:
    """libyaml's complaint in the user's words, at the place that has to be mended."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem:
        mark = error.problem_mark
        if "flow" in (error.context or "") or "quoted scalar" in (error.context or ""):
            mark = error.context_mark or mark  # where the list or quote opens, not where the file ends
        line, column = (mark.line, mark.column + 1) if mark else (0, 1)
        hint = _HINTS.get(error.problem) or error.problem
        if error.problem == "could not find expected ':'" and error.context_mark:
            line, column = error.context_mark.line, error.context_mark.column + 1
        return Problem(first_line + line, column, "KG101", hint)
    position = getattr(error, "position", 0)
    # A reader error counts bytes or characters, as the reader saw them; the character itself is what can be found.
    character = getattr(error, "character", None)
    code = character if isinstance(character, int) else ord(character) if isinstance(character, str) and character else None
    if code is not None and chr(code) in source:
        position = source.index(chr(code))
    line = source.count("\n", 0, position)
    column = position - (source.rfind("\n", 0, position) + 1) + 1
    shown = f"U+{code:04X} " if code is not None else ""
    return Problem(first_line + line, column, "KG101", f"the character {shown}may not stand in YAML; delete it or write it as an escape in double quotes")
