"""Hostile input of any size, for `python -m benchmarks.attacks`: one function an attack, found by its decorator.

A new attack is a function in `reading.py` (what posts hold, how folders are made) or `names.py` (names, links, the
ledger) that takes a size and gives a post or a folder of files:

    @attack(40_000)
    def slashes(n: int) -> str:
        return "[a](" + "/" * n + ")"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Files = str | dict[str, str]
"""The text of one post, or files: path → text."""

RUNS: dict[str, tuple[str, ...]] = {
    "read": ("-c", "import sys; from benchmarks.hostile import read; read(sys.argv[1])", "{content}"),
    "build": ("-m", "kg", "build", "{content}", "-o", "{output}", "--quiet", "--jobs", "1"),
    "check": ("-m", "kg", "check", "{content}", "--quiet", "--jobs", "1"),
    "suggest": ("-m", "kg", "suggest", "{content}", "--quiet", "--jobs", "1"),
    "glossary": ("-m", "kg", "glossary", "{content}", "--quiet", "--jobs", "1"),
    "stats": ("-m", "kg", "stats", "{content}", "--quiet", "--jobs", "1"),
    "show": ("-m", "kg", "show", "hub", "{content}", "--quiet", "--jobs", "1"),
    "lookup": ("-m", "kg", "show", "hubaaaab", "{content}", "--quiet", "--jobs", "1"),
    "resolve": ("-m", "kg", "resolve", "{content}", "--list", "--all", "--jobs", "1"),
    "every": ("-c", "import sys; from benchmarks.hostile import write; write(*sys.argv[1:])", "{content}", "{output}"),
}
"""What is run on the files, as arguments of Python."""


@dataclass(frozen=True)
class Attack:
    """One kind of hostile input."""

    name: str
    size: int
    run: str
    """A key of `RUNS`."""
    generate: Callable[[int], Files]

    def write(self, content: Path, size: int) -> None:
        """Make the files below a folder."""
        made = self.generate(size)
        for path, text in ({"post.md": made} if isinstance(made, str) else made).items():
            file = content / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")


def attack(size: int, run: str = "build") -> Callable[[Callable[[int], Files]], Attack]:
    """Make an attack of a function; `size` is the smallest that is run, in whatever the function counts."""

    def made(function: Callable[[int], Files]) -> Attack:
        return Attack(function.__name__.strip("_").replace("_", "-"), size, run, function)

    return made


def read(content: str) -> None:
    """Read a folder in this process and do nothing with it."""
    from pathlib import Path

    from kg.pipeline.build import configure
    from kg.reading.folder import read_posts

    read_posts(Path(content), configure(Path(content), None), jobs=1)


def write(content: str, output: str) -> None:
    """Build a folder in every format, in this process."""
    from kg import exporters
    from kg.pipeline.build import build

    build(content, output, formats=exporters.names(), jobs=1)
