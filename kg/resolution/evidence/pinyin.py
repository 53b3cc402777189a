"""Chinese names and their pinyin: `习近平` and `Xi Jinping` or `Jinping Xi`, `抖音` and `Douyin`.

Hanyu Pinyin is ISO 7098:2015; tones and spaces are ignored.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice, product

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms
from kg.resolution.readings import readings

KINDS = frozenset(["person", "organization", "product", "work", "project", "series"])
"""Kinds of things rather than topics."""
MAX_READINGS = 16
"""Romanizations tried per form."""


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a Chinese form and a Latin form that is its pinyin."""
    pinyin = [(form, text, usual) for form in forms.all for text, usual in romanized(form).items()]
    wanted = {text for _form, text, _usual in pinyin}
    latin: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in forms.all:
        for text in orders(form):
            if text in wanted:
                latin[form.kind, text].append(form)
    matches: dict[int, dict[int, bool]] = defaultdict(dict)
    for form, text, usual in pinyin:
        for other in latin.get((form.kind, text), ()):
            matches[other.number][form.number] = usual or matches[other.number].get(form.number, False)
    for number, found in sorted(matches.items()):
        yield from of_latin(forms.at[number], [(forms.at[n], usual) for n, usual in found.items()])


def of_latin(other: Form, found: Collection[tuple[Form, bool]]) -> Iterator[Clue]:
    """The clues of one Latin form, given the Chinese forms it may romanize (True: by their usual readings)."""
    for form, usual in found:
        strength = _strength(form, other, len(found))
        yield clue(other.number, form.number, "pinyin", strength - (0.02 if len(form.bare) > 2 else 0.15) * (not usual))


def orders(form: Form) -> Iterable[str]:
    """The letters of a Latin form; for a person, in each likely order of the words."""
    if form.kind not in KINDS or not (form.bare.isascii() and form.bare.isalnum()):
        return ()
    if form.kind != "person" or len(form.words) not in (2, 3):
        return (form.bare,)
    return dict.fromkeys(
        (form.bare, "".join((*form.words[1:], form.words[0])), form.words[-1] + "".join(form.words[:-1]))
    )


def romanized(form: Form) -> dict[str, bool]:
    """Pinyin of a Chinese form → whether it uses the most frequent reading of each character."""
    if form.kind not in KINDS or not form.wide or not 2 <= len(form.bare) <= 8 or len(form.words) > 1:
        return {}
    syllables = [readings(c) or ((c,) if c.isascii() else ()) for c in form.bare]  # 智谱AI
    if not all(syllables):
        return {}
    usual = "".join(syllable[0] for syllable in syllables)
    return {text: text == usual for text in map("".join, islice(product(*syllables), MAX_READINGS))}


def _strength(form: Form, other: Form, rivals: int) -> float:
    """A two-syllable name is shared by many people, a three-syllable name by few, a company's by none."""
    length = len(form.bare)
    if form.kind == "person":
        if length == 2:
            return 0.85 if rivals == 1 else 0.6
        return 0.94 if rivals == 1 else 0.91
    if len(other.bare) < 5:
        return 0.8
    return 0.93 if rivals == 1 else 0.8
