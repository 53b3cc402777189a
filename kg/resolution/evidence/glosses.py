"""Two forms that bodies write as one: `英伟达（Nvidia）`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import bare, bare_all, bare_of, is_wide, simplified
from kg.resolution.names import MAX_PLACES, Place
from kg.resolution.readings import sound
from kg.resolution.similarity import alike, is_acronym_of

if TYPE_CHECKING:
    from kg.model import Post
    from kg.resolution.forms import Form, Forms

_What = TypeVar("_What", int, str)
SURE = 0.97
GENERIC = 0.8
"""No surer than this is a gloss of a name that several things share (a first name, `财政部`), or of a part of one."""
ABROAD = 0.45
"""How much it says that two names are glossed by one and the same; below what is shown to anybody."""
MAX_FOLLOWERS = 8
MAX_WORDS = 30
"""Of the end of a name that may be a name itself."""
MAX_PARTNERS = 100
"""Of what a name is glossed with, only so much is looked at one by one, the most frequent first."""
OFTEN = 4
"""So many times as often is one gloss the rule and the other the exception."""
_DOT = re.compile("[·・‧•．]")
_LEADS = frozenset(["", *"的是和与與由在对對向被给給把让讓从從像如即叫为為了称稱及或将將有者家商"])
"""Characters after which a new word may well begin; a name cut off after one of them is likely whole."""


Glosses = Mapping[tuple[str, str], Sequence[tuple[str, int, int]]]
"""(outer name, inner name) → (post path, line, how often) of each post that glosses so, in path order."""


@dataclass(slots=True)
class Said:
    """What all bodies say of one pair of forms."""

    whole: int = 0
    """Times that the outer name stood there as a whole."""
    cut: int = 0
    """Times that it was the end of a longer run of letters."""
    leads: Counter[str] = field(default_factory=Counter)
    """What stood before it when it was cut off: always the same (`欧洲|中央银行`) means that it belongs to the name."""
    places: list[Place] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How many glosses that are worth their full weight."""
        return self.whole + (self.cut - max(self.leads.values(), default=0)) / 2 + (0.25 if self.cut else 0)


def find(forms: Forms, found: Glosses, known: Mapping[str, Sequence[Form]], given: Container[str]) -> Iterator[Clue]:
    """Count the glosses of all bodies whose two names are known under one kind.

    Args:
        forms: all of them, or all of some kinds.
        found: the glosses whose inner names are known; see `of_posts`.
        known: inner name → its forms.
        given: first names; see `surnames.given_names`.
    """
    pairs, outers = count(found, known, forms.by_bare)
    partners: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), pair in pairs.items():
        partners[a][b] = partners[b][a] = pair.weight
    weighed = {number: weigh(weights) for number, weights in partners.items()}
    abroad = {text: weigh(counts) for text, counts in outers.items()}
    heads = _heads(forms)

    def side(form: Form, other: Form, weight: float) -> Side:
        is_head, is_given = form.number in heads, form.bare in given
        glossed, latin = weighed[form.number], abroad.get(form.bare)
        return side_of(other, weight, glossed, latin, forms, head=is_head, given=is_given)

    for (a, b), pair in sorted(pairs.items()):
        one, two = forms.all[a], forms.all[b]
        yield of_pair(one, two, pair, side(one, two, pair.weight), side(two, one, pair.weight))
    followers: dict[int, list[int]] = defaultdict(list)
    for number, weights in sorted(partners.items()):
        for other in followed(weights):
            followers[other].append(number)
    for _other, numbers in sorted(followers.items()):
        yield from alike_abroad(numbers)


class Weighed(NamedTuple, Generic[_What]):
    """What a name is glossed with."""

    total: float
    """How many glosses that are."""
    first: tuple[tuple[_What, float], ...]
    """The most frequent of all, and how many glosses each is."""


def weigh(weights: Mapping[_What, float]) -> Weighed[_What]:
    """Everything that a name is glossed with → how many glosses that is."""
    first = list(weights.items())
    if len(first) > MAX_PARTNERS:
        first = sorted(first, key=lambda item: (-item[1], item[0]))[:MAX_PARTNERS]
    return Weighed(sum(weights.values()), tuple(first))


def followed(weights: Mapping[int, float]) -> list[int]:
    """Of the partners of a form, those that bodies gloss it by more than by any other."""
    best = max(weights.values())
    return [other for other, weight in weights.items() if weight == best] if best >= 1 else []


def alike_abroad(followers: Sequence[int]) -> Iterator[Clue]:
    """The clues of all forms that follow one: DHS and Department of Homeland Security, which are 国土安全部.

    Too little to propose anything; it decides where initials or a surname say the same.
    """
    if len(followers) <= MAX_FOLLOWERS:
        for a, b in combinations(followers, 2):
            yield clue(a, b, "translation", ABROAD)


