"""The glosses of all bodies, and how often each name glosses another."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from kg.model import Post, Record
from kg.resolution.forms import Form, bare, bare_all, bare_of, is_wide, simplified
from kg.resolution.names import MAX_PLACES, Place
from kg.resolution.similarity import ROLES, is_acronym_of

MAX_WORDS = 30
"""Words of the longest end of a name that is tried as a name itself."""
COMPANY = "公司"
"""What may follow the name of an organization."""
_DOT = re.compile("[·・‧•．]")
_LEADS = frozenset(["", *"的是和与與由在对對向被给給把让讓从從像如即叫为為了称稱及或将將有者家商"])
"""Characters after which a word boundary is likely; a name cut off after one of them is likely whole."""


class Glossed(Record, frozen=True):
    """An outer and an inner name, and where bodies have them."""

    outer: str
    """As typed; in simplified characters once it has a `text`."""
    inner: str
    """As typed."""
    bare: str
    """The bare text of the inner name."""
    places: list[tuple[str, int, int]]
    """(post path, line or rank, count) for each post; see `collect_glosses`."""
    text: str = ""
    """The bare text of the outer name: see `with_texts`."""


@dataclass(slots=True)
class GlossCounts:
    """Counts of the glosses of one pair of forms, over all bodies."""

    whole: int = 0
    """Times the outer name stood alone."""
    cut: int = 0
    """Times it was cut off from a longer run of letters."""
    leads: Counter[str] = field(default_factory=Counter)
    """Characters before it when cut off; always the same one (`欧洲|中央银行`) means that it belongs to the name."""
    places: list[Place] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """The count, with cut-off names discounted."""
        return self.whole + (self.cut - max(self.leads.values(), default=0)) / 2 + (0.25 if self.cut else 0)


def collect_glosses(posts: Iterable[Post], inners: Mapping[str, str], *, ranked: bool = False) -> list[Glossed]:
    """The glosses of all bodies, without the texts of the outer names.

    Args:
        posts: in path order.
        inners: inner name as typed → its bare text, for all that are wanted.
        ranked: whether to give `ranks` instead of lines, which stay the same when a text moves.
    """
    glosses: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for post in posts:
        if found := [gloss for gloss in post.glosses if gloss.inner in inners]:
            rank = ranks(post) if ranked else {}
            for gloss in found:
                glosses[gloss.outer, gloss.inner].append((post.path, rank.get(gloss.line, gloss.line), gloss.count))
    return [Glossed(outer, inner, inners[inner], places) for (outer, inner), places in glosses.items()]


def ranks(post: Post) -> dict[int, int]:
    """Line with a gloss → its rank among these lines, from 0."""
    return {line: rank for rank, line in enumerate(sorted({gloss.line for gloss in post.glosses}))}


def bare_inners(posts: Iterable[Post]) -> dict[str, str]:
    """Inner name as typed → its bare text, for all glosses."""
    inners = list({gloss.inner for post in posts for gloss in post.glosses})
    to_simple = simplified(inners)
    return dict(zip(inners, bare_all([to_simple.get(inner, inner) for inner in inners]), strict=True))


def with_texts(glossed: Collection[Glossed]) -> list[Glossed]:
    """Glosses with the texts of the outer names, each pair of names once."""
    to_simple = simplified({one.outer for one in glossed})
    outers = [to_simple.get(one.outer, one.outer) for one in glossed]
    result: dict[tuple[str, str], Glossed] = {}
    for one, outer, text in zip(glossed, outers, bare_all(outers), strict=True):
        if known := result.get((outer, one.inner)):
            known.places.extend(one.places)
        else:
            result[outer, one.inner] = Glossed(outer, one.inner, one.bare, one.places, text)
    return list(result.values())


def count(
    glossed: Iterable[Glossed], by_bare: Mapping[str, list[Form]]
) -> tuple[dict[tuple[int, int], GlossCounts], dict[str, Counter[str]]]:
    """Count the glosses of each pair of forms, and the outer names of each Latin form.

    Args:
        glossed: glosses whose inner names are known, with the texts of the outer ones.
        by_bare: bare text → forms; at least those of inner names, and those an outer name may end in.

    Returns:
        (form, form) → counts; and bare Latin text → outer names, known or not.
    """
    pairs: dict[tuple[int, int], GlossCounts] = defaultdict(GlossCounts)
    outers: dict[str, Counter[str]] = defaultdict(Counter)
    for one in glossed:
        inside = by_bare[one.bare]
        wide = is_wide(one.outer)
        count = sum([place[2] for place in one.places])
        if wide and not inside[0].wide:
            outers[one.bare][one.text] += count
        for form in inside:
            found = ending(one.outer, one.text, wide=wide, kind=form.kind, by_bare=by_bare)
            if found is None or found[0] is form:
                continue
            other, lead = found
            if form.bare in ROLES or other.bare in ROLES:
                continue
            in_one = not form.wide and form.script == other.script
            if in_one and not is_acronym_of(other, form) and not is_acronym_of(form, other):
                continue
            key = (min(form.number, other.number), max(form.number, other.number))
            pair = pairs[key]
            if lead in _LEADS:
                pair.whole += count
            else:
                pair.cut += count
                pair.leads[lead] += count
            pair.places += [(path, line) for path, line, _count in one.places]
    for pair in pairs.values():
        pair.places = sorted(set(pair.places))[:MAX_PLACES]
    return pairs, outers


def ending(
    outer: str, text: str, *, wide: bool, kind: str, by_bare: Mapping[str, list[Form]]
) -> tuple[Form, str] | None:
    """The longest end of a run of letters that is a name of `kind`, and the character before it ("" for none).

    Args:
        outer: the run, simplified.
        text: its bare text.
        wide: whether it holds Chinese characters.
        kind: the kind of form to find.
        by_bare: bare text → forms.
    """
    if form := _of_kind(by_bare.get(text), kind):
        return form, ""
    if wide:
        company = kind == "organization" and text.endswith(COMPANY)
        if company and (form := _of_kind(by_bare.get(text.removesuffix(COMPANY)), kind)):
            return form, ""
        # A name that ends in a foreign surname begins before the dot: 唐纳德·特朗普 is not 特朗普.
        dot = _DOT.search(outer)
        last = len(bare_of(outer[: dot.start()])) if dot else len(text) - 1
        for start in range(1, last):
            if found := by_bare.get(text[start:]):
                form = _of_kind(found, kind)
                if form and form.wide and not (text[start].isascii() and text[start - 1].isascii()):
                    return form, text[start - 1]
        return None
    words = outer.split(" ")
    for start in range(1, len(words)):
        if form := _of_kind(by_bare.get(bare_of(" ".join(words[start:]))), kind):
            return form, "" if words[start - 1].islower() else words[start - 1]
    return None


def _of_kind(found: Iterable[Form] | None, kind: str) -> Form | None:
    """The first form of a kind."""
    return next((form for form in found if form.kind == kind), None) if found else None


def endings(form: Form) -> list[str]:
    """The ends of a form's bare text that may be forms themselves."""
    text = form.bare
    if form.kind == "person":
        return []
    if form.wide:
        return [text[start:] for start in range(max(1, len(text) - 6), len(text) - 1)]
    last = reversed(form.words[1:][-MAX_WORDS:])
    lengths = accumulate(len(word) if word.isalnum() else len(bare(word)) for word in last)
    return [text[len(text) - length :] for length in lengths]
