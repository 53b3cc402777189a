"""The graph as RDF 1.1 (https://www.w3.org/TR/rdf11-concepts/), as a stream of pyoxigraph's triples or quads.

    {base}graph/entities     people, tags …: class, names, schemes, former IRIs, how names were brought together
    {base}graph/post/…       one per post: its fields, whom and what it names, what it defines
    {base}graph/vocabulary   our own terms (kg.ontology) and the description of the dataset (VoID)

Formats without graphs hold the union of the three. Everything streams: nodes and edges arrive sorted, so only the
statements about one subject are ever put in order, and memory does not grow with the graph. Nothing here is a blank
node: every IRI is a function of what it names, so that the same graph gives the same bytes.

Statements are made as N-Triples text (https://www.w3.org/TR/n-triples/), which pyoxigraph parses several times faster
than it takes terms from Python one by one; it has checked every IRI and language tag before.

Two things plain triples cannot say get a resource of their own, beside the plain triple and never instead of it:
an edge that was inferred (`rdf:Statement` with `kg:confidence`) and a definition (`kg:Definition` with its post).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from hashlib import sha256
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg import __version__, ontology
from kg.iris import post_iri
from kg.languages import language_of
from kg.model import IRI, IRI_OBJECT, Commit, Definition, Edge, Merge, Node
from kg.vocabulary import DCTERMS, KG, OWL, PREFIXES, PROV, RDF, RDFS, SCHEMA, SH, SKOS, VOID, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import rdflib

    from kg.graph import Dataset, KnowledgeGraph
    from kg.ontology import Row
    from kg.vocabulary import Kind

RDF_TYPE = RDF + "type"
RDFS_LABEL = RDFS + "label"
PREF_LABEL = SKOS + "prefLabel"
ALT_LABEL = SKOS + "altLabel"
IN_SCHEME = SKOS + "inScheme"
SAME_AS = OWL + "sameAs"
REPLACED_BY = DCTERMS + "isReplacedBy"
INFLUENCED = PROV + "wasInfluencedBy"
IDENTIFIER = DCTERMS + "identifier"
CONCEPT = SKOS + "Concept"
DEFINED_TERM = SCHEMA + "DefinedTerm"
_CACHED = 1 << 16
_BATCH = 1 << 12
"""Statements that are parsed at a time."""


class Part(NamedTuple):
    """Statements about one node, all of one named graph: N-Triples without the full stop."""

    graph: IRI
    statements: list[str]
    repeated: list[str]
    """What another graph has said before: two posts may define a term in the same words."""


def texts(graph: KnowledgeGraph) -> Iterator[tuple[IRI, str]]:
    """Every named graph as an N-Triples document: the entities, then one per post, then the vocabulary.

    Within one graph no triple stands twice. Each line is one triple.
    """
    for name, parts in groupby(_parts(graph), key=attrgetter("graph")):
        yield name, _safe(_document(chain.from_iterable((*part.statements, *part.repeated) for part in parts)))


def text_of_union(graph: KnowledgeGraph) -> str:
    """The union of all named graphs as one N-Triples document, each triple once."""
    return _safe(_document(chain.from_iterable(part.statements for part in _parts(graph))))


def graphs(graph: KnowledgeGraph) -> Iterator[tuple[IRI, list[Triple]]]:
    """Every named graph with its triples, in the order of `texts`."""
    for name, document in texts(graph):
        yield name, [quad.triple for quad in _parse(document)]


def quads(graph: KnowledgeGraph) -> Iterator[Quad]:
    """The graph as a dataset, in the order of `graphs`, without holding any named graph in memory."""
    return quads_of((part.graph, chain(part.statements, part.repeated)) for part in _parts(graph))


def quads_of(named: Iterable[tuple[IRI, Iterable[str]]]) -> Iterator[Quad]:
    """Statements of named graphs as quads, in their order."""
    return _parsed(f"{statement} {name}" for graph, said in named for name in (_iri(graph),) for statement in said)


def triples(graph: KnowledgeGraph) -> Iterator[Triple]:
    """The union of all named graphs, each triple once."""
    return (quad.triple for quad in union(graph))


def union(graph: KnowledgeGraph) -> Iterator[Quad]:
    """The same as quads of the default graph, which pyoxigraph writes as they are in formats without graphs."""
    return _parsed(chain.from_iterable(part.statements for part in _parts(graph)))


def _parsed(statements: Iterable[str]) -> Iterator[Quad]:
    """Statements, as pyoxigraph reads them; a few at a time, whatever their number."""
    stream = iter(statements)
    batches = iter(lambda: list(islice(stream, _BATCH)), [])
    return chain.from_iterable(_parse(_document(batch)) for batch in batches)


def _document(statements: Iterable[str]) -> str:
    document = " .\n".join(statements)
    return document and f"{document} .\n"


def _safe(document: str) -> str:
    """With control characters escaped: N-Triples allows them, but not every reader of it does."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04X}", document)


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def _parse(document: str) -> Iterator[Quad]:
    # `lenient` leaves out checks that have been made when the text was written.
    return parse(document, format=RdfFormat.N_QUADS, lenient=True)


