"""How likely an open proposal is right: logistic regression (https://en.wikipedia.org/wiki/Logistic_regression).

The sum of all signals of a pair, each times its weight, is the logarithm of the odds that its two names are one. The
weights are what `python -m benchmarks.ranking` learns from the judged pairs of `benchmarks/judged.tsv`; decisions in
the ledger move them, once there are enough. Nothing is joined by this: it tells people what to look at first, and why.
"""

import re
from collections.abc import Mapping, Sequence
from math import exp, log, log1p
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from kg.resolution import Candidate
from kg.resolution.forms import bare_of, is_wide
from kg.resolution.names import is_topic
from kg.resolution.readings import sound
from kg.resolution.surroundings import words_of
from kg.text.folding import fold

ENOUGH = 20
"""Decisions of people needed for the weights to follow them, ..."""
ENOUGH_OF_EACH = 5
"""... and of each of the two kinds."""
TRUST = 3.0
"""How strongly the learned weights resist decisions: the precision of the Gaussian prior around them."""
_ROUNDS = 25
_LEAST_STEP = 1e-9
_SUBTITLE = re.compile("[:：—](?P<rest>.+)")
_LETTERS_FOR_ONE = 3
"""Latin letters for each Chinese character in most translations."""


class Signal(NamedTuple):
    """Evidence for or against a pair."""

    weight: float
    meaning: str


SIGNALS: dict[str, Signal] = {
    "always": Signal(-1.11, "before anything is known of a pair"),
    "rules": Signal(0.63, "logit of the confidence that the rules give"),
    "circles": Signal(2.7, "agreement of what stands around the company of both, in [0, 1]"),
    "rivals": Signal(-0.52, "logarithm of the other things that one of the two has been compared with"),
    "held": Signal(
        -0.96, "logarithm of the other names that hold one of the two as a word or, if it is Chinese, as their end"
    ),
    "glossed": Signal(-1.74, "a body gives one name in brackets after the other, or one name holds both"),
    "greatest share": Signal(1.71, "share of a name's glosses that agree with the other, the greater of both"),
    "both known": Signal(-0.68, "logarithm of the mentions of the rarer name, where a body glosses it: 亚马逊（AWS）"),
    "stray": Signal(-0.38, "how small the lesser share of glosses is, as a logarithm: 银行, of hundreds of banks"),
    "likeness": Signal(3.37, "similarity of the Latin letters and the pinyin of the Chinese name, in [0, 1]"),
    "last word": Signal(4.44, "of people: the same for the last words alone, beyond a half"),
    "sound alone": Signal(-3.74, "a transliteration may be meant, and no body glosses it"),
    "same sound": Signal(2.57, "two Chinese names that sound the same: 黄之峰, 黄之锋"),
    "strangers": Signal(-0.33, "logarithm of the mentions of the rarer name, where both keep no company in common"),
    "plural": Signal(3.61, "of tags: one is the plural of the other, or the same letters"),
    "company or topic": Signal(-2.17, "these are an organization and a topic"),
    "work or topic": Signal(-2.58, "these are a work and a topic"),
    "person or thing": Signal(-0.83, "these are a person and anything but a topic"),
    "account": Signal(4.02, "of a thing and a person, whose name is in lower case, as those of accounts are"),
    "other words": Signal(-3.14, "of a thing that one word names, and a topic of several"),
    "capitals": Signal(-1.82, "of several kinds: a name that posts capitalise differently, `SWIFT` and Swift"),
    "subtitle": Signal(1.56, "of works: log ratio of the letters of a subtitle to ten; least where both have one"),
    "affix": Signal(-1.48, "one is the other with a title, a legal form, a subtitle …"),
    "initials": Signal(-1.89, "one consists of the initials of the other"),
    "short": Signal(-0.54, "the shorter name has three letters or two characters at most"),
}
WEIGHTS = {name: signal.weight for name, signal in SIGNALS.items()}


