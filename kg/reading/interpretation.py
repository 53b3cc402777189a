"""What one front matter says, in the terms of the graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.reading.values import Problem

if TYPE_CHECKING:
    from kg.model import Attribute, Link, Mention
    from kg.reading.values import Mapping, Scalar, Sequence


@dataclass(slots=True)
class Interpretation:
    """What one front matter says, in the terms of the graph."""

    mentions: list[Mention] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    date: str = ""
    draft: bool = False
    language: str = ""
    aliases: list[str] = field(default_factory=list)
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)
    """How each name was written first, by kind and the name without case and width."""
    one_author: bool = False
    """Whether `author` holds one person, whatever commas are in it."""
    spaced: bool = False
    """Whether blanks separate tags and categories in a string, as in a Jekyll post."""
    latin: str = ""
    """The language of text in Latin letters where nothing else tells; "" for none."""
    listed: bool = False
    """Whether commas in a string make a list for the tool itself, as in Pelican."""

    def fault(self, place: Scalar | Sequence | Mapping, code: str, message: str) -> None:
        """Report something about a value."""
        self.problems.append(Problem(place.line, place.column, code, message))