def dataset_description(graph: KnowledgeGraph) -> list[Triple]:
    """What the dataset says about itself (VoID, https://www.w3.org/TR/void/)."""
    return _triples(_dataset(graph))


def _dataset(graph: KnowledgeGraph) -> list[str]:
    """What the dataset says about itself (VoID, https://www.w3.org/TR/void/).

    `void:triples` counts the distinct triples of the whole dataset, this description among them; the first call
    may take a pass over the graph to count them.
    """
    if _COUNT not in graph.derived:
        graph.derived[_COUNT] = sum(len(part.statements) for part in body(graph))
    others = graph.derived[_COUNT] + len(_terms(graph))
    return _described(graph.dataset, graph.kinds, graph.count_by_kind(), others)


def vocabulary(
    dataset: Dataset,
    kinds: Mapping[str, Kind],
    schemes: Mapping[str, IRI],
    counts: Mapping[str, int],
    used: Iterable[IRI],
    count: int,
) -> list[str]:
    """The graph of the vocabulary, for a dataset that nobody holds as a whole.

    Args:
        dataset: what it says of itself.
        kinds: every kind that its nodes may have.
        schemes: the concept scheme of each kind that has one.
        counts: kind → number of nodes.
        used: predicates of the nodes' attributes.
        count: the distinct triples of all other graphs.
    """
    own = _terms_of(kinds, schemes, counts, used)
    return [*own, *_described(dataset, kinds, counts, count + len(own))]


def prefixes(graph: KnowledgeGraph) -> dict[str, str]:
    """Prefix → namespace: the vocabularies, and one prefix for each kind of node (`person:`, `tag:` …)."""
    result = {name: iri for name, iri in PREFIXES.items() if iri != SH}
    for kind in graph.kinds:
        # A scheme such as `https` must never be hidden by a prefix; `tag:` is one as well, but no IRI here uses it.
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


def graph_iri(graph: KnowledgeGraph, node: IRI) -> IRI:
    """The named graph that holds a node: each post has its own, all entities share one."""
    if graph.nodes[node].kind == "post":
        return IRI(f"{graph.dataset.base}graph/{node.removeprefix(graph.dataset.base)}")
    return IRI(f"{graph.dataset.base}graph/entities")


_COUNT = "rdf.triples"
_TERMS = "rdf.terms"


def _triples(statements: list[str]) -> list[Triple]:
    return [quad.triple for quad in _parse(_document(statements))]


def _parts(graph: KnowledgeGraph) -> Iterator[Part]:
    count = 0
    for part in body(graph):
        count += len(part.statements)
        yield part
    graph.derived[_COUNT] = count
    yield Part(IRI(f"{graph.dataset.base}graph/vocabulary"), [*_terms(graph), *_dataset(graph)], [])


