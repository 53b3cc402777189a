"""From posts and entities to one `KnowledgeGraph`; the only place that makes nodes and edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kg.fields import HOMEPAGE, LINK, MENTIONS, TITLE, kinds
from kg.graph.model import Dataset, KnowledgeGraph
from kg.graph.nesting import known_tags, nested, nesting, stated
from kg.iris import entity_iri, post_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Commit, Edge, Entity, Link, Node, Post, Text
from kg.namespaces import KG, XSD
from kg.resolution.names import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.glossary import Concepts
    from kg.linking.links import Unwritten
    from kg.linking.notes import Note
    from kg.resolution import Resolution

DEFINES = IRI(KG + "defines")
UNWRITTEN = IRI(KG + "unwritten")


class PartialGraph(NamedTuple):
    """The posts and the entities that their metadata names, to which `build_graph` adds the rest."""

    nodes: list[Node]
    edges: dict[IRI, dict[tuple[IRI, IRI], Edge]]
    """Source → (predicate, target) → edge."""
    used: set[IRI]
    """The entities that metadata names."""
    iri_of: dict[str, IRI]
    """Path of a post → its IRI."""

    def connect(self, source: IRI, predicate: IRI, target: IRI, field: str, line: int) -> None:
        """Add an edge unless it exists."""
        own = self.edges[source]
        if (predicate, target) not in own:
            own[predicate, target] = Edge(source, predicate, target, field, line)

    def connect_all(
        self,
        resolution: Resolution,
        base: IRI,
        links: Iterable[tuple[str, str, Link]],
        notes: Mapping[str, Note],
        wanted: Iterable[tuple[Unwritten, IRI]],
        concepts: Concepts,
        inferred: Iterable[Edge] = (),
    ) -> None:
        """Add all other edges of these posts: arguments as for `build_graph`, and `wanted` as `meant_by` tells."""
        edges, iri_of, connect = self.edges, self.iri_of, self.connect
        for source, target, link in links:
            end = iri_of.get(target) or post_iri(base, target)
            connect(iri_of[source], link.predicate or LINK, end, link.field or "body", link.line)
            if note := notes.get(target):
                thing = resolution.entity_of(note.kind, note.names[0], target).iri
                if all(thing != end for _predicate, end in edges[iri_of[source]]):
                    connect(iri_of[source], MENTIONS, thing, link.field or "body", link.line)
        for page, meant in wanted:
            connect(iri_of[page.path], page.predicate or MENTIONS, meant, page.field or "body", page.line)
        for predicate, places in ((DEFINES, concepts.mentions), (MENTIONS, concepts.uses)):
            for path, iri, line in places:
                connect(iri_of[path], predicate, iri, "body", line)
        for edge in inferred:
            edges[edge.source].setdefault((edge.predicate, edge.target), edge)

    def edges_of(self, source: IRI) -> list[Edge]:
        """The edges that start at a node, in their order."""
        own = self.edges[source]
        return [own[key] for key in sorted(own)]


def begin_graph(posts: Sequence[Post], resolution: Resolution, config: Config) -> PartialGraph:
    """Do the part of `build_graph` that needs no concepts, while other processes still compute them."""
    base = IRI(config.base)
    iri_of = {post.path: post_iri(base, post.path) for post in posts}
    begun = PartialGraph([], {iri: {} for iri in iri_of.values()}, set(), iri_of)
    plain = {} if resolution.splits else resolution.by_spelling
    for post in posts:
        path = post.path
        iri = iri_of[path]
        own = begun.edges[iri]
        begun.nodes.append(post_node(iri, post))
        for mention in post.mentions:
            entity = plain.get((mention.kind, mention.name))
            if entity is None:
                entity = resolution.entity_of(mention.kind, mention.name, path)
            key = mention.predicate, entity.iri
            if key not in own:  # as `connect`, which 200,000 calls would make slow
                own[key] = Edge(iri, mention.predicate, entity.iri, mention.field, mention.line)
        begun.used.update([entity for _predicate, entity in own])
    return begun


def build_graph(
    posts: Sequence[Post],
    resolution: Resolution,
    config: Config,
    *,
    links: Iterable[tuple[str, str, Link]],
    concepts: Concepts,
    notes: Mapping[str, Note],
    unwritten: Iterable[Unwritten],
    inferred: Iterable[Edge] = (),
    commits: Mapping[str, Commit] | None,
    hints: Mapping[IRI, tuple[float, float]] | None = None,
    begun: PartialGraph | None = None,
) -> KnowledgeGraph:
    """The graph of posts, entities and concepts.

    Args:
        posts: the posts, each path once.
        resolution: one entity per real thing.
        config: for the base IRI, the title and the kinds.
        links: (source path, target path, link) of links between posts.
        concepts: what bodies define, and where.
        notes: path of a note → what it is about; posts that link to the note mention that.
        unwritten: links to pages that do not exist; they lead to the thing of that name, if there is one.
        inferred: edges that no post states; an explicit edge wins.
        commits: path of a post → the commit it comes from.
        hints: positions of nodes on the previous map.
        begun: the result of `begin_graph` for the same posts; it is used up.
    """
    base = IRI(config.base)
    all_kinds = kinds(config)
    begun = begun or begin_graph(posts, resolution, config)
    nodes, iri_of = begun.nodes, begun.iri_of
    wanted = tuple(meant_by(unwritten, resolution, config))
    nodes += pages_of(base, wanted)
    defined = {entity.iri: entity for entity in (*concepts.known, *concepts.entities)}
    nodes += (entity_node(defined.pop(e.iri, e)) for e in resolution.entities if e.iri in begun.used)
    nodes += (entity_node(entity) for entity in concepts.entities if entity.iri in defined)
    nodes[:] = nested(nodes, nesting(nodes, known_tags(nodes), base, stated(posts, base)))
    begun.connect_all(resolution, base, links, notes, wanted, concepts, inferred)
    nodes.sort(key=lambda node: node.iri)
    return KnowledgeGraph(
        dataset=dataset_of(config, max((post.date for post in posts), default="")),
        nodes={node.iri: node for node in nodes},
        # Source by source: comparing whole IRIs 60,000 times is most of the work of one large sort.
        edges=tuple(chain.from_iterable(map(begun.edges_of, sorted(begun.edges)))),
        kinds=all_kinds,
        schemes=schemes_of(config),
        commits={iri_of[path]: commit for path, commit in (commits or {}).items() if path in iri_of},
        hints=hints or {},
    )


def meant_by(unwritten: Iterable[Unwritten], resolution: Resolution, config: Config) -> Iterator[tuple[Unwritten, IRI]]:
    """Each link to an unwritten page, and what it means: the only thing that fields call so, or else the page."""
    base, all_kinds = IRI(config.base), kinds(config)
    for link in unwritten:
        _kind, name = key_of("", link.name)
        known = [kind for kind in all_kinds if (kind, name) in resolution.by_key]
        things = {resolution.entity_of(kind, link.name, link.path).iri for kind in known}
        yield link, things.pop() if len(things) == 1 else page_iri(base, link.name)


def pages_of(base: IRI, wanted: Iterable[tuple[Unwritten, IRI]]) -> Iterator[Node]:
    """A node for each page of what `meant_by` tells, named as most links name it."""
    spellings: dict[IRI, Counter[str]] = defaultdict(Counter)
    for link, meant in wanted:
        if meant == page_iri(base, link.name):
            spellings[meant][link.name] += 1
    for iri, counts in spellings.items():
        label, *others = sorted(counts, key=lambda name: (-counts[name], name))
        aliases = tuple(Text(other) for other in sorted(others))
        yield Node(iri, "page", label, (Text(label),), aliases, (Attribute(UNWRITTEN, "true", XSD + "boolean"),))


def page_iri(base: IRI, name: str) -> IRI:
    """The IRI of a page that is not written."""
    return entity_iri(base, "page", name)


def dataset_of(config: Config, newest: str) -> Dataset:
    """The description of a graph, given the date of its newest post."""
    return Dataset(
        base=IRI(config.base),
        title=config.title,
        license=config.license,
        newest=newest,
        regions=config.regions,
        max_concepts=config.glossary.max_concepts if config.glossary.enabled else 0,
    )


def schemes_of(config: Config) -> dict[str, IRI]:
    """Kind → its concept scheme, if it has one."""
    return {kind.name: IRI(f"{config.base}scheme/{kind.name}") for kind in kinds(config).values() if kind.scheme}


def title_of(post: Post) -> Text:
    """The title with its own language: a Chinese post may have an English title."""
    return next(
        (Text(a.value, a.language) for a in post.attributes if a.predicate == TITLE and a.value == post.title),
        Text(post.title, post.language),
    )


def post_node(iri: IRI, post: Post) -> Node:
    """The node of a post."""
    return Node(iri, "post", post.title, (title_of(post),), attributes=post.attributes)


def entity_node(entity: Entity) -> Node:
    """The node of an entity."""
    attributes = [Attribute(HOMEPAGE, entity.homepage, IRI_OBJECT)] if entity.homepage else []
    return Node(
        entity.iri,
        entity.kind,
        entity.label,
        entity.labels,
        entity.aliases,
        tuple(attributes),
        entity.former,
        entity.same_as,
        entity.merges,
        entity.definitions,
        entity.also,
    )
