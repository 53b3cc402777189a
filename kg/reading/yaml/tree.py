"""From the nodes of a parser to values: places are kept, aliases unfold, `<<` merges.

Depth is checked before libyaml recurses, and aliases are counted as they unfold.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec.structs import replace

from kg.config import Limits
from kg.reading.scanning import left_out, unique
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value
from kg.reading.yaml.faults import HINTS, NO_BLANK, TIGHT, Refused, holds_value, no_key
from kg.reading.yaml.loading import LOADER, by_either

_STANDARD_TAG = "tag:yaml.org,2002:"
_DEEP_LINE = re.compile(r"^[ \-?:]{32}", re.MULTILINE)
_DATA_TAGS = frozenset(
    _STANDARD_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "omap", "set")
) | {"!", ""}
_ANCHOR = re.compile(r"&[\w-]*([^\s,\[\]{}]*)", re.ASCII)
_ITEM_BELOW = re.compile(r"[^\n]{1,40}\n[ \t]*- \S")
"""A short text, and below it an item that is indented otherwise."""
_ITEM_OR_FIELD = re.compile(r"[ \t]*(?:(?:- +)+|[\w-]+: +)\Z")
_ONE_TEXT = "a line that begins with '- ' goes on with this text; indent the items of a list alike"
_PROPERTY = "'key:: value' is no YAML; read as 'key: value', which is what to write here"
_QUOTED_PROPERTY = (
    "Obsidian makes '\"key:\": value' of Logseq's 'key:: value'; read as 'key: value', which is what to write here"
)
_OF_PROPERTY = re.compile(r"\w:\Z|::\Z")
_QUOTES = ("'", '"')


def read_whole(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> Mapping:
    """The whole front matter, by libyaml, or where it refuses by PyYAML's own parser.

    Raises:
        yaml.YAMLError: it is not YAML; the error is libyaml's.
        Refused: it is not a map, or nested too deep.
    """

    def read(loader: Any) -> Mapping:
        found: list[Problem] = []
        fields = Tree(source, first_line, limits, found, loader).fields()
        problems.extend(found)
        return fields

    return by_either(len(source), read)


class Tree:
    """Turns the node graph of a parser into values."""

    def __init__(
        self, source: str, first_line: int, limits: Limits, problems: list[Problem], loader: Any = LOADER
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
        """The document as a map of fields; those that are not data, or too large, are left out and reported."""
        self._check_depth()
        loader = self._loader(self._source)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None or (type(node) is yaml.ScalarNode and not node.value):
            return Mapping((), self._line, 1)
        if type(node) is not yaml.MappingNode:
            raise Refused(self._problem(node, "KG116", "front matter must be 'key: value' lines"))
        return self._map(node, top=True)

    def events(self) -> Iterator[Any]:
        """The parser's events.

        Raises:
            yaml.YAMLError: it is not YAML.
            Refused: it is nested too deep.
        """
        limit = self._limits.depth
        depth = 0
        message = f"nested deeper than {limit} levels (limits.depth in kg.toml)"
        try:
            for event in yaml.parse(self._source, Loader=self._loader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > limit:
                    raise Refused(Problem(*self._place(event.start_mark), "KG104", message))
                yield event
        except yaml.MarkedYAMLError as error:
            # libyaml has a limit of its own in newer versions, and reads ahead: it may be met before the first event.
            if error.problem != "exceeded maximum nesting depth" or error.problem_mark is None:
                raise
            raise Refused(Problem(*self._place(error.problem_mark), "KG104", message)) from error

    def _check_depth(self) -> None:
        """Composing recurses in C, where 30,000 brackets are a crash; so depth is counted first, on flat events."""
        limit = self._limits.depth
        if self._source.count("\n%TAG") > limit:  # libyaml compares each with all before it
            raise Refused(Problem(self._line, 1, "KG104", f"more than {limit} %TAG lines (limits.depth in kg.toml)"))
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
            raise Refused(self._problem(node, "KG105", message))
        self._grow(size, node)
        self._deepest = max(self._deepest, self._depth + height)
        if self._deepest > 2 * self._limits.depth:
            message = f"aliases nest deeper than {2 * self._limits.depth} levels (limits.depth in kg.toml)"
            raise Refused(self._problem(node, "KG104", message))
        return known

    def _fresh(self, node: Any) -> Value:
        self._grow(1, node)
        tag = node.tag
        line, column = self._place(node.start_mark)
        if tag not in _DATA_TAGS:
            shown = tag.replace(_STANDARD_TAG, "!!")
            message = f"{shown} is not data, and kg executes nothing; write the plain value"
            if tag.startswith("![") and type(node) is yaml.ScalarNode:  # a picture in Markdown
                self._problems.append(Problem(line, column, "KG101", "a value cannot begin with '!'; quote it"))
                return Scalar(
                    self._source[node.start_mark.index : node.end_mark.index].strip(), line, column, quoted=True
                )
            raise Refused(Problem(line, column, "KG105", message))
        if type(node) is yaml.ScalarNode:
            start = node.start_mark.index
            below = not node.style and _ITEM_BELOW.match(self._source, start, node.end_mark.index)
            if below and _ITEM_OR_FIELD.match(self._source[start - column + 1 : start]):  # not in brackets
                self._problems.append(Problem(line, column, "KG101", _ONE_TEXT))
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
        """A map; its own keys take precedence over those that `<<` merges, earlier maps before later ones.

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
                    raise Refused(self._problem(key_node, "KG101", message))
                value = self._value(value_node)
            except Refused as signal:
                if not top:
                    raise
                self._problems.append(left_out(signal.problem, *self._lines(key_node, value_node)))
                self._count = before
                continue
            if top and _OF_PROPERTY.search(key.text):
                message = _QUOTED_PROPERTY if key.quoted else _PROPERTY
                self._problems.append(Problem(key.line, key.column, "KG128", message))
                key = replace(key, text=key.text.rstrip(": "))
            between = self._source[key_node.end_mark.index : value_node.start_mark.index]
            if key.text == "<<" and not key.quoted:
                merged += self._merged(key, value)
            elif fault := holds_value(key) or (_no_field(key, node.flow_style and between) if top else None):
                first, last = self._lines(key_node, value_node)
                self._problems.append(left_out(fault, first, last) if last > first else fault)
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
        """The entries of `<<: *other` or `<<: [*a, *b]`; anything but a map stays as typed."""
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Mapping):
                yield from item.entries
            else:
                message = "'<<' merges maps, and this is none; kept as a field, quote the key to say so"
                place = key if item.line < key.line else item  # an alias stands where its anchor does
                self._problems.append(Problem(place.line, place.column, "KG101", message))
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
                raise Refused(
                    self._problem(node, "KG101", HINTS["did not find expected alphabetic or numeric character"])
                )
            return text.removeprefix(rest).lstrip()
        return text

    def _report_tight_comments(self, node: Any) -> None:
        """`[a,#b`: without a space before it, a `#` begins no comment in YAML, but libyaml takes it for one."""
        parts = [part for pair in node.value for part in pair] if type(node) is yaml.MappingNode else node.value
        marks = [node.start_mark, *(mark for part in parts for mark in (part.start_mark, part.end_mark)), node.end_mark]
        for before, after in zip(marks[::2], marks[1::2], strict=True):
            at = TIGHT.search(self._source, before.index, after.index)
            if at:
                line = before.line + self._source.count("\n", before.index, at.start())
                column = at.start() - self._source.rfind("\n", 0, at.start())
                self._problems.append(Problem(self._line + line, column, "KG111", NO_BLANK))
        if self._source.startswith("#", node.end_mark.index):
            self._report_comment(node.end_mark)

    def _report_comment(self, mark: Any) -> None:
        self._problems.append(Problem(*self._place(mark), "KG111", NO_BLANK))

    def _grow(self, by: int, node: Any) -> None:
        self._count += by
        if self._count > self._limits.values:
            message = f"unfolds to more than {self._limits.values} values (limits.values in kg.toml)"
            raise Refused(self._problem(node, "KG104", message))

    def _problem(self, node: Any, code: str, message: str) -> Problem:
        return Problem(*self._place(node.start_mark), code, message)

    def _lines(self, key: Any, value: Any) -> tuple[int, int]:
        """The first and last line of a field; an alias ends where its key does."""
        end = value.end_mark
        return self._line + key.start_mark.line, self._line + max(key.end_mark.line, end.line - (end.column == 0))

    def _place(self, mark: Any) -> tuple[int, int]:
        """The line and column of a mark."""
        return self._line + mark.line, mark.column + 1


def _no_field(key: Scalar, between: Any) -> Problem | None:
    """What keeps an entry of the outermost map from being a field; `between`: the text behind the key, in braces."""
    fault = "" if key.quoted else no_key(key.text)
    if not fault and between is not False and ":" not in between:
        fault = "no 'key: value' stands here"
    return Problem(key.line, key.column, "KG116", f"{fault}; left out") if fault else None