def signals(candidate: Candidate, around: Mapping[str, float]) -> dict[str, float]:
    """The signals of a pair that are not zero, by their names in `SIGNALS`.

    Args:
        candidate: the pair.
        around: those of `kg.resolution.surroundings`.
    """
    kind, evidence = candidate.kind, {item.kind: item for item in candidate.evidence}
    kinds, topic = set(candidate.kinds), any(map(is_topic, candidate.kinds))
    written = dict(zip(candidate.kinds, (candidate.name, candidate.other), strict=True))
    thing = next((name for kind, name in written.items() if not is_topic(kind)), "")
    one, two = bare_of(candidate.name), bare_of(candidate.other)
    wide, latin = (candidate.name, candidate.other) if is_wide(one) else (candidate.other, candidate.name)
    across = is_wide(wide) and not is_wide(latin)
    short = min(one, two, key=len)
    sure = min(0.99, max(0.02, candidate.confidence))
    gloss = evidence.get("gloss")
    shares = (gloss.shares or (1.0, 1.0)) if gloss else (0.0, 0.0)
    parts = [_stems(name) for name in (candidate.name, candidate.other)]
    turned = parts[0] != parts[1] and sorted(parts[0]) == sorted(parts[1])
    lower = [name for name in (candidate.name, candidate.other) if name.islower()]
    found = {
        "always": 1.0,
        "rules": log(sure / (1 - sure)),
        **{name: round(value, 3) for name, value in around.items()},
        "glossed": float(bool(gloss)),
        "greatest share": max(shares),
        "both known": log(max(1, min(candidate.mentions))) if gloss else 0.0,
        "stray": -log(max(0.01, min(shares))) if gloss else 0.0,
        "likeness": _likeness(bare_of(wide), bare_of(latin)) if across else 0.0,
        "last word": _last_word(wide, latin) if across and kind == "person" else 0.0,
        "sound alone": float("sound" in evidence and not gloss),
        "same sound": float(one != two and is_wide(one) and is_wide(two) and sound(one) == sound(two)),
        "strangers": 0.0 if kind == "tag" or "context" in evidence else log1p(max(0, min(candidate.mentions) - 1)),
        "plural": float("folding" in evidence and kind == "tag" and not turned),
        "company or topic": float(topic and "organization" in kinds),
        "work or topic": float(topic and "work" in kinds),
        "person or thing": float(not topic and "person" in kinds and len(kinds) > 1),
        "account": float(not topic and len(kinds) > 1 and written.get("person", "").islower()),
        "other words": float(topic and thing.istitle() and len(parts[0]) != len(parts[1])),
        "capitals": float("kinds" in evidence and candidate.name != candidate.other and not lower),
        "subtitle": _subtitle(candidate) if kind == "work" and "folding" in evidence else 0.0,
        "affix": float("folding" in evidence and kind != "tag"),
        "initials": float("initials" in evidence),
        "short": float(kind != "person" and "initials" not in evidence and len(short) < (3 if is_wide(short) else 4)),
    }
    return {name: value for name, value in found.items() if value}


def _likeness(wide: str, latin: str) -> float:
    return fuzz.ratio(sound(wide), latin) / 100


def _last_word(wide: str, latin: str) -> float:
    """How much more than half the last words of two names sound alike; 0 if either has one word only."""
    words = [words_of(fold(name)) for name in (wide, latin)]
    return _likeness(words[0][-1], words[1][-1]) - 0.5 if min(map(len, words)) > 1 else 0.0


def _stems(name: str) -> list[str]:
    """The words of a name, in lower case and without plural endings."""
    return [word.rstrip("s") for word in re.sub("[-.]", " ", name.lower()).split()]


def _subtitle(candidate: Candidate) -> float:
    """The length of the subtitle that one of two works has, scaled to [-1.5, 1.5]: a sequel has a short one."""
    rests = [found["rest"] for name in (candidate.name, candidate.other) if (found := _SUBTITLE.search(name))]
    if len(rests) != 1:
        return -1.5 * (len(rests) == 2)
    return max(-1.5, min(1.5, log(_letters(rests[0]) / 10)))


def _letters(text: str) -> int:
    return sum(1 if letter.isascii() else _LETTERS_FOR_ONE for letter in text)


def likelihood(found: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The probability, in [0, 1] and rounded to three digits, that a pair with these signals is one thing."""
    odds = sum(value * weights[name] for name, value in found.items())
    return round(1 / (1 + exp(-max(-30.0, min(30.0, odds)))), 3)


def reasons(found: Mapping[str, float], weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """Each signal with its contribution to the logarithm of the odds, the largest first."""
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
    """The most probable weights, by Newton's method with steps that are halved until they help.

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

    def improbable(weights: Any) -> float:
        odds = rows @ weights
        return float(np.logaddexp(0, odds).sum() - right @ odds + trust / 2 * ((weights - start) ** 2).sum())

    weights = start.copy()
    for _round in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - chance) - trust * (weights - start)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + trust * np.eye(len(names))
        step, before = np.linalg.solve(bend, slope), improbable(weights)
        while improbable(weights + step) > before and np.abs(step).max() > _LEAST_STEP:
            step = step / 2
        weights = weights + step
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}
