"""YAML front matter: values as typed, every place known, one bad field never costs the others.

Built on libyaml's nodes (YAML 1.1, https://yaml.org/spec/1.1/) instead of its constructors: nodes keep the text and the
place, and there is nothing that could run anything. Depth is checked before libyaml recurses, aliases are counted as
they unfold.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import yaml
from msgspec.structs import replace
from yaml.scanner import ScannerError

from kg.config import Limits
from kg.reading import lines
from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.field_spans import DOCUMENT, INDENTED, TOKEN, FieldSpan, field_spans, without
from kg.reading.scanning import Places, around, left_out, unique, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

T = TypeVar("T")


class _Untyped:
    """Nodes with the tags that were typed; nothing is resolved, so nothing changes its type."""

    def resolve(self, _kind: type, _value: str, _implicit: tuple[bool, bool]) -> str:
        return ""

    def descend_resolver(self, _node: object, _index: object) -> None:
        """Paths in the document decide nothing here."""

    def ascend_resolver(self) -> None:
        """Paths in the document decide nothing here."""


class _Slow(_Untyped, yaml.BaseLoader):
    """PyYAML's own parser: it reads tabs that libyaml refuses. An anchor may be set again, as YAML allows."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if not isinstance(event, yaml.AliasEvent):
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)

    def scan_flow_scalar(self, style: str) -> Any:
        """A string in quotes; half of a surrogate pair is no character, in no version of YAML."""
        token = super().scan_flow_scalar(style)
        if _SURROGATE.search(token.value):
            raise ScannerError("in a quoted scalar", token.start_mark, _NO_CHARACTER, token.start_mark)
        return token


try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML built without libyaml: slower, otherwise the same
    _LOADER: Any = _Slow
else:

    class _Fast(_Untyped, CParser):
        """libyaml's parser."""

    _LOADER = _Fast

_SLOW_SIZE = 20_000
"""Characters that PyYAML's own parser, which is slow, is given at most."""
_OPEN = re.compile(r"\A(?:[ \t]*\n)*(?:%[A-Z]+[ \t][^\n]*\n)*(-{3,})[ \t]*\n")
"""Directives such as `%YAML 1.2` may stand before it (https://yaml.org/spec/1.2.2/#68-directives)."""
_CLOSE = re.compile(r"^(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE)
_CHINESE_KEYS = "标题|標題|题目|标签|標籤|作者|日期|分类|分類|类别|類別|摘要|关键词|關鍵詞"
_KEY_LINE = re.compile(
    rf"^(?:[A-Za-z][\w-]*|{_CHINESE_KEYS})："
    r"|^(?:[^\s#\-:\[{\"'][^:\n]*|\"[^\"\n]*\"[ \t]*|'[^'\n]*'[ \t]*|-[^:\n]*|\{.*):(?:\s|$)|^[{?]",
    re.MULTILINE,
)
_STANDARD_TAG = "tag:yaml.org,2002:"
_DEEP_LINE = re.compile(r"^[ \-?:]{32}", re.MULTILINE)
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks for YAML 1.1, but for YAML 1.2 and every editor a character like others."""
_STAND_INS = {0x85: 0xFDD0, 0x2028: 0xFDD1, 0x2029: 0xFDD2}
"""No characters in Unicode, and never exchanged, but ones that parsers take."""
_STOOD_FOR = {stand_in: char for char, stand_in in _STAND_INS.items()}
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
r"""`"\ud83d\ude00"`: JSON's way to write one character; programs that write YAML as JSON use it."""
_COMMENT = re.compile(r"(?::|^\s*(?:- *)*-)[ \t]+#(?=\S)(?!#)")
_ONE_LINE = re.compile(
    r"(?P<key>[^\s#\-:,\]}\[{\"'?&*!|>%@`][^:\n]*):[ \t]+(?P<value>(?:[^\s\[{|>&*!#]|\[\[[^\[\]\n]+\]\])[^\n]*)\Z"
)
_DATA_TAGS = frozenset(
    _STANDARD_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "omap", "set")
) | {"!", ""}

