"""What the path of a post says on its own: a date, a language, a title, whether it is a draft."""

import re
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import unquote

from kg.text.dates import date_in_folders, date_in_name
from kg.text.languages import language_tag

POST_SUFFIXES = (
    *(".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mkdown", ".mdown", ".mdwn", ".mdtext", ".mdtxt", ".livemd"),
    *(".markdn", ".mkdwn", ".ronn", ".mdoc", ".svx", ".qmd", ".rmd", ".rmarkdown"),
)
"""Suffixes of Markdown files in lower case: those that GitHub renders as Markdown
(https://github.com/github-linguist/linguist/blob/main/lib/linguist/languages.yml), and those of MDX, Markdoc, mdsvex,
Quarto and R Markdown."""
SUFFIX = re.compile(rf"(?:{'|'.join(map(re.escape, POST_SUFFIXES))})\Z", re.IGNORECASE)
"""`POST_SUFFIXES`, in upper or lower case."""
_SHOWN = (
    "png|jpe?g|gif|svg|webp|avif|bmp|tiff?|ico|heic|pdf|ps|epub|mp3|m4a|wav|ogg|flac|opus|mp4|webm|mov|mkv|avi|m4v"
    "|zip|gz|tgz|bz2|xz|7z|rar|tar|docx?|xlsx?|pptx?|odt|ods|odp|drawio|excalidraw|canvas|base|woff2?|ttf|otf|exe|msi"
    "|dmg|deb|rpm|apk|iso|wasm|rss|atom"
)
_SOURCES = (
    "txt|csv|tsv|jsonl?|xml|ya?ml|toml|ini|log|m?js|tsx?|jsx|css|scss|less|py|ipynb|rb|go|rs|c|h|cc|cpp|hpp|cs|java|kt"
    "|swift|sh|ps1|bat|sql|r|tex|bib|ttl|rdf|nt"
)
SHOWN = re.compile(rf"\.(?:{_SHOWN})\Z", re.IGNORECASE)
"""Suffixes of files that are not posts, and that no post is called after: pictures, documents, archives."""
FILE = re.compile(rf"\.(?:{_SHOWN}|{_SOURCES})\Z", re.IGNORECASE)
"""Those, and suffixes of programs and data: there may be a post `Node.js`."""
EXPORT_ID = re.compile(r"(?:\A| )(?P<id>[0-9a-f]{32})\Z")
"""The id that Notion appends to the name of a page, and that Joplin uses as a file name."""
PAGE_SUFFIXES = (
    *(".html", ".htm", ".njk", ".liquid", ".webc", ".vue", ".astro", ".svelte", ".jsx", ".tsx", ".erb", ".haml"),
    *(".slim", ".pug", ".hbs", ".ejs", ".mustache", ".php", ".adoc", ".rst", ".org", ".ipynb", ".textile", ".11ty.js"),
)
"""Suffixes of files other than posts that site generators make pages of."""
CONTENT_ADAPTER = "_content.gotmpl"
"""The name of a program of Hugo that makes pages (https://gohugo.io/content-management/content-adapters/)."""
INDEX_NAMES = frozenset({"index", "_index", "readme"})
"""A file with one of these names is the page of its folder."""
_LANGUAGE = re.compile(r"(?<=.)\.(?P<tag>[a-z]{2}(?:[-_](?:[A-Za-z]{2}|Han[st]|han[st]))?)\Z")
_LANGUAGE_FOLDER = re.compile(r"[A-Za-z]{2}(?:[-_](?:[A-Za-z]{2}|[Hh]an[st]))?")
_LANGUAGE_CODES = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it "
    "ja ka kk km kn ko ky la lb lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru sa si sk sl sq sr "
    "sv sw ta te tg th tk tl tr uk ur uz vi zh "
)
"""ISO 639-1 codes of common languages (https://www.loc.gov/standards/iso639-2/), for `post.zh.md`."""


def without_query(address: str) -> str:
    """The path of an address: what stands before `?` or `#`."""
    return _QUERY.split(address, maxsplit=1)[0]


_QUERY = re.compile("[?#]")


def names_language(folder: str) -> bool:
    """Whether the name of a folder is a language code: `ja`, `pt-BR`, `zh-hant`."""
    return f"{folder[:2].lower()} " in _LANGUAGE_CODES and bool(_LANGUAGE_FOLDER.fullmatch(folder))


def language_ending(path: str) -> str:
    """`.fr` of `post.fr.md`, or ""."""
    match = _LANGUAGE.search(SUFFIX.sub("", path))
    return match[0] if match and f"{match['tag'][:2]} " in _LANGUAGE_CODES else ""


def untranslated(path: str) -> str:
    """A path without language codes: what it has in common with its translations.

    >>> untranslated("docs/fr/guide/a.md"), untranslated("guide/a.pt-BR.md")
    ('docs/guide/a', 'guide/a')
    """
    *folders, name = SUFFIX.sub("", path).split("/")
    stem = name.removesuffix(language_ending(name))
    return "/".join([*(folder for folder in folders if not names_language(folder)), stem])


TRANSLATION = re.compile(
    r"(?P<site>(?:[^/]+/)*?)i18n/(?P<language>[^/]+)/docusaurus-plugin-content-(?P<part>docs|blog)(?:-[^/]+)?/(?:current/)?"
)
"""Where Docusaurus has the translations of its plugins."""


