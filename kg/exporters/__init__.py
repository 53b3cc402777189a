"""The formats a graph can be written in: one module each, found by its file name.

A new format is one new module here that ends in `EXPORTER = Exporter(...)`. The command line, the documentation and
the contract tests find it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import ConfigError
from kg.graph.shares import Share, shares

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph

Write = Callable[..., None]
"""`write(graph: KnowledgeGraph, *streams: BinaryIO)`: one stream for each of `Exporter.files`, in that order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a format says of the shares of a graph, one after another."""

    write: Callable[[KnowledgeGraph, Share], tuple[bytes, int]]
    """What is said of one share, and how many statements that is; told by the share and the head alone."""
    of_posts: bool | None = None
    """Whether only shares of posts are in it, or only those of everything else; None for all of them."""

    def holds(self, share: Share) -> bool:
        """Whether a share is in it."""
        return self.of_posts is None or share.of_posts == self.of_posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The `Exporter.write` of a format that is one file, written piece by piece: a head, sections, a tail.

    Several processes may share the work, and pieces that have not changed are copied from the last file:
    see `kg.pipeline.writing`.
    """

    head: Callable[[KnowledgeGraph], bytes]
    sections: tuple[Section, ...]
    tail: Callable[[KnowledgeGraph, int], bytes] = lambda _graph, _count: b""
    """Is told how many statements the sections hold."""

    def __call__(self, graph: KnowledgeGraph, stream: BinaryIO) -> None:
        """Write all of it."""
        stream.write(self.head(graph))
        count = 0
        for section in self.sections:
            for share in filter(section.holds, shares(graph)):
                data, statements = section.write(graph, share)
                stream.write(data)
                count += statements
        stream.write(self.tail(graph, count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format."""

    title: str
    """What it is, in a few words, for `kg export --list`."""
    media_type: str
    """As registered with IANA (https://www.iana.org/assignments/media-types), or the customary one."""
    files: tuple[str, ...]
    """The names of the files it writes into OUTPUT; most formats write one."""
    spec: str
    """URL of the format's specification."""
    write: Write
    """Deterministic: the same graph gives the same bytes. A function, or `Pieces`."""
    draws: bool = False
    """Whether it shows the map; then it is given where nodes stood the last time (`KnowledgeGraph.hints`)."""
    holds_graph: bool = True
    """False for formats that describe the vocabulary (ontology, shapes) and hold no node of the graph."""


def names() -> list[str]:
    """The names of all formats, in alphabetical order, without importing them."""
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def get(name: str) -> Exporter:
    """Import one format.

    Raises:
        ConfigError: there is no such format.
    """
    check([name])
    exporter: Exporter = import_module(f"{__name__}.{name}").EXPORTER
    return exporter


def check(wanted: Iterable[str]) -> None:
    """Look whether there are such formats, without importing them.

    Raises:
        ConfigError: there is no such format.
    """
    known = names()
    for name in wanted:
        if name not in known:
            raise ConfigError(f"no format is called {name!r}; there are {', '.join(known)}")
