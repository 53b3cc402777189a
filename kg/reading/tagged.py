"""YAML's fences in other forms: with the name of a language, as gray-matter reads them, or without the first one.

A comment of HTML may stand for them, too.

Eleventy and VitePress use gray-matter: `---json`, `---toml`, `---js`.
"""

import re

from kg.config import Limits
from kg.fields import known
from kg.reading.dialect import Block, Dialect, Parsed, fenced
from kg.reading.field_lines import MOST_SLIPS, NEARLY_KEY, USUAL, YAML_VALUE, begins_like_fields, is_nearly_fence, sort
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
        return fenced(text, self._open.match(text), _CLOSE)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, read as this language is read elsewhere."""
        return self._inner.parse(source, first_line, limits)


_COMMENT = re.compile(r"\A\s*<!--[ \t]*\n(?P<fields>(?:(?![^\n]*-->)[^\n]+\n)+)[ \t]*-->[ \t]*(?:\n|\Z)")


class Commented(Dialect):
    """YAML in a comment of HTML that a file begins with, which keeps it out of sight where nothing reads it."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The lines of the comment, if all are fields or go on with one, and two are such as posts have."""
        match = _COMMENT.match(text)
        if match is None:
            return None
        found = sort(match["fields"].rstrip("\n").split("\n"))
        told = found.told > 1 or (found.told and found.keys & USUAL)
        return Block(match.start("fields"), match.end("fields"), match.end()) if told and not found.slips else None

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """The fields, read as YAML is read elsewhere."""
        return Yaml().parse(source, first_line, limits)


_UNUSUAL = frozenset({"author", "authors", "category", "slug", "summary", "keywords"})
"""Fields that prose above a rule may begin with."""
_ONE_FIELD = re.compile(r"\A(?P<field>(?P<key>[A-Za-z]\w*):[ \t][^\n]*\n)-{3,}[ \t]*(?:\n|\Z)")
_LONGEST = 200
"""Lines of a front matter that nothing opens."""
_OF_BODIES = re.compile(r"[^:\n]{1,40}:[ \t]+#\w|#{2,6}[ \t]+\S")
"""A tag, and a heading below the first level, which are comments in YAML."""


class Unopened(Dialect):
    """YAML with a closing `---` only, as Hexo writes it (https://github.com/hexojs/hexo-front-matter)."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The lines above the first rule, where all but a slip are fields and two are; one line is a heading."""
        if not begins_like_fields(text):
            return None
        lines: list[str] = []
        for fence in text.split("\n", _LONGEST):
            if any(lines) and is_nearly_fence(fence):
                break
            lines.append(fence)
        else:
            return None
        end = sum(map(len, lines)) + len(lines)
        found = sort(lines)
        slips = sum(
            1 if NEARLY_KEY.match(lines[number]) else 2
            for number in found.slips
            if lines[number].strip() and not lines[number].startswith((" ", "#"))
        ) + (not fence.startswith("---"))
        if slips > MOST_SLIPS or found.told <= slips or not found.keys & USUAL - _UNUSUAL or len(found.keys) < 2:
            return None
        if "\n\n" in text[:end].lstrip() and not any(map(YAML_VALUE.match, lines)):
            return None
        if any(map(_OF_BODIES.match, lines)):
            return None
        message = "no '---' opens this front matter, which is read all the same; only Hexo does so: write one above it"
        fault = Problem(1, 1, "KG121", message)
        if not fence.startswith("---"):
            fault = Problem(text.count("\n", 0, end) + 1, 1, "KG121", f"the fence is {fence!r}; write '---'")
        return Block(0, end, min(end + len(fence) + 1, len(text)), fault)

    def of_one(self, text: str) -> Block | None:
        """One field above a rule, which Hexo reads; elsewhere it is a heading."""
        match = _ONE_FIELD.match(text)
        return Block(0, match.end("field"), match.end()) if match and known(match["key"]) else None

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