_WIDE_COLON = re.compile(r"([^\W\d][\w-]{0,39})：[ \t\u3000]*")
_WIDE = "a full-width colon (：) does not end a key; write ': ' instead"
_LINKS = "YAML has no links, and Logseq no fences; read as typed: write a YAML list of links in quotes"
_TIGHT_COLON = re.compile(r"[A-Za-z][\w-]*:(?=\S)")
_ANCHOR = re.compile(r"&[\w-]*([^\s,\[\]{}]*)", re.ASCII)
_TIGHT = re.compile(r"(?<=[,\[{])#")
_NO_BLANK = "'#' begins a comment here, and what follows is lost; quote the value, or put a blank before a comment"
_SENTENCE = re.compile(r"(?=.*[,.;!?]\s)(?:\S+\s+){4}\S|[，。；！？].|(?:\S+\s+){6}\S", re.DOTALL)
_LONG_KEY = 100

_QUOTES = ("'", '"')
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_CHARACTER = "found invalid Unicode character escape code"
_NO_ANCHOR = "found undefined alias"
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
    _NO_CHARACTER: "this escape stands for no character",
    _NO_ANCHOR: "a value that begins with '*' is an alias for '&…', which is not here; quote the value",
    "did not find expected alphabetic or numeric character": "a value cannot begin with '*', '&' or '!'; quote it",
    "did not find expected <document start>": "text goes on after the bracket that closes the map",
    "but found another document": "a second document begins here; one front matter is one document",
    "control characters are not allowed": "a control character stands here; delete it",
}


class _Refused(Exception):
    """YAML that libyaml accepts and we do not: too deep, too large, not data, not fields."""

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
        """All fields that can be read; where the whole cannot be, those that are certainly fields of their own."""
        if _OTHER_BREAKS.search(source):
            parsed = self.parse(source.translate(_STAND_INS), first_line, limits)
            fields = replace(parsed.fields, entries=tuple(_with_breaks(parsed.fields)))
            return parsed._replace(fields=fields)
        problems: list[Problem] = []
        simple = lines.read(source, first_line, limits)
        if simple is not None:
            return Parsed(without_twins(simple, problems), tuple(problems))
        try:
            fields = _read(source, first_line, limits, problems)
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
        if colons := [match for span in field_spans(source) if (match := _WIDE_COLON.match(source, span.start))]:
            place = Places(source, first_line)
            wide = [Problem(*place(colon.end(1)), "KG126", _WIDE) for colon in colons]
            ends = [0, *(colon.end() for colon in colons)]
            narrow = "".join(f"{source[end : colon.end(1)]}: " for end, colon in zip(ends, colons, strict=False))
            parsed = self.parse(narrow + source[ends[-1] :], first_line, limits)
            return parsed._replace(problems=(*wide, *parsed.problems))
        problems.clear()
        if source.lstrip().startswith("{") and (
            found := _around_one_fault(source, first_line, limits, whole, problems)
        ):
            return Parsed(without_twins(found, problems), tuple(problems))
        fields, source = _recovered(source, first_line, limits, problems)
        if not any(problem.code in _FATAL for problem in problems):
            problems.insert(0, whole)
        _report_comments(fields, source, first_line, problems)
        return Parsed(without_twins(fields, problems), tuple(problems))


_FATAL = frozenset({"KG101", "KG104", "KG105", "KG116", "KG128"})


