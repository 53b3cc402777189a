"""Adds names to lists of YAML and TOML front matter and changes nothing else: no quote, no comment, no line end.

Unless the front matter then says exactly what it said before plus the new names, the edit is given up. So nothing is
lost by an unusual way of writing that nobody thought of.
"""

import re
from collections.abc import Mapping
from collections.abc import Sequence as List
from typing import NamedTuple

from kg.config import Limits
from kg.reading.editing import Edit, FrontMatter, Plain, apply, double_quoted, plain
from kg.reading.values import Scalar, Sequence, Value, is_nothing


class UneditableError(ValueError):
    """The front matter is better edited by hand; the message says why."""


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
    """The prefix of an item of a block list: `- ` or `  - `."""
    quote: str

    def block(self, items: List[str], end: str) -> list[str]:
        """Items of a block list, one a line."""
        return [f"{self.prefix}{item}{end}" for item in items]


def add_names(data: bytes, additions: Mapping[str, List[str]], limits: Limits) -> bytes:
    """The file with names added to fields of its front matter.

    Args:
        data: the whole file.
        additions: field → names, none of which it lists yet.
        limits: as for reading.

    Raises:
        UneditableError: the file is not UTF-8 or has no YAML or TOML front matter, or a field is not a list of names.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UneditableError("the file is not UTF-8") from error
    source = _editable(text, limits)
    for field, names in additions.items():
        source = _with_names(source, field, names, limits)
    return source.text.encode()


def _editable(text: str, limits: Limits) -> FrontMatter:
    """The front matter of a file that can be edited.

    Raises:
        UneditableError: it is not.
    """
    source = FrontMatter.read(text, limits)
    if source is None:
        raise UneditableError("there is no front matter")
    if source.dialect not in ("yaml", "toml"):
        raise UneditableError(f"the front matter is {source.dialect}, not YAML or TOML")
    if "\r" in source.front:
        raise UneditableError("a line ends in a lone carriage return")
    if any(problem.code in ("KG101", "KG104", "KG105") for problem in source.problems):
        raise UneditableError("the front matter is faulty; see kg check")
    return source


def _with_names(source: FrontMatter, field: str, names: List[str], limits: Limits) -> FrontMatter:
    """The file with names added to one field.

    Raises:
        UneditableError: as `add_names`.
    """
    entries = [entry for entry in source.fields.entries if entry[0].text.casefold() == field.casefold()]
    written = re.compile(rf"^[\"']?{re.escape(field)}[\"']?[ \t]*[:=]", re.MULTILINE | re.IGNORECASE)
    if len(entries) > 1 or len(written.findall(source.front)) > 1:
        raise UneditableError(f"{field} stands there twice")
    edits = _extended(source, *entries[0], names) if entries else [_appended(source, field, names)]
    after = _editable(apply(source.text, edits), limits)
    says, expected = after.says(), _expected(source, field, names)
    if source.dialect == "toml":  # where a new field stands before the tables
        says, expected = (sorted(fields, key=lambda entry: entry[0]) for fields in (says, expected))
    if says != expected:
        raise UneditableError(f"{field} is written in a way that kg does not edit")
    return after


def _expected(source: FrontMatter, field: str, names: List[str]) -> list[tuple[str, Plain]]:
    """The expected content of the fields after the edit."""
    added: list[Plain] = [" ".join(name.split()) for name in names]
    entries: list[tuple[str, Plain]] = []
    found = False
    for key, value in source.fields.entries:
        listed = plain(value)
        if key.text.casefold() == field.casefold():
            found = True
            if is_nothing(value) or listed == "[]":
                listed = []
            listed = [*(listed if isinstance(listed, list) else [listed]), *added]
        entries.append((key.text, listed))
    return entries if found else [*entries, (field, added)]


def _appended(source: FrontMatter, field: str, names: List[str]) -> Edit:
    """Add the field at the end of the front matter; in TOML, before its first table."""
    lines, entries = source.lines, source.fields.entries
    at = source.last - 1
    if source.dialect == "toml":
        tables = [key.line for key, _value in entries if lines[key.line - 1].lstrip().startswith("[")]
        at = min(tables, default=source.last) - 1
        while at > source.first - 1 and not lines[at - 1].strip():
            at -= 1
        bare = field.replace("_", "").replace("-", "").isalnum() and field.isascii()
    else:
        if any(key.column != 1 for key, _value in entries):
            raise UneditableError("the front matter is indented, or one map in braces")
        bare = bool(_PLAIN.match(field)) or field.replace("_", "").isalnum()
    key = (field if bare else double_quoted(field)) + (" =" if source.dialect == "toml" else ":")
    return source.put(_as_list(source, key, "", names, _line_end(lines[at - 1])), at)


def _extended(source: FrontMatter, key: Scalar, value: Value, names: List[str]) -> list[Edit]:
    """Add names to an existing field."""
    at = key.line - 1
    content = source.lines[at].rstrip("\r\n")
    end = _line_end(source.lines[at])
    if key.column != 1:
        raise UneditableError("the front matter is indented, or one map in braces")
    if is_nothing(value) or (isinstance(value, Scalar) and value.text.strip() == "[]"):
        match = _EMPTY_VALUE.fullmatch(content)
        if match is None:
            raise UneditableError(f"{key.text} is empty in an unusual way")
        return [source.put(_as_list(source, match["key"], match["tail"], names, end), at, at + 1)]
    if isinstance(value, Scalar) and source.dialect != "toml":
        match = _ONE_VALUE.fullmatch(content)
        if match is None or re.search("[,;、]", value.text):
            raise UneditableError(f"{key.text} is a text, not a list")
        style = _style(source)
        items = [match["value"], *(_written(name, style.quote) for name in names)]
        return [source.put([f"{match['key']}{match['tail']}{end}", *style.block(items, end)], at, at + 1)]
    if isinstance(value, Sequence) and all(isinstance(item, Scalar) for item in value.items):
        return _extended_list(source, value, names, end)
    raise UneditableError(f"{key.text} is not a plain list of names")


def _extended_list(source: FrontMatter, value: Sequence, names: List[str], end: str) -> list[Edit]:
    lines, opening = source.lines, _first_character(source, value)
    quote = '"' if source.dialect == "toml" else _common_quote(source, value.items)
    if opening == "[":
        return _extended_flow(source, value, [_written(name, quote, flow=True) for name in names], end)
    last = value.items[-1]
    prefix = _DASH.match(lines[last.line - 1])
    if opening != "-" or prefix is None:
        raise UneditableError("the list begins with a tag, an anchor or an alias")
    at = last.line
    while at < source.last - 1 and (not lines[at].strip() or _indent(lines[at]) > value.column - 1):
        at += 1
    while at > last.line and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return [source.put([f"{prefix[0]}{_written(name, quote)}{end}" for name in names], at)]


def _extended_flow(source: FrontMatter, value: Sequence, written: list[str], end: str) -> list[Edit]:
    """Add to `[a, b]`, on one line or on several."""
    line, column, closing = _last_of_flow(source.lines, value.line - 1, value.column - 1)
    at = source.offset(line, column)
    comma = source.text[at - 1] == ","
    if closing == line:
        return [Edit(at, at, (" " if comma else ", ") + ", ".join(written) + ("," if comma else ""))]
    indent = " " * _indent(source.lines[line])
    items = f",{end}".join(indent + name for name in written) + ("," if comma else "") + end
    return [Edit(at, at, "" if comma else ","), source.put([items], line + 1)]


def _as_list(source: FrontMatter, key: str, tail: str, names: List[str], end: str) -> list[str]:
    """A whole field, written as the file writes its other lists."""
    style = _style(source)
    if style.flow:
        return [f"{key} [{', '.join(_written(name, style.quote, flow=True) for name in names)}]{tail}{end}"]
    return [f"{key}{tail}{end}", *style.block([_written(name, style.quote) for name in names], end)]


def _style(source: FrontMatter) -> _Style:
    if source.dialect == "toml":
        return _Style(True, "", '"')
    lists = [value for _key, value in source.fields.entries if isinstance(value, Sequence) and value.items]
    lists = [value for value in lists if all(isinstance(item, Scalar) for item in value.items)]
    block = [value for value in lists if _first_character(source, value) != "["]
    prefixes = [match[0] for value in block if (match := _DASH.match(source.lines[value.line - 1]))]
    quote = _common_quote(source, [item for value in lists for item in value.items])
    return _Style(len(lists) > 2 * len(block), prefixes[0] if prefixes else "  - ", quote)


def _first_character(source: FrontMatter, value: Value) -> str:
    """As typed."""
    return source.lines[value.line - 1][value.column - 1 : value.column]


def _last_of_flow(lines: List[str], line: int, column: int) -> tuple[int, int, int]:
    """Of the flow list that begins here, the end of its last character and the line of its `]`; all counted from 0."""
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


def _common_quote(source: FrontMatter, items: List[Value]) -> str:
    """The quotation mark of a list: the one that all its items have, or none."""
    marks = {_first_character(source, item) for item in items}
    return marks.pop() if len(marks) == 1 and marks <= {"'", '"'} else ""


def _written(name: str, quote: str, *, flow: bool = False) -> str:
    """A name as a YAML scalar (https://yaml.org/spec/1.2.2/#73-flow-scalar-styles), plain where that is safe."""
    name = " ".join(name.split())
    if quote == '"' or not name.isprintable():
        return double_quoted(name)
    plain = _PLAIN.match(name) and not _NOT_TEXT.match(name) and name == name.strip() and not (flow and "," in name)
    if quote == "'" or not plain:
        return "'" + name.replace("'", "''") + "'"
    return name
