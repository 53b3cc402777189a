"""Pairs of forms that bodies gloss one by the other: `英伟达（Nvidia）`."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms, same_numbers
from kg.resolution.glossed import GlossCounts, Glossed, count, endings
from kg.resolution.readings import sound
from kg.resolution.similarity import alike

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
MAX_PARTNERS = 100
"""Partners of a name that are examined one by one, most frequent first."""
OFTEN = 4
"""Ratio of counts at which one gloss is the rule and the other the exception."""


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
