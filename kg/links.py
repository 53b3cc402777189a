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
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from kg.diagnostics import diagnose
from kg.iris import POST_SUFFIXES
from kg.reading.dates import date_in_name, parse_date
from kg.vocabulary import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import Diagnostic, Link, Post

_INDEX_NAMES = frozenset({"index", "_index", "readme"})
"""A file of this name is the page of its folder."""
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[-_ ]+(?=.)")
_SUFFIX = re.compile(r"(?:\.(?:md|mdx|markdown)|(?:/|\A)index\.html?|\.html?)\Z", re.IGNORECASE)
_SPACES = re.compile(r"[\s_-]+")
_DECLARED = (KG + "alias", KG + "slug", KG + "permalink")
_FALSE_FRIEND = re.compile(
    r".*\s#\d+|[\w.-]+:\d+|GH-\d+"  # [[Feature #123]], [[ruby-core:123]]
    r"|[\d\s.,:;+*/=<>()-]+"  # matrices
    r"|[\"'$!~&|%].*|-\w.*"  # R, Python, shell
    r"|.*(?:==|\{\{|<%|::).*",
    re.DOTALL,
)
_IDENTIFIER = re.compile(r"\d{8,14}(?=[ _-])")
"""What a note of a Zettelkasten begins with: `202405011200 Title.md`."""
_CROWD = 100
"""So many posts of one name (index, readme) are not told apart one by one."""
_FIND_BY_NAME = frozenset({"wikilink", "embed", "property", "name", "shortcode", "block"})


_TABLES = ("_exact", "_full", "_tails", "declared", "titles", "_spaced", "_days")


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


def _key(name: str) -> str:
    """Names are compared without regard to case, and however their accents are composed."""
    return name.casefold() if name.isascii() else normalize("NFC", name).casefold()


