"""Acronyms and what they stand for: `IMF` and `International Monetary Fund`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms
from kg.resolution.similarity import initials
from kg.text.wording import SMALL_WORDS

MAX_EXPANSIONS = 8
"""Expansions of one acronym; with more, it is too ambiguous to be evidence for any."""


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of an acronym and a form with its initials."""
    short: dict[tuple[str, str], Form] = {}
    for form in forms.all:
        if letters := letters_of(form):
            short.setdefault((form.kind, letters), form)
    if not short:
        return
    long: dict[int, list[Form]] = defaultdict(list)
    for form in forms.all:
        for text in acronyms_of(form):
            if acronym := short.get((form.kind, text)):
                long[acronym.number].append(form)
    for number, found in sorted(long.items()):
        yield from of_acronym(forms.at[number], found)


def of_acronym(acronym: Form, long: Iterable[Form]) -> Iterator[Clue]:
    """The clues of one acronym, given all forms of its kind with its initials."""
    found = [form for form in long if acronym.bare != form.words[0] and ("&" not in acronym.bare or _has_and(form))]
    if len(found) > MAX_EXPANSIONS:
        return
    length = len(acronym.bare)
    for form in found:
        # Never enough alone: GIC is a fund of Singapore, and General Intelligence Company.
        strength = 0.45 if length == 2 else 0.85 if length == 3 else 0.88
        clear = len(found) == 1 and _is_name(form)
        yield clue(acronym.number, form.number, "initials", strength if clear else strength - 0.15)


def acronyms_of(form: Form) -> Iterable[str]:
    """The acronyms a form may be the expansion of."""
    return () if form.wide or len(form.words) < 2 else initials(form.words)


def letters_of(form: Form) -> str:
    """The letters of an acronym, "" if the form is not one. Of several with the same letters, the first counts."""
    letters = form.bare.replace("&", "") if "&" in form.bare else form.bare
    is_short = 2 <= len(letters) <= 6 and letters.isascii() and letters.isalpha()
    return letters if is_short and _is_acronym(form) else ""


def _is_acronym(form: Form) -> bool:
    """Whether most posts write it in capitals; tags have none."""
    return form.kind == "tag" or sum(c.isupper() for c in form.label) >= min(len(form.bare) - 1, 3)


def _is_name(form: Form) -> bool:
    """Whether every word that counts begins with a capital, unless none does: AIP is hardly the All-In podcast."""
    words = form.label.replace("-", " ").split()
    return form.label.islower() or not any(word[0].islower() and word not in SMALL_WORDS for word in words)


def _has_and(form: Form) -> bool:
    """Whether a name has an "and" for the `&` of PG&E: S&P is not Satellite Platforms."""
    return "and" in form.words or "&" in form.label
