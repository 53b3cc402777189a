"""Front matter of plain lines: `Key: value` (MultiMarkdown, Pelican, MkDocs, Nikola), Org's keywords, Pandoc's `%`.

MultiMarkdown: https://fletcher.github.io/MultiMarkdown-6/syntax/metadata.html; Org:
https://orgmode.org/manual/Export-Settings.html; Pandoc:
https://pandoc.org/MANUAL.html#extension-pandoc_title_block. Prose can begin with `Note: …`, so the lines of
MultiMarkdown count only where all of them, down to the first blank one, are fields and one of them is a field that
posts have.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from kg.config import Limits
from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.scanning import without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value
from kg.text.dates import parse_date

_KEY = re.compile(r"(?:\.\. )?(?P<key>[A-Za-z][A-Za-z0-9_ -]{0,39}?)[ \t]*:(?:[ \t]+(?P<value>.*))?\Z")
_MORE = re.compile(r"(?:\t| {2,})\S")
_USUAL = frozenset({"title", "date", "tags", "author", "authors", "category", "slug", "summary", "layout", "keywords"})
_LISTS = frozenset({"tags", "keywords", "authors", "categories"})
"""Separated by commas, or by semicolons where there is one: `Lovelace, Ada; Babbage, Charles`, as Pelican has it
(https://docs.getpelican.com/en/latest/content.html#file-metadata)."""
_ORG = re.compile(r"#\+(?P<key>[A-Za-z][A-Za-z0-9_-]*)(?P<list>\[\])?:[ \t]*(?P<value>.*)\Z")
_PANDOC = re.compile(
    r"%(?:[ \t][^\n]*)?(?:\n[ \t]+\S[^\n]*)*(?:\n%(?:[ \t][^\n]*)?(?:\n[ \t]+\S[^\n]*)*){0,2}(?:\n(?=\n)|\n?\Z)"
)
_NIKOLA = re.compile(r"\s*<!--[ \t]*\n(?P<fields>(?:\.\. [A-Za-z][\w-]*:[^\n]*\n)+)[ \t]*-->[ \t]*(?:\n|\Z)")
_NIKOLA_KEY = re.compile(r"^\.\. ([\w-]+)", re.MULTILINE)
_HEADING = re.compile(r"^# ", re.MULTILINE)


class MultiMarkdown(Dialect):
    """`Key: value` lines from the very first line to the first blank one."""

    name = "multimarkdown"

    def locate(self, text: str) -> Block | None:
        """The lines, where they can be nothing but fields."""
        if not _KEY.match(text[:1000].partition("\n")[0]):
            return None
        end = text.find("\n\n")
        end = len(text) if end < 0 else end + 1
        lines = text[:end].rstrip("\n").split("\n")
        keys = set()
        for number, line in enumerate(lines):
            match = _KEY.match(line)
            if match:
                keys.add(match["key"].lower())
            elif not number or not _MORE.match(line):
                return None
        return Block(0, end, min(end + 1, len(text))) if keys & _USUAL else None

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """Every line a field; indented lines go on with the one above."""
        entries: list[tuple[Scalar, Scalar, list[str]]] = []
        """Key, value, and all lines of the value."""
        problems: list[Problem] = []
        for number, line in enumerate(source.rstrip("\n").split("\n"), start=first_line):
            match = _KEY.match(line)
            if match and not _MORE.match(line):
                column = max(match.start("value"), match.end("key") + 1) + 1
                value = Scalar((match["value"] or "").strip(), number, column)
                entries.append((Scalar(match["key"], number, match.start("key") + 1), value, [value.text]))
            elif entries:
                entries[-1][2].append(line.strip())
        whole = ((key, replace(value, text="\n".join(lines).strip())) for key, value, lines in entries)
        listed = tuple((key, _split(value) if key.text.lower() in _LISTS else value) for key, value in whole)
        return Parsed(without_twins(Mapping(listed, first_line, 1), problems), tuple(problems))


def _split(value: Scalar) -> Value:
    """`a, b` or `a; b` as a list; places are those of each item on the first line."""
    separator = ";" if ";" in value.text else ","
    if separator not in value.text:
        return value
    items, column = [], value.column
    for part in value.text.split(separator):
        items.append(Scalar(part.strip(), value.line, column + len(part) - len(part.lstrip())))
        column += len(part) + 1
    return Sequence(tuple(items), value.line, value.column)


class Nikola(MultiMarkdown):
    """`.. key: value` lines in a comment of HTML (https://getnikola.com/handbook.html#metadata-fields)."""

    name = "nikola"

    def locate(self, text: str) -> Block | None:
        """The lines between `<!--` and `-->`, where one of them is a field that posts have."""
        match = _NIKOLA.match(text)
        if not match or not {key.lower() for key in _NIKOLA_KEY.findall(match["fields"])} & _USUAL:
            return None
        return Block(match.start("fields"), match.end("fields"), match.end())


class Org(Dialect):
    """`#+KEY: value` lines at the top."""

    name = "org"

    def locate(self, text: str) -> Block | None:
        """All `#+KEY:` lines from the first line on; blank lines may stand between them."""
        if not text[:1000].lstrip().startswith("#+"):
            return None
        end = offset = 0
        for line in text.split("\n"):
            if _ORG.match(line):
                end = min(offset + len(line) + 1, len(text))
            elif line.strip():
                break
            offset += len(line) + 1
        return Block(0, end, end) if end else None

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """Keys in lower case; `#+TAGS[]: a b` and `#+FILETAGS: :a:b:` are lists, and so is what is said twice."""
        entries: list[tuple[Scalar, Value]] = []
        for number, line in enumerate(source.split("\n"), start=first_line):
            match = _ORG.match(line)
            if not match:
                continue
            text, column = match["value"].strip(), match.start("value") + 1
            key = match["key"].lower()
            value: Value = Scalar(text, number, column)
            colons = key in ("filetags", "tags") and ":" in text
            if match["list"] or colons:
                found = re.finditer(r"[^:\s]+" if colons else r"\S+", text)
                value = Sequence(tuple(Scalar(m[0], number, column + m.start()) for m in found), number, column)
            entries.append((Scalar("tags" if key == "filetags" else key, number, 3), value))
        return Parsed(Mapping(tuple(_together(entries)), first_line, 1))


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


class Pandoc(Dialect):
    """`% title`, `% authors`, `% date`, in this order; indented lines go on with the one above."""

    name = "pandoc"

    def locate(self, text: str) -> Block | None:
        """The lines, unless they are comments of MyST, which begin alike."""
        match = _PANDOC.match(text)
        if not match:
            return None
        heads = re.findall(r"^%(.*)", match[0], re.MULTILINE)
        if len(heads) == 3 and heads[2].strip():
            try:
                parse_date(heads[2])
            except ValueError:
                return None
        elif _HEADING.search(text, match.end()):
            return None
        return Block(0, match.end(), match.end())

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:  # noqa: ARG002
        """The title, the authors (one a line, or separated by semicolons), the date."""
        parts: list[list[Scalar]] = []
        for number, line in enumerate(source.rstrip("\n").split("\n"), start=first_line):
            text = line.removeprefix("%")
            if text != line:
                parts.append([])
            column = len(line) - len(text.lstrip()) + 1
            if text.strip() and parts:
                parts[-1].append(Scalar(text.strip(), number, column))
        entries: list[tuple[Scalar, Value]] = []
        for key, lines in zip(("title", "authors", "date"), parts, strict=False):
            if not lines:
                continue
            whole = replace(lines[0], text=" ".join(line.text for line in lines))
            value: Value = whole
            if key == "authors":
                names = [name for line in lines for name in _items(line)]
                value = Sequence(tuple(names), whole.line, whole.column)
            entries.append((Scalar(key, whole.line, 1), value))
        return Parsed(Mapping(tuple(entries), first_line, 1))


def _items(line: Scalar) -> list[Scalar]:
    """The names of a line, separated by semicolons."""
    found = re.finditer(r"[^;\s](?:[^;]*[^;\s])?", line.text)
    return [Scalar(name[0], line.line, line.column + name.start()) for name in found]
