"""Notes about a thing: `[[Ada]]` in a field of names leads to the note on Ada, and `People/Ada.md` is about her.

The note says so by an edge, `schema:about`. All names that lead to one note are names of one thing.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from kg.linking.own_names import PostNames, own_names
from kg.model import Link, Mention, Post
from kg.reading.authors import ABOUT
from kg.resolution.ledger_lines import Decision
from kg.resolution.names import Key, key_of
from kg.text.folding import fold, fold_all


class Note(NamedTuple):
    """A note about a thing."""

    kind: str
    names: tuple[str, ...]
    """The names of the thing: first the title of the note, or else its most frequent name in links."""


Pointed = tuple[str, str, str]
"""(path of a note, kind, name): a name in a field that leads to the note."""


def pointed(posts: Iterable[Post], edges: Iterable[tuple[str, str, Link]]) -> list[Pointed]:
    """The names of posts that lead to notes."""
    by_path = {post.path: post for post in posts}
    found: list[Pointed] = []
    for path, target, link in edges:
        if link.style == "name":
            place = (link.field, link.line, link.column)
            named = (m for m in by_path[path].mentions if (m.field, m.line, m.column) == place)
            found += ((target, mention.kind, mention.name) for mention in named)
    return found


def named(posts: Iterable[Post], kinds: Container[str] | None = None) -> set[Key]:
    """The names of some posts, folded; only those of some kinds, where these are given."""
    names = {(m.kind, m.name) for post in posts for m in post.mentions if kinds is None or m.kind in kinds}
    folded = fold_all(name for _kind, name in names)
    return {(kind, folded[name] or name) for kind, name in names}


class Notes(NamedTuple):
    """All notes."""

    about: dict[str, Note]
    """Path → what the note there is about."""
    noted: frozenset[str]
    """The paths of the posts that names in fields lead to."""
    called: frozenset[str]
    """The names of the posts that may be notes, folded."""


def find(posts: Sequence[Post], edges: Iterable[tuple[str, str, Link]]) -> Notes:
    """The notes among all posts, given their links."""
    leads = pointed(posts, edges)
    noted = frozenset(path for path, _kind, _name in leads)
    owns = list(own_names(posts, noted))
    kinds = {own.kind for own in owns}.union(kind for _path, kind, _name in leads)
    about = notes(owns, leads, named(posts, kinds)) if owns else {}
    return Notes(about, noted, frozenset(fold(name) or name for own in owns for name in own.names))


def notes(owns: Iterable[PostNames], leads: Iterable[Pointed], mentioned: Iterable[Key]) -> dict[str, Note]:
    """Path of a note → the thing it is about.

    Args:
        owns: the names of all posts.
        leads: the names of all posts that lead to notes.
        mentioned: the names of all posts.
    """
    by_note: dict[str, Counter[str]] = defaultdict(Counter)
    called: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    claims: dict[Key, set[str]] = defaultdict(set)
    for path, kind, name in leads:
        by_note[path][kind] += 1
        called[path, kind][name] += 1
        claims[key_of(kind, name)].add(path)
    known = set(mentioned)
    by_name: dict[Key, set[str]] = defaultdict(set)
    found: dict[str, tuple[str, dict[Key, str]]] = {}
    for own in owns:
        counts = by_note.get(own.path)
        kind = min(counts, key=lambda kind: (-counts[kind], kind)) if counts else own.kind
        if not kind:
            continue
        own_keys = {key_of(kind, name): name for name in reversed(own.names) if key_of(kind, name) in known}
        used = called[own.path, kind]
        keys = {key_of(kind, name): name for name in sorted(used, key=lambda name: (-used[name], name))}
        found[own.path] = kind, dict(reversed(own_keys.items())) | keys
        for key in found[own.path][1]:
            by_name[key].add(own.path)
    result = {}
    for path, (kind, names) in found.items():
        # A name that leads to one note belongs to it; one that two notes share belongs to neither.
        kept = [name for key, name in names.items() if (claims.get(key) or by_name[key]) == {path}]
        if kept:
            result[path] = Note(kind, tuple(kept))
    return result


def say(posts: Sequence[Post], about: Mapping[str, Note]) -> tuple[Post, ...]:
    """The posts, of which notes also mention what they are about."""
    if not about:
        return tuple(posts)
    return tuple(_say(post, about[post.path]) if post.path in about else post for post in posts)


def _say(post: Post, note: Note) -> Post:
    mentioned = {key_of(m.kind, m.name) for m in post.mentions if m.predicate == ABOUT}
    more = [Mention(n, note.kind, ABOUT, "title", 1, 1) for n in note.names if key_of(note.kind, n) not in mentioned]
    return msgspec.structs.replace(post, mentions=(*post.mentions, *more)) if more else post


def same(about: Mapping[str, Note]) -> tuple[Decision, ...]:
    """Decisions that all names of a note are names of one thing."""
    return tuple(
        Decision("same", note.kind, note.names, posts=(path,)) for path, note in about.items() if len(note.names) > 1
    )
