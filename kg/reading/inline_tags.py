"""Tags in bodies, by the rules of Obsidian (https://help.obsidian.md/tags)."""

import re
from collections.abc import Iterator

from kg.reading.shortcodes import blanked

_TAG = re.compile(
    r"#(?<![^\s*_~|>]#)(?P<name>[^\s!-,.:-@\[-^`{-~\xa0-\xbf\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+)"
)
_NO_TAGS = re.compile(
    # Attribute lists of kramdown, Pandoc and Python-Markdown: `{: #id}`, `{ #id .class key="x" }`.
    r"""(?:#[\w-]++)?+\{(?::|(?=\s*+(?:[#.]|[\w:.-]++=)))\s*+(?:(?:[#.]?[\w:.-]++(?:=(?:"[^"\n]{0,200}+"|'[^'\n]{0,200}+'|[^\s"'{}]++))?+)\s*+){1,20}+\}"""
    # CSS: a line with selectors, up to its brace.
    r"|^[^\n{}]*+\{[ \t]*+(?=[\r\n]|[a-z-]++[ \t]*+:[^\n{}]*+[;}])",
    re.MULTILINE,
)
"""Where `#x` names a part of a page, or is code."""


def tags_in(text: str) -> Iterator[re.Match[str]]:
    """Where a text has tags; the `name` of each is as typed."""
    return filter(_is_tag, _TAG.finditer(_NO_TAGS.sub(blanked, text) if "{" in text else text))


_DIRECTIVES = frozenset({"include", "define", "undef", "if", "ifdef", "ifndef", "else", "elif", "endif", "pragma"})
_COLOUR = re.compile(r"[0-9A-Fa-f]+\Z")
_PLACEHOLDERS = re.compile(r"(?:AA)?RRGGBB(?:AA)?\Z")


def _is_tag(match: re.Match[str]) -> bool:
    """Not `#123`, `#NNN` (issues), `#include` (C) nor `#fff`, `#1e90ff`, `#RRGGBB` (colours)."""
    name = name_of(match)
    if not name or name in _DIRECTIVES or not any(c.isalpha() or c > "\u203b" for c in name):
        return False
    if (
        _PLACEHOLDERS.match(name)
        or (len(name) > 2 and len(set(name)) == 1)
        or match.string.startswith("=", match.end())
    ):  # `#page=8`
        return False
    if len(name) in (3, 4, 6, 8) and _COLOUR.match(name):
        # `#b2b` and `#decade` are words; `#fff`, `#eef` are not, nor is anything as long with a digit.
        doubled = len(set(name.lower())) == 1 or "ff" in name.lower() or (len(name) > 4 and name.isupper())
        return not (doubled or (len(name) > 3 and any(c.isdigit() for c in name)))
    return True


def name_of(match: re.Match[str]) -> str:
    """The name of a tag, without the punctuation around it."""
    return match["name"].strip("/").rstrip("-_")
