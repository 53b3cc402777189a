"""YAML front matter: values as typed, every place known, one bad field never costs the others.

Built on libyaml's nodes (YAML 1.1, https://yaml.org/spec/1.1/) instead of its constructors: nodes keep the text and the
place, and there is nothing that could run anything. Depth is checked before libyaml recurses, aliases are counted as
they unfold.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from kg.reading import lines
from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.scanning import Places, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.config import Limits

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML built without libyaml: slower, otherwise the same
    _LOADER: Any = yaml.BaseLoader
else:

    class _NodeLoader(CParser):
        """libyaml's nodes with the tags that were typed; nothing is resolved, so nothing changes its type."""

        def resolve(self, _kind: type, _value: str, _implicit: tuple[bool, bool]) -> str:
            return ""

        def descend_resolver(self, _node: object, _index: object) -> None:
            """Paths in the document decide nothing here."""

        def ascend_resolver(self) -> None:
            """Paths in the document decide nothing here."""

    _LOADER = _NodeLoader

_OPEN = re.compile(r"\A(?:[ \t]*\n)*(?:%[A-Z]+[ \t][^\n]*\n)*(-{3,})[ \t]*\n")
"""Directives such as `%YAML 1.2` may stand before it (https://yaml.org/spec/1.2.2/#68-directives)."""
_CLOSE = re.compile(r"^(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(
    r"^(?:[^\s#\-:\[{\"'][^:\n]*|\"[^\"\n]*\"[ \t]*|'[^'\n]*'[ \t]*|-[^:\n]*|\{.*):(?:\s|$)|^[{?]", re.MULTILINE
)
_TOP_LEVEL = re.compile(r"^(?=[^\s#\-}\]])", re.MULTILINE)
_STANDARD_TAG = "tag:yaml.org,2002:"
_DEEP_LINE = re.compile(r"^[ \-?:]{32}", re.MULTILINE)
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks for YAML 1.1, but for no editor."""
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
r"""`"\ud83d\ude00"`: JSON's way to write one character; programs that write YAML as JSON use it."""
_COMMENT = re.compile(r"(?::|^\s*(?:- *)*-)[ \t]+#(?=\S)(?!#)")
_ONE_LINE = re.compile(r"(?P<key>[^\s#\-:\[{\"'?&*!|>%@`][^:\n]*):[ \t]+(?P<value>[^\s\[{|>&*!#][^\n]*)\Z")
_DATA_TAGS = frozenset(
    _STANDARD_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "omap", "set")
) | {"!", ""}

_TOO_DEEP = "nested deeper than any parser goes"
_HINTS = {
    "exceeded maximum nesting depth": _TOO_DEEP,
    "mapping values are not allowed in this context": "an unquoted value holds ': '; quote the value",
    "found character that cannot start any token": "a value cannot begin with a tab, @, ` or %; quote it, use blanks",
    "could not find expected ':'": "a ':' is missing after the key, or a quote is never closed",
    "did not find expected ',' or ']'": "the list is not closed with ']'",
    "did not find expected ',' or '}'": "the map is not closed with '}'; quote values that begin with '{'",
    "found unexpected end of stream": "a quote is never closed",
    "did not find expected key": "the indentation does not fit, or a quoted value goes on after its closing quote",
    "did not find expected '-' indicator": "the list items are not indented alike",
    "did not find expected node content": "a list or map holds an empty place",
    "block sequence entries are not allowed in this context": "a list must begin on a line of its own",
    "found invalid Unicode character escape code": "this escape stands for no character",
    "found undefined alias": "a value that begins with '*' is an alias for '&…', which is not here; quote the value",
    "did not find expected alphabetic or numeric character": "a value cannot begin with '*', '&' or '!'; quote it",
    "but found another document": "a second document begins here; one front matter is one document",
    "control characters are not allowed": "a control character stands here; delete it",
}


