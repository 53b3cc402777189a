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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from kg import __version__
from kg.fields import IDENTIFIER
from kg.graph.chunks import Chunk, chunks, facts, language_of_post
from kg.graph.model import Dataset, Derived, KnowledgeGraph
from kg.iris import post_iri
from kg.literals import canonical
from kg.model import IRI, IRI_OBJECT, Commit, Definition, Edge, Merge, Node
from kg.namespaces import DCTERMS, KG, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, VOID, XSD, Kind
from kg.rdf import ontology
from kg.rdf.ntriples import Row, iri_of, object_of, statements_about
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
_DEFINITION = iri_of(SKOS + "definition")


class Description(NamedTuple):
    """The statements of one named graph about one node, in N-Triples without the full stops."""

    graph: IRI
    statements: list[str]
    repeated: list[str]
    """Statements that another graph already holds: two posts may define a term in the same words."""


def descriptions(graph: KnowledgeGraph) -> Iterator[Description]:
    """All descriptions: entities, then posts, each in IRI order, then the vocabulary."""
    count = 0
    for description in of_nodes(graph):
        count += len(description.statements)
        yield description
    yield Description(IRI(f"{graph.dataset.base}graph/vocabulary"), about_itself(graph, count), [])


def about_itself(graph: KnowledgeGraph, count: int) -> list[str]:
    """The statements of the vocabulary's graph, given the number of distinct triples in all others."""
    terms = terms_of(graph)
    return [*terms, *_described(graph.dataset, graph.kinds, graph.count_by_kind(), count + len(terms))]


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
        statements = _about(graph, node, entry.edges)
        if not chunk.of_posts:
            for merge in _inferred(node):
                statements += _merge(base, node.iri, merge)
            yield Description(IRI(f"{base}graph/entities"), statements, [])
            continue
        described = Description(IRI(f"{base}graph/{node.iri.removeprefix(base)}"), statements, [])
        if entry.commit:
            statements += _provenance(described.graph, node, entry.commit)
        here: set[str] = set()
        for concept, definition, repeated in entry.definitions:
            plain, source = _definition(node, concept, definition, base)
            if plain not in here:
                (described.repeated if repeated else statements).append(plain)
            here.add(plain)
            statements += source
        yield described


def _about(graph: KnowledgeGraph, node: Node, edges: Sequence[Edge]) -> list[str]:
    """Statements about a node and its outgoing edges, then about its former IRIs and its inferred edges."""
    kinds = [graph.kinds[kind] for kind in node.kinds]
    schemes = [graph.schemes[kind] for kind in node.kinds if kind in graph.schemes]
    rows: list[Row] = [(RDFS_LABEL, text.value, "", text.language) for text in node.labels]
    if schemes:
        rows += [(PREF_LABEL, text.value, "", text.language) for text in node.labels]
        rows += [(IN_SCHEME, scheme, IRI_OBJECT, "") for scheme in schemes]
    if any(kind.rdf_class.startswith(SCHEMA) for kind in kinds if kind.name != "post"):
        rows += [(NAME, text.value, "", text.language) for text in node.labels]
    rows += [(ALT_LABEL, text.value, "", text.language) for text in node.aliases if text not in node.labels]
    rows += [(a.predicate, a.value, a.datatype, a.language) for a in node.attributes]
    rows += [(SAME_AS, iri, IRI_OBJECT, "") for iri in node.same_as]
    rows += [(edge.predicate, edge.target, IRI_OBJECT, "") for edge in edges]
    rows += [(INFLUENCED, _merge_iri(graph.dataset.base, node.iri, m), IRI_OBJECT, "") for m in _inferred(node)]
    main, *others = dict.fromkeys(kind.rdf_class for kind in kinds)
    if node.definitions and CONCEPT in (main, *others):
        others.append(IRI(DEFINED_TERM))
    rows += [(RDF_TYPE, rdf_class, IRI_OBJECT, "") for rdf_class in others]
    result = statements_about(node.iri, main, rows)
    for former in node.former:
        result += statements_about(former, "", [(p, node.iri, IRI_OBJECT, "") for p in (REPLACED_BY, SAME_AS)])
    for edge in edges:
        if edge.confidence < 1:
            result += _inferred_edge(graph.dataset.base, edge)
    return result


def _inferred(node: Node) -> Iterator[Merge]:
    """The merges of a node that were inferred or decided by a person, not by the folding rules."""
    return (merge for merge in node.merges if merge.decided_by != "rule")


def _merge_iri(base: IRI, entity: IRI, merge: Merge) -> IRI:
    return IRI(f"{base}merge/{_digest(entity, merge.name, merge.other, *merge.kinds)}")