def collect(posts: Iterable[Post], inners: Container[str] | None = None) -> Glosses:
    """The glosses of all bodies; with `inners`, only those of such inner names."""
    glosses: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for post in posts:
        for gloss in post.glosses:
            if inners is None or gloss.inner in inners:
                glosses[gloss.outer, gloss.inner].append((post.path, gloss.line, gloss.count))
    return glosses


def of_posts(forms: Forms, posts: Sequence[Post]) -> tuple[Glosses, dict[str, list[Form]]]:
    """The glosses whose inner names are known, and these names → their forms."""
    inners = list({gloss.inner for post in posts for gloss in post.glosses})
    to_simple = simplified(inners)
    by_bare = forms.by_bare
    texts = bare_all([to_simple.get(inner, inner) for inner in inners])
    known = {inner: named for inner, text in zip(inners, texts, strict=True) if (named := by_bare.get(text))}
    return collect(posts, known), known


def count(
    glosses: Glosses, known: Mapping[str, Sequence[Form]], by_bare: Mapping[str, list[Form]]
) -> tuple[dict[tuple[int, int], Said], dict[str, Counter[str]]]:
    """What is said of each pair of known forms, and all that each known name in Latin letters glosses, known or not.

    Args:
        glosses: those whose inner names are known.
        known: inner name → its forms, of all kinds.
        by_bare: the forms that an outer name may end in, at least.
    """
    to_simple = simplified({outer for outer, _inner in glosses})
    pairs: dict[tuple[int, int], Said] = {}
    outers: dict[str, Counter[str]] = defaultdict(Counter)
    for (typed, inner), places in glosses.items():
        inside = known[inner]
        outer = to_simple.get(typed, typed)
        text, wide = bare_of(outer), is_wide(outer)
        count = sum(place[2] for place in places)
        if wide and not inside[0].wide:
            outers[inside[0].bare][text] += count
        for form in inside:
            found = ending(outer, text, wide=wide, kind=form.kind, by_bare=by_bare)
            if found is None or found[0] is form:
                continue
            other, lead = found
            if not other.wide and not form.wide and not is_acronym_of(other, form) and not is_acronym_of(form, other):
                continue
            key = (min(form.number, other.number), max(form.number, other.number))
            pair = pairs.setdefault(key, Said())
            if lead in _LEADS:
                pair.whole += count
            else:
                pair.cut += count
                pair.leads[lead] += count
            pair.places += [(path, line) for path, line, _count in places]
    for pair in pairs.values():
        pair.places = sorted(set(pair.places))[:MAX_PLACES]
    return pairs, outers


def ending(
    outer: str, text: str, *, wide: bool, kind: str, by_bare: Mapping[str, list[Form]]
) -> tuple[Form, str] | None:
    """The longest end of a run of letters that is a name of this kind, and what stands before it ("" for nothing).

    Args:
        outer: the run, simplified.
        text: the same, bare.
        wide: whether it holds Chinese characters.
        kind: the kind that is looked for.
        by_bare: all forms.
    """
    if form := _of_kind(by_bare.get(text), kind):
        return form, ""
    if wide:
        company = kind == "organization" and text.endswith("公司")
        if company and (form := _of_kind(by_bare.get(text.removesuffix("公司")), kind)):
            return form, ""
        # A name that ends in a foreign surname begins before the dot: 唐纳德·特朗普 is not 特朗普.
        dot = _DOT.search(outer)
        last = len(bare_of(outer[: dot.start()])) if dot else len(text) - 1
        for start in range(1, last):
            form = _of_kind(by_bare.get(text[start:]), kind)
            if form and form.wide and not (text[start].isascii() and text[start - 1].isascii()):
                return form, text[start - 1]
        return None
    words = outer.split(" ")
    for start in range(1, len(words)):
        if form := _of_kind(by_bare.get(bare_of(" ".join(words[start:]))), kind):
            return form, "" if words[start - 1].islower() else words[start - 1]
    return None


def _of_kind(found: Iterable[Form] | None, kind: str) -> Form | None:
    """The first of some forms that is of a kind."""
    return next((form for form in found if form.kind == kind), None) if found else None


def _heads(forms: Forms) -> set[int]:
    """Forms that end several others and so name an office or a class rather than one thing: 财政部, Liberal Party."""
    ends: dict[int, int] = defaultdict(int)
    for form in forms.all:
        for text in endings(form):
            for head in forms.named(text):
                if head.kind == form.kind:
                    ends[head.number] += 1
    return {number for number, count in ends.items() if count > 1}


