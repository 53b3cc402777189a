"""The graph as RDF: streams of pyoxigraph's triples and quads, text, an `rdflib.Graph`, and the prefixes of its names.

Formats without graphs hold the union of the named ones; see `kg.rdf.statements` for what is said in which.
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

    Within one graph no triple stands twice. Each line is one triple.
    """
    for name, parts in groupby(statements.parts(graph), key=attrgetter("graph")):
        yield name, document_of(chain.from_iterable((*part.statements, *part.repeated) for part in parts))


def text_of_union(graph: KnowledgeGraph) -> str:
    """The union of all named graphs as one N-Triples document, each triple once."""
    return document_of(chain.from_iterable(part.statements for part in statements.parts(graph)))


def graphs(graph: KnowledgeGraph) -> Iterator[tuple[IRI, list[Triple]]]:
    """Every named graph with its triples, in the order of `texts`."""
    for name, document in texts(graph):
        yield name, [quad.triple for quad in parse_document(document)]


def quads(graph: KnowledgeGraph) -> Iterator[Quad]:
    """The graph as a dataset, in the order of `graphs`, without holding any named graph in memory."""
    return quads_of((part.graph, chain(part.statements, part.repeated)) for part in statements.parts(graph))


def quads_of(named: Iterable[tuple[IRI, Iterable[str]]]) -> Iterator[Quad]:
    """Statements of named graphs as quads, in their order."""
    return parsed(f"{statement} {name}" for graph, said in named for name in (iri_of(graph),) for statement in said)


def triples(graph: KnowledgeGraph) -> Iterator[Triple]:
    """The union of all named graphs, each triple once."""
    said = chain.from_iterable(part.statements for part in statements.parts(graph))
    return (quad.triple for quad in parsed(said))


def prefixes(graph: KnowledgeGraph) -> dict[str, str]:
    """Prefix → namespace: the vocabularies, and one prefix for each kind of node (`person:`, `tag:` …)."""
    result = {name: iri for name, iri in PREFIXES.items() if iri != SH}
    for kind in graph.kinds:
        # A scheme such as `https` must never be hidden by a prefix. `tag:` is one as well; where an IRI could be taken
        # for a prefixed name, as in JSON-LD, the format sees to it.
        if kind not in result and kind not in ("http", "https", "urn"):
            result[kind] = f"{graph.dataset.base}{kind}/"
    return result


def to_rdflib(graph: KnowledgeGraph) -> rdflib.Graph:
    """The triples as an `rdflib.Graph` (https://rdflib.readthedocs.io) with its prefixes bound."""
    import rdflib

    # rdflib's own namespaces would come back under names such as `schema1`; ours are the ones that count.
    result = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes(graph).items():
        result.bind(prefix, namespace)
    for triple in triples(graph):
        subject, predicate, value = map(_to_rdflib, triple)
        result.add((subject, predicate, value))
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
