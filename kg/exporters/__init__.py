"""The formats a graph can be written in, one module each.

A new format is a new module here that ends in `EXPORTER = Exporter(...)`. The command line, the documentation and the
contract tests find it by its file name. Formats that are a folder of many files are in `kg.exporters.folders`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO

from kg.errors import ConfigError
from kg.graph.chunks import Chunk, chunks
from kg.graph.model import KnowledgeGraph

Write = Callable[..., None]
"""`write(graph: KnowledgeGraph, *streams: BinaryIO)`: one stream for each of `Exporter.files`, in that order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSection:
    """One section of a file, written chunk by chunk: all nodes, or all edges."""

    write: Callable[[KnowledgeGraph, Chunk], tuple[bytes, int]]
    """Returns the bytes of one chunk and the number of statements in them, which depend only on chunk and head."""
    of_posts: bool | None = None
    """True for the chunks of posts only, False for all other chunks, None for every chunk."""

    def holds(self, chunk: Chunk) -> bool:
        """Whether the section holds anything of a chunk."""
        return self.of_posts is None or chunk.of_posts == self.of_posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunked:
    """The `Exporter.write` of a format that is one file: a head, sections written chunk by chunk, a tail.

    Several processes may write it together, and unchanged chunks are copied from the previous file:
    see `kg.pipeline.writing`.
    """

    head: Callable[[KnowledgeGraph], bytes]
    sections: tuple[FileSection, ...]
    tail: Callable[[KnowledgeGraph, int], bytes] = lambda _graph, _count: b""
    """Gets the number of statements in the sections."""

    def __call__(self, graph: KnowledgeGraph, stream: BinaryIO) -> None:
        """Write all of it."""
        stream.write(self.head(graph))
        count = 0
        for section in self.sections:
            for chunk in filter(section.holds, chunks(graph)):
                data, statements = section.write(graph, chunk)
                stream.write(data)
                count += statements
        stream.write(self.tail(graph, count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format."""

    title: str
    """The format in a few words, for `kg export --list`."""
    media_type: str
    """The media type registered with IANA (https://www.iana.org/assignments/media-types), or the usual one."""
    files: tuple[str, ...]
    """The names of the files it writes into OUTPUT; most formats write one."""
    spec: str
    """URL of the format's specification."""
    write: Write
    """A function, or `Chunked`, that writes the same bytes for the same graph."""
    write_for_excel: Write | None = None
    """As `write`, if Excel needs other files."""
    draws: bool = False
    """True if it shows the map; `KnowledgeGraph.hints` then holds the previous positions."""
    holds_graph: bool = True
    """False for formats that only describe the vocabulary (ontology, shapes)."""


def from_text(document: Callable[[KnowledgeGraph], Iterable[str]]) -> Write:
    """The `Exporter.write` of a format that is one text, given a function that yields its parts."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        stream.writelines(text.encode() for text in document(graph))

    return write


def names() -> list[str]:
    """The names of all formats of one or a few files, in alphabetical order; imports none of them."""
    return sorted(module.name for module in iter_modules(__path__) if not (module.name.startswith("_") or module.ispkg))


def get(name: str) -> Exporter:
    """The exporter of a format.

    >>> get("ttl").files
    ('graph.ttl',)

    Raises:
        ConfigError: there is no such format.
    """
    check([name])
    exporter: Exporter = import_module(f"{__name__}.{name}").EXPORTER
    return exporter


def check(wanted: Iterable[str]) -> None:
    """Check that all these formats exist, without importing them.

    Raises:
        ConfigError: there is no such format.
    """
    known = names()
    for name in wanted:
        if name not in known:
            raise ConfigError(f"no format is called {name!r}; there are {', '.join(known)}")