class _Refused(Exception):
    """What libyaml would take, and we do not: too deep, too large, not data, not fields."""

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
        dashes = opening[1]
        fault = None
        if dashes != "---":
            line = text.count("\n", 0, opening.start(1)) + 1
            message = f"the fence is '{dashes}'; other tools see no front matter here: write '---'"
            fault = Problem(line, 1, "KG121", message)
        return Block(start, closing.start(), min(closing.end() + 1, len(text)), fault)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; where the whole cannot, each top-level field is read by itself."""
        problems: list[Problem] = []
        simple = lines.read(source, first_line, limits)
        if simple is not None:
            return Parsed(without_twins(simple, problems), tuple(problems))
        try:
            fields = _Tree(source, first_line, limits, problems).fields()
        except yaml.YAMLError as error:
            joined = _PAIR.sub(_joined, source)
            if joined != source and "escape code" in str(error):
                return self.parse(joined, first_line, limits)
            whole = _problem(error, source, first_line)
        except _Refused as signal:
            whole = signal.problem
        else:
            _report_comments(fields, source, first_line, problems)
            return Parsed(without_twins(fields, problems), tuple(problems))
        entries: list[tuple[Scalar, Value]] = []
        problems.clear()
        place = Places(source, first_line)
        for offset, chunk in _chunks(source):
            line, _column = place(offset)
            try:
                read = lines.read(chunk, line, limits) or _Tree(chunk, line, limits, problems).fields()
                entries += read.entries
            except yaml.YAMLError as error:
                # An alias whose anchor stands in another field is no fault of its own: `whole` says what is wrong.
                if "undefined alias" not in (getattr(error, "problem", None) or ""):
                    problems.append(_problem(error, chunk, line))
                    entries += _as_typed(chunk, line)
            except _Refused as signal:
                problems.append(signal.problem)
        if not any(problem.code in _FATAL for problem in problems):
            problems.insert(0, whole)
        fields = Mapping(tuple(entries), first_line, 1)
        _report_comments(fields, source, first_line, problems)
        return Parsed(without_twins(fields, problems), tuple(problems))


_FATAL = frozenset({"KG101", "KG104", "KG105", "KG116"})


def _chunks(source: str) -> Iterator[tuple[int, str]]:
    """The source cut before every line that begins a top-level key."""
    starts = [match.start() for match in _TOP_LEVEL.finditer(source)] or [0]
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        yield start, source[start:end]


class _Tree:
    """Turns libyaml's node graph into values."""

    def __init__(self, source: str, first_line: int, limits: Limits, problems: list[Problem]) -> None:
        self._source = source
        self._line = first_line
        self._limits = limits
        self._problems = problems
        self._count = 0
        self._exotic = Places(source, first_line) if _OTHER_BREAKS.search(source) else None
        self._depth = self._deepest = 0
        self._sizes: dict[int, tuple[Value | None, int, int]] | None = {} if "&" in source else None
        """Where there are aliases, of each node: its value, how many values that holds, and how deep they nest."""

    def fields(self) -> Mapping:
        """The document as a map of fields."""
        self._check_depth()
        loader = _LOADER(self._source)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None:
            return Mapping((), self._line, 1)
        value = self._value(node)
        if isinstance(value, Mapping):
            return value
        if isinstance(value, Scalar) and not value.text:
            return Mapping((), self._line, 1)
        raise _Refused(Problem(value.line, value.column, "KG116", "front matter must be 'key: value' lines"))

    def _check_depth(self) -> None:
        """Composing recurses in C, where 30,000 brackets are a crash; so depth is counted first, on flat events."""
        limit = self._limits.depth
        if self._source.count("\n%TAG") > limit:  # libyaml compares each with all before it
            raise _Refused(Problem(self._line, 1, "KG104", f"more than {limit} %TAG lines (limits.depth in kg.toml)"))
        if self._source.count("[") + self._source.count("{") < limit and not _DEEP_LINE.search(self._source):
            return
        depth = 0
        message = f"nested deeper than {limit} levels (limits.depth in kg.toml)"
        try:
            for event in yaml.parse(self._source, Loader=_LOADER):
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                    if depth > limit:
                        raise _Refused(Problem(*self._place(event.start_mark), "KG104", message))
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
        except yaml.MarkedYAMLError as error:
            # libyaml has a limit of its own in newer versions, and reads ahead: it may be met before the first event.
            if error.problem != "exceeded maximum nesting depth" or error.problem_mark is None:
                raise
            raise _Refused(Problem(*self._place(error.problem_mark), "KG104", message)) from error

    def _value(self, node: Any) -> Value:
        if self._sizes is None:
            return self._fresh(node)
        held = self._sizes.get(id(node))
        if held is None:
            self._sizes[id(node)] = (None, 0, 0)
            before, deepest = self._count, self._deepest
            self._depth += 1
            self._deepest = self._depth
            value = self._fresh(node)
            self._depth -= 1
            self._sizes[id(node)] = (value, self._count - before, self._deepest - self._depth)
            self._deepest = max(self._deepest, deepest)
            return value
        known, size, height = held
        if known is None:
            raise _Refused(self._problem(node, "KG105", "an alias here contains itself"))
        self._grow(size, node)
        self._deepest = max(self._deepest, self._depth + height)
        if self._deepest > 2 * self._limits.depth:
            message = f"aliases nest deeper than {2 * self._limits.depth} levels (limits.depth in kg.toml)"
            raise _Refused(self._problem(node, "KG104", message))
        return known

    def _fresh(self, node: Any) -> Value:
        self._grow(1, node)
        tag = node.tag
        line, column = self._place(node.start_mark)
        if tag not in _DATA_TAGS:
            shown = tag.replace(_STANDARD_TAG, "!!")
            message = f"{shown} is no data, and kg executes nothing; write the plain value"
            raise _Refused(Problem(line, column, "KG105", message))
        if type(node) is yaml.ScalarNode:
            return Scalar(node.value, line, column, bool(node.style))
        if type(node) is yaml.SequenceNode:
            return Sequence(tuple([self._value(item) for item in node.value]), line, column)
        entries: list[tuple[Scalar, Value]] = []
        for key_node, value_node in node.value:
            key = self._value(key_node)
            if not isinstance(key, Scalar):
                message = "a list or map cannot be a key; quote a value that begins with '{{' or '['"
                raise _Refused(self._problem(key_node, "KG101", message))
            value = self._value(value_node)
            if key.text == "<<" and not key.quoted:
                entries += _merged(value)
            else:
                entries.append((key, value))
        return Mapping(tuple(entries), line, column)

    def _grow(self, by: int, node: Any) -> None:
        self._count += by
        if self._count > self._limits.values:
            message = f"unfolds to more than {self._limits.values} values (limits.values in kg.toml)"
            raise _Refused(self._problem(node, "KG104", message))

    def _problem(self, node: Any, code: str, message: str) -> Problem:
        return Problem(*self._place(node.start_mark), code, message)

    def _place(self, mark: Any) -> tuple[int, int]:
        """The line and column of a mark."""
        return self._exotic(mark.index) if self._exotic else (self._line + mark.line, mark.column + 1)


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _merged(value: Value) -> Iterator[tuple[Scalar, Value]]:
    """The entries of `<<: *other` or `<<: [*a, *b]`."""
    for item in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(item, Mapping):
            yield from item.entries


