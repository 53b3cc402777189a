"""What the front matter of a post says, in the terms of the graph."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from kg.model import Attribute, DateOrder, Link, Mention
from kg.reading.values import Mapping, Problem, Scalar, Sequence

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""A character as HTML may write it (https://html.spec.whatwg.org/multipage/syntax.html#character-references)."""


class Habits(NamedTuple):
    """How the tool that a post is written for understands values."""

    one_author: bool = False
    """`author` holds one person, whatever commas are in it."""
    spaced: frozenset[str] = frozenset()
    """The fields in which spaces separate names in a string: tags and categories in a Jekyll post, tags in Foam."""
    listed: bool = False
    """Commas in a string make a list, as in Pelican."""
    whole: bool = False
    """Blanks in a string separate nothing, and nobody would think so."""
    nested: bool = False
    """A list among categories is a path from the broad to the narrow, as in Hexo."""
    dates: DateOrder = ""
    """The order of day and month in `01/02/2024`."""
    today: bool = False
    """`today` and `now` are dates that the tool fills in."""
    words: bool = False
    """`no` and `off` are words, as in YAML 1.2 and the JavaScript libraries that read it, and no booleans."""
    html: bool = False
    """Text is put into pages as it is, as in Jekyll: `Q&amp;A` is read there as Q&A."""

    def shown(self, text: str) -> str:
        """The text as readers of the site see it."""
        return _REFERENCE.sub(lambda match: unescape(match[0]), text) if self.html and "&" in text else text


NO_HABITS = Habits()


@dataclass(slots=True)
class Interpretation:
    """What the front matter of a post says, in the terms of the graph."""

    mentions: list[Mention] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    date: str = ""
    draft: bool = False
    published: list[tuple[str, Scalar]] = field(default_factory=list)
    """Fields that say that it is none."""
    language: str = ""
    aliases: list[str] = field(default_factory=list)
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)
    """How each name was written first, by field and the name without case and width."""
    latin: str = ""
    """The language of text in Latin letters where nothing else tells; "" for none."""
    habits: Habits = NO_HABITS
    hosted: bool = False
    """Whether its fields tell of an episode or an event, which people host."""

    kept: set[tuple[int, int, str]] = field(default_factory=set)
    """Places and texts of the values that are kept as typed."""

    def fault(self, place: Scalar | Sequence | Mapping, code: str, message: str, *, note: bool = False) -> None:
        """Report something about a value; `note`: that need not be mended."""
        self.problems.append(Problem(place.line, place.column, code, message, note))
