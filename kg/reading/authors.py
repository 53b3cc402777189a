"""Authors given as slugs: `author: ada` is the person whose page is `authors/ada.md`, or whose entry is in authors.yml.

Hugo, Jekyll, Docusaurus and most themes write authors so. Without this step one person would be two nodes. The slug as
typed stays with the post as a literal, and the page is linked to the person it is about.
"""

import os
import re
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from kg.config import Limits
from kg.diagnostics import diagnose
from kg.machine.files import is_file_below, read_plain
from kg.model import IRI, Diagnostic, Mention, Post, Record
from kg.namespaces import FIELD, SCHEMA
from kg.reading.renaming import renamed
from kg.text.filenames import INDEX_NAMES, SUFFIX
from kg.text.folding import fold

ABOUT = IRI(SCHEMA + "about")
_PAGE = re.compile(
    r"(?:\A|/)_?(?:authors?|people|team|contributors|members|staff)/(?P<slug>[^/]+?)(?:/_?index)?\Z", re.IGNORECASE
)
_DATA = (
    "authors.yml", "authors.yaml", "blog/authors.yml", "website/blog/authors.yml",
    "_data/authors.yml", "../_data/authors.yml", "_config.yml", "../_config.yml",
    ".authors.yml", "blog/.authors.yml", "docs/.authors.yml", "docs/blog/.authors.yml",
)  # fmt: skip
_MOST_WORDS = 5
_NO_NAME = re.compile(r"[\d,:;!?%…|/()\[\]“”\"。，：；！？、]|\.\s*\Z|\s[–—-]\s")
_PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "ten",
    "zu", "zum", "af", "al", "el", "bin", "ibn", "ben", "bint", "y", "e", "i", "av",
})  # fmt: skip
"""Words within names that are written in lower case."""
_NAME, _SHORT = IRI(FIELD + "name"), IRI(FIELD + "short_name")


class Author(NamedTuple):
    """A person whom posts call by a slug."""

    name: str
    homepage: str = ""


def data_files(content: Path, home: str) -> list[Path]:
    """Files beside the posts that tell authors' names: of Docusaurus, Jekyll and MkDocs Material."""
    return [content / name for each in _DATA if is_file_below(content, name := home + each)]


def linked(content: Path) -> list[Diagnostic]:
    """Diagnostics of author files that are not read because they are links."""
    links = (name for name in _DATA if os.path.isfile(content / name) and not is_file_below(content, name))  # noqa: PTH113
    return [diagnose(name, 0, 0, "KG006", "a symbolic link leads here; no names of authors are read") for name in links]


class Page(Record, frozen=True):
    """A post about an author."""

    path: str
    slugs: tuple[str, ...]
    """What posts may call the author."""
    name: str


def pages(posts: Iterable[Post]) -> list[Page]:
    """The posts that are about authors."""
    found = []
    for post in posts:
        if slug := _slug(post.path):
            slugs = (slug, *(a.value for a in post.attributes if a.predicate == _SHORT))
            found.append(Page(post.path, slugs, _name_of(post, slug)))
    return found


def named(posts: Iterable[Post]) -> set[str]:
    """The folded names of all people in some posts."""
    return {fold(name) for name in {m.name for post in posts for m in post.mentions if m.kind == "person"}}


def claimed(found: Iterable[Page], people: Container[str]) -> list[Page]:
    """The pages whose person some post names; of the others nobody knows whether they are about a person."""
    return [page for page in found if any(fold(name) in people for name in (*page.slugs, page.name))]


def known(found: Iterable[Page], content: Path, home: str) -> dict[str, Author | None]:
    """Folded slug → the author, or None if two people claim it.

    Args:
        found: the pages of people whom posts name, in path order.
        content: the folder, for its data files.
        home: where the site lies in it, as in `kg.reading.site.Site`.
    """
    authors: dict[str, Author | None] = {}

    def add(slug: str, author: Author) -> None:
        key = fold(slug)
        other = authors.get(key, author)
        authors[key] = author if other and fold(other.name) == fold(author.name) else None

    for path in data_files(content, home):
        for slug, author in _from_data(path):
            add(slug, author)
    for page in found:
        for slug in page.slugs:
            add(slug, Author(page.name))
    return authors


