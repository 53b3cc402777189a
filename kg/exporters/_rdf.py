"""What the RDF formats share: statements come as text (`kg.rdf.statements`), and text is written."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from kg.exporters import Pieces, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph.model import KnowledgeGraph
    from kg.graph.shares import Share
    from kg.rdf.turtle import Turtle

_TURTLE = "turtle"


def triples(
    document: Callable[[KnowledgeGraph, list[str]], str], head: Callable[[KnowledgeGraph], str] = lambda _graph: ""
) -> Pieces:
    """A format without named graphs, in which any number of statements stand alone.

    Args:
        document: graph, statements → their text; it is given all there is about a subject at once.
        head: graph → what stands above.
    """

    def section(graph: KnowledgeGraph, share: Share) -> tuple[bytes, int]:
        from kg.rdf import statements

        said = list(chain.from_iterable(part.statements for part in statements.of_share(graph, share)))
        return document(graph, said).encode(), len(said)

    def tail(graph: KnowledgeGraph, count: int) -> bytes:
        from kg.rdf import statements

        return document(graph, statements.about_itself(graph, count)).encode()

    return Pieces(
        head=lambda graph: head(graph).encode(),
        sections=tuple(Section(write=section, of_posts=of_posts) for of_posts in (False, True)),
        tail=tail,
    )


def turtle(graph: KnowledgeGraph) -> Turtle:
    """Turtle under the prefixes of a graph; kept in `graph.derived`, with the names that it has shortened."""
    from kg.rdf.terms import prefixes
    from kg.rdf.turtle import Turtle

    if _TURTLE not in graph.derived:
        graph.derived[_TURTLE] = Turtle(prefixes(graph))
    known: Turtle = graph.derived[_TURTLE]
    return known
