"""The statements of a graph in RDF 1.1 (https://www.w3.org/TR/rdf11-concepts/).

    {base}graph/entities     people, tags …: class, names, schemes, former IRIs, why names were merged
    {base}graph/post/…       one per post: its fields, what it names, what it defines
    {base}graph/vocabulary   our own terms (kg.rdf.ontology) and the description of the dataset (VoID)

Everything streams: nodes and edges arrive sorted, so only the statements about one subject have to be sorted, and
memory does not grow with the graph. There are no blank nodes: every IRI is a function of what it names, so that the
same graph gives the same bytes.

Two things that plain triples cannot say get a resource of their own, in addition to the plain triple: an edge that was
inferred (`rdf:Statement` with `kg:confidence`) and a definition (`kg:Definition` with its post).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from typing import NamedTuple, Self

from kg import __version__
from kg.fields import IDENTIFIER
from kg.graph.chunks import Chunk, chunks, facts, language_of_post
from kg.graph.model import Dataset, Derived, KnowledgeGraph
from kg.iris import post_iri
from kg.literals import canonical
from kg.model import IRI, IRI_OBJECT, Commit, Definition, Edge, Merge, Node
from kg.namespaces import DCTERMS, KG, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, VOID, XSD, Kind
from kg.rdf import ontology
from kg.rdf.ntriples import Resource, Row, resource, statements_of
from kg.text.languages import language_of

RDF_TYPE = RDF + "type"
RDFS_LABEL = RDFS + "label"
NAME = SCHEMA + "name"
"""The predicate for names of people and things, for clients that only know schema.org; posts have `schema:headline`."""
PREF_LABEL = SKOS + "prefLabel"
ALT_LABEL = SKOS + "altLabel"
IN_SCHEME = SKOS + "inScheme"
SAME_AS = OWL + "sameAs"
REPLACED_BY = DCTERMS + "isReplacedBy"
INFLUENCED = PROV + "wasInfluencedBy"
CONCEPT = SKOS + "Concept"
DEFINED_TERM = SCHEMA + "DefinedTerm"
DEFINITION = SKOS + "definition"
_A_CONCEPT: Row = (RDF_TYPE, CONCEPT, IRI_OBJECT, "")


class Description(NamedTuple):
    """What one named graph says about one node."""

    graph: IRI
    resources: list[Resource]
    also: list[Resource]
    """What another graph already says: two posts may define a term in the same words."""

    @property
    def statements(self) -> list[str]:
        """In N-Triples, without the full stops."""
        return list(statements_of(self.resources))

    @property
    def repeated(self) -> list[str]:
        """In N-Triples, the statements that another graph already holds."""
        return list(statements_of(self.also))


def count(resources: Iterable[Resource]) -> int:
    """The number of statements."""
    return sum(len(one.rows) for one in resources)


def descriptions(graph: KnowledgeGraph) -> Iterator[Description]:
    """All descriptions: entities, then posts, each in IRI order, then the vocabulary."""
    others = 0
    for description in of_nodes(graph):
        others += count(description.resources)
        yield description
    yield Description(IRI(f"{graph.dataset.base}graph/vocabulary"), about_itself(graph, others), [])


def about_itself(graph: KnowledgeGraph, others: int) -> list[Resource]:
    """What the vocabulary's graph says, given the number of distinct triples in all others."""
    return [*terms_of(graph), *about_dataset(graph, others)]


def about_dataset(graph: KnowledgeGraph, others: int) -> list[Resource]:
    """The description of the dataset in there."""
    return _described(graph.dataset, graph.kinds, graph.count_by_kind(), others + count(terms_of(graph)))


def of_nodes(graph: KnowledgeGraph) -> Iterator[Description]:
    """The descriptions of the entities, then of the posts, each in IRI order."""
    for of_posts in (False, True):
        for chunk in chunks(graph):
            if chunk.of_posts == of_posts:
                yield from of_chunk(graph, chunk)


def of_chunk(graph: KnowledgeGraph, chunk: Chunk) -> Iterator[Description]:
    """The descriptions of the nodes in one chunk."""
    base = graph.dataset.base
    for entry in chunk.entries:
        node = entry.node
        said = _about(graph, node, entry.edges)
        if not chunk.of_posts:
            for merge in _inferred(node):
                said += _merge(base, node.iri, merge)
            yield Description(IRI(f"{base}graph/entities"), said, [])
            continue
        described = Description(IRI(f"{base}graph/{node.iri.removeprefix(base)}"), said, [])
        if entry.commit:
            said.append(_provenance(described.graph, node, entry.commit))
        here: set[tuple[IRI, Row]] = set()
        for concept, definition, repeated in entry.definitions:
            if not definition.text:  # it only says what else the concept is called
                continue
            plain, source = _definition(node, concept, definition, base)
            if (concept, plain) not in here:
                (described.also if repeated else said).append(Resource(concept, [plain]))
            here.add((concept, plain))
            said.append(source)
        yield described


