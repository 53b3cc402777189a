"""Our own terms as an ontology (RDFS, https://www.w3.org/TR/rdf-schema/; OWL, https://www.w3.org/TR/owl2-overview/)."""

from typing import BinaryIO

from kg.exporters import Exporter
from kg.exporters._rdf import turtle
from kg.graph.model import KnowledgeGraph


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the terms that the graph uses or may use."""
    from kg.rdf import statements

    writer = turtle(graph)
    stream.write((writer.head() + writer.of(statements.terms_of(graph))).encode())


EXPORTER = Exporter(
    title="our own terms, with labels and comments in English and Chinese",
    media_type="text/turtle",
    files=("ontology.ttl",),
    spec="https://www.w3.org/TR/rdf-schema/",
    write=write,
    holds_graph=False,
)