def _merge(base: IRI, entity: IRI, merge: Merge) -> list[str]:
    """Why two names are one thing (PROV-O, https://www.w3.org/TR/prov-o/): a `kg:Merge` and its evidence."""
    iri = _merge_iri(base, entity, merge)
    names: list[Row] = [(KG + "mergedName", name, "", "") for name in (merge.name, merge.other)]
    names += [(KG + "mergedKind", kind, "", "") for kind in merge.kinds]
    evidence: list[str] = []
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
        evidence += statements_about(reason, KG + "Evidence", rows)
    rows = [*names, (KG + "decidedBy", merge.decided_by, "", ""), _confidence(merge.confidence)]
    return statements_about(iri, KG + "Merge", rows) + evidence


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
    return statements_about(iri, RDF + "Statement", rows)


def _definition(post: Node, concept: IRI, definition: Definition, base: IRI) -> tuple[str, list[str]]:
    """The plain `skos:definition`, and statements about which post defines the term on which line."""
    language = language_of(definition.text, language_of_post(post))
    iri = f"{base}definition/{_digest(concept, post.iri, str(definition.line), str(definition.column))}"
    rows: list[Row] = [
        (KG + "defines", concept, IRI_OBJECT, ""),
        (KG + "definitionText", definition.text, "", language),
        (DCTERMS + "source", post.iri, IRI_OBJECT, ""),
        (KG + "line", str(definition.line), XSD + "integer", ""),
    ]
    plain = f"{iri_of(concept)} {_DEFINITION} {object_of(definition.text, '', language)}"
    return plain, statements_about(iri, KG + "Definition", rows)


def _provenance(name: IRI, post: Node, commit: Commit) -> list[str]:
    """The file and the commit that a post's graph was read from, and the time of the commit (PROV-O)."""
    files: list[Row] = [(DCTERMS + "source", a.value, "", "") for a in post.attributes if a.predicate == IDENTIFIER]
    made: Row = (PROV + "generatedAtTime", commit.time, XSD + "dateTime", "")
    return statements_about(name, "", [*files, (KG + "commit", commit.name, "", ""), made])


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
    count: int,
) -> list[str]:
    """The statements of the vocabulary's graph, for a dataset that is never in memory as a whole.

    Args:
        dataset: the description of the dataset.
        kinds: name → every kind that its nodes may have.
        schemes: kind → its concept scheme, if it has one.
        counts: kind → number of nodes.
        used: the predicates of the nodes' attributes.
        count: the number of distinct triples in all other graphs.
    """
    own = _terms_of(kinds, schemes, counts, used)
    return [*own, *_described(dataset, kinds, counts, count + len(own))]


@Derived
def terms_of(graph: KnowledgeGraph) -> list[str]:
    """Statements about our own terms that the graph may use, and about the concept schemes of its kinds."""
    return _terms_of(graph.kinds, graph.schemes, graph.count_by_kind(), facts(graph).predicates)


def _terms_of(
    kinds: Mapping[str, Kind], schemes: Mapping[str, IRI], counts: Mapping[str, int], used: Iterable[IRI]
) -> list[str]:
    result: list[str] = []
    for term in ontology.terms(used):
        result += statements_about(term.iri, term.rdf_class, ontology.rows(term))
    for kind, scheme in sorted(schemes.items()):
        if kind in counts:
            row = kinds[kind]
            names = ((row.label, "en"), (row.label_zh, "zh")) if row.label != row.label_zh else ((row.label, ""),)
            labels: list[Row] = [(p, name, "", tag) for p in (RDFS_LABEL, PREF_LABEL) for name, tag in names]
            result += statements_about(scheme, SKOS + "ConceptScheme", labels)
    return result


def _described(dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], others: int) -> list[str]:
    """The description of a dataset with `others` other triples (VoID, https://www.w3.org/TR/void/).

    `void:triples` counts the distinct triples of the whole dataset, including this description.
    """
    length = len(_description_of(dataset, kinds, counts, 0))
    return _description_of(dataset, kinds, counts, others + length)


def _description_of(dataset: Dataset, kinds: Mapping[str, Kind], counts: Mapping[str, int], total: int) -> list[str]:
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
    partitions: list[str] = []
    for name, count in sorted(counts.items()):
        partition = f"{iri}/{name}"
        rows.append((VOID + "classPartition", partition, IRI_OBJECT, ""))
        partitions += statements_about(
            partition,
            VOID + "Dataset",
            [
                (VOID + "class", kinds[name].rdf_class, IRI_OBJECT, ""),
                (VOID + "uriSpace", f"{dataset.base}{name}/", "", ""),
                (VOID + "entities", str(count), XSD + "integer", ""),
            ],
        )
    return statements_about(iri, VOID + "Dataset", rows) + partitions
