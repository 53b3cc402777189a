"""All posts of a site by every name that a link may use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from posixpath import dirname

from msgspec.structs import replace

from kg.fields import LANGUAGE
from kg.linking.addresses import (
    address_of,
    addressed,
    end_key,
    end_keys,
    ends,
    filled,
    hyphenated,
    is_no_index,
    is_no_readme,
    is_undated,
    language_folder,
    name_key,
    names_of,
    of_title,
    sibling,
    stem_of,
    unnumbered,
)
from kg.linking.journals import title_pattern
from kg.linking.namesakes import CROWD, Namesakes
from kg.model import Post
from kg.namespaces import KG
from kg.reading.site import Site
from kg.text.dates import date_in_name
from kg.text.filenames import SUFFIX, language_ending, without_query

SLUG = KG + "slug"
ALIAS = KG + "alias"
PERMALINK = KG + "permalink"
DECLARED = (ALIAS, SLUG, PERMALINK)
"""Predicates of addresses that posts declare."""
NO_ADDRESS = frozenset({"false", "true"})
"""`permalink: false` in Eleventy: the page has no address."""
_LAST_PART = {"docusaurus": "id", "hexo": "abbrlink"}
"""Fields other than `slug` that are the last part of a post's address; `abbrlink` is that of a plugin."""
IndexKey = tuple[str, str]
"""(name of a table of `Index`, key in it)."""
Tables = dict[str, dict[str, list[str]]]
"""Name of a table of `Index` → key → paths of posts, in path order."""


