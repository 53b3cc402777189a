"""The short way from one build to the next, for edits of a few posts: only what they touch is worked out again.

    edited posts ─names─▶ changed entities ─▶ posts that name them ─▶ entries of the saved graph

What is not touched stays encoded: no other post is decoded, no link is followed again, and of the saved graph only the
chunks are replaced that hold a post or an entity that has changed. The result is that of a first build, byte for byte,
because an edit goes the whole way (`kg.pipeline.build`) unless it leaves alone what others depend on. `Watched` is what
a build keeps to tell; `_keeps_others` is the rule for one post.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as with_values

from kg import exporters
from kg.diagnostics import in_order, weigh
from kg.exporters import Chunked
from kg.glossary import Concepts
from kg.graph import nesting
from kg.graph.build import begin_graph, entity_node, post_node, title_of
from kg.graph.chunks import Entry
from kg.graph.saved import SavedNodes, edited
from kg.iris import post_iri
from kg.linking import links, notes, own_names
from kg.linking.links import Links, Unwritten
from kg.linking.notes import Notes
from kg.model import IRI, Attribute, Diagnostic, Link, Post, Record
from kg.pipeline import manifest, meanings, saved_graph
from kg.reading import authors
from kg.reading.folder import ReadResult
from kg.reading.people import People
from kg.resolution import ledger
from kg.resolution.saved import shown_by
from kg.state import Miss
from kg.text.folding import fold
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.manifest import Manifest
    from kg.pipeline.meanings import Meanings
    from kg.pipeline.run import Run
    from kg.reading.cache import CacheEntry
    from kg.resolution import Resolution


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
    """The IRIs that decide how tags are nested."""

    @classmethod
    def of(
        cls,
        meant: Meanings,
        people: People,
        found: Links,
        noted: Notes,
        posts: Sequence[Post],
        graph: KnowledgeGraph,
    ) -> Watched:
        """What is to be known of all posts and their graph."""
        base = graph.dataset.base
        nested = frozenset(nesting.decisive(graph.nodes.values(), base, nesting.stated(posts, base)))
        links = (found.asked, found.namesakes, found.edges, found.unwritten)
        return cls(meant.names, meant.keys.terms, people, *links, noted, nested)


class Retouching(NamedTuple):
    """The graph of a build after an edit."""

    graph: KnowledgeGraph
    """It has neither commits nor a map, and may be written in formats that are written chunk by chunk."""
    watched: Watched
    diagnostics: tuple[Diagnostic, ...]


class _Edit(NamedTuple):
    """A post as it was and is, each with the names that are meant."""

    before: Post
    now: Post


def retouched(run: Run, last: Manifest, read: ReadResult) -> Retouching | None:
    """The graph of the last build with the edited posts in it as they are now; None if more may have changed.

    Args:
        run: the run.
        last: the last build.
        read: what was read, with the entries of the reading before.

    Raises:
        LedgerError: as `kg.resolution.resolve`.
    """
    pairs = _edited(run, last, read)
    if not pairs or run.config.infer_mentions:
        return None
    if not all(isinstance(exporters.get(f).write, Chunked) for f in run.formats):
        return None
    found = saved_graph.load_encoded(run.state, last.mark, Watched)
    if isinstance(found, Miss):
        return None
    graph, watched = found
    edits = {}
    for old, new in pairs:
        if old.post is None or new.post is None or not watched.people.stands(old.post, new.post):
            return None
        edits[new.path] = edit = _Edit(*watched.people.rewritten([old.post, new.post]))
        if not _keeps_others(run, edit, watched):
            return None
    places = _places(edits.values())
    if places is None or not (moved := _with_places(watched, edits, places)):
        return None
    meaning = _meaning(run, moved, edits, read)
    if meaning is None:
        return None
    changes = _changes(run, graph, moved, edits, meaning)
    if changes is None:
        return None
    diagnostics = _diagnostics(run, last, read, pairs, places, meaning.resolution)
    if diagnostics is None:
        return None
    return Retouching(edited(graph, changes), with_values(moved, names=meaning.names), diagnostics)


def _edited(run: Run, last: Manifest, read: ReadResult) -> list[tuple[CacheEntry, CacheEntry]]:
    """Each edited file as it was in the last build and as it is; none if there are other files now, or may be."""
    pairs = list(zip(read.before, read.entries, strict=False))
    if len(read.before) != len(read.entries) or any(old.path != new.path for old, new in pairs):
        return []
    found = [(old, new) for old, new in pairs if old.fingerprint != new.fingerprint]
    paths = {new.path for _old, new in found}
    changed = run.history.changed
    before = ReadResult(read.folder, read.before)
    known = (manifest.fingerprint(before, c) for c in (changed, [path for path in changed if path not in paths]))
    return found if last.fingerprint in known else []


def _keeps_others(run: Run, edit: _Edit, watched: Watched) -> bool:
    """Whether an edit of a post changes nothing about others, except through what its names mean.

    Its links are what they were and no other link may lead elsewhere; it is no note about a thing or an author; what
    it defines is what it was, wherever that stands.
    """
    one, two = edit
    if authors.has_page(two.path) or any(own_names.own_names(edit, watched.notes.noted)):
        return False
    if not run.config.drafts and (one.draft or two.draft):
        return False
    if _rests_on(one) != _rests_on(two) or nesting.stated([one], _ANY) != nesting.stated([two], _ANY):
        return False
    site = run.folder.site
    keys = links.names_of_post(one, site) ^ links.names_of_post(two, site)
    if any(table not in links.BY_TITLE or key in watched.asked for table, key in keys):
        return False
    if two.path in watched.namesakes and _categories(one) != _categories(two):
        return False
    names = {(m.kind, m.name) for m in one.mentions} ^ {(m.kind, m.name) for m in two.mentions}
    if any((fold(name) or name) in watched.notes.called for _kind, name in names):
        return False
    before, now = title_of(one).language, title_of(two).language
    return all(language_of(d.text, before) == language_of(d.text, now) for d in two.definitions)


_ANY = IRI("https://any.example/")


def _rests_on(post: Post) -> tuple[object, ...]:
    """All that others see of a post, but for its names, its title, and where something stands in it."""
    declared = [(a.predicate, a.value, a.field) for a in post.attributes if a.predicate in links.DECLARED]
    linked = [with_values(link, line=0, column=0) for link in post.links]
    defined = [with_values(definition, line=0, column=0) for definition in post.definitions]
    return post.language, post.date, post.draft, post.aliases, declared, linked, defined


def _categories(post: Post) -> set[str]:
    return {mention.name for mention in post.mentions if mention.kind == "category"}


_Place = tuple[str, int, int]
"""Path, line, column."""


def _places(edits: Iterable[_Edit]) -> dict[_Place, _Place] | None:
    """Where the links and declared addresses stand that stood elsewhere; None if two that stood in one place do not."""
    result: dict[_Place, _Place] = {}
    for one, two in edits:
        for old, new in zip(_anchors(one), _anchors(two), strict=True):
            now = two.path, new.line, new.column
            if result.setdefault((one.path, old.line, old.column), now) != now:
                return None
    return result


def _anchors(post: Post) -> Iterator[Link | Attribute]:
    """What linking reports about."""
    return chain(post.links, (a for a in post.attributes if a.predicate in links.DECLARED))


def _with_places(watched: Watched, edits: Mapping[str, _Edit], places: Mapping[_Place, _Place]) -> Watched | None:
    """The same with the links of the edited posts as they are now; None if names in fields lead to other notes."""
    pairs = [(path, *pair) for path, (one, two) in edits.items() for pair in zip(one.links, two.links, strict=True)]
    now = {(path, old): new for path, old, new in pairs}
    edges = tuple([(path, target, now.get((path, link), link)) for path, target, link in watched.links])
    before, after = (
        notes.pointed([edit[number] for edit in edits.values()], [edge for edge in every if edge[0] in edits])
        for number, every in enumerate((watched.links, edges))
    )
    if before != after:
        return None
    unwritten = list(watched.unwritten)
    for number, wanted in enumerate(unwritten):
        if place := places.get((wanted.path, wanted.line, wanted.column)):
            unwritten[number] = wanted._replace(line=place[1], column=place[2])
    return with_values(watched, links=edges, unwritten=tuple(unwritten))


class _Meaning(NamedTuple):
    """What names mean after the edit."""

    names: bytes
    """See `Watched`."""
    posts: dict[str, Post]
    """Path → each post of which the edges have to be made again."""
    resolution: Resolution | None = None
    """None if the names stand where they stood."""
    uses: tuple[tuple[str, IRI, int], ...] = ()
    """As in `kg.glossary.drafting.Draft`."""


def _meaning(run: Run, watched: Watched, edits: Mapping[str, _Edit], read: ReadResult) -> _Meaning | None:
    """What names mean; None if it is not known what they meant, or if terms may mean something else."""
    one, two = ({path: edit[number] for path, edit in edits.items()} for number in range(2))
    if shown_by(one.values()) == shown_by(two.values()) and all(one[path].links == two[path].links for path in one):
        return _Meaning(watched.names, {})
    encoded = {entry.path: entry for entry in read.entries}

    def other(path: str) -> Post:
        post = encoded[path].post
        assert post
        return notes.say(watched.people.rewritten([post]), watched.notes.about)[0]

    decisions = replace(ledger.read(run.ledger), notes=notes.same(watched.notes.about))
    keys = with_values(run.keys, terms=watched.terms)
    found = meanings.edited(run.state, keys, run.config, decisions, watched.names, one, two, other)
    if found is None:
        return None
    posts = {path: two.get(path) or other(path) for path in sorted({*two, *found.moved})}
    return _Meaning(found.names, posts, found.resolution, found.draft.uses)


def _changes(
    run: Run, graph: KnowledgeGraph, watched: Watched, edits: Mapping[str, _Edit], meaning: _Meaning
) -> dict[IRI, Entry | None] | None:
    """The entries that change, and the IRIs of nodes that are no more; None if the saved graph is not as expected."""
    base = graph.dataset.base
    nodes = graph.nodes
    assert isinstance(nodes, SavedNodes)
    changes: dict[IRI, Entry | None] = {}
    renewed = meaning.resolution.renewed if meaning.resolution else None
    for entity in (*renewed.old, *renewed.new) if renewed else ():
        if nesting.may_be_nested(entity) or not watched.nested.isdisjoint((entity.iri, *entity.former)):
            return None
    if renewed:
        changes |= {entity.iri: None for entity in renewed.old}
        for entity in renewed.new:
            defined = nodes[entity.iri].definitions if entity.iri in nodes else ()
            changes[entity.iri] = Entry(entity_node(with_values(entity, definitions=defined)))
    entries = {path: nodes.entry(post_iri(base, path)) for path in {*edits, *meaning.posts}}
    for path, (one, two) in edits.items():
        entry = entries[path]
        if entry.node != post_node(entry.node.iri, one) or (entry.commit and path not in run.history.changed):
            return None
        moved = dict(zip(one.definitions, two.definitions, strict=True))
        here = tuple([each._replace(definition=moved[each.definition]) for each in entry.definitions])
        for concept in {old.concept for old, new in zip(entry.definitions, here, strict=True) if old != new}:
            node = (changes.get(concept) or nodes.entry(concept)).node
            defined = tuple([(at, moved[each] if at == path else each) for at, each in node.definitions])
            changes[concept] = Entry(with_values(node, definitions=defined))
        entries[path] = Entry(post_node(entry.node.iri, two), entry.edges, here)
    if meaning.resolution:
        begun = begin_graph(list(meaning.posts.values()), meaning.resolution, run.config)
        begun.connect_all(
            meaning.resolution,
            base,
            [edge for edge in watched.links if edge[0] in meaning.posts],
            watched.notes.about,
            [wanted for wanted in watched.unwritten if wanted.path in meaning.posts],
            Concepts(
                mentions=tuple(
                    (path, each.concept, each.definition.line)
                    for path in meaning.posts
                    for each in entries[path].definitions
                ),
                uses=tuple(
                    (path, iri, meaning.posts[path].glosses[number].line)
                    for path, iri, number in meaning.uses
                    if path in meaning.posts
                ),
            ),
        )
        for path in meaning.posts:
            entries[path] = with_values(entries[path], edges=tuple(begun.edges_of(entries[path].node.iri)))
    return changes | {entry.node.iri: entry for entry in entries.values()}


def _diagnostics(
    run: Run,
    last: Manifest,
    read: ReadResult,
    pairs: Sequence[tuple[CacheEntry, CacheEntry]],
    places: Mapping[_Place, _Place],
    resolution: Resolution | None,
) -> tuple[Diagnostic, ...] | None:
    """All diagnostics; None if one of the last build is of unknown origin."""
    severity = run.config.severity
    before, now = (weigh(chain.from_iterable(map(_reported, files)), severity) for files in zip(*pairs, strict=True))
    replaced, paths = Counter(before), {new.path for _old, new in pairs}
    folder = set(weigh(read.folder.diagnostics, severity))
    result = [*now, *weigh(resolution.diagnostics if resolution else (), severity)]
    for each in last.report.diagnostics:
        if replaced[each]:
            replaced[each] -= 1
        elif resolution and each.code == "KG203" and each.path == run.config.resolution.ledger:
            continue
        elif each.path not in paths or each in folder:
            result.append(each)
        elif place := places.get((each.path, each.line, each.column)):
            result.append(with_values(each, line=place[1], column=place[2]))
        else:
            return None
    return tuple(in_order(result))


def _reported(file: CacheEntry) -> Iterable[Diagnostic]:
    """What was reported about a file when it was read."""
    return (*file.diagnostics, *(file.post.diagnostics if file.post else ()))
