"""Per entity and per post: nodes, edges and quads; each part writes files of its own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from kg.cluster import tables, terms
from kg.cluster.job import Job, Plan
from kg.cluster.output import OutputFile, write_quads, write_table
from kg.cluster.posts import index, posts_of
from kg.cluster.terms import Rank
from kg.diagnostics import weigh
from kg.fields import kinds
from kg.glossary import Concepts
from kg.graph.build import build_graph, dataset_of, entity_node, meant_by, pages_of, schemes_of
from kg.graph.model import KnowledgeGraph
from kg.graph.nesting import Nesting, nested
from kg.linking import links
from kg.model import IRI, Definition, Diagnostic, Entity, Node
from kg.namespaces import SKOS
from kg.rdf import statements
from kg.resolution import Resolution

_DEFINITION = f"<{SKOS}definition> "


class ExportedPart(NamedTuple):
    """The files and counts of one part."""

    files: list[OutputFile]
    kinds: Counter[str]
    """Nodes of each kind."""
    triples: int
    """The number of distinct triples, without the texts of definitions, which several posts may share."""
    used: frozenset[IRI]
    """Predicates of attributes."""
    edges: int = 0
    severities: Mapping[str, int] = MappingProxyType({})
    """Diagnostics of each severity."""
    wanted: tuple[tuple[links.Unwritten, IRI], ...] = ()
    """Links to unwritten pages, which other parts may link to as well, and what they mean."""


def define(job: Job) -> None:
    """Send out what posts define: see `terms.define`."""
    terms.define(job, posts_of(job), _entities_of(job))


def _entities_of(job: Job) -> Resolution:
    """Which entity each name in the posts of a part stands for."""
    rows = (row for rows in job.inbox("iris", list[tuple[str, str, IRI]]) for row in rows)
    by_key = {(kind, key): Entity(iri, kind, "", ()) for kind, key, iri in rows}
    return Resolution((), (), (), by_key, job.ledger.splits())


def write(job: Job) -> tuple[ExportedPart, ExportedPart]:
    """Write the entities, and the posts, of a part."""
    return _write_entities(job), _write_posts(job)


def _write_entities(job: Job) -> ExportedPart:
    """The nodes of entities and concepts, and what the graph of entities says of them."""
    found = {entity.iri: entity for entity in job.inbox("entities", Entity)}
    definitions: dict[IRI, list[tuple[str, Definition]]] = defaultdict(list)
    for iri, own in job.inbox("attached", tuple[IRI, list[tuple[str, Definition]]]):
        definitions[iri] += own
    for iri in definitions.keys() & found.keys():
        found[iri] = msgspec.structs.replace(found[iri], definitions=_in_order(definitions[iri]))
    chosen = _chosen(job)
    found |= {entity.iri: entity for rank, entity in job.inbox("concepts", tuple[Rank, Entity]) if rank in chosen}
    nesting: Nesting = job.published("nesting")
    own = nesting._replace(between=tuple(tag for tag in nesting.between if job.bucket(tag.iri) == job.part))
    nodes = nested(map(entity_node, found.values()), own)
    return _write_nodes(job.plan, f"entities-{job.part:05}", sorted(nodes, key=lambda node: node.iri))


def write_pages(plan: Plan, wanted: Iterable[tuple[links.Unwritten, IRI]]) -> ExportedPart:
    """Write the unwritten pages that any part links to."""
    pages = pages_of(IRI(plan.config.base), wanted)
    return _write_nodes(plan, "pages", sorted(pages, key=lambda page: page.iri))


def _write_nodes(plan: Plan, name: str, found: Iterable[Node]) -> ExportedPart:
    nodes, config = {node.iri: node for node in found}, plan.config
    schemes = schemes_of(config)
    graph = KnowledgeGraph(dataset=dataset_of(config, ""), nodes=nodes, edges=(), kinds=kinds(config), schemes=schemes)
    named = [(part.graph, part.statements) for part in statements.of_nodes(graph)]
    files = [
        write_table(plan.output, f"nodes/{name}.parquet", tables.node_rows(nodes.values())),
        write_quads(plan.output, f"quads/{name}.nq", named),
    ]
    return _exported(files, graph, sum(len(quads) for _name, quads in named))


def _write_posts(job: Job) -> ExportedPart:
    """The nodes of posts, all edges (each begins at a post), the named graphs of the posts, and all diagnostics."""
    config = job.config
    posts = list(posts_of(job).values())
    found = links.follow(posts, index(job))
    chosen = _chosen(job)
    lines: dict[tuple[str, IRI], int] = {}
    thin: dict[IRI, list[tuple[str, Definition]]] = defaultdict(list)
    for rank, path, iri, definition in job.inbox("defined", tuple[Rank | None, str, IRI, Definition]):
        if rank is not None and rank not in chosen:
            continue
        lines[path, iri] = min(definition.line, lines.get((path, iri), definition.line))
        thin[iri].append((path, definition))
    concepts = Concepts(
        mentions=tuple((path, iri, line) for (path, iri), line in sorted(lines.items())),
        uses=tuple(sorted(use for rank, *use in job.inbox("uses", tuple[Rank, str, IRI, int]) if rank in chosen)),
    )
    commits = job.published(f"commits-{job.part:05}")
    resolution = _entities_of(job)
    graph = build_graph(
        posts,
        resolution,
        config,
        links=found.edges,
        notes=job.published("notes"),
        concepts=concepts,
        unwritten=found.unwritten,
        commits=commits,
    )
    graph = replace(graph, nodes={iri: node for iri, node in graph.nodes.items() if node.kind == "post"})
    named = _graphs_of_posts(graph, thin)
    triples = _count(job, named, thin)
    diagnostics = weigh([*job.load("read-diagnostics", Diagnostic), *found.diagnostics], config.severity)
    folder, name = job.plan.output, f"posts-{job.part:05}"
    files = [
        write_table(folder, f"nodes/{name}.parquet", tables.node_rows(graph.nodes.values())),
        write_table(folder, f"edges/{name}.parquet", tables.edge_rows(graph.edges)),
        write_quads(folder, f"quads/{name}.nq", named),
        write_table(folder, f"diagnostics/{name}.parquet", tables.diagnostic_rows(diagnostics)),
    ]
    severities = Counter(diagnostic.severity for diagnostic in diagnostics)
    return _exported(
        files, graph, triples, len(graph.edges), severities, tuple(meant_by(found.unwritten, resolution, config))
    )


def _chosen(job: Job) -> set[Rank]:
    """The concepts that enter the graph."""
    chosen: set[Rank] = job.published("concepts") if job.config.glossary.enabled else set()
    return chosen


def _exported(files: list[OutputFile], graph: KnowledgeGraph, triples: int, *more: Any) -> ExportedPart:
    used = frozenset(attribute.predicate for node in graph.nodes.values() for attribute in node.attributes)
    return ExportedPart(files, Counter(node.kind for node in graph.nodes.values()), triples, used, *more)


def _in_order(found: Iterable[tuple[str, Definition]]) -> tuple[tuple[str, Definition], ...]:
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].line, pair[1].column)))


def _graphs_of_posts(
    graph: KnowledgeGraph, thin: Mapping[IRI, Iterable[tuple[str, Definition]]]
) -> list[tuple[IRI, list[str]]]:
    """The named graph of each post; `thin` are the terms that they define, with these definitions and nothing else."""
    terms = {iri: Node(iri, "concept", "", (), definitions=_in_order(own)) for iri, own in sorted(thin.items())}
    whole = replace(graph, nodes={**terms, **graph.nodes})
    parts = (part for part in statements.of_nodes(whole) if not part.graph.endswith("graph/entities"))
    return [(part.graph, [*part.statements, *part.repeated]) for part in parts]


def _count(job: Job, named: Iterable[tuple[IRI, list[str]]], terms: Iterable[IRI]) -> int:
    """Count statements, except those that other posts may make, too: of these, digests are written."""
    texts = {f"<{iri}> {_DEFINITION}" for iri in terms}
    every = [statement for _name, quads in named for statement in quads]
    shared = [one for one in every if _DEFINITION in one and one.partition(_DEFINITION)[0] + _DEFINITION in texts]
    digests = [blake2b(one.encode(), digest_size=16).hexdigest() for one in shared]
    job.write("texts", {"digest": digests}, pa.schema({"digest": pa.string()}))
    return len(every) - len(shared)
