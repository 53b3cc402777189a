"""Several people in one name: `Noel Hart and Iris Vale`, if posts also name each of them alone.

They are several, too, if one is named alone and the other together with several people. Otherwise it is one name, as
`Simon and Garfunkel` is until posts name `Simon` and `Garfunkel`. The string as typed stays with the post as a literal.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from kg.model import Mention, Post
from kg.reading.renaming import renamed
from kg.text.folding import fold

_AND = re.compile(
    r"[,、|/&＆+和与與]|(?<=\s)(?:and|with|und|et|y|e|en|och|og|ja|és|i|a|и|та|ve|dan)(?=\s)", re.IGNORECASE
)
Parts = dict[str, list[tuple[str, int]]]
"""A joined name → its names and where each begins."""


class PeopleNames(NamedTuple):
    """The names of people in some posts."""

    joined: frozenset[str]
    """Names that may be several, as typed."""
    alone: frozenset[str]
    """The keys of all others."""


def names_of_people(posts: Iterable[Post]) -> PeopleNames:
    """The names of people that posts mention."""
    names = {mention.name for post in posts for mention in post.mentions if mention.kind == "person"}
    joined = frozenset(filter(may_be_several, names))
    return PeopleNames(joined, frozenset(map(fold, names - joined)))


def may_be_several(name: str) -> bool:
    """Whether a name has a word or a mark that may join several."""
    return bool(_AND.search(name))


def parts_of(joined: Iterable[str]) -> set[str]:
    """The parts of some joined names, whether or not they are people."""
    return {part for name in joined for part, _offset in _split(name)}


def several(found: Sequence[PeopleNames]) -> Parts:
    """The joined names whose parts are people."""
    joined = frozenset[str]().union(*(names.joined for names in found))
    if not joined:
        return {}
    alone = frozenset[str]().union(*(names.alone for names in found))
    # A part that occurs in several joined names is a person, too, if another part of this one occurs alone.
    often = Counter(fold(part) for name in joined for part, _offset in _split(name))
    return {name: parts for name in sorted(joined) if _are_people(parts := _split(name), name, alone, often)}


def named(found: Sequence[PeopleNames], parts: Parts) -> set[str]:
    """The keys of all people, once joined names are separated: see `kg.reading.authors.named`."""
    still_joined = {fold(name) for names in found for name in names.joined if name not in parts}
    return still_joined.union(*(names.alone for names in found))


def separate(posts: Sequence[Post], parts: Parts) -> tuple[Post, ...]:
    """The posts with joined names separated."""
    return tuple(_separated(post, parts) for post in posts) if parts else tuple(posts)


def _split(name: str) -> list[tuple[str, int]]:
    """The names in a joined one, and where each begins."""
    found, at = [], 0
    for start, end in [*(match.span() for match in _AND.finditer(name)), (len(name), len(name))]:
        part = name[at:start]
        if not part.strip() and 0 < start < len(name):  # `Ada, and Bob`
            at = end
            continue
        found.append((part.strip(" \t,"), at + len(part) - len(part.lstrip())))
        at = end
    return found


def _are_people(parts: list[tuple[str, int]], name: str, alone: Container[str], often: Counter[str]) -> bool:
    """Whether all parts occur alone, or one does and the others occur with several people.

    A part after a comma may be a title, which occurs after many names.
    """
    keys = [fold(part) for part, _offset in parts]
    known = [key in alone for key in keys]
    return all(known) or ("," not in name and any(known) and all(key in alone or often[key] > 1 for key in keys))


def _separated(post: Post, names: Parts) -> Post:
    def meant(mention: Mention) -> list[Mention]:
        parts = names.get(mention.name) if mention.kind == "person" else None
        if not parts:
            return [mention]
        return [replace(mention, name=part, column=mention.column + offset, homepage="") for part, offset in parts]

    return renamed(post, meant)
