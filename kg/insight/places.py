"""The proof of an answer: files and lines."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from kg.graph.lookup import path_of
from kg.graph.model import Derived, KnowledgeGraph
from kg.graph.saved import SavedNodes, edges_from, edges_into
from kg.insight.days import day_of
from kg.model import IRI, Edge
from kg.text.wording import excerpt


@Derived
def named_in(graph: KnowledgeGraph) -> dict[IRI, list[Edge]]:
    """IRI of a node → the edges of posts that lead to it, those of the newest post first."""
    days = {iri: day_of(node) for iri, node in graph.nodes.items() if node.kind == "post"}
    found: dict[IRI, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in days:
            found[edge.target].append(edge)
    for edges in found.values():
        edges.sort(key=lambda edge: days[edge.source], reverse=True)  # stable: then in the order of the graph
    return dict(found)


def place(graph: KnowledgeGraph, edge: Edge) -> str:
    """The place of an edge of a post: `notes/one.md:12`."""
    return f"{path_of(graph.nodes[edge.source])}:{edge.line or 1}"


def edges_to(graph: KnowledgeGraph, iri: IRI, posts: Container[IRI] | None = None) -> Iterator[Edge]:
    """The edges of posts, or of some posts, that lead to a node, those of the newest post first."""
    return (edge for edge in _named(graph, iri) if posts is None or edge.source in posts)


def _named(graph: KnowledgeGraph, iri: IRI) -> list[Edge]:
    """As `named_in`; of a saved graph, all else stays encoded."""
    if not isinstance(graph.nodes, SavedNodes):
        return named_in(graph).get(iri, [])
    edges = [edge for edge in edges_into(graph, (iri,)) if graph.nodes[edge.source].kind == "post"]
    return sorted(edges, key=lambda edge: day_of(graph.nodes[edge.source]), reverse=True)


def proof(graph: KnowledgeGraph, iri: IRI) -> list[str]:
    """One place that names a node, in the newest post that does; of a post, its own first line."""
    own = path_of(graph.nodes[iri])
    return [f"{own}:1"] if own else [place(graph, edge) for edge in _named(graph, iri)[:1]]


def proof_together(graph: KnowledgeGraph, iris: Iterable[IRI], post: IRI) -> list[str]:
    """The lines of one post that name some nodes, in order."""
    wanted = set(iris)
    lines = {edge.line: place(graph, edge) for edge in edges_from(graph, (post,)) if edge.target in wanted}
    return [lines[line] for line in sorted(lines)]


def line_of(content: Path, path: str, line: int, names: Iterable[str] = ()) -> str:
    """A line of a post as written; of a long one, the part around the first of some names; "" if it is gone."""
    from kg.reading.bodies import text_of

    lines = text_of(content, path).split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return excerpt(text, next((at for name in names if (at := text.find(name)) >= 0), 0), 160)
