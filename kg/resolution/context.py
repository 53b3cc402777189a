"""Context of a pair: what each form is mentioned with, and whether any post lists both as separate items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from math import ceil, log, log2, sqrt
from operator import mul
from typing import TYPE_CHECKING, Generic, TypeVar

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


def rounded(posts: int) -> float:
    """The number of posts that the rarity of names is measured by, up to a tenth larger than it is.

    So one more or less is seldom a reason to weigh all names again.
    """
    return float(2 ** (ceil(8 * log2(posts + 1)) / 8))


_Value = TypeVar("_Value")
_Profile = tuple[dict[int, float], float]
"""Co-mentioned form → weight, and the norm of that vector."""


class Context:
    """Co-occurrence of forms, computed on demand and cached per form."""

    def __init__(
        self, lists: Callable[[int], Lists], spread: Callable[[int], int], named: Callable[[int], bool], posts: int
    ) -> None:
        """Take what is known of all posts.

        Args:
            lists: post → its lists.
            spread: form → number of posts that mention it.
            named: form → whether its kind is one of `NAMED`.
            posts: total number of posts.
        """
        size = rounded(posts)
        self._lists = every = _Remembered(lists)
        is_named = _Remembered(named)

        def names_in(number: int) -> tuple[int, ...]:
            found = tuple([n for numbers in every[number].values() for n in numbers if is_named[n]])
            return found if len(found) <= MAX_NAMED else ()

        self._named = _Remembered(names_in)
        """Post → its persons, organizations, products and works."""
        self._rarity = _Remembered(lambda form: log(size / spread(form)))
        """Form → its inverse document frequency."""
        self._profiles: dict[int, _Profile] = {}

    @classmethod
    def of_posts(cls, forms: Forms, posts: Sequence[Post]) -> Context:
        """The context from all posts."""
        known, number_of = forms.of_spelling, forms.number_of

        def lists(number: int) -> Lists:
            names = [(mention.field, (mention.kind, mention.name)) for mention in posts[number].mentions]
            found = [(field, known[name] if name in known else number_of(*name)) for field, name in names]
            return lists_of([(field, form) for field, form in found if form is not None])

        every = forms.at
        return cls(lists, lambda n: len(every[n].posts), lambda n: every[n].kind in NAMED, len(posts))

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
            if any(a.number in numbers and b.number in numbers for numbers in self._lists[number].values())
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


class _Remembered(dict[int, _Value], Generic[_Value]):
    """What is worked out when it is first asked for; holds no reference cycle, so it is freed early."""

    def __init__(self, of: Callable[[int], _Value]) -> None:
        self._of = of

    def __missing__(self, number: int) -> _Value:
        self[number] = result = self._of(number)
        return result
