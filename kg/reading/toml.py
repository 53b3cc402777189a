"""TOML front matter (https://toml.io/en/v1.1.0) between `+++` fences, as Hugo, Zola and Cobalt write it.

`tomli` says whether a text is TOML, and reads strings; it keeps neither places nor the text of numbers and dates. So
a scanner of ours walks over what tomli has accepted, and needs to understand no more than valid TOML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import pairwise
from typing import TypeAlias

import tomli
from msgspec.structs import replace

from kg.config import Limits
from kg.reading.dialect import Block, Dialect, Parsed, fenced
from kg.reading.scanning import Mark, Places, at_level, blank, left_out, shallow, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value

_OPEN = re.compile(r"\A(?:[ \t]*\n)*[ \t]*\+\+\+[ \t]*\n")
_CLOSE = re.compile(r"^[ \t]*\+\+\+[ \t]*$", re.MULTILINE)
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
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5})?'
    r"|'''(?:[^']|'(?!''))*(?:'{3,5})?"
    r'|"(?:[^"\\\n]|\\[^\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|[\[\]{}]",
    re.DOTALL,
)
"""Strings end somewhere even if nobody closed them, so that no text takes long to read."""
_HEADER = re.compile(r"^[ \t]*[^\s=#]?\[{1,2}[^\[\]\n,{}=]+(?:\][^\n,]*)?$", re.MULTILINE)
_MARK = re.compile(
    rf"(?P<header>{_HEADER.pattern})"
    r"|(?P<line>^[ \t]*(?=[^\s#\]}]|[\]}][\w -]+=))(?P<key>(?=(?:[\w. \t-]|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')++=))?"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r"|(?P<open>\"{3}|'{3})"
    r'|"(?:[^"\\\n]|\\[^\n])*+"'
    r"|'[^'\n]*+'"
    r"|(?P<torn>[\"'])"
    r"|\\[\"']"  # within a string that is torn: begins none
    r"|#[^\n]*|(?P<sign>[\[\]{}])",
    re.DOTALL | re.MULTILINE,
)
_NAME = r"[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*"
_HEADER_LINE = re.compile(rf"[ \t]*(\[{{1,2}}){_NAME}(?:\.{_NAME})*\]{{1,2}}[ \t]*")
_AFTER_VALUE = re.compile(rf"[^\s=,\[{{][ \t]*\[{{1,2}}{_NAME}(?:\.{_NAME})*\]{{1,2}}[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
"""A header on the line of a value that ends before it."""
_NO_HEADER = re.compile(r"[=,{}](?=(?:[^\"']|\"[^\"]*\"|'[^']*')*$)")
_LONGEST_HEADER = 100
_TRIES = 20
_WORK = 200_000
"""The number of lines that are tried below a fault, and of characters that are parsed for that."""
_LONGEST_FAULT = 100
"""Lines in which a header is looked for; in more it may well be."""
_TABLE_HEADER = re.compile(r"[ \t]*\[([^\[\]\n]+)\]")
_QUOTES = re.compile("\"{2,}|'{2,}")
"""What may be left of the quotes around a string of several lines."""
_TORN_QUOTES = re.compile(
    r"[“”„‘’]?\\?(?<![\"'])([\"'])(?:[“”„‘’]\1|\1(?!\1)[^\n]\1|(?!\1)[^\n]\1\1|\1|(?<=\\.)\1\1)(?!\1)[“”„‘’]?"
    r"|(?<=[=,\[ \t])(?P<empty>[\"']{3})(?=[,\]\n])"
)
"""Two quotes, or two and a typographic one; three with another sign between them, or before; three that may have been
two."""
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")

_BEHIND_VALUE = re.compile(r"[\"'\]}][ \t]*[A-Za-z_]")
_GLUED = "a line break is missing before this"
_HINTS = {
    "Expected newline or end of document after a statement": _GLUED,
    "Invalid value": "not a TOML value; quote the text",
    "Unclosed array": "the list is not closed with ']'",
    "Cannot overwrite a value": "this key is already defined above",
}


class Toml(Dialect):
    """`+++` … `+++`."""

    name = "toml"

    def locate(self, text: str) -> Block | None:
        """The text between the fences."""
        return fenced(text, _OPEN.match(text), _CLOSE)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; if the whole is not TOML, each statement is read by itself."""
        place = Places(source, first_line)
        problems: list[Problem] = []
        root = _Table(*place(0))
        text = shallow(_TOKENS, source, place, limits.depth, problems)
        whole = _fault(text, place, 0, limits.depth)
        readings = list(_mended(source, place, limits.depth)) if whole else []
        if whole and readings:
            fields = reduce(_common, readings)
            lost = {line for reading in readings for line in _lines(reading)} - {*_lines(fields)}
            first, last = min(lost, default=whole.line), max(lost, default=whole.line)
            below = [line for line in _lines(fields) if line > last]
            last = min(below, default=place(len(source.rstrip()))[0] + 1) - 1
            problem = Problem(first, 1, "KG101", "one of the strings from here on is never closed")
            return Parsed(fields, (left_out(problem, first, last) if lost else problem,))
        if whole:
            problems.clear()
            _recover(source, place, root, problems, limits.depth)
        else:
            _TomlScanner(text, place).read(root, root)
        fields = without_twins(root.frozen(), problems)
        return Parsed(fields, tuple(problems or ([whole] if whole else [])))