def body(graph: KnowledgeGraph) -> Iterator[Part]:
    """The entities, then the posts, each in IRI order."""
    base = graph.dataset.base
    outgoing = {source: list(edges) for source, edges in groupby(graph.edges, key=attrgetter("source"))}
    entities = IRI(f"{base}graph/entities")
    defined: defaultdict[IRI, list[tuple[IRI, Definition]]] = defaultdict(list)
    posts: list[Node] = []
    for node in graph.nodes.values():
        if node.kind == "post":
            posts.append(node)
            continue
        for path, definition in node.definitions:
            defined[post_iri(base, path)].append((node.iri, definition))
        statements = _about(graph, node, outgoing.get(node.iri, ()))
        for merge in _inferred(node):
            statements += _merge(base, node.iri, merge)
        yield Part(entities, statements, [])
    said: set[str] = set()
    for post in posts:
        part = Part(graph_iri(graph, post.iri), _about(graph, post, outgoing.get(post.iri, ())), [])
        if commit := graph.commits.get(post.iri):
            part.statements.extend(_provenance(part.graph, post, commit))
        here: set[str] = set()
        for concept, definition in defined.get(post.iri, ()):
            plain, source = _definition(post, concept, definition, base)
            if plain not in here:
                (part.repeated if plain in said else part.statements).append(plain)
            here.add(plain)
            part.statements.extend(source)
        said |= here
        yield part


def _about(graph: KnowledgeGraph, node: Node, edges: Sequence[Edge]) -> list[str]:
    """A node's own statements and outgoing edges, followed by those about its former IRIs and inferred edges."""
    kind = graph.kinds[node.kind]
    scheme = graph.schemes.get(node.kind)
    rows: list[Row] = [(RDFS_LABEL, text.value, "", text.language) for text in node.labels]
    if scheme:
        rows += [(PREF_LABEL, text.value, "", text.language) for text in node.labels]
        rows.append((IN_SCHEME, scheme, IRI_OBJECT, ""))
    rows += [(ALT_LABEL, text.value, "", text.language) for text in node.aliases if text not in node.labels]
    rows += [(a.predicate, a.value, a.datatype, a.language) for a in node.attributes]
    rows += [(SAME_AS, iri, IRI_OBJECT, "") for iri in node.same_as]
    rows += [(edge.predicate, edge.target, IRI_OBJECT, "") for edge in edges]
    rows += [(INFLUENCED, _merge_iri(graph.dataset.base, node.iri, m), IRI_OBJECT, "") for m in _inferred(node)]
    if node.definitions and kind.rdf_class == CONCEPT:
        rows.append((RDF_TYPE, DEFINED_TERM, IRI_OBJECT, ""))
    result = _statements(node.iri, kind.rdf_class, rows)
    for former in node.former:
        result += _statements(former, "", [(p, node.iri, IRI_OBJECT, "") for p in (REPLACED_BY, SAME_AS)])
    for edge in edges:
        if edge.confidence < 1:
            result += _inferred_edge(graph.dataset.base, edge)
    return result


def _statements(subject: str, rdf_class: str, rows: Iterable[Row]) -> list[str]:
    """The statements about one subject: its class first, the rest by predicate and value, each once."""
    about = _iri(subject)
    result = [f"{about} {_TYPE} {_iri(rdf_class)}"] if rdf_class else []
    last = None
    for row in sorted(rows):
        if row != last:
            predicate, value, datatype, language = last = row
            result.append(f"{about} {_iri(predicate)} {_object(value, datatype, language)}")
    return result


@lru_cache(maxsize=_CACHED)
def _iri(iri: str) -> str:
    """An IRI in N-Triples.

    Raises:
        ValueError: it is none (RFC 3987).
    """
    return f"<{NamedNode(iri).value}>"


_TYPE = _iri(RDF_TYPE)
_PLAIN = ("", XSD + "string")
"""What a literal without datatype and language is: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal."""
_DEFINITION = _iri(SKOS + "definition")


def _object(value: str, datatype: str, language: str) -> str:
    if datatype == IRI_OBJECT:
        try:
            return _iri(value)
        except ValueError:  # no IRI after all; nothing is lost
            datatype = XSD + "anyURI"
    quoted = f'"{_escaped(text(value))}"'
    if language and (tag := _language(language)):
        return f"{quoted}@{tag}"
    return quoted if datatype in _PLAIN else f"{quoted}^^{_iri(datatype)}"


