"""From clues to one match score (confidence) per pair.

Independent clues are combined by noisy-or: 1 - Π(1 - strength). Context then raises or lowers the score: shared
co-mentions raise a doubtful pair; a post that lists both as separate items lowers it, unless bodies gloss one by the
other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.model import Evidence, Record
from kg.resolution.context import Context
from kg.resolution.evidence import Clue, surnames
from kg.resolution.evidence.glosses import GENERIC, SPOKEN
from kg.resolution.forms import Form, Forms
from kg.resolution.names import Place

CERTAIN = 0.99
"""Upper bound of the confidence of any inference."""
PROPOSED = 0.88
"""Upper bound if similar sound is the only evidence."""
ACROSS = 0.85
"""Upper bound for one name under two kinds, where it may well be two things."""
WORTH_A_LOOK = 0.5
"""Lower bound for a glossed pair that posts list as two, so that it is proposed."""
MET = 0.03
"""Agreement of context from which two names count as appearing in the same company."""
_NEEDS_CONTEXT = frozenset(["sound", "romanization", "surname", "spelling", "initials", "pinyin", "qualifier"])


class ScoredPair(Record, frozen=True):
    """Two forms, and the confidence that they are one."""

    a: int
    b: int
    confidence: float
    evidence: tuple[Evidence, ...]
    objection: str = ""
    """Evidence against the pair, for people; "" if there is none."""


def score(clues: Iterable[Clue], forms: Forms, context: Context, *, at_least: float) -> list[ScoredPair]:
    """Score the pairs of forms that have clues, strongest first.

    Args:
        clues: in any order.
        forms: the forms the clues refer to.
        context: co-occurrence of the forms.
        at_least: confidence below which a pair is dropped.
    """
    found = by_pair(clues).values()
    pairs = [pair for of_pair in found if (pair := _judge(of_pair, forms, context, at_least))]
    return in_order(pairs, forms)


def by_pair(clues: Iterable[Clue]) -> dict[tuple[int, int], list[Clue]]:
    """(form, form) → the clues about the two."""
    found: dict[tuple[int, int], list[Clue]] = defaultdict(list)
    for clue in clues:
        found[clue.a, clue.b].append(clue)
    return found


def in_order(pairs: Iterable[ScoredPair], forms: Forms) -> list[ScoredPair]:
    """Pairs sorted by falling confidence, then by text."""
    every = forms.at
    return sorted(pairs, key=lambda pair: (-pair.confidence, every[pair.a].bare, every[pair.b].bare, pair.a, pair.b))


def _judge(clues: list[Clue], forms: Forms, context: Context, at_least: float) -> ScoredPair | None:
    a, b = clues[0].a, clues[0].b
    one, two = forms.at[a], forms.at[b]
    if one.kind != two.kind:
        return _across_kinds(clues[0], one, two, forms, context, at_least)
    clues = strongest(clues)
    best = {clue.kind: clue for clue in clues}
    kinds = set(best)
    doubt = 1.0
    for clue in clues:
        if not _says_nothing_new(clue, best, one, two):
            doubt *= 1 - clue.strength
    confidence = 1 - doubt
    agreement, shared = 0.0, 0
    objection = ""
    glosses = sum(clue.times for clue in clues if clue.kind == "gloss")
    if kinds & _NEEDS_CONTEXT or "gloss" in kinds or (one.kind == "person" and "folding" in kinds):
        agreement, shared = context.agreement(one, two)
        if agreement >= MET:
            confidence += (1 - confidence) * min(0.75, max(0.15, 3 * agreement))
        elif kinds == {"surname"} and confidence < surnames.SURE:
            confidence *= 0.85
    together = context.listed_together(one, two)
    if together and kinds != {"folding"} and ("gloss" not in best or best["gloss"].strength < SPOKEN):
        share = together / min(len(one.posts), len(two.posts))
        if glosses < 3 * together and not (glosses and share < 0.3):
            objection = f"{together} post{'s list' if together > 1 else ' lists'} them as two"
            confidence *= 1 - 0.5 * share
            confidence = min(max(confidence, WORTH_A_LOOK), 0.85) if glosses else min(confidence, 0.7)
    confidence = min(confidence, PROPOSED if kinds == {"sound"} else CERTAIN)
    if confidence < at_least:
        return None
    places = [clue.places or _met(one, two, forms) for clue in clues]
    evidence = [Evidence(clue.kind, clue.times, seen, clue.shares) for clue, seen in zip(clues, places, strict=True)]
    if agreement >= MET:
        evidence.append(Evidence("context", shared, shares=(round(agreement, 3),)))
    return ScoredPair(a, b, round(confidence, 3), tuple(evidence), objection)


def strongest(clues: Iterable[Clue]) -> list[Clue]:
    """The strongest clue of each kind; those of one kind are not independent."""
    return list({clue.kind: clue for clue in sorted(clues, key=lambda clue: (clue.kind, clue.strength))}.values())


def _met(a: Form, b: Form, forms: Forms) -> tuple[Place, ...]:
    """Where two forms are mentioned."""
    return forms.places(a)[:2] + forms.places(b)[:2]


def _across_kinds(clue: Clue, a: Form, b: Form, forms: Forms, context: Context, at_least: float) -> ScoredPair | None:
    agreement, shared = context.agreement(a, b) if clue.strength < 1 else (0.0, 0)
    likely = clue.strength + agreement
    confidence = CERTAIN if likely >= 1 else min(likely, ACROSS)
    if confidence < at_least:
        return None
    evidence = [Evidence(clue.kind, clue.times, _met(a, b, forms))]
    if shared:
        evidence.append(Evidence("context", shared, shares=(round(agreement, 3),)))
    return ScoredPair(a.number, b.number, round(confidence, 3), tuple(evidence))


def _says_nothing_new(clue: Clue, clues: Mapping[str, Clue], a: Form, b: Form) -> bool:
    """Whether a clue adds nothing to the others.

    A gloss may say no more than how a Chinese name of two characters is read, which many people share; and what bodies
    spell an acronym out as is what it stands for.
    """
    if clue.kind == "initials":
        return "gloss" in clues and clues["gloss"].strength < GENERIC
    wide = a if a.wide else b
    return clue.kind == "gloss" and "pinyin" in clues and a.kind == "person" and len(wide.bare) == 2 and clue.times < 3
