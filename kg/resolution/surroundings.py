"""What posts and other names tell of two names that may be one, for the ranking of open pairs.

Two names seldom stand beside the same names, even if they are of one thing. More telling is what stands around these:
the company of their company. And a name that other names hold, or that several things are proposed for, is less likely
to be just the one that it is compared with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from itertools import chain
from math import log1p, sqrt
from typing import TYPE_CHECKING, Any

from kg.resolution.forms import bare_all, bare_of, is_wide, simplified
from kg.resolution.names import is_topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import IRI, Post
    from kg.resolution import Candidate, Resolution
    from kg.resolution.names import Key

MAX_POSTS = 50
"""Posts from which the company of a name is taken."""
MAX_THINGS = 300
"""Things of one post; a post with more tells nothing about any of them."""
MAX_END = 12
"""Characters of the end of a Chinese name that may be a name itself."""
_VARIANTS = frozenset(["folding", "spelling", "qualifier", "kinds", "context"])
"""Evidence of what is written alike: of that, a name may have any number."""
_PARTS = re.compile(r"[\s·・•‧．-]+")


def words_of(name: str) -> list[str]:
    """The words of a folded name; of a Chinese one, the parts between dots."""
    return [word for word in _PARTS.split(name) if word]


class Surroundings:
    """The posts and the names around each name of a folder."""

    def __init__(self, posts: Sequence[Post], resolution: Resolution) -> None:
        """Take the posts, in path order, and their resolution."""
        self._posts, self._resolution = posts, resolution
        plain = _bare(name for _kind, name in resolution.by_key)
        self._holders = _holders(
            {plain[name]: words_of(name) for kind, name in resolution.by_key if not is_topic(kind)}
        )
        self._things: dict[Key, set[IRI]] = defaultdict(set)
        for candidate in resolution.candidates:
            if _VARIANTS.issuperset(evidence.kind for evidence in candidate.evidence):
                continue
            ends = ends_of(candidate)
            for end, other in (ends, ends[::-1]):
                self._things[end].add(resolution.entity_of(*other).iri)

    def signals(self, candidate: Candidate) -> dict[str, float]:
        """The signals of `kg.resolution.ranking.SIGNALS` that need more than the pair itself."""
        ends = ends_of(candidate)
        own = {self._resolution.entity_of(*end).iri for end in ends}
        topic = any(is_topic(kind) for kind, _name in ends)
        names = [bare_of(name) for _kind, name in ends]
        return {
            "circles": self._circles(ends, own),
            "rivals": log1p(max(len(self._things.get(end, own) - own) for end in ends)),
            "held": 0.0 if topic else log1p(max(self._held(*pair) for pair in (names, names[::-1]))),
        }

    def _held(self, name: str, other: str) -> int:
        """How many other names hold a name."""
        return len(self._holders.get(name, set()) - {other})

    def _circles(self, ends: tuple[Key, Key], own: set[IRI]) -> float:
        one, two = (self._mentioning.get((kind, bare_of(name)), ()) for kind, name in ends)
        return self.agreement(one, two, but=own)

    def agreement(self, one: Sequence[int], two: Sequence[int], *, but: Iterable[IRI]) -> float:
        """How much what stands around the company that things keep in two groups of posts agrees, in [0, 1].

        Args:
            one: numbers of posts.
            two: those of others.
            but: things to leave out.
        """
        return self._walk.agreement(one, two, but=but)

    @cached_property
    def _walk(self) -> _Walk:
        return _Walk(self._posts, self._resolution)

    @cached_property
    def _mentioning(self) -> dict[Key, list[int]]:
        """(kind, bare name) → the posts that mention it."""
        typed = list({(mention.kind, mention.name) for post in self._posts for mention in post.mentions})
        plain = _bare([name for _kind, name in typed])
        key_of = {one: (one[0], plain[one[1]]) for one in typed}
        found: dict[Key, list[int]] = defaultdict(list)
        for number, post in enumerate(self._posts):
            for key in {key_of[mention.kind, mention.name] for mention in post.mentions}:
                found[key].append(number)
        return found


def ends_of(candidate: Candidate) -> tuple[Key, Key]:
    """(kind, name as typed) of both names."""
    return (candidate.kinds[0], candidate.name), (candidate.kinds[1], candidate.other)


def _bare(names: Iterable[str]) -> dict[str, str]:
    """Name → its bare text."""
    texts = list(dict.fromkeys(names))
    to_simple = simplified(texts)
    return dict(zip(texts, bare_all([to_simple.get(text, text) for text in texts]), strict=True))


def _holders(words: dict[str, list[str]]) -> dict[str, set[str]]:
    """Bare text → the bare names that have it as one of several words or, if it is Chinese, as their end."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, parts in words.items():
        if is_wide(name):
            inner = [name[start:] for start in range(max(1, len(name) - MAX_END), len(name) - 1)]
        else:
            inner = parts if len(parts) > 1 else []
        for part in inner:
            found[part].add(name)
    return found


class _Walk:
    """Two steps from a name: to the posts that mention its company, and to what these mention."""

    def __init__(self, posts: Iterable[Post], resolution: Resolution) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix, diags

        self._number: dict[IRI, int] = {}
        rows: list[list[int]] = []
        for post in posts:
            things = {resolution.entity_of(one.kind, one.name, post.path).iri for one in post.mentions}
            rows.append(sorted(self._number.setdefault(iri, len(self._number)) for iri in sorted(things)))
        rows = [row if len(row) <= MAX_THINGS else [] for row in rows]
        columns, ends = np.fromiter(chain.from_iterable(rows), np.int64), np.cumsum([0, *map(len, rows)])
        spread = np.bincount(columns, minlength=len(self._number))
        weights = np.log((len(rows) + 1) / np.maximum(spread, 1))[columns]
        posts_of = csr_matrix((weights, columns, ends), shape=(len(rows), len(self._number)))
        norms = np.sqrt(np.asarray(posts_of.power(2).sum(axis=1)).ravel())
        self._posts: Any = diags(1 / np.where(norms > 0, norms, 1.0)) @ posts_of
        self._things: Any = self._posts.T.tocsr()

    def agreement(self, one: Sequence[int], two: Sequence[int], *, but: Iterable[IRI]) -> float:
        """Cosine similarity, in [0, 1], of what two groups of posts lead to, but for some things."""
        left_out = [self._number[iri] for iri in but if iri in self._number]
        a, b = (self._reached(posts, left_out) for posts in (one, two))
        # Sums of products, as numpy would wait for the threads of its linear algebra at every product of two vectors.
        norms = sqrt(float((a * a).sum()) * float((b * b).sum()))
        return float((a * b).sum()) / norms if norms else 0.0

    def _reached(self, posts: Sequence[int], left_out: Sequence[int]) -> Any:
        import numpy as np

        company = np.asarray(self._posts[list(posts[:MAX_POSTS])].sum(axis=0)).ravel()
        company[left_out] = 0.0
        reached = self._things @ (self._posts @ company)
        reached[left_out] = 0.0
        return reached
