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
from dataclasses import dataclass
from posixpath import dirname
from typing import TYPE_CHECKING

from kg.reading.jekyll_defaults import Default, type_of
from kg.text.filenames import SUFFIX, FileName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.model import Diagnostic
    from kg.reading.folder_categories import FolderCategories
    from kg.reading.values import Fields, Scalar, Value

SECTION = re.compile(r"(?:\A|.*/)_index(?:\.[\w-]+)?\.(?:md|markdown)\Z")


@dataclass(frozen=True, slots=True)
class Inherited:
    """The fields that posts of a folder inherit."""

    folders: dict[str, tuple[Fields, ...]]
    """For all posts below a folder."""
    sections: dict[tuple[str, str], Fields]
    """For the pages below a folder that are in one language, "" for the site's own."""
    language: str
    """The site's own, which names of files may tell or not; "" if it is not known."""
    single: dict[str, Fields]
    """For one post, by its path without suffix."""
    defaults: tuple[Default, ...]
    """Jekyll's, the most specific first."""
    categories: FolderCategories
    languages: dict[str, str]
    """Of folders: see `kg.reading.folder_languages`."""
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[Path, ...]
    """The files other than posts that all this was read from."""
    digest: bytes
    """A digest of everything that is inherited; "" for nothing."""

    def of(self, path: str, own: Fields) -> Fields:
        """The fields that the post at a path inherits."""
        if not self.digest:
            return ()
        known = {key.text.lower() for key, _value in own}
        result: list[tuple[Scalar, Value]] = [*self.categories.of(path, known)]
        for fields, add_up in self._layers(path):
            names = [key.text.lower() for key, _value in fields]
            for name, entry in zip(names, fields, strict=True):
                if name not in known or (add_up and name == "tags"):
                    result.append(entry)
            known.update(names)
        return tuple(result)

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
        if self.defaults and path.startswith(self.categories.home):
            whole = self.categories.on_site(path)
            kind = type_of(whole)
            yield from ((default.values, False) for default in self.defaults if default.fits(whole, kind))


def language_in_name(path: str, own: str) -> str:
    """The language in a file name; "" for the site's own."""
    language = FileName.of(path).language
    return "" if language == own else language