def _about(graph: KnowledgeGraph, node: Node, edges: Sequence[Edge]) -> list[Resource]:
    """What is said about a node and its outgoing edges, then about its former IRIs and its inferred edges."""
    main, predicates, of_kinds = _by_kinds(graph)(node.kinds)
    rows: list[Row] = [(name, text.value, "", text.language) for name in predicates for text in node.labels]
    rows += of_kinds
    if node.aliases:
        rows += [(ALT_LABEL, text.value, "", text.language) for text in node.aliases if text not in node.labels]
    rows += [(a.predicate, a.value, a.datatype, a.language) for a in node.attributes]
    rows += [(SAME_AS, iri, IRI_OBJECT, "") for iri in node.same_as]
    rows += [(edge.predicate, edge.target, IRI_OBJECT, "") for edge in edges]
    if node.merges:
        rows += [(INFLUENCED, _merge_iri(graph.dataset.base, node.iri, m), IRI_OBJECT, "") for m in _inferred(node)]
    if node.definitions and (main == CONCEPT or _A_CONCEPT in of_kinds):
        rows.append((RDF_TYPE, DEFINED_TERM, IRI_OBJECT, ""))
    result = [resource(node.iri, main, rows)]
    here: list[Row] = [(predicate, node.iri, IRI_OBJECT, "") for predicate in (REPLACED_BY, SAME_AS)]
    result += [resource(former, "", here) for former in node.former]
    result += [_inferred_edge(graph.dataset.base, edge) for edge in edges if edge.confidence < 1]
    return result


class _OfKinds(NamedTuple):
    """What the kinds of a node say of it."""

    main: IRI
    """The class of the main kind."""
    names: tuple[str, ...]
    """The predicates of its names."""
    rows: list[Row]

    @classmethod
    def of(cls, kinds: Mapping[str, Kind], schemes: Mapping[str, IRI], names: tuple[str, ...]) -> Self:
        """What some kinds say, given all kinds and their schemes."""
        main, *others = dict.fromkeys(kinds[name].rdf_class for name in names)
        own = [schemes[name] for name in names if name in schemes]
        is_schema = any(kinds[name].rdf_class.startswith(SCHEMA) for name in names if name != "post")
        rows: list[Row] = [(IN_SCHEME, scheme, IRI_OBJECT, "") for scheme in own]
        rows += [(RDF_TYPE, rdf_class, IRI_OBJECT, "") for rdf_class in others]
        return cls(main, (RDFS_LABEL, *[PREF_LABEL] * bool(own), *[NAME] * is_schema), rows)


@Derived
def _by_kinds(graph: KnowledgeGraph) -> Callable[[tuple[str, ...]], _OfKinds]:
    """Tells what the kinds of a node say of it."""
    return cache(partial(_OfKinds.of, graph.kinds, graph.schemes))


def _inferred(node: Node) -> Iterator[Merge]:
    """The merges of a node that were inferred or decided by a person, not by the folding rules."""
    return (merge for merge in node.merges if merge.decided_by != "rule")


def _merge_iri(base: IRI, entity: IRI, merge: Merge) -> IRI:
    return IRI(f"{base}merge/{_digest(entity, merge.name, merge.other, *merge.kinds)}")


def _merge(base: IRI, entity: IRI, merge: Merge) -> list[Resource]:
    """Why two names are one thing (PROV-O, https://www.w3.org/TR/prov-o/): a `kg:Merge` and its evidence."""
    iri = _merge_iri(base, entity, merge)
    names: list[Row] = [(KG + "mergedName", name, "", "") for name in (merge.name, merge.other)]
    names += [(KG + "mergedKind", kind, "", "") for kind in merge.kinds]
    evidence: list[Resource] = []
    for number, item in enumerate(merge.evidence, 1):
        reason = f"{iri}/{number}"
        names.append((KG + "evidence", reason, IRI_OBJECT, ""))
        rows: list[Row] = [
            (KG + "evidenceKind", item.kind, "", ""),
            (KG + "evidenceCount", str(item.count), XSD + "integer", ""),
        ]
        for path, line in item.places:
            rows.append((KG + "evidencePost", post_iri(base, path), IRI_OBJECT, ""))
            rows.append((KG + "evidencePlace", f"{path}:{line}", "", ""))
        evidence.append(resource(reason, KG + "Evidence", rows))
    rows = [*names, (KG + "decidedBy", merge.decided_by, "", ""), _confidence(merge.confidence)]
    return [resource(iri, KG + "Merge", rows), *evidence]


