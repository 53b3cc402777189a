"""What a build has to know of all posts, so that the next one can tell what an edit of a few of them touches."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as with_values

from kg.diagnostics.habits import Use
from kg.graph import nesting
from kg.graph.build import title_of
from kg.linking import index, notes, own_names
from kg.linking.links import Links, Unwritten
from kg.linking.notes import Notes
from kg.model import IRI, Attribute, Entity, Link, Post, Record
from kg.reading import authors
from kg.reading.people import People
from kg.text.folding import fold
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.meanings import Meanings
    from kg.reading.site import Site


class MoreChanged(Exception):
    """An edit touches more than the short way can tell, or may."""


class EditedPost(NamedTuple):
    """A post as it was and is, each with the names that are meant."""

    before: Post
    now: Post


class Watched(Record, frozen=True):
    """What a build finds out about all posts, as far as it tells what an edit of one of them touches."""

    names: bytes
    terms: bytes
    """Digests of what all posts say of names, and of terms."""
    people: People
    asked: frozenset[str]
    namesakes: frozenset[str]
    links: tuple[tuple[str, str, Link], ...]
    unwritten: tuple[Unwritten, ...]
    """These four as in `kg.linking.links.Links`."""
    notes: Notes
    nested: frozenset[IRI]
    """The IRIs that decide how tags are nested: see `kg.graph.nesting.decisive`."""
    stated: frozenset[tuple[IRI, IRI]]
    """What posts state about that: see `kg.graph.nesting.stated`."""
    between: frozenset[IRI]
    """The tags that no post names, and which are only between others."""
    uses: dict[Use, int]
    """See `kg.diagnostics.habits.counted`."""

    @classmethod
    def of(
        cls,
        meant: Meanings,
        people: People,
        found: Links,
        noted: Notes,
        posts: Sequence[Post],
        graph: KnowledgeGraph,
        uses: dict[Use, int],
        entities: Iterable[Entity],
    ) -> Watched:
        """What is to be known of all posts, their entities and their graph."""
        base, tags = graph.dataset.base, [node for node in graph.nodes.values() if node.kind == "tag"]
        stated = frozenset(nesting.stated(posts, base))
        nested = frozenset(nesting.decisive(graph.nodes.values(), base, stated))
        between = frozenset({tag.iri for tag in tags}.difference([entity.iri for entity in entities]) if nested else ())
        links = (found.asked, found.namesakes, found.edges, found.unwritten)
        return cls(meant.names, meant.keys.terms, people, *links, noted, nested, stated, between, uses)

    def wanted(self) -> set[str]:
        """The names of pages that are not written, folded."""
        return {fold(link.name) for link in self.unwritten}


def keeps_others(edit: EditedPost, watched: Watched, site: Site) -> bool:
    """Whether an edit of a post changes nothing about others, except through what its names mean.

    Its links are what they were and no other link may lead elsewhere; it is no page of an author, and a note about a
    thing only if it was, by the same names; what it defines is what it was, wherever that stands.
    """
    one, two = edit
    own, still = ([*own_names.own_names([post], watched.notes.noted)] for post in edit)
    if authors.has_page(two.path) or own != still:
        return False
    if _rests_on(one) != _rests_on(two) or nesting.stated([one], _ANY) != nesting.stated([two], _ANY):
        return False
    keys = index.names_of_post(one, site) ^ index.names_of_post(two, site)
    if any(table not in index.BY_TITLE or key in watched.asked for table, key in keys):
        return False
    if two.path in watched.namesakes and (one.date, _categories(one)) != (two.date, _categories(two)):
        return False
    names = {(m.kind, m.name) for m in one.mentions} ^ {(m.kind, m.name) for m in two.mentions}
    if any((fold(name) or name) in watched.notes.called for _kind, name in names):
        return False
    if names and not watched.wanted().isdisjoint(fold(name) for _kind, name in names):
        return False
    before, now = title_of(one).language, title_of(two).language
    return all(language_of(d.text, before) == language_of(d.text, now) for d in two.definitions)


_ANY = IRI("https://any.example/")


def _rests_on(post: Post) -> tuple[object, ...]:
    """All that others see of a post, but for its names, its title, its date, and where something stands in it."""
    declared = [(a.predicate, a.value, a.field) for a in post.attributes if a.predicate in index.DECLARED]
    linked = [with_values(link, line=0, column=0) for link in post.links]
    defined = [with_values(definition, line=0, column=0) for definition in post.definitions]
    return post.language, post.draft, post.aliases, declared, linked, defined


def _categories(post: Post) -> set[str]:
    return {mention.name for mention in post.mentions if mention.kind == "category"}


Place = tuple[str, int, int]
"""Path, line, column."""


def places_of(edits: Iterable[EditedPost]) -> dict[Place, Place]:
    """Where the links and declared addresses stand now, by where they stood.

    Raises:
        MoreChanged: two stood in one place, and do not now.
    """
    result: dict[Place, Place] = {}
    for one, two in edits:
        for old, new in zip(_anchors(one), _anchors(two), strict=True):
            now = two.path, new.line, new.column
            if result.setdefault((one.path, old.line, old.column), now) != now:
                raise MoreChanged
    return result


def _anchors(post: Post) -> Iterator[Link | Attribute]:
    """What linking reports about."""
    return chain(post.links, (a for a in post.attributes if a.predicate in index.DECLARED))


def with_places(watched: Watched, edits: Sequence[EditedPost], places: Mapping[Place, Place]) -> Watched:
    """The same with the links of the edited posts as they are now.

    Raises:
        MoreChanged: names in fields lead to other notes.
    """
    pairs = [(two.path, *pair) for one, two in edits for pair in zip(one.links, two.links, strict=True)]
    now = {(path, old): new for path, old, new in pairs}
    edges = tuple([(path, target, now.get((path, link), link)) for path, target, link in watched.links])
    paths = {edit.now.path for edit in edits}
    before, after = (
        notes.pointed(posts, [edge for edge in every if edge[0] in paths])
        for posts, every in zip(zip(*edits, strict=True), (watched.links, edges), strict=True)
    )
    if before != after:
        raise MoreChanged
    unwritten = list(watched.unwritten)
    for number, wanted in enumerate(unwritten):
        if place := places.get((wanted.path, wanted.line, wanted.column)):
            unwritten[number] = wanted._replace(line=place[1], column=place[2])
    return with_values(watched, links=edges, unwritten=tuple(unwritten))
