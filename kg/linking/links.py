"""Link resolution: the post each link leads to, by the rules of the tool that would follow it.

Wikilinks (Obsidian, Foam, Quartz, Logseq) name a note by path, shortest unique path, alias or title. Markdown links
give a path, relative to the file or (with pretty URLs) to the page, or an address on the site: a permalink,
`/2024/05/slug/`, Zola's `@/path.md`. Shortcodes (`{{< ref "x" >}}`, `{% post_url x %}`) name a file.

A link that matches no post, or several, is reported and yields no edge: nothing is guessed. A link of a post to itself
is dropped.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.diagnostics import diagnose
from kg.linking.claims import contested
from kg.linking.doubled import Ambiguity, told_once
from kg.linking.index import Index, IndexKey
from kg.linking.journals import names_day
from kg.linking.targets import find
from kg.linking.unresolved import is_not_read, page_named, told
from kg.model import IRI, Diagnostic, Link, Post
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
    diagnostics = (*found.diagnostics, *together(found.ambiguous, found.unwritten))
    return found._replace(
        diagnostics=diagnostics, ambiguous=(), asked=frozenset(index.asked), namesakes=index.namesakes
    )


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
