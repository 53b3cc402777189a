"""Link resolution: the post each link leads to, by the rules of the tool that would follow it.

Wikilinks (Obsidian, Foam, Quartz, Logseq) name a note by path, shortest unique path, alias or title. Markdown links
give a path, relative to the file or (with pretty URLs) to the page, or an address on the site: a permalink,
`/2024/05/slug/`, Zola's `@/path.md`. Shortcodes (`{{< ref "x" >}}`, `{% post_url x %}`) name a file.

A link that matches no post, or several, is reported and yields no edge: nothing is guessed. A link of a post to itself
is dropped.
"""

from __future__ import annotations

import re
from itertools import islice
from posixpath import dirname
from typing import TYPE_CHECKING, NamedTuple

from kg.diagnostics import diagnose
from kg.iris import POST_SUFFIXES
from kg.linking.addresses import (
    SUFFIX,
    address_of,
    end_key,
    end_keys,
    ends,
    ends_of,
    hyphenated,
    is_no_index,
    is_undated,
    joined,
    name_key,
    names_of,
    unnumbered,
    unquoted,
)
from kg.linking.namesakes import CROWD, Namesakes
from kg.namespaces import KG
from kg.text.dates import date_in_name, parse_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.model import Diagnostic, Link, Post

_DECLARED = (KG + "alias", KG + "slug", KG + "permalink")
_FALSE_FRIEND = re.compile(
    r".*\s#\d+|[\w.-]+:\d+|GH-\d+"  # [[Feature #123]], [[ruby-core:123]]
    r"|[\d\s.,:;+*/=<>()-]+"  # matrices
    r"|[\"'$!~&|%].*|-\w.*"  # R, Python, shell
    r"|.*(?:==|\{\{|<%|::).*",
    re.DOTALL,
)
_TO_FILE = re.compile(r"\A[{|]filename[}|]")
"""Pelican: a file relative to CONTENT or to the post (https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content)."""
_FIND_BY_NAME = frozenset({"wikilink", "embed", "property", "name", "shortcode", "block"})


class Links(NamedTuple):
    """The resolved links of posts."""

    edges: tuple[tuple[str, str, int], ...]
    """(path of the post, path of its target, line), in the order of posts and links."""
    diagnostics: tuple[Diagnostic, ...]


def resolve(posts: Sequence[Post]) -> Links:
    """Resolve the links of all posts.

    Reports links to no post (KG301, KG303) or to several (KG302), and names claimed by two posts (KG201).
    """
    return follow(posts, Index(posts))


def follow(posts: Iterable[Post], index: Index) -> Links:
    """`resolve` for a subset of posts, given an index of all posts they may link to."""
    edges: list[tuple[str, str, int]] = []
    diagnostics: list[Diagnostic] = []
    for post in posts:
        diagnostics += _contested_names(post, index)
        for link in post.links:
            found = index.find(link, post.path)
            if len(found) == 1:
                if found[0] != post.path:
                    edges.append((post.path, found[0], link.line))
            else:
                diagnostics += _unresolved(post.path, link, found)
    return Links(tuple(edges), tuple(diagnostics))


IndexKey = tuple[str, str]
"""(name of a table of `Index`, key in it)."""


def names_of_post(post: Post) -> set[IndexKey]:
    """The keys under which an index holds a post."""
    return {(table, name) for table, names in Index([post]).tables.items() for name in names}


def names_asked(post: Post) -> set[IndexKey]:
    """The keys that resolving the links of a post may look up."""
    asked: set[IndexKey] = set()

    def lookup(table: str, name: str) -> list[str]:
        asked.add((table, name))
        return []

    follow([post], Index([], lookup))
    return asked


def _unresolved(path: str, link: Link, found: list[str]) -> Iterable[Diagnostic]:
    target = link.target[:100]
    if found:
        names = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
        yield diagnose(path, link.line, link.column, "KG302", f"'{target}' could be {names}; write more of the path")
    elif link.style not in _FIND_BY_NAME and not _names_file(link.target):
        if re.search(r"[/.]", link.target) and link.target.strip("/."):
            yield diagnose(path, link.line, link.column, "KG303", f"no post answers to the address '{target}'")
    elif link.style != "name" and not _FALSE_FRIEND.fullmatch(link.target):
        yield diagnose(path, link.line, link.column, "KG301", f"'{target}' leads to no post")


def _names_file(target: str) -> bool:
    return re.split(r"[?#]", target, maxsplit=1)[0].lower().endswith(POST_SUFFIXES)