def _inferred_edge(base: IRI, edge: Edge) -> Resource:
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
    return resource(iri, RDF + "Statement", rows)


def _definition(post: Node, concept: IRI, definition: Definition, base: IRI) -> tuple[Row, Resource]:
    """The plain `skos:definition` of a concept, and which post defines it on which line."""
    language = language_of(definition.text, language_of_post(post))
    iri = f"{base}definition/{_digest(concept, post.iri, str(definition.line), str(definition.column))}"
    rows: list[Row] = [
        (KG + "defines", concept, IRI_OBJECT, ""),
        (KG + "definitionText", definition.text, "", language),
        (DCTERMS + "source", post.iri, IRI_OBJECT, ""),
        (KG + "line", str(definition.line), XSD + "integer", ""),
    ]
    return (DEFINITION, definition.text, "", language), resource(iri, KG + "Definition", rows)


def _provenance(name: IRI, post: Node, commit: Commit) -> Resource:
    """The file and the commit that a post's graph was read from, and the time of the commit (PROV-O)."""
    files: list[Row] = [(DCTERMS + "source", a.value, "", "") for a in post.attributes if a.predicate == IDENTIFIER]
    made: Row = (PROV + "generatedAtTime", commit.time, XSD + "dateTime", "")
    return resource(name, "", [*files, (KG + "commit", commit.name, "", ""), made])


def _confidence(value: float) -> Row:
    return KG + "confidence", canonical(f"{value:.4f}", XSD + "decimal"), XSD + "decimal", ""


def _digest(*parts: str) -> str:
    """A short name for something without one; 64 bits are enough for any number of posts."""
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def vocabulary(
    dataset: Dataset,
    kinds: Mapping[str, Kind],
    schemes: Mapping[str, IRI],
    counts: Mapping[str, int],
    used: Iterable[IRI],
    others: int,
) -> list[Resource]:
    """What the vocabulary's graph says, for a dataset that is never in memory as a whole.

    Args:
        dataset: the description of the dataset.
        kinds: name → every kind that its nodes may have.
        schemes: kind → its concept scheme, if it has one.
        counts: kind → number of nodes.
        used: the predicates of the nodes' attributes.
        others: the number of distinct triples in all other graphs.
    """
    own = _terms_of(kinds, schemes, counts, used)
    return [*own, *_described(dataset, kinds, counts, others + count(own))]


@Derived
def terms_of(graph: KnowledgeGraph) -> list[Resource]:
    """Our own terms that the graph may use, and the concept schemes of its kinds."""
    return _terms_of(graph.kinds, graph.schemes, graph.count_by_kind(), facts(graph).predicates)


def _terms_of(
    kinds: Mapping[str, Kind], schemes: Mapping[str, IRI], counts: Mapping[str, int], used: Iterable[IRI]
) -> list[Resource]:
    result = [resource(term.iri, term.rdf_class, ontology.rows(term)) for term in ontology.terms(used)]
    for kind, scheme in sorted(schemes.items()):
        if kind in counts:
            row = kinds[kind]
            names = ontology.labels(row.label, row.label_zh)
            labels: list[Row] = [(p, name, "", tag) for p in (RDFS_LABEL, PREF_LABEL) for name, tag in names]
            result.append(resource(scheme, SKOS + "ConceptScheme", labels))
    return result


def _described(dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], others: int) -> list[Resource]:
    """The description of a dataset with `others` other triples (VoID, https://www.w3.org/TR/void/).

    `void:triples` counts the distinct triples of the whole dataset, including this description.
    """
    own = count(_description_of(dataset, kinds, counts, 0))
    return _description_of(dataset, kinds, counts, others + own)


def _description_of(
    dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], total: int
) -> list[Resource]:
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
    partitions: list[Resource] = []
    for name, nodes in sorted(counts.items()):
        partition = f"{iri}/{name}"
        rows.append((VOID + "classPartition", partition, IRI_OBJECT, ""))
        about: list[Row] = [
            (VOID + "class", kinds[name].rdf_class, IRI_OBJECT, ""),
            (VOID + "uriSpace", f"{dataset.base}{name}/", "", ""),
            (VOID + "entities", str(nodes), XSD + "integer", ""),
        ]
        partitions.append(resource(partition, VOID + "Dataset", about))
    return [resource(iri, VOID + "Dataset", rows), *partitions]
