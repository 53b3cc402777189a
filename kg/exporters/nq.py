"""RDF 1.1 N-Quads (https://www.w3.org/TR/n-quads/)."""

from collections.abc import Iterator
from itertools import chain

from kg.exporters import Exporter, from_text
from kg.graph.model import KnowledgeGraph


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    """The statements of all named graphs, each with the name of its graph."""
    from kg.rdf import statements
    from kg.rdf.ntriples import iri_of

    for one in statements.descriptions(graph):
        end = f" {iri_of(one.graph)} .\n"
        yield "".join([statement + end for statement in chain(one.statements, one.repeated)])


EXPORTER = Exporter(
    title="RDF, one triple a line with its named graph",
    media_type="application/n-quads",
    files=("graph.nq",),
    spec="https://www.w3.org/TR/n-quads/",
    write=from_text(_document),
)
