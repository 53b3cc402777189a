"""Per entity and per post: nodes, edges and quads, each part into files of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg import links, statements
from kg.builder import build_graph, dataset_of, entity_node, schemes_of
from kg.cluster import tables, terms
from kg.cluster.output import Written, write_quads, write_table
from kg.cluster.posts import index, numbered_posts
from kg.diagnostics import weigh
from kg.glossary import Concepts
from kg.graph import KnowledgeGraph
from kg.model import IRI, Definition, Diagnostic, Entity, Node
from kg.reading.fields import kinds
from kg.resolution import Resolution
from kg.vocabulary import SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.cluster.job import Job
    from kg.model import Commit

_DEFINITION = f"<{SKOS}definition>"
_Found = list[tuple[str, Definition]]


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


def _entities_of(job: Job) -> Resolution:
    """What the posts of a part need to know: which entity each of their names stands for."""
    by_key = {
        (kind, key): Entity(iri, kind, "", ())
        for rows in job.inbox("iris", list[tuple[str, str, IRI]])
        for kind, key, iri in rows
    }
    return Resolution((), (), (), by_key, job.ledger.moved())


def define(job: Job) -> None:
    """Send what posts define on its way: see `terms.define`."""
    terms.define(job, {one.number: one.post for one in numbered_posts(job)}, _entities_of(job))


def entities(job: Job) -> Exported:
    """The nodes of entities and concepts, and what the graph of entities says of them."""
    found = {entity.iri: entity for entity in job.inbox("entities", Entity)}
    definitions: dict[str, _Found] = defaultdict(list)
    for iri, own in job.inbox("attached", tuple[IRI, _Found]):
        definitions[iri] += own
    for iri in definitions.keys() & found.keys():
        found[iri] = msgspec.structs.replace(found[iri], definitions=_in_order(definitions[iri]))
    found |= {entity.iri: entity for entity in job.inbox("concepts", Entity)}
    nodes = {IRI(iri): entity_node(found[iri]) for iri in sorted(found)}
    config = job.plan.config
    dataset = dataset_of(config, "")
    graph = KnowledgeGraph(dataset=dataset, nodes=nodes, edges=(), kinds=kinds(config), schemes=schemes_of(config))
    named = [(part.graph, part.statements) for part in statements.body(graph)]
    folder, name = job.plan.output, f"entities-{job.part:05}"
    return Exported(
        [
            write_table(folder, f"nodes/{name}.parquet", tables.node_rows(nodes.values())),
            write_quads(folder, f"quads/{name}.nq", named),
        ],
        Counter(node.kind for node in nodes.values()),
        sum(len(said) for _name, said in named),
        used=_used(nodes.values()),
    )


def _in_order(found: _Found) -> tuple[tuple[str, Definition], ...]:
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].line, pair[1].column)))


def posts(job: Job) -> Exported:
    """The nodes of posts, all edges (every one begins at a post), what the posts' graphs say, and all diagnostics."""
    plan = job.plan
    own = [one.post for one in numbered_posts(job)]
    found = links.follow(own, index(job))
    commits: dict[str, Commit] = job.told(f"commits-{job.part:05}")
    defined: list[tuple[str, IRI, Definition]] = list(job.inbox("defined", tuple[str, IRI, Definition]))
    uses = sorted(job.inbox("uses", tuple[str, IRI, int]))
    graph = build_graph(
        own, _entities_of(job), plan.config, links=found.edges, concepts=_concepts(defined, uses), commits=commits
    )
    thin = _defined(defined)
    named = list(_post_graphs(graph, thin))
    count = 0
    texts = {(f"<{iri}>", _DEFINITION) for iri in thin}
    shared: dict[int, list[bytes]] = defaultdict(list)
    for _name, said in named:
        for statement in said:
            subject, predicate, _text = statement.split(" ", 2)
            if (subject, predicate) in texts:
                digest = blake2b(statement.encode(), digest_size=16).digest()
                shared[digest[0] % job.parts].append(digest)
            else:
                count += 1
    for to, digests in shared.items():
        job.send("texts", to, digests)
    diagnostics = weigh([*job.kept("read-diagnostics", Diagnostic), *found.diagnostics], plan.config.severity)
    folder, name = plan.output, f"posts-{job.part:05}"
    files = [
        write_table(folder, f"nodes/{name}.parquet", tables.node_rows(graph.nodes.values())),
        write_table(folder, f"edges/{name}.parquet", tables.edge_rows(graph.edges)),
        write_quads(folder, f"quads/{name}.nq", named),
        write_table(folder, f"diagnostics/{name}.parquet", tables.diagnostic_rows(diagnostics)),
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
    return len({digest for digests in job.inbox("texts", list[bytes]) for digest in digests})


def _concepts(defined: Iterable[tuple[str, IRI, Definition]], uses: list[tuple[str, IRI, int]]) -> Concepts:
    lines: dict[tuple[str, IRI], int] = {}
    for path, iri, definition in defined:
        lines[path, iri] = min(definition.line, lines.get((path, iri), definition.line))
    return Concepts(mentions=tuple((path, iri, line) for (path, iri), line in sorted(lines.items())), uses=tuple(uses))


def _defined(defined: Iterable[tuple[str, IRI, Definition]]) -> dict[IRI, Node]:
    """The terms that the posts of a part define, with these definitions and nothing else."""
    found: dict[IRI, _Found] = defaultdict(list)
    for path, iri, definition in defined:
        found[iri].append((path, definition))
    return {
        iri: Node(iri, "concept", "", (), definitions=_in_order(definitions))
        for iri, definitions in sorted(found.items())
    }


def _post_graphs(graph: KnowledgeGraph, thin: dict[IRI, Node]) -> Iterable[tuple[IRI, list[str]]]:
    """The named graph of each post."""
    whole = replace(graph, nodes={**thin, **graph.nodes}, derived={})
    for part in statements.body(whole):
        if not part.graph.endswith("graph/entities"):
            yield part.graph, [*part.statements, *part.repeated]


def _used(nodes: Iterable[Node]) -> frozenset[IRI]:
    return frozenset(attribute.predicate for node in nodes for attribute in node.attributes)
