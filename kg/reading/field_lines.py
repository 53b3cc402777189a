"""Lines of `Key: value`: which lines are fields, which go on with one, and whether some lines are fields or prose.

One that is neither is a slip where more of the others are fields that posts have.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from kg.fields import known, plain_key, torn
from kg.reading.values import Problem

KEY = re.compile(
    r"(?P<indent> {0,3})(?:\.\. )?(?P<key>[^\W\d_][\w -]{0,39}?)[ \t]*"
    r"(?::(?:[ \t]+(?P<value>.*))?|(?P<wide>：)[ \t\u3000]*(?P<rest>.*))\Z"
)
_HEADING = re.compile(r"#{1,6} \S")
_TIGHT = re.compile(
    r"(?P<indent>)(?P<key>[A-Za-z][\w-]{0,39}):(?P<value>[^\s:/].*)\Z(?P<wide>(?!))?(?P<rest>(?!))?", re.ASCII
)
"""`key:value`, which Python-Markdown takes for a field (https://python-markdown.github.io/extensions/meta_data/)."""
MORE = re.compile(r"(?:\t| {2,})\S")
_OF_YAML = re.compile(r"\A-[ \t]|\A---|---[ \t]*\Z")
"""An item of a list, or a fence, though it may not be in its place."""
USUAL = frozenset({"title", "date", "tags", "author", "authors", "category", "slug", "summary", "layout", "keywords"})
"""Fields that tell front matter from prose."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
NEARLY_KEY = re.compile(
    rf"(?![#>*+-]+[ \t])(?:[^\n:：]{{1,60}}[:：]|\W{{0,2}}(?:{'|'.join(sorted(USUAL))})\b)", re.IGNORECASE
)
YAML_VALUE = re.compile(r"(?:[A-Za-z][\w-]*:)?[ \t]*(?:-[ \t]|[\[\"'])")
"""A list or quotes, with which a rule below a blank line is the end of YAML, and no rule below MultiMarkdown."""
_FENCE = re.compile(r"-{2,}|(?=[^\w|]{3,7}\Z)[^-\n]?-+[^-\n]?-+[^-\n]?")
_MARKDOWN = ("# ", "## ", "[![", "![", "> ", "- ", "* ", "1. ", "<p", "<d", "<h", "---\n")
"""What a body begins with."""
MOST_SLIPS = 2


class SortedLines(NamedTuple):
    """What some lines are."""

    keys: set[str]
    """In lower case."""
    told: int
    """How many of them posts have."""
    slips: list[int]
    """The numbers, from 0, of those that are neither fields nor go on with one."""
    end: int
    """The number of lines up to the last field."""


def sort(lines: list[str]) -> SortedLines:
    """Tell fields from what goes on with them, and from slips."""
    keys: set[str] = set()
    slips: list[int] = []
    end = 0
    for number, line in enumerate(lines):
        if match := field_in(line):
            keys.add(match["key"].lower())
        elif (not number or not MORE.match(line)) and not _OF_YAML.search(line):
            slips.append(number)
            continue
        end = number + 1
    return SortedLines(keys, sum(known(key) is not None for key in keys), slips, end)


def are_fields(lines: list[str]) -> bool:
    """Whether lines begin with fields as in MultiMarkdown, with slips between them at most."""
    found = sort(lines)
    slips = {number for number in found.slips if number < found.end}
    between = sum(number - 1 not in slips for number in slips)
    told = found.told if found.keys & USUAL and not any(map(_OF_YAML.search, lines)) else 0
    doubtful = found.slips or any("：" in line[:40] for line in lines)
    return between <= MOST_SLIPS and told > max(between, bool(doubtful))


def begins_like_fields(text: str) -> bool:
    """Whether a text may begin with fields: its first line looks like one, or is nearly one above a usual one."""
    if text.startswith(_MARKDOWN):
        return False
    first, _, rest = text[:1000].partition("\n")
    second = rest.partition("\n")[0]
    if (":" in first or "：" in first) and field_in(first):
        return True
    if ":" not in second:
        return False
    nearly = NEARLY_KEY.match(first) or second.startswith("..")
    found = (KEY.match(second) if nearly else None) or KEY.match(first + second)
    return found is not None and known(found["key"]) is not None


def field_in(line: str) -> re.Match[str] | None:
    """The field of a line; one that is indented by a blank or two, or has another colon, is one that posts have."""
    match = KEY.match(line) or _TIGHT.match(line)
    return match if match and (not (match["indent"] or match["wide"]) or known(match["key"])) else None


_GLUED = re.compile(
    r"(?:(?<=[^\s_])(?=[A-Z][a-z])|\.\. |(?<=[\s\"'\])},;.!?:])|(?<=\d)(?=[a-z]))(?P<key>[A-Za-z][\w-]{0,39}):"
    r"(?:[ \t]|\Z)"
)
"""A field on the line of another, as a blank, its capital or its dots show."""


class HeadKeys(NamedTuple):
    """The keys of a head."""

    plain: frozenset[str]
    capitals: frozenset[bool]
    """Whether they begin with a capital: all, none or some."""

    @classmethod
    def of(cls, typed: Collection[str]) -> "HeadKeys":
        """Those that were typed."""
        return cls(frozenset(map(plain_key, typed)), frozenset(key[:1].isupper() for key in typed))


def glued(text: str, keys: HeadKeys, start: int = 0) -> re.Match[str] | None:
    """A field that tells front matter within a value, where a line break may have been lost; none of the other `keys`.

    It begins with a capital only where another key does.

    >>> keys = HeadKeys.of(["title", "date"])
    >>> glued("Graphs tags: [a]", keys)["key"], glued("2024-01-02author: Bob", keys)["key"]
    ('tags', 'author')
    """
    found = _GLUED.search(text, start)
    while found and not _may_be_key(found["key"], keys):
        found = _GLUED.search(text, found.start() + 1)
    return found


def _may_be_key(word: str, keys: HeadKeys) -> bool:
    return word.lower() in USUAL and word[0].isupper() in keys.capitals and plain_key(word) not in keys.plain


def head(text: str) -> tuple[list[str], int]:
    """The lines that a text begins with, up to a blank one or a heading, and where the rest begins."""
    lines, after = paragraph(text, 0)
    at = next((number for number, line in enumerate(lines) if number and _HEADING.match(line)), 0)
    if not at or any(match and known(match["key"]) for match in map(field_in, lines[at:])):
        return lines, after
    return lines[:at], sum(map(len, lines[:at])) + at


def paragraph(text: str, start: int) -> tuple[list[str], int]:
    """The lines from a place to the first blank one, and where the next paragraph begins."""
    blank = _BLANK_LINE.search(text, start)
    end, after = blank.span() if blank else (len(text), len(text))
    return text[start:end].rstrip("\n").split("\n"), after


def unread_fields(text: str) -> tuple[Problem, ...]:
    """What is told of fields that a text begins with, but which nothing tells from its body: lists, or a torn key."""
    if not begins_like_fields(text):
        return ()
    lines, _after = paragraph(text, 0)
    found = sort(lines)
    one = lines[found.slips[0]].partition(":") if len(found.slips) == 1 and found.told else ("", "", "")
    if found.told <= 1 + len(found.slips) and not (one[1] and (known(one[0]) or torn(one[0]))):
        return ()
    if found.slips:
        message = "no 'key: value' stands here, so the fields beside it are read as body"
        return (Problem(found.slips[0] + 1, 1, "KG116", message),)
    return (Problem(1, 1, "KG115", "fields begin here, but no '---' stands above and below them; read as body"),)


def is_nearly_fence(text: str) -> bool:
    """Whether a text begins with the line `---`, or that with one sign too many or too few."""
    return _FENCE.fullmatch(text.partition("\n")[0].rstrip()) is not None