class Index:
    """All posts by every name a link may use."""

    def __init__(
        self, posts: Iterable[Post], lookup: Callable[[str, str], list[str]] | None = None, site: Site | None = None
    ) -> None:
        """Index the posts.

        Args:
            posts: in path order.
            lookup: (table, name) → paths of posts; used instead of the tables of this index.
            site: what is known about the site that they belong to.
        """
        self.site = site or Site()
        self.journal = title_pattern(self.site.notation.journal) if self.site.notation.journal else None
        self.is_vault = self.site.notes
        """Whether links may name pages that are still to be written."""
        self._own = (self.site.language or ("en" if self.site.tool == "hugo" else "")).casefold()
        """The language of pages that are no translations."""
        self.below = self.site.paths()
        self.tables: Tables = {
            "exact": {},
            "full": {},  # by path without suffix
            "tails": {},  # by each path suffix, as `end_key`: `c`, `b/c`, `a/b/c`
            "declared": {},  # by alias, slug and permalink
            "titles": {},
            "spaced": {},  # by title and file name, with spaces, hyphens and underscores equated
            "days": {},  # journal pages, whose file name is just a date, by date
            "unnumbered": {},  # by path without number prefixes: `/a/b/c`, and its suffixes `a/b/c`, `b/c`
            "empty": {},  # pages of Logseq without content, as in `tails`
        }
        self.asked: set[str] = set()
        """Keys that were looked up, in whatever table, since somebody emptied it."""
        self.posts: Mapping[str, Post] = {post.path: post for post in posts}
        self._namesakes: dict[str, Namesakes] = {}
        for post in self.posts.values():
            self._add(post)
        self.lookup = lookup or self._lookup

    @classmethod
    def of_tables(cls, tables: Tables, posts: Mapping[str, Post], site: Site) -> "Index":
        """An index of posts of which the tables are known."""
        result = cls((), site=site)
        result.tables, result.posts = tables, posts
        return result

    def _lookup(self, table: str, name: str) -> list[str]:
        self.asked.add(name)
        return self.tables[table].get(name, [])

    def _add(self, post: Post) -> None:
        path = post.path
        paths = addressed(path)
        if self._own and language_ending(path).casefold() == f".{self._own}":
            stem = SUFFIX.sub("", path)
            paths.append(stem[: -len(self._own) - 1] + path[len(stem) :])
        last_parts = list(self._last_parts(post))
        names = [name_key(name) for each in paths for name in names_of(each)]
        names += (name_key(self._sibling(each, name)) for each in paths for name in last_parts)
        title = name_key(post.title)
        keys = {
            "exact": [path],
            "full": names,
            "tails": [key for name in names for key in end_keys(name)],
            "declared": [
                alias
                for each in (*post.aliases, *self._paths(post))
                if (alias := self.name_of(filled(each, path))) and alias not in NO_ADDRESS
            ],
            "titles": [title],
            "spaced": [hyphenated(name) for name in (*(name.rpartition("/")[2] for name in names), title)],
        }
        if (plain := unnumbered(path)) != path:
            keys["unnumbered"] = [
                key
                for name in dict.fromkeys(map(name_key, names_of(plain)))
                for key in islice(end_keys(f"/{name}"), 1, None)  # a single segment is too ambiguous
            ]
        if self.site.tool == "logseq" and any(found.code == "KG004" for found in post.diagnostics):
            keys["empty"] = keys["tails"]
        stem = stem_of(path).rpartition("/")[2]
        if len(stem) == 10 and (day := date_in_name(stem)):
            keys["days"] = [day]
        for table, found in keys.items():
            rows = self.tables[table]
            for key in dict.fromkeys(found):
                rows.setdefault(key, []).append(path)

    def name_of(self, text: str) -> str:
        """The key of a name that a post declares: an address, but in Logseq, where `Notes.md` is a name like others."""
        key = name_key(text)
        return key.strip().strip("/") if self.site.tool == "logseq" else address_of(key)

    def _last_parts(self, post: Post) -> Iterator[str]:
        """The last parts of a post's address that may replace the file's name, if its folder counts as well."""
        titled = self.site.notation.titled
        for attribute in post.attributes:
            slug = attribute.predicate == SLUG or attribute.field == _LAST_PART.get(self.site.tool)
            titled = titled and not slug
            if slug and (name := attribute.value.strip("/")) and "/" not in name:
                yield name
        if titled and (name := of_title(post.title)):
            yield name

    def called(self, found: list[str], target: str, source: str) -> list[str]:
        """Of several posts at an address, the one that declares its last part, rather than others called like it.

        Of several that declare all of it, that of the site that the link stands in: CONTENT may hold more than one.
        """
        if not 1 < len(found) <= CROWD:
            return found
        if target.startswith("/") and self.lookup("declared", address_of(name_key(target))) == found:
            own = [path for path in found if path.partition("/")[0] == source.partition("/")[0]]
            return own if len(own) == 1 else found
        last = name_key(without_query(target).strip("/").rpartition("/")[2])
        named = [
            path for path in found if path in self.posts and last in map(name_key, self._last_parts(self.posts[path]))
        ]
        return named if len(named) == 1 else found

    def _sibling(self, path: str, name: str) -> str:
        return sibling(path, name, own_folder=self.site.tool == "docusaurus")

    def claiming(self, path: str, slug: str) -> list[str]:
        """The posts whose address is that of a post with this last part."""
        return self.lookup("full", name_key(self._sibling(path, slug)))

    def _paths(self, post: Post) -> Iterator[str]:
        """`path`, a whole address in Gatsby, and in Zola (https://www.getzola.org/documentation/content/page/)."""
        if self.site.tool in ("zola", "gatsby"):
            yield from (attribute.value for attribute in post.attributes if attribute.field == "path")

    def lookup_empty(self, name: str) -> list[str]:
        """Pages of Logseq that it made when their name was clicked: the page that has the name as an alias is meant."""
        return self.lookup("empty", end_key(name)) if self.site.tool == "logseq" else []

    def at(self, place: str | None) -> list[str]:
        """The post at a path relative to CONTENT, with or without suffix; an exact match wins over other case."""
        if place is None:
            return []
        if exact := self.lookup("exact", place) or self.lookup("exact", f"{place}.md"):
            return exact
        found = self.lookup("full", name_key(stem_of(place).strip("/")))
        return self.nearest(found, place, dirname(place))

    def nearest(self, found: list[str], name: str, folder: str) -> list[str]:
        """Of several posts, the one spelled exactly like `name`, or the one in the same folder."""
        if not 1 < len(found) <= CROWD:
            return found
        bare = stem_of(name)
        spelled = [path for path in found if bare in (path, *names_of(path)) or ends(path, bare)] or found
        near = [path for path in spelled if dirname(path) == folder]
        if len(near) == 1:
            return near
        left = near or spelled
        left = self.in_language(left, language_folder(folder + "/"))
        if len(left) == 1:
            return left
        # `projects.md` wins over `projects/index.md`, as in Foam, and that over `projects/README.md`, as in MkDocs.
        for better in (is_undated, is_no_index, is_no_readme):
            chosen = [path for path in left if better(path)]
            if len(chosen) == 1:
                return chosen
        return left

    def in_language(self, paths: list[str], own: str) -> list[str]:
        """Of several posts those in the folder of the page's own language, else those in the site's."""
        folders = {path: language_folder(path) for path in paths}
        for wanted in (own, ""):
            if same := [path for path in paths if folders[path] == wanted]:
                return same
        return [path for path in paths if folders[path].rpartition("/")[2] == self.site.language] or paths

    def on_site(self, address: str) -> tuple[list[str], bool]:
        """Posts that match an address such as `2024/05/slug.html` or `blog/slug`, and whether all but one part does.

        The last segment must be the post's name or slug; numbers must be its year, month and day, with folders behind
        them in Hexo, whose `:title` is a path: `2024/05/01/2024/slug`; all other segments but one must be its folders
        or categories.
        """
        *parts, last = name_key(stem_of(address)).strip("/").split("/")
        numbers = [part for part in parts if part.isdecimal()]
        words = [part for part in parts if not part.isdecimal()]
        self.asked.add(last)
        if last not in self._namesakes:
            paths = dict.fromkeys([*self.lookup("tails", last), *self.lookup("declared", last)])
            self._namesakes[last] = Namesakes(self.posts[path] for path in paths)
        date = [int(part[:9]) for part in numbers]  # no date has more digits
        found, lacking = self._namesakes[last].of(date, words)
        for length in () if found else (3, 2, 1):
            if folders := numbers[length:]:
                below, lacking = self._namesakes[last].of(date[:length], [*words, *folders])
                below = [path for path in below if {*folders} <= {*name_key(path).split("/")[:-1]}]
                if below:
                    return below, lacking
        return found, lacking


def names_of_post(post: Post, site: Site | None = None) -> set[IndexKey]:
    """The keys under which an index holds a post."""
    return {(table, name) for table, names in Index([post], site=site).tables.items() for name in names}


def to_index(post: Post) -> Post:
    """What an index needs of a post: what decides between several, and what its address is made of."""
    categories = tuple(replace(m, homepage="") for m in post.mentions if m.kind == "category")
    fields = ("path", "slug", *_LAST_PART.values())
    addresses = tuple(a for a in post.attributes if a.predicate in (SLUG, LANGUAGE) or a.field.lower() in fields)
    return Post(
        post.path, post.title, "", post.date, draft=False, dialect="",
        aliases=post.aliases, attributes=addresses, mentions=categories,
    )  # fmt: skip
