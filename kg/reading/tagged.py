"""YAML's fences in other forms: with the name of a language, as gray-matter reads them, or without the first one.

Eleventy and VitePress use gray-matter: `---json`, `---toml`, `---js`.
"""

import re

from kg.config import Limits
from kg.reading.dialect import NEARLY_FENCE, Block, Dialect, Parsed
from kg.reading.plain import NEARLY_KEY, USUAL, begins_like_fields
from kg.reading.values import Mapping, Problem
from kg.reading.yaml import Yaml

_CLOSE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_PROGRAMS = ("js", "javascript", "ts", "typescript", "coffee", "cson", "lua", "py", "python")


class Tagged(Dialect):
    """`---LANGUAGE` … `---`, where the language is data."""

    def __init__(self, language: str, inner: Dialect) -> None:
        super().__init__()
        self.name = getattr(inner, "name", "program")
        self._inner = inner
        self._open = re.compile(rf"\A(?:[ \t]*\n)*---[ \t]*{language}[ \t]*\n", re.IGNORECASE)

    def locate(self, text: str) -> Block | None:
        """The text between the fences."""
        opening = self._open.match(text)
        closing = opening and _CLOSE.search(text, opening.end())
        if not opening or not closing:
            return None
        return Block(opening.end(), closing.start(), min(closing.end() + 1, len(text)))

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, read as this language is read elsewhere."""
        return self._inner.parse(source, first_line, limits)


_PART = re.compile(r"(?P<key>[A-Za-z][\w .-]{0,39}?)[ \t]*:(?:[ \t]|\Z)|[ \t]+\S|-[ \t]|#")
_UNUSUAL = frozenset({"author", "authors", "category", "slug", "summary", "keywords"})
"""Fields that prose above a rule may begin with."""
_OF_YAML = re.compile(r"^(?:[A-Za-z][\w-]*:)?[ \t]*(?:-[ \t]|[\[\"'])", re.MULTILINE)
"""A list or quotes, with which a rule below a blank line is no rule below fields of MultiMarkdown."""
_LONGEST = 200
"""Lines of a front matter that nothing opens."""
_MOST_SLIPS = 2
"""Lines that are no fields, of which one that is not nearly one counts twice."""


class Unopened(Dialect):
    """YAML with a closing `---` only, as Hexo writes it (https://github.com/hexojs/hexo-front-matter)."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The lines above the first rule, where all but a slip are fields and two are; one line is a heading."""
        if not begins_like_fields(text):
            return None
        end = slips = 0
        keys: list[str] = []
        for line in text.split("\n", _LONGEST):
            if keys and NEARLY_FENCE.fullmatch(line):
                break
            end += len(line) + 1
            part = _PART.match(line)
            slips += 0 if part or not line.strip() else 1 if NEARLY_KEY.match(line) else 2
            keys += [part["key"].lower()] if part and part["key"] else []
            if slips > _MOST_SLIPS:
                return None
        else:
            return None
        slips += not line.startswith("---")
        if slips > _MOST_SLIPS or len(keys) < 2 or len({*keys} & USUAL - _UNUSUAL) <= slips:
            return None
        if "\n\n" in text[:end].lstrip() and not _OF_YAML.search(text, 0, end):
            return None
        message = "no '---' opens this front matter, which is read all the same; only Hexo does so: write one above it"
        fault = Problem(1, 1, "KG121", message)
        if not line.startswith("---"):
            fault = Problem(text.count("\n", 0, end) + 1, 1, "KG121", f"the fence is {line!r}; write '---'")
        return Block(0, end, min(end + len(line) + 1, len(text)), fault)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, read as YAML is read elsewhere."""
        return Yaml().parse(source, first_line, limits)


class Program(Tagged):
    """`---js` … `---`: left out with an error, never run."""

    def __init__(self) -> None:
        super().__init__(f"(?:{'|'.join(_PROGRAMS)})", Dialect())

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """No fields, one problem."""
        del source, limits
        message = "this front matter is a program, which kg does not run; write it as YAML, TOML or JSON"
        return Parsed(Mapping((), first_line, 1), (Problem(max(1, first_line - 1), 1, "KG117", message),))
