"""What the RDF formats share: pyoxigraph writes, straight into the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import KnowledgeGraph


def triples_as(format_name: str) -> Callable[[KnowledgeGraph, BinaryIO], None]:
    """A writer of one of pyoxigraph's formats for graphs (`TURTLE` …)."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        from pyoxigraph import RdfFormat, serialize

        from kg import rdf

        serialize(rdf.triples(graph), stream, getattr(RdfFormat, format_name), prefixes=rdf.prefixes(graph))

    return write


def quads_as(format_name: str) -> Callable[[KnowledgeGraph, BinaryIO], None]:
    """A writer of one of pyoxigraph's formats for datasets (`N_QUADS` …)."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        from pyoxigraph import RdfFormat, serialize

        from kg import rdf

        serialize(rdf.quads(graph), stream, getattr(RdfFormat, format_name), prefixes=rdf.prefixes(graph))

    return write
