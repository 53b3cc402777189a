"""The formats a graph can be written in: one module each, found by its file name.

A new format is one new module here that ends in `EXPORTER = Exporter(...)`. The command line, the documentation and
the contract tests find it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO

from kg.errors import ConfigError
from kg.graph import KnowledgeGraph

Write = Callable[..., None]
"""`write(graph: KnowledgeGraph, *streams: BinaryIO)`: one stream for each of `Exporter.files`, in that order."""


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
    """Deterministic: the same graph gives the same bytes."""
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
    if name not in names():
        raise ConfigError(f"no format is called {name!r}; there are {', '.join(names())}")
    exporter: Exporter = import_module(f"{__name__}.{name}").EXPORTER
    return exporter


__all__ = ["BinaryIO", "Exporter", "KnowledgeGraph", "get", "names"]
