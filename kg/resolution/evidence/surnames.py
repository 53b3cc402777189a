"""A surname alone and the full name: `Musk` and `Elon Musk`, `特朗普` and `唐纳德·特朗普`.

A first name alone is not evidence: `John` need not be John Candy.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.resolution.evidence import Clue, clue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from kg.resolution.forms import Form, Forms


def find(forms: Forms) -> Iterator[Clue]:
    """Pairs of a surname and a full name that ends in it."""
    people = forms.of_kind("person")
    first_names = given_names(forms)
    full: dict[str, list[Form]] = defaultdict(list)
    for form in people:
        if len(form.words) > 1:
            full[form.words[-1]].append(form)
    for form in people:
        if is_single(form) and form.bare not in first_names:
            yield from of_surname(form, full.get(form.bare, ()))


def is_single(form: Form) -> bool:
    """Whether a form is a single word."""
    return len(form.words) == 1 and len(form.bare) > 1


def of_surname(form: Form, bearers: Collection[Form]) -> Iterator[Clue]:
    """The clues of one surname, given all full names that end in it, weighted by their share of mentions."""
    total = sum(bearer.count for bearer in bearers)
    for bearer in bearers:
        share = bearer.count / total
        yield clue(form.number, bearer.number, "surname", 0.86 * share)


def given_names(forms: Forms) -> frozenset[str]:
    """First names: words that begin the full names of at least two people."""
    return given(form.words for form in forms.of_kind("person"))


def given(names: Iterable[Sequence[str]]) -> frozenset[str]:
    """First names, given the words of each person's name."""
    seen: dict[str, set[str]] = defaultdict(set)
    for words in names:
        if len(words) > 1:
            seen[words[0]].add(words[-1])
    return frozenset(word for word, rest in seen.items() if len(rest) > 1)
