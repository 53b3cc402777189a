"""RDF formats made from what `kg.rdf.statements` says."""

from collections.abc import Callable
from itertools import chain

from kg.exporters import Chunked, FileSection
from kg.graph.chunks import Chunk
from kg.graph.model import Derived, KnowledgeGraph
from kg.rdf.ntriples import Resource
from kg.rdf.turtle import Turtle


def triples(
    document: Callable[[KnowledgeGraph, list[Resource]], str], head: Callable[[KnowledgeGraph], str] = lambda _graph: ""
) -> Chunked:
    """The `Exporter.write` of a format without named graphs, in which any statements form a document.

    Args:
        document: (graph, what is said about some subjects) → its text.
        head: graph → the first lines of the file.
    """

    def write(graph: KnowledgeGraph, chunk: Chunk) -> tuple[bytes, int]:
        from kg.rdf import statements

        found = list(chain.from_iterable(one.resources for one in statements.of_chunk(graph, chunk)))
        return document(graph, found).encode(), statements.count(found)

    def tail(graph: KnowledgeGraph, count: int) -> bytes:
        from kg.rdf import statements

        return document(graph, statements.about_itself(graph, count)).encode()

    return Chunked(
        head=lambda graph: head(graph).encode(),
        sections=tuple(FileSection(write=write, of_posts=of_posts) for of_posts in (False, True)),
        tail=tail,
    )


@Derived
def turtle(graph: KnowledgeGraph) -> Turtle:
    """Turtle under the prefixes of a graph, with the names that it has shortened so far."""
    from kg.rdf.terms import prefixes
    from kg.rdf.turtle import Turtle

    return Turtle(prefixes(graph))
