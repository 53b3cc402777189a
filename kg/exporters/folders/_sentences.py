"""The sentence of a post that names something, as plain text."""

import re
from collections.abc import Iterable

from kg.text.folding import caseless
from kg.text.wording import excerpt

LONGEST = 400
"""Characters of a sentence; a longer one is cut around the name."""
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_WIKI = re.compile(r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_MARKS = re.compile(r"[*_`~=]{2,}|(?<!\w)[*_`]|[*_`](?!\w)|^\s*(?:>\s?|#{1,6}\s|[-*+]\s(?:\[[ xX]\]\s)?|\d+[.)]\s)+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+|(?<=[。！？])[”’」』）]*")


def plain(line: str) -> str:
    """A line of Markdown as text.

    >>> plain("- See **[the pump](pump.md)** and [[Notes/Ada|her]].")
    'See the pump and her.'
    """
    line = _WIKI.sub(lambda m: m[2] or m[1].rpartition("/")[2], _LINK.sub(r"\1", line))
    return " ".join(_MARKS.sub("", _TAG.sub("", line)).split())


def sentence(line: str, names: Iterable[str]) -> str:
    """The sentence of a line of Markdown that has one of some names in it, as text; else the one with the first link.

    >>> sentence("One. It was [Ada](ada.md) who wrote it! Then.", ["Ada"])
    'It was Ada who wrote it!'
    """
    parts = [part for part in _END.split(line) if part and part.strip()]
    folded = [caseless(name) for name in names if name]
    named = [part for part in parts if any(name in caseless(part) for name in folded)]
    linked = [part for part in parts if "](" in part or "[[" in part]
    both = [part for part in named if part in linked]
    text = plain(next(iter(both or named or linked or parts), ""))
    return excerpt(text, next((at for name in folded if (at := caseless(text).find(name)) >= 0), 0), LONGEST)
