"""What the path of a post says by itself: a date, a language, a title, whether it is a draft; and how it is written."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.text.dates import date_in_name
from kg.text.languages import language_tag

SUFFIX = re.compile(r"\.(?:md|mdx|markdown)\Z", re.IGNORECASE)
"""`kg.iris.POST_SUFFIXES`, in any case."""
INDEX_NAMES = frozenset({"index", "_index", "readme"})
"""A file of this name is the page of its folder."""
_LANGUAGE = re.compile(r"(?<=.)\.(?P<tag>[a-z]{2}(?:[-_](?:[A-Za-z]{2}|Han[st]|han[st]))?)\Z")
_LANGUAGE_CODES = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it "
    "ja ka kk km kn ko ky la lb lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq sr "
    "sv sw ta te tg th tk tl tr uk ur uz vi zh "
)
"""ISO 639-1 codes of languages in wide use (https://www.loc.gov/standards/iso639-2/), for `post.zh.md`."""


def portable(path: str) -> str:
    """A path that can be written anywhere: a byte of a name that is not UTF-8 becomes `%FF`."""
    if path.isascii():
        return path
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in path)


class FileName(NamedTuple):
    """The parts of a path that mean something."""

    title: str
    """The name without suffix, date and language; an index is called after its folder."""
    date: str
    """xsd:date, or ""."""
    language: str
    """A BCP 47 tag, or ""."""
    jekyll: bool
    """Whether it is a post by Jekyll's rules: a dated file in `_posts`, or a file in `_drafts`."""
    draft: bool
    """Whether it lies in `_drafts`."""

    @classmethod
    def of(cls, path: str, content: str = "") -> FileName:
        """Take a path apart.

        Args:
            path: relative to CONTENT.
            content: the name of CONTENT itself, which may be `_posts`.
        """
        *folders, name = path.split("/")
        stem = SUFFIX.sub("", name)
        language = ""
        match = _LANGUAGE.search(stem)
        if match and f"{match['tag'][:2]} " in _LANGUAGE_CODES:
            language = language_tag(match["tag"])
            stem = stem[: match.start()]
        if stem.lower() in INDEX_NAMES and folders:
            stem = folders[-1]
        date = date_in_name(stem)
        known = {content, *folders}
        drafts = "_drafts" in known
        title = (stem[10:].lstrip("-_ ") if date else stem).replace("___", "/")  # Logseq's a/b is a___b.md
        return cls(title or stem or path, date, language, drafts or (bool(date) and "_posts" in known), drafts)
