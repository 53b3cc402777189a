"""A folder of Markdown posts in, one trustworthy knowledge graph out.

>>> import kg
>>> result = kg.build("content")
>>> type(result.graph)
<class 'networkx.classes.multidigraph.MultiDiGraph'>
>>> result.diagnostics  # every fault, with file, line and column
()
>>> type(result.to_rdflib())
<class 'rdflib.graph.Graph'>
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # `typing` takes long to import, and `kg.cli` must be ready for Ctrl-C early
if TYPE_CHECKING:
    from typing import Any

    from kg.config import Config as Config
    from kg.errors import KgError as KgError
    from kg.graph.model import KnowledgeGraph as KnowledgeGraph
    from kg.model import Diagnostic as Diagnostic
    from kg.model import Post as Post
    from kg.pipeline.build import build as build
    from kg.pipeline.result import Result as Result
    from kg.views.pictures import show_neighbourhood as show_neighbourhood

__version__ = "0.1.0"

_HOMES = {
    "Config": "kg.config",
    "Diagnostic": "kg.model",
    "KgError": "kg.errors",
    "KnowledgeGraph": "kg.graph.model",
    "Post": "kg.model",
    "Result": "kg.pipeline.result",
    "build": "kg.pipeline.build",
    "show_neighbourhood": "kg.views.pictures",
}

__all__ = ["Config", "Diagnostic", "KgError", "KnowledgeGraph", "Post", "Result", "build", "show_neighbourhood"]


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that `kg --help` stays quick (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names only."""
    return [*__all__, "__version__"]
