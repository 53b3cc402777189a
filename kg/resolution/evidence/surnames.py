"""A surname alone and the full name: `Musk` and `Elon Musk`, `特朗普` and `唐纳德·特朗普`.

A first name alone is not evidence: `John` need not be John Candy.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms
from kg.resolution.readings import sound, syllables
from kg.resolution.similarity import TITLES, skeleton

SURE = 0.91
SINGLE = 0.86
KNOWN = 3
"""Mentions from which the only bearer of a surname is known by it, if the surname alone is at most half as frequent."""


def find(forms: Forms, first_names: Container[str]) -> Iterator[Clue]:
    """Pairs of a surname and a full name that ends in it; `first_names` are those of `given_names`."""
    people = forms.of_kind("person")
    full: dict[str, list[Form]] = defaultdict(list)
    for form in people:
        if len(form.words) > 1:
            full[form.words[-1]].append(form)
    for form in people:
        if (name := surname_of(form)) and name not in first_names:
            yield from of_surname(form, full.get(name, ()))


def surname_of(form: Form) -> str:
    """The surname that a form consists of, with or without a title; "" if it has other words, too."""
    if len(form.words) == 2 and form.words[0] in TITLES:
        return form.words[1]
    return form.bare if len(form.words) == 1 and len(form.bare) > 1 else ""


def of_surname(form: Form, bearers: Collection[Form]) -> Iterator[Clue]:
    """The clues of one surname, given all full names that end in it, weighted by their share of mentions.

    Names that sound alike, Marc and Mark, count as those of one bearer.
    """
    bearers = [bearer for bearer in bearers if bearer is not form and not surname_of(bearer)]
    count: dict[tuple[str, ...], int] = defaultdict(int)
    for bearer in bearers:
        count[_sound(bearer)] += bearer.count
    total = sum(count.values())
    for bearer in bearers:
        share = count[_sound(bearer)] / total
        known = len(count) == 1 and total >= max(KNOWN, 2 * form.count) and _is_telling(form)
        yield clue(form.number, bearer.number, "surname", SURE if known else SINGLE * share)


def _sound(form: Form) -> tuple[str, ...]:
    return tuple(skeleton(sound(word)) for word in form.words)


def _is_telling(form: Form) -> bool:
    """Whether a surname is long enough to identify a family, and is not a syllable of Chinese names."""
    name = surname_of(form)
    return len(name) > 2 if form.wide else len(name) > 3 and name not in syllables()


def given_names(forms: Forms) -> frozenset[str]:
    """First names: words that begin the full names of at least two people."""
    return given(form.words for form in forms.of_kind("person"))


def given(names: Iterable[Sequence[str]]) -> frozenset[str]:
    """First names, given the words of each person's name."""
    seen: dict[str, set[str]] = defaultdict(set)
    for words in names:
        if len(words) > 1:
            seen[words[0]].add(words[-1])
    return frozenset(word for word, rest in seen.items() if len(rest) > 1)
