"""Where a site is published whose settings do not say it: where posts link to other posts of the folder.

A post that names its own page on a host proves nothing: notes on problems, packages or films do, each with its own.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from kg.reading.samples import beginnings
from kg.text.filenames import INDEX_NAMES, unquoted

_SIZE = 16_000
"""Bytes of a post that are looked at."""
_SEVERAL = 5
"""Posts that are addressed at a host, by no slip and no chance."""
_LINKING = 3
"""Posts that address them: one with a list may be about any site."""
_ADDRESS = re.compile(rb"://(?:(?<=http://)|(?<=https://))([\w-]+(?:\.[\w-]+)+(?::\d+)?)/([^\s\"'<>()\[\]{}|\\^`?#]+)")
_PAGE = re.compile(r"(?:(?:\A|/)index)?\.html?\Z", re.IGNORECASE)
_AFTER = "/.,;:!*_~"
"""What may stand after an address, or at its end, and tells nothing."""
_ENDING = re.compile(r"\.[a-z][a-z0-9]{1,7}\Z")
"""Of an asset, or of a source on a host of code."""
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
_TELLING = re.compile(r"(?=.{8})(?=[^-]+-[^-])(?=.*[^\W\d_]).*", re.DOTALL)
"""No single word (`about`), and no date."""
_SHARED = frozenset({
    "blog.csdn.net", "cnblogs.com", "dev.to", "facebook.com", "hackmd.io", "linkedin.com", "medium.com", "note.com",
    "qiita.com", "reddit.com", "sites.google.com", "tumblr.com", "twitter.com", "velog.io", "x.com", "youtube.com",
    "zenn.dev",
})  # fmt: skip
"""Hosts of many sites, each below a first part of the path."""
_NO_SITE = re.compile(
    r"(?:.*\.)?(?:archive\.(?:org|is|ph|today)|bitbucket\.org|codeberg\.org|fandom\.com|gitee\.com|github\.com"
    r"|githubusercontent\.com|gitlab\.[\w.-]+|git\.[\w.-]+|sr\.ht|wiki(?:pedia|media|books|data|source|quote)\.org"
    r"|wiktionary\.org)"
)
"""Hosts of code, encyclopaedias and archives: what is called like a post there is none of the site's pages."""


def own_addresses(content: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The addresses that posts of a folder link to each other by, as in `Site.addresses`.

    Args:
        content: the folder.
        paths: of all its posts.
    """
    linking: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path, head in beginnings(content, paths, _SIZE):
        for host, rest in _ADDRESS.findall(head):
            site, page = _split(host.decode().lower().removeprefix("www."), rest.decode("utf-8", "replace"))
            if page:
                linking[site][page].add(path)
    likely = {site: pages for site, pages in linking.items() if len(pages) >= _SEVERAL and not _NO_SITE.fullmatch(site)}
    if not likely:
        return ()
    names = set(map(_name, paths))
    own = sorted(site for site, pages in likely.items() if _is_own(pages, names))
    return tuple(address for site in own for address in (site, f"www.{site}"))


def _is_own(pages: dict[str, set[str]], names: set[str]) -> bool:
    """Whether at least half of the addresses with a host, and several, are those of other posts.

    Args:
        pages: the posts that link to each address.
        names: of all posts.
    """
    called = {page: name for page in pages if (name := _key(page.rpartition("/")[2])) in names and _TELLING.match(name)}
    own = {path for page, name in called.items() for path in pages[page] if _name(path) == name}
    others = {path for page in called for path in pages[page]} - own
    named = {name for page, name in called.items() if pages[page] - own}
    return len(named) >= _SEVERAL and len(others) >= max(_LINKING, len(own) + 1) and 2 * len(called) >= len(pages)


def _split(host: str, rest: str) -> tuple[str, str]:
    """The address of a site and the path of a page of it, "" if it is none: an asset, or the beginning of the site."""
    page = _PAGE.sub("", unquoted(rest).rstrip(_AFTER)).rstrip(_AFTER)
    if host in _SHARED or page[:1] in ("@", "~"):
        first, _slash, page = page.partition("/")
        host = f"{host}/{first.lower()}"
    return host, "" if _ENDING.search(page.lower()) else page


def _name(path: str) -> str:
    """The name of a post in addresses: its file's, or for an index its folder's, without a date."""
    folder, _slash, file = path.rpartition("/")
    name = file.rpartition(".")[0]
    return _key(folder.rpartition("/")[2] if name.lower() in INDEX_NAMES else name)


def _key(name: str) -> str:
    key = "-".join(name.casefold().replace("_", " ").replace("-", " ").split())
    date = _DATE.match(key)
    return key[date.end() :] if date else key
