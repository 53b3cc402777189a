"""Context of a pair: what each form is mentioned with, and whether any post lists both as separate items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Post
    from kg.resolution.forms import Form, Forms

NAMED = frozenset(["person", "organization", "product", "work"])
MAX_POSTS = 50
"""Posts sampled for the profile of one form."""
MAX_COMMON = 40
"""Posts sampled for whether two forms are listed together."""
MAX_NAMED = 300
"""Names in one post; a post with more says nothing about any of them."""


Lists = Mapping[str, Collection[int]]
"""Field → the forms that one post lists in it, in order."""


def lists_of(named: Iterable[tuple[str, int]]) -> Lists:
    """The lists of one post, given its (field, form) in order."""
    lists: dict[str, dict[int, None]] = {}
    for field, form in named:
        lists.setdefault(field, {})[form] = None
    return lists


def first_posts(form: Form) -> list[int]:
    """The posts sampled for the profile of a form."""
    return form.posts[:MAX_POSTS]


def common_posts(a: Form, b: Form) -> list[int]:
    """The posts sampled for whether two forms are listed together."""
    return sorted(set(a.posts).intersection(b.posts))[:MAX_COMMON]


_Profile = tuple[dict[int, float], float]
"""Co-mentioned form → weight, and the norm of that vector."""


class Context:
    """Co-occurrence of forms, computed on demand and cached per form."""

    def __init__(self, lists: Callable[[int], Lists], spread: Iterable[int], named: Container[int], posts: int) -> None:
        """Take what is known of all posts.

        Args:
            lists: post → its lists.
            spread: number of posts that mention each form, in the order of their numbers.
            named: the forms whose kind is one of `NAMED`.
            posts: total number of posts.
        """
        self._lists = lru_cache(maxsize=None)(lists)
        self._named = _Named(self._lists, named)
        self._profiles: dict[int, _Profile] = {}
        self._rarity = [log((posts + 1) / count) for count in spread]
        """Form → its inverse document frequency."""

    @classmethod
    def of_posts(cls, forms: Forms, posts: Sequence[Post]) -> Context:
        """The context from all posts."""
        known, number_of = forms.of_spelling, forms.number_of

        def lists(number: int) -> Lists:
            names = [(mention.field, (mention.kind, mention.name)) for mention in posts[number].mentions]
            found = [(field, known[name] if name in known else number_of(*name)) for field, name in names]
            return lists_of([(field, form) for field, form in found if form is not None])

        named = {form.number for form in forms.all if form.kind in NAMED}
        return cls(lists, (len(form.posts) for form in forms.all), named, len(posts))

    def agreement(self, a: Form, b: Form) -> tuple[float, int]:
        """Cosine similarity of the profiles in [0, 1], weighted by IDF; and the number of shared names."""
        one, norm_one = self._profile(a)
        two, norm_two = self._profile(b)
        if len(one) > len(two):
            one, two = two, one
        shared = [weight * two[number] for number, weight in one.items() if number in two]
        return sum(shared) / (norm_one * norm_two), len(shared)

    def listed_together(self, a: Form, b: Form) -> int:
        """Number of posts that list both as separate items of one field."""
        return sum(
            1
            for number in common_posts(a, b)
            if any(a.number in numbers and b.number in numbers for numbers in self._lists(number).values())
        )

    def _profile(self, form: Form) -> _Profile:
        known = self._profiles.get(form.number)
        if known is None:
            companions = Counter(chain.from_iterable(map(self._named.__getitem__, first_posts(form))))
            companions.pop(form.number, None)
            rarity = self._rarity
            profile = {n: count * rarity[n] for n, count in companions.items()}
            known = profile, sqrt(sum(map(mul, profile.values(), profile.values()))) or 1.0
            self._profiles[form.number] = known
        return known


class _Named(dict[int, tuple[int, ...]]):
    """Post → its persons, organizations, products and works; holds no reference cycle, so it is freed early."""

    def __init__(self, lists: Callable[[int], Lists], named: Container[int]) -> None:
        self._lists = lists
        self._all = named

    def __missing__(self, number: int) -> tuple[int, ...]:
        every = self._all
        named = tuple([n for numbers in self._lists(number).values() for n in numbers if n in every])
        self[number] = result = named if len(named) <= MAX_NAMED else ()
        return result
