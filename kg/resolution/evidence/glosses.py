"""Pairs of forms that bodies gloss one by the other: `英伟达（Nvidia）`."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz

from kg.model import Post, Record
from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms, bare, bare_all, bare_of, is_wide, same_numbers, simplified
from kg.resolution.names import MAX_PLACES, Place
from kg.resolution.readings import sound
from kg.resolution.similarity import ROLES, alike, is_acronym_of

_Partner = TypeVar("_Partner", int, str)
SURE = 0.97
SPOKEN = 0.985
"""Of a person whose name also sounds like the other one, word by word: it is a name and no description."""
GENERIC = 0.8
"""Upper bound for a gloss of a name that several things share (a first name, `财政部`), or of part of a name."""
TAG = 0.89
"""Upper bound for a gloss of a tag, which is a topic rather than a name: enough only with other evidence."""
SHARED_TRANSLATION = 0.45
"""Strength of two names having the same best partner; below what is proposed on its own."""
MAX_FOLLOWERS = 8
MAX_WORDS = 30
"""Words of the longest end of a name that is tried as a name itself."""
MAX_PARTNERS = 100
"""Partners of a name that are examined one by one, most frequent first."""
OFTEN = 4
"""Ratio of counts at which one gloss is the rule and the other the exception."""
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
    """(post path, line or rank, count) for each post; see `collect`."""
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


def find(forms: Forms, glossed: Iterable[Glossed], given: Container[str]) -> Iterator[Clue]:
    """Pairs of forms of one kind that bodies gloss.

    Args:
        forms: all of them, or all of some kinds.
        glossed: the glosses whose inner names are of these forms, with the texts of the outer ones.
        given: first names; see `surnames.given_names`.
    """
    pairs, outers = count(glossed, forms.by_bare)
    partners: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), pair in pairs.items():
        partners[a][b] = partners[b][a] = pair.weight
    weighed = {number: partner_weights(weights) for number, weights in partners.items()}
    outer_weights = {text: partner_weights(counts) for text, counts in outers.items()}
    heads = _heads(forms, {forms.at[number].bare for number in partners})

    def view(form: Form, other: Form, weight: float) -> GlossView:
        is_head, is_given = form.number in heads, form.bare in given
        glossed, latin = weighed[form.number], outer_weights.get(form.bare)
        return view_of(other, weight, glossed, latin, forms, head=is_head, given=is_given)

    for (a, b), pair in sorted(pairs.items()):
        one, two = forms.at[a], forms.at[b]
        yield of_pair(one, two, pair, view(one, two, pair.weight), view(two, one, pair.weight))
    followers: dict[int, list[int]] = defaultdict(list)
    for number, weights in sorted(partners.items()):
        for wide in (True, False):
            for other in best_partners({n: weight for n, weight in weights.items() if forms.at[n].wide is wide}):
                followers[other].append(number)
    for _other, numbers in sorted(followers.items()):
        yield from shared_translation(numbers)


class PartnerWeights(NamedTuple, Generic[_Partner]):
    """The partners of a name, weighted by how often they gloss it."""

    total: float
    """Sum of the weights of all partners."""
    first: tuple[tuple[_Partner, float], ...]
    """(partner, weight) for the `MAX_PARTNERS` of the highest weight."""


def partner_weights(weights: Mapping[_Partner, float]) -> PartnerWeights[_Partner]:
    """Summarise a mapping from partner to weight."""
    first = list(weights.items())
    if len(first) > MAX_PARTNERS:
        first = sorted(first, key=lambda item: (-item[1], item[0]))[:MAX_PARTNERS]
    return PartnerWeights(sum(weights.values()), tuple(first))


def best_partners(weights: Mapping[int, float]) -> list[int]:
    """The partners of the highest weight, if that is at least one full gloss."""
    best = max(weights.values(), default=0.0)
    return [other for other, weight in weights.items() if weight == best] if best >= 1 else []


def shared_translation(followers: Sequence[int]) -> Iterator[Clue]:
    """The clues of all forms with the same best partner: DHS and Department of Homeland Security, both 国土安全部.

    Too weak to propose a pair alone; it supports initials or a surname.
    """
    if len(followers) <= MAX_FOLLOWERS:
        for a, b in combinations(followers, 2):
            yield clue(a, b, "translation", SHARED_TRANSLATION)


def collect(posts: Iterable[Post], inners: Mapping[str, str], *, ranked: bool = False) -> list[Glossed]:
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


def _heads(forms: Forms, bares: Container[str]) -> set[int]:
    """Forms that several others end in, and so name a class rather than one thing: 财政部, Liberal Party.

    Of those with one of some bare texts.
    """
    ends: dict[int, int] = defaultdict(int)
    for form in forms.all:
        for text in endings(form):
            if text in bares:
                for head in forms.by_bare[text]:
                    ends[head.number] += head.kind == form.kind
    return {number for number, count in ends.items() if count > 1}


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


class GlossView(NamedTuple):
    """A gloss from the perspective of one of its two names."""

    share: float
    """Share of the name's glosses that agree with the other name, in [0, 1]."""
    part: bool
    """Whether the name is mostly glossed with a part of the other name."""
    head: bool
    """Whether several other names end in it."""
    given: bool
    """Whether it is a first name."""


