"""What the posts around two forms say: whom they are mentioned with, and whether one list names them both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from math import log, sqrt
from typing import TYPE_CHECKING

from kg.resolution.names import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Post
    from kg.resolution.forms import Form, Forms

_NAMED = frozenset(["person", "organization", "product", "work"])
MAX_POSTS = 50
"""Posts looked at for one form; more of them do not change what it is mentioned with."""
MAX_COMMON = 40


Lists = Mapping[str, Collection[int]]
"""Field → the forms that one post lists there, in the order of the post."""


def lists_of(named: Iterable[tuple[str, int]]) -> Lists:
    """The lists of one post, from its (field, form) in order."""
    lists: dict[str, dict[int, None]] = {}
    for field, form in named:
        lists.setdefault(field, {})[form] = None
    return lists


def first_posts(form: Form) -> tuple[int, ...]:
    """The posts that tell what a form is mentioned with."""
    return tuple(nsmallest(MAX_POSTS, form.posts))


def common_posts(a: Form, b: Form) -> list[int]:
    """The posts that tell whether two forms are listed as two."""
    return nsmallest(MAX_COMMON, a.posts & b.posts)


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
        self._spread = spread
        self._kind = kind
        self._posts = posts
        self._lists = lru_cache(maxsize=None)(lists)
        self._profile = lru_cache(maxsize=None)(self._profile_of)
        self._named = lru_cache(maxsize=None)(self._named_in)
        self._rarity = lru_cache(maxsize=None)(self._rarity_of)

    @classmethod
    def of_posts(cls, forms: Forms, posts: Sequence[Post]) -> Context:
        """The context that all posts give."""
        of_name, every = forms.of_name, forms.all

        def lists(number: int) -> Lists:
            named = ((m.field, of_name.get(key_of(m.kind, m.name))) for m in posts[number].mentions)
            return lists_of((field, form.number) for field, form in named if form is not None)

        return cls(lists, lambda n: len(every[n].posts), lambda n: every[n].kind, len(posts))

    def agreement(self, a: Form, b: Form) -> tuple[float, int]:
        """The cosine of what both are mentioned with (0 to 1, rare companions count more); how many they share."""
        one, norm_one = self._profile(a.number, first_posts(a))
        two, norm_two = self._profile(b.number, first_posts(b))
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
        return tuple(n for numbers in self._lists(number).values() for n in numbers if self._kind(n) in _NAMED)

    def _rarity_of(self, number: int) -> float:
        return log((self._posts + 1) / self._spread(number))

    def _profile_of(self, number: int, posts: tuple[int, ...]) -> tuple[dict[int, float], float]:
        companions: Counter[int] = Counter()
        for post in posts:
            companions.update(self._named(post))
        companions.pop(number, None)
        profile = {n: count * self._rarity(n) for n, count in companions.items()}
        return profile, sqrt(sum(weight * weight for weight in profile.values())) or 1.0