def endings(form: Form) -> list[str]:
    """The bare texts of the forms of its kind that a form may end in."""
    text = form.bare
    if form.kind == "person":
        return []
    if form.wide:
        return [text[start:] for start in range(max(1, len(text) - 6), len(text) - 1)]
    last = reversed(form.words[1:][-MAX_WORDS:])
    lengths = accumulate(len(word) if word.isalnum() else len(bare(word)) for word in last)
    return [text[len(text) - length :] for length in lengths]


class Side(NamedTuple):
    """A gloss as one of its two names sees it."""

    share: float
    """How much of all that the name is glossed with agrees with the other name."""
    part: bool
    """Whether the other name is mostly a part of what this one is glossed with."""
    head: bool
    """Whether several other names end in it."""
    given: bool
    """Whether it is a first name."""


def side_of(
    other: Form,
    weight: float,
    partners: Weighed[int],
    outers: Weighed[str] | None,
    forms: Forms,
    *,
    head: bool,
    given: bool,
) -> Side:
    """A gloss of some name, as that name sees it.

    Args:
        other: the partner that is looked at.
        weight: how many glosses by it there are.
        partners: all forms the name is glossed with.
        outers: what the name glosses, if it is Latin.
        forms: the partners, at least.
        head: whether the name ends several others.
        given: whether it is a first name.
    """
    share = min(_share(other, weight, partners, forms), _share_of_all(other, outers))
    return Side(share, _is_part(other, weight, partners, forms), head, given)


def of_pair(one: Form, two: Form, said: Said, first: Side, second: Side) -> Clue:
    """The clue that all glosses of two forms give."""
    strength = _strength(said, one, two, *sorted((first.share, second.share)))
    general = (first.head or second.head) and (said.whole < 3 * max(said.cut, 1) or strength < SURE)
    if general or first.part or second.part or first.given or second.given:
        strength = min(strength, GENERIC)
    return clue(one.number, two.number, "gloss", strength, times=said.whole + said.cut, places=tuple(said.places))


def _strength(pair: Said, a: Form, b: Form, low: float, high: float) -> float:
    """How sure a gloss is.

    One gloss may be a slip (`亚马逊（AWS）`), so what counts is how much of all that each side is glossed with agrees:
    the pair itself, and partners that are spelt alike.
    """
    if a.digits != b.digits:
        return (
            0.3 if a.digits and b.digits else 0.55 * (a.kind == "work")
        )  # 21世纪资本论, Capital in the Twenty-First …
    weight = pair.weight
    if weight < 1:
        return 0.8 if low >= 0.5 else 0.55
    base = 0.98 if weight >= 3 else 0.96 if weight >= 2 else 0.92
    if low >= 0.6 or (low >= 0.5 and weight >= 2):
        return base
    if high >= 0.8 and low >= 0.1 and weight >= 2:
        return base - 0.03
    if weight >= 4 and low >= 0.3:
        return base - 0.06
    if high >= 0.8:
        return base - 0.12
    return 0.6 if weight >= 2 else 0.45


def _is_part(form: Form, weight: float, partners: Weighed[int], forms: Forms) -> bool:
    """Whether another name is mostly glossed by a part of this one: 通用电气 is GE, and once GE Aerospace."""
    if form.kind == "person":
        return False
    return any(
        times >= OFTEN * weight and other.wide == form.wide and _extends(form, other)
        for number, times in partners.first
        for other in (forms.all[number],)
    )  # fmt: skip


def _extends(long: Form, short: Form) -> bool:
    """Whether a name is another with more words, or more characters, around it."""
    if long.wide:
        return long.bare != short.bare and short.bare in long.bare
    return len(long.words) > len(short.words) and f" {' '.join(short.words)} " in f" {' '.join(long.words)} "


def _share_of_all(form: Form, outers: Weighed[str] | None) -> float:
    """The part of all that a Latin name glosses which ends in this form, or in something close to it."""
    if not outers or not form.wide:
        return 1.0
    size, spoken = len(form.bare), sound(form.bare)
    agreeing = sum(
        count
        for outer, count in outers.first
        if form.bare in outer
        or fuzz.ratio(outer[-size:], form.bare) >= 60
        or fuzz.ratio(sound(outer[-size:]), spoken) >= 75
    )
    return agreeing / outers.total


def _share(form: Form, weight: float, partners: Weighed[int], forms: Forms) -> float:
    """The part of all glosses that agree with this partner."""
    others = (times for number, times in partners.first if number != form.number and alike(forms.all[number], form))
    return (weight + sum(others)) / partners.total
