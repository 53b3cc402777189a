"""Front matter of plain lines: `Key: value` (MultiMarkdown, Pelican, MkDocs, Nikola), Org's keywords, Pandoc's `%`.

MultiMarkdown: https://fletcher.github.io/MultiMarkdown-6/syntax/metadata.html; Org:
https://orgmode.org/manual/Export-Settings.html; Pandoc:
https://pandoc.org/MANUAL.html#extension-pandoc_title_block. Prose can begin with `Note: …`, so the lines of
MultiMarkdown count only where all of them, down to the first blank one, are fields and one of them is a field that
posts have.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from kg.config import Limits
from kg.fields import known, plain_key
from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.field_lines import (
    KEY,
    MORE,
    MOST_SLIPS,
    USUAL,
    YAML_VALUE,
    HeadKeys,
    are_fields,
    begins_like_fields,
    field_in,
    glued,
    head,
    is_nearly_fence,
    paragraph,
    sort,
)
from kg.reading.scanning import WIDE, left_out, moved, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value
from kg.text.dates import parse_date

_NO_FIELD = "no 'key: value' stands here; left out"
LISTS = frozenset({"tags", "keywords", "authors", "categories"})
"""Separated by commas, or by semicolons where there is one: `Lovelace, Ada; Babbage, Charles`, as Pelican has it
(https://docs.getpelican.com/en/latest/content.html#file-metadata)."""
_ORG = re.compile(r"[ \t]*#\+(?P<key>[A-Za-z][A-Za-z0-9_-]*)(?P<list>\[\])?:[ \t]*(?P<value>.*)\Z")
_NEARLY_ORG = re.compile(r"[ \t]*.?(?:#.?\+|[#+][A-Za-z][\w-]*:|#\Z)")
_ORG_GLUED = re.compile(r"#\+[A-Za-z][\w-]*:")
_ORG_BLOCK = re.compile(r"[ \t]*#\+(?:begin|end)_", re.IGNORECASE)
_PANDOC = re.compile(
    r"%(?:[ \t][^\n]*)?(?:\n[ \t]+\S[^\n]*)*(?:\n%(?:[ \t][^\n]*)?(?:\n[ \t]+\S[^\n]*)*){0,2}(?:\n(?=\n)|\n?\Z)"
)
_NEARLY_PANDOC = re.compile(r"(?:[^\w\n]{0,2}%[^\n]*(?:\n[^%\n]+)?(?:\n|\Z)){2,3}")
_NIKOLA = re.compile(
    r"\s*(?P<open>(?=[^\w\n]{0,3}[!-][^\w\n]{0,3}-)[^\w\n]{3,6})\n"
    r"(?P<fields>(?:[^\n]*\n)+?)(?P<close>(?=[^\n]*-[^\n]?[->])[^\w\n]{2,6})(?:\n|\Z)"
)
_OF_REST = re.compile(r":(?P<key>[A-Za-z][\w -]*):(?=\s|\Z)")
_COLON = re.compile(r"^([ \t]*):", re.MULTILINE)
_ANY_OF_REST = re.compile(rf"(?:[^\n]*\n)?{_OF_REST.pattern}")
"""One in the first line or the second."""
_FEWEST = 2
_LONG_KEY = 1000
_LONG_DATE = 30
_HEADING = re.compile(r"^# ", re.MULTILINE)


class MultiMarkdown(Dialect):
    """`Key: value` lines from the very first line to the first blank one."""

    name = "multimarkdown"

    def locate(self, text: str) -> Block | None:
        """The lines, where they can be nothing but fields."""
        if not begins_like_fields(text):
            return None
        lines, body = head(text)
        if not are_fields(lines) or (is_nearly_fence(text[body : body + 9]) and any(map(YAML_VALUE.match, lines))):
            return None
        count = sort(lines).end
        end = len("\n".join(lines[:count])) + 1
        if count < len(lines):
            message = "no blank line ends the fields above; read as body from here on"
            return Block(0, end, end, Problem(count + 1, 1, "KG116", message))
        above = Problem(1, 1, "KG121", "a blank line stands above the fields; other tools see none: take it away")
        return Block(0, min(end, len(text)), body, _late(lines, text, body) if lines[0].strip() else above)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """Every line a field; indented lines go on with the one above."""
        entries: list[tuple[Scalar, list[Scalar]]] = []
        """Key, and all lines of the value."""
        problems: list[Problem] = []
        lines = source.rstrip("\n").split("\n")
        keys = HeadKeys.of([match["key"] for match in map(field_in, lines) if match])
        slip = ""
        """The line above that is no field, and that indented lines go on with."""
        for number, line in enumerate(lines, start=first_line):
            match = field_in(line)
            goes_on = not match and MORE.match(line)
            column = len(line) - len(line.lstrip()) + 1
            fault = "" if entries or match or not line.strip() else _NO_FIELD
            fault = fault or _fault_of(line, match, slip, entries[-1][0].text if entries else "", keys.plain)
            slip = (slip if goes_on and slip else line) if fault else ""
            if fault:
                problems.append(Problem(number, column, "KG116", fault))
                continue
            if match:
                group = "rest" if match["wide"] else "value"
                at = max(match.start(group), match.end("key") + 1) + 1
                value = Scalar((match[group] or "").strip(), number, at)
                entries.append((Scalar(match["key"], number, match.start("key") + 1), [value]))
                if match["wide"]:
                    problems.append(Problem(number, match.start("wide") + 1, "KG126", WIDE))
            elif entries:
                entries[-1][1].append(Scalar(line.strip(), number, column))
            found = glued(line, keys, match.end("key") if match else 0)
            if not (found or match or not entries or entries[-1][0].text.lower() not in LISTS):
                found = KEY.match(line.lstrip())  # in a list, a line with a key of its own
                column += 1 - found.start("key") if found else 0
            if found:
                message = f"'{found['key']}:' is text here; begin a new line before it if it is a field"
                place = found.start("key") + 1 if found.string is line else column
                problems.append(Problem(number, place, "KG129", message))
        listed = tuple((key, _split(lines) if key.text.lower() in LISTS else _joined(lines)) for key, lines in entries)
        return Parsed(without_twins(Mapping(listed, first_line, 1), problems), tuple(problems))


def _fault_of(line: str, match: re.Match[str] | None, slip: str, above: str, keys: frozenset[str]) -> str:
    """What keeps a line from being a field or going on with the one `above`, or ""; `slip`: the line above, if none."""
    if match:
        doubtful = slip and ":" not in slip and not known(match["key"])
        return "the line above is no field, and this one may go on with it; left out" if doubtful else ""
    if line.strip() and (slip or not MORE.match(line)):
        return _NO_FIELD
    inner = KEY.match(line.lstrip())
    if inner and known(inner["key"]) and plain_key(inner["key"]) not in keys:
        return f"indented, '{inner['key']}' would be text of '{above}'; left out"
    return ""


def _late(above: list[str], text: str, start: int) -> Problem | None:
    """What is said of a blank line in the midst of fields: all lines of the next paragraph are such, one a usual."""
    lines, _end = paragraph(text, start)
    found = sort(lines)
    goes_on = MORE.match(lines[0]) is not None
    slips = found.slips[goes_on or found.told > 1 :]
    if slips or not ((found.keys and goes_on) or found.keys & USUAL - sort(above).keys):
        return None
    first = text.count("\n", 0, start) + 1
    message = "the blank line above ends the fields: take it away"
    return left_out(Problem(first, 1, "KG116", message), first, first + len(lines) - 1)


def _joined(lines: list[Scalar]) -> Scalar:
    return replace(lines[0], text="\n".join(line.text for line in lines).strip())


def _split(lines: list[Scalar]) -> Value:
    """`a, b` or `a; b` as a list, and so are lines, as Python-Markdown has them, or as in YAML."""
    if not lines[0].text and lines[1:] and all(line.text.startswith("- ") for line in lines[1:]):
        return Sequence(tuple(map(_unmarked, lines[1:])), lines[0].line, lines[0].column)
    separator = ";" if any(";" in line.text for line in lines) else ","
    if len(lines) == 1 and separator not in lines[0].text:
        return lines[0]
    items = []
    for line in lines:
        column = line.column
        for part in line.text.split(separator):
            items.append(Scalar(part.strip(), line.line, column + len(part) - len(part.lstrip())))
            column += len(part) + 1
    return Sequence(tuple(items), lines[0].line, lines[0].column)


def _unmarked(item: Scalar) -> Scalar:
    text = item.text[1:].strip()
    return replace(item, text=text, column=item.column + len(item.text) - len(text))


class Nikola(MultiMarkdown):
    """`.. key: value` lines in a comment of HTML (https://getnikola.com/handbook.html#metadata-fields)."""

    name = "nikola"

    def locate(self, text: str) -> Block | None:
        """The lines between `<!--` and `-->`, where one of them is a field that posts have."""
        match = _NIKOLA.match(text)
        lines = match["fields"].split("\n")[:-1] if match else []
        dotted = sum(line.startswith("..") for line in lines)
        if not match or dotted < max(1, len(lines) - 1) or not are_fields(lines):
            return None
        fault = None
        if (match["open"].rstrip(" \t"), match["close"].strip(" \t")) != ("<!--", "-->"):
            fault = Problem(1, 1, "KG121", "these fields are no comment; write '<!--' above and '-->' below them")
        return Block(match.start("fields"), match.end("fields"), match.end(), fault)


class FieldList(MultiMarkdown):
    """`:key: value` lines, as in reStructuredText (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html).

    No tool reads them in Markdown; but nothing else begins like this.
    """

    name = "restructuredtext"

    def locate(self, text: str) -> Block | None:
        """The lines, where at least two are fields that posts have, and more than are slips."""
        if ":" not in text[:_LONG_KEY] or not _ANY_OF_REST.match(text):
            return None
        lines, body = paragraph(text, 0)
        below, _end = paragraph(text, body)
        told, slips = _of_rest(lines)
        more, others = _of_rest(below)
        late = more if told and not others else 0
        if told + late < _FEWEST or slips > min(MOST_SLIPS, told + late - 1):
            return None
        shown = next(line[1:] for line in lines if _OF_REST.match(line))
        what = f"':key: value' is reStructuredText, but is read; write '{shown}', between '---' and '---'"
        fault = Problem(1, 1, "KG121", what)
        if late:
            first = text.count("\n", 0, body) + 1
            fault = left_out(fault, first, first + len(below) - 1)
        return Block(0, len("\n".join(lines)), body, fault)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, as in MultiMarkdown."""
        fields, problems = super().parse(_COLON.sub(r"\1", source), first_line, limits)
        lines = source.split("\n")
        by = (lines[fault.line - first_line].startswith(":") for fault in problems)
        faults = (replace(fault, column=fault.column + one) for fault, one in zip(problems, by, strict=True))
        return Parsed(moved(fields, 0, 1), tuple(faults))


def _of_rest(lines: list[str]) -> tuple[int, int]:
    """How many lines are fields that posts have, and how many are none and go on with none."""
    fields = list(map(_OF_REST.match, lines))
    told = sum(field is not None and known(field["key"]) is not None for field in fields)
    return told, sum(not (field or MORE.match(line)) for field, line in zip(fields, lines, strict=True))


class Org(Dialect):
    """`#+KEY: value` lines at the top."""

    name = "org"

    def locate(self, text: str) -> Block | None:
        """All `#+KEY:` lines from the first line on; blank lines may stand between them, and single other lines."""
        if "#+" not in text[:1000] or "#+" not in text[:1000].lstrip().partition("\n\n")[0]:
            return None
        end = offset = slips = 0
        for line, below in pairwise([*text.split("\n"), ""]):
            if line.strip() and not _ORG.match(line):
                slips += 1
                nearly = _NEARLY_ORG.match(line) or (end and end == offset and _ORG.match(below))
                if slips > MOST_SLIPS or not nearly or _ORG_BLOCK.match(line):
                    break
            offset += len(line) + 1
            if line.strip():
                end = min(offset, len(text))
        return Block(0, end, end) if any(map(_ORG.match, text[:end].split("\n"))) else None

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """HeadKeys in lower case; `#+TAGS[]: a b` and `#+FILETAGS: :a:b:` are lists, and so is what is said twice."""
        entries: list[tuple[Scalar, Value]] = []
        problems: list[Problem] = []
        for number, line in enumerate(source.split("\n"), start=first_line):
            match = _ORG.match(line)
            if not match:
                if line.strip():
                    problems.append(Problem(number, 1, "KG116", "no '#+KEY: value' stands here; left out"))
                continue
            text, column = match["value"].strip(), match.start("value") + 1
            if found := _ORG_GLUED.search(text):
                message = f"a line break is missing before '{found[0]}'"
                problems.append(Problem(number, column + found.start(), "KG129", message))
            key = match["key"].lower()
            value: Value = Scalar(text, number, column)
            colons = key in ("filetags", "tags") and ":" in text
            if match["list"] or colons:
                items = re.finditer(r"[^:\s]+" if colons else r"\S+", text)
                value = Sequence(tuple(Scalar(m[0], number, column + m.start()) for m in items), number, column)
            entries.append((Scalar("tags" if key == "filetags" else key, number, match.start("key") + 1), value))
        return Parsed(Mapping(tuple(_together(entries)), first_line, 1), tuple(problems))


def _together(entries: list[tuple[Scalar, Value]]) -> Iterator[tuple[Scalar, Value]]:
    """The values of keywords said several times as one list, as Hugo has it."""
    values: dict[str, list[Value]] = {}
    for key, value in entries:
        values.setdefault(key.text, []).append(value)
    for key, _value in entries:
        same = values.pop(key.text, [])
        items = [item for value in same for item in (value.items if isinstance(value, Sequence) else (value,))]
        if same:
            yield key, same[0] if len(same) == 1 else Sequence(tuple(items), same[0].line, same[0].column)


_NAMED = re.compile(r"[ \t]*(?:title|authors?|date):(?=[ \t])")
"""`%title: x`, as slides of mdp have it (https://github.com/visit1985/mdp)."""


class Pandoc(Dialect):
    """`% title`, `% authors`, `% date`, in this order; indented lines go on with the one above."""

    name = "pandoc"

    def locate(self, text: str) -> Block | None:
        """The lines, unless they are comments of MyST, which begin alike."""
        strict = _PANDOC.match(text)
        match = strict or _NEARLY_PANDOC.match(text)
        if not match:
            return None
        heads = re.findall(r"^\W?[ \t]*%(.*)", match[0], re.MULTILINE)
        dated = len(heads) == 3 and is_nearly_date(heads[2])
        if not dated and (not strict or (len(heads) == 3 and heads[2].strip()) or _HEADING.search(text, match.end())):
            return None
        below, _end = paragraph(text, match.end() + 1)
        first = text.count("\n", 0, match.end()) + 2
        late = len(heads) < 3 and any(line.startswith("% ") for line in below[:MOST_SLIPS])
        told = Problem(first, 1, "KG116", "the blank line above ends the title block: take it away")
        return Block(0, match.end(), match.end(), told if late else None)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """The title, the authors (one a line, or separated by semicolons), the date."""
        parts: list[list[Scalar]] = []
        problems: list[Problem] = []
        for number, line in enumerate(source.rstrip("\n").split("\n"), start=first_line):
            text = line.removeprefix("%")
            if "%" in line[:2] or line.lstrip().startswith("%"):
                parts.append([])
            if text == line and (parts[-1:] == [[]] or not line[:1].isspace()):
                problems.append(Problem(number, 1, "KG116", "this line does not begin with '% '; left out"))
                continue
            if text != line and (named := _NAMED.match(text)):
                text = text[named.end() :]
            column = len(line) - len(text.lstrip()) + 1
            if text.strip() and parts:
                parts[-1].append(Scalar(text.strip(), number, column))
        entries: list[tuple[Scalar, Value]] = []
        keys = ["title", "authors", "date"]
        if len(parts) == 2 and parts[1] and _is_date(parts[1][-1].text):
            problems.append(Problem(parts[1][-1].line, 1, "KG116", "a line with '% authors' belongs above the date"))
            keys = ["title", "date"]
        for key, lines in zip(keys, parts, strict=False):
            if not lines:
                continue
            if key == "authors" and (two := next((line for line in lines if "%" in line.text), None)):
                place = (two.line, two.column + two.text.index("%"))
                problems.append(Problem(*place, "KG116", "a line break is missing before '%'"))
            whole = replace(lines[0], text=" ".join(line.text for line in lines))
            value: Value = whole
            if key == "authors":
                names = [name for line in lines for name in _items(line)]
                value = Sequence(tuple(names), whole.line, whole.column)
            entries.append((Scalar(key, whole.line, 1), value))
        return Parsed(Mapping(tuple(entries), first_line, 1), tuple(problems))


def is_nearly_date(text: str) -> bool:
    """Whether a text is a date, or one with a slip: short, and with the digits of one."""
    return _is_date(text) or (len(text) < _LONG_DATE and len(re.findall(r"\d", text)) > 3)


def _is_date(text: str) -> bool:
    try:
        return bool(parse_date(text).value)
    except ValueError:
        return False


def _items(line: Scalar) -> list[Scalar]:
    """The names of a line, separated by semicolons."""
    found = re.finditer(r"[^;\s](?:[^;]*[^;\s])?", line.text)
    return [Scalar(name[0], line.line, line.column + name.start()) for name in found]
