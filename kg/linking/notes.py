"""Notes about a thing: `[[Ada]]` in a field of names leads to the note on Ada, and `People/Ada.md` is about her.

The note says so by an edge, `schema:about`. All names that lead to one note are names of one thing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from kg.fields import plain_key
from kg.model import IRI, Link, Mention, Post
from kg.namespaces import DCTERMS
from kg.reading.authors import ABOUT
from kg.resolution.ledger import Decision
from kg.resolution.names import Key, key_of
from kg.text.filenames import SUFFIX

TYPE = IRI(DCTERMS + "type")
_SORTS = {
    "person": "person people persons contact contacts 人物",
    "organization": "organization organizations organisation organisations org orgs company companies 机构 组织 公司",
    "product": "product products tool tools 产品 工具",
    "work": "work works book books movie movies film films paper papers 作品 书籍 电影",
    "project": "project projects 项目",
    "series": "series 系列",
}
KIND_OF = {word: kind for kind, words in _SORTS.items() for word in words.split()}
"""Name of a folder, type, category or tag → the kind of thing that each of its notes is about."""
_HYPHENS = re.compile(r"[-_]+")


class Note(NamedTuple):
    """A note about a thing."""

    kind: str
    names: tuple[str, ...]
    """The names of the thing: first the title of the note, or else its most frequent name in links."""


class PostNames(NamedTuple):
    """The names of a post."""

    path: str
    names: tuple[str, ...]
    """Title, file name, aliases."""
    kind: str
    """The kind of thing that it is about, by its folder, type, category or tag; "" if they do not say."""


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


def own_names(posts: Iterable[Post]) -> Iterator[PostNames]:
    """The names of posts."""
    for post in posts:
        folder, _slash, file = SUFFIX.sub("", post.path).rpartition("/")
        names = dict.fromkeys((post.title, file, _HYPHENS.sub(" ", file), *post.aliases))
        words = [attribute.value for attribute in post.attributes if attribute.predicate == TYPE]
        words += (mention.name for mention in post.mentions if mention.kind in ("category", "tag"))
        words += reversed(folder.split("/"))
        yield PostNames(post.path, tuple(names), next(filter(None, map(_kind_called, words)), ""))


@lru_cache(maxsize=1 << 14)
def _kind_called(word: str) -> str:
    """The kind of thing that notes in a folder, or with a type, category or tag of this name, are about, or ""."""
    return KIND_OF.get(plain_key(word.strip("[]#")), "")


def named(posts: Iterable[Post]) -> set[Key]:
    """The names of some posts, folded."""
    return {key_of(*name) for name in {(mention.kind, mention.name) for post in posts for mention in post.mentions}}


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
