"""Link resolution: the post each link leads to, by the rules of the tool that would follow it.

Wikilinks (Obsidian, Foam, Quartz, Logseq) name a note by path, shortest unique path, alias or title. Markdown links
give a path, relative to the file or (with pretty URLs) to the page, or an address on the site: a permalink,
`/2024/05/slug/`, Zola's `@/path.md`. Shortcodes (`{{< ref "x" >}}`, `{% post_url x %}`) name a file.

A link that matches no post, or several, is reported and yields no edge: nothing is guessed. A link of a post to itself
is dropped.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from posixpath import dirname
from typing import NamedTuple

from msgspec.structs import replace

from kg.diagnostics import diagnose, note_of
from kg.fields import LANGUAGE
from kg.linking.addresses import (
    address_of,
    end_key,
    end_keys,
    ends,
    ends_of,
    hyphenated,
    is_no_index,
    is_undated,
    joined,
    language_folder,
    name_key,
    names_of,
    original,
    page_names,
    roots,
    sibling,
    stem_of,
    unnumbered,
    unquoted,
)
from kg.linking.journals import day_of, title_pattern
from kg.linking.namesakes import CROWD, Namesakes
from kg.model import IRI, Attribute, Diagnostic, Link, Post
from kg.namespaces import KG
from kg.reading.ecosystems import KEEP_PARTIALS, VAULTS
from kg.reading.site import Site
from kg.text.dates import date_in_name, parse_date
from kg.text.filenames import FILE, POST_SUFFIXES, SUFFIX, are_translations, language_ending, names_language
from kg.text.folding import fold
from kg.text.wording import counted

_SLUG = KG + "slug"
_ALIAS = KG + "alias"
DECLARED = (_ALIAS, _SLUG, KG + "permalink")
"""Predicates of addresses that posts declare."""
_NO_ADDRESS = frozenset({"false", "true"})
"""`permalink: false` in Eleventy: the page has no address."""
_README_IS_HOME = frozenset({"docsify", "docusaurus", "gitbook", "mdbook", "mkdocs", "vitepress"})
_FALSE_FRIEND = re.compile(
    r"(?i:_?toc_?)"  # where a table of contents goes
    r"|[^\s/@]+@[^\s/@]+\.[^\s/@]+"  # an address of mail
    r"|.*\s#\d+|.*#\d{5,}|[\w.-]+:\d+|GH-\d+"  # [[Feature #123]], [[ruby-core:123]]
    r"|[\d\s.,:;+*/=<>()\[\]-]+|.*\],.*"  # matrices, lists of lists
    r"|[\"'$!~&|%].*|-\w.*|:\w+:"  # R, Python, shell
    r"|.*(?:==|\{\{|<%|::).*|<.*>",
    re.DOTALL,
)
_LIST = re.compile(r"/(?:[\w-]+/)?(?:tags?|categor(?:y|ies)|archives?|authors?|page)(?:/|\Z)", re.IGNORECASE)
"""The beginnings of the addresses of lists that a tool makes of other pages."""
_ENDING = re.compile(r"\.(?!html?\b)[A-Za-z][A-Za-z0-9]{0,9}(?=[?#]|\Z)|/[A-Z]{3,}\Z")
"""The end of an address of a file: `.der`, `/LICENSE`; pages end in `.html` or nothing."""
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_TORN_ADDRESS = re.compile(
    r"\W{1,3}https?://|https?(?::?/|//?:)(?!/)|https?//|www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev)/",
    re.IGNORECASE,
)
"""An address of the web without its scheme, or with a sign too many or too few before it."""
_OTHER_ENDING = re.compile(r"(?<=[^/])\.(?:rst|adoc|asciidoc|org|html?)\Z", re.IGNORECASE)
"""What `ref` of Hugo takes as well, whatever the ending of the file that it finds."""
_TO_FILE = re.compile(r"\A[{|]filename[}|]")
"""Pelican: a file relative to CONTENT or to the post (https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content)."""
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}\Z")
_FIND_BY_NAME = frozenset({"wikilink", "embed", "property", "name", "shortcode", "block", "ancestor"})


_CROWD = 100
"""Posts that match one link; among more of them no best one is looked for."""


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
    asked: frozenset[str] = frozenset()
    """What was looked for among titles, as `Index` has them."""
    namesakes: frozenset[str] = frozenset()
    """The posts of which dates and categories were compared, with addresses or with those of other posts."""


def resolve(posts: Sequence[Post], site: Site | None = None) -> Links:
    """Resolve the links of all posts of a site.

    Reports links to no post (KG301, KG303) or to several (KG302), and names claimed by two posts (KG201).
    """
    index = Index(posts, site=site)
    found = follow(posts, index)
    diagnostics = (*found.diagnostics, *wanted(found.unwritten))
    return found._replace(diagnostics=diagnostics, asked=frozenset(index.asked), namesakes=index.namesakes)


def follow(posts: Iterable[Post], index: "Index") -> Links:
    """`resolve` for a subset of posts, given an index of all posts they may link to; without what `wanted` reports."""
    edges: list[tuple[str, str, Link]] = []
    unwritten: list[Unwritten] = []
    diagnostics: list[Diagnostic] = []
    for post in posts:
        diagnostics += _contested_names(post, index)
        for link in post.links:
            found = index.find(link, post.path)
            if len(found) == 1:
                if found[0] != post.path:
                    edges.append((post.path, found[0], link))
            elif post.path in found and link.target in post.aliases:
                continue  # its own name
            elif not found and index.is_in_org(link):
                continue
            elif not found and index.is_vault and (name := _page_named(link)):
                unwritten.append(Unwritten(post.path, name, link.line, link.column, link.field, link.predicate))
            else:
                reported = () if index.is_unread(link, post.path) else _unresolved(post.path, link, found)
                diagnostics += map(note_of, reported) if index.may_be_meant(link, found) else reported
    return Links(tuple(edges), tuple(unwritten), tuple(diagnostics))


def _page_named(link: Link) -> str:
    """The name of the page that a link asks for, "" if it may be anything else."""
    target = link.target.partition("#")[0].strip()
    if link.style not in ("wikilink", "embed", "property") or _FALSE_FRIEND.fullmatch(target) or FILE.search(target):
        return ""
    return stem_of(target).strip("/")


def wanted(unwritten: Iterable[Unwritten]) -> Iterator[Diagnostic]:
    """One note (KG304) for each page that is named but not written, where it is first named."""
    places: dict[str, list[Unwritten]] = {}
    for place in unwritten:
        places.setdefault(fold(place.name), []).append(place)
    for named in places.values():
        first, pages = named[0], counted(len({place.path for place in named}), "page")
        message = f"'{first.name[:100]}' is named by {pages}, and not written"
        yield diagnose(first.path, first.line, first.column, "KG304", message)


BY_TITLE = frozenset({"spaced", "titles"})
"""The tables of `Index` that hold titles."""
IndexKey = tuple[str, str]
"""(name of a table of `Index`, key in it)."""


def names_of_post(post: Post, site: Site | None = None) -> set[IndexKey]:
    """The keys under which an index holds a post."""
    return {(table, name) for table, names in Index([post], site=site).tables.items() for name in names}


def to_index(post: Post) -> Post:
    """What an index needs of a post: what decides between several, and what its address is made of."""
    categories = tuple(replace(m, homepage="") for m in post.mentions if m.kind == "category")
    addresses = tuple(a for a in post.attributes if a.field.lower() in ("id", "path", "slug"))
    return Post(
        post.path, post.title, "", post.date, draft=False, dialect="",
        aliases=post.aliases, attributes=addresses, mentions=categories,
    )  # fmt: skip


def names_asked(post: Post, site: Site | None = None) -> set[IndexKey]:
    """The keys that resolving the links of a post may look up."""
    asked: set[IndexKey] = set()

    def lookup(table: str, name: str) -> list[str]:
        asked.add((table, name))
        return []

    follow([post], Index([], lookup, site))
    return asked


def _unresolved(path: str, link: Link, found: list[str]) -> Iterable[Diagnostic]:
    target = link.target[:100]
    if not found and _ELSEWHERE.match(target):
        return
    if not found and (_FALSE_FRIEND.fullmatch(link.target) or FILE.search(link.target.partition("#")[0])):
        return  # no post was meant
    if found:
        names = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
        yield diagnose(path, link.line, link.column, "KG302", f"'{target}' could be {names}; write more of the path")
    elif link.style == "markdown" and _TORN_ADDRESS.match(link.target):
        mend = "write its beginning as" if target.lower().startswith("http") else "begin it with"
        mend = f"{mend} 'https://'" if target[0].isalnum() else "take away what stands before 'http'"
        yield diagnose(path, link.line, link.column, "KG301", f"'{target}' is not a web address; {mend}")
    elif link.style not in _FIND_BY_NAME and not _names_file(link.target):
        told = link.target.strip("/.") and not _ENDING.search(link.target) and not _LIST.match(link.target)
        if told and re.search(r"[/.]", link.target):
            yield diagnose(path, link.line, link.column, "KG303", f"no post has the address '{target}'")
    elif link.style not in ("name", "ancestor"):
        yield diagnose(path, link.line, link.column, "KG301", f"'{target}' leads to no post")


def _names_file(target: str) -> bool:
    return re.split(r"[?#]", target, maxsplit=1)[0].lower().endswith(POST_SUFFIXES)


class Index:
    """All posts by every name a link may use."""

    def __init__(
        self,
        posts: Iterable[Post],
        lookup: Callable[[str, str], list[str]] | None = None,
        site: Site | None = None,
    ) -> None:
        """Index the posts.

        Args:
            posts: in path order.
            lookup: (table, name) → paths of posts; used instead of the tables of this index.
            site: what is known about the site that they belong to.
        """
        self._site = site or Site()
        self._journal = title_pattern(self._site.journal) if self._site.journal else None
        self.is_vault = self._site.notes
        """Whether links may name pages that are still to be written."""
        self._own = (self._site.language or ("en" if self._site.tool == "hugo" else "")).casefold()
        """The language of pages that are no translations."""
        self._below = self._site.paths()
        self.tables: dict[str, dict[str, list[str]]] = {
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
        """Keys that were looked up in `BY_TITLE`."""
        self._posts: dict[str, Post] = {}
        self._namesakes: dict[str, Namesakes] = {}
        self._compared: set[str] = set()
        for post in posts:
            self._add(post)
        self.lookup = lookup or self._lookup

    @property
    def namesakes(self) -> frozenset[str]:
        """See `Links.namesakes`."""
        return frozenset(self._compared.union(*self._namesakes.values()))

    def _lookup(self, table: str, name: str) -> list[str]:
        if table in BY_TITLE:
            self.asked.add(name)
        return self.tables[table].get(name, [])

    def _add(self, post: Post) -> None:
        path = post.path
        self._posts[path] = post
        language, translated = original(path)
        paths = (path, f"{language}/{translated}") if language else (path,)
        if self._own and language_ending(path).casefold() == f".{self._own}":
            stem = SUFFIX.sub("", path)
            paths = (*paths, stem[: -len(self._own) - 1] + path[len(stem) :])
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
                if (alias := self.name_of(each)) and alias not in _NO_ADDRESS
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
        if self._site.tool == "logseq" and any(found.code == "KG004" for found in post.diagnostics):
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
        return key.strip().strip("/") if self._site.tool == "logseq" else address_of(key)

    def _last_parts(self, post: Post) -> Iterator[str]:
        """The last parts of a post's address that may replace the file's name, if its folder counts as well."""
        for attribute in post.attributes:
            slug = attribute.predicate == _SLUG or (attribute.field == "id" and self._site.tool == "docusaurus")
            if slug and (name := attribute.value.strip("/")) and "/" not in name:
                yield name

    def _sibling(self, path: str, name: str) -> str:
        return sibling(path, name, own_folder=self._site.tool == "docusaurus")

    def claiming(self, path: str, slug: str) -> list[str]:
        """The posts whose address is that of a post with this last part."""
        return self.lookup("full", name_key(self._sibling(path, slug)))

    def _paths(self, post: Post) -> Iterator[str]:
        """Zola's `path`, the whole address of a page (https://www.getzola.org/documentation/content/page/)."""
        if self._site.tool == "zola":
            yield from (attribute.value for attribute in post.attributes if attribute.field == "path")

    def is_in_org(self, link: Link) -> bool:
        """Whether a link of Logseq leads to a page in Org, or to a block that may be in one."""
        if not self._site.org_pages:
            return False
        return link.style == "block" or name_key(_page_named(link)) in self._site.org_pages

    def may_contest(self, path: str, other: str, name: Attribute) -> bool:
        """Whether a post's claim to a name means that another post cannot have it.

        Translations have addresses of their own. An alias that is no address is one page's in Logseq; in other tools
        several may have it, and links that use it are told. Hugo's are relative to the folder of the page
        (https://gohugo.io/content-management/urls/#aliases).
        """
        if path == other or are_translations(path, other) or language_folder(path) != language_folder(other):
            return False
        if name.predicate == _SLUG and _declared_language(self._posts[path]) != _declared_language(self._posts[other]):
            return False  # Pelican's translations have one slug
        if name.predicate != _ALIAS or name.value.startswith("/"):
            return True
        if self._site.tool == "hugo":
            return sibling(path, name.value) == sibling(other, name.value)
        return self._site.tool == "logseq" or not (self._site.tool or self.is_vault)

    def is_of_another_day(self, path: str, post: Post) -> bool:
        """Whether the post at a path has a different date than a post that has one."""
        self._compared |= {path, post.path}
        day = self._posts[path].date[:10] if path in self._posts else ""
        return bool(day and post.date) and day != post.date[:10]

    def may_be_meant(self, link: Link, found: list[str]) -> bool:
        """Whether a link that leads to no post, or to several, may be right all the same.

        Of several, the tool takes the nearest; and `[[Book Notes]]`, which finds `book-notes.md`, may mean no post.
        """
        by_name = link.style not in ("markdown", "shortcode")
        if by_name and found:
            name = name_key(_page_named(link).rpartition("/")[2])
            if all(name_key(stem_of(path).rpartition("/")[2]) != name for path in found):
                return True
        return (by_name or not found) and self.may_be_unwritten(link)

    def may_be_unwritten(self, link: Link) -> bool:
        """Whether a link may lead to a page that is still to be written, or made, or be no link at all.

        In a vault, links of Markdown are as good as others for pages still to be written. Where a tool makes a site of
        the posts, `[[x]]` is plain text, and a link only to a plugin.
        """
        if link.style in ("wikilink", "property") and self._site.tool and not self.is_vault:
            return True
        return self._site.generates or self._site.tool in VAULTS

    def is_unread(self, link: Link, source: str) -> bool:
        """Whether a link leads out of CONTENT, to what is hidden or made later, or to a page other than a post."""
        target = re.split(r"[?#]", link.target, maxsplit=1)[0]
        if link.style not in ("markdown", "embed") or target.startswith("@"):
            return False
        place = joined(dirname(source) if not target.startswith("/") else "", target.lstrip("/"))
        if place and any(f"{place}/".startswith(f"{made}/") for made in self._site.made):
            return True
        if not _names_file(target):
            return self._is_page(target, source)
        parts = place.split("/") if place else []
        hidden = any(part[:1] == "." or (part[:1] == "_" and self._site.tool in KEEP_PARTIALS) for part in parts)
        return hidden or place is None

    def _is_page(self, target: str, source: str) -> bool:
        """Whether an address is that of a page other than a post, of a folder, or of something outside CONTENT."""
        if target.startswith("/"):
            places = [self._within_site(target)]
        else:
            places = [place for base in _own_places(source) if (place := joined(base, target)) is not None]
        pages = _addresses_of(self._site.pages)
        return not places or any(address_of(name_key(unquoted(place))) in pages for place in places)

    def find(self, link: Link, source: str) -> list[str]:
        """The paths of the posts that a link may lead to."""
        if ending := "" if self._site.tool in VAULTS else language_ending(source):
            own = self._find(replace(link, target=_translation(link.target, ending)), source)
            if len(own) == 1:
                return own  # the page in the language of this one
        found = self._of_site(self._find(link, source), source)
        if 1 < len(found) <= CROWD:
            if all(are_translations(found[0], path) for path in found[1:]):
                found = [path for path in found if dirname(path) == dirname(source)] or found
            return self._in_language(found, language_folder(source))
        if not found and link.style == "wikilink" and link.text and not self._site.tool:
            return self._by_name(link.text, source)  # wikis of GitHub: `[[words|page]]`
        return found

    def _of_site(self, found: list[str], source: str) -> list[str]:
        """Of several posts that a page of the site may mean, its pages: copies may lie beside them."""
        below = tuple(f"{root}/" for root in self._site.roots)
        return [path for path in found if path.startswith(below)] or found if source.startswith(below) else found

    def _find(self, link: Link, source: str) -> list[str]:
        if link.style == "ancestor":
            folder, parts = dirname(source), link.target.split(".")
            uppers = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
            return next((found for each in uppers if (found := self._at(joined(folder, each + ".md")))), [])
        if link.style in _FIND_BY_NAME:
            whole = link.target.strip()
            before = whole.partition("#")[0].strip()
            # `[[C#]]` may be a note of that name, but usually `#` begins a heading.
            found = self._by_name(whole, source) if before != whole else []
            found = found or (self._by_name(before, source) if before else [source])
            if not found and link.style == "shortcode":
                found = self._by_name(_OTHER_ENDING.sub("", before), source)
            if before.endswith(")=") and source in found:
                return [source]  # a label of the page's own
            if not found and link.style == "name" and re.search(r"[/.]", before):
                return self._by_address(unquoted(before), source)
            return found
        target = re.split(r"[?#]", link.target, maxsplit=1)[0]
        return self._by_address(unquoted(target), source)

    def _by_name(self, name: str, source: str) -> list[str]:
        if name.startswith(("./", "../")):
            return self._at(joined(dirname(source), name))
        if name.startswith("/"):
            place = name.strip("/")
            # In Hugo, such a path may be relative to the folder of the language.
            return (
                self._at(place)
                or self._at(joined(source.partition("/")[0], place))
                or self._in_roots(place, source, inmost=True)
            )
        folder = dirname(source)
        key = name_key(stem_of(name)).strip("/")
        if self.lookup_empty(key) and (found := self.lookup("declared", self.name_of(name))):
            return found
        return (
            self._at(name)
            or self._at(joined(folder, name))
            or self._nearest(self.lookup("tails", end_key(key)), name, folder)
            or self.lookup("tails", end_key(key.replace("/", "___")))  # Logseq's namespaces in file names
            or self.lookup("declared", self.name_of(name))
            or self.lookup("titles", name_key(name))
            or self.lookup("spaced", hyphenated(key))
            or self._on_day(name)
        )

    def lookup_empty(self, name: str) -> list[str]:
        """Pages of Logseq that it made when their name was clicked: the page that has the name as an alias is meant."""
        return self.lookup("empty", end_key(name)) if self._site.tool == "logseq" else []

    def _on_day(self, name: str) -> list[str]:
        """The journal page of a day: Logseq writes `[[May 1st, 2024]]` for `2024_05_01.md`."""
        if not any(c.isdecimal() for c in name):
            return []
        if self._journal and (match := self._journal.fullmatch(name)):
            return self.lookup("days", day_of(match))
        try:
            day = parse_date(name)
        except ValueError:
            return []
        return self.lookup("days", day.value) if not day.doubt else []

    def _by_address(self, target: str, source: str) -> list[str]:
        target = _TO_FILE.sub("", target).replace("\\", "/").strip()
        if target.startswith("@/"):
            return self._in_roots(target[2:], source, inmost=True)
        target = target.removeprefix("@site")  # Docusaurus: relative to the site
        folder = dirname(source)
        places: list[str | None]
        if target.startswith("/"):
            target = self._within_site(target)
            places = [target.strip("/")]
            found = self._in_roots(target.strip("/"), source)
        else:
            bases = dict.fromkeys((*_own_places(source), *_own_places(original(source)[1])))
            places = [joined(base, target) for base in bases]
            found = next((found for place in places if place is not None and (found := self._exactly(place))), [])
            if not found and not target.startswith("."):
                found = self._in_roots(target.strip("/"), source)  # its author forgot the slash
        if not found and (match := _ID.search(target)):  # Notion's `/Title-<id>`, Joplin's `:/<id>`
            found = self.lookup("tails", match[0])
        if found:
            return found
        found = self.lookup("declared", address_of(name_key(target))) or self._below_prefix(target, folder)
        found = found or self._translated(target, source) or self._whole(target, folder)
        if found:
            return found
        if _names_file(target):
            name = target.strip("./")
            found = self._nearest(self.lookup("tails", end_key(name_key(stem_of(name)))), name, folder)
            if found or not target.startswith("/"):
                return found if len(found) == 1 or not target.startswith(".") else []
            # `/content/blog/x.md` is relative to the repository, of which CONTENT is a part.
            rests = [name[len(f) + 1 :] for f in self._site.folders if name.startswith(f + "/")]
            return next(filter(None, map(self._at, [*rests, *ends_of(name)])), [])
        found = self._without_numbers(target, source)
        if len(found) == 1 or not target.startswith("/") or not places[0]:
            return found
        on_site, lacking = self._on_site(places[0])
        answering = self._nearest(on_site, target.strip("/"), folder)
        if len(answering) > _CROWD:
            return found if lacking else answering
        least = min((path.count("/") for path in answering), default=0)
        top = [path for path in answering if path.count("/") == least]
        if len(top) > 1 and (lacking or all(are_translations(top[0], path) for path in top[1:])):
            return found  # the page that is meant is none of them
        return (top if len(top) == 1 else answering) or found

    def _within_site(self, target: str) -> str:
        """An address without the path that all of the site's addresses begin with."""
        for path in self._below:
            if target[1:].casefold().startswith(path + "/"):
                return target[1 + len(path) :]
        return target

    def _exactly(self, place: str) -> list[str]:
        """The posts at a path, or whose permalink it is."""
        if not place.strip("/"):
            # The beginning of a site is no README, but for tools that make a page of it.
            every = self.lookup("full", "")
            home = [path for path in every if not path.casefold().startswith("readme.")]
            return home or (every if self._site.tool in _README_IS_HOME else [])
        return self._at(place) or self.lookup("declared", address_of(name_key(place)))

    def _in_roots(self, place: str, source: str, *, inmost: bool = False) -> list[str]:
        """The posts at a path that begins in CONTENT or in a folder above the post that may be the site's own.

        Of a translation so do those above what it translates.
        """
        order = -1 if inmost else 1
        every = [root for path in dict.fromkeys((source, original(source)[1])) for root in roots(path)[::order]]
        found = [self._exactly(f"{root}/{place}".strip("/")) for root in dict.fromkeys(every)]
        return next((paths for paths in found if len(paths) == 1), next(filter(None, found), []))

    def _translated(self, target: str, source: str) -> list[str]:
        """The page in the site's own language, if a link leads to a translation that does not exist."""
        if not target.startswith("/"):
            return []
        own = self._site.language
        first, _slash, rest = target.strip("/").partition("/")
        if not names_language(first):
            first, rest = language_folder(source).rpartition("/")[2], target.strip("/")
        if not first or first == own:
            return []
        for root in roots(source):
            if not names_language(root.rpartition("/")[2]):
                places = [f"{root}/{rest}.{first}", f"{root}/{rest}/index.{first}", f"{root}/{rest}/_index.{first}"]
                places += ([f"{root}/{own}/{rest}"] if own else []) + [f"{root}/{rest}"]
                for place in places:
                    if found := self._exactly(place.strip("/")):
                        return found
        return []

    def _whole(self, target: str, folder: str) -> list[str]:
        """The one post whose path ends in a whole address of several parts."""
        name = address_of(target)
        if "/" not in name or target.startswith("."):
            return []
        found = self._nearest(self.lookup("tails", end_key(name_key(name))), name, folder)
        return found if len(found) == 1 else []

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
        if exact := self.lookup("exact", place) or self.lookup("exact", f"{place}.md"):
            return exact
        found = self.lookup("full", name_key(stem_of(place).strip("/")))
        return self._nearest(found, place, dirname(place))

    def _nearest(self, found: list[str], name: str, folder: str) -> list[str]:
        """Of several posts, the one spelled exactly like `name`, or the one in the same folder."""
        if not 1 < len(found) <= CROWD:
            return found
        bare = stem_of(name)
        spelled = [path for path in found if bare in (path, *names_of(path)) or ends(path, bare)] or found
        near = [path for path in spelled if dirname(path) == folder]
        if len(near) == 1:
            return near
        left = near or spelled
        left = self._in_language(left, language_folder(folder + "/"))
        if len(left) == 1:
            return left
        for better in (is_undated, is_no_index):  # `projects.md` wins over `projects/index.md`, as in Foam
            chosen = [path for path in left if better(path)]
            if len(chosen) == 1:
                return chosen
        return left

    def _in_language(self, paths: list[str], own: str) -> list[str]:
        """Of several posts those in the folder of the page's own language, else those in the site's."""
        folders = {path: language_folder(path) for path in paths}
        for wanted in (own, ""):
            if same := [path for path in paths if folders[path] == wanted]:
                return same
        return [path for path in paths if folders[path].rpartition("/")[2] == self._site.language] or paths

    def _on_site(self, address: str) -> tuple[list[str], bool]:
        """Posts that match an address such as `2024/05/slug.html` or `blog/slug`, and whether all but one part does.

        The last segment must be the post's name or slug; numbers must be its year, month and day, with folders behind
        them in Hexo, whose `:title` is a path: `2024/05/01/2024/slug`; all other segments but one must be its folders
        or categories.
        """
        *parts, last = name_key(stem_of(address)).strip("/").split("/")
        numbers = [part for part in parts if part.isdecimal()]
        words = [part for part in parts if not part.isdecimal()]
        if last not in self._namesakes:
            paths = dict.fromkeys([*self.lookup("tails", last), *self.lookup("declared", last)])
            self._namesakes[last] = Namesakes(self._posts[path] for path in paths)
        date = [int(part[:9]) for part in numbers]  # no date has more digits
        found, lacking = self._namesakes[last].of(date, words)
        for length in () if found else (3, 2, 1):
            if folders := numbers[length:]:
                below, lacking = self._namesakes[last].of(date[:length], [*words, *folders])
                below = [path for path in below if {*folders} <= {*name_key(path).split("/")[:-1]}]
                if below:
                    return below, lacking
        return found, lacking


