"""Link resolution: the post each link leads to, by the rules of the tool that would follow it.

Wikilinks (Obsidian, Foam, Quartz, Logseq) name a note by path, shortest unique path, alias or title. Markdown links
give a path, relative to the file or (with pretty URLs) to the page, or an address on the site: a permalink,
`/2024/05/slug/`, Zola's `@/path.md`. Shortcodes (`{{< ref "x" >}}`, `{% post_url x %}`) name a file.

A link that matches no post, or several, is reported and yields no edge: nothing is guessed. A link of a post to itself
is dropped.

After an edit, `Followed.after` follows those links again that may lead elsewhere.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from zlib import crc32

import msgspec

from kg.diagnostics import diagnose
from kg.linking.claims import contested
from kg.linking.doubled import Ambiguity, told_once
from kg.linking.index import DECLARED, Index, IndexKey, Tables, names_of_post, to_index
from kg.linking.journals import names_day
from kg.linking.targets import find
from kg.linking.unresolved import is_not_read, page_named, told
from kg.model import IRI, Diagnostic, Link, Post, Record, encode
from kg.reading.site import Site
from kg.text.folding import fold
from kg.text.wording import counted


class Unwritten(NamedTuple):
    """A link of a vault to a page that is not written."""

    path: str
    """Of the post that holds the link."""
    name: str
    line: int
    column: int
    field: str = ""
    """That holds the link; "" for the body."""
    predicate: IRI = IRI("")
    """The predicate of the link, as in `kg.model.Link`."""


class Links(NamedTuple):
    """The resolved links of posts."""

    edges: tuple[tuple[str, str, Link], ...]
    """(path of the post, path of its target, the link), in the order of posts and links."""
    unwritten: tuple[Unwritten, ...]
    """In the same order; empty except in vaults."""
    diagnostics: tuple[Diagnostic, ...]
    ambiguous: tuple[Ambiguity, ...] = ()
    """Which of several posts are meant, before they are among the diagnostics."""


class _OfPost(NamedTuple):
    """The links of one post."""

    links: Links
    asked: bytes
    """The CRC-32 of each name by which a post was looked for, four bytes each: it rests on who has these names."""


_NONE = _OfPost(Links((), (), ()), b"")
Edits = Mapping[str, tuple[Post | None, Post | None]]
"""Path → a post as it was and as it is; None where there was or is none."""


class Followed(Record, frozen=True):
    """The links of all posts of a site."""

    by_path: dict[str, _OfPost]
    """Those of each post that looks for others, in path order."""
    tables: msgspec.Raw
    """`Index.tables`."""

    @property
    def edges(self) -> tuple[tuple[str, str, Link], ...]:
        """As in `Links`, and so are the next two."""
        return tuple(chain.from_iterable(own.links.edges for own in self.by_path.values()))

    @property
    def unwritten(self) -> tuple[Unwritten, ...]:  # noqa: D102
        return tuple(chain.from_iterable(own.links.unwritten for own in self.by_path.values()))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:  # noqa: D102
        return tuple(chain(*(own.links.diagnostics for own in self.by_path.values()), self.told_together()))

    def told_together(self) -> tuple[Diagnostic, ...]:
        """See `together`."""
        return tuple(together((a for own in self.by_path.values() for a in own.links.ambiguous), self.unwritten))

    def of(self, path: str) -> Links:
        """The links of one post."""
        return self.by_path.get(path, _NONE).links

    def after(
        self, edits: Edits, site: Site, numbers: Mapping[str, int], post_at: Callable[[str], Post]
    ) -> tuple["Followed", set[str]]:
        """The links after some posts were edited, and the posts of which links were followed again.

        These are the edited posts, and those that asked for a name that an edited post has gained or lost, or still has
        while it says something else that decides between several.

        Args:
            edits: the edited posts.
            site: what is known about the site.
            numbers: path → place of each post that there is now, in path order.
            post_at: gives the post at a path.
        """
        keys = {path: [names_of_post(post, site) if post else set() for post in pair] for path, pair in edits.items()}
        names: set[str] = set()
        for path, (one, two) in edits.items():
            before, now = keys[path]
            names.update([name for _table, name in (before ^ now if _shown(one) == _shown(two) else before | now)])
        paths = {path for path, (one, two) in edits.items() if _asking(one) != _asking(two)}
        if signs := {*array("I", _signs(names))}:
            paths.update(path for path, own in self.by_path.items() if not signs.isdisjoint(array("I", own.asked)))
        tables, encoded = None, self.tables
        if any(before != now for before, now in keys.values()):
            tables = _decode(self.tables)
            _move(tables, keys, numbers)
            encoded = _encoded(tables)
        by_path = {path: own for path, own in self.by_path.items() if path not in paths}
        if paths:
            index = Index.of_tables(tables or _decode(self.tables), _PostsAt(numbers, post_at), site)
            gone = {path for path, (_one, two) in edits.items() if two is None}
            by_path |= _follow_each(map(post_at, paths - gone), index)
            by_path = {path: by_path[path] for path in sorted(by_path, key=numbers.__getitem__)}
        return Followed(by_path, encoded), paths


def resolve(posts: Sequence[Post], site: Site | None = None) -> Followed:
    """Resolve the links of all posts of a site.

    Reports links to no post (KG301, KG303) or to several (KG302), and names claimed by two posts (KG201).
    """
    index = Index(posts, site=site)
    return Followed(_follow_each(posts, index), _encoded(index.tables))


def _follow_each(posts: Iterable[Post], index: Index) -> dict[str, _OfPost]:
    """The links of each post that looks for others."""
    result = {}
    for post in posts:
        index.asked.clear()
        found = follow([post], index)
        if index.asked or found != _NONE.links:
            result[post.path] = _OfPost(found, _signs(index.asked))
    return result


def _signs(names: Iterable[str]) -> bytes:
    """`_OfPost.asked`."""
    return array("I", {crc32(name.encode("utf-8", "surrogatepass")) for name in names}).tobytes()


def _shown(post: Post | None) -> object:
    """All that decides between posts of one name, beside their paths."""
    seen = post and to_index(post)
    return seen and (
        seen.date,
        {(a.predicate, a.field, a.value) for a in seen.attributes},
        {m.name for m in seen.mentions},
    )


def _asking(post: Post | None) -> object:
    """All that decides what the links and the addresses of a post are taken for, beside other posts."""
    return post and (post.links, post.aliases, [a for a in post.attributes if a.predicate in DECLARED], _shown(post))


def _move(tables: Tables, keys: Mapping[str, Sequence[set[IndexKey]]], numbers: Mapping[str, int]) -> None:
    """Put posts below other keys: those they had, and those they have."""
    for path, (before, now) in keys.items():
        for table, name in before - now:
            tables[table][name].remove(path)
    for path, (before, now) in keys.items():
        for table, name in now - before:
            row = tables[table].setdefault(name, [])
            row.append(path)
            row.sort(key=numbers.__getitem__)


class _PostsAt(Mapping[str, Post]):
    """Posts, each of which is read when somebody looks at it."""

    def __init__(self, paths: Mapping[str, int], post_at: Callable[[str], Post]) -> None:
        self._paths = paths
        self._post_at = post_at

    def __getitem__(self, path: str) -> Post:
        return self._post_at(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def follow(posts: Iterable[Post], index: Index) -> Links:
    """`resolve` for a subset of posts, given an index of all posts they may link to, without what `together` tells."""
    edges: list[tuple[str, str, Link]] = []
    unwritten: list[Unwritten] = []
    diagnostics: list[Diagnostic] = []
    ambiguous: list[Ambiguity] = []
    for post in posts:
        ambiguous += contested(post, index)
        for link in post.links:
            found = find(index, link, post.path)
            if len(found) == 1:
                if found[0] != post.path:
                    edges.append((post.path, found[0], link))
            elif post.path in found and link.target in post.aliases:
                continue  # its own name
            elif not found and is_not_read(index, link):
                continue
            elif not found and index.is_vault and (name := page_named(index, link)):
                unwritten.append(Unwritten(post.path, name, link.line, link.column, link.field, link.predicate))
            else:
                said = told(index, link, post.path, found)
                if found:
                    ambiguous += (Ambiguity.among(each, found) for each in said)
                else:
                    diagnostics += said
    return Links(tuple(edges), tuple(unwritten), tuple(diagnostics), tuple(ambiguous))


def together(ambiguous: Iterable[Ambiguity], unwritten: Iterable[Unwritten]) -> Iterator[Diagnostic]:
    """What can be told only once all posts are known."""
    yield from told_once(ambiguous)
    yield from _wanted(unwritten)


def _wanted(unwritten: Iterable[Unwritten]) -> Iterator[Diagnostic]:
    """One note (KG304) for each page that is named but not written, where it is first named; none for days to come."""
    places: dict[str, list[Unwritten]] = {}
    for place in unwritten:
        places.setdefault(fold(place.name), []).append(place)
    for named in places.values():
        first, pages = named[0], counted(len({place.path for place in named}), "page")
        if names_day(first.name):
            continue
        message = f"'{first.name[:100]}' is named by {pages}, and not written"
        yield diagnose(first.path, first.line, first.column, "KG304", message)


def names_asked(post: Post, site: Site | None = None) -> set[IndexKey]:
    """The keys that resolving the links of a post may look up."""
    asked: set[IndexKey] = set()

    def lookup(table: str, name: str) -> list[str]:
        asked.add((table, name))
        return []

    follow([post], Index([], lookup, site))
    return asked


_decode = msgspec.msgpack.Decoder(Tables).decode


def _encoded(tables: Tables) -> msgspec.Raw:
    return msgspec.Raw(encode(tables))