def _escaped(value: str) -> str:
    """The four characters that cannot stand in a literal of N-Triples as they are."""
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if '"' in value:
        value = value.replace('"', '\\"')
    if "\n" in value:
        value = value.replace("\n", "\\n")
    return value.replace("\r", "\\r") if "\r" in value else value


def text(value: str) -> str:
    """A string as any RDF parser takes it: lone surrogates, U+FFFE and U+FFFF become U+FFFD.

    RDF 1.1 forbids the first; the other two are no characters, and parsers of the C family refuse them. All else,
    control characters included, is kept and escaped.
    """
    if value.isascii():
        return value
    if "\ufffe" not in value and "\uffff" not in value:
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value
    return _UNFIT.sub("\ufffd", value)


_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=1 << 10)
def _language(tag: str) -> str:
    """A language tag if it is well formed (BCP 47, https://www.rfc-editor.org/info/bcp47), or ""."""
    try:
        Literal("", language=tag)
    except ValueError:
        return ""
    return tag


def _inferred(node: Node) -> Iterator[Merge]:
    """The merges of a node that somebody, or something, decided; those that follow from the folding rules are plain."""
    return (merge for merge in node.merges if merge.decided_by != "rule")


def _merge_iri(base: IRI, entity: IRI, merge: Merge) -> IRI:
    return IRI(f"{base}merge/{_digest(entity, merge.name, merge.other)}")


def _merge(base: IRI, entity: IRI, merge: Merge) -> list[str]:
    """Why two names are one thing (PROV-O, https://www.w3.org/TR/prov-o/): a `kg:Merge` and its evidence."""
    iri = _merge_iri(base, entity, merge)
    names: list[Row] = [(KG + "mergedName", name, "", "") for name in (merge.name, merge.other)]
    evidence: list[str] = []
    for number, item in enumerate(merge.evidence, 1):
        part = f"{iri}/{number}"
        names.append((KG + "evidence", part, IRI_OBJECT, ""))
        rows: list[Row] = [
            (KG + "evidenceKind", item.kind, "", ""),
            (KG + "evidenceCount", str(item.count), XSD + "integer", ""),
        ]
        for path, line in item.places:
            rows.append((KG + "evidencePost", post_iri(base, path), IRI_OBJECT, ""))
            rows.append((KG + "evidencePlace", f"{path}:{line}", "", ""))
        evidence += _statements(part, KG + "Evidence", rows)
    rows = [*names, (KG + "decidedBy", merge.decided_by, "", ""), _confidence(merge.confidence)]
    return _statements(iri, KG + "Merge", rows) + evidence


def _inferred_edge(base: IRI, edge: Edge) -> list[str]:
    rows: list[Row] = [
        (RDF + "subject", edge.source, IRI_OBJECT, ""),
        (RDF + "predicate", edge.predicate, IRI_OBJECT, ""),
        (RDF + "object", edge.target, IRI_OBJECT, ""),
        (KG + "field", edge.field, "", ""),
        _confidence(edge.confidence),
    ]
    if edge.line:
        rows.append((KG + "line", str(edge.line), XSD + "integer", ""))
    iri = f"{base}statement/{_digest(edge.source, edge.predicate, edge.target)}"
    return _statements(iri, RDF + "Statement", rows)


def _definition(post: Node, concept: IRI, definition: Definition, base: IRI) -> tuple[str, list[str]]:
    """The plain `skos:definition`, and the resource that says which post defines the term, and on which line."""
    own = post.labels[0].language if post.labels else ""
    # A definition is often in the other of two languages; Latin letters tell one only where the post is in Latin.
    language = language_of(definition.text, latin="" if own.partition("-")[0] in _WIDE else own, default=own)
    iri = f"{base}definition/{_digest(concept, post.iri, str(definition.line), str(definition.column))}"
    rows: list[Row] = [
        (KG + "defines", concept, IRI_OBJECT, ""),
        (KG + "definitionText", definition.text, "", language),
        (DCTERMS + "source", post.iri, IRI_OBJECT, ""),
        (KG + "line", str(definition.line), XSD + "integer", ""),
    ]
    plain = f"{_iri(concept)} {_DEFINITION} {_object(definition.text, '', language)}"
    return plain, _statements(iri, KG + "Definition", rows)


