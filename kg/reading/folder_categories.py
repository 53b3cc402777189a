"""Categories that posts have by their folders, where the tool makes some of these, or kg.toml says so."""

from collections.abc import Collection, Iterator, Mapping
from itertools import dropwhile
from typing import NamedTuple

from kg.reading.values import Scalar
from kg.text.filenames import names_language

_SOURCES = frozenset({"content", "docs", "site", "source", "src", "website", "www"})
"""Folders that a site of Jekyll is in, and no categories: `source` in its settings, and `docs` on GitHub Pages."""
_PLURALS = {"category": "categories", "area": "areas", "tag": "tags"}


class FolderCategories(NamedTuple):
    """How the folders of one CONTENT are categories."""

    tool: str = ""
    """Of the site, as far as it makes categories of folders."""
    kind: str = ""
    """The kind of thing that the folder of a post is, by `folders` in kg.toml."""
    root: str = ""
    """What leads to CONTENT from the folder of `_config.yml`, or that of Pelican's articles: "" or `_posts/`."""
    articles: str = ""
    """What leads from CONTENT to the folder of Pelican's articles, or of Jekyll's collections: "" or `content/`."""
    home: str = ""
    """What leads from CONTENT to the site's own folder: "" or `site/`."""
    languages: Mapping[str, str] = {}
    """Of folders, which are no categories: see `kg.reading.folder_languages`."""

    def on_site(self, path: str) -> str:
        """The path of a post from the folder of the site's settings."""
        return self.root + path.removeprefix(self.home)

    def of(self, path: str, known: Collection[str]) -> Iterator[tuple[Scalar, Scalar]]:
        """Categories that a post has by its folder: in Jekyll besides its own, in Pelican if it has none."""
        whole = self.on_site(path)
        *folders, _name = whole.removeprefix(self.articles).split("/")
        kind, found = "category", list[str]()
        if self.tool and not (path.startswith(self.home) and whole.startswith(self.articles)):
            return
        if self.tool == "jekyll" and "_posts" in folders:
            above = dropwhile(_SOURCES.__contains__, folders[: folders.index("_posts")])
            found = [folder for folder in above if not names_language(folder)]
        elif self.tool == "pelican" and "category" not in known and folders[0:1] != ["pages"]:
            found = folders[-1:]
        elif self.kind and not {self.kind, _PLURALS[self.kind]} & set(known):
            kind, found = self.kind, [folder for folder in (topic_folder(path, self.languages),) if folder]
        for folder in found:
            yield Scalar(kind, 0, 0), Scalar(folder, 0, 0)


def topic_folder(path: str, languages: Collection[str]) -> str:
    """The folder of a post, or where that is one of a language, the next above that may be a topic; "" for none.

    >>> topic_folder("guide/fr/a.md", {"guide/fr"}), topic_folder("docs/fr/a.md", {"docs/fr"})
    ('guide', '')
    """
    own = folder = path.rpartition("/")[0]
    while folder and folder in languages:
        folder = folder.rpartition("/")[0]
    name = folder.rpartition("/")[2]
    return name if folder == own or name not in _SOURCES else ""
