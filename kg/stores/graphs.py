"""Restores the named graphs of a build from a file that has none (Turtle, N-Triples, RDF/XML, JSON-LD).

The graph of a statement follows from the statement and from what is said about its subject, because every graph
describes one post, or the entities, or the vocabulary: see `kg.rdf.statements`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import cast

import pyoxigraph as ox

from kg.namespaces import DCTERMS, KG, OWL, RDF, SKOS, VOID

_BASE = f"SELECT ?base {{ ?whole a <{VOID}Dataset> ; <{VOID}uriSpace> ?base ; <{KG}builtWith> ?program }}"
_VOCABULARY = (
    *(OWL + name for name in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty")),
    RDF + "Property",
    SKOS + "ConceptScheme",
    VOID + "Dataset",
)
_TELLING = (
    RDF + "type",
    RDF + "subject",
    DCTERMS + "isReplacedBy",
    DCTERMS + "source",
    KG + "definitionText",
    KG + "defines",
)
"""The predicates of statements that tell which graphs others are from."""
_DEFINITION = ox.NamedNode(SKOS + "definition")
Subject = ox.NamedNode | ox.BlankNode | ox.Triple


def base_of(store: ox.Store) -> str | None:
    """The base of the site in a store, if the store holds a build of kg."""
    bases = [row["base"].value for row in cast("ox.QuerySolutions", store.query(_BASE))]
    if len(bases) != 1:
        return None
    try:
        ox.NamedNode(bases[0])  # no IRI can end the text that it is put into
    except ValueError:
        return None
    return str(bases[0])


def sort_into_graphs(store: ox.Store, parse: Callable[[], Iterable[ox.Quad]]) -> None:
    """Add every statement to its named graph as well, if the store holds a build of kg.

    Args:
        store: its default graph holds the statements.
        parse: gives the same statements; parsing them is several times faster than reading them from the store.
    """
    base = base_of(store)
    if base is None:
        return
    quads = _named_quads(parse, base)
    while batch := list(islice(quads, _BATCH)):
        store.bulk_extend(batch)


_BATCH = 150_000
"""Statements that are in memory at a time."""


class _Known:
    """The statements that tell which graphs others are from."""

    def __init__(self, statements: Iterable[ox.Quad]) -> None:
        self._by_predicate: dict[ox.NamedNode, list[ox.Quad]] = {ox.NamedNode(name): [] for name in _TELLING}
        for quad in statements:
            if quad.predicate in self._by_predicate:
                self._by_predicate[quad.predicate].append(quad)

    def quads(self, predicate: str) -> list[ox.Quad]:
        """Those with a predicate."""
        return self._by_predicate[ox.NamedNode(predicate)]

    def of_type(self, *names: str) -> set[Subject]:
        """The subjects of any of some types."""
        types = set(map(ox.NamedNode, names))
        return {quad.subject for quad in self.quads(RDF + "type") if quad.object in types}


def _named_quads(parse: Callable[[], Iterable[ox.Quad]], base: str) -> Iterator[ox.Quad]:
    known = _Known(parse())
    vocabulary, entities = (ox.NamedNode(f"{base}graph/{name}") for name in ("vocabulary", "entities"))
    own = _graphs_by_subject(known, base)
    defined = set(_definitions(known, own))
    yield from defined
    described = {(quad.subject, quad.object) for quad in defined}
    of_vocabulary = known.of_type(*_VOCABULARY)
    subject: Subject | None = None
    graphs: set[ox.NamedNode] = set()
    for quad in parse():
        if quad.subject != subject:
            subject = quad.subject
            graphs = own.get(subject) or _own_graph(subject, base)
        for graph in graphs:
            yield ox.Quad(subject, quad.predicate, quad.object, graph)
        if not graphs and not (quad.predicate == _DEFINITION and (subject, quad.object) in described):
            graph = vocabulary if subject in of_vocabulary else entities
            yield ox.Quad(subject, quad.predicate, quad.object, graph)


def _graphs_by_subject(known: _Known, base: str) -> dict[Subject, set[ox.NamedNode]]:
    """The graphs of what describes a post under another IRI: its former IRIs, statements and definitions."""
    result: dict[Subject, set[ox.NamedNode]] = {}
    for predicate, type_ in (
        (DCTERMS + "isReplacedBy", None),
        (RDF + "subject", RDF + "Statement"),
        (DCTERMS + "source", KG + "Definition"),
    ):
        subjects = type_ and known.of_type(type_)
        for quad in known.quads(predicate):
            graphs = _own_graph(quad.object, base)
            if graphs and (subjects is None or quad.subject in subjects):
                result.setdefault(quad.subject, _own_graph(quad.subject, base)).update(graphs)
    return result


def _own_graph(subject: Subject | ox.Literal, base: str) -> set[ox.NamedNode]:
    """The graph that a post has by its IRI, or the graph that an IRI is of."""
    if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(base):
        return set()
    path = subject.value.removeprefix(base)
    if path.startswith("graph/post/"):
        return {subject}
    return {ox.NamedNode(f"{base}graph/{path}")} if path.startswith("post/") else set()


def _definitions(known: _Known, own: dict[Subject, set[ox.NamedNode]]) -> Iterator[ox.Quad]:
    """What a post says of a term, as `skos:definition` of the term in the graph of the post."""
    texts = {quad.subject: quad.object for quad in known.quads(KG + "definitionText")}
    for quad in known.quads(KG + "defines"):
        for graph in own.get(quad.subject, ()):
            if quad.subject in texts and isinstance(quad.object, ox.NamedNode | ox.BlankNode):
                yield ox.Quad(quad.object, _DEFINITION, texts[quad.subject], graph)