def view_of(
    other: Form,
    weight: float,
    partners: PartnerWeights[int],
    outers: PartnerWeights[str] | None,
    forms: Forms,
    *,
    head: bool,
    given: bool,
) -> GlossView:
    """A gloss from the perspective of one name.

    Args:
        other: the partner.
        weight: its weight.
        partners: all partners of the name.
        outers: the outer names that the name glosses, if it is Latin.
        forms: at least the partners.
        head: whether several other names end in the name.
        given: whether it is a first name.
    """
    share = min(_share(other, weight, partners, forms), _share_of_all(other, outers))
    return GlossView(share, _is_part(other, weight, partners, forms), head, given)


def of_pair(one: Form, two: Form, counts: GlossCounts, first: GlossView, second: GlossView) -> Clue:
    """The clue from all glosses of two forms."""
    strength = _strength(counts, one, two, *sorted((first.share, second.share)))
    general = (first.head or second.head) and (counts.whole < 3 * max(counts.cut, 1) or strength < SURE)
    if general or first.part or second.part or first.given or second.given:
        strength = min(strength, GENERIC)
    if one.kind == "tag":
        strength = min(strength, TAG)
    if one.kind == "person" and _sound_alike(one, two):
        strength = SPOKEN
    return clue(
        one.number, two.number, "gloss", strength, times=counts.whole + counts.cut, places=tuple(counts.places),
        shares=(round(first.share, 3), round(second.share, 3)),
    )  # fmt: skip


def _strength(pair: GlossCounts, a: Form, b: Form, low: float, high: float) -> float:
    """The strength of a gloss, given the lower and the higher of the two shares.

    One gloss may be a slip (`亚马逊（AWS）`), so the share of glosses that agree counts: those of the pair itself, and
    of partners with similar spelling.
    """
    if not same_numbers(a, b):
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


def _sound_alike(one: Form, two: Form) -> bool:
    """Whether a Chinese and a Latin name of several words sound alike, first word and last."""
    wide, latin = (one, two) if one.wide else (two, one)
    if latin.wide or min(len(wide.words), len(latin.words)) < 2:
        return False
    likeness = [fuzz.ratio(sound(wide.words[at]), latin.words[at]) for at in (0, -1)]
    return likeness[0] >= 40 and likeness[1] >= 50


def _is_part(form: Form, weight: float, partners: PartnerWeights[int], forms: Forms) -> bool:
    """Whether the other name is mostly glossed by a part of this one: 通用电气 is GE, and once GE Aerospace."""
    if form.kind == "person":
        return False
    return any(
        times >= OFTEN * weight and other.wide == form.wide and _extends(form, other)
        for number, times in partners.first
        for other in (forms.at[number],)
    )  # fmt: skip


def _extends(long: Form, short: Form) -> bool:
    """Whether a name is another one plus words or characters."""
    if long.wide:
        return long.bare != short.bare and short.bare in long.bare
    return len(long.words) > len(short.words) and f" {' '.join(short.words)} " in f" {' '.join(long.words)} "


def _share_of_all(form: Form, outers: PartnerWeights[str] | None) -> float:
    """Share of the outer names a Latin name glosses that end in this form or something similar."""
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


def _share(form: Form, weight: float, partners: PartnerWeights[int], forms: Forms) -> float:
    """Share of the glosses that agree with this partner; those in another script are no other opinion."""
    others = [(times, forms.at[number]) for number, times in partners.first if number != form.number]
    elsewhere = sum(times for times, other in others if other.wide != form.wide)
    return (weight + sum(times for times, other in others if alike(other, form))) / (partners.total - elsewhere)
