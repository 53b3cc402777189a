"""Names with almost the same spelling: `Howard Lutnick` and `Howard Lutnik`, `国家为什么失败` and `国家为什么会失败`.

Comparing all pairs is quadratic, so candidate pairs come from blocking: people who share a whole word of their names,
and names that are equal after dropping one letter from either (symmetric deletes,
https://github.com/wolfgarbe/SymSpell).
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import combinations

from rapidfuzz.distance import JaroWinkler, Levenshtein

from kg.resolution.evidence import Clue, clue
from kg.resolution.evidence.pinyin import KINDS
from kg.resolution.forms import Form, Forms
from kg.resolution.readings import sound
from kg.resolution.similarity import skeleton

MAX_BLOCK = 40
"""Forms in a block; a larger one is a common first name or word, expensive and uninformative."""
SHORTEST = 8
"""Latin letters; in shorter names one letter makes another name: GM, MGM, NASA, NSA."""
SHORTEST_WIDE = 3
LONGEST = 40
"""Characters; longer texts are sentences, and each character adds a block."""
SLIP = 0.89
"""One letter in the name of a person: enough with any company in common; John Robarts is not John Roberts."""
_ENDINGS = ("a", "e", "o")
"""Endings that distinguish female from male names in many languages."""
_PARTICLES = frozenset("的了会會之与與和地得")


def find(forms: Forms, given: Container[str]) -> Iterator[Clue]:
    """Pairs of forms with similar spellings and the same numbers; `given` holds the `surnames.given_names`."""
    sharing: dict[tuple[str, str], list[Form]] = {}
    first: dict[tuple[str, str], dict[str, Form]] = defaultdict(dict)
    for form in forms.all:
        for family, keys in blocks(form):
            firsts = first[form.kind, family]
            for key in keys:
                # Nearly all blocks hold a single form; they need no list.
                other = firsts.setdefault(key, form)
                if other is not form:
                    sharing.setdefault((form.kind + family, key), [other]).append(form)
    seen: set[tuple[int, int]] = set()
    for block in sharing.values():
        yield from of_block(block, given, seen)


def of_block(block: Sequence[Form], given: Container[str], seen: set[tuple[int, int]]) -> Iterator[Clue]:
    """The clues of one block.

    Args:
        block: all forms of one kind with the same blocking key.
        given: first names; see `surnames.given_names`.
        seen: pairs already compared; new ones are added.
    """
    if len(block) > MAX_BLOCK:
        return
    for a, b in combinations(block, 2):
        pair = (min(a.number, b.number), max(a.number, b.number))
        if pair in seen:
            continue
        seen.add(pair)
        strength = _strength(a, b, given)
        if strength:
            yield clue(a.number, b.number, "spelling", strength)


def blocks(form: Form) -> Iterator[tuple[str, Iterable[str]]]:
    """The blocking keys of a form, grouped by family of keys."""
    if form.kind not in KINDS:
        return
    text = form.bare
    if form.kind == "person" and not form.wide and len(form.words) > 1:
        yield " first", (form.words[0] + " " + form.words[-1][0],)
        yield " last", (form.words[-1] + " " + form.words[0][0],)
    if not form.digits and (SHORTEST_WIDE if form.wide else SHORTEST) <= len(text) <= LONGEST:
        yield "", _deletes(text)


def _deletes(text: str) -> Iterable[str]:
    return {text, *[text[:i] + text[i + 1 :] for i in range(len(text))]}


def _strength(a: Form, b: Form, given: Container[str]) -> float:
    if a.digits != b.digits or a.wide != b.wide:
        return 0.0
    if a.wide:
        return _wide_strength(a, b)
    if {word for word in a.words if len(word) == 1} != {word for word in b.words if len(word) == 1}:
        return 0.0  # Model S, Model X
    if a.kind == "person":
        return _person_strength(a, b, given)
    length = min(len(a.bare), len(b.bare))
    if Levenshtein.distance(a.bare, b.bare) > (2 if length >= 20 else 1) or not _begin_alike(a, b):
        return 0.0
    return 0.92 if length >= 14 else 0.8 if length >= 10 else 0.55  # Agent SDK, Agents SDK: company alone does not do


def _begin_alike(a: Form, b: Form) -> bool:
    """Whether all words begin with the same letters: a preview is not a review."""
    if len(a.words) != len(b.words):
        return a.bare[0] == b.bare[0]
    return all(x[0] == y[0] for x, y in zip(a.words, b.words, strict=True))


def _person_strength(a: Form, b: Form, given: Container[str]) -> float:
    """Strength for two people: all but one word equal, and that one similar."""
    if len(a.words) != len(b.words) or len(a.words) < 2:
        return 0.7 if Levenshtein.distance(a.bare, b.bare) == 1 else 0.0
    odd = [(x, y) for x, y in zip(a.words, b.words, strict=True) if x != y]
    if len(odd) != 1:
        return 0.6 if Levenshtein.distance(a.bare, b.bare) <= 1 else 0.0
    x, y = odd[0]
    is_first = (x, y) == (a.words[0], b.words[0])
    if is_first and _is_short_for(x, y):
        return 0.65
    if is_first and x in given and y in given:
        # Both are real first names: Marc and Mark are taken for one another, Ann and Anna are not.
        return 0.7 if skeleton(x) == skeleton(y) and not x.endswith(_ENDINGS) and not y.endswith(_ENDINGS) else 0.0
    if skeleton(x) == skeleton(y) and min(len(x), len(y)) >= 4 and JaroWinkler.similarity(x, y) >= 0.78:
        slip = Levenshtein.distance(x, y) == 1 and max(len(x), len(y)) >= 5
        return SLIP if slip and max(a.count, b.count) >= 2 * min(a.count, b.count) else 0.86
    if JaroWinkler.similarity(x, y) >= 0.9 and x[0] == y[0] and min(len(x), len(y)) >= 5:
        return 0.85 if is_first or len(x) > 6 else 0.75
    return 0.0


def _is_short_for(x: str, y: str) -> bool:
    """Whether one first name is short for the other: Rich, Richard; not Daniel, Danielle, nor Jan, Jana."""
    short, long = sorted((x, y), key=len)
    return len(short) > 2 and len(long) - len(short) > 2 and long.startswith(short) and not long.endswith(_ENDINGS)


def _wide_strength(a: Form, b: Form) -> float:
    if len(a.bare) != len(b.bare):
        longer, shorter = (a.bare, b.bare) if len(a.bare) > len(b.bare) else (b.bare, a.bare)
        at = next((i for i, c in enumerate(shorter) if c != longer[i]), len(shorter))
        if longer[at] in _PARTICLES and len(shorter) >= 5 and 0 < at < len(shorter):
            return 0.92
        if a.kind != "person" or len(shorter) < 5:
            return 0.0
        return 0.55 if longer[at].isascii() else 0.75  # 约翰·F·肯尼迪 was president, 约翰·肯尼迪 is a senator
    if sum(x != y for x, y in zip(a.bare, b.bare, strict=True)) != 1:
        return 0.0
    (odd,) = [(x, y) for x, y in zip(a.bare, b.bare, strict=True) if x != y]
    if _PARTICLES.issuperset(odd) and len(a.bare) >= 5:
        return 0.85
    same_sound = sound(a.bare) == sound(b.bare)
    if a.kind == "person":
        foreign = len(a.words) > 1 or len(a.bare) > 4
        # 姚顺宇 and 姚顺雨 may well be two people in one trade: no company in common makes them one.
        return (0.93 if foreign else 0.55) if same_sound else (0.85 if foreign else 0.0)
    return 0.9 if same_sound and len(a.bare) >= 4 else 0.55 if len(a.bare) >= 6 and same_sound else 0.0
