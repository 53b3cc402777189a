"""Fences that name a language, as gray-matter reads them (Eleventy, VitePress): `---json`, `---toml`, `---js`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.reading.dialect import Block, Dialect, Parsed
from kg.reading.values import Mapping, Problem

if TYPE_CHECKING:
    from kg.config import Limits

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
        """As the language is read everywhere else."""
        return self._inner.parse(source, first_line, limits)


class Program(Tagged):
    """`---js` … `---`: left out with an error, never run."""

    def __init__(self) -> None:
        super().__init__(f"(?:{'|'.join(_PROGRAMS)})", Dialect())

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """No fields, one problem."""
        del source, limits
        message = "this front matter is a program, and kg runs no post; write it as YAML, TOML or JSON"
        return Parsed(Mapping((), first_line, 1), (Problem(max(1, first_line - 1), 1, "KG117", message),))
