"""The properties of a page in Logseq: which lines say something of the page, and which are none for a slip.

https://docs.logseq.com/#/page/properties
"""

import re
from collections.abc import Iterator

from kg.fields import known
from kg.reading.values import Problem

_BLOCK = re.compile(r"^[ \t]*+-[ \t]++(?![\w-]++::)\S.*\n(?P<below>(?:(?![ \t]*+-\s).*\n)*+)", re.MULTILINE)
"""A block that begins with text, and the lines below that are its own."""
_FIRST_BLOCK = re.compile(r"^(?:[ \t]*-(?:[ \t]|$)|[ \t]*```|#{1,6} )", re.MULTILINE)
_PROPERTY = re.compile(r"[\w /.-]+::(?:\s|\Z)")
_TORN = re.compile(
    r"[ \t]*(?P<key>[^\s`][^\n`:：]{0,39}?)(?P<colons>[ \t]*(?:[:：][ \t]*[:：]|[:：](?!//))[ \t]*)(?P<value>[^\n]*)"
)
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


def torn_properties(body: str, first_line: int, read: set[int]) -> Iterator[Problem]:
    """The lines above the first block that are no properties for a slip.

    Two colons show that; one does in a paragraph of which another line is `read` as a property.
    """
    end = _FIRST_BLOCK.search(body)
    top = body[: end.start() if end else None]
    for number, line in enumerate(top.split("\n"), first_line):
        torn = None if number in read or _PROPERTY.match(line) else _TORN.match(line)
        if not torn or not known(torn["key"].strip()):
            continue
        if len(_COLON.findall(torn["colons"])) > 1 or _beside(top, number - first_line, read, first_line):
            code = "KG126" if "：" in torn["colons"] else "KG116"
            shown = f"{torn['key'].strip()}:: {torn['value'].strip()}".rstrip()
            message = f"no property of Logseq stands here, whose key ends in '::' and a blank; write '{shown[:80]}'"
            yield Problem(number, torn.start("colons") + 1, code, f"{message}; read as text")


def _beside(top: str, at: int, read: set[int], first_line: int) -> bool:
    """Whether a line of the paragraph is read as a property."""
    lines = top.split("\n")
    start = next((n for n in range(at, 0, -1) if not lines[n - 1].strip()), 0)
    end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
    return not read.isdisjoint(range(first_line + start, first_line + end))
