"""Links between posts: what each link written in a post leads to, by the rules of the tool that would follow it.

Wikilinks (Obsidian, Foam, Quartz, Logseq) name a note by path, by the shortest path that is unique, by alias or by
title. Markdown links give a path, relative to the file or (with pretty addresses) to the page, or an address on the
site: a permalink, `/2024/05/slug/`, Zola's `@/path.md`. Shortcodes (`{{< ref "x" >}}`, `{% post_url x %}`) name a file.

A link that fits no post is reported and not drawn, and so is one that fits several: nothing is guessed. A post that
links to itself says nothing, and its link is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from posixpath import dirname
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.diagnostics import diagnose
from kg.iris import POST_SUFFIXES
from kg.linking.addresses import (
    SUFFIX,
    address_of,
    end_key,
    end_keys,
    ends,
    ends_of,
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
from kg.reading.dates import date_in_name, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import Diagnostic, Link, Post

_SPACES = re.compile(r"[\s_-]+")
_DECLARED = (KG + "alias", KG + "slug", KG + "permalink")
_FALSE_FRIEND = re.compile(
    r".*\s#\d+|[\w.-]+:\d+|GH-\d+"  # [[Feature #123]], [[ruby-core:123]]
    r"|[\d\s.,:;+*/=<>()-]+"  # matrices
    r"|[\"'$!~&|%].*|-\w.*"  # R, Python, shell
    r"|.*(?:==|\{\{|<%|::).*",
    re.DOTALL,
)
_TO_FILE = re.compile(r"\A[{|]filename[}|]")
"""Pelican: a file from CONTENT, or from here (https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content)."""
_FIND_BY_NAME = frozenset({"wikilink", "embed", "property", "name", "shortcode", "block"})


_TABLES = ("_exact", "_full", "_tails", "declared", "titles", "_spaced", "_days", "_unnumbered")


class Links(NamedTuple):
    """What the links of all posts come to."""

    edges: tuple[tuple[str, str, int], ...]
    """(path of the post, path of the post it links to, line), in the order of posts and links."""
    diagnostics: tuple[Diagnostic, ...]


def resolve(posts: Sequence[Post]) -> Links:
    """Find the post that each link of each post leads to.

    Reports links that lead nowhere (KG301, KG303) or could mean several posts (KG302), and names that two posts claim
    (KG201).
    """
    return follow(posts, Index(posts))


def follow(posts: Iterable[Post], index: Index) -> Links:
    """The same for some of all posts, given an index of all that their links may mean."""
    edges: list[tuple[str, str, int]] = []
    diagnostics: list[Diagnostic] = []
    for post in posts:
        diagnostics += _twins(post, index)
        for link in post.links:
            found = index.find(link, post.path)
            if len(found) == 1:
                if found[0] != post.path:
                    edges.append((post.path, found[0], link.line))
            else:
                diagnostics += _complain(post.path, link, found)
    return Links(tuple(edges), tuple(diagnostics))


Name = tuple[str, str]
"""(table of the index, key in it)."""


def names_of_post(post: Post) -> set[Name]:
    """The names under which an index has a post."""
    index = Index([post])
    return {(table, name) for table in _TABLES for name in getattr(index, table)}


def names_asked(post: Post) -> set[Name]:
    """The names under which the links of a post, and its claims to names, may look for posts."""
    asked: set[Name] = set()
    index = Index([])
    for table in _TABLES:
        setattr(index, table, _Asked(table, asked))
    for _nothing in _twins(post, index):
        pass
    for link in post.links:
        index.find(link, post.path)
    return asked


class _Asked(dict[str, list[str]]):
    """A table of an index of which nothing is known but what it is asked for."""

    def __init__(self, table: str, asked: set[Name]) -> None:
        self._table = table
        self._asked = asked

    def __contains__(self, name: object) -> bool:
        self._asked.add((self._table, str(name)))
        return False

    def __bool__(self) -> bool:
        return True

    def get(self, name: str, default: Any = None) -> Any:
        self._asked.add((self._table, name))
        return default


def _complain(path: str, link: Link, found: list[str]) -> Iterable[Diagnostic]:
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
    """The posts under every name that a link may use."""

    def __init__(self, posts: Iterable[Post]) -> None:
        """Take the posts in, in path order."""
        self._exact: dict[str, list[str]] = {}
        self._full: dict[str, list[str]] = defaultdict(list)
        """By the whole path without suffix."""
        self._tails: dict[str, list[str]] = defaultdict(list)
        """By every end of the path, as `end_key`: `c`, `b/c`, `a/b/c`."""
        self.declared: dict[str, list[str]] = defaultdict(list)
        """By alias, slug and permalink."""
        self.titles: dict[str, list[str]] = defaultdict(list)
        self._spaced: dict[str, list[str]] = defaultdict(list)
        """By title and file name, with blanks, hyphens and underscores alike."""
        self._days: dict[str, list[str]] = defaultdict(list)
        """Journals: posts whose names are a date and nothing else."""
        self._unnumbered: dict[str, list[str]] = defaultdict(list)
        """Paths with numbers for the order, without them: `/a/b/c` for the whole, and the ends `a/b/c`, `b/c`."""
        self._posts: dict[str, Post] = {}
        self._namesakes: dict[str, Namesakes] = {}
        for post in posts:
            self._add(post)

    def _add(self, post: Post) -> None:
        path = post.path
        self._posts[path] = post
        self._exact[path] = [path]
        spellings: list[str] = []
        for name in dict.fromkeys(map(name_key, names_of(path))):
            self._full[name].append(path)
            for key in end_keys(name):
                self._tails[key].append(path)
            spellings.append(_SPACES.sub("-", name.rpartition("/")[2]))
        plain = unnumbered(path)
        if plain != path:
            for name in dict.fromkeys(map(name_key, names_of(plain))):
                for key in islice(end_keys(f"/{name}"), 1, None):  # one part alone says too little
                    self._unnumbered[key].append(path)
        stem = SUFFIX.sub("", path).rpartition("/")[2]
        if len(stem) == 10 and date_in_name(stem):
            self._days[date_in_name(stem)].append(path)
        for alias in dict.fromkeys(address_of(name_key(alias)) for alias in post.aliases):
            if alias:
                self.declared[alias].append(path)
        title = name_key(post.title)
        self.titles[title].append(path)
        for spaced in dict.fromkeys([*spellings, _SPACES.sub("-", title)]):
            self._spaced[spaced].append(path)

    def find(self, link: Link, source: str) -> list[str]:
        """The paths of the posts that a link may lead to: one, none, or several."""
        if link.style in _FIND_BY_NAME:
            whole = link.target.strip()
            before = whole.partition("#")[0].strip()
            # `[[C#]]` may be a note of that name; most often `#` begins a heading.
            found = self._by_name(whole, source) if before != whole else []
            return found or (self._by_name(before, source) if before else [source])
        target = re.split(r"[?#]", link.target, maxsplit=1)[0]
        return self._by_address(unquoted(target), source)

    def _by_name(self, name: str, source: str) -> list[str]:
        if name.startswith(("./", "../")):
            return self._at(joined(dirname(source), name))
        if name.startswith("/"):
            place = name.strip("/")
            # In Hugo a language may have a folder of its own, which such a path begins in.
            return self._at(place) or self._at(joined(source.partition("/")[0], place))
        folder = dirname(source)
        key = name_key(SUFFIX.sub("", name)).strip("/")
        return (
            self._at(name)
            or self._at(joined(folder, name))
            or self._nearest(self._tails.get(end_key(key), []), name, folder)
            or self._tails.get(end_key(key.replace("/", "___")), [])  # how Logseq writes namespaces in file names
            or self.declared.get(address_of(name_key(name)), [])
            or self.titles.get(name_key(name), [])
            or self._spaced.get(_SPACES.sub("-", key), [])
            or self._on_day(name)
        )

    def _on_day(self, name: str) -> list[str]:
        """The journal of a day: Logseq writes `[[May 1st, 2024]]` for `2024_05_01.md`."""
        if not self._days or not any(c.isdecimal() for c in name):
            return []
        try:
            day = parse_date(name)
        except ValueError:
            return []
        return self._days.get(day.value, []) if not day.doubt else []

    def _by_address(self, target: str, source: str) -> list[str]:
        target = _TO_FILE.sub("", target).replace("\\", "/").strip()
        if target.startswith("@/"):
            return self._at(target[2:])
        target = target.removeprefix("@site")  # Docusaurus: from the folder of the site
        folder = dirname(source)
        places: list[str | None]
        if target.startswith("/"):
            places = [target.strip("/")]
        else:
            places = [joined(place, target) for place in _own_places(source)]
        for place in places:
            found = self._at(place) if place is not None else []
            found = found or self.declared.get(address_of(name_key(place or "\0")), [])
            if found:
                return found
        found = self.declared.get(address_of(name_key(target)), []) or self._below_prefix(target, folder)
        if found:
            return found
        if _names_file(target):
            name = target.strip("./")
            found = self._nearest(self._tails.get(end_key(name_key(SUFFIX.sub("", name))), []), name, folder)
            if found or not target.startswith("/"):
                return found
            # `/content/blog/x.md` is written from the folder of a repository, of which CONTENT is a part.
            return next(filter(None, map(self._at, ends_of(name))), [])
        found = self._without_numbers(target, source)
        if len(found) == 1 or not target.startswith("/") or not places[0]:
            return found
        return self._on_site(places[0]) or found

    def _without_numbers(self, target: str, source: str) -> list[str]:
        """`/docs/api/image` for `02-api/03-image.mdx`: an address without the numbers that files have for their order.

        Its parts must be those of the whole path, or of its end where there are two or more; what such an address
        begins with may be the place on the site, and no folder.
        """
        if not self._unnumbered:
            return []
        if target.startswith("/"):
            whole = address_of(name_key(target))
            inner = whole.partition("/")[2]
            names = ["/" + whole, whole, "/" + inner, inner]
        else:
            places = [joined(place, target) for place in _own_places(unnumbered(source))]
            names = ["/" + address_of(name_key(place)) for place in places if place]
        return next((found for name in names if (found := self._unnumbered.get(end_key(name)))), [])

    def _below_prefix(self, target: str, folder: str) -> list[str]:
        """`/en-US/docs/Web/API/Fetch` for the slug `Web/API/Fetch`: where a site lives is part of the address only."""
        for rest in ends_of(address_of(name_key(target)) if target.startswith("/") else ""):
            found = self._nearest(self.declared.get(rest, []), rest, folder)
            if found:
                return found
        return []

    def _at(self, place: str | None) -> list[str]:
        """The post at a path from CONTENT, with or without suffix; of several in different case, the exact one."""
        if place is None:
            return []
        if place in self._exact:
            return [place]
        found = self._full.get(name_key(SUFFIX.sub("", place).strip("/")), [])
        return self._nearest(found, place, dirname(place))

    def _nearest(self, found: list[str], name: str, folder: str) -> list[str]:
        """Of several posts, the one that is spelled exactly so, or the one in the same folder."""
        if not 1 < len(found) <= CROWD:
            return found
        bare = SUFFIX.sub("", name)
        spelled = [path for path in found if bare in (path, *names_of(path)) or ends(path, bare)] or found
        near = [path for path in spelled if dirname(path) == folder]
        if len(near) == 1:
            return near
        left = near or spelled
        for better in (is_undated, is_no_index):  # `projects.md` goes before `projects/index.md`, as in Foam
            chosen = [path for path in left if better(path)]
            if len(chosen) == 1:
                return chosen
        return left

    def _on_site(self, address: str) -> list[str]:
        """Posts that an address such as `2024/05/slug.html` or `blog/slug` may mean.

        Its last part must be the post's name or slug; years, months and days must be those of the post; of the other
        parts all but one must be folders or categories of the post.
        """
        *parts, last = name_key(SUFFIX.sub("", address)).strip("/").split("/")
        numbers = [int(part[:9]) for part in parts if part.isdecimal()]  # no date has more digits
        words = [part for part in parts if not part.isdecimal()]
        if last not in self._namesakes:
            paths = dict.fromkeys([*self._tails.get(last, []), *self.declared.get(last, [])])
            self._namesakes[last] = Namesakes(self._posts[path] for path in paths)
        return self._namesakes[last].of(numbers, words)


def _own_places(path: str) -> tuple[str, str]:
    """What an address in a post may be relative to: its folder, and the address of its page."""
    folder = dirname(path)
    return folder, SUFFIX.sub("", path) if is_no_index(path) else folder


def _twins(post: Post, index: Index) -> Iterable[Diagnostic]:
    """Slugs, permalinks and aliases that another post claims as well, or bears as its title."""
    for attribute in post.attributes:
        if attribute.predicate not in _DECLARED or "{{" in attribute.value:
            continue  # what a template makes of it, nobody can tell
        key = address_of(name_key(attribute.value))
        claimed = index.declared.get(key, [])[:CROWD]
        if attribute.predicate == KG + "alias":
            claimed += index.titles.get(key, [])[:CROWD]
        others = list(dict.fromkeys(path for path in claimed if path != post.path))
        if others:
            names = ", ".join(others[:3])
            message = f"{attribute.field}: '{attribute.value[:60]}' is also claimed by {names}; they are kept apart"
            yield diagnose(post.path, attribute.line, attribute.column, "KG201", message)