def _provenance(name: IRI, post: Node, commit: Commit) -> list[str]:
    """Which file a post's graph was read from, in which commit, made when (PROV-O)."""
    files: list[Row] = [(DCTERMS + "source", a.value, "", "") for a in post.attributes if a.predicate == IDENTIFIER]
    made: Row = (PROV + "generatedAtTime", commit.time, XSD + "dateTime", "")
    return _statements(name, "", [*files, (KG + "commit", commit.name, "", ""), made])


_WIDE = frozenset({"zh", "ja", "ko"})


def _confidence(value: float) -> Row:
    return KG + "confidence", f"{value:.4f}".rstrip("0").ljust(3, "0"), XSD + "decimal", ""


def _digest(*parts: str) -> str:
    """A short name for something that has none; 64 bits are enough for any number of posts."""
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def terms(graph: KnowledgeGraph) -> list[Triple]:
    """Our own terms that this graph uses or may use, and the concept schemes of its kinds."""
    return _triples(_terms(graph))


def _terms(graph: KnowledgeGraph) -> list[str]:
    if _TERMS in graph.derived:
        known: list[str] = graph.derived[_TERMS]
        return known
    used = {attribute.predicate for node in graph.nodes.values() for attribute in node.attributes}
    result = graph.derived[_TERMS] = _terms_of(graph.kinds, graph.schemes, graph.count_by_kind(), used)
    return result


def _terms_of(
    kinds: Mapping[str, Kind], schemes: Mapping[str, IRI], counts: Mapping[str, int], used: Iterable[IRI]
) -> list[str]:
    result: list[str] = []
    for term in ontology.terms(used):
        result += _statements(term.iri, term.rdf_class, ontology.rows(term))
    for kind, scheme in sorted(schemes.items()):
        if kind in counts:
            row = kinds[kind]
            names = ((row.label, "en"), (row.label_zh, "zh")) if row.label != row.label_zh else ((row.label, ""),)
            labels: list[Row] = [(p, name, "", tag) for p in (RDFS_LABEL, PREF_LABEL) for name, tag in names]
            result += _statements(scheme, SKOS + "ConceptScheme", labels)
    return result


def _described(dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], others: int) -> list[str]:
    """The description of a dataset that has this many triples besides."""
    length = len(_description(dataset, kinds, counts, 0))
    return _description(dataset, kinds, counts, others + length)


def _description(dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], total: int) -> list[str]:
    iri = f"{dataset.base}dataset"
    rows: list[Row] = [
        (VOID + "uriSpace", dataset.base, "", ""),
        (VOID + "triples", str(total), XSD + "integer", ""),
        (VOID + "entities", str(sum(counts.values())), XSD + "integer", ""),
        (KG + "builtWith", f"kg {__version__}", "", ""),
    ]
    rows += [(VOID + "vocabulary", vocabulary, IRI_OBJECT, "") for vocabulary in (SCHEMA, SKOS, DCTERMS, PROV, KG)]
    if dataset.title:
        rows.append((DCTERMS + "title", dataset.title, "", ""))
    if dataset.license:
        rows.append((DCTERMS + "license", dataset.license, IRI_OBJECT, ""))
    if dataset.newest:
        rows.append((DCTERMS + "modified", dataset.newest, XSD + ("dateTime" if "T" in dataset.newest else "date"), ""))
    parts: list[str] = []
    for name, count in sorted(counts.items()):
        part = f"{iri}/{name}"
        rows.append((VOID + "classPartition", part, IRI_OBJECT, ""))
        parts += _statements(
            part,
            VOID + "Dataset",
            [
                (VOID + "class", kinds[name].rdf_class, IRI_OBJECT, ""),
                (VOID + "uriSpace", f"{dataset.base}{name}/", "", ""),
                (VOID + "entities", str(count), XSD + "integer", ""),
            ],
        )
    return _statements(iri, VOID + "Dataset", rows) + parts
