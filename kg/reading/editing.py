"""Change places of a post's text and leave every other character, comment and line end as it is.

An edit is worked out from where the reader found a value. What it did is proved by reading the text again: a caller
compares `FrontMatter.says`, or whole posts, before it keeps a `Rewrite`. A change is shown as a diff, or written whole.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from kg.config import Limits
from kg.errors import ExportError, os_errors
from kg.machine.files import replace_file
from kg.reading.dialects import find
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""A value of a front matter without its place."""


class Edit(NamedTuple):
    """New text for the span [start, end) of a text, in code points."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class FrontMatter:
    """The text of a post with front matter, and where each field is."""

    text: str
    dialect: str
    first: int
    """The line of the first field, 1-based."""
    front: str
    """What stands between the fences, with a line feed at the end of each line."""
    fields: Mapping
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, text: str, limits: Limits) -> "FrontMatter | None":
        """Parse a front matter; None if there is none."""
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
        if (found := find(plain)) is None:
            return None
        dialect, block = found
        front, first = plain[block.start : block.end], plain.count("\n", 0, block.start) + 1
        return cls(text, dialect.name, first, front, *dialect.parse(front, first, limits))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text with their line ends."""
        return _lines(self.text)

    @property
    def last(self) -> int:
        """The line of the closing fence, 1-based."""
        return self.first + self.front.count("\n")

    def says(self) -> list[tuple[str, Plain]]:
        """The fields, regardless of where and how they are written."""
        return [(key.text, plain(value)) for key, value in self.fields.entries]

    def put(self, lines: Iterable[str], start: int, end: int | None = None) -> Edit:
        """An edit that replaces the lines from `start` to before `end`, counted from 0, or inserts before `start`."""
        return Edit(self.offset(start), self.offset(start if end is None else end), "".join(lines))

    def offset(self, line: int, column: int = 0) -> int:
        """The offset of a line and a column, both counted from 0."""
        return sum(map(len, self.lines[:line])) + column


def plain(value: Value) -> Plain:
    """The plain content of a value."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {key.text: plain(item) for key, item in value.entries}


def double_quoted(text: str) -> str:
    """A string of YAML, TOML and JSON alike."""
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    if c.isprintable():
        return c
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


class Rewrite(NamedTuple):
    """New content for one file."""

    file: Path
    before: bytes
    after: bytes

    def write(self) -> None:
        """Replace the file, whole or not at all, with its permissions.

        Raises:
            ExportError: it cannot be written; the file is as it was.
        """
        with os_errors(ExportError, f"cannot change {self.file}"):
            replace_file(self.file, self.after)

    def diff(self, old: str, new: str) -> bytes:
        """The change as `git apply` and `patch` take it (https://www.gnu.org/software/diffutils/manual/).

        Args:
            old: the file's name in the first line of the diff, with forward slashes.
            new: its name in the second.
        """
        was, becomes = (_lines(data.decode("utf-8", "surrogateescape")) for data in (self.before, self.after))
        same = 0
        while same < min(len(was), len(becomes)) and was[-1 - same] == becomes[-1 - same]:
            same += 1
        rest = max(same - 3, 0)  # the body is long, and the same: only its first lines are of interest
        was, becomes = was[: len(was) - rest], becomes[: len(becomes) - rest]
        lines = difflib.unified_diff(was, becomes, _quoted(old), _quoted(new))
        text = "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
        return text.encode("utf-8", "surrogateescape")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _quoted(path: str) -> str:
    """A file name as Git writes it: in quotes where it holds what could end it."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path + ("\t" if " " in path else "")
    encoded = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03o}" for b in encoded) + '"'
