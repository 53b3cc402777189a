"""Front matter that no second fence ends, as far as its lines are fields without doubt.

A rule further down may seem to end it: a blank line above it, and prose below the fields, which are no fields of the
dialect, show that it does not.
"""

import re

from kg.config import Limits
from kg.fields import known
from kg.reading.dialect import TEARING, Block, Dialect, Parsed
from kg.reading.values import Problem

_LONGEST = 200
"""Lines of such a front matter."""
_YAML = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?:[ \t]+(?P<value>.*))?\Z")
_TOML = re.compile(r"(?:(?P<key>[A-Za-z_][\w-]*)[ \t]*=|\[{1,2}[\w.-]+\]{1,2}[ \t]*\Z)(?P<value>)")
_OPEN_VALUE = re.compile(r"(?:[|>][-+\d]*)?(?:\s+#.*)?\Z")
"""A value that lines below a blank one may go on with."""
TEXT_BEHIND = "'{}' ends the front matter on a line of its own; move the text behind it to the next line"
NO_BODY = "no '{}' ends the front matter; read to the end of the file: write it there"
_GOES_ON = ("- ", "]", "}")


class Unclosed(Dialect):
    """An opening fence, fields, and then the body."""

    def __init__(self, fence: str, inner: Dialect) -> None:
        super().__init__()
        self.name = inner.name
        self._inner = inner
        self._field = _TOML if fence == "+++" else _YAML
        self._open = re.compile(rf"{re.escape(fence)}[ \t]*\n")
        self._close = re.compile(rf"\n(?:{re.escape(fence)}+|\.\.\.)[ \t]*$", re.MULTILINE)
        self._fence_and_text = re.compile(rf"{re.escape(fence)}(?:[ \t]+\S|[^\s\w{fence[0]}])")
        self._has_text = (
            f"'{fence}' ends the front matter on a line of its own; move the text behind it to the next line"
        )
        self._reads_all = NO_BODY.format(fence)
        self._message = f"no '{fence}' ends the front matter; read as if one stood above this line: write it there"

    def locate(self, text: str) -> Block | None:
        """The lines below the fence that are fields."""
        opening = self._open.match(text)
        if opening is None:
            return None
        start = opening.end()
        closing = self._close.search(text, start - 1)
        if closing and not text.endswith("\n", 0, closing.start()):
            return None
        lines = text[start : closing.start() if closing else None].split("\n", _LONGEST)[:_LONGEST]
        whole = not closing and len(lines) < _LONGEST and self._are_fields(lines)
        count, apart = (len("\n".join(lines).rstrip().split("\n")), False) if whole else self._fields(lines)
        rest = [line for line in lines[count:] if line.strip()]
        if closing and not (rest and apart and not any(map(self._is_known, rest))):
            return None
        end = min(start + sum(map(len, lines[:count])) + count, len(text))
        told = sum(map(self._is_known, lines[:count]))
        others = sum(map(bool, map(_YAML.match, lines[:count]))) - told  # of TOML, none: `=` is in no prose
        fenced = any(map(self._fence_and_text.match, lines[count : count + 1]))
        if not told or (others > told and not fenced and not whole):
            return None
        if self._is_torn(text[start:end]) or (closing and not self._is_torn(text[start : closing.start() + 1])):
            return None
        message = self._has_text if fenced else self._reads_all if whole else self._message
        return Block(start, end, end, Problem(count + 2, 1, "KG115", message))

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, read as between two fences."""
        return self._inner.parse(source, first_line, limits)

    def _is_torn(self, source: str) -> bool:
        return any(fault.code in TEARING for fault in self.parse(source, 2, Limits()).problems)

    def _is_known(self, line: str) -> bool:
        field = self._field.match(line)
        return field is not None and bool(field["key"]) and known(field["key"]) is not None

    def _are_fields(self, lines: list[str]) -> bool:
        """Whether a file is fields to its end: below a blank line, those that are known or hold others."""
        first = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
        fields = [self._field.match(line) for line in lines if line.strip() and not line.startswith((" ", *_GOES_ON))]
        last = [self._field.match(line) for line in lines[first:]]
        return all(fields) and all(known(each["key"]) or not each["value"] for each in last if each and each["key"])

    def _fields(self, lines: list[str]) -> tuple[int, bool]:
        """How many lines from the first on are fields, and whether a blank line is below them."""
        count, apart, opened = 0, False, False
        for number, line in enumerate(lines):
            field = self._field.match(line)
            if not line.strip():
                apart = True
                continue
            if field:
                ends = apart and self._field is _YAML and known(field["key"]) is None
                opened = _OPEN_VALUE.match(field["value"] or "") is not None
            elif line[0] in " \t":
                ends = apart and not opened
            elif line[0] == "#":  # a heading, unless a field is below
                ends = apart and not any(map(self._field.match, lines[number + 1 : number + 2]))
            else:
                ends = apart or not line.startswith(_GOES_ON)
            if ends:
                break
            count, apart = number + 1, False
        return count, apart