def originals(path: str) -> list[str]:
    """A path, and where what it translates may lie (https://docusaurus.io/docs/i18n/introduction).

    >>> originals("website/i18n/fr/docusaurus-plugin-content-docs/current/a.md")[1:]
    ['website/docs/a.md', 'docs/a.md']
    >>> originals("docs/a.md")
    ['docs/a.md']
    """
    match = TRANSLATION.match(path) if "/docusaurus-plugin-content-" in path else None
    if not match:
        return [path]
    rest = path[match.end() :]
    place = f"{'versioned_' * rest.startswith('version-')}{match['part']}/{rest}"
    site = match["site"]
    return [path, site + place] + ([site.removesuffix("website/") + place] if site.endswith("website/") else [])


_SHORT_ENDING = re.compile(r"\.[a-z]{2}(?=\.[^./]+\Z)")
"""`.cn` of `post.cn.md`: who translates may name the country."""


def are_translations(path: str, other: str) -> bool:
    """Whether two paths differ only in language codes, or in one folder that is a language code on one side.

    Or one is where Docusaurus has the translation of the other, in whatever language.

    >>> are_translations("docs/fr/a.md", "docs/a.md"), are_translations("fr/a.md", "untranslated/a.md")
    (True, True)
    >>> are_translations("blog_en/a.md", "blog_ja/a.md"), are_translations("blog_en/a.md", "notes_ja/a.md")
    (True, False)
    """
    if untranslated(path) == untranslated(other) or _SHORT_ENDING.sub("", path) == _SHORT_ENDING.sub("", other):
        return True
    if not {*originals(path)}.isdisjoint(originals(other)):
        return True
    parts, others = path.split("/"), other.split("/")
    if len(parts) != len(others) or parts[-1] != others[-1]:
        return False
    differ = [pair for pair in zip(parts, others, strict=True) if pair[0] != pair[1]]
    if len(differ) != 1:
        return False
    (name, _mark, code), (other_name, _mark, other_code) = (folder.rpartition("_") for folder in differ[0])
    return any(map(names_language, differ[0])) or (
        name == other_name != "" and names_language(code) and names_language(other_code)
    )


_VERSION = re.compile(r"/(?:versioned_docs/)?(?:version[-_][\w.-]+|v\d+(?:[.x][\w.-]*)?|\d+\.(?:\d+|x)[\w.-]*)/")
_NUMBERED = re.compile(r"[-_ .]v\d[\w.]*\Z", re.IGNORECASE)
"""The version at the end of a name."""


def are_versions(path: str, other: str) -> bool:
    """Whether two paths lie in folders of two versions, or are called alike with one in a folder of a version.

    >>> are_versions("docs/a.md", "website/versioned_docs/version-1.0/a.md"), are_versions("2023/a.md", "2024/a.md")
    (True, False)
    >>> are_versions("report.md", "report-v4.md"), are_versions("report-v4.md", "reports-v4.md")
    (True, False)
    """
    paths = [f"/{SUFFIX.sub('', each)}" for each in (path, other)]
    if len({_NUMBERED.sub("", each) for each in paths}) == 1:
        return path != other
    first, second = (_VERSION.findall(each) for each in paths)
    if first and second:
        return bool(first[-1] != second[-1])
    alike = [_VERSION.split(each)[-1] for each in paths if _VERSION.search(each)]
    return bool(alike) and all(each.endswith(f"/{alike[0]}") for each in paths)


def folders_alike(*paths: str) -> tuple[str, ...]:
    """The folders in which files lie at the same place; the paths themselves where they are not called alike.

    >>> folders_alike("copy/blog/a.md", "blog/a.md"), folders_alike("a.md", "b.md")
    (('copy', ''), ('a.md', 'b.md'))
    """
    parts = [path.split("/") for path in paths]
    same = sum(1 for _ in takewhile(lambda names: len({*names}) == 1, zip(*map(reversed, parts), strict=False)))
    return tuple(["/".join(each[: len(each) - same]) for each in parts])


def portable(path: str) -> str:
    """A path that can be encoded as UTF-8: a byte that is not UTF-8 becomes `%FF`."""
    if path.isascii():
        return path
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in path)


class FileName(NamedTuple):
    """The meaningful parts of a path."""

    title: str
    """The file name without suffix, date and language; an index file is named after its folder."""
    date: str
    """xsd:date, or ""."""
    language: str
    """A BCP 47 tag, or ""."""
    jekyll: bool
    """Whether Jekyll would take it for a post: a dated file in `_posts`, or a file in `_drafts`."""
    draft: bool
    """Whether it is in `_drafts`."""

    @classmethod
    def of(cls, path: str, content: str = "", *, suffixed: bool = True) -> "FileName":
        """Parse a path.

        Args:
            path: relative to CONTENT.
            content: the name of CONTENT itself, which may be `_posts`.
            suffixed: whether `x.fr.md` may be a translation, as it is for tools that make sites.
        """
        *folders, name = path.split("/")
        stem = SUFFIX.sub("", name)
        stem = EXPORT_ID.sub("", stem) or stem
        language = ""
        match = _LANGUAGE.search(stem) if suffixed else None
        if match and f"{match['tag'][:2]} " in _LANGUAGE_CODES:
            language = language_tag(match["tag"])
            stem = stem[: match.start()]
        if stem.lower() in INDEX_NAMES and folders:
            stem = folders[-1]
        date = date_in_name(stem)
        known = {content, *folders}
        drafts = "_drafts" in known
        title = (stem[10:].lstrip("-_ ") if date else stem).replace("___", "/")  # Logseq's a/b
        jekyll = drafts or (bool(date) and "_posts" in known)
        return cls(unquoted(title) or stem or path, date or date_in_folders(path), language, jekyll, drafts)


def unquoted(text: str) -> str:
    """Percent-decoded text, or the text itself if that is not UTF-8."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
