"""The short way from one build to the next, for edits of a few posts: only what they touch is worked out again.

    edited posts ─names─▶ changed entities ─▶ posts that name them ─▶ entries of the saved graph
                 ─links─▶ posts that link to them, or asked for them ─▶
                 ─terms─▶ concepts that are otherwise ─▶ posts that define or use them ─▶

An edited post may be new, or no more. What is not touched stays encoded: no other post is decoded, no other link is
followed again, and of the saved graph only the chunks are replaced that hold a post or an entity that has changed. The
result is that of a first build, byte for byte, because an edit goes the whole way (`kg.pipeline.build`) unless it
leaves alone what others depend on, as `kg.pipeline.watched` tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as with_values

from kg.diagnostics import habits, in_order, weigh
from kg.glossary import Concepts
from kg.graph import nesting
from kg.graph.build import begin_graph, entity_node, meant_by, page_iri, pages_of, post_node
from kg.graph.chunks import DefinedHere, Entry, defined_by
from kg.graph.saved import SavedNodes, edited, of_kind
from kg.iris import post_iri
from kg.linking import notes
from kg.model import IRI, Entity, Node
from kg.pipeline import manifest, meanings, saved_graph
from kg.pipeline.watched import EditedPost, MoreChanged, Watched, keeps_others
from kg.reading.folder import ReadResult
from kg.resolution import ledger
from kg.resolution.names import key_of
from kg.resolution.saved import shown_by
from kg.state import Miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.diagnostics.habits import Doubt, Use
    from kg.glossary.redrafting import Redrafted
    from kg.graph.model import KnowledgeGraph
    from kg.linking.links import Followed
    from kg.model import Diagnostic, Post
    from kg.pipeline.manifest import Manifest
    from kg.pipeline.run import Run
    from kg.reading.cache import CacheEntry
    from kg.resolution import Renewed, Resolution


class Retouching(NamedTuple):
    """The graph of a build after an edit."""

    graph: KnowledgeGraph
    """Most of it is still encoded; it has no map."""
    watched: Watched
    posts: int
    """The number of posts in it."""
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
        files = _edited(run, last, read)
        found = saved_graph.load_encoded(run.state, last.mark, Watched)
        if isinstance(found, Miss):
            return None
        graph, watched = found
        posts = _MeantPosts(read, watched, drafts=run.config.drafts)
        edits = _edits(files, posts, watched)
        relinked = _relinked(run, posts, edits, watched)
        meaning = _meaning(run, relinked, edits, posts)
        graph = _dated(graph, edits)
        changes = _changes(run, graph, relinked, edits, meaning)
        watched = _nest(graph, relinked.watched, meaning, changes)
        diagnostics = _diagnostics(run, last, files, relinked, meaning.resolution)
        uses = _uses(watched, edits)
        number = last.report.posts + sum((two is not None) - (one is not None) for one, two in edits.values())
        usual = _habits(run, number, uses, diagnostics)
    except MoreChanged:
        return None
    watched = with_values(watched, names=meaning.names, terms=meaning.terms, uses=uses)
    return Retouching(edited(graph, changes), watched, number, diagnostics, usual, (graph, changes, meaning))


_Files = dict[str, tuple["CacheEntry | None", "CacheEntry | None"]]
"""Path → an edited file as it was in the last build and as it is; None where there was or is none."""


def _edited(run: Run, last: Manifest, read: ReadResult) -> _Files:
    """The edited files.

    Raises:
        MoreChanged: what was read before may not be what the last build was made from.
    """
    before = {entry.path: entry for entry in read.before}
    found: _Files = {}
    for new in read.entries:
        old = before.pop(new.path, None)
        if old is not new and (old is None or old.fingerprint != new.fingerprint):
            found[new.path] = old, new
    found |= {path: (old, None) for path, old in before.items()}
    changed = run.history.changed
    known = ReadResult(read.folder, read.before)
    if not found or not any(
        last.fingerprint == manifest.fingerprint(known, paths)
        for paths in (changed, [path for path in changed if path not in found])
    ):
        raise MoreChanged
    return found


class _MeantPosts:
    """All posts of the graph with the names that are meant, and notes with what they are about."""

    def __init__(self, read: ReadResult, watched: Watched, *, drafts: bool) -> None:
        self._entries = {entry.path: entry for entry in read.entries}
        self._watched = watched
        self._drafts = drafts
        self.numbers = {path: number for number, path in enumerate(self._entries)}
        """The place of each file."""

    def meant(self, post: Post | None) -> Post | None:
        """A post as it was read → as it is meant; None if it is not in the graph."""
        if post is None or (post.draft and not self._drafts):
            return None
        return notes.say(self._watched.people.rewritten([post]), self._watched.notes.about)[0]

    def several(self, paths: Sequence[str]) -> Sequence[Post]:
        """Some of them, in order."""
        found = [post for path in paths if (post := self._entries[path].post)]
        return notes.say(self._watched.people.rewritten(found), self._watched.notes.about)

    def __getitem__(self, path: str) -> Post:
        return self.several([path])[0]


def _edits(files: _Files, posts: _MeantPosts, watched: Watched) -> dict[str, EditedPost]:
    """The edits.

    Raises:
        MoreChanged: others show one, beside its links and its names.
    """
    edits: dict[str, EditedPost] = {}
    wanted = watched.wanted()
    for path, entries in files.items():
        one, two = (entry.post if entry else None for entry in entries)
        edit = EditedPost(posts.meant(one), posts.meant(two))
        if not watched.people.stands(one, two) or not keeps_others(path, edit, watched, wanted):
            raise MoreChanged
        if edit.before or edit.now:
            edits[path] = edit
    return edits


class _Relinked(NamedTuple):
    """Links after the edit."""

    watched: Watched
    before: Followed
    paths: set[str]
    """The posts of which links were followed again."""
    posts: dict[str, Post]
    """Path → those that lead elsewhere, or say it elsewhere."""


def _relinked(run: Run, posts: _MeantPosts, edits: Mapping[str, EditedPost], watched: Watched) -> _Relinked:
    """Where links lead.

    Raises:
        MoreChanged: names in fields lead to other notes.
    """
    before = watched.followed
    now, paths = before.after(edits, run.folder.site, posts.numbers, posts.__getitem__)
    one, two = _both(edits)
    there = paths - (one.keys() - two.keys())
    moved = {path: posts[path] for path in there if before.of(path)[:2] != now.of(path)[:2]}
    others = {path: post for path, post in moved.items() if path not in edits}
    if _pointed([*one.values(), *others.values()], before) != _pointed([*two.values(), *others.values()], now):
        raise MoreChanged
    return _Relinked(with_values(watched, followed=now), before, paths, moved)


def _both(edits: Mapping[str, EditedPost]) -> tuple[dict[str, Post], dict[str, Post]]:
    """The edited posts that there were, as they were; and those that there are, as they are."""
    one = {path: edit.before for path, edit in edits.items() if edit.before}
    return one, {path: edit.now for path, edit in edits.items() if edit.now}


def _pointed(every: Iterable[Post], followed: Followed) -> list[notes.Pointed]:
    """The names of posts that lead to notes."""
    return sorted(notes.pointed(every, [edge for post in every for edge in followed.of(post.path).edges]))


class _Meaning(NamedTuple):
    """What names mean after the edit."""

    names: bytes
    terms: bytes
    """See `Watched`."""
    posts: dict[str, Post]
    """Path → each post of which the edges have to be made again."""
    resolution: Resolution | None = None
    """None if the names stand where they stood."""
    uses: tuple[tuple[str, IRI, int], ...] = ()
    """As in `kg.glossary.drafting.Draft`."""
    redrafted: Redrafted | None = None
    """What terms mean otherwise."""
    held: object = None
    """As in `kg.pipeline.build.Retouched`."""


def _meaning(run: Run, relinked: _Relinked, edits: Mapping[str, EditedPost], posts: _MeantPosts) -> _Meaning:
    """What names mean.

    Raises:
        MoreChanged: it is not known what they meant.
    """
    watched = relinked.watched
    one, two = _both(edits)
    if not relinked.posts and shown_by(one.values()) == shown_by(two.values()):
        return _Meaning(watched.names, watched.terms, {})
    decisions = replace(ledger.read(run.ledger), notes=notes.same(watched.notes.about))
    keys = with_values(run.keys, terms=watched.terms)
    found = meanings.edited(run.state, keys, run.config, decisions, watched.names, one, two, posts, run.jobs)
    if found is None:
        raise MoreChanged
    terms = found.redrafted.paths.difference(one) if found.redrafted else set()
    paths = sorted({*two, *relinked.posts, *found.moved, *terms})
    again = {path: two.get(path) or relinked.posts.get(path) or posts[path] for path in paths}
    return _Meaning(found.names, found.terms, again, found.resolution, found.uses, found.redrafted, found)


def _dated(graph: KnowledgeGraph, edits: Mapping[str, EditedPost]) -> KnowledgeGraph:
    """The same graph with the date of the post that is the newest now.

    Raises:
        MoreChanged: that may be another post.
    """
    newest = graph.dataset.newest
    before, now = (max((post.date for post in both.values()), default="") for both in _both(edits))
    if now < before == newest:
        raise MoreChanged
    return replace(graph, dataset=replace(graph.dataset, newest=max(newest, now))) if now > newest else graph


def _changes(
    run: Run, graph: KnowledgeGraph, relinked: _Relinked, edits: Mapping[str, EditedPost], meaning: _Meaning
) -> dict[IRI, Entry | None]:
    """The entries that change; None for nodes that are no more.

    Raises:
        MoreChanged: an unwritten page or a note may be about something else, or a commit is at stake.
    """
    base, watched = graph.dataset.base, relinked.watched
    nodes = graph.nodes
    assert isinstance(nodes, SavedNodes)
    changes = _entities(nodes, watched, meaning.resolution.renewed) if meaning.resolution else {}
    entries: dict[str, Entry] = {}
    for path in {*edits, *meaning.posts}:
        one, two = edits.get(path) or (meaning.posts[path],) * 2
        if two:
            entries[path] = _entry(run, nodes, one, two, is_edited=path in edits)
        else:
            changes[post_iri(base, path)] = None
    if meaning.redrafted:
        _define(nodes, base, meaning.redrafted, entries, changes)
    else:
        for path, (one, two) in edits.items():
            if one and two:
                entries[path] = _with_places(nodes, entries[path], one, two, changes)
    if meaning.resolution:
        unwritten = {path: watched.followed.of(path).unwritten for path in meaning.posts}
        begun = begin_graph(list(meaning.posts.values()), meaning.resolution, run.config)
        begun.connect_all(
            meaning.resolution,
            base,
            chain.from_iterable(watched.followed.of(path).edges for path in meaning.posts),
            watched.notes.about,
            meant_by(chain.from_iterable(unwritten.values()), meaning.resolution, run.config),
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
        changes |= _pages(run, nodes, relinked, meaning.resolution)
    return changes | {entry.node.iri: entry for entry in entries.values()}


def _entities(nodes: SavedNodes, watched: Watched, renewed: Renewed | None) -> dict[IRI, Entry | None]:
    """The entries of entities that change.

    Raises:
        MoreChanged: an unwritten page or a note may be about something else.
    """
    if not renewed:
        return {}
    wanted = watched.wanted()
    moving = {entity.iri for entity in renewed.old} ^ {entity.iri for entity in renewed.new}
    noted = {key_of("", name)[1] for note in watched.notes.about.values() for name in note.names} if moving else set()
    for entity in (*renewed.old, *renewed.new):
        names = {key_of("", text.value)[1] for text in (*entity.labels, *entity.aliases)}
        if not wanted.isdisjoint(names) or (entity.iri in moving and not noted.isdisjoint(names)):
            raise MoreChanged
    changes: dict[IRI, Entry | None] = {entity.iri: None for entity in renewed.old}
    for entity in renewed.new:
        defined = nodes[entity.iri].definitions if entity.iri in nodes else ()
        changes[entity.iri] = Entry(entity_node(with_values(entity, definitions=defined)))
    return changes


def _entry(run: Run, nodes: SavedNodes, one: Post | None, two: Post, *, is_edited: bool) -> Entry:
    """The entry of a post as it is now, with the edges and definitions that it had.

    Raises:
        MoreChanged: the post was not in the graph as it was, or a commit is at stake.
    """
    iri = post_iri(IRI(run.config.base), two.path)
    if one is None:
        return Entry(post_node(iri, two), commit=run.history.commits.get(two.path))
    entry = nodes.entry(iri)
    if entry.node != post_node(iri, one) or (is_edited and entry.commit and two.path not in run.history.changed):
        raise MoreChanged
    return Entry(post_node(iri, two), entry.edges, entry.definitions, None if is_edited else entry.commit)


def _with_places(nodes: SavedNodes, entry: Entry, one: Post, two: Post, changes: dict[IRI, Entry | None]) -> Entry:
    """The entry of an edited post that defines what it did, with the present places; those of concepts are changes."""
    moved = dict(zip(one.definitions, two.definitions, strict=True))
    here = tuple([each._replace(definition=moved[each.definition]) for each in entry.definitions])
    for concept in {old.concept for old, new in zip(entry.definitions, here, strict=True) if old != new}:
        node = (changes.get(concept) or nodes.entry(concept)).node
        defined = tuple([(at, moved[each] if at == two.path else each) for at, each in node.definitions])
        changes[concept] = Entry(with_values(node, definitions=defined))
    return with_values(entry, definitions=here)


def _define(
    nodes: SavedNodes, base: IRI, terms: Redrafted, entries: dict[str, Entry], changes: dict[IRI, Entry | None]
) -> None:
    """Put what terms mean otherwise into the entries of posts, and nodes with other definitions into the changes."""
    posts = {entry.node.iri: entry.node for entry in entries.values()}
    here: dict[str, list[DefinedHere]] = {}
    for iri in sorted(terms.defined):
        concept, definitions = terms.defined[iri] or (None, ())
        entry = changes[iri] if iri in changes else nodes.entry(iri) if iri in nodes else None
        if concept:
            node = entity_node(with_values(concept, definitions=definitions))
        elif entry and (definitions or entry.node.kind != "concept"):
            node = with_values(entry.node, definitions=definitions)
        else:
            changes |= {iri: None} if iri in nodes else {}
            continue
        changes[iri] = Entry(node)
        for path, each in defined_by(node, base, lambda post: posts.get(post) or nodes.get(post)):
            here.setdefault(path, []).append(each)
    for path, entry in entries.items():
        kept = [each for each in entry.definitions if each.concept not in terms.defined]
        every = sorted([*kept, *here.get(path, ())], key=attrgetter("concept"))
        entries[path] = with_values(entry, definitions=tuple(every))


def _pages(run: Run, nodes: SavedNodes, relinked: _Relinked, resolution: Resolution) -> dict[IRI, Entry | None]:
    """The entries of unwritten pages that other links ask for now, or none any more."""
    base = IRI(run.config.base)
    now = relinked.watched.followed
    before, after = (
        Counter(link.name for path in relinked.paths for link in followed.of(path).unwritten)
        for followed in (relinked.before, now)
    )
    iris = {page_iri(base, name) for name in before.keys() | after.keys() if before[name] != after[name]}
    if not iris:
        return {}
    every = now.unwritten
    names = {name for name in {link.name for link in every} if page_iri(base, name) in iris}
    pages = pages_of(base, meant_by([link for link in every if link.name in names], resolution, run.config))
    return {iri: None for iri in iris if iri in nodes} | {page.iri: Entry(page) for page in pages}


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
    run: Run, last: Manifest, files: _Files, relinked: _Relinked, resolution: Resolution | None
) -> tuple[Diagnostic, ...]:
    """All diagnostics: those of the last build, but for what was told of edited files, of links and of the ledger."""
    severity = run.config.severity
    before, now = (
        [*chain.from_iterable(_reported(pair[number]) for pair in files.values()), *_of_links(relinked, number)]
        for number in range(2)
    )
    replaced = Counter(weigh(before, severity))
    result: list[Diagnostic] = []
    for each in last.report.diagnostics:
        if replaced[each]:
            replaced[each] -= 1
        elif not (resolution and each.code == "KG203" and each.path == run.config.resolution.ledger):
            result.append(each)
    result += weigh([*now, *(resolution.diagnostics if resolution else ())], severity)
    return tuple(in_order(result))


def _of_links(relinked: _Relinked, number: int) -> Iterator[Diagnostic]:
    """What is told of the links that were followed again: before (0) and now (1)."""
    both = relinked.before, relinked.watched.followed
    found = [[followed.of(path) for path in relinked.paths] for followed in both]
    for links in found[number]:
        yield from links.diagnostics
    if any(one.unwritten != two.unwritten or one.ambiguous != two.ambiguous for one, two in zip(*found, strict=True)):
        yield from both[number].told_together()


def _uses(watched: Watched, edits: Mapping[str, EditedPost]) -> dict[Use, int]:
    """`Watched.uses` after the edits."""
    now = Counter(watched.uses)
    for one, two in edits.values():
        now.subtract(habits.uses_of(one, watched.uses.keys()) if one else ())
        now.update(habits.uses_of(two, watched.uses.keys()) if two else ())
    return {use: now[use] for use in watched.uses}


def _habits(run: Run, posts: int, uses: Mapping[Use, int], found: Sequence[Diagnostic]) -> frozenset[Doubt]:
    """Which findings are habits, given the number of posts.

    Raises:
        MoreChanged: it is not known how often posts have what decides.
    """
    candidates = habits.several(found, run.config.severity)
    if not habits.decisive(candidates) <= uses.keys():
        raise MoreChanged
    return habits.usual(candidates, uses, posts, run.folder.site.elsewhere())


def _reported(file: CacheEntry | None) -> Iterable[Diagnostic]:
    """What was reported about a file when it was read."""
    return (*file.diagnostics, *(file.post.diagnostics if file.post else ())) if file else ()
