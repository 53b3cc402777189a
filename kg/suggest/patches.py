"""Adds names to lists of YAML and TOML front matter and changes nothing else: no quote, no comment, no line end.

The text is edited line by line where the parsed tree says that a value stands, then parsed again: unless the front
matter now says exactly what it said before plus the new names, the edit is given up. So nothing is lost by an unusual
way of writing that nobody thought of.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kg.reading.dialects import DIALECTS
from kg.reading.values import Mapping as Map
from kg.reading.values import Scalar, Sequence, Value, is_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as List

    from kg.config import Limits


Said: TypeAlias = "str | list[Said] | dict[str, Said]"


class UneditableError(ValueError):
    """This front matter is written in a way that is better edited by hand; the message says which."""


_KEY = r"(?P<key>(?:\"[^\"]*\"[ \t]*|'[^']*'[ \t]*|[^\s:=#][^:=]*+)[:=])"
_EMPTY_VALUE = re.compile(
    _KEY + r"(?:[ \t]+(?:\[[ \t]*\]|~|null|Null|NULL|''|\"\"|'\[\]'|\"\[\]\"))?(?P<tail>(?:[ \t]+#.*|[ \t]*))"
)
_ONE_VALUE = re.compile(
    _KEY + r"[ \t]+(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'&*!|>%@`\[{#](?:[^#]*[^# \t])?)(?P<tail>(?:[ \t]+#.*|[ \t]*))"
)
_DASH = re.compile(r"[ \t]*-[ \t]+")
_PLAIN = re.compile(r"[^\W_][\w .&+'’·()/%$€£°é《》–—-]*\Z")
_NOT_TEXT = re.compile(
    r"(?:[\d_.,:+-]+(?:e[\d+-]+)?|0[xob][\da-f_]+|\d[\d_]*[T -][\d:. +Z-]*"
    r"|y|n|yes|no|on|off|true|false|null|nan|inf)\Z",
    re.IGNORECASE,
)


class _Style(NamedTuple):
    """How a file writes its lists."""

    flow: bool
    prefix: str
    """What stands before an item of a block list: `- ` or `  - `."""
    quote: str


def add_names(data: bytes, additions: Mapping[str, List[str]], limits: Limits) -> bytes:
    """The file with names added to fields of its front matter.

    Args:
        data: the whole file.
        additions: field → names, none of which it lists yet.
        limits: as for reading.

    Raises:
        UneditableError: the file is not UTF-8, has no YAML or TOML front matter, or a field is no plain list of names.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UneditableError("the file is not UTF-8") from error
    for field, names in additions.items():
        text = _File(text, limits).with_names(field, names)
    return text.encode()


