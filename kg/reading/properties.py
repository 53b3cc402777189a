"""Fields in bodies, `key:: value`: which say something of the page, and which lines are none for a slip.

https://docs.logseq.com/#/page/properties, https://blacksmithgu.github.io/obsidian-dataview/
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.fields import known, plain_key
from kg.reading.values import Problem, Scalar

_BLOCK = re.compile(r"^[ \t]*+-[ \t]++(?![\w-]++::)\S.*\n(?P<below>(?:(?![ \t]*+-\s).*\n)*+)", re.MULTILINE)
"""A block that begins with text, and the lines below that are its own."""
_FIRST_BLOCK = re.compile(r"^(?:[ \t]*-(?:[ \t]|$)|[ \t]*```|#{1,6} )", re.MULTILINE)
_PROPERTY = re.compile(r"[ \t]*\w(?:[\w /.-]*\w)?::(?:[ \t]|\Z)")
_KEY = r"\s*(?P<key>[^\s`][^\n`:：]{0,39}?"
_TWO = re.compile(rf"{_KEY}(?::[^\n`:：]{{1,40}}?)??)(?P<colons>\s*[:：](?:\s*|[^\w\s/]?)[:：]\s*)(?P<value>[^\n]*)")
_ONE = re.compile(rf"{_KEY})(?P<colons>\s*[:：](?!//)\s*)(?P<value>[^\n]*)")
_GLUED = re.compile(r"(?<=[\s\d,;.!?\])])(?P<key>[A-Za-z][\w-]{0,39})::(?:[ \t]|\Z)")
_TEXT = "'{}::' is text here; begin a new line before it if it is a field"
_ODD_KEY = re.compile(r"[^\w\s:]?[\w -]*[^\w\s:]?[\w -]*::[ \t]+\S")
"""A key with a sign too many."""
_SIGNS = re.compile(r"[^\w\s-]+")


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
    lines = list(enumerate(body[: end.start() if end else None].split("\n"), first_line))
    beside = _beside(lines, read) if logseq else set()
    code = False
    for number, line in lines:
        code ^= line.lstrip().startswith(("```", "~~~"))
        if number in read or code or _PROPERTY.match(line):
            continue
        torn = _TWO.match(line) if line.count(":") + line.count("：") > 1 else None
        torn = torn or (_ONE.match(line) if number in beside else None)
        if torn and not logseq and not torn["value"].strip():
            continue  # a field of Dataview that is not filled in
        program = torn and not logseq and torn["colons"] == "::" and torn["value"][:1].isalnum()  # `Date::NAMES`
        key = _bare(torn["key"]) if torn and not program else ""
        if logseq and not key and (inner := _GLUED.search(line)) and known(inner["key"]):
            yield Problem(number, inner.start("key") + 1, "KG129", _TEXT.format(inner["key"]))
        elif torn and (key or (logseq and _ODD_KEY.match(line))):
            key = key or torn["key"].strip()
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
            yield Problem(value.line, value.column + found.start("key"), "KG129", _TEXT.format(found["key"]))


def _bare(key: str) -> str:
    """The field that posts have, if a key is that but for signs; else ""."""
    plain = _SIGNS.sub("", key).strip("- \t")
    return plain if known(plain) else ""


def _beside(lines: Iterable[tuple[int, str]], read: set[int]) -> set[int]:
    """The lines of paragraphs of which one is read as a property."""
    found: set[int] = set()
    for is_text, paragraph in groupby(lines, key=lambda line: bool(line[1].strip())):
        numbers = {number for number, _line in paragraph} if is_text else set()
        found |= numbers if numbers & read else set()
    return found
