"""Restores the named graphs of a build from a file that has none (Turtle, N-Triples, RDF/XML, JSON-LD).

The graph of a statement follows from the statement and from what is said about its subject, because every graph
describes one post, or the entities, or the vocabulary: see `kg.rdf.statements`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
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
        self._of = lru_cache(maxsize=1 << 10)(self._find)
        self._definition = self._names(SKOS + "definition")[0] + b" "

    def sort(self, found: Iterable[Line], only: str = "") -> Iterator[bytes]:
        """Some lines in each named graph that holds them, or in `only` one, in TriG."""
        wanted = f"<{only}>".encode()
        for subject, line in found:
            for graphs, part in self.parts(subject, line):
                for graph in graphs:
                    if not only or graph == wanted:
                        yield b"%b {\n%b}\n" % (graph, blocks.said(subject, part))

    def about(self, graph: str) -> bytes | None:
        """As much of the document as decides about the graph of a post; None if it is of none."""
        base = self._base.decode()
        if not graph.startswith(f"{base}graph/post/"):
            return None
        post = base + graph.removeprefix(f"{base}graph/")
        names = self._names(post, graph, VOID + "Dataset")
        subjects = {subject for name in names for subject, _line in blocks.about(self._document, name)}
        found = list(blocks.blocks(self._document, subjects))
        (defines,) = self._names(KG + "defines")
        single = (line for _subject, block in found for line in blocks.split(block))
        terms = {term for line in single if line.startswith(defines + b" ") for term in blocks.objects(line)}
        found += blocks.blocks(self._document, terms - subjects)
        return blocks.head_of(self._document) + b"".join(blocks.said(*block) for block in found)

    def one_line_each(self) -> Iterator[bytes]:
        """A line of each named graph, in TriG."""
        entity = (line for line in blocks.lines(self._document, [b"a"]) if self._of(line[0]) is self._others[False])
        for found in (entity, blocks.types(self._document, *self._names(VOID + "Dataset"))):
            yield from islice(self.sort(found), 1)
        post = re.escape(self._names(f"{self._base.decode()}post/x")[0].rstrip(b"x>"))
        for match in re.finditer(rb"\n(%b[^ ]+) (a [^ ]+)" % post, self._document):
            yield from self.sort([(match[1], match[2])])

    def parts(self, subject: bytes, line: bytes) -> Iterator[tuple[AbstractSet[bytes], bytes]]:
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

    def _find(self, subject: bytes) -> AbstractSet[bytes]:
        """The graphs of what describes something."""
        return (
            self._replaced.get(subject)
            or self._of_post(subject)
            or ((subject in self._statements or subject in self._defining) and self._about_posts.get(subject))
            or self._others[subject in self._vocabulary]
        )

    def _of_post(self, name: bytes) -> frozenset[bytes]:
        """The graph that a post has by its IRI, or the graph that an IRI is of."""
        prefix, _colon, local = name.partition(b":")
        iri = name[1:-1] if name[:1] == b"<" else self._namespaces.get(prefix, b"") + local.replace(b"\\", b"")
        path = iri.removeprefix(self._base)
        if not iri.startswith(self._base) or not path.startswith(_OF_POSTS):
            return frozenset()
        return frozenset((b"<%bgraph/%b>" % (self._base, path.removeprefix(b"graph/")),))

    def _of_posts_in(self, line: bytes) -> frozenset[bytes]:
        return frozenset[bytes]().union(*map(self._of_post, blocks.objects(line)))

    def _names(self, *iris: str) -> list[bytes]:
        return [self._short(f"<{iri}>").encode() for iri in iris]

    @cached_property
    def _base(self) -> bytes:
        """The base of the site."""
        built, space = self._names(KG + "builtWith", VOID + "uriSpace")
        (whole,) = {subject for subject, _line in blocks.rare(self._document, built)}
        return next(blocks.objects(line)[0][1:-1] for key, line in blocks.rare(self._document, space) if key == whole)

    @cached_property
    def _replaced(self) -> Mapping[bytes, AbstractSet[bytes]]:
        """The graphs of the posts that have replaced a former IRI, and its own."""
        (predicate,) = self._names(DCTERMS + "isReplacedBy")
        result: dict[bytes, AbstractSet[bytes]] = {}
        for subject, line in blocks.rare(self._document, predicate):
            if graphs := self._of_posts_in(line):
                result[subject] = result.get(subject, self._of_post(subject)) | graphs
        return result

    @cached_property
    def _statements(self) -> AbstractSet[bytes]:
        return self._of_type(*self._names(RDF + "Statement"))

    @cached_property
    def _defining(self) -> AbstractSet[bytes]:
        return self._of_type(*self._names(KG + "Definition"))

    @cached_property
    def _about_posts(self) -> Mapping[bytes, AbstractSet[bytes]]:
        """The graphs of the posts that statements and definitions are about."""
        result: dict[bytes, AbstractSet[bytes]] = {}
        for subjects, predicate in ((self._statements, RDF + "subject"), (self._defining, DCTERMS + "source")):
            for subject, line in blocks.lines(self._document, self._names(predicate)) if subjects else ():
                if subject in subjects and (graphs := self._of_posts_in(line)):
                    result[subject] = result.get(subject, frozenset()) | graphs
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
                    result[each, texts[subject]] |= self._about_posts.get(subject, frozenset())
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
        return {subject for subject, _line in blocks.types(self._document, class_)} - {
            class_
        }  # which has its own block
