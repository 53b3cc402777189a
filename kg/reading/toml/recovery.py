"""What can be read of a text that is not TOML: with other quotes around its strings, or statement by statement."""

import re
from collections.abc import Iterator
from functools import lru_cache, reduce
from itertools import pairwise

from msgspec.structs import replace

from kg.reading.dialect import Parsed
from kg.reading.scanning import Mark, Places, at_level, blank, left_out, shallow
from kg.reading.toml.faults import GLUED, TOKENS, fault_of
from kg.reading.toml.scanner import Scanner, Table
from kg.reading.values import Mapping, Problem, Scalar, Value

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
_NEVER_CLOSED = "one of the strings from here on is never closed"
_BEHIND_VALUE = re.compile(r"[\"'\]}][ \t]*[A-Za-z_]")


def recover(source: str, place: Places, root: Table, problems: list[Problem], limit: int) -> None:
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
        chunk = shallow(TOKENS, source[start:end], place.after(start), limit, problems)
        fault = next((torn[line] for line in range(place(start)[0], last + 1) if line in torn), None)
        fault = fault or fault_of(chunk, place, start, limit)
        if (header := _TABLE_HEADER.match(chunk)) and not fault:
            if header[1].strip() in declared:
                fault = Problem(*place(start), "KG101", "this table is already defined above")
            declared.add(header[1].strip())
        if not fault:
            current = Scanner(chunk, place, start).read(root, current)
            continue
        cut = place.offset(fault.line - place(0)[0] + 1, fault.column)
        parts = [(start, cut), (cut, end)]
        glued = fault.message == GLUED and _BEHIND_VALUE.match(source, cut - 1)
        if glued and not any(fault_of(source[a:b], place, a, limit) for a, b in parts):
            problems.append(fault)
            chunks[at:at] = parts
            continue
        if _may_hold_header(chunk):  # nobody knows to which table the lines below belong
            while at < len(chunks) and chunks[at][0] not in headers:
                end = chunks[at][1]
                at += 1
            last = place(start + len(source[start:end].rstrip()) - 1)[0]
        problems.append(left_out(fault, place(start)[0], last))


def mended(source: str, place: Places, limit: int, first: int) -> Parsed | None:
    """What a text says whichever quotes around a string of several lines make it TOML; None if none do.

    Args:
        source: the text.
        place: its places.
        limit: how deep values may be nested.
        first: the line of its fault.
    """
    readings = list(_mended(source, place, limit))
    if not readings:
        return None
    fields = reduce(_common, readings)
    lost = {line for reading in readings for line in _lines(reading)} - {*_lines(fields)}
    first, last = min(lost, default=first), max(lost, default=first)
    below = [line for line in _lines(fields) if line > last]
    last = min(below, default=place(len(source.rstrip()))[0] + 1) - 1
    problem = Problem(first, 1, "KG101", _NEVER_CLOSED)
    return Parsed(fields, (left_out(problem, first, last) if lost else problem,))


def _mended(source: str, place: Places, limit: int) -> Iterator[Mapping]:
    """What a text says for each place where other quotes around a string of several lines make it TOML."""
    torn = list(_TORN_QUOTES.finditer(source)) if '"""' in source or "'''" in source else []
    for found in torn if len(torn) * len(source) < _WORK else ():
        quotes = found["empty"][1:] if found["empty"] else 3 * found[1]
        text = source[: found.start()] + quotes + source[found.end() :]
        if not fault_of(text, place, 0, limit):
            root = Table(*place(0))
            Scanner(text, Places(text, place(0)[0])).read(root, root)
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
    fault = fault_of(source, place, 0, limit)
    starts = range(fault.line + 1, source.count("\n") + 2) if fault else ()
    for line in starts[: min(_TRIES, _WORK // max(1, len(source)))]:
        at = place.offset(line, 1)
        if not fault_of(source[at:], place, at, limit):
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
        fault = Problem(*place(first), "KG101", _NEVER_CLOSED)
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
                tokens = TOKENS.finditer(source, match.start(), match.end())
                marks += (Mark(token.start(), token[0]) for token in tokens if token[0] in "[]{}")
    return marks, headers, torn


def _before(source: str, at: int) -> str:
    """The last character before a place that is not a space, or ""."""
    while at and source[at - 1].isspace():
        at -= 1
    return source[at - 1 : at]