def _too_dotted(source: str, first_line: int, limit: int) -> Problem | None:
    """Whether a key such as `a.b.c` has more parts than maps may nest; told before tomli reads it."""

    def bare(match: re.Match[str]) -> str:
        return match[0] if match[0] in "[]{}" else "s" + "\n" * match[0].count("\n")

    skeleton = _TOKENS.sub(bare, source)
    dots = [0]
    depth = 0
    for match in re.finditer(r"[\[{\]}.,\n]", skeleton):
        if match[0] in "[{":
            dots.append(0)
            depth += 1
        elif match[0] in "]}" and len(dots) > 1:
            depth -= dots.pop() + 1
        elif match[0] == ".":
            dots[-1] += 1
            depth += 1
        elif match[0] in ",\n":
            depth -= dots[-1]
            dots[-1] = 0
        if dots[-1] >= limit or depth > 2 * limit:
            line = first_line + skeleton.count("\n", 0, match.start())
            return Problem(line, 1, "KG104", f"a key of more than {limit} parts (limits.depth in kg.toml)")
    return None


@dataclass(slots=True)
class _Table:
    """A table while it is being filled."""

    line: int
    column: int
    entries: "list[tuple[Scalar, Node]]" = field(default_factory=list)
    last: "dict[str, Node]" = field(default_factory=dict)
    """The value of each key; of several equal keys, the last one's."""

    def add(self, key: Scalar, node: "Node") -> None:
        self.entries.append((key, node))
        self.last[key.text] = node

    def inner(self, key: Scalar) -> "_Table":
        """The table of that key (of an array of tables, the last one); made if there is none."""
        held = self.last.get(key.text)
        if isinstance(held, list) and held:
            held = held[-1]
        if not isinstance(held, _Table):
            held = _Table(key.line, key.column)
            self.add(key, held)
        return held

    def frozen(self) -> Mapping:
        return Mapping(tuple((key, _frozen(node)) for key, node in self.entries), self.line, self.column)


Node: TypeAlias = "_Table | list[_Table] | Value"


def _frozen(node: Node) -> Value:
    if isinstance(node, _Table):
        return node.frozen()
    if isinstance(node, list):
        return Sequence(tuple(table.frozen() for table in node), node[0].line, node[0].column)
    return node


class _TomlScanner:
    """Walks over valid TOML."""

    def __init__(self, source: str, place: Places, offset: int = 0) -> None:
        self._source = source
        self._place = place
        self._shift = offset
        """Where `source` begins in the text that `place` counts."""
        self._at = 0

    def read(self, root: _Table, current: _Table) -> _Table:
        """Read all statements into `current` and the tables their headers name; returns the table they end in."""
        while self._skip():
            if self._source[self._at] == "[":
                current = self._header(root)
                continue
            self._pair(current)
        return current

    def _pair(self, table: _Table) -> None:
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

    def _header(self, root: _Table) -> _Table:
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
        fresh = _Table(last.line, last.column)
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
            table = _Table(*place)
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


_LONG_NUMBER = re.compile(r"(?<![\w.+-])[+-]?(?:0[xob])?[0-9a-fA-F_]{1000,}(?![\w.+-])")