def joined(posts: Iterable[Post], authors: Mapping[str, Author | None], found: Iterable[Page]) -> tuple[Post, ...]:
    """Posts with the slugs of authors replaced by names; `found` are the pages about authors among them."""
    if not authors:
        return tuple(posts)
    about = {page.path: page.name for page in found if any(fold(slug) in authors for slug in page.slugs)}
    return tuple(_joined(post, authors, about.get(post.path, "")) for post in posts)


def has_page(path: str) -> bool:
    """Whether the post at a path is about an author."""
    return bool(_slug(path))


def _slug(path: str) -> str:
    stem, ending = SUFFIX.subn("", path)
    match = _PAGE.search(stem) if ending else None
    return match["slug"] if match and match["slug"].lower() not in INDEX_NAMES else ""


def _name_of(page: Post, slug: str) -> str:
    """The name that a page gives, or its title if that is a name, or else the slug."""
    given = next((a.value for a in page.attributes if a.predicate == _NAME), "")
    return given or (page.title if _is_name(page.title, slug) else slug)


def _is_name(title: str, slug: str) -> bool:
    """Whether a title is the name of the person with a slug: `Ada Lovelace` for `ada`, `ada-lovelace` or `countess`.

    `About Ada` and `Ada Lovelace, who wrote programs` are titles of pages: a name has few words, capitals where its
    letters have them, no marks of a sentence, and begins as the slug does where it holds all of its words.
    """
    words = title.split()
    if not 0 < len(words) <= _MOST_WORDS or _NO_NAME.search(title):
        return False
    if any(word[0].islower() and fold(word) not in _PARTICLES for word in words):
        return fold(title) == fold(slug)
    parts, own = re.findall(r"\w+", fold(title)), re.findall(r"[^\W_]+", fold(slug))
    return not set(own) <= set(parts) or parts[0] in own


def _joined(post: Post, authors: Mapping[str, Author | None], about: str) -> Post:
    def meant(mention: Mention) -> list[Mention]:
        author = authors.get(fold(mention.name)) if mention.kind == "person" else None
        if author is None:
            return [mention]
        return [replace(mention, name=author.name, homepage=mention.homepage or author.homepage)]

    post = renamed(post, meant)
    return replace(post, mentions=(*post.mentions, Mention(about, "person", ABOUT, "title", 0, 0))) if about else post


def _from_data(path: Path) -> Iterable[tuple[str, Author]]:
    """The people of one authors.yml: `ada: {name: Ada Lovelace, url: …}`, or `ada: Ada Lovelace`."""
    from kg.reading import values
    from kg.reading.files import decode
    from kg.reading.yaml import Yaml

    try:
        text, _diagnostics = decode(read_plain(path), path.name)
    except OSError:
        return
    entries = Yaml().parse(text or "", 1, Limits()).fields.entries
    below = next((value for key, value in entries if key.text == "authors" and isinstance(value, values.Mapping)), None)
    if path.name == "_config.yml" or (below and len(entries) == 1):
        entries = below.entries if below else ()  # https://squidfunk.github.io/mkdocs-material/plugins/blog/#authors
    for key, value in entries:
        if isinstance(value, values.Scalar) and value.text.strip():
            yield key.text, Author(value.text.strip())
        elif isinstance(value, values.Mapping):
            parts = {k.text.lower(): v.text.strip() for k, v in value.entries if isinstance(v, values.Scalar)}
            homepage = next((parts[k] for k in ("url", "homepage", "website") if k in parts), "")
            if parts.get("name"):
                yield key.text, Author(parts["name"], homepage if homepage.startswith(("http://", "https://")) else "")
