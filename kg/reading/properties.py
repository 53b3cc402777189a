"""Fields in bodies, `key:: value`: which say something of the page, and which lines are none for a slip.

https://docs.logseq.com/#/page/properties, https://blacksmithgu.github.io/obsidian-dataview/
"""

import re
from collections.abc import Iterable, Iterator

from kg.fields import known, plain_key
from kg.fields import torn as torn_key
from kg.reading.values import Problem, Scalar

_BLOCK = re.compile(r"^[ \t]*+-[ \t]++(?![\w-]++::)\S.*\n(?P<below>(?:(?![ \t]*+-\s).*\n)*+)", re.MULTILINE)
"""A block that begins with text, and the lines below that are its own."""
_FIRST_BLOCK = re.compile(r"^(?:[ \t]*-(?:[ \t]|$)|[ \t]*```|#{1,6} )", re.MULTILINE)
_PROPERTY = re.compile(r"[ \t]*\w(?:[\w /.-]*\w)?::(?:[ \t]|\Z)")
_TORN = re.compile(
    r"\s*(?P<key>[^\s`][^\n`:：]{0,39}?)(?P<colons>\s*(?:[:：](?:\s*|[^\w\s/]?)[:：]|[:：](?!//))\s*)(?P<value>[^\n]*)"
)
_GLUED = re.compile(r"(?<=[\s\d,;.!?\])])(?P<key>[A-Za-z][\w-]*)::(?:[ \t]|\Z)")
_ODD_KEY = re.compile(r"[^\w\s]?[\w -]*[^\w\s]?[\w -]*::[ \t]+\S")
"""A key with a sign too many."""
_COLON = re.compile("[:：]")


def lines_of_blocks(body: str, first_line: int) -> set[int]:
    r"""The lines of a page on which properties are those of a block.

    A block with text has its own; all others are taken for the page's.

    >>> lines_of_blocks("alias:: x\n\n- text\n  alias:: y\n- alias:: z\n", 1)
    {4}
    """
    found: set[int] = set()
    line, at = first_line, 0
    for block in _BLOCK.finditer(body + "\n"):
        line, at = line + body.count("\n", at, block.start("below")), block.start("below")
        found.update(range(line, line + block["below"].count("\n")))
    return found


def torn_properties(body: str, first_line: int, read: set[int], *, logseq: bool) -> Iterator[Problem]:
    """The lines that are no properties for a slip: in Logseq those above the first block, else all outside code.

    Two colons show that. In Logseq one does, in a paragraph of which another line is `read` as a property.
    """
    end = _FIRST_BLOCK.search(body) if logseq else None
    top = body[: end.start() if end else None]
    code = False
    for number, line in enumerate(top.split("\n"), first_line):
        code ^= line.lstrip().startswith(("```", "~~~"))
        torn = None if number in read or code or _PROPERTY.match(line) else _TORN.match(line)
        if not torn:
            continue
        key = _bare(torn["key"]) or (torn["key"].strip() if logseq and _ODD_KEY.match(line) else "")
        two = len(_COLON.findall(torn["colons"])) > 1
        if key and (two or (logseq and _beside(top, number - first_line, read, first_line))):
            code_of = "KG126" if "：" in torn["colons"] else "KG116"
            shown = f"{key}:: {torn['value'].strip()}".rstrip()
            message = f"no field as in 'key:: value' stands here; write '{shown[:80]}'; read as text"
            yield Problem(number, torn.start("colons") + 1, code_of, message)


def glued(fields: Iterable[tuple[Scalar, Scalar]]) -> Iterator[Problem]:
    """The fields that posts have within the values of others, where a line break may have been lost."""
    fields = list(fields)
    keys = {plain_key(key.text) for key, _value in fields}
    for _key, value in fields:
        found = _GLUED.search(value.text) if "::" in value.text else None
        if found and known(found["key"]) and plain_key(found["key"]) not in keys:
            message = f"'{found['key']}::' is text here; begin a new line before it if it is a field"
            yield Problem(value.line, value.column + found.start("key"), "KG129", message)


def _bare(key: str) -> str:
    """The field that posts have, if a key is that, marked as in Markdown or with a sign too many; else ""."""
    plain = key.strip().lstrip("-*+> ").strip("*_~= ")
    return plain if known(plain) else torn_key(plain)


def _beside(top: str, at: int, read: set[int], first_line: int) -> bool:
    """Whether a line of the paragraph is read as a property."""
    lines = top.split("\n")
    start = next((n for n in range(at, 0, -1) if not lines[n - 1].strip()), 0)
    end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
    return not read.isdisjoint(range(first_line + start, first_line + end))
