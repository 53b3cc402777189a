"""Restores the named graphs of a build from a file that has none (Turtle, N-Triples, RDF/XML, JSON-LD).

The graph of a statement follows from the statement and from what is said about its subject, because every graph
describes one post, or the entities, or the vocabulary: see `kg.rdf.statements`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import islice
from typing import cast

import pyoxigraph as ox

from kg.namespaces import DCTERMS, KG, OWL, RDF, SKOS, VOID
from kg.rdf.turtle import Turtle
from kg.stores import blocks
from kg.stores.blocks import Line

_BASE = f"SELECT ?base {{ ?whole a <{VOID}Dataset> ; <{VOID}uriSpace> ?base ; <{KG}builtWith> ?program }}"
_VOCABULARY = (
    *(OWL + name for name in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty")),
    RDF + "Property",
    SKOS + "ConceptScheme",
    VOID + "Dataset",
)
_OF_POSTS = (b"post/", b"graph/post/")


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


def sort_into_graphs(store: ox.Store, document: bytes, prefixes: Mapping[str, str]) -> None:
    """Add every statement to its named graph as well, if the store holds a build of kg.

    Args:
        store: its default graph holds the statements.
        document: the same ones, in Turtle as `kg.stores.blocks` reads it.
        prefixes: those of the document.
    """
    if base_of(store) is None:
        return
    head = Turtle(prefixes).head().encode()
    statements = Graphs(document, prefixes).sort(blocks.blocks(document))
    while batch := b"".join(islice(statements, _BATCH)):
        store.bulk_load(head + batch, ox.RdfFormat.TRIG)


_BATCH = 40_000
"""Blocks that are loaded at a time."""


class Graphs:
    """Tells in which named graphs of a build something is said."""

    def __init__(self, document: bytes, prefixes: Mapping[str, str]) -> None:
        """Use a document, in Turtle as `kg.stores.blocks` reads it, and its prefixes."""
        self._document = document
        self._short = Turtle(prefixes).short
        self._namespaces = {prefix.encode(): namespace.encode() for prefix, namespace in prefixes.items()}
        self._definition = self._names(SKOS + "definition")[0] + b" "

    def sort(self, found: Iterable[Line], only: str = "") -> Iterator[bytes]:
        """Some lines in each named graph that holds them, or in `only` one, in TriG."""
        wanted = f"<{only}>".encode()
        for subject, line in found:
            for graphs, part in self._parts(subject, line):
                for graph in graphs:
                    if not only or graph == wanted:
                        yield b"%b {\n%b}\n" % (graph, blocks.said(subject, part))

    def one_line_each(self) -> Iterator[bytes]:
        """A line of each named graph, in TriG."""
        seen = set[bytes]()
        for subject, line in blocks.lines(self._document, [b"a"]):
            for graph in self._of(subject) - seen:
                seen.add(graph)
                yield b"%b {\n%b}\n" % (graph, blocks.said(subject, line))

    def _parts(self, subject: bytes, line: bytes) -> Iterator[tuple[AbstractSet[bytes], bytes]]:
        """What of a line, or of several, is in which graphs: what posts say of a term is in their graphs."""
        if self._definition not in line:
            yield self._of(subject), line
            return
        for single in blocks.split(line):
            if not single.startswith(self._definition):
                yield self._of(subject), single
                continue
            for text in blocks.objects(single):
                graphs = self._definitions.get((subject, text)) or self._of(subject)
                yield graphs, self._definition + text

    def _of(self, subject: bytes) -> AbstractSet[bytes]:
        """The graphs of what describes something."""
        return self._own.get(subject) or self._of_post(subject) or self._others[subject in self._vocabulary]

    def _of_post(self, name: bytes) -> frozenset[bytes]:
        """The graph that a post has by its IRI, or the graph that an IRI is of."""
        prefix, _colon, local = name.partition(b":")
        iri = name[1:-1] if name[:1] == b"<" else self._namespaces.get(prefix, b"") + local.replace(b"\\", b"")
        path = iri.removeprefix(self._base)
        if not iri.startswith(self._base) or not path.startswith(_OF_POSTS):
            return frozenset()
        return frozenset((b"<%bgraph/%b>" % (self._base, path.removeprefix(b"graph/")),))

    def _names(self, *iris: str) -> list[bytes]:
        return [self._short(f"<{iri}>").encode() for iri in iris]

    @cached_property
    def _base(self) -> bytes:
        """The base of the site."""
        built, space = self._names(KG + "builtWith", VOID + "uriSpace")
        (whole,) = {subject for subject, _line in blocks.lines(self._document, [built])}
        found = (blocks.objects(line)[0] for subject, line in blocks.lines(self._document, [space]) if subject == whole)
        return next(found)[1:-1]

    @cached_property
    def _own(self) -> Mapping[bytes, AbstractSet[bytes]]:
        """The graphs of what describes a post under another IRI: its former IRIs, statements and definitions."""
        result: dict[bytes, set[bytes]] = {}
        replaced, told, source, statement, definition = self._names(
            DCTERMS + "isReplacedBy", RDF + "subject", DCTERMS + "source", RDF + "Statement", KG + "Definition"
        )
        of_type = {told: self._of_type(statement), source: self._of_type(definition)}
        for subject, line in blocks.lines(self._document, (replaced, told, source)):
            subjects = of_type.get(line.partition(b" ")[0])
            if subjects is None or subject in subjects:
                for graphs in map(self._of_post, blocks.objects(line)):
                    if graphs:
                        result.setdefault(subject, set(self._of_post(subject))).update(graphs)
        return result

    @cached_property
    def _definitions(self) -> Mapping[Line, AbstractSet[bytes]]:
        """The graphs of the posts that say something of a term: by the term and the text."""
        result = defaultdict[Line, set[bytes]](set)
        text, term = self._names(KG + "definitionText", KG + "defines")
        texts = {subject: blocks.objects(line)[-1] for subject, line in blocks.lines(self._document, [text])}
        for subject, line in blocks.lines(self._document, [term]):
            if subject in texts:
                for each in blocks.objects(line):
                    result[each, texts[subject]] |= self._own.get(subject, frozenset())
        return result

    @cached_property
    def _vocabulary(self) -> AbstractSet[bytes]:
        """What the graph of the vocabulary describes."""
        return set().union(*map(self._of_type, self._names(*_VOCABULARY)))

    @cached_property
    def _others(self) -> tuple[AbstractSet[bytes], AbstractSet[bytes]]:
        """The graph of the entities, and that of the vocabulary."""
        entities, vocabulary = (b"<%bgraph/%b>" % (self._base, name) for name in (b"entities", b"vocabulary"))
        return frozenset((entities,)), frozenset((vocabulary,))

    def _of_type(self, class_: bytes) -> AbstractSet[bytes]:
        return {subject for subject, _line in blocks.types(self._document, class_)}
