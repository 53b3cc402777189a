"""Chinese names and the same in pinyin: `习近平` and `Xi Jinping` or `Jinping Xi`, `抖音` and `Douyin`.

Hanyu Pinyin is ISO 7098:2015. Names are compared without tones and blanks.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice, product
from typing import TYPE_CHECKING

from kg.resolution.evidence import Clue, clue
from kg.resolution.readings import readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.resolution.forms import Form, Forms

KINDS = ("person", "organization", "product", "work", "project", "series")
MAX_READINGS = 16


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a Chinese form and a Latin one that is its pinyin."""
    latin: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in forms.all:
        if form.kind in KINDS and form.bare.isascii() and form.bare.isalnum():
            latin[form.kind, form.bare].append(form)
            if form.kind == "person" and len(form.words) in (2, 3):
                turned = "".join((*form.words[1:], form.words[0])), form.words[-1] + "".join(form.words[:-1])
                for text in dict.fromkeys(turned):
                    if text != form.bare:
                        latin[form.kind, text].append(form)
    matches: dict[int, list[tuple[Form, bool]]] = defaultdict(list)
    for form in forms.all:
        if form.kind not in KINDS or not form.wide or not 2 <= len(form.bare) <= 8 or len(form.words) > 1:
            continue
        syllables = [readings(c) or ((c,) if c.isascii() else ()) for c in form.bare]  # 智谱AI
        if not all(syllables):
            continue
        usual = "".join(syllable[0] for syllable in syllables)
        texts = dict.fromkeys("".join(parts) for parts in islice(product(*syllables), MAX_READINGS))
        for other in {other.number: other for text in texts for other in latin.get((form.kind, text), ())}.values():
            rare = (form.kind, usual) not in latin or other not in latin[form.kind, usual]
            matches[other.number].append((form, rare))
    for number, found in sorted(matches.items()):
        other = forms.all[number]
        for form, rare in found:
            strength = _strength(form, other, len(found))
            yield clue(number, form.number, "pinyin", strength - (0.02 if len(form.bare) > 2 else 0.15) * rare)


def _strength(form: Form, other: Form, rivals: int) -> float:
    """Two syllables are the name of many people; three of few; a company's name is its own."""
    length = len(form.bare)
    if form.kind == "person":
        if length == 2:
            return 0.85 if rivals == 1 else 0.6
        return 0.94 if rivals == 1 else 0.91
    if len(other.bare) < 5:
        return 0.8
    return 0.93 if rivals == 1 else 0.8