def _fault(source: str, place: Places, shift: int, limit: int) -> Problem | None:
    """What makes a text no TOML; integers may have any number of digits, for they are kept as text."""
    dotted = _too_dotted(source, place(shift)[0], limit)
    if dotted:
        return dotted
    try:
        try:
            tomli.loads(source)
        except tomli.TOMLDecodeError:
            raise
        except ValueError:  # Python reads no integer of thousands of digits, but any float; places stay what they are
            tomli.loads(_LONG_NUMBER.sub(lambda number: "1." + "0" * (len(number[0]) - 2), source))
    except tomli.TOMLDecodeError as error:
        return _problem(error, source, place, shift)
    except ValueError:  # a long number in what is no TOML all the same
        number = re.search(r"[0-9a-fA-F_]{1000}", source)
        return Problem(*place(shift + (number.start() if number else 0)), "KG101", "not a TOML value; quote the text")
    return None


def _string(literal: str) -> str:
    """The text of a TOML string."""
    value: str = tomli.loads(f"s = {literal}")["s"]
    return value


def _recover(source: str, place: Places, root: _Table, problems: list[Problem], limit: int) -> None:
    """Read statement by statement, leaving out those that are no TOML, or stand in a table that nobody knows."""
    marks, headers, torn = _marks(source, place)
    starts = set(at_level(marks, 0)) | {mark.offset for mark in marks[:1]}
    if not torn:
        starts.update(_after_one_fault(source, limit))
    chunks = list(pairwise([*sorted(starts), len(source)]))
    current = root
    declared: set[str] = set()
    at = 0
    while at < len(chunks):
        start, end = chunks[at]
        at += 1
        last = place(start + len(source[start:end].rstrip()) - 1)[0]
        chunk = shallow(_TOKENS, source[start:end], place.after(start), limit, problems)
        fault = next((torn[line] for line in range(place(start)[0], last + 1) if line in torn), None)
        fault = fault or _fault(chunk, place, start, limit)
        if (header := _TABLE_HEADER.match(chunk)) and not fault:
            if header[1].strip() in declared:
                fault = Problem(*place(start), "KG101", "this table is already defined above")
            declared.add(header[1].strip())
        if not fault:
            current = _TomlScanner(chunk, place, start).read(root, current)
            continue
        cut = place.offset(fault.line - place(0)[0] + 1, fault.column)
        parts = [(start, cut), (cut, end)]
        glued = fault.message == _GLUED and _BEHIND_VALUE.match(source, cut - 1)
        if glued and not any(_fault(source[a:b], place, a, limit) for a, b in parts):
            problems.append(fault)
            chunks[at:at] = parts
            continue
        if _may_hold_header(chunk):  # nobody knows to which table the lines below belong
            while at < len(chunks) and chunks[at][0] not in headers:
                end = chunks[at][1]
                at += 1
            last = place(start + len(source[start:end].rstrip()) - 1)[0]
        problems.append(left_out(fault, place(start)[0], last))


def _mended(source: str, place: Places, limit: int) -> Iterator[Mapping]:
    """What a text says for each place where other quotes around a string of several lines make it TOML."""
    torn = list(_TORN_QUOTES.finditer(source)) if '"""' in source or "'''" in source else []
    for found in torn if len(torn) * len(source) < _WORK else ():
        quotes = found["empty"][1:] if found["empty"] else 3 * found[1]
        text = source[: found.start()] + quotes + source[found.end() :]
        if not _fault(text, place, 0, limit):
            root = _Table(*place(0))
            _TomlScanner(text, Places(text, place(0)[0])).read(root, root)
            yield root.frozen()


def _common(one: Mapping, other: Mapping) -> Mapping:
    """What two readings have in common."""
    others = {key.text: value for key, value in other.entries}
    entries: list[tuple[Scalar, Value]] = []
    for key, value in one.entries:
        same = others.get(key.text)
        if isinstance(value, Mapping) and isinstance(same, Mapping):
            entries.append((key, _common(value, same)))
        elif value == same:
            entries.append((key, value))
    return replace(one, entries=tuple(entries))


