"""Connections between themes: things that are typical of two themes, and neighbouring themes.

A thing is typical of a theme by the log-likelihood ratio G² (`kg.insight.relatedness`) of the posts of the theme and
the posts that name the thing. Its strength as a *bridge* is its second largest G²: something typical of two themes has
it, while what is named everywhere, or in one theme only, scores about 0. A worked example: of 100 posts 20 are about
music and 20 about maths, and a thing is named by 8 of the former, 6 of the latter, and nowhere else. As a bridge it
scores 4.5:

>>> g_squared(np.array([8, 6]), 20, np.array([14, 14]), 100).round(1).tolist()
[11.5, 4.5]
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from kg.insight.incidence import Incidence, Numbers
from kg.insight.relatedness import g_squared
from kg.insight.themes import Theme, Themes
from kg.model import Node


class Bridge(NamedTuple):
    """A thing that ties two themes."""

    node: Node
    score: float
    """The lesser G² of the two: comparable within one answer only."""
    posts: int
    """How many posts name it."""
    themes: tuple[Theme, Theme]
    """The two that it is most typical of, the more typical first."""


class Neighbour(NamedTuple):
    """A theme next to another."""

    theme: Theme
    links: int
    """Links between the two."""
    over: tuple[Node, ...]
    """The things that tie them best."""


@dataclass(frozen=True, eq=False)
class ThemedPosts:
    """The posts of a table, by theme."""

    table: Incidence
    found: Themes
    """The themes of the graph that the table was made from."""

    @cached_property
    def theme_of(self) -> Numbers:
        """The theme of each post, shape (p,)."""
        return np.asarray(self.found.membership[self.table.posts])

    @cached_property
    def posts_by_theme(self) -> csr_matrix:
        """1 where a post belongs to a theme, int64 of shape (themes, p)."""
        p, k = len(self.theme_of), len(self.found.themes)
        return csr_matrix((np.ones(p, np.int64), (self.theme_of, np.arange(p))), shape=(k, p))

    @cached_property
    def typical(self) -> Numbers:
        """How typical each node is of each theme, signed G², float64 of shape (themes, n)."""
        named = np.asarray((self.posts_by_theme @ self.table.matrix).todense())
        sizes = np.asarray(self.posts_by_theme.sum(axis=1))
        named, sizes, every = np.broadcast_arrays(named, sizes, self.table.counts)
        return g_squared(named, sizes, every, len(self.theme_of))

    @cached_property
    def are_things(self) -> Numbers:
        """Whether each node is a thing that posts name, bool of shape (n,)."""
        return np.array([node.is_a(()) for node in self.table.nodes], bool) & (self.table.counts > 0)

    def most_typical(self, number: int, kind: str) -> list[Node]:
        """The things of a kind that are typical of a theme, the most typical first."""
        scores, nodes = self.typical[number], self.table.nodes
        found = [n for n in np.flatnonzero((scores > 0) & self.are_things).tolist() if nodes[n].is_a((kind,))]
        return [nodes[n] for n in sorted(found, key=lambda n: (-scores[n], nodes[n].iri))]

    def bridges(self, *, kind: str = "", limit: int = 10) -> list[Bridge]:
        """The things that tie two themes, the strongest first; if posts name no things at all, the posts that do.

        Args:
            kind: only things of this kind.
            limit: how many at most; 0 for all.
        """
        if len(self.found.themes) < 2:
            return []
        order = np.argsort(-self.typical, axis=0, kind="stable")[:2]
        scores = np.take_along_axis(self.typical, order[1:], axis=0)[0]
        nodes, themes = self.table.nodes, self.found.themes
        kinds = (kind,) if kind else () if self.are_things.any() else ("post",)
        wanted = [n for n in np.flatnonzero(scores > 0).tolist() if nodes[n].is_a(kinds)]
        wanted.sort(key=lambda n: (-scores[n], nodes[n].iri))
        return [
            Bridge(
                nodes[n],
                float(scores[n]),
                int(self.table.counts[n]),
                (themes[int(order[0, n])], themes[int(order[1, n])]),
            )
            for n in wanted[: limit or None]
        ]

    def neighbours(self, number: int, *, kind: str = "", limit: int = 3) -> list[Neighbour]:
        """The themes that a theme has more links with than expected by chance, the one with most of them first.

        What counts is the weight of the links above what is expected by chance, as in modularity (Newman
        2006, https://doi.org/10.1073/pnas.0601602103).

        Args:
            number: which of the themes.
            kind: only things of this kind are named as ties.
            limit: how many themes, and how many things for each, at most; 0 for all.
        """
        beyond = self._weights[number] - self._weights.sum(axis=0) * self._weights[number].sum() / self._weights.sum()
        nodes = self.table.nodes
        kinds = np.array([node.is_a((kind,) if kind else ()) for node in nodes], bool) & self.are_things
        result = []
        for other in np.lexsort((np.arange(len(beyond)), -beyond.round(9))).tolist():
            if other == number or beyond[other] <= 0:
                continue
            both = np.minimum(self.typical[number], self.typical[other])
            ties = np.flatnonzero((both > 0) & kinds)
            best = ties[np.lexsort((ties, -both[ties].round(9)))][: limit or None].tolist()
            links = int(self._links[number, other])
            result.append(Neighbour(self.found.themes[other], links, tuple(nodes[n] for n in best)))
        return result[: limit or None]

    @cached_property
    def _links(self) -> Numbers:
        """The number of links between every two themes, shape (themes, themes)."""
        return self._between(np.ones(len(self.found.topology.ends)))

    @cached_property
    def _weights(self) -> Numbers:
        return self._between(self.found.topology.weights)

    def _between(self, weights: Numbers) -> Numbers:
        k = len(self.found.themes)
        one, other = self.found.membership[self.found.topology.ends].T
        result = np.bincount(one * k + other, weights, k * k).reshape(k, k)
        return np.asarray(result + result.T)
