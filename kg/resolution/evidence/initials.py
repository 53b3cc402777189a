"""Acronyms and what they stand for: `IMF` and `International Monetary Fund`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.resolution.evidence import Clue, clue
from kg.resolution.similarity import initials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.resolution.forms import Form, Forms

MAX_EXPANSIONS = 8
"""Letters that begin more names than this stand for none of them."""


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of an acronym and a form whose words begin with its letters."""
    short = {(form.kind, form.bare): form for form in forms.all if is_acronym(form)}
    long: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in forms.all:
        for text in letters(form):
            if (form.kind, text) in short:
                long[form.kind, text].append(form)
    for key, found in sorted(long.items()):
        yield from of_acronym(short[key], found)


def of_acronym(acronym: Form, long: Iterable[Form]) -> Iterator[Clue]:
    """The clues of one acronym, given all forms of its kind that have its letters."""
    found = [form for form in long if acronym.bare != form.words[0]]
    if len(found) > MAX_EXPANSIONS:
        return
    length = len(acronym.bare)
    for form in found:
        strength = 0.45 if length == 2 else 0.7 if length == 3 else 0.8
        yield clue(acronym.number, form.number, "initials", strength if len(found) == 1 else strength - 0.15)


def letters(form: Form) -> Iterable[str]:
    """The acronyms that a form may be the expansion of."""
    if form.wide or len(form.words) < 2:
        return ()
    return dict.fromkeys((initials(form.words), "".join(word[0] for word in form.words)))


def is_acronym(form: Form) -> bool:
    """Written in capitals, as acronyms are, by most posts; tags have no capitals."""
    if not (2 <= len(form.bare) <= 6 and form.bare.isascii() and form.bare.isalpha()):
        return False
    return form.kind == "tag" or sum(c.isupper() for c in form.label) >= min(len(form.bare) - 1, 3)