class _File:
    """One file: its lines with their line ends, and what its front matter says."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._limits = limits
        self.lines = _lines(text)
        self.text = text
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
        for dialect in DIALECTS:
            block = dialect.locate(plain)
            if block is not None:
                break
        else:
            raise UneditableError("there is no front matter")
        if dialect.name not in ("yaml", "toml"):
            raise UneditableError(f"the front matter is {dialect.name}, not YAML or TOML")
        self._toml = dialect.name == "toml"
        self._source = plain[block.start : block.end]
        if "\r" in self._source:
            raise UneditableError("a line ends in a lone carriage return")
        self.first = plain.count("\n", 0, block.start) + 1
        self.last = self.first + self._source.count("\n")
        """The line of the closing fence."""
        parsed = dialect.parse(self._source, self.first, limits)
        if any(problem.code in ("KG101", "KG104", "KG105") for problem in parsed.problems):
            raise UneditableError("the front matter is faulty; see kg check")
        self.fields = parsed.fields

    def with_names(self, field: str, names: List[str]) -> str:
        """The text of the file with names added to one field.

        Raises:
            UneditableError: as `add_names`.
        """
        entries = [entry for entry in self.fields.entries if entry[0].text.casefold() == field.casefold()]
        written = re.compile(rf"^[\"']?{re.escape(field)}[\"']?[ \t]*[:=]", re.MULTILINE | re.IGNORECASE)
        if len(entries) > 1 or len(written.findall(self._source)) > 1:
            raise UneditableError(f"{field} stands there twice")
        lines = list(self.lines)
        if not entries:
            self._append(lines, field, names)
        else:
            self._extend(lines, *entries[0], names)
        text = "".join(lines)
        said = _said(_File(text, self._limits).fields)
        expected = _expected(self.fields, field, names)
        if self._toml:
            said, expected = (
                sorted(said, key=_name),
                sorted(expected, key=_name),
            )  # a new field stands before the tables
        if said != expected:
            raise UneditableError(f"{field} is written in a way that kg does not edit")
        return text

    def _append(self, lines: list[str], field: str, names: List[str]) -> None:
        """Add the field at the end of the front matter; in TOML, before its first table."""
        if self._toml:
            tables = [key.line for key, _value in self.fields.entries if lines[key.line - 1].lstrip().startswith("[")]
            at = min(tables, default=self.last) - 1
            while at > self.first - 1 and not lines[at - 1].strip():
                at -= 1
            key = (
                field
                if field.replace("_", "").replace("-", "").isalnum() and field.isascii()
                else _double_quoted(field)
            )
            lines[at:at] = self._as_list(f"{key} =", "", names, _line_end(lines[at - 1]))
            return
        if any(key.column != 1 for key, _value in self.fields.entries):
            raise UneditableError("the front matter is indented, or one map in braces")
        at = self.last - 1
        end = _line_end(lines[at - 1])
        key = field if _PLAIN.match(field) or field.replace("_", "").isalnum() else _double_quoted(field)
        lines[at:at] = self._as_list(f"{key}:", "", names, end)

    def _extend(self, lines: list[str], key: Scalar, value: Value, names: List[str]) -> None:
        at = key.line - 1
        content = lines[at].rstrip("\r\n")
        end = _line_end(lines[at])
        empty = is_nothing(value) or (isinstance(value, Scalar) and value.text.strip() == "[]")
        if key.column != 1:
            raise UneditableError("the front matter is indented, or one map in braces")
        if empty:
            match = _EMPTY_VALUE.fullmatch(content)
            if match is None:
                raise UneditableError(f"{key.text} is empty in an unusual way")
            lines[at : at + 1] = self._as_list(match["key"], match["tail"], names, end)
        elif isinstance(value, Scalar) and not self._toml:
            match = _ONE_VALUE.fullmatch(content)
            if match is None or re.search("[,;、]", value.text):
                raise UneditableError(f"{key.text} is a text, not a list")
            style = self._style()
            added = [f"{style.prefix}{_written(name, style.quote)}{end}" for name in names]
            lines[at : at + 1] = [f"{match['key']}{match['tail']}{end}", f"{style.prefix}{match['value']}{end}", *added]
        elif isinstance(value, Sequence) and all(isinstance(item, Scalar) for item in value.items):
            self._extend_list(lines, value, names, end)
        else:
            raise UneditableError(f"{key.text} is not a plain list of names")

    def _extend_list(self, lines: list[str], value: Sequence, names: List[str], end: str) -> None:
        opening = lines[value.line - 1][value.column - 1 : value.column]
        quote = '"' if self._toml else _common_quote([self._raw(item) for item in value.items])
        if opening == "[":
            self._extend_flow(lines, value, [_written(name, quote, flow=True) for name in names], end)
            return
        last = value.items[-1]
        prefix = _DASH.match(lines[last.line - 1])
        if opening != "-" or prefix is None:
            raise UneditableError("the list begins with a tag, an anchor or an alias")
        at = last.line
        while at < self.last - 1 and (not lines[at].strip() or _indent(lines[at]) > value.column - 1):
            at += 1
        while at > last.line and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
            at -= 1
        lines[at:at] = [f"{prefix[0]}{_written(name, quote)}{end}" for name in names]

    def _extend_flow(self, lines: list[str], value: Sequence, written: list[str], end: str) -> None:
        """Add to `[a, b]`, on one line or on several."""
        line, column, closing = _last_of_flow(lines, value.line - 1, value.column - 1)
        comma = lines[line][column - 1] == ","
        head, tail = lines[line][:column], lines[line][column:]
        if closing == line:
            lines[line] = head + (" " if comma else ", ") + ", ".join(written) + ("," if comma else "") + tail
            return
        indent = " " * _indent(lines[line])
        lines[line] = head + ("" if comma else ",") + tail
        added = [f"{indent}{name},{end}" for name in written]
        if not comma:
            added[-1] = added[-1].replace(f",{end}", end)
        lines[line + 1 : line + 1] = added

    def _as_list(self, key: str, tail: str, names: List[str], end: str) -> list[str]:
        """A whole field, written as the file writes its other lists."""
        style = self._style()
        if style.flow:
            return [f"{key} [{', '.join(_written(name, style.quote, flow=True) for name in names)}]{tail}{end}"]
        return [f"{key}{tail}{end}", *(f"{style.prefix}{_written(name, style.quote)}{end}" for name in names)]

    def _style(self) -> _Style:
        if self._toml:
            return _Style(True, "", '"')
        lists = [value for _key, value in self.fields.entries if isinstance(value, Sequence) and value.items]
        lists = [value for value in lists if all(isinstance(item, Scalar) for item in value.items)]
        flow = [value for value in lists if self.lines[value.line - 1][value.column - 1 : value.column] == "["]
        block = [value for value in lists if value not in flow]
        prefixes = [match[0] for value in block if (match := _DASH.match(self.lines[value.line - 1]))]
        raw = [self._raw(item) for value in lists for item in value.items if isinstance(item, Scalar)]
        return _Style(len(flow) > len(block), prefixes[0] if prefixes else "  - ", _common_quote(raw))

    def _raw(self, item: Value) -> str:
        """The first character of an item as typed."""
        return self.lines[item.line - 1][item.column - 1 : item.column]


def _last_of_flow(lines: List[str], line: int, column: int) -> tuple[int, int, int]:
    """Of the flow list that opens here: the end of its last character, and the line of its `]`; all count from 0."""
    depth, quote, last = 0, "", (line, column + 1)
    while line < len(lines):
        content = lines[line].rstrip("\r\n")
        while column < len(content):
            c = content[column]
            if quote:
                if c == "\\" and quote == '"':
                    column += 1
                elif c == quote:
                    quote = ""
            elif c == "#" and (not column or content[column - 1] in " \t"):
                break
            elif c in "'\"" and content[:column].rstrip()[-1:] in ("[", ",", ""):
                quote = c
            elif c in "[{":
                depth += 1
            elif c in "]}":
                depth -= 1
                if not depth:
                    return *last, line
            if c not in " \t":
                last = (line, column + 1)
            column += 1
        line, column = line + 1, 0
    raise UneditableError("a list is never closed")


def _line_end(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _common_quote(first: List[str]) -> str:
    """The quotation mark of a list: the one that all its items have, or none."""
    marks = set(first)
    return marks.pop() if len(marks) == 1 and marks <= {"'", '"'} else ""


def _written(name: str, quote: str, *, flow: bool = False) -> str:
    """A name as a YAML scalar (https://yaml.org/spec/1.2.2/#73-flow-scalar-styles), plain where that is safe."""
    name = " ".join(name.split())
    if quote == '"' or not name.isprintable():
        return _double_quoted(name)
    plain = _PLAIN.match(name) and not _NOT_TEXT.match(name) and name == name.strip() and not (flow and "," in name)
    if quote == "'" or not plain:
        return "'" + name.replace("'", "''") + "'"
    return name


def _double_quoted(text: str) -> str:
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    if c.isprintable():
        return c
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


def _said(fields: Map) -> list[tuple[str, Said]]:
    """What fields say, wherever they stand and however they are written."""
    return [(key.text, _value_said(value)) for key, value in fields.entries]


def _name(entry: tuple[str, Said]) -> str:
    return entry[0]


def _value_said(value: Value) -> Said:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [_value_said(item) for item in value.items]
    return {key.text: _value_said(item) for key, item in value.entries}


def _expected(fields: Map, field: str, names: List[str]) -> list[tuple[str, Said]]:
    """What the fields must say afterwards."""
    added: list[Said] = [" ".join(name.split()) for name in names]
    entries: list[tuple[str, Said]] = []
    found = False
    for key, value in fields.entries:
        said = _value_said(value)
        if key.text.casefold() == field.casefold():
            found = True
            if is_nothing(value) or said == "[]":
                said = []
            said = [*(said if isinstance(said, list) else [said]), *added]
        entries.append((key.text, said))
    return entries if found else [*entries, (field, added)]


def unified_diff(path: str, before: bytes, after: bytes) -> str:
    """A change of one file as `git apply` and `patch -p1` take it (https://www.gnu.org/software/diffutils/manual/).

    Args:
        path: with forward slashes, relative to where the patch will be applied.
        before: the file as it is.
        after: the file as it will be.
    """
    old, new = (_lines(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    same = 0
    while same < min(len(old), len(new)) and old[-1 - same] == new[-1 - same]:
        same += 1
    keep = max(same - 3, 0)  # the body is long, and the same: only its first lines are of interest
    old, new = old[: len(old) - keep], new[: len(new) - keep]
    lines = difflib.unified_diff(old, new, _quoted(f"a/{path}"), _quoted(f"b/{path}"), n=3)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _quoted(path: str) -> str:
    """A file name as Git writes it: in quotes where it holds what could end it."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path + ("\t" if " " in path else "")
    encoded = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03o}" for b in encoded) + '"'
