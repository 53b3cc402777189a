"""Pages that Notion and Joplin have exported, which keep their fields elsewhere than at the top.

Notion (https://www.notion.com/help/export-your-content): `# Title`, then lines of `Key: value` down to a blank one.
Joplin's RAW (https://joplinapp.org/help/apps/import_export): the title, the text, and at the end `id: …` to `type_: 1`;
notebooks, tags, and which note has which tag are files of the same kind. The name of such a file ends in an id or is
one, which is how they are told from prose.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.reading.values import Mapping, Scalar
from kg.text.filenames import EXPORT_ID, SUFFIX

_PROPERTIES = re.compile(
    r"\s*#[ \t]+(?P<title>[^\n]+)\n(?:[ \t]*\n)+(?P<lines>(?:[^\W\d_][^\n:]{0,60}:[ \t][^\n]*(?:\n|\Z))+)(?=\s*\n|\Z)"
)
_METADATA = re.compile(
    r"(?:\A|\n\n)(?P<lines>id: (?P<id>[0-9a-f]{32})\n(?:[a-z_]+:[^\n]*\n)*type_: (?P<type>\d+))\s*\Z"
)
_FIELD = re.compile(r"^(?P<key>[^:\n]+):[ \t]*(?P<value>[^\n]*?)[ \t]*$", re.MULTILINE)
_RELATION = re.compile(r"(?P<page>[^,()\[\]\s][^,()\[\]]*) \((?P<path>[^()\s]+%20[0-9a-f]{32}\.md)\)")
"""How Notion writes a link to a page in a property."""
_PAGES = ("1", "2")
"""Notes and notebooks, of the types of Joplin."""
_TAG, _TAGGED = "5", "6"


class ExportedPage(NamedTuple):
    """A page that was exported."""

    dialect: str
    fields: Mapping
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
    if len(stem) == 32 and (match := _METADATA.search(text)):
        title = text[: match.start()].partition("\n")[0]
        fields = _fields(text, *match.span("lines"))
        if title.strip():
            fields = (((Scalar("title", 1, 1), Scalar(title.strip(), 1, 1))), *fields)
        start = min(len(title) + 1, match.start())
        return ExportedPage("joplin", Mapping(fields, 1, 1), start, match.start(), match["type"] in _PAGES)
    if match := _PROPERTIES.match(text):
        line = text.count("\n", 0, match.start("title")) + 1
        named = Scalar("title", line, 1), Scalar(match["title"].strip(), line, 3)
        return ExportedPage(
            "notion", Mapping((named, *_fields(text, *match.span("lines"))), line, 1), match.end(), len(text)
        )
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
        properties = (
            {key.text: value.text for key, value in found.fields.entries if isinstance(value, Scalar)} if found else {}
        )
        if properties.get("type_") == _TAG:
            names[properties["id"]] = properties.get("title", "")
        elif properties.get("type_") == _TAGGED:
            pairs.append((properties.get("note_id", ""), properties.get("tag_id", "")))
    notes: dict[str, list[str]] = {}
    for note, tag in sorted(pairs):
        if names.get(tag):
            notes.setdefault(note, []).append(names[tag])
    return notes


def _fields(whole: str, start: int, end: int) -> tuple[tuple[Scalar, Scalar], ...]:
    first = whole.count("\n", 0, start) + 1
    found = []
    for number, line in enumerate(whole[start:end].split("\n"), start=first):
        if match := _FIELD.match(line):
            text = _RELATION.sub(r"[\g<page>](\g<path>)", match["value"])
            value = Scalar(text, number, match.start("value") + 1, quoted=True)
            found.append((Scalar(match["key"].strip(), number, 1), value))
    return tuple(found)
