"""Per entity and per post: nodes, edges and quads; each part writes files of its own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

import msgspec
import pyarrow as pa

from kg.cluster import tables
from kg.cluster.flow import Job, Plan, nodes_of
from kg.cluster.output import OutputFile, write_quads, write_table
from kg.cluster.posts import File, posts_of
from kg.cluster.terms import Rank
from kg.diagnostics import weigh
from kg.fields import kinds
from kg.glossary import Concepts, first_lines
from kg.graph.build import build_graph, dataset_of, entity_node, meant_by, schemes_of, title_of
from kg.graph.chunks import chunks
from kg.graph.model import KnowledgeGraph
from kg.graph.nesting import Nesting, nested
from kg.linking import links
from kg.linking.doubled import Ambiguity
from kg.linking.index import Index
from kg.model import IRI, Definition, Diagnostic, Entity, Node, Post
from kg.rdf import statements
from kg.resolution import Resolution
from kg.resolution.names import Key
from kg.text.languages import language_of


class ExportedPart(NamedTuple):
    """The files and counts of one part."""

    files: list[OutputFile]
    kinds: Counter[str]
    """Nodes of each kind."""
    used: frozenset[IRI]
    """Predicates of attributes."""
    severities: Counter[str]
    """Diagnostics of each severity."""
    wanted: tuple[tuple[links.Unwritten, IRI], ...] = ()
    """Links to unwritten pages, which other parts may link to as well, and what they mean."""
    ambiguous: tuple[Ambiguity, ...] = ()
    """See `kg.linking.links.Links`."""


def write(job: Job, chosen: Set[Rank], nesting: Nesting, linked: dict[Key, IRI]) -> list[ExportedPart]:
    """Write the entities, with the chosen concepts, and the posts of a part; `linked` is what other names mean."""
    return [_write_entities(job, chosen, nesting), _write_posts(job, chosen, linked)]


def _write_entities(job: Job, chosen: Set[Rank], nesting: Nesting) -> ExportedPart:
    """The nodes of entities and concepts, and what the graph of entities says of them."""
    found = {entity.iri: entity for entity in job.inbox("entities", Entity)}
    attached: dict[IRI, list[tuple[str, Definition]]] = defaultdict(list)
    for iri, own in job.inbox("attached", tuple[IRI, list[tuple[str, Definition]]]):
        attached[iri] += own
    for iri, definitions in attached.items():
        found[iri] = msgspec.structs.replace(found[iri], definitions=_in_order(definitions))
    found |= {entity.iri: entity for rank, entity in job.inbox("concepts", tuple[Rank, Entity]) if rank in chosen}
    own = nesting._replace(between=tuple(tag for tag in nesting.between if job.bucket(tag.iri) == job.part))
    return write_nodes(job.plan, f"entities-{job.part:05}", nested(map(entity_node, found.values()), own))


def write_nodes(plan: Plan, name: str, found: Iterable[Node]) -> ExportedPart:
    """Write nodes that are no posts."""
    nodes = {node.iri: node for node in sorted(found, key=lambda node: node.iri)}
    config = plan.config
    dataset, schemes = dataset_of(config, ""), schemes_of(config)
    graph = KnowledgeGraph(dataset=dataset, nodes=nodes, edges=(), kinds=kinds(config), schemes=schemes)
    return _write(plan, name, graph)


def _write_posts(job: Job, chosen: Set[Rank], linked: dict[Key, IRI]) -> ExportedPart:
    """The nodes of posts, all edges (each begins at a post), the named graphs of the posts, and all diagnostics."""
    files = job.load("files", File)
    posts = posts_of(job, files)
    others = {post.path: post for post in job.inbox("linked", Post)}
    found = links.follow(posts.values(), Index((others[path] for path in sorted(others)), site=job.plan.site))
    defined: dict[IRI, list[tuple[str, Definition]]] = defaultdict(list)
    for rank, number, place, iri in job.inbox("defined", tuple[Rank | None, int, int, IRI]):
        if rank is None or rank in chosen:
            defined[iri].append((posts[number].path, posts[number].definitions[place]))
    terms = [Entity(iri, "concept", "", (), definitions=_in_order(own)) for iri, own in sorted(defined.items())]
    concepts = Concepts(
        mentions=tuple((path, term.iri, line) for term in terms for path, line in first_lines(term).items()),
        uses=tuple(sorted(use for rank, *use in job.inbox("uses", tuple[Rank, str, IRI, int]) if rank in chosen)),
    )
    iris = {(kind, key): iri for kind, key, iri in job.inbox("iris", tuple[str, str, IRI])} | linked
    by_key = {key: Entity(iri, key[0], "", ()) for key, iri in iris.items()}
    resolution = Resolution((), (), (), by_key, job.ledger.splits())
    graph = build_graph(
        list(posts.values()),
        resolution,
        job.config,
        links=found.edges,
        notes=job.plan.notes,
        concepts=concepts,
        unwritten=found.unwritten,
        commits={file.post.path: file.commit for file in files if file.post and file.commit},
    )
    graph = replace(graph, nodes={**{term.iri: entity_node(term) for term in terms}, **graph.nodes})
    language = {post.path: title_of(post).language for post in posts.values()}
    said = ((path, iri, one.text) for iri, own in defined.items() for path, one in own)
    texts = {(path, iri, text, language_of(text, language[path])) for path, iri, text in said}
    job.write("texts", pa.uint64(), text=nodes_of("\0".join(text) for _path, *text in texts))
    own = (one for file in files for one in (*file.diagnostics, *(file.post.diagnostics if file.post else ())))
    diagnostics = weigh([*own, *found.diagnostics], job.config.severity)
    wanted = tuple(meant_by(found.unwritten, resolution, job.config))
    part = _write(job.plan, f"posts-{job.part:05}", graph, diagnostics)
    return part._replace(wanted=wanted, ambiguous=found.ambiguous)


def _in_order(found: Iterable[tuple[str, Definition]]) -> tuple[tuple[str, Definition], ...]:
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].line, pair[1].column)))


def _write(plan: Plan, name: str, graph: KnowledgeGraph, found: Sequence[Diagnostic] | None = None) -> ExportedPart:
    """Write the posts of a graph with their edges and diagnostics or, if there are no diagnostics, its other nodes."""
    own = [chunk for chunk in chunks(graph) if chunk.of_posts == (found is not None)]
    nodes = [node for chunk in own for node in chunk.nodes()]
    named = [
        (one.graph, [*one.statements, *one.repeated]) for chunk in own for one in statements.of_chunk(graph, chunk)
    ]
    files = [
        write_table(plan.output, f"nodes/{name}.parquet", tables.node_rows(nodes)),
        write_quads(plan.output, f"quads/{name}.nq", named),
    ]
    if found is not None:
        files.append(write_table(plan.output, f"edges/{name}.parquet", tables.edge_rows(graph.edges)))
        files.append(write_table(plan.output, f"diagnostics/{name}.parquet", tables.diagnostic_rows(found)))
    used = frozenset(attribute.predicate for node in nodes for attribute in node.attributes)
    severities = Counter(diagnostic.severity for diagnostic in found or ())
    return ExportedPart(files, Counter(node.kind for node in nodes), used, severities)
