"""Per entity and per post: nodes, edges and quads, each part into files of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg.diagnostics import weigh
from kg.distributed import tables
from kg.distributed.concepts import entities_of
from kg.distributed.links import index
from kg.distributed.output import Written, write_quads, write_table
from kg.distributed.records import CommitRow, ConceptRow, DefinedRow, Numbered, UseRow
from kg.fields import kinds
from kg.glossary import Concepts
from kg.graph.build import build_graph, dataset_of, entity_node, schemes_of
from kg.graph.model import KnowledgeGraph
from kg.linking import links
from kg.model import IRI, Diagnostic, Entity, Node
from kg.namespaces import SKOS
from kg.rdf import statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from kg.distributed.exchange import Job
    from kg.model import Definition

_DEFINITION = f"<{SKOS}definition>"


class Exported(NamedTuple):
    """What one part has written."""

    files: list[Written]
    kinds: Counter[str]
    """Nodes of each kind."""
    triples: int
    """Distinct ones, but for the texts of definitions, which several posts may share."""
    edges: int = 0
    used: frozenset[IRI] = frozenset()
    """Predicates of attributes."""
    severities: Mapping[str, int] = MappingProxyType({})
    """Diagnostics of each severity."""


def entities(job: Job) -> Exported:
    """The nodes of entities and concepts, and what the graph of entities says of them."""
    found: dict[str, Entity] = {}
    for name in ("entities", "more-entities"):
        found |= {entity.iri: entity for entity in job.inbox(name, Entity)}
    definitions: dict[str, list[tuple[str, Definition]]] = defaultdict(list)
    concepts: dict[str, Entity] = {}
    if job.plan.config.glossary.enabled:
        for row in chain(job.inbox("attached", ConceptRow), job.inbox("concepts", ConceptRow)):
            definitions[row.iri] += row.definitions
            if row.concept is not None:
                concepts[row.iri] = row.concept
    for iri in definitions.keys() & found.keys():
        order = sorted(definitions[iri], key=lambda pair: (pair[0], pair[1].line, pair[1].column))
        found[iri] = msgspec.structs.replace(found[iri], definitions=tuple(order))
    found |= concepts
    nodes = {IRI(iri): entity_node(found[iri]) for iri in sorted(found)}
    graph = _graph(job, nodes)
    named = [(one.graph, one.statements) for one in statements.of_nodes(graph)]
    return Exported(
        [
            _nodes(job, f"nodes/entities-{job.part:05}.parquet", nodes.values()),
            _quads(job, f"quads/entities-{job.part:05}.nq", named),
        ],
        Counter(node.kind for node in nodes.values()),
        sum(len(statements) for _name, statements in named),
        used=_used(nodes.values()),
    )


def posts(job: Job) -> Exported:
    """The nodes of posts, all edges (every one begins at a post), what the posts' graphs say, and all diagnostics."""
    plan = job.plan
    own = [one.post for one in job.kept("posts", Numbered)]
    found = links.follow(own, index(job))
    graph = build_graph(
        own,
        entities_of(job),
        plan.config,
        links=found.edges,
        concepts=_concepts(job),
        commits={row.path: row.commit for row in job.kept("commits", CommitRow)},
    )
    thin = _defined(job)
    named = list(_post_graphs(graph, thin))
    count = 0
    defined = {(f"<{iri}>", _DEFINITION) for iri in thin}
    with job.outboxes("texts") as (box,):
        for _name, statements in named:
            for statement in statements:
                subject, predicate, _text = statement.split(" ", 2)
                if (subject, predicate) in defined:
                    box.send(job.bucket(statement), blake2b(statement.encode(), digest_size=16).digest())
                else:
                    count += 1
    diagnostics = weigh([*job.kept("read-diagnostics", Diagnostic), *found.diagnostics], plan.config.severity)
    files = [
        _nodes(job, f"nodes/posts-{job.part:05}.parquet", graph.nodes.values()),
        _table(job, f"edges/posts-{job.part:05}.parquet", tables.edge_rows(graph.edges), tables.EDGES),
        _quads(job, f"quads/posts-{job.part:05}.nq", named),
        _table(
            job,
            f"diagnostics/posts-{job.part:05}.parquet",
            tables.diagnostic_rows(diagnostics),
            tables.DIAGNOSTICS,
        ),
    ]
    return Exported(
        files,
        Counter(node.kind for node in graph.nodes.values()),
        count,
        len(graph.edges),
        _used(graph.nodes.values()),
        Counter(diagnostic.severity for diagnostic in diagnostics),
    )


def count_texts(job: Job) -> int:
    """How many texts of definitions differ, or are of different terms."""
    return len(set(job.inbox("texts", bytes)))


def _concepts(job: Job) -> Concepts:
    if not job.plan.config.glossary.enabled:
        return Concepts()
    lines: dict[tuple[str, IRI], int] = {}
    for name in ("defined", "more-defined"):
        for row in job.inbox(name, DefinedRow):
            place = (row.path, row.iri)
            lines[place] = min(row.definition.line, lines.get(place, row.definition.line))
    uses = sorted((row.path, row.iri, row.line) for row in job.inbox("uses", UseRow))
    return Concepts(mentions=tuple((path, iri, line) for (path, iri), line in sorted(lines.items())), uses=tuple(uses))


def _defined(job: Job) -> dict[IRI, Node]:
    """The terms that the posts of a part define, with these definitions and nothing else."""
    if not job.plan.config.glossary.enabled:
        return {}
    definitions: dict[IRI, list[tuple[str, Definition]]] = defaultdict(list)
    for name in ("defined", "more-defined"):
        for row in job.inbox(name, DefinedRow):
            definitions[row.iri].append((row.path, row.definition))
    return {
        iri: Node(
            iri,
            "concept",
            "",
            (),
            definitions=tuple(sorted(found, key=lambda pair: (pair[0], pair[1].line, pair[1].column))),
        )
        for iri, found in sorted(definitions.items())
    }


def _post_graphs(graph: KnowledgeGraph, thin: dict[IRI, Node]) -> Iterable[tuple[IRI, list[str]]]:
    """The named graph of each post."""
    whole = replace(graph, nodes={**thin, **graph.nodes})
    for one in statements.of_nodes(whole):
        if not one.graph.endswith("graph/entities"):
            yield one.graph, [*one.statements, *one.repeated]


def _graph(job: Job, nodes: dict[IRI, Node]) -> KnowledgeGraph:
    """A part of the whole graph."""
    config = job.plan.config
    dataset = dataset_of(config, "")
    return KnowledgeGraph(dataset=dataset, nodes=nodes, edges=(), kinds=kinds(config), schemes=schemes_of(config))


def _used(nodes: Iterable[Node]) -> frozenset[IRI]:
    return frozenset(attribute.predicate for node in nodes for attribute in node.attributes)


def _nodes(job: Job, name: str, nodes: Iterable[Node]) -> Written:
    return _table(job, name, tables.node_rows(nodes), tables.NODES)


def _table(job: Job, name: str, rows: list[dict[str, object]], schema: pa.Schema) -> Written:
    return write_table(Path(job.plan.output), name, rows, schema)


def _quads(job: Job, name: str, named: Sequence[tuple[IRI, list[str]]]) -> Written:
    return write_quads(Path(job.plan.output), name, named)
