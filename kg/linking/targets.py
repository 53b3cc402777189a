"""The posts that a link may mean."""

import re
from posixpath import dirname

from msgspec.structs import replace

from kg.linking.addresses import end_key, hyphenated, joined, language_folder, name_key, stem_of
from kg.linking.by_address import by_address, in_roots
from kg.linking.index import Index
from kg.linking.journals import day_of
from kg.linking.namesakes import CROWD
from kg.model import Link
from kg.reading.ecosystems import VAULTS
from kg.reading.site import Site
from kg.text.dates import parse_date
from kg.text.filenames import SUFFIX, are_translations, language_ending, unquoted, without_query

_OTHER_ENDING = re.compile(r"(?<=[^/])\.(?:rst|adoc|asciidoc|org|html?)\Z", re.IGNORECASE)
"""What `ref` of Hugo takes as well, whatever the ending of the file that it finds."""
FIND_BY_NAME = frozenset({"wikilink", "embed", "property", "name", "shortcode", "block", "ancestor", "program"})


def find(index: Index, link: Link, source: str) -> list[str]:
    """The paths of the posts that a link may lead to."""
    if ending := "" if index.site.tool in VAULTS else language_ending(source):
        own = _find(index, replace(link, target=_translation(link.target, ending)), source)
        if len(own) == 1:
            return own  # the page in the language of this one
    found = index.called(_of_site(index, _find(index, link, source), source), link.target, source)
    if 1 < len(found) <= CROWD:
        if all(are_translations(found[0], path) for path in found[1:]):
            found = [path for path in found if dirname(path) == dirname(source)] or found
        return index.in_language(found, language_folder(source))
    if not found and link.style == "wikilink" and link.text and not index.site.tool:
        return _by_name(index, link.text, source)  # wikis of GitHub: `[[words|page]]`
    return found


def _of_site(index: Index, found: list[str], source: str) -> list[str]:
    """Of several posts that a page of the site may mean, its pages: copies may lie beside them."""
    below = tuple(f"{root}/" for root in index.site.roots)
    return [path for path in found if path.startswith(below)] or found if source.startswith(below) else found


def _find(index: Index, link: Link, source: str) -> list[str]:
    if link.style == "ancestor":
        folder, parts = dirname(source), link.target.split(".")
        uppers = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((found for each in uppers if (found := index.at(joined(folder, each + ".md")))), [])
    if link.style in FIND_BY_NAME:
        whole = link.target.strip()
        before = page_of(whole, index.site)
        found = _by_name(index, whole, source) if before != whole else []
        found = found or (_by_name(index, before, source) if before else [source])
        if not found and link.style == "shortcode":
            found = _by_name(index, _OTHER_ENDING.sub("", before), source)
        if before.endswith(")=") and source in found:
            return [source]  # a label of the page's own
        if not found and link.style == "name" and re.search(r"[/.]", before):
            return by_address(index, unquoted(before), source)
        return found
    target = without_query(link.target)
    return by_address(index, unquoted(target), source)


def page_of(target: str, site: Site) -> str:
    """What the target of a link by name says before the heading: `[[a#b]]` is `a`, but `[[C#]]` is `C#`.

    In Logseq, where names may hold the sign, `[[C# notes]]` is a page, too.
    """
    name, _mark, heading = target.strip().partition("#")
    whole = (name and not heading) or (site.tool == "logseq" and heading[:1] == " ")
    return target.strip() if whole else name.strip()


def _translation(target: str, ending: str) -> str:
    """The relative link to the translation: `b.fr.md` for `b.md`."""
    place, mark, part = target.partition("#")
    suffix = SUFFIX.search(place)
    end = suffix.start() if suffix else len(place.rstrip("/"))
    return f"{place[:end]}{ending}{place[end:]}{mark}{part}" if end and not place.startswith("/") else target


def _by_name(index: Index, name: str, source: str) -> list[str]:
    if name.startswith(("./", "../")):
        return index.at(joined(dirname(source), name))
    if name.startswith("/"):
        place = name.strip("/")
        # In Hugo, such a path may be relative to the folder of the language.
        return (
            index.at(place)
            or index.at(joined(source.partition("/")[0], place))
            or in_roots(index, place, source, inmost=True)
        )
    folder = dirname(source)
    key = name_key(stem_of(name)).strip("/")
    if index.lookup_empty(key) and (found := index.lookup("declared", index.name_of(name))):
        return found
    return (
        index.at(name)
        or index.at(joined(folder, name))
        or index.nearest(index.lookup("tails", end_key(key)), name, folder)
        or index.lookup("tails", end_key(key.replace("/", "___")))  # Logseq's namespaces in file names
        or index.lookup("declared", index.name_of(name))
        or index.lookup("titles", name_key(name))
        or index.lookup("spaced", hyphenated(key))
        or _on_day(index, name)
    )


def _on_day(index: Index, name: str) -> list[str]:
    """The journal page of a day: Logseq writes `[[May 1st, 2024]]` for `2024_05_01.md`."""
    if not any(c.isdecimal() for c in name):
        return []
    if index.journal and (match := index.journal.fullmatch(name)):
        return index.lookup("days", day_of(match))
    try:
        day = parse_date(name)
    except ValueError:
        return []
    return index.lookup("days", day.value) if not day.doubt else []
