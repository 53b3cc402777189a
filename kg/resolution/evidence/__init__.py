"""The kinds of evidence, one module each; every one offers `find(forms, …) -> Iterator[Clue]`."""

from __future__ import annotations

from typing import Any, NamedTuple

from kg.resolution.names import Place  # noqa: TC001  msgspec reads the annotations of clues


class Clue(NamedTuple):
    """One reason to hold two forms for one thing."""

    a: int
    """The number of a form."""
    b: int
    """The number of another form of the same kind."""
    kind: str
    """The kind of evidence."""
    strength: float
    """How often such a clue is right, in [0, 1]."""
    times: int = 1
    """How many times it was seen."""
    places: tuple[Place, ...] = ()
    """Where, the first few."""


def clue(a: int, b: int, kind: str, strength: float, **seen: Any) -> Clue:
    """A clue with its two forms in order; `seen` are `times` and `places`."""
    return Clue(min(a, b), max(a, b), kind, strength, **seen)
