"""The short way from one build to the next, for edits of a few posts: only what they touch is worked out again.

    edited posts ─names─▶ changed entities ─▶ posts that name them ─▶ entries of the saved graph

What is not touched stays encoded: no other post is decoded, no link is followed again, and of the saved graph only the
chunks are replaced that hold a post or an entity that has changed. The result is that of a first build, byte for byte,
because an edit goes the whole way (`kg.pipeline.build`) unless it leaves alone what others depend on, as
`kg.pipeline.watched` tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as with_values

from kg.diagnostics import habits, in_order, weigh
from kg.glossary import Concepts
from kg.graph import nesting
from kg.graph.build import begin_graph, entity_node, meant_by, post_node
from kg.graph.chunks import Entry
from kg.graph.saved import SavedNodes, edited, of_kind
from kg.iris import post_iri
from kg.linking import notes
from kg.model import Entity, Node
from kg.pipeline import manifest, meanings, saved_graph
from kg.pipeline.watched import EditedPost, MoreChanged, Place, Watched, keeps_others, places_of, with_places
from kg.reading.folder import ReadResult
from kg.resolution import ledger
from kg.resolution.saved import shown_by
from kg.state import Miss
from kg.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.diagnostics.habits import Doubt, Use
    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI, Diagnostic, Post
    from kg.pipeline.manifest import Manifest
    from kg.pipeline.run import Run
    from kg.reading.cache import CacheEntry
    from kg.resolution import Resolution


class Retouching(NamedTuple):
    """The graph of a build after an edit."""

    graph: KnowledgeGraph
    """Most of it is still encoded; it has no map."""
    watched: Watched
    diagnostics: tuple[Diagnostic, ...]
    habits: frozenset[Doubt]
    held: object
    """As in `kg.pipeline.build.Retouched`."""


def retouched(run: Run, last: Manifest, read: ReadResult) -> Retouching | None:
    """The graph of the last build with the edited posts in it as they are now; None if more may have changed.

    Args:
        run: the run.
        last: the last build.
        read: what was read, with the entries of the reading before.

    Raises:
        LedgerError: as `kg.resolution.resolve`.
    """
    if run.config.infer_mentions:
        return None
    try:
        pairs = _edited(run, last, read)
        found = saved_graph.load_encoded(run.state, last.mark, Watched)
        if isinstance(found, Miss):
            return None
        graph, watched = found
        edits = {new.path: _edit(run, watched, old, new) for old, new in pairs}
        places = places_of(edits.values())
        watched = with_places(watched, list(edits.values()), places)
        meaning = _meaning(run, watched, edits, read)
        changes = _changes(run, graph, watched, edits, meaning)
        watched = _nest(graph, watched, meaning, changes)
        diagnostics = _diagnostics(run, last, read, pairs, places, meaning.resolution)
        uses = _uses(watched, pairs)
        usual = _habits(run, last, uses, diagnostics)
    except MoreChanged:
        return None
    watched = with_values(watched, names=meaning.names, uses=uses)
    return Retouching(edited(graph, changes), watched, diagnostics, usual, (graph, changes, meaning))


def _edited(run: Run, last: Manifest, read: ReadResult) -> list[tuple[CacheEntry, CacheEntry]]:
    """Each edited file as it was in the last build and as it is.

    Raises:
        MoreChanged: there are other files, or what was read before may not be what the last build was made from.
    """
    pairs = list(zip(read.before, read.entries, strict=False))
    if len(read.before) != len(read.entries) or any(old.path != new.path for old, new in pairs):
        raise MoreChanged
    found = [(old, new) for old, new in pairs if old.fingerprint != new.fingerprint]
    paths = {new.path for _old, new in found}
    changed = run.history.changed
    before = ReadResult(read.folder, read.before)
    known = (manifest.fingerprint(before, c) for c in (changed, [path for path in changed if path not in paths]))
    if not found or last.fingerprint not in known:
        raise MoreChanged
    return found


def _edit(run: Run, watched: Watched, old: CacheEntry, new: CacheEntry) -> EditedPost:
    """One edit.

    Raises:
        MoreChanged: others show it.
    """
    one, two = old.post, new.post
    if one is None or two is None or not watched.people.stands(one, two):
        raise MoreChanged
    edit = EditedPost(*_meant([one, two], watched))
    hidden = not run.config.drafts and (one.draft or two.draft)
    if hidden or not keeps_others(edit, watched, run.folder.site):
        raise MoreChanged
    return edit


def _meant(posts: Sequence[Post], watched: Watched) -> tuple[Post, ...]:
    """Posts with the names that are meant, and notes with what they are about."""
    return notes.say(watched.people.rewritten(posts), watched.notes.about)


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
    held: object = None
    """As in `kg.pipeline.build.Retouched`."""


def _meaning(run: Run, watched: Watched, edits: Mapping[str, EditedPost], read: ReadResult) -> _Meaning:
    """What names mean.

    Raises:
        MoreChanged: it is not known what they meant, or terms may mean something else.
    """
    one, two = ({path: edit[number] for path, edit in edits.items()} for number in range(2))
    if shown_by(one.values()) == shown_by(two.values()) and all(one[path].links == two[path].links for path in one):
        return _Meaning(watched.names, {})
    encoded = {entry.path: entry for entry in read.entries}

    def other(path: str) -> Post:
        post = encoded[path].post
        assert post
        return _meant([post], watched)[0]

    decisions = replace(ledger.read(run.ledger), notes=notes.same(watched.notes.about))
    keys = with_values(run.keys, terms=watched.terms)
    found = meanings.edited(run.state, keys, run.config, decisions, watched.names, one, two, other)
    if found is None:
        raise MoreChanged
    posts = {path: two.get(path) or other(path) for path in sorted({*two, *found.moved})}
    return _Meaning(found.names, posts, found.resolution, found.draft.uses, found)


def _changes(
    run: Run, graph: KnowledgeGraph, watched: Watched, edits: Mapping[str, EditedPost], meaning: _Meaning
) -> dict[IRI, Entry | None]:
    """The entries that change; None for nodes that are no more.

    Raises:
        MoreChanged: an unwritten page or a note may be about something else, or a commit or the newest date is at
            stake.
    """
    base = graph.dataset.base
    nodes = graph.nodes
    assert isinstance(nodes, SavedNodes)
    changes: dict[IRI, Entry | None] = {}
    renewed = meaning.resolution.renewed if meaning.resolution else None
    wanted = watched.wanted()
    moving = {e.iri for e in renewed.old}.symmetric_difference(e.iri for e in renewed.new) if renewed else set()
    noted = {fold(name) for note in watched.notes.about.values() for name in note.names} if moving else set()
    for entity in (*renewed.old, *renewed.new) if renewed else ():
        names = {fold(text.value) for text in (*entity.labels, *entity.aliases)}
        if not wanted.isdisjoint(names) or (entity.iri in moving and not noted.isdisjoint(names)):
            raise MoreChanged
    if renewed:
        changes |= {entity.iri: None for entity in renewed.old}
        for entity in renewed.new:
            defined = nodes[entity.iri].definitions if entity.iri in nodes else ()
            changes[entity.iri] = Entry(entity_node(with_values(entity, definitions=defined)))
    entries = {path: nodes.entry(post_iri(base, path)) for path in {*edits, *meaning.posts}}
    for path, (one, two) in edits.items():
        entry = entries[path]
        if entry.node != post_node(entry.node.iri, one) or (entry.commit and path not in run.history.changed):
            raise MoreChanged
        if one.date != two.date and max(one.date, two.date) >= graph.dataset.newest:
            raise MoreChanged
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
            meant_by(
                [link for link in watched.unwritten if link.path in meaning.posts], meaning.resolution, run.config
            ),
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


def _nest(graph: KnowledgeGraph, watched: Watched, meaning: _Meaning, changes: dict[IRI, Entry | None]) -> Watched:
    """Put the entries of tags that are nested otherwise, and of those between them, into the changes."""
    renewed = meaning.resolution.renewed if meaning.resolution else None
    every = (*renewed.old, *renewed.new) if renewed else ()
    if not renewed or not any(
        nesting.may_be_nested(each) or not watched.nested.isdisjoint((each.iri, *each.former)) for each in every
    ):
        return watched
    base, nodes = graph.dataset.base, graph.nodes
    assert isinstance(nodes, SavedNodes)
    old = [tag for tag in _tags(nodes) if tag.iri not in watched.between]
    gone = {entity.iri for entity in renewed.old}
    new: list[Node | Entity] = [tag for tag in old if tag.iri not in gone]
    new = sorted([*new, *renewed.new], key=lambda tag: tag.iri)
    before, now = (nesting.nesting(tags, nesting.known_tags(tags), base, watched.stated) for tags in (old, new))
    for tag in set(before.between).difference(now.between):
        changes.setdefault(tag.iri, None)
    changes |= {tag.iri: Entry(tag) for tag in set(now.between).difference(before.between)}
    for iri in {*before.broader, *now.broader, *(entity.iri for entity in renewed.new)}:
        above = now.broader.get(iri, ())
        if iri in changes or above != before.broader.get(iri, ()):
            entry = changes[iri] if iri in changes else nodes.entry(iri)
            changes[iri] = entry and with_values(entry, node=nesting.below(entry.node, above))
    nested = frozenset(nesting.decisive((*new, *now.between), base, watched.stated))
    return with_values(watched, nested=nested, between=frozenset(tag.iri for tag in now.between))


def _tags(nodes: SavedNodes) -> list[Node]:
    """What nesting looks at in all tags and categories of a saved graph."""
    known = nodes.columns
    former: dict[int, list[IRI]] = {}
    for iri, number in known.former:
        former.setdefault(number, []).append(iri)
    also = dict(known.also)
    numbers = sorted({number for kind in nesting.NESTED for number in of_kind(known, kind)})
    return [
        Node(
            known.iris[number], known.kinds[number], known.names[number][0], (),
            former=tuple(former.get(number, ())), also=tuple(also.get(number, ())),
        )
        for number in numbers
    ]  # fmt: skip


def _diagnostics(
    run: Run,
    last: Manifest,
    read: ReadResult,
    pairs: Sequence[tuple[CacheEntry, CacheEntry]],
    places: Mapping[Place, Place],
    resolution: Resolution | None,
) -> tuple[Diagnostic, ...]:
    """All diagnostics.

    Raises:
        MoreChanged: one of the last build is of unknown origin.
    """
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
            raise MoreChanged
    return tuple(in_order(result))


def _uses(watched: Watched, pairs: Iterable[tuple[CacheEntry, CacheEntry]]) -> dict[Use, int]:
    """`Watched.uses` after the edits."""
    now = Counter(watched.uses)
    for old, new in pairs:
        assert old.post
        assert new.post
        now.subtract(habits.uses_of(old.post, watched.uses.keys()))
        now.update(habits.uses_of(new.post, watched.uses.keys()))
    return {use: now[use] for use in watched.uses}


def _habits(run: Run, last: Manifest, uses: Mapping[Use, int], found: Sequence[Diagnostic]) -> frozenset[Doubt]:
    """Which findings are habits.

    Raises:
        MoreChanged: it is not known how often posts have what decides.
    """
    candidates = habits.several(found, run.config.severity)
    if not habits.decisive(candidates) <= uses.keys():
        raise MoreChanged
    return habits.usual(candidates, uses, last.report.posts, run.folder.site.elsewhere())


def _reported(file: CacheEntry) -> Iterable[Diagnostic]:
    """What was reported about a file when it was read."""
    return (*file.diagnostics, *(file.post.diagnostics if file.post else ()))
