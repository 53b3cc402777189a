"""What the posts around two forms say: whom they are mentioned with, and whether one list names them both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
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
MAX_NAMED = 300
"""Names of one post; that a longer list holds two names says nothing of either."""


Lists = Mapping[str, Collection[int]]
"""Field → the forms that one post lists there, in the order of the post."""


def lists_of(named: Iterable[tuple[str, int]]) -> Lists:
    """The lists of one post, from its (field, form) in order."""
    lists: dict[str, dict[int, None]] = {}
    for field, form in named:
        lists.setdefault(field, {})[form] = None
    return lists


def first_posts(form: Form) -> list[int]:
    """The posts that tell what a form is mentioned with."""
    return sorted(form.posts)[:MAX_POSTS]


def common_posts(a: Form, b: Form) -> list[int]:
    """The posts that tell whether two forms are listed as two."""
    return sorted(a.posts & b.posts)[:MAX_COMMON]


_Profile = tuple[dict[int, float], float]
"""Companion → weight; and the length of that vector."""


class Context:
    """Answers for pairs of forms; each form is looked at once."""

    def __init__(
        self, lists: Callable[[int], Lists], spread: Callable[[int], int], kind: Callable[[int], str], posts: int
    ) -> None:
        """Prepare; nothing is computed before it is asked for.

        Args:
            lists: post → what it lists.
            spread: form → number of posts that mention it.
            kind: form → its kind.
            posts: number of all posts.
        """
        self._kind = kind
        self._lists = lru_cache(maxsize=None)(lists)
        self._named = lru_cache(maxsize=None)(self._named_in)
        self._profiles: dict[int, _Profile] = {}
        self._rarity = _Rarity(spread, posts)

    @classmethod
    def of_posts(cls, forms: Forms, posts: Sequence[Post]) -> Context:
        """The context that all posts give."""
        mentioned, every = forms.mentioned, forms.all

        def lists(number: int) -> Lists:
            named = [(mention.field, mentioned(mention.kind, mention.name)) for mention in posts[number].mentions]
            return lists_of((field, form.number) for field, form in named if form is not None)

        return cls(lists, lambda number: len(every[number].posts), lambda number: every[number].kind, len(posts))

    def agreement(self, a: Form, b: Form) -> tuple[float, int]:
        """The cosine of what both are mentioned with (0 to 1, rare companions count more); how many they share."""
        one, norm_one = self._profile(a)
        two, norm_two = self._profile(b)
        if len(one) > len(two):
            one, two = two, one
        shared = [weight * two[number] for number, weight in one.items() if number in two]
        return sum(shared) / (norm_one * norm_two), len(shared)

    def listed_together(self, a: Form, b: Form) -> int:
        """The number of posts that name both as separate items of one field."""
        return sum(
            1
            for number in common_posts(a, b)
            if any(a.number in numbers and b.number in numbers for numbers in self._lists(number).values())
        )

    def _named_in(self, number: int) -> tuple[int, ...]:
        """The forms of one post, fields and tags aside."""
        kind = self._kind
        named = tuple(n for numbers in self._lists(number).values() for n in numbers if kind(n) in _NAMED)
        return named if len(named) <= MAX_NAMED else ()

    def _profile(self, form: Form) -> _Profile:
        known = self._profiles.get(form.number)
        if known is None:
            companions = Counter(chain.from_iterable(map(self._named, first_posts(form))))
            companions.pop(form.number, None)
            rarity = self._rarity
            profile = {n: count * rarity[n] for n, count in companions.items()}
            known = profile, sqrt(sum(weight * weight for weight in profile.values())) or 1.0
            self._profiles[form.number] = known
        return known


class _Rarity(dict[int, float]):
    """Form → how much it says to be mentioned with it."""

    def __init__(self, spread: Callable[[int], int], posts: int) -> None:
        self._spread = spread
        self._posts = posts

    def __missing__(self, number: int) -> float:
        self[number] = rarity = log((self._posts + 1) / self._spread(number))
        return rarity
