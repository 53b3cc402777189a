"""Pages that Notion and Joplin have exported, which keep their fields elsewhere than at the top.

Notion (https://www.notion.com/help/export-your-content): `# Title`, then lines of `Key: value` down to a blank one.
Joplin's RAW (https://joplinapp.org/help/apps/import_export): the title, the text, and at the end `id: …` to `type_: 1`;
notebooks, tags, and which note has which tag are files of the same kind. The name of such a file ends in an id or is
one, which is how they are told from prose.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.reading.dialect import Parsed
from kg.reading.values import Mapping, Problem, Scalar, Value
from kg.text.filenames import EXPORT_ID, SUFFIX

_TITLE = re.compile(r"\s*#[ \t]+(?P<title>[^\n]+)\n(?:[ \t]*\n)+(?P<lines>)")
_PROPERTY = re.compile(r"(?P<key>[^\W\d_][^\n:]{0,60}):[ \t](?P<value>.*)")
_METADATA = re.compile(r"(?P<key>[a-z_]+):(?P<value>.*)")
_MOST_SLIPS = 1
"""Lines that may be something else, beside more that are not."""
_RELATION = re.compile(r"(?P<page>[^,()\[\]\s][^,()\[\]]*) \((?P<path>[^()\s]+%20[0-9a-f]{32}\.md)\)")
"""How Notion writes a link to a page in a property."""
_OTHERS = frozenset(map(str, range(3, 18)))
"""The types of Joplin's that are neither notes nor notebooks."""
_TAG, _TAGGED = "5", "6"


class ExportedPage(NamedTuple):
    """A page that was exported."""

    dialect: str
    parsed: Parsed
    start: int
    """Where the body begins."""
    end: int
    """Where it ends."""
    is_page: bool = True
    """Whether it is a page, and not one of Joplin's other things."""


def read(path: str, text: str) -> ExportedPage | None:
    """The exported page that a file holds, or None if it is not one."""
    stem = SUFFIX.sub("", path).rpartition("/")[2]
    if not EXPORT_ID.search(stem):
        return None
    ends = [text.rfind("\n\nid: "), text.rstrip().rfind("\n\n")]
    for start in [end + 2 for end in ends if end >= 0] or [0] if len(stem) == 32 else ():
        named = Scalar("title", 1, 1), Scalar(text[:start].partition("\n")[0].strip(), 1, 1)
        parsed = _parsed(text, start, len(text), _METADATA, (named,) if named[1].text else ())
        told = _texts(parsed)
        if parsed and ("type_" in told or stem == told.get("id")):
            body = min(text.find("\n") + 1, start)
            return ExportedPage("joplin", parsed, body, max(start - 2, 0), told.get("type_") not in _OTHERS)
    if title := _TITLE.match(text):
        line = text.count("\n", 0, title.start("title")) + 1
        named = Scalar("title", line, 1), Scalar(title["title"].strip(), line, 3)
        end = text.find("\n\n", title.end()) + 1 or len(text)
        if parsed := _parsed(text, title.end(), end, _PROPERTY, (named,)):
            return ExportedPage("notion", parsed, end, len(text))
    return None


def tags_of_notes(files: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The ids of Joplin's notes → their tags, which are kept in files of their own.

    Args:
        files: the path and the text of each file that is called after an id.
    """
    names: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for path, text in files:
        found = read(path, text)
        properties = _texts(found and found.parsed)
        if properties.get("type_") == _TAG:
            names[properties.get("id", "")] = properties.get("title", "")
        elif properties.get("type_") == _TAGGED:
            pairs.append((properties.get("note_id", ""), properties.get("tag_id", "")))
    notes: dict[str, list[str]] = {}
    for note, tag in sorted(pairs):
        if names.get(tag):
            notes.setdefault(note, []).append(names[tag])
    return notes


def _texts(parsed: Parsed | None) -> dict[str, str]:
    entries = parsed.fields.entries if parsed else ()
    return {key.text: value.text for key, value in entries if isinstance(value, Scalar)}


def _parsed(
    text: str, start: int, end: int, field: re.Pattern[str], above: tuple[tuple[Scalar, Value], ...]
) -> Parsed | None:
    """The fields in some lines, below others, or None if the lines are not fields, but for a slip."""
    first = text.count("\n", 0, start) + 1
    found: list[tuple[Scalar, Value]] = [*above]
    slips: list[Problem] = []
    for number, line in enumerate(text[start:end].split("\n"), start=first):
        if match := field.fullmatch(line):
            value = _RELATION.sub(r"[\g<page>](\g<path>)", match["value"])
            column = match.start("value") + len(value) - len(value.lstrip()) + 1
            found.append((Scalar(match["key"].strip(), number, 1), Scalar(value.strip(), number, column, quoted=True)))
        elif line.strip():
            slips.append(Problem(number, 1, "KG116", "no 'key: value' stands here; left out"))
    if len(slips) > _MOST_SLIPS or len(found) - len(above) <= 2 * len(slips):
        return None
    return Parsed(Mapping(tuple(found), first if not above else above[0][0].line, 1), tuple(slips))
