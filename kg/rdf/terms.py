"""The graph as triples and quads of pyoxigraph, as text, and as an `rdflib.Graph`; and the prefixes of its names.

Formats without named graphs hold their union; `kg.rdf.statements` says what each of them holds.
"""

from __future__ import annotations

from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, Triple

from kg.namespaces import PREFIXES, SH, XSD
from kg.rdf import statements
from kg.rdf.ntriples import document_of, iri_of, parse_document, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import rdflib

    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI


def texts(graph: KnowledgeGraph) -> Iterator[tuple[IRI, str]]:
    """Every named graph as an N-Triples document: the entities, then one per post, then the vocabulary.

    Each line is one triple; no graph holds a triple twice.
    """
    for name, those in groupby(statements.descriptions(graph), key=attrgetter("graph")):
        yield name, document_of(chain.from_iterable((*one.statements, *one.repeated) for one in those))


def text_of_union(graph: KnowledgeGraph) -> str:
    """The union of all named graphs as one N-Triples document, each triple once."""
    return document_of(chain.from_iterable(one.statements for one in statements.descriptions(graph)))


def graphs(graph: KnowledgeGraph) -> Iterator[tuple[IRI, list[Triple]]]:
    """Every named graph with its triples, in the order of `texts`."""
    for name, document in texts(graph):
        yield name, [quad.triple for quad in parse_document(document)]


def quads(graph: KnowledgeGraph) -> Iterator[Quad]:
    """All quads, in the order of `graphs`; they are streamed: no named graph is in memory as a whole."""
    return quads_of((one.graph, chain(one.statements, one.repeated)) for one in statements.descriptions(graph))


def quads_of(named: Iterable[tuple[IRI, Iterable[str]]]) -> Iterator[Quad]:
    """Quads from pairs of a graph's name and its statements, in order."""
    return parsed(f"{statement} {name}" for graph, lines in named for name in (iri_of(graph),) for statement in lines)


def triples(graph: KnowledgeGraph) -> Iterator[Triple]:
    """The union of all named graphs, each triple once."""
    lines = chain.from_iterable(one.statements for one in statements.descriptions(graph))
    return (quad.triple for quad in parsed(lines))


def prefixes(graph: KnowledgeGraph) -> dict[str, str]:
    """Prefix → namespace: the vocabularies, and one prefix for each kind of node (`person:`, `tag:` …)."""
    result = {name: iri for name, iri in PREFIXES.items() if iri != SH}
    for kind in graph.kinds:
        # No prefix may hide a scheme such as `https`. `tag:` is a scheme as well; formats in which an IRI could be
        # taken for a prefixed name, such as JSON-LD, handle that themselves.
        if kind not in result and kind not in ("http", "https", "urn"):
            result[kind] = f"{graph.dataset.base}{kind}/"
    return result


def to_rdflib(graph: KnowledgeGraph) -> rdflib.Graph:
    """The triples as an `rdflib.Graph` (https://rdflib.readthedocs.io) with its prefixes bound."""
    import rdflib

    # Without rdflib's own prefixes, which would turn ours into `schema1` and the like.
    result = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes(graph).items():
        result.bind(prefix, namespace)
    for triple in triples(graph):
        subject, predicate, value = map(_to_rdflib, triple)
        result.add((subject, predicate, value))
    return result


def to_dataset(graph: KnowledgeGraph) -> rdflib.Dataset:
    """The named graphs as an `rdflib.Dataset` with its prefixes bound; its default graph is their union."""
    import rdflib
    from rdflib.namespace import NamespaceManager

    result = rdflib.Dataset(default_union=True)
    result.namespace_manager = NamespaceManager(result, bind_namespaces="none")
    for prefix, namespace in prefixes(graph).items():
        result.bind(prefix, namespace)
    for quad in quads(graph):
        subject, predicate, value, name = map(_to_rdflib, quad)
        result.graph(str(name)).add((subject, predicate, value))
    return result


def _to_rdflib(term: Any) -> rdflib.term.Node:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    # The lexical form is kept: rdflib would otherwise write 1.50 as 1.5.
    return rdflib.Literal(
        term.value, datatype=None if datatype == XSD + "string" else rdflib.URIRef(datatype), normalize=False
    )
