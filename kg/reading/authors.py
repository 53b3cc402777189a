"""Authors given as slugs: `author: ada` is the person whose page is `authors/ada.md`, or whose entry is in authors.yml.

Hugo, Jekyll, Docusaurus and most themes write authors so. Without this step one person would be two nodes. The slug as
typed stays with the post as a literal, and the page is linked to the person it is about.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg.config import Limits
from kg.diagnostics import diagnose
from kg.iris import field_name
from kg.machine.files import is_file_below, read_plain
from kg.model import IRI, Attribute, Mention, Record
from kg.namespaces import FIELD, SCHEMA, XSD
from kg.reading import values
from kg.reading.files import decode
from kg.reading.yaml import Yaml
from kg.text.filenames import INDEX_NAMES
from kg.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.model import Diagnostic, Post

ABOUT = IRI(SCHEMA + "about")
_PAGE = re.compile(
    r"(?:\A|/)(?:_?authors?|_?people|_?team|_?contributors)/(?P<slug>[^/]+?)(?:/_?index)?\.(?:md|mdx|markdown)\Z",
    re.IGNORECASE,
)
_DATA = ("authors.yml", "authors.yaml", "blog/authors.yml", "_data/authors.yml", "../_data/authors.yml")
_NAME, _SHORT = IRI(FIELD + "name"), IRI(FIELD + "short_name")


class Author(NamedTuple):
    """A person whom posts call by a slug."""

    name: str
    homepage: str = ""


def data_files(content: Path) -> list[Path]:
    """Files beside the posts that tell authors' names: Docusaurus' authors.yml, Jekyll's _data/authors.yml."""
    return [content / name for name in _DATA if is_file_below(content, name)]


def linked(content: Path) -> list[Diagnostic]:
    """What to say of such files that are not read, for a link leads there."""
    links = (name for name in _DATA if os.path.isfile(content / name) and not is_file_below(content, name))  # noqa: PTH113
    return [diagnose(name, 0, 0, "KG006", "a symbolic link leads here; no names of authors are read") for name in links]


def join(posts: Sequence[Post], content: Path) -> tuple[Post, ...]:
    """The posts, with slugs of authors replaced by their names.

    A slug that two different people claim stays as it is.
    """
    found = pages(posts)
    return joined(posts, known(found, content), found)


class Page(Record, frozen=True):
    """A post about an author."""

    path: str
    slugs: tuple[str, ...]
    """What posts may call the author."""
    name: str


def pages(posts: Iterable[Post]) -> list[Page]:
    """Those of some posts that are about authors."""
    found = []
    for post in posts:
        if slug := _slug(post.path):
            slugs = (slug, *(a.value for a in post.attributes if a.predicate == _SHORT))
            found.append(Page(post.path, slugs, _name_of(post)))
    return found


def known(found: Iterable[Page], content: Path) -> dict[str, Author | None]:
    """Folded slug → the author, or None where two people claim it.

    Args:
        found: the pages of all posts, in path order.
        content: the folder, for its data files.
    """
    authors: dict[str, Author | None] = {}

    def add(slug: str, author: Author) -> None:
        key = fold(slug)
        other = authors.get(key, author)
        authors[key] = author if other and fold(other.name) == fold(author.name) else None

    for path in data_files(content):
        for slug, author in _from_data(path):
            add(slug, author)
    for page in found:
        for slug in page.slugs:
            add(slug, Author(page.name))
    return authors


def joined(posts: Iterable[Post], authors: Mapping[str, Author | None], found: Iterable[Page]) -> tuple[Post, ...]:
    """Some posts with the slugs of authors replaced; `found` are their own pages of authors."""
    if not authors:
        return tuple(posts)
    about = {page.path: page.name for page in found}
    return tuple(_joined(post, authors, about.get(post.path, "")) for post in posts)


def _slug(path: str) -> str:
    match = _PAGE.search(path)
    return match["slug"] if match and match["slug"].lower() not in INDEX_NAMES else ""


def _name_of(page: Post) -> str:
    return next((a.value for a in page.attributes if a.predicate == _NAME), page.title)


def _joined(post: Post, authors: Mapping[str, Author | None], about: str) -> Post:
    mentions: list[Mention] = []
    typed: list[Attribute] = []
    for mention in post.mentions:
        author = authors.get(fold(mention.name)) if mention.kind == "person" else None
        if author is None:
            mentions.append(mention)
            continue
        if author.name != mention.name:
            predicate = IRI(FIELD + field_name(mention.field))
            place = (mention.line, mention.column)
            typed.append(Attribute(predicate, mention.name, XSD + "string", "", mention.field, *place))
        homepage = mention.homepage or author.homepage
        mentions.append(msgspec.structs.replace(mention, name=author.name, homepage=homepage))
    if about:
        mentions.append(Mention(about, "person", ABOUT, "title", 0, 0))
    if tuple(mentions) == post.mentions:
        return post
    return msgspec.structs.replace(post, mentions=tuple(mentions), attributes=(*post.attributes, *typed))


def _from_data(path: Path) -> Iterable[tuple[str, Author]]:
    """The people of one authors.yml: `ada: {name: Ada Lovelace, url: …}`, or `ada: Ada Lovelace`."""
    try:
        text, _diagnostics = decode(read_plain(path), path.name)
    except OSError:
        return
    for key, value in Yaml().parse(text or "", 1, Limits()).fields.entries:
        if isinstance(value, values.Scalar) and value.text.strip():
            yield key.text, Author(value.text.strip())
        elif isinstance(value, values.Mapping):
            parts = {k.text.lower(): v.text.strip() for k, v in value.entries if isinstance(v, values.Scalar)}
            homepage = next((parts[k] for k in ("url", "homepage", "website") if k in parts), "")
            if parts.get("name"):
                yield key.text, Author(parts["name"], homepage if homepage.startswith(("http://", "https://")) else "")