class Index:
    """The posts under every name that a link may use."""

    def __init__(self, posts: Iterable[Post]) -> None:
        """Take the posts in, in path order."""
        self._exact: dict[str, list[str]] = {}
        self._full: dict[str, list[str]] = defaultdict(list)
        """By the whole path without suffix."""
        self._tails: dict[str, list[str]] = defaultdict(list)
        """By every end of the path: `c`, `b/c`, `a/b/c`."""
        self.declared: dict[str, list[str]] = defaultdict(list)
        """By alias, slug and permalink."""
        self.titles: dict[str, list[str]] = defaultdict(list)
        self._spaced: dict[str, list[str]] = defaultdict(list)
        """By title and file name, with blanks, hyphens and underscores alike."""
        self._days: dict[str, list[str]] = defaultdict(list)
        """Journals: posts whose names are a date and nothing else."""
        self._posts: dict[str, Post] = {}
        for post in posts:
            self._add(post)

    def _add(self, post: Post) -> None:
        path = post.path
        self._posts[path] = post
        self._exact[path] = [path]
        spellings: list[str] = []
        for name in dict.fromkeys(map(_key, _names_of(path))):
            self._full[name].append(path)
            parts = name.split("/")
            for start in range(len(parts)):
                self._tails["/".join(parts[start:])].append(path)
            spellings.append(_SPACES.sub("-", parts[-1]))
        stem = _SUFFIX.sub("", path).rpartition("/")[2]
        if len(stem) == 10 and date_in_name(stem):
            self._days[date_in_name(stem)].append(path)
        for alias in dict.fromkeys(_address(_key(alias)) for alias in post.aliases):
            if alias:
                self.declared[alias].append(path)
        title = _key(post.title)
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
        return self._by_address(_unquoted(target), source)

    def _by_name(self, name: str, source: str) -> list[str]:
        if name.startswith(("./", "../")):
            return self._at(_joined(dirname(source), name))
        if name.startswith("/"):
            place = name.strip("/")
            # In Hugo a language may have a folder of its own, which such a path begins in.
            return self._at(place) or self._at(_joined(source.partition("/")[0], place))
        folder = dirname(source)
        key = _key(_SUFFIX.sub("", name)).strip("/")
        return (
            self._at(name)
            or self._at(_joined(folder, name))
            or self._nearest(self._tails.get(key, []), name, folder)
            or self._tails.get(key.replace("/", "___"), [])  # how Logseq writes namespaces in file names
            or self.declared.get(_address(_key(name)), [])
            or self.titles.get(_key(name), [])
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
        target = target.replace("\\", "/").strip()
        if target.startswith("@/"):
            return self._at(target[2:])
        target = target.removeprefix("@site")  # Docusaurus: from the folder of the site
        folder = dirname(source)
        places: list[str | None]
        if target.startswith("/"):
            places = [target.strip("/")]
        else:
            stem = _SUFFIX.sub("", source)
            own = folder if stem.rpartition("/")[2].lower() in _INDEX_NAMES else stem
            places = [_joined(folder, target), _joined(own, target)]
        for place in places:
            found = self._at(place) if place is not None else []
            found = found or self.declared.get(_address(_key(place or "\0")), [])
            if found:
                return found
        found = self.declared.get(_address(_key(target)), []) or self._below_prefix(target, folder)
        if found:
            return found
        if _names_file(target):
            name = target.strip("./")
            found = self._nearest(self._tails.get(_key(_SUFFIX.sub("", name)), []), name, folder)
            # `/content/blog/x.md` is written from the folder of a repository, of which CONTENT is a part.
            while not found and target.startswith("/") and name.count("/") > 1:
                name = name.partition("/")[2]
                found = self._at(name)
            return found
        return self._on_site(places[0]) if target.startswith("/") and places[0] else []

    def _below_prefix(self, target: str, folder: str) -> list[str]:
        """`/en-US/docs/Web/API/Fetch` for the slug `Web/API/Fetch`: where a site lives is part of the address only."""
        rest = _address(_key(target)) if target.startswith("/") else ""
        while rest.count("/") > 1:
            rest = rest.partition("/")[2]
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
        found = self._full.get(_key(_SUFFIX.sub("", place).strip("/")), [])
        return self._nearest(found, place, dirname(place))

    def _nearest(self, found: list[str], name: str, folder: str) -> list[str]:
        """Of several posts, the one that is spelled exactly so, or the one in the same folder."""
        if not 1 < len(found) <= _CROWD:
            return found
        bare = _SUFFIX.sub("", name)
        spelled = [path for path in found if bare in (path, *_names_of(path)) or _ends(path, bare)] or found
        near = [path for path in spelled if dirname(path) == folder]
        if len(near) == 1:
            return near
        left = near or spelled
        for better in (_is_undated, _is_no_index):  # `projects.md` goes before `projects/index.md`, as in Foam
            chosen = [path for path in left if better(path)]
            if len(chosen) == 1:
                return chosen
        return left

    def _on_site(self, address: str) -> list[str]:
        """Posts that an address such as `2024/05/slug.html` or `blog/slug` may mean.

        Its last part must be the post's name or slug; years, months and days must be those of the post; of the other
        parts all but one must be folders or categories of the post.
        """
        *parts, last = _key(_SUFFIX.sub("", address)).strip("/").split("/")
        numbers = [int(part) for part in parts if part.isdecimal()]
        words = [part for part in parts if not part.isdecimal()]
        candidates = dict.fromkeys([*self._tails.get(last, []), *self.declared.get(last, [])])
        dated = [path for path in candidates if self._dated_so(path, numbers)]
        strange = {path: self._unexplained(path, words) for path in dated}
        # Translations of a post share its name: `/en/news/…` is the one that lies in `en`.
        least = min(strange.values(), default=0)
        return [path for path, count in strange.items() if count == least] if least <= 1 else []

    def _dated_so(self, path: str, numbers: list[int]) -> bool:
        if not numbers:
            return True
        match = _DATED.match(path.rpartition("/")[2])
        dates = [[int(part) for part in match.groups()]] if match else []
        date = self._posts[path].date[:10].split("-")
        if len(date) == 3:
            dates.append([int(part) for part in date])
        return any(numbers == date[: len(numbers)] for date in dates)

    def _unexplained(self, path: str, words: list[str]) -> int:
        """How many of these words are neither folders nor categories of a post."""
        known = set(_key(path).split("/")[:-1])
        for mention in self._posts[path].mentions:
            if mention.kind == "category":
                known.add(_SPACES.sub("-", _key(mention.name)))
        return len([word for word in words if word not in known])


def _is_undated(path: str) -> bool:
    return not _DATED.match(path.rpartition("/")[2])


def _is_no_index(path: str) -> bool:
    return _SUFFIX.sub("", path).rpartition("/")[2].lower() not in _INDEX_NAMES


def _names_of(path: str) -> list[str]:
    """The paths without suffix under which a file is known: its own, its folder's for an index, that without a date."""
    stem = _SUFFIX.sub("", path)
    folder, _slash, name = stem.rpartition("/")
    names = [stem]
    if name.lower() in _INDEX_NAMES:
        names.append(folder)
    match = _DATED.match(name)
    if match:
        names.append(f"{folder}/{name[match.end() :]}".lstrip("/"))
    match = _IDENTIFIER.match(name)
    if match:
        names.append(f"{folder}/{match[0]}".lstrip("/"))
    if "%" in name:
        names.append(f"{folder}/{_unquoted(name)}".lstrip("/"))
    return names


def _ends(path: str, name: str) -> bool:
    return any(f"/{known}".endswith(f"/{name}") for known in _names_of(path))


def _joined(folder: str, place: str) -> str | None:
    """A path relative to a folder, or None where it leads out of CONTENT."""
    path = normpath(f"{folder}/{place}" if folder else place)
    if path.startswith(".."):
        return None
    return "" if path == "." else path.lstrip("/")


def _address(alias: str) -> str:
    """A permalink without what makes no difference: the slashes around it, `index.html`, `.html`."""
    return _SUFFIX.sub("", alias.strip()).strip("/")


def _unquoted(text: str) -> str:
    """Percent-decoded, or as it is where that would be no UTF-8."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _twins(post: Post, index: Index) -> Iterable[Diagnostic]:
    """Slugs, permalinks and aliases that another post claims as well, or bears as its title."""
    for attribute in post.attributes:
        if attribute.predicate not in _DECLARED or "{{" in attribute.value:
            continue  # what a template makes of it, nobody can tell
        key = _address(_key(attribute.value))
        claimed = index.declared.get(key, [])[:_CROWD]
        if attribute.predicate == KG + "alias":
            claimed += index.titles.get(key, [])[:_CROWD]
        others = list(dict.fromkeys(path for path in claimed if path != post.path))
        if others:
            names = ", ".join(others[:3])
            message = f"{attribute.field}: '{attribute.value[:60]}' is also claimed by {names}; they are kept apart"
            yield diagnose(post.path, attribute.line, attribute.column, "KG201", message)
