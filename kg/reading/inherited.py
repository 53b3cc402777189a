"""Fields that a post inherits: what its tool keeps for a whole folder in another file.

Eleventy: directory data, `posts/posts.json` and `posts/posts.11tydata.json`, and a post's own `post.11tydata.json`
(https://www.11ty.dev/docs/data-template-dir/). Hugo: `cascade` of a section's `_index.md`
(https://gohugo.io/content-management/front-matter/#cascade). Jekyll: `defaults` of `_config.yml`
(https://jekyllrb.com/docs/configuration/front-matter-defaults/). Nikola: `post.meta` beside a post
(https://getnikola.com/handbook.html#two-file-format).

What the post itself says goes before what it inherits, and the nearer folder before the farther one; tags of Eleventy
add up. Inherited values stand in no line of the post: their place is line 0. A `permalink` for a whole folder is a
pattern and no post's address, so it is left out. Data files that are programs are not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import dropwhile
from posixpath import dirname
from typing import TYPE_CHECKING

from kg.reading.jekyll_defaults import Default, type_of
from kg.reading.values import Fields, Scalar, Value
from kg.text.filenames import SUFFIX, FileName, names_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from kg.model import Diagnostic

SECTION = re.compile(r"(?:\A|.*/)_index(?:\.[\w-]+)?\.(?:md|markdown)\Z")
_SOURCES = frozenset({"content", "docs", "site", "source", "src", "website", "www"})
"""Folders that a site of Jekyll is in, and no categories: `source` in its settings, and `docs` on GitHub Pages."""
_PLURALS = {"category": "categories", "area": "areas", "tag": "tags"}


@dataclass(frozen=True, slots=True)
class Inherited:
    """The fields that posts of a folder inherit."""

    folders: dict[str, tuple[Fields, ...]] = field(default_factory=dict)
    """For all posts below a folder."""
    sections: dict[tuple[str, str], Fields] = field(default_factory=dict)
    """For the pages below a folder that are in one language, "" for the site's own."""
    language: str = ""
    """The site's own, which names of files may tell or not; "" if it is not known."""
    single: dict[str, Fields] = field(default_factory=dict)
    """For one post, by its path without suffix."""
    defaults: tuple[Default, ...] = ()
    """Jekyll's, the most specific first."""
    kind: str = ""
    """The kind of thing that the folder of a post is, by `folders` in kg.toml."""
    tool: str = ""
    """Of the site, as far as it makes categories of folders."""
    root: str = ""
    """What leads to CONTENT from the folder of `_config.yml`, or that of Pelican's articles: "" or `_posts/`."""
    articles: str = ""
    """What leads from CONTENT to the folder of Pelican's articles, or of Jekyll's collections: "" or `content/`."""
    languages: dict[str, str] = field(default_factory=dict)
    """Of folders: see `kg.reading.folder_languages`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()
    """The files other than posts that all this was read from."""
    digest: bytes = b""
    """A digest of everything that is inherited; "" for nothing."""

    def of(self, path: str, own: Fields) -> Fields:
        """The fields that the post at a path inherits."""
        if not self.digest:
            return ()
        known = {key.text.lower() for key, _value in own}
        result: list[tuple[Scalar, Value]] = [*self._categories(path, known)]
        for fields, add_up in self._layers(path):
            names = [key.text.lower() for key, _value in fields]
            for name, entry in zip(names, fields, strict=True):
                if name not in known or (add_up and name == "tags"):
                    result.append(entry)
            known.update(names)
        return tuple(result)

    def _categories(self, path: str, known: Collection[str]) -> Iterator[tuple[Scalar, Scalar]]:
        """Categories that a post has by its folder: in Jekyll besides its own, in Pelican if it has none."""
        *folders, _name = (self.root + path).removeprefix(self.articles).split("/")
        kind, found = "category", list[str]()
        if not path.startswith(self.articles):
            return
        if self.tool == "jekyll" and "_posts" in folders:
            above = dropwhile(_SOURCES.__contains__, folders[: folders.index("_posts")])
            found = [folder for folder in above if not names_language(folder)]
        elif self.tool == "pelican" and "category" not in known and folders[0:1] != ["pages"]:
            found = folders[-1:]
        elif self.kind and not {self.kind, _PLURALS[self.kind]} & set(known):
            kind, found = self.kind, folders[-1:]
        for folder in found:
            yield Scalar(kind, 0, 0), Scalar(folder, 0, 0)

    def _layers(self, path: str) -> Iterator[tuple[Fields, bool]]:
        """The maps of fields, the nearest first, each with whether its tags add to those of the post."""
        if self.single:
            yield self.single.get(SUFFIX.sub("", path), ()), True
        if self.folders or self.sections:
            language = language_in_name(path, self.language)
            own = dirname(path) if SECTION.match(path) else None
            folder = path
            while folder:
                folder = dirname(folder)
                yield from ((fields, True) for fields in self.folders.get(folder, ()))
                if folder != own and (fields := self.sections.get((folder, language))):
                    yield fields, False
        if self.defaults:
            whole = self.root + path
            kind = type_of(whole)
            yield from ((default.values, False) for default in self.defaults if default.fits(whole, kind))


def language_in_name(path: str, own: str) -> str:
    """The language in a file name; "" for the site's own."""
    language = FileName.of(path).language
    return "" if language == own else language
