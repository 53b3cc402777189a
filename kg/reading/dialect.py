"""The interface of a front matter dialect, on top of python-frontmatter's handlers.

python-frontmatter (https://python-frontmatter.readthedocs.io) picks the handler and calls `detect`, `split` and `load`.
Its own handlers lose data: they strip the text (which shifts lines), turn `no` into False and silently drop the first
of two equal keys. Ours keep the text as typed, with its place.
"""

import re
from typing import NamedTuple

from frontmatter.default_handlers import BaseHandler

from kg.config import Limits
from kg.reading.values import Mapping, Problem

TEARING = frozenset({"KG101", "KG104", "KG105", "KG116", "KG128"})
"""Codes of faults after which front matter is read field by field."""


class Block(NamedTuple):
    """The position of front matter in a text, as offsets in code points."""

    start: int
    end: int
    body: int
    """Where the body begins."""
    fault: Problem | None = None
    """A fault of the fences, if the front matter can be recognised nevertheless."""


class Parsed(NamedTuple):
    """Parsed front matter."""

    fields: Mapping
    problems: tuple[Problem, ...] = ()


def fenced(text: str, opening: re.Match[str] | None, closing: re.Pattern[str]) -> Block | None:
    """What stands between two fences."""
    end = opening and closing.search(text, opening.end())
    return Block(opening.end(), end.start(), min(end.end() + 1, len(text))) if opening and end else None


class Dialect(BaseHandler):
    """A dialect of front matter.

    A dialect defines `name`, `locate` and `parse`; python-frontmatter's methods follow from these.
    """

    name: str

    def __init__(self) -> None:
        # BaseHandler requires one regular expression for both fences; ours differ, so `locate` finds them.
        pass

    def locate(self, text: str) -> Block | None:
        """Find the front matter, or None if the text has none in this dialect."""
        raise NotImplementedError

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """Parse the text between the fences; `first_line` is the line of the file where it begins."""
        raise NotImplementedError

    def detect(self, text: str) -> bool:
        """Whether the text has a front matter of this dialect."""
        return self.locate(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The front matter and the body.

        Raises:
            ValueError: there is no front matter (python-frontmatter's convention).
        """
        block = self.locate(text)
        if block is None:
            raise ValueError(f"no {self.name} front matter")
        return text[block.start : block.end], text[block.body :]

    def load(self, fm: str, **_options: object) -> dict[str, object]:
        """The fields by key as `kg.reading.values` trees; of two equal keys the last one wins."""
        return {key.text: value for key, value in self.parse(fm, 1, Limits()).fields.entries}
