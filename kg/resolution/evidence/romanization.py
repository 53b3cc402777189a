"""Names in other scripts and in Latin letters: `Юрий Гагарин` is Yuri Gagarin, `トヨタ` Toyota, `삼성` Samsung.

anyascii (https://github.com/anyascii/anyascii) writes any letter in Latin ones. There are many ways to do that, so
names are compared by their letters as well as by their consonants, like those of `transliteration`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz

from kg.resolution.evidence import Clue, clue
from kg.resolution.evidence.pinyin import KINDS, orders
from kg.resolution.evidence.transliteration import chains_of_latin, is_comparable
from kg.resolution.forms import Form, Forms

SURE = 0.93
"""For names whose letters are all the same, or nearly so: Gorbachyov."""
LIKELY, PERHAPS = 0.86, 0.72
NEARLY, CLOSE, AKIN = 94, 85, 70
"""Similarity of the letters, in percent, from which a name is as good as the same, likely, perhaps the same."""
SINGLE = 0.6
"""Upper bound for a person with a single word as name, which many share."""
SHORTEST = 4
"""Latin letters; shorter names are similar by chance."""
_LETTERS = re.compile("[a-z]+")
_WITHOUT_VOWELS = frozenset(["arabic", "hebrew"])
_VOWELS = re.compile("[aeiouwy]")


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a form in another script and a Latin form that sounds like it."""
    foreign = [
        (form, words)
        for form in forms.all
        if not form.bare.isascii() and form.kind in KINDS and form.script not in {"latin", "han"}
        for words in (romanized(form),)
        if len("".join(words)) >= SHORTEST
    ]
    if not foreign:
        return
    latin = [(form, text) for form in forms.all for text in orders(form) if len(text) >= SHORTEST]
    by_chain: dict[tuple[str, str], list[tuple[Form, str]]] = defaultdict(list)
    for (form, text), chain in zip(latin, chains_of_latin([(text,) for _form, text in latin]), strict=True):
        for key in _near(chain):
            by_chain[form.kind, key].append((form, text))
    chains = chains_of_latin([("".join(words),) for _form, words in foreign])
    for (form, words), chain in zip(foreign, chains, strict=True):
        best: dict[int, float] = {}
        for key in sorted(_near(chain)):
            block = by_chain.get((form.kind, key), ())
            for other, text in block if is_comparable(block) else ():
                likeness = _likeness(form, "".join(words), text)
                best[other.number] = max(likeness, best.get(other.number, 0.0))
        for number, likeness in sorted(best.items()):
            if strength := _strength(form, words, forms.at[number], likeness):
                yield clue(form.number, number, "romanization", strength)


def _likeness(form: Form, letters: str, other: str) -> float:
    """Similarity of the letters in percent; less than `SURE` if the script does not write vowels."""
    if form.script not in _WITHOUT_VOWELS:
        return fuzz.ratio(letters, other)
    return min(CLOSE - 1, fuzz.ratio(_VOWELS.sub("", letters), _VOWELS.sub("", other)))


def romanized(form: Form) -> list[str]:
    """The words of a name in Latin letters."""
    from anyascii import anyascii

    return _LETTERS.findall(anyascii(form.label).lower())


def _near(chain: str) -> set[str]:
    """A chain of consonants, and what is left of it without any one of them."""
    return {chain, *(chain[:at] + chain[at + 1 :] for at in range(len(chain)) if len(chain) > 2)}


def _strength(form: Form, words: list[str], other: Form, likeness: float) -> float:
    strength = SURE if likeness >= NEARLY else LIKELY if likeness >= CLOSE else PERHAPS if likeness >= AKIN else 0.0
    if form.digits != other.digits:
        return 0.0
    if form.kind == "person" and len(other.words) == 1 and len(words) == 1:
        return min(strength, SINGLE)
    return strength
