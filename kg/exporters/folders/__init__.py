"""The formats that are a folder of many files, one module each.

A new one is a new module here that ends in `EXPORTER = FolderExporter(...)`; `kg export` finds it by its file name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from kg.graph.model import KnowledgeGraph

Files = Callable[[KnowledgeGraph, Path], Iterator[tuple[str, bytes]]]
"""`files(graph, content)`: (path below the folder, content) of each file; CONTENT is read for the text of posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderExporter:
    """One format."""

    title: str
    """The format in a few words, for `kg export --list`."""
    spec: str
    """URL of the format's specification."""
    folder: str
    """The name of the folder, unless another is given."""
    files: Files
    pages: Files | None = None
    """Files to be published as they are, such as HTML, in a folder of their own."""


def names() -> list[str]:
    """The names of all formats of this kind in alphabetical order; imports none of them."""
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def get(name: str) -> FolderExporter:
    """The exporter of a format that `names` has."""
    exporter: FolderExporter = import_module(f"{__name__}.{name}").EXPORTER
    return exporter
