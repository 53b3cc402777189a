"""Acronyms and what they stand for: `IMF` and `International Monetary Fund`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.resolution.evidence import Clue, clue
from kg.resolution.similarity import initials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.resolution.forms import Form, Forms

MAX_EXPANSIONS = 8
"""Letters that begin more names than this stand for none of them."""


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of an acronym and a form whose words begin with its letters."""
    short: dict[tuple[str, str], Form] = {}
    for form in forms.all:
        letters = form.bare.replace("&", "")
        if 2 <= len(letters) <= 6 and letters.isascii() and letters.isalpha() and _is_acronym(form):
            short.setdefault((form.kind, letters), form)
    long: dict[int, list[Form]] = defaultdict(list)
    for form in forms.all:
        if form.wide or len(form.words) < 2:
            continue
        for text in sorted(initials(form.words)):
            acronym = short.get((form.kind, text))
            if acronym is not None and acronym.bare != form.words[0] and ("&" not in acronym.bare or _has_and(form)):
                long[acronym.number].append(form)
    for number, found in sorted(long.items()):
        if len(found) > MAX_EXPANSIONS:
            continue
        length = len(forms.all[number].bare)
        for form in found:
            # Never enough alone: GIC is a fund of Singapore, and General Intelligence Company.
            strength = 0.45 if length == 2 else 0.85 if length == 3 else 0.88
            yield clue(number, form.number, "initials", strength if len(found) == 1 else strength - 0.15)


def _is_acronym(form: Form) -> bool:
    """Written in capitals, as acronyms are, by most posts; tags have no capitals."""
    return form.kind == "tag" or sum(c.isupper() for c in form.label) >= min(len(form.bare) - 1, 3)


def _has_and(form: Form) -> bool:
    """Whether a name says the `&` of PG&E: S&P stands for no Satellite Platforms."""
    return "and" in form.words or "&" in form.label
