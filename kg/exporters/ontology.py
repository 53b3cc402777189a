"""Our own terms as an ontology (RDFS, https://www.w3.org/TR/rdf-schema/; OWL, https://www.w3.org/TR/owl2-overview/)."""

from collections.abc import Iterator

from kg.exporters import Exporter, from_text
from kg.exporters._rdf import turtle
from kg.graph.model import KnowledgeGraph


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    """The terms that the graph uses or may use."""
    from kg.rdf import statements

    writer = turtle(graph)
    yield writer.head() + writer.of(statements.terms_of(graph))


EXPORTER = Exporter(
    title="our own terms, with labels and comments in English and Chinese",
    media_type="text/turtle",
    files=("ontology.ttl",),
    spec="https://www.w3.org/TR/rdf-schema/",
    write=from_text(_document),
    holds_graph=False,
)
