"""The post at an address: a path in a file, or below its page, or on the site that is made of them."""

import re
from posixpath import dirname

from kg.linking.addresses import (
    address_of,
    end_key,
    ends_of,
    joined,
    language_folder,
    name_key,
    names_post_file,
    own_places,
    roots,
    stem_of,
    unnumbered,
)
from kg.linking.index import Index
from kg.linking.namesakes import CROWD
from kg.text.filenames import are_translations, names_language, originals

_README_IS_HOME = frozenset({"docsify", "docusaurus", "gitbook", "mdbook", "mkdocs", "vuepress"})
_TO_FILE = re.compile(r"\A[{|]filename[}|]")
"""Pelican: a file relative to CONTENT or to the post (https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content)."""
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}\Z")


def by_address(index: Index, target: str, source: str) -> list[str]:
    """The posts at an address that stands in a post: a path relative to it, or on the site."""
    target = _TO_FILE.sub("", target).replace("\\", "/").strip()
    if target.startswith("@/"):
        return in_roots(index, target[2:], source, inmost=True)
    target = target.removeprefix("@site")  # Docusaurus: relative to the site
    folder = dirname(source)
    places: list[str | None]
    if target.startswith("/"):
        target = within_site(index, target)
        places = [target.strip("/")]
        found = in_roots(index, target.strip("/"), source)
    else:
        bases = dict.fromkeys(base for path in originals(source) for base in own_places(path))
        places = [joined(base, target) for base in bases]
        found = next((found for place in places if place is not None and (found := _exactly(index, place))), [])
        if not found and not target.startswith("."):
            found = in_roots(index, target.strip("/"), source)  # its author forgot the slash
    if not found and (match := _ID.search(target)):  # Notion's `/Title-<id>`, Joplin's `:/<id>`
        found = index.lookup("tails", match[0])
    if found:
        return found
    found = index.lookup("declared", address_of(name_key(target))) or _below_prefix(index, target, folder)
    found = found or _translated(index, target, source) or _whole(index, target, folder)
    if found:
        return found
    if names_post_file(target):
        name = target.strip("./")
        found = index.nearest(index.lookup("tails", end_key(name_key(stem_of(name)))), name, folder)
        if found or not target.startswith("/"):
            return found if len(found) == 1 or not target.startswith(".") else []
        # `/content/blog/x.md` is relative to the repository, of which CONTENT is a part.
        rests = [name[len(f) + 1 :] for f in index.site.folders if name.startswith(f + "/")]
        return next(filter(None, map(index.at, [*rests, *ends_of(name)])), [])
    found = _without_numbers(index, target, source)
    if len(found) == 1 or not target.startswith("/") or not places[0]:
        return found
    on_site, lacking = index.on_site(places[0])
    answering = index.nearest(on_site, target.strip("/"), folder)
    if len(answering) > CROWD:
        return found if lacking else answering
    least = min((path.count("/") for path in answering), default=0)
    top = [path for path in answering if path.count("/") == least]
    if len(top) > 1 and (lacking or all(are_translations(top[0], path) for path in top[1:])):
        return found  # the page that is meant is none of them
    return (top if len(top) == 1 else answering) or found


def within_site(index: Index, target: str) -> str:
    """An address without the path that all of the site's addresses begin with."""
    for path in index.below:
        if target[1:].casefold().startswith(path + "/"):
            return target[1 + len(path) :]
    return target


def _exactly(index: Index, place: str) -> list[str]:
    """The posts at a path, or whose permalink it is."""
    if not place.strip("/"):
        # The beginning of a site is no README, but for tools that make a page of it.
        every = index.lookup("full", "")
        home = [path for path in every if not path.casefold().startswith("readme.")]
        return home or (every if index.site.tool in _README_IS_HOME else [])
    return index.at(place) or index.lookup("declared", address_of(name_key(place)))


def in_roots(index: Index, place: str, source: str, *, inmost: bool = False) -> list[str]:
    """The posts at a path that begins in CONTENT or in a folder above the post that may be the site's own.

    Of a translation so do those above what it translates.
    """
    order = -1 if inmost else 1
    every = [root for path in originals(source) for root in roots(path)[::order]]
    if (home := index.site.home) and source.startswith(home):
        every = [home.rstrip("/"), *filter(None, every), ""]
    found = [_exactly(index, f"{root}/{place}".strip("/")) for root in dict.fromkeys(every)]
    return next((paths for paths in found if len(paths) == 1), next(filter(None, found), []))


def _translated(index: Index, target: str, source: str) -> list[str]:
    """The page in the site's own language, if a link leads to a translation that does not exist."""
    if not target.startswith("/"):
        return []
    own = index.site.language
    first, _slash, rest = target.strip("/").partition("/")
    if not names_language(first):
        first, rest = language_folder(source).rpartition("/")[2], target.strip("/")
    if not first or first == own:
        return []
    for root in roots(source):
        if not names_language(root.rpartition("/")[2]):
            places = [f"{root}/{rest}.{first}", f"{root}/{rest}/index.{first}", f"{root}/{rest}/_index.{first}"]
            places += ([f"{root}/{own}/{rest}"] if own else []) + [f"{root}/{rest}"]
            for place in places:
                if found := _exactly(index, place.strip("/")):
                    return found
    return []


def _whole(index: Index, target: str, folder: str) -> list[str]:
    """The one post whose path ends in a whole address of several parts."""
    name = address_of(target)
    if "/" not in name or target.startswith("."):
        return []
    found = index.nearest(index.lookup("tails", end_key(name_key(name))), name, folder)
    return found if len(found) == 1 else []


def _without_numbers(index: Index, target: str, source: str) -> list[str]:
    """Posts whose path without number prefixes matches: `/docs/api/image` for `02-api/03-image.mdx`.

    The address must match the whole path or a suffix of two segments or more; its first segment may be a prefix of
    the site instead of a folder.
    """
    if target.startswith("/"):
        whole = address_of(name_key(target))
        inner = whole.partition("/")[2]
        names = ["/" + whole, whole, "/" + inner, inner]
    else:
        places = [joined(place, target) for place in own_places(unnumbered(source))]
        names = ["/" + address_of(name_key(place)) for place in places if place]
    return next((found for name in names if (found := index.lookup("unnumbered", end_key(name)))), [])


def _below_prefix(index: Index, target: str, folder: str) -> list[str]:
    """Posts whose permalink is a suffix: `/en-US/docs/Web/API/Fetch` for the slug `Web/API/Fetch`."""
    for rest in ends_of(address_of(name_key(target)) if target.startswith("/") else ""):
        found = index.nearest(index.lookup("declared", rest), rest, folder)
        if found:
            return found
    return []
