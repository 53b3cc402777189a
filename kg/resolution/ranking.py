"""How likely an open proposal is right: logistic regression (https://en.wikipedia.org/wiki/Logistic_regression).

The sum of all signals of a pair, each times its weight, is the logarithm of the odds that its two names are one. The
weights were learned from 491 judged pairs, as `python -m benchmarks.ranking` does it; decisions in the ledger move
them, once there are enough. Nothing is joined by this: it tells people what to look at first, and why.
"""

from __future__ import annotations

from math import exp, log, log1p, sqrt
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from kg.resolution.forms import bare_of, is_wide
from kg.resolution.readings import sound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.resolution import Candidate

ENOUGH = 20
"""Decisions of people from which the weights follow them, ..."""
ENOUGH_OF_EACH = 5
"""... if there are so many of both sorts."""
TRUST = 3.0
"""How firmly the learned weights stand against decisions: the precision of the Gaussian prior around them."""
_ROUNDS = 25
_LETTERS_FOR_ONE = 3
"""Latin letters for each Chinese character in most translations."""


class Signal(NamedTuple):
    """Something that speaks for or against a pair."""

    weight: float
    meaning: str


SIGNALS: dict[str, Signal] = {
    "always": Signal(0.81, "before anything is known of a pair"),
    "rules": Signal(0.61, "logit of the confidence that the rules give"),
    "glossed": Signal(-1.68, "a body gives one name in brackets after the other, or one name holds both"),
    "glossed often": Signal(-0.29, "logarithm of how often, up to 20 times"),
    "least share": Signal(
        0.71, "share of the glosses of one name that agree with the other, the lesser of both directions"
    ),
    "greatest share": Signal(0.51, "the greater of both directions"),
    "long for its translation": Signal(
        -0.54, "log ratio of Latin letters to Chinese characters above three: `personalized-treatment` and 治疗"
    ),
    "likeness": Signal(1.38, "similarity of the Latin letters and the pinyin of the Chinese name, in [0, 1]"),
    "sound alone": Signal(-2.32, "a transliteration may be meant, and no body glosses it"),
    "company": Signal(1.08, "square root of the agreement of what both are mentioned with"),
    "strangers": Signal(-0.63, "logarithm of the mentions of the rarer name, where both keep no company in common"),
    "plural": Signal(2.18, "of tags: one is the plural of the other, or the same words in another order"),
    "affix": Signal(-0.16, "one is the other with a title, a legal form, a subtitle …"),
    "qualifier": Signal(-0.39, "one is the other with a country, a sort or a plural"),
    "pinyin": Signal(-0.29, "one is the pinyin of the other"),
    "initials": Signal(-1.63, "one consists of the initials of the other"),
    "spelling": Signal(0.1, "they differ by a letter or two"),
    "surname": Signal(-0.33, "one is the surname of the other"),
    "short": Signal(-0.92, "the shorter name has three letters or two characters at most"),
    "first name": Signal(-0.72, "a person glossed by a single word: Paul, 保罗"),
    "clash": Signal(-0.5, "joining them would make two names one that look like two things"),
    "person": Signal(-0.39, "they are people"),
}
WEIGHTS = {name: signal.weight for name, signal in SIGNALS.items()}


def signals(candidate: Candidate) -> dict[str, float]:
    """The signals of a pair that are not zero, by their names in `SIGNALS`."""
    kind, evidence = candidate.kind, {item.kind: item for item in candidate.evidence}
    one, two = bare_of(candidate.name), bare_of(candidate.other)
    wide, latin = (one, two) if is_wide(one) else (two, one)
    across = is_wide(wide) and not is_wide(latin)
    short = min(one, two, key=len)
    sure = min(0.99, max(0.02, candidate.confidence))
    gloss, context = evidence.get("gloss"), evidence.get("context")
    shares = (gloss.shares or (1.0, 1.0)) if gloss else (0.0, 0.0)
    words = (candidate.name + candidate.other).replace("·", " ")
    found = {
        "always": 1.0,
        "rules": log(sure / (1 - sure)),
        "glossed": float(bool(gloss)),
        "glossed often": min(log1p(gloss.count), 3.0) if gloss else 0.0,
        "least share": min(shares),
        "greatest share": max(shares),
        "long for its translation": 0.0,
        "likeness": fuzz.ratio(sound(wide), latin) / 100 if across else 0.0,
        "sound alone": float("sound" in evidence and not gloss),
        "company": sqrt(context.shares[0]) if context else 0.0,
        "strangers": log1p(max(0, min(candidate.mentions) - 1)) if not context and kind != "tag" else 0.0,
        "plural": float("folding" in evidence and kind == "tag"),
        "affix": float("folding" in evidence and kind != "tag"),
        "short": float(kind != "person" and "initials" not in evidence and len(short) < (3 if is_wide(short) else 4)),
        "first name": float(kind == "person" and bool(gloss) and across and " " not in words),
        "clash": float("it would make" in candidate.reason),
        "person": float(kind == "person"),
    }
    found |= {name: float(name in evidence) for name in ("qualifier", "pinyin", "initials", "spelling", "surname")}
    if across and kind != "person":
        characters = sum(not letter.isascii() for letter in wide)
        found["long for its translation"] = max(0.0, log(len(latin) / max(1, characters) / _LETTERS_FOR_ONE))
    return {name: value for name, value in found.items() if value}


def likelihood(found: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The probability, in [0, 1] and rounded to three digits, that a pair with these signals is one thing."""
    odds = sum(value * weights[name] for name, value in found.items())
    return round(1 / (1 + exp(-max(-30.0, min(30.0, odds)))), 3)


def reasons(found: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> list[tuple[str, float]]:
    """Each signal with what it adds to the logarithm of the odds, the weightiest first."""
    parts = [(name, round(value * weights[name], 2)) for name, value in found.items()]
    return sorted((part for part in parts if part[1]), key=lambda part: (-abs(part[1]), part[0]))


def trained(decided: Sequence[tuple[Mapping[str, float], bool]]) -> Mapping[str, float]:
    """The weights after decisions of people, each a pair's signals and whether it is one; too few change nothing."""
    right = sum(is_one for _found, is_one in decided)
    if len(decided) < ENOUGH or min(right, len(decided) - right) < ENOUGH_OF_EACH:
        return WEIGHTS
    return fitted(decided, prior=WEIGHTS, trust=TRUST)


def fitted(
    decided: Sequence[tuple[Mapping[str, float], bool]], *, prior: Mapping[str, float], trust: float
) -> dict[str, float]:
    """The most probable weights, by Newton's method from the prior.

    Args:
        decided: signals, and whether they are of one thing.
        prior: the weights expected.
        trust: precision of the prior; 0 would let decisions alone speak.
    """
    import numpy as np

    names = list(prior)
    rows = np.array([[found.get(name, 0.0) for name in names] for found, _is_one in decided])
    right = np.array([float(is_one) for _found, is_one in decided])
    start = np.array([prior[name] for name in names])
    weights = start.copy()
    for _round in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - chance) - trust * (weights - start)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + trust * np.eye(len(names))
        weights = weights + np.linalg.solve(bend, slope)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}