def _as_typed(chunk: str, line: int) -> Iterator[tuple[Scalar, Value]]:
    """A field of one line that is no YAML: its text is kept as a person would read it (`title: Part 1: the start`)."""
    match = _ONE_LINE.match(chunk.rstrip())
    if match:
        value = Scalar(match["value"], line, match.start("value") + 1, quoted=True)
        yield Scalar(match["key"].strip(), line, 1), value


def _report_comments(fields: Mapping, source: str, first_line: int, problems: list[Problem]) -> None:
    """Report values and items that are empty because `#` made a comment of them: `tags: #graph`."""
    if " #" not in source:
        return
    rows = source.split("\n")

    @cache
    def comment(line: int) -> re.Match[str] | None:
        return _COMMENT.search(rows[line - first_line]) if line - first_line < len(rows) else None

    for key, value in fields.entries:
        for item in (value, *value.items) if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar) and not item.text and not item.quoted:
                # libyaml says that an empty value stands where its key or dash ends.
                match = comment(item.line)
                if match:
                    message = f"{key.text}: '#' begins a comment, so there is no value; quote it"
                    problems.append(Problem(item.line, match.end(), "KG111", message))


def _problem(error: yaml.YAMLError, source: str, first_line: int) -> Problem:
    """Libyaml's complaint in the user's words, at the place that has to be mended."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem:
        mark = error.problem_mark
        if "flow" in (error.context or "") or "quoted scalar" in (error.context or ""):
            mark = error.context_mark or mark  # where the list or quote opens, not where the file ends
        if error.problem == "could not find expected ':'":
            mark = error.context_mark or mark
        line, column = (mark.line, mark.column + 1) if mark is not None else (0, 1)
        hint = _HINTS.get(error.problem) or error.problem
        return Problem(first_line + line, column, "KG104" if hint == _TOO_DEEP else "KG101", hint)
    position = getattr(error, "position", 0)
    # A reader error counts bytes or characters, as the reader saw them; the character itself is what can be found.
    character = getattr(error, "character", None)
    code: int | None = ord(character) if isinstance(character, str) and character else character or None
    if code is not None and chr(code) in source:
        position = source.index(chr(code))
    line = source.count("\n", 0, position)
    column = position - (source.rfind("\n", 0, position) + 1) + 1
    shown = f"U+{code:04X} " if code is not None else ""
    message = f"the character {shown}may not stand in YAML; delete it, or write it as an escape in double quotes"
    return Problem(first_line + line, column, "KG101", message)
