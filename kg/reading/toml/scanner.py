"""Walks over what is TOML for certain, and keeps places and the text of numbers and dates, which tomli does not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import tomli

from kg.reading.scanning import Places
from kg.reading.values import Mapping, Scalar, Sequence, Value

_BLANKS = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:[^\s,\]}#]+|[^\s,\]}#]+")


@dataclass(slots=True)
class Table:
    """A table while it is being filled."""

    line: int
    column: int
    entries: "list[tuple[Scalar, Node]]" = field(default_factory=list)
    last: "dict[str, Node]" = field(default_factory=dict)
    """The value of each key; of several equal keys, the last one's."""

    def add(self, key: Scalar, node: "Node") -> None:
        """Add an entry."""
        self.entries.append((key, node))
        self.last[key.text] = node

    def inner(self, key: Scalar) -> "Table":
        """The table of that key (of an array of tables, the last one); made if there is none."""
        held = self.last.get(key.text)
        if isinstance(held, list) and held:
            held = held[-1]
        if not isinstance(held, Table):
            held = Table(key.line, key.column)
            self.add(key, held)
        return held

    def frozen(self) -> Mapping:
        """What it holds at last."""
        return Mapping(tuple((key, _frozen(node)) for key, node in self.entries), self.line, self.column)


Node: TypeAlias = "Table | list[Table] | Value"


def _frozen(node: Node) -> Value:
    if isinstance(node, Table):
        return node.frozen()
    if isinstance(node, list):
        return Sequence(tuple(table.frozen() for table in node), node[0].line, node[0].column)
    return node


class Scanner:
    """Walks over valid TOML."""

    def __init__(self, source: str, place: Places, offset: int = 0) -> None:
        self._source = source
        self._place = place
        self._shift = offset
        """Where `source` begins in the text that `place` counts."""
        self._at = 0

    def read(self, root: Table, current: Table) -> Table:
        """Read all statements into `current` and the tables their headers name; returns the table they end in."""
        while self._skip():
            if self._source[self._at] == "[":
                current = self._header(root)
                continue
            self._pair(current)
        return current

    def _pair(self, table: Table) -> None:
        *path, last = self._key()
        self._skip_over("=")
        for key in path:
            table = table.inner(key)
        table.add(last, self._value())

    def _skip(self) -> bool:
        """Go to the next token; False at the end."""
        match = _BLANKS.match(self._source, self._at)
        self._at = match.end() if match else self._at
        return self._at < len(self._source)

    def _skip_over(self, token: str) -> None:
        self._skip()
        self._at += len(token)
        self._skip()

    def _here(self) -> tuple[int, int]:
        return self._place(self._shift + self._at)

    def _header(self, root: Table) -> Table:
        array = self._source.startswith("[[", self._at)
        self._skip_over("[[" if array else "[")
        *path, last = self._key()
        self._skip_over("]]" if array else "]")
        table = root
        for key in path:
            table = table.inner(key)
        if not array:
            return table.inner(last)
        held = table.last.get(last.text)
        fresh = Table(last.line, last.column)
        if isinstance(held, list):
            held.append(fresh)
        else:
            table.add(last, [fresh])
        return fresh

    def _key(self) -> list[Scalar]:
        keys = []
        while match := _KEY.match(self._source, self._at):
            text = match[0]
            keys.append(Scalar(_string(text) if text[0] in "\"'" else text, *self._here(), quoted=text[0] in "\"'"))
            self._at = match.end()
            dot = _DOT.match(self._source, self._at)
            if not dot:
                break
            self._at = dot.end()
        return keys

    def _value(self) -> Value:
        place = self._here()
        if self._source[self._at] == "[":
            return Sequence(tuple(self._value() for _ in self._each("]")), *place)
        if self._source[self._at] == "{":
            table = Table(*place)
            for _ in self._each("}"):
                self._pair(table)
            return table.frozen()
        match = _STRING.match(self._source, self._at)
        if match:
            self._at = match.end()
            return Scalar(_string(match[0]), *place, quoted=True)
        match = _PLAIN.match(self._source, self._at)
        assert match is not None, "tomli accepted a value that is none"
        self._at = match.end()
        return Scalar(match[0], *place)

    def _each(self, closing: str) -> Iterator[None]:
        """Stop at each item between brackets, and go on behind it."""
        self._skip_over("[")
        while self._source[self._at] != closing:
            yield
            self._skip()
            if self._source[self._at] == ",":
                self._skip_over(",")
        self._at += 1


def _string(literal: str) -> str:
    """The text of a TOML string."""
    value: str = tomli.loads(f"s = {literal}")["s"]
    return value
