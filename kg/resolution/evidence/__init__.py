"""The kinds of evidence, one module each, with a function `find(forms, …) -> Iterator[Clue]`.

`qualifiers` has none: what it knows of single names is part of `affixes`.
"""

from typing import Any, NamedTuple

from kg.resolution.names import Place


class Clue(NamedTuple):
    """One piece of evidence that two forms name one thing."""

    a: int
    """The number of a form."""
    b: int
    """The number of another form; of the same kind, but for clues of `kinds`."""
    kind: str
    """The kind of evidence."""
    strength: float
    """Probability that such a clue is right, in [0, 1]; see `kinds` for what it means there."""
    times: int = 1
    """How many times it was seen."""
    places: tuple[Place, ...] = ()
    """Where it was seen: the first few places."""
    shares: tuple[float, ...] = ()
    """Of a gloss: the share of each name's glosses that agree with the other name."""


def clue(a: int, b: int, kind: str, strength: float, **seen: Any) -> Clue:
    """A clue with its two forms in ascending order; `seen` holds the rest."""
    return Clue(min(a, b), max(a, b), kind, strength, **seen)