def _read(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> Mapping:
    """The whole front matter, by libyaml, or where it refuses by PyYAML's own parser.

    Raises:
        yaml.YAMLError: it is no YAML; what libyaml says.
        _Refused: it is no map, or nested too deep.
    """

    def read(loader: Any) -> Mapping:
        found: list[Problem] = []
        fields = _Tree(source, first_line, limits, found, loader).fields()
        problems.extend(found)
        return fields

    return _by_either(len(source), read)


def _by_either(size: int, read: Callable[[Any], T]) -> T:
    """What libyaml reads, or else, in a front matter of moderate size, PyYAML's own parser.

    Raises:
        yaml.YAMLError: neither can read it; what libyaml says.
    """
    try:
        return read(_LOADER)
    except yaml.YAMLError:
        if size <= _SLOW_SIZE:
            with suppress(yaml.YAMLError, _Refused):
                return read(_Slow)
        raise


def _recovered(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> tuple[Mapping, str]:
    """The fields that are YAML when read one by one, and the source without the others."""
    place = Places(source, first_line)
    anchors: set[str] = set()
    faulty: list[FieldSpan] = []
    typed: list[tuple[Scalar, Value]] = []
    for chunk in field_spans(source):
        text = source[chunk.start : chunk.end]
        line, _column = place(chunk.start)
        fault = None if lines.read(text, line, limits) else _fault(text, line, limits, len(source), anchors)
        if fault:
            faulty.append(chunk)
            kept = list(_as_typed(text, line))
            if kept and kept[0][1].text.startswith("[["):
                fault = replace(fault, code="KG128", message=_LINKS)
            last = place(chunk.start + len(text.rstrip()))[0]
            if fault.line > last:  # libyaml looked for the end where there is nothing more
                fault = replace(fault, line=line, column=1)
            problems.append(fault if kept else left_out(fault, line, last))
            typed += kept
    rest = without(source, faulty)
    try:
        fields = _read(rest, first_line, limits, problems)
    except yaml.YAMLError as error:
        whole = _problem(error, rest, first_line)
    except _Refused as signal:
        whole = signal.problem
    else:
        entries = sorted((*fields.entries, *typed), key=lambda entry: entry[0].line) if typed else fields.entries
        return replace(fields, entries=tuple(entries)), rest
    problems[:] = [left_out(whole, first_line, place(len(source.rstrip()))[0])]
    return Mapping((), first_line, 1), rest


def _around_one_fault(
    source: str, first_line: int, limits: Limits, whole: Problem, problems: list[Problem]
) -> Mapping | None:
    """The fields before and after the fault in a map in braces, supposed that it is one; or None."""

    def read(text: str) -> Mapping | None:
        with suppress(yaml.YAMLError, _Refused):
            return _read(text, first_line, limits, [])
        return None

    place = Places(source, first_line)
    text = source.rstrip()
    if not text.lstrip().startswith("{"):
        return None
    try:
        _read(text, first_line, limits, [])
    except yaml.MarkedYAMLError as error:
        failed = error.problem_mark.index + 1 if error.problem_mark else len(text)
    except (yaml.YAMLError, _Refused):
        return None
    found = around(text, failed, TOKEN, lambda part: read(part) is not None)
    if not found:
        return None
    maps, (start, end) = found
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    problems.append(left_out(whole, place(first)[0], place(max(first, len(text[:end].rstrip()) - 1))[0]))
    entries = [entry for part in maps for entry in _read(part, first_line, limits, problems).entries]
    return Mapping(tuple(entries), first_line, 1)


def _fault(text: str, line: int, limits: Limits, size: int, anchors: set[str]) -> Problem | None:
    """What keeps a part of the source from being fields; the anchors that it sets are added where nothing does.

    Args:
        text: the part.
        line: the line of the file it begins in.
        limits: how deep values may nest.
        size: of the whole source, in characters.
        anchors: those of the parts above.
    """
    if text.startswith("<!--"):
        return Problem(line, 1, "KG116", _no_key(text))
    if INDENTED.match(text):
        return Problem(line, 1, "KG101", _HINTS["did not find expected key"])
    if DOCUMENT.match(text):
        return Problem(line, 1, "KG101", _HINTS["but found another document"])
    try:
        events = _by_either(size, lambda loader: list(_Tree(text, line, limits, [], loader).events()))
    except yaml.YAMLError as error:
        flow = isinstance(error, yaml.MarkedYAMLError) and "flow" in (error.context or "")
        if flow and (tight := _TIGHT.search(text)):
            return Problem(*Places(text, line)(tight.start()), "KG101", _NO_BLANK)
        return _problem(error, text, line)
    except _Refused as signal:
        return signal.problem
    nodes = [event for event in events if isinstance(event, yaml.NodeEvent)]
    if not nodes or not isinstance(nodes[0], yaml.MappingStartEvent) or nodes[0].flow_style:
        tight = _TIGHT_COLON.match(text)
        message = "a blank must follow the ':'" if tight else "front matter must be 'key: value' lines"
        return Problem(line, tight.end() if tight else 1, "KG116", message)
    own: set[str] = set()
    for node in nodes:
        if not isinstance(node, yaml.AliasEvent):
            own.add(node.anchor or "")
        elif node.anchor not in own and node.anchor not in anchors:
            mark: Any = node.start_mark
            return Problem(line + mark.line, mark.column + 1, "KG101", _HINTS[_NO_ANCHOR])
    anchors |= own
    return None


class _Tree:
    """Turns the node graph of a parser into values."""

    def __init__(
        self, source: str, first_line: int, limits: Limits, problems: list[Problem], loader: Any = _LOADER
    ) -> None:
        self._loader = loader
        self._source = source
        self._line = first_line
        self._limits = limits
        self._problems = problems
        self._count = 1
        self._depth = self._deepest = 0
        self._sizes: dict[int, tuple[Value | None, int, int]] | None = {} if "&" in source else None
        """Where there are aliases, of each node: its value, how many values that holds, and how deep they nest."""

    def fields(self) -> Mapping:
        """The document as a map of fields; those that are no data, or too large, are left out and reported."""
        self._check_depth()
        loader = self._loader(self._source)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None or (type(node) is yaml.ScalarNode and not node.value):
            return Mapping((), self._line, 1)
        if type(node) is not yaml.MappingNode:
            raise _Refused(self._problem(node, "KG116", "front matter must be 'key: value' lines"))
        return self._map(node, top=True)

    def events(self) -> Iterator[Any]:
        """What the parser meets, one after the other.

        Raises:
            yaml.YAMLError: it is no YAML.
            _Refused: it is nested too deep.
        """
        limit = self._limits.depth
        depth = 0
        message = f"nested deeper than {limit} levels (limits.depth in kg.toml)"
        try:
            for event in yaml.parse(self._source, Loader=self._loader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > limit:
                    raise _Refused(Problem(*self._place(event.start_mark), "KG104", message))
                yield event
        except yaml.MarkedYAMLError as error:
            # libyaml has a limit of its own in newer versions, and reads ahead: it may be met before the first event.
            if error.problem != "exceeded maximum nesting depth" or error.problem_mark is None:
                raise
            raise _Refused(Problem(*self._place(error.problem_mark), "KG104", message)) from error

    def _check_depth(self) -> None:
        """Composing recurses in C, where 30,000 brackets are a crash; so depth is counted first, on flat events."""
        limit = self._limits.depth
        if self._source.count("\n%TAG") > limit:  # libyaml compares each with all before it
            raise _Refused(Problem(self._line, 1, "KG104", f"more than {limit} %TAG lines (limits.depth in kg.toml)"))
        if self._source.count("[") + self._source.count("{") >= limit or _DEEP_LINE.search(self._source):
            for _event in self.events():
                pass

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
            message = "an alias here contains itself, or a value that is left out"
            raise _Refused(self._problem(node, "KG105", message))
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
            return Scalar(self._text(node), line, column, bool(node.style))
        if node.flow_style and "#" in self._source:
            self._report_tight_comments(node)
        if type(node) is yaml.SequenceNode:
            return Sequence(tuple([self._value(item) for item in node.value]), line, column)
        fields = self._map(node)
        if node.flow_style and self._source[node.start_mark.index] != "{" and len(fields.entries) == 1:
            key, value = fields.entries[0]
            if key.text.startswith("?") and isinstance(value, Scalar) and not value.text and not value.quoted:
                return replace(key, column=key.column - 1)  # `[?a, b]` holds no pair but the text `?a`
        return fields

    def _map(self, node: Any, *, top: bool = False) -> Mapping:
        """A map; its own keys go before those that `<<` merges, earlier maps before later ones.

        https://yaml.org/type/merge.html
        """
        entries: list[tuple[Scalar, Value]] = []
        merged: list[tuple[Scalar, Value]] = []
        for key_node, value_node in node.value:
            before = self._count
            try:
                key = self._value(key_node)
                if not isinstance(key, Scalar):
                    message = "a list or map cannot be a key; quote a value that begins with '{{' or '['"
                    raise _Refused(self._problem(key_node, "KG101", message))
                value = self._value(value_node)
            except _Refused as signal:
                if not top:
                    raise
                self._problems.append(left_out(signal.problem, *self._lines(key_node, value_node)))
                self._count = before
                continue
            if key.text == "<<" and not key.quoted:
                merged += self._merged(key, value)
            elif top and not key.quoted and (fault := _no_key(key.text)):
                self._problems.append(Problem(key.line, key.column, "KG116", f"{fault}; left out"))
            else:
                entries.append((key, value))
        if not top:
            entries = list(unique(entries, self._problems))
        known = {key.text for key, _value in entries}
        for key, value in merged:
            if key.text not in known:
                known.add(key.text)
                entries.append((key, value))
        return Mapping(tuple(entries), *self._place(node.start_mark))

    def _merged(self, key: Scalar, value: Value) -> Iterator[tuple[Scalar, Value]]:
        """The entries of `<<: *other` or `<<: [*a, *b]`; what is no map stays as typed."""
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Mapping):
                yield from item.entries
            else:
                message = "'<<' merges maps, and this is none; kept as a field, quote the key to say so"
                self._problems.append(Problem(item.line, item.column, "KG101", message))
                yield key, item

    def _text(self, node: Any) -> str:
        """The text of a scalar; libyaml takes the `?` of `?a` for a sign, and the `:x` of `&a:x` for text."""
        text: str = node.value
        start, end = node.start_mark.index, node.end_mark.index
        if node.style in _QUOTES and self._source.startswith("#", end):
            self._report_comment(node.end_mark)
        if self._source.startswith("?", start - 1) and start and not node.style:
            return f"?{text}"
        if (anchor := _ANCHOR.match(self._source, start)) and (rest := anchor[1]):
            if node.style or not text.startswith(rest):
                raise _Refused(
                    self._problem(node, "KG101", _HINTS["did not find expected alphabetic or numeric character"])
                )
            return text.removeprefix(rest).lstrip()
        return text

    def _report_tight_comments(self, node: Any) -> None:
        """`[a,#b`: without a blank before it, a `#` begins no comment in YAML, but libyaml takes it for one."""
        parts = [part for pair in node.value for part in pair] if type(node) is yaml.MappingNode else node.value
        marks = [node.start_mark, *(mark for part in parts for mark in (part.start_mark, part.end_mark)), node.end_mark]
        for before, after in zip(marks[::2], marks[1::2], strict=True):
            at = _TIGHT.search(self._source, before.index, after.index)
            if at:
                line = before.line + self._source.count("\n", before.index, at.start())
                column = at.start() - self._source.rfind("\n", 0, at.start())
                self._problems.append(Problem(self._line + line, column, "KG111", _NO_BLANK))
        if self._source.startswith("#", node.end_mark.index):
            self._report_comment(node.end_mark)

    def _report_comment(self, mark: Any) -> None:
        self._problems.append(Problem(*self._place(mark), "KG111", _NO_BLANK))

    def _grow(self, by: int, node: Any) -> None:
        self._count += by
        if self._count > self._limits.values:
            message = f"unfolds to more than {self._limits.values} values (limits.values in kg.toml)"
            raise _Refused(self._problem(node, "KG104", message))

    def _problem(self, node: Any, code: str, message: str) -> Problem:
        return Problem(*self._place(node.start_mark), code, message)

    def _lines(self, key: Any, value: Any) -> tuple[int, int]:
        """The first and last line of a field; an alias ends where its key does."""
        end = value.end_mark
        return self._line + key.start_mark.line, self._line + max(key.end_mark.line, end.line - (end.column == 0))

    def _place(self, mark: Any) -> tuple[int, int]:
        """The line and column of a mark."""
        return self._line + mark.line, mark.column + 1


def _with_breaks(fields: Mapping) -> Iterator[tuple[Scalar, Value]]:
    """The entries of a map with the characters that others stood for."""

    def original(value: Value) -> Value:
        if isinstance(value, Scalar):
            return replace(value, text=value.text.translate(_STOOD_FOR))
        if isinstance(value, Sequence):
            return replace(value, items=tuple(map(original, value.items)))
        return replace(value, entries=tuple(_with_breaks(value)))

    for key, value in fields.entries:
        yield replace(key, text=key.text.translate(_STOOD_FOR)), original(value)


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _no_key(text: str) -> str:
    """What is wrong with a top-level key that is none, or ""."""
    if text.startswith("<!--"):
        return "'<!--' begins no comment in YAML; write '#' before each line"
    if len(text) > _LONG_KEY or _SENTENCE.search(text):
        return f"'{text[:60]}' is no key but a sentence; indent text that goes on, or quote the value"
    return ""


def _as_typed(chunk: str, line: int) -> Iterator[tuple[Scalar, Scalar]]:
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
