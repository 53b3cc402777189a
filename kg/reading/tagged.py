"""YAML's fences in other forms: with the name of a language, as gray-matter reads them, or without the first one.

Eleventy and VitePress use gray-matter: `---json`, `---toml`, `---js`.
"""

import re

from kg.config import Limits
from kg.reading.dialect import Block, Dialect, Parsed
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


_FIRST_FIELD = re.compile(r"[A-Za-z][\w .-]{0,39}:(?:[ \t]|$)", re.MULTILINE)
_UNOPENED = re.compile(
    r"(?:(?P<field>[A-Za-z][\w .-]{0,39}:(?:[ \t][^\n]*)?|[ \t]+\S[^\n]*|-[ \t][^\n]*|#[^\n]*)\n){2,}?"
    r"(?P<fence>-{3,})[ \t]*(?:\n|\Z)"
)
_USUAL = re.compile(r"^(?:title|date|tags|categories|layout)[ \t]*:", re.MULTILINE | re.IGNORECASE)


class Unopened(Dialect):
    """YAML with a closing `---` only, as Hexo writes it (https://github.com/hexojs/hexo-front-matter)."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The lines above the first rule, where all of them are fields and two are; one line is a heading."""
        match = _UNOPENED.match(text) if _FIRST_FIELD.match(text) else None
        if not match:
            return None
        source = text[: match.start("fence")]
        if len(_FIRST_FIELD.findall(source)) < 2 or not _USUAL.search(source):
            return None
        message = "no '---' opens this front matter, which is read all the same; only Hexo does so: write one above it"
        return Block(0, len(source), match.end(), Problem(1, 1, "KG121", message))

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
