"""What is said of a link that leads to no post, or to several, and when nothing is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from posixpath import dirname

from kg.diagnostics import diagnose, note_of
from kg.linking.addresses import (
    address_of,
    is_no_index,
    joined,
    name_key,
    names_post_file,
    own_places,
    page_names,
    stem_of,
)
from kg.linking.by_address import within_site
from kg.linking.index import Index
from kg.linking.journals import names_day
from kg.linking.targets import FIND_BY_NAME, page_of
from kg.model import Diagnostic, Link
from kg.reading.ecosystems import KEEP_PARTIALS, VAULTS
from kg.text.filenames import FILE, unquoted, without_query

_NO_PAGE = (
    r"(?i:_?toc_?)"  # where a table of contents goes
    r"|[^\s/@]+@[^\s/@]+\.[^\s/@]+"  # an address of mail
    r"|[\d\s.,:;+*/=<>()\[\]-]+|.*\],.*"  # matrices, lists of lists
    r"|.*(?:==|\{\{|<%|\]\[).*|<.*>|.*\.\*(?:#.*)?"  # templates, links of Org, every note below one of Dendron
)
_CODE = re.compile(r"\[.*|.*(?:->|[<>]|`[^`]+`).*|.*[\w)];|-[a-z]\s+[\"'$].*", re.DOTALL)
"""Signs of code, which no file name has: `[[emit this->changed();]]`, `[[ -z "$TMUX" ]]`; Logseq writes them `%3E`."""
_IN_VAULTS = re.compile(_NO_PAGE, re.DOTALL)
_FALSE_FRIEND = re.compile(
    rf"{_NO_PAGE}|.*\s#\d+|.*#\d{{5,}}|[\w.-]+:\d+|GH-\d+"  # [[Feature #123]], [[ruby-core:123]]
    r"|[\"'$!~&|%].*|-\w.*|:\w+:|.*::.*",  # R, Python, shell, C++
    re.DOTALL,
)
"""What stands in double brackets and is no page; in a vault `[["Dirty" elements]]` and `[[std::map]]` are."""
_LIST = re.compile(r"/(?:[\w-]+/)?(?:tags?|categor(?:y|ies)|archives?|authors?|page)(?:/|\Z)", re.IGNORECASE)
"""The beginnings of the addresses of lists that a tool makes of other pages."""
_ENDING = re.compile(r"\.(?!html?\b)[A-Za-z][A-Za-z0-9]{0,9}(?=[?#]|\Z)|/[A-Z]{3,}\Z")
"""The end of an address of a file: `.der`, `/LICENSE`; pages end in `.html` or nothing."""
_LIBRARY = re.compile(r"[^/]+\.js")
"""`Node.js`, which no file is called that notes link to."""
_DEEP = 20
"""Folders of a path that are looked at."""
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_TORN_ADDRESS = re.compile(
    r"\W{1,3}https?://|https?(?::?/|//?:)(?!/)|https?//|www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:(?:com|org|net|io|dev)/|(?:com|net|io|dev)\Z)",
    re.IGNORECASE,
)
"""An address of the web without its scheme, or with a sign too many or too few before it."""


def page_named(index: Index, link: Link) -> str:
    """The name of the page that a link asks for, "" if it may be anything else.

    Links of Markdown ask for a file, but in a vault that of a day is made when the day comes.
    """
    target = page_of(link.target, index.site)
    name = stem_of(target).strip("/")
    if names_day(name):
        by_file = link.style == "markdown" and names_post_file(target) and index.site.tool in VAULTS
        return name.rpartition("/")[2] if by_file else name * _names_page(link)
    return name if _names_page(link) and not (_is_no_page(index, link, target) or _is_file(index, target)) else ""


def _is_no_page(index: Index, link: Link, target: str) -> bool:
    if _names_page(link) and index.site.tool != "logseq" and _CODE.fullmatch(target.strip()):
        return True
    return bool((_IN_VAULTS if index.site.tool in VAULTS else _FALSE_FRIEND).fullmatch(target))


def _is_file(index: Index, target: str) -> bool:
    """Whether a target that no post is called as is a file other than a post, by its ending."""
    return bool(FILE.search(target)) and index.site.tool != "dendron" and not _LIBRARY.fullmatch(target)


def _names_page(link: Link) -> bool:
    return link.style in ("wikilink", "embed", "property")


def told(index: Index, link: Link, source: str, found: list[str]) -> Iterable[Diagnostic]:
    """What is said of a link of a post that leads to no post, or to several (KG301, KG302, KG303)."""
    if _is_unread(index, link, source):
        return ()
    now = "" if found else _moved(index, link.target)
    if not found and (_is_no_page(index, link, link.target) or _is_file(index, link.target.partition("#")[0])):
        return ()  # no post was meant
    reported = _reported(source, link, found, now)
    return map(note_of, reported) if not now and _may_be_meant(index, link, found) else reported


def _moved(index: Index, target: str) -> str:
    """Where the one post is now that is called as the file at the end of a path, or ""."""
    folder, _slash, name = without_query(target).rpartition("/")
    if not folder or not names_post_file(name) or not is_no_index(name):
        return ""
    found = index.lookup("tails", name_key(stem_of(unquoted(name))))
    return found[0] if len(found) == 1 else ""


def _reported(path: str, link: Link, found: list[str], now: str) -> Iterable[Diagnostic]:
    target = link.target[:100]
    if not found and _ELSEWHERE.match(target):
        return
    if found:
        names = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
        yield diagnose(path, link.line, link.column, "KG302", f"'{target}' could be {names}; write more of the path")
    elif link.style == "markdown" and _TORN_ADDRESS.match(link.target):
        mend = "write its beginning as" if target.lower().startswith("http") else "begin it with"
        mend = f"{mend} 'https://'" if target[0].isalnum() else "take away what stands before 'http'"
        yield diagnose(path, link.line, link.column, "KG301", f"'{target}' is not a web address; {mend}")
    elif link.style not in FIND_BY_NAME and not names_post_file(link.target):
        told = link.target.strip("/.") and not _ENDING.search(link.target) and not _LIST.match(link.target)
        if told and re.search(r"[/.]", link.target):
            yield diagnose(path, link.line, link.column, "KG303", f"no post has the address '{target}'")
    elif link.style not in ("name", "ancestor", "program"):
        moved = f"; {now} is called so" if now else ""
        yield diagnose(path, link.line, link.column, "KG301", f"'{target}' leads to no post{moved}")


def is_not_read(index: Index, link: Link) -> bool:
    """Whether a link names a page that is there and not read: in Org, as a block may be, a template, a list."""
    if link.style == "block":
        return bool(index.site.beside.org_pages)
    name = name_key(page_named(index, link))
    if index.site.tool == "quartz" and name.lstrip("/").startswith("tags/"):
        return True  # it lists the posts with a tag (https://quartz.jzhao.xyz/features/folder-and-tag-listings)
    beside = index.site.beside
    return name in beside.org_pages or (bool(name) and name.rpartition("/")[2] in _names_of(beside.unread))


def _may_be_meant(index: Index, link: Link, found: list[str]) -> bool:
    """Whether a link that leads to no post, or to several, may be right all the same.

    Of several, the tool takes the nearest; and `[[Book Notes]]`, which finds `book-notes.md`, may mean no post. A block
    of Logseq may be on a page that is not published.
    """
    if link.style == "block":
        return True
    by_name = link.style not in ("markdown", "shortcode")
    if by_name and found:
        name = name_key(page_named(index, link).rpartition("/")[2])
        if all(name_key(stem_of(path).rpartition("/")[2]) != name for path in found):
            return True
    if found and not by_name and index.site.tool not in VAULTS:
        return link.target.startswith("/")  # the site's settings decide which page has the address
    # Where a tool makes a site of the posts, `[[x]]` is plain text, and a link only to a plugin.
    if link.style in ("wikilink", "property") and index.site.tool and not index.is_vault:
        return True
    # In a vault, links of Markdown are as good as others for pages still to be written.
    return index.site.beside.generates or index.site.tool in VAULTS


def _is_unread(index: Index, link: Link, source: str) -> bool:
    """Whether a link leads out of CONTENT, to what is hidden or made later, or to a page other than a post."""
    target = without_query(link.target)
    if link.style == "shortcode":  # `{% link about.html %}`
        return target.strip("/") in index.site.beside.pages
    if link.style not in ("markdown", "embed") or target.startswith("@"):
        return False
    place = joined(dirname(source) if not target.startswith("/") else "", target.lstrip("/"))
    if index.site.beside.made and _is_made(index.site.beside.made, place or "", target):
        return True
    unread = _paths_of(index.site.beside.unread)
    whole = unquoted(place or "")
    name = whole.rpartition("/")[2]
    if whole in unread or (name in unread and is_no_index(name)):
        return True
    if not names_post_file(target):
        return _is_page(index, target, source)
    parts = place.split("/") if place else []
    hidden = any(part[:1] == "." or (part[:1] == "_" and index.site.tool in KEEP_PARTIALS) for part in parts)
    return hidden or place is None


def _is_made(made: tuple[str, ...], place: str, target: str) -> bool:
    """Whether a place is, or lies in, something that is made; or so does a path from the root of the site."""
    from_root = () if target.startswith("..") else _beginnings(target.strip("/").rpartition("/")[0])
    whole, ends = _made(made)
    return not (whole.isdisjoint(_beginnings(place)) and ends.isdisjoint(from_root))


def _beginnings(path: str) -> list[str]:
    """The folders that a path leads through, from its first on, and itself: `a`, `a/b`."""
    parts = path.split("/", _DEEP) if path else []
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


@lru_cache(maxsize=2)
def _made(made: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Paths, and all that they end with."""
    parts = [path.split("/", _DEEP) for path in made]
    return frozenset(made), frozenset("/".join(each[start:]) for each in parts for start in range(len(each)))


def _is_page(index: Index, target: str, source: str) -> bool:
    """Whether an address is that of a page other than a post, of a folder, or of something outside CONTENT."""
    if target.startswith("/"):
        on_site = within_site(index, target).lstrip("/")
        places = [on_site, *(f"{root}/{on_site}" for root in index.site.roots)]
    else:
        places = [place for base in own_places(source) if (place := joined(base, target)) is not None]
    pages = _addresses_of(index.site.beside.pages)
    return not places or any(address_of(name_key(unquoted(place))) in pages for place in places)


@lru_cache(maxsize=2)
def _paths_of(paths: tuple[str, ...]) -> frozenset[str]:
    """Paths, and the names of files at their ends: a folder that is copied to the site has its own root there."""
    names = (path.rpartition("/")[2] for path in paths)
    return frozenset((*paths, *(name for name in names if is_no_index(name))))


@lru_cache(maxsize=2)
def _names_of(paths: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name_key(stem_of(path).rpartition("/")[2]) for path in paths)


@lru_cache(maxsize=2)
def _addresses_of(pages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name_key(name) for page in pages for name in page_names(page))
