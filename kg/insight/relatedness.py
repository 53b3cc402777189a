"""Things related to a node: named with it more often than by chance, not just often.

Of two *things* (people, tags, notes …) the measure is the log-likelihood ratio of the posts that name both, G² (Dunning
1993, https://aclanthology.org/J93-1003/), with the sign of what it says: minus where they avoid each other. With k₁₁
posts that name both, k₁₂ and k₂₁ that name only one, k₂₂ that name neither,

    G² = 2 · Σ kᵢⱼ · ln(kᵢⱼ / eᵢⱼ),    eᵢⱼ = (sum of row i) · (sum of column j) / number of posts

What is named in nearly every post is expected everywhere, and so says nothing: a hub scores 0. A worked example: of
100 posts 10 name A, 10 name B, and 8 both; chance would have it that 1 does. Then G² is 35.8.

Of two *posts* it is how much of the one the other has, too: of what it names, links to and is linked from, itself
included, and of the words of its title, each with the square of its rarity as its weight (inverse document frequency,
Spärck Jones 1972, https://doi.org/10.1108/eb026526). 1 is everything, 0 nothing. This is the index of Tversky (1977,
https://doi.org/10.1037/0033-295X.84.4.327) that does not ask what the other has besides: a long post is not less
related for it. A worked example: of 100 posts 10 name A and 50 name B; a post is about A and B and linked with nothing,
another about A. Then it is 5.3 / (21.2 + 5.3 + 0.5) = 0.20. That it names what authors link is shown by
`python -m benchmarks.relatedness`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack

from kg.insight.incidence import Incidence, Numbers
from kg.model import IRI, Node
from kg.text.folding import caseless
from kg.text.scripts import HAN

_REASONS = 3
"""The number of shared things that are named for two posts."""
_WORDS = re.compile(r"[^\W_]+")
_HAN = re.compile(f"[{HAN}]+")


class Related(NamedTuple):
    """A node that is related to another."""

    node: Node
    score: float
    """G² of things, the common share of posts: comparable within one answer only."""
    posts: tuple[IRI, ...]
    """The posts that name both things, the newest first; of two posts, none."""
    shared: tuple[Node, ...] = ()
    """What two posts have in common besides each other, the rarest first."""
    links: tuple[str, ...] = ()
    """`to` if it links to the other post, `from` if it is linked from there."""
    words: tuple[str, ...] = ()
    """Words of both their titles, the rarest first; of Chinese, pairs of characters."""


def g_squared(both: Numbers, one: float | Numbers, other: Numbers, total: int) -> Numbers:
    """The signed log-likelihood ratio of two things.

    >>> float(g_squared(np.array([8]), 10, np.array([10]), 100).round(1)[0])
    35.8

    Args:
        both: how many posts name both, shape (k,).
        one: how many name the first, a number or shape (k,).
        other: how many name the second, shape (k,).
        total: how many posts there are.
    """
    k11, k12, k21 = both.astype(float), one - both, other - both
    k22 = total - one - other + both
    observed = np.stack([k11, k12, k21, k22])
    expected = np.stack([one * other, one * (total - other), (total - one) * other, (total - one) * (total - other)])
    expected = expected / max(total, 1)
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=(observed > 0) & (expected > 0))
    score = 2 * (observed * np.log(ratio)).sum(axis=0)
    return np.asarray(np.where(k11 * total >= one * other, score, -score))


def related_things(table: Incidence, iri: IRI, *, kinds: Collection[str] = (), limit: int = 10) -> list[Related]:
    """The nodes that a node is named with more often than by chance, the most typical first.

    Args:
        table: who names what.
        iri: a node that posts name.
        kinds: only nodes of these kinds; all except posts if none is given.
        limit: how many at most; 0 for all.
    """
    own = table.posts_of(iri)
    if not len(own):
        return []
    both = np.asarray(table.matrix[own].sum(axis=0)).ravel()
    both[table.column[iri]] = 0
    found = np.flatnonzero(both)
    scores = g_squared(both[found], len(own), table.counts[found], len(table.posts))
    ranked = sorted((-score, n) for n, score in zip(found.tolist(), scores.tolist(), strict=True) if score > 0)
    fitting = ((score, table.nodes[n]) for score, n in ranked if table.nodes[n].is_a(kinds))
    result = []
    for score, node in islice(fitting, limit or None):
        shared = np.intersect1d(own, table.posts_of(node.iri), assume_unique=True)
        result.append(Related(node, -score, newest_first(table, shared.tolist())))
    return result


def most_frequent(table: Incidence, iri: IRI, *, kinds: Collection[str] = (), limit: int = 10) -> list[Related]:
    """The nodes that a node is named with most often; `score` is the number of posts."""
    everything = related_things(table, iri, kinds=kinds, limit=0)
    everything.sort(key=lambda one: (-len(one.posts), one.node.iri))
    return [one._replace(score=float(len(one.posts))) for one in everything[: limit or None]]


@dataclass(frozen=True, eq=False)
class Profiles:
    """Every post as a vector of what it names, links to and is linked from, and of the words of its title."""

    table: Incidence

    @cached_property
    def vectors(self) -> csr_matrix:
        """float64, a row for each post; the columns: nodes that it names, links to or is linked from, words of titles.

        The product of two rows is the weight of what the posts have in common.
        """
        numbers = {word: place for place, word in enumerate(self._words)}
        ends = np.cumsum([0, *map(len, self._titles)])
        columns = np.array([numbers[word] for title in self._titles for word in title], np.int64)
        words = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(self._titles), len(numbers)))
        stacked = hstack([self._linked, words], format="csr").astype(float)
        seen = np.asarray((stacked > 0).sum(axis=0)).ravel()
        return csr_matrix(stacked @ diags(np.log(max(len(self._titles), 1) / np.maximum(seen, 1)) + 1e-9))

    @cached_property
    def _titles(self) -> list[list[str]]:
        """The words of the title of each post."""
        return [sorted(title_words(self.table.nodes[number].label)) for number in self.table.posts.tolist()]

    @cached_property
    def _words(self) -> list[str]:
        """All words of titles, in the order of their columns."""
        return sorted({word for title in self._titles for word in title})

    @cached_property
    def _linked(self) -> csr_matrix:
        """0 or 1, shape (p, n): whether a post names a node, is it, or is linked from it."""
        table = self.table
        back = table.matrix[:, table.posts].T.tocoo()
        linked_from = csr_matrix((back.data, (back.row, table.posts[back.col])), shape=table.matrix.shape)
        return table.matrix.maximum(linked_from)

    def related_posts(self, iri: IRI, *, limit: int = 10) -> list[Related]:
        """The posts that are most like a post, the nearest first.

        Args:
            iri: a post of the table.
            limit: how many at most; 0 for all that have anything in common.
        """
        table = self.table
        place = table.row[iri]
        likeness = np.asarray((self.vectors @ self.vectors[place].T).todense()).ravel()
        likeness /= max(likeness[place], 1e-12)
        likeness[place] = 0
        found = np.flatnonzero(likeness > 1e-6)
        order = np.lexsort((found, -likeness[found].round(12)))
        result = []
        for other in found[order][: limit or None].tolist():
            node = table.nodes[table.posts[other]]
            shared, words = self._shared(place, other), self._shared_words(place, other)
            result.append(Related(node, float(likeness[other]), (), shared, self._links(place, other), words))
        return result

    def _shared(self, one: int, other: int) -> tuple[Node, ...]:
        """The nodes that both posts name, link to or are linked from, the rarest first."""
        table = self.table
        both = self._linked[one].multiply(self._linked[other]).indices.tolist()
        ranked = sorted(
            set(both) - {table.posts[one], table.posts[other]},
            key=lambda number: (table.counts[number], table.nodes[number].iri),
        )
        return tuple(table.nodes[number] for number in ranked[:_REASONS])

    def _links(self, one: int, other: int) -> tuple[str, ...]:
        matrix, posts = self.table.matrix, self.table.posts
        ends = {"to": (one, posts[other]), "from": (other, posts[one])}
        return tuple(name for name, place in ends.items() if matrix[place])

    def _shared_words(self, one: int, other: int) -> tuple[str, ...]:
        """The words in both titles, the rarest first."""
        both = self.vectors[one].multiply(self.vectors[other])
        words = (both.indices - len(self.table.nodes)).tolist()
        ranked = sorted(zip((-both.data).tolist(), words, strict=True))
        return tuple(self._words[number] for _weight, number in ranked if number >= 0)[:_REASONS]


def title_words(title: str) -> set[str]:
    """The words of a title in lower case; of Chinese, every two neighbouring characters.

    >>> sorted(title_words("AI and 知识图谱"))
    ['ai', 'and', '图谱', '知识', '识图']
    """
    text = caseless(title)
    words = {word for word in _WORDS.findall(_HAN.sub(" ", text)) if len(word) > 1}
    return words.union(*({run[i : i + 2] for i in range(max(1, len(run) - 1))} for run in _HAN.findall(text)))


def newest_first(table: Incidence, rows: Sequence[int]) -> tuple[IRI, ...]:
    """The IRIs of posts, the newest first."""
    posts = [(table.days[row], table.iris[table.posts[row]]) for row in rows]
    posts.sort(key=lambda post: post[1])
    posts.sort(key=lambda post: post[0], reverse=True)
    return tuple(iri for _day, iri in posts)