class Index:
    """All posts by every name a link may use."""

    def __init__(self, posts: Iterable[Post], lookup: Callable[[str, str], list[str]] | None = None) -> None:
        """Index the posts.

        Args:
            posts: in path order.
            lookup: (table, name) → paths of posts, in the place of the tables of this index.
        """
        self.tables: dict[str, dict[str, list[str]]] = {
            "exact": {},
            "full": {},  # by path without suffix
            "tails": {},  # by each path suffix, as `end_key`: `c`, `b/c`, `a/b/c`
            "declared": {},  # by alias, slug and permalink
            "titles": {},
            "spaced": {},  # by title and file name, with spaces, hyphens and underscores equated
            "days": {},  # journal pages, whose file name is just a date, by date
            "unnumbered": {},  # by path without number prefixes: `/a/b/c`, and its suffixes `a/b/c`, `b/c`
        }
        self._posts: dict[str, Post] = {}
        self._namesakes: dict[str, Namesakes] = {}
        for post in posts:
            self._add(post)
        self.lookup = lookup or self._lookup

    def _lookup(self, table: str, name: str) -> list[str]:
        return self.tables[table].get(name, [])

    def _add(self, post: Post) -> None:
        path = post.path
        self._posts[path] = post
        names = list(map(name_key, names_of(path)))
        title = name_key(post.title)
        keys = {
            "exact": [path],
            "full": names,
            "tails": [key for name in names for key in end_keys(name)],
            "declared": [alias for each in post.aliases if (alias := address_of(name_key(each)))],
            "titles": [title],
            "spaced": [hyphenated(name) for name in (*(name.rpartition("/")[2] for name in names), title)],
        }
        if (plain := unnumbered(path)) != path:
            keys["unnumbered"] = [
                key
                for name in dict.fromkeys(map(name_key, names_of(plain)))
                for key in islice(end_keys(f"/{name}"), 1, None)  # a single segment is too ambiguous
            ]
        stem = SUFFIX.sub("", path).rpartition("/")[2]
        if len(stem) == 10 and (day := date_in_name(stem)):
            keys["days"] = [day]
        for table, found in keys.items():
            rows = self.tables[table]
            for key in dict.fromkeys(found):
                rows.setdefault(key, []).append(path)

    def find(self, link: Link, source: str) -> list[str]:
        """The paths of the posts that a link may lead to."""
        if link.style in _FIND_BY_NAME:
            whole = link.target.strip()
            before = whole.partition("#")[0].strip()
            # `[[C#]]` may be a note of that name, but usually `#` begins a heading.
            found = self._by_name(whole, source) if before != whole else []
            return found or (self._by_name(before, source) if before else [source])
        target = re.split(r"[?#]", link.target, maxsplit=1)[0]
        return self._by_address(unquoted(target), source)

    def _by_name(self, name: str, source: str) -> list[str]:
        if name.startswith(("./", "../")):
            return self._at(joined(dirname(source), name))
        if name.startswith("/"):
            place = name.strip("/")
            # In Hugo, such a path may be relative to the folder of the language.
            return self._at(place) or self._at(joined(source.partition("/")[0], place))
        folder = dirname(source)
        key = name_key(SUFFIX.sub("", name)).strip("/")
        return (
            self._at(name)
            or self._at(joined(folder, name))
            or self._nearest(self.lookup("tails", end_key(key)), name, folder)
            or self.lookup("tails", end_key(key.replace("/", "___")))  # Logseq's namespaces in file names
            or self.lookup("declared", address_of(name_key(name)))
            or self.lookup("titles", name_key(name))
            or self.lookup("spaced", hyphenated(key))
            or self._on_day(name)
        )

    def _on_day(self, name: str) -> list[str]:
        """The journal page of a day: Logseq writes `[[May 1st, 2024]]` for `2024_05_01.md`."""
        if not any(c.isdecimal() for c in name):
            return []
        try:
            day = parse_date(name)
        except ValueError:
            return []
        return self.lookup("days", day.value) if not day.doubt else []

    def _by_address(self, target: str, source: str) -> list[str]:
        target = _TO_FILE.sub("", target).replace("\\", "/").strip()
        if target.startswith("@/"):
            return self._at(target[2:])
        target = target.removeprefix("@site")  # Docusaurus: relative to the site
        folder = dirname(source)
        places: list[str | None]
        if target.startswith("/"):
            places = [target.strip("/")]
        else:
            places = [joined(place, target) for place in _own_places(source)]
        for place in places:
            found = self._at(place) if place is not None else []
            found = found or self.lookup("declared", address_of(name_key(place or "\0")))
            if found:
                return found
        found = self.lookup("declared", address_of(name_key(target))) or self._below_prefix(target, folder)
        if found:
            return found
        if _names_file(target):
            name = target.strip("./")
            found = self._nearest(self.lookup("tails", end_key(name_key(SUFFIX.sub("", name)))), name, folder)
            if found or not target.startswith("/"):
                return found
            # `/content/blog/x.md` is relative to the repository, of which CONTENT is a part.
            return next(filter(None, map(self._at, ends_of(name))), [])
        found = self._without_numbers(target, source)
        if len(found) == 1 or not target.startswith("/") or not places[0]:
            return found
        return self._on_site(places[0]) or found

    def _without_numbers(self, target: str, source: str) -> list[str]:
        """Posts whose path without number prefixes matches: `/docs/api/image` for `02-api/03-image.mdx`.

        The address must match the whole path or a suffix of two segments or more; its first segment may be a prefix of
        the site instead of a folder.
        """
        if target.startswith("/"):
            whole = address_of(name_key(target))
            inner = whole.partition("/")[2]
            names = ["/" + whole, whole, "/" + inner, inner]
        else:
            places = [joined(place, target) for place in _own_places(unnumbered(source))]
            names = ["/" + address_of(name_key(place)) for place in places if place]
        return next((found for name in names if (found := self.lookup("unnumbered", end_key(name)))), [])

    def _below_prefix(self, target: str, folder: str) -> list[str]:
        """Posts whose permalink is a suffix: `/en-US/docs/Web/API/Fetch` for the slug `Web/API/Fetch`."""
        for rest in ends_of(address_of(name_key(target)) if target.startswith("/") else ""):
            found = self._nearest(self.lookup("declared", rest), rest, folder)
            if found:
                return found
        return []

    def _at(self, place: str | None) -> list[str]:
        """The post at a path relative to CONTENT, with or without suffix; an exact match wins over other case."""
        if place is None:
            return []
        if exact := self.lookup("exact", place):
            return exact
        found = self.lookup("full", name_key(SUFFIX.sub("", place).strip("/")))
        return self._nearest(found, place, dirname(place))

    def _nearest(self, found: list[str], name: str, folder: str) -> list[str]:
        """Of several posts, the one spelled exactly like `name`, or the one in the same folder."""
        if not 1 < len(found) <= CROWD:
            return found
        bare = SUFFIX.sub("", name)
        spelled = [path for path in found if bare in (path, *names_of(path)) or ends(path, bare)] or found
        near = [path for path in spelled if dirname(path) == folder]
        if len(near) == 1:
            return near
        left = near or spelled
        for better in (is_undated, is_no_index):  # `projects.md` wins over `projects/index.md`, as in Foam
            chosen = [path for path in left if better(path)]
            if len(chosen) == 1:
                return chosen
        return left

    def _on_site(self, address: str) -> list[str]:
        """Posts that match an address such as `2024/05/slug.html` or `blog/slug`.

        The last segment must be the post's name or slug; numbers must be its year, month and day; all other segments
        but one must be its folders or categories.
        """
        *parts, last = name_key(SUFFIX.sub("", address)).strip("/").split("/")
        numbers = [int(part[:9]) for part in parts if part.isdecimal()]  # no date has more digits
        words = [part for part in parts if not part.isdecimal()]
        if last not in self._namesakes:
            paths = dict.fromkeys([*self.lookup("tails", last), *self.lookup("declared", last)])
            self._namesakes[last] = Namesakes(self._posts[path] for path in paths)
        return self._namesakes[last].of(numbers, words)


def _own_places(path: str) -> tuple[str, str]:
    """The bases an address in a post may be relative to: its folder, and its page."""
    folder = dirname(path)
    return folder, SUFFIX.sub("", path) if is_no_index(path) else folder


def _contested_names(post: Post, index: Index) -> Iterable[Diagnostic]:
    """Report slugs, permalinks and aliases of a post that another post claims, too, or has as its title."""
    for attribute in post.attributes:
        if attribute.predicate not in _DECLARED or "{{" in attribute.value:
            continue  # the result of a template is unknown
        key = address_of(name_key(attribute.value))
        claimed = index.lookup("declared", key)[:CROWD]
        if attribute.predicate == KG + "alias":
            claimed += index.lookup("titles", key)[:CROWD]
        others = list(dict.fromkeys(path for path in claimed if path != post.path))
        if others:
            names = ", ".join(others[:3])
            message = f"{attribute.field}: '{attribute.value[:60]}' is also claimed by {names}; they are kept apart"
            yield diagnose(post.path, attribute.line, attribute.column, "KG201", message)