@lru_cache(maxsize=2)
def _addresses_of(pages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name_key(name) for page in pages for name in page_names(page))


def _translation(target: str, ending: str) -> str:
    """The relative link to the translation: `b.fr.md` for `b.md`."""
    place, mark, part = target.partition("#")
    suffix = SUFFIX.search(place)
    end = suffix.start() if suffix else len(place.rstrip("/"))
    return f"{place[:end]}{ending}{place[end:]}{mark}{part}" if end and not place.startswith("/") else target


def _declared_language(post: Post) -> str:
    return next((each.value for each in post.attributes if each.predicate == LANGUAGE), "")


def _own_places(path: str) -> tuple[str, str]:
    """The bases an address in a post may be relative to: its folder, and its page."""
    folder = dirname(path)
    return folder, stem_of(path) if is_no_index(path) else folder


def _contested_names(post: Post, index: Index) -> Iterable[Diagnostic]:
    """Report slugs, permalinks and aliases of a post that another post claims, too, or has as its title."""
    for attribute in post.attributes:
        if attribute.predicate not in DECLARED or "{{" in attribute.value:
            continue  # the result of a template is unknown
        key = index.name_of(attribute.value)
        if not key or key in _NO_ADDRESS:
            continue
        if attribute.predicate == _SLUG and "/" not in attribute.value.strip("/"):
            # It is the last part of an address, which begins with the section.
            claimed = index.claiming(post.path, attribute.value.strip("/"))[:CROWD]
        else:
            claimed = index.lookup("declared", key)[:CROWD]
        if attribute.predicate == _ALIAS and not attribute.value.startswith("/"):
            claimed += index.lookup("titles", key)[:CROWD]
        if attribute.predicate == _SLUG:  # which may stand behind a date in the address
            claimed = [path for path in claimed if not index.is_of_another_day(path, post)]
        empty = index.lookup_empty(key)
        others = [path for path in dict.fromkeys(claimed) if path not in empty]
        others = [path for path in others if index.may_contest(post.path, path, attribute)]
        if others:
            names = ", ".join(others[:3])
            message = f"{attribute.field}: '{attribute.value[:60]}' is also claimed by {names}; they are kept apart"
            found = diagnose(post.path, attribute.line, attribute.column, "KG201", message)
            is_name = attribute.predicate == _ALIAS and not attribute.value.startswith("/")
            yield note_of(found) if is_name and index.is_vault else found
