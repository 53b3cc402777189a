"""TOML front matter (https://toml.io/en/v1.1.0) between `+++` fences, as Hugo, Zola and Cobalt write it.

`tomli` says whether a text is TOML, and reads strings; it keeps neither places nor the text of numbers and dates. So
a scanner of ours walks over what tomli has accepted, and needs to understand no more than valid TOML.
"""

import re

from kg.config import Limits
from kg.reading.dialect import Block, Dialect, Parsed, fenced
from kg.reading.scanning import Places, shallow, without_twins
from kg.reading.toml.faults import TOKENS, fault_of
from kg.reading.toml.recovery import mended, recover
from kg.reading.toml.scanner import Scanner, Table
from kg.reading.values import Problem

_OPEN = re.compile(r"\A(?:[ \t]*\n)*[ \t]*\+\+\+[ \t]*\n")
_CLOSE = re.compile(r"^[ \t]*\+\+\+[ \t]*$", re.MULTILINE)


class Toml(Dialect):
    """`+++` … `+++`."""

    name = "toml"

    def locate(self, text: str) -> Block | None:
        """The text between the fences."""
        return fenced(text, _OPEN.match(text), _CLOSE)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; if the whole is not TOML, each statement is read by itself."""
        place = Places(source, first_line)
        root, problems = Table(*place(0)), list[Problem]()
        text = shallow(TOKENS, source, place, limits.depth, problems)
        whole = fault_of(text, place, 0, limits.depth)
        if whole and (found := mended(source, place, limits.depth, whole.line)):
            return found
        if whole:
            problems.clear()
            recover(source, place, root, problems, limits.depth)
        else:
            Scanner(text, place).read(root, root)
        fields = without_twins(root.frozen(), problems)
        return Parsed(fields, tuple(problems or ([whole] if whole else [])))
