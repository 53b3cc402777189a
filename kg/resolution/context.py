"""What the posts around two forms say: whom they are mentioned with, and whether one list names them both."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Post
    from kg.resolution.forms import Form, Forms

_NAMED = frozenset(["person", "organization", "product", "work"])
MAX_POSTS = 50
"""Posts looked at for one form; more of them do not change what it is mentioned with."""
MAX_COMMON = 40


class Context:
    """Answers for pairs of forms; each form is looked at once."""

    def __init__(self, forms: Forms, posts: Sequence[Post]) -> None:
        """Prepare; nothing is computed before it is asked for."""
        self._forms = forms
        self._posts = posts
        self._profile = lru_cache(maxsize=None)(self._profile_of)
        self._lists = lru_cache(maxsize=None)(self._lists_of)
        self._named = lru_cache(maxsize=None)(self._named_in)
        self._rarity = _Rarity(forms, len(posts))

    def agreement(self, a: Form, b: Form) -> tuple[float, int]:
        """The cosine of what both are mentioned with (0 to 1, rare companions count more); how many they share."""
        one, norm_one = self._profile(a.number)
        two, norm_two = self._profile(b.number)
        if len(one) > len(two):
            one, two = two, one
        shared = [weight * two[number] for number, weight in one.items() if number in two]
        return sum(shared) / (norm_one * norm_two), len(shared)

    def listed_together(self, a: Form, b: Form) -> int:
        """The number of posts that name both as separate items of one field."""
        common = sorted(a.posts & b.posts)[:MAX_COMMON]
        return sum(
            1
            for number in common
            if any(a.number in numbers and b.number in numbers for numbers in self._lists(number).values())
        )

    def _lists_of(self, number: int) -> dict[str, set[int]]:
        """Field → the forms that one post lists there."""
        lists: dict[str, set[int]] = {}
        mentioned = self._forms.mentioned
        for mention in self._posts[number].mentions:
            form = mentioned(mention.kind, mention.name)
            if form is not None:
                lists.setdefault(mention.field, set()).add(form.number)
        return lists

    def _named_in(self, number: int) -> tuple[int, ...]:
        """The forms of one post, fields and tags aside."""
        forms = self._forms.all
        return tuple(n for numbers in self._lists(number).values() for n in numbers if forms[n].kind in _NAMED)

    def _profile_of(self, number: int) -> tuple[dict[int, float], float]:
        form = self._forms.all[number]
        posts = sorted(form.posts)[:MAX_POSTS]
        companions = Counter(chain.from_iterable(map(self._named, posts)))
        companions.pop(number, None)
        rarity = self._rarity
        profile = {n: count * rarity[n] for n, count in companions.items()}
        return profile, sqrt(sum(weight * weight for weight in profile.values())) or 1.0


class _Rarity(dict[int, float]):
    """Form → how much it says to be mentioned with it."""

    def __init__(self, forms: Forms, posts: int) -> None:
        self._forms = forms.all
        self._posts = posts

    def __missing__(self, number: int) -> float:
        self[number] = rarity = log((self._posts + 1) / len(self._forms[number].posts))
        return rarity