def _lines(fields: Mapping) -> Iterator[int]:
    """The lines of all keys."""
    for key, value in fields.entries:
        yield key.line
        if isinstance(value, Mapping):
            yield from _lines(value)


def _after_one_fault(source: str, limit: int) -> Iterator[int]:
    """Where statements begin again, as the text from there on is TOML: in a list or a map it would close too much."""
    place = Places(source, 1)
    fault = _fault(source, place, 0, limit)
    starts = range(fault.line + 1, source.count("\n") + 2) if fault else ()
    for line in starts[: min(_TRIES, _WORK // max(1, len(source)))]:
        at = place.offset(line, 1)
        if not _fault(source[at:], place, at, limit):
            yield at
            return


def _may_hold_header(chunk: str) -> bool:
    """Whether a faulty part may hold the header of a table: after a value, or a line that is one but for one sign."""
    lines = chunk.split("\n")
    return len(lines) > _LONGEST_FAULT or bool(_AFTER_VALUE.search(chunk)) or any(map(_is_nearly_header, lines))


@lru_cache(maxsize=256)
def _is_nearly_header(line: str) -> bool:
    return bool(_HEADER_LINE.match(line)) or any(map(_is_header_but_for_one_sign, (line, line.partition("#")[0])))


def _is_header_but_for_one_sign(text: str) -> bool:
    if len(text) > _LONGEST_HEADER or not ("[" in text or "]" in text) or len(_NO_HEADER.findall(text)) > 1:
        return False
    edits = [(text[:at], text[end:]) for at in range(len(text) + 1) for end in (at, at + 1)]
    return any(_HEADER_LINE.fullmatch(f"{begin}{sign}{rest}") for begin, rest in edits for sign in ("", *"[].\"'x"))


def _marks(source: str, place: Places) -> tuple[list[Mark], set[int], dict[int, Problem]]:
    """Outside strings: the brackets, the beginnings of lines, those of headers, and lines with a torn string.

    Which strings of several lines are the right ones nobody can tell where one is never closed: all are torn then.
    """
    torn: dict[int, Problem] = {}
    found = list(_MARK.finditer(source))
    if opened := next((match["open"] for match in found if match["open"]), ""):
        signs = [*_QUOTES.finditer(source)] + [match for match in found if match["torn"]]
        signs = [match for match in signs if match[0][0] == opened[0]]
        first, last = min(match.start() for match in signs), max(match.end() for match in signs)
        fault = Problem(*place(first), "KG101", "one of the strings from here on is never closed")
        torn = dict.fromkeys(range(fault.line, place(last - 1)[0] + 1), fault)
        begin = source.rfind("\n", 0, first) + 1
        found = list(_MARK.finditer(f"{source[:begin]}_{blank(source[begin + 1 : last])}{source[last:]}"))
    marks: list[Mark] = []
    headers: set[int] = set()
    for match in found:
        if match["torn"]:
            line, column = place(match.start())
            torn[line] = Problem(line, column, "KG101", "a string is never closed")
        elif match["sign"]:
            marks.append(Mark(match.start(), match["sign"]))
        elif match["line"] is not None:
            marks.append(Mark(match.start(), "line" if match["key"] is None else "key"))
        elif match["header"]:
            headers.add(match.start())
            in_list = _before(source, match.start()) in ("[", ",")
            marks.append(Mark(match.start(), "line" if in_list else "key"))
            if in_list:
                tokens = _TOKENS.finditer(source, match.start(), match.end())
                marks += (Mark(token.start(), token[0]) for token in tokens if token[0] in "[]{}")
    return marks, headers, torn


def _before(source: str, at: int) -> str:
    """The last character before a place that is not a space, or ""."""
    while at and source[at - 1].isspace():
        at -= 1
    return source[at - 1 : at]


def _problem(error: tomli.TOMLDecodeError, source: str, place: Places, shift: int) -> Problem:
    message = str(error)
    found = _PLACE.search(message)
    # "at end of document" says nothing about where to look; the end of what was written does.
    offset = Places(source, 1).offset(int(found[1]), int(found[2])) if found and found[1] else len(source.rstrip())
    what = _PLACE.sub("", message).strip()
    return Problem(*place(shift + offset), "KG101", _HINTS.get(what) or f"not valid TOML: {what[:1].lower()}{what[1:]}")
