"""From clues to one confidence per pair.

Independent clues add up (noisy or: all must be wrong at once). Context then speaks for or against: the company a name
keeps lifts a doubtful pair, and a list that names both as separate items sinks it, unless bodies gloss one by the
other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.resolution.context import Context
    from kg.resolution.evidence import Clue
    from kg.resolution.forms import Forms

CERTAIN = 0.99
"""No inference is surer than this."""
PROPOSED = 0.88
"""Nor is one of which nothing but the sound is known surer than this."""
WORTH_A_LOOK = 0.5
"""What bodies gloss is shown even where a list names both."""
_NEEDS_CONTEXT = frozenset(["sound", "surname", "spelling", "initials", "pinyin"])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forms of one kind, and how sure it is that they are one."""

    a: int
    b: int
    confidence: float
    evidence: tuple[Evidence, ...]
    objection: str = ""
    """What speaks against it."""


def score(clues: Iterable[Clue], forms: Forms, context: Context, *, at_least: float) -> list[Pair]:
    """One `Pair` for all clues about the same two forms, strongest first.

    Args:
        clues: in any order.
        forms: what the clues are about.
        context: what the posts say.
        at_least: pairs below this confidence are left out.
    """
    by_pair: dict[tuple[int, int], list[Clue]] = defaultdict(list)
    for clue in clues:
        by_pair[clue.a, clue.b].append(clue)
    pairs = [pair for found in by_pair.values() if (pair := _judge(found, forms, context, at_least))]
    return in_order(pairs, forms)


def in_order(pairs: Iterable[Pair], forms: Forms) -> list[Pair]:
    """Pairs, strongest first."""
    every = forms.all
    return sorted(pairs, key=lambda pair: (-pair.confidence, every[pair.a].bare, every[pair.b].bare, pair.a, pair.b))


def _judge(clues: list[Clue], forms: Forms, context: Context, at_least: float) -> Pair | None:
    a, b = clues[0].a, clues[0].b
    one, two = forms.all[a], forms.all[b]
    # Two clues of one kind say the same thing twice: the stronger one counts.
    best = {clue.kind: clue for clue in sorted(clues, key=lambda clue: (clue.kind, clue.strength))}
    clues, kinds = list(best.values()), set(best)
    doubt = 1.0
    for clue in clues:
        doubt *= 1 - clue.strength
    confidence = 1 - doubt
    agreement, shared = 0.0, 0
    objection = ""
    glosses = sum(clue.times for clue in clues if clue.kind == "gloss")
    if kinds & _NEEDS_CONTEXT or "gloss" in kinds:
        agreement, shared = context.agreement(one, two)
        if agreement >= 0.1:
            confidence += (1 - confidence) * min(0.75, 3 * agreement)
        elif kinds == {"surname"}:
            confidence *= 0.85
    together = context.listed_together(one, two)
    if together and kinds != {"folding"}:
        share = together / min(len(one.posts), len(two.posts))
        if glosses < 3 * together and not (glosses and share < 0.3):
            objection = f"{together} post{'s list' if together > 1 else ' lists'} them as two"
            confidence *= 1 - 0.5 * share
            confidence = min(max(confidence, WORTH_A_LOOK), 0.85) if glosses else min(confidence, 0.7)
    confidence = min(confidence, PROPOSED if kinds == {"sound"} else CERTAIN)
    if confidence < at_least:
        return None
    met = one.places[:2] + two.places[:2]
    evidence = [Evidence(clue.kind, clue.times, clue.places or met) for clue in clues]
    if agreement >= 0.1:
        evidence.append(Evidence("context", shared))
    return Pair(a, b, round(confidence, 3), tuple(evidence), objection)
