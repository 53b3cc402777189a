"""Trends: the share of posts that name a thing, month by month.

A share is a number of posts over the number of posts of the same month, because a busy month names everything more
often. Whether a share has changed is measured by the log-likelihood ratio of two windows (G², Dunning 1993,
https://aclanthology.org/J93-1003/), and how probable such a change is by chance by the χ² distribution with one
degree of freedom. A worked example: named by 5 of 100 posts before and by 15 of 100 now, G² is 5.8 and p is 0.016.

The last month counts only once it is over: if its newest post is not of its last day, it is *unfinished*, is marked
as such, and belongs to no window.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import erfc, sqrt
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from scipy.sparse import csr_matrix

from kg.insight.incidence import Incidence, Numbers
from kg.insight.relatedness import g_squared
from kg.model import IRI, Node

T = TypeVar("T")
WINDOW = 3
"""The months of the windows *now* and *before*."""
FEWEST = 3
"""Posts that must name a thing, in both windows together, for it to be reported."""


class Month(NamedTuple):
    """One month of a trend."""

    month: str
    """`2026-11`."""
    named: int
    """Posts that name the thing."""
    posts: int
    """Posts in all."""
    unfinished: bool

    @property
    def share(self) -> float:
        """The share of the month's posts that name the thing; 0 without posts."""
        return self.named / self.posts if self.posts else 0.0


class ShareChange(NamedTuple, Generic[T]):
    """How a thing's share of the newest window differs from that of the window before."""

    node: T
    """A node, or a theme."""
    before: int
    """Posts that named it in the earlier window."""
    now: int
    share_before: float
    share_now: float
    g: float
    """Signed G²: above 0 it rises."""
    chance: float
    """The probability of a change at least as large by chance alone, 0 to 1."""
    is_new: bool
    """Whether no post before the newest window names it."""


@dataclass(frozen=True, eq=False)
class Trends:
    """The dated posts of a table, by month."""

    table: Incidence

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Every month from the first post to the last, those without a post included."""
        named = sorted({day[:7] for day in self.table.days if day})
        if not named:
            return ()
        first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (named[0], named[-1]))
        return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))

    @cached_property
    def unfinished(self) -> str:
        """The last month, if it is not over; else ""."""
        newest = max(self.table.days, default="")
        if not newest:
            return ""
        year, month, day = map(int, newest.split("-"))
        return "" if day == monthrange(year, month)[1] else newest[:7]

    @cached_property
    def _month_of(self) -> Numbers:
        """For each post, the index of its month; -1 for a post without a day."""
        index = {month: number for number, month in enumerate(self.months)}
        return np.array([index.get(day[:7], -1) for day in self.table.days], np.int64)

    @cached_property
    def posts(self) -> Numbers:
        """Posts of each month."""
        dated = self._month_of[self._month_of >= 0]
        return np.bincount(dated, minlength=len(self.months))

    def of(self, iri: IRI) -> list[Month]:
        """The trend of one node, from the first month of all posts to the last."""
        return self.counted(self.table.posts_of(iri))

    def counted(self, rows: Numbers) -> list[Month]:
        """The trend of some posts, given as rows of the table."""
        months = self._month_of[rows]
        counts = np.bincount(months[months >= 0], minlength=len(self.months)).tolist()
        return [
            Month(month, count, posts, month == self.unfinished)
            for month, count, posts in zip(self.months, counts, self.posts.tolist(), strict=True)
        ]

    def posts_between(self, first: str, last: str) -> int:
        """How many posts are of some months, both included."""
        return int(self.posts[self.months.index(first) : self.months.index(last) + 1].sum())

    @property
    def windows(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(first and last month of the window before, first and last month of the newest); "" if there is none."""
        whole = self.months[:-1] if self.unfinished else self.months
        if len(whole) < 2 * WINDOW:
            return ("", ""), ("", "")
        return (whole[-2 * WINDOW], whole[-WINDOW - 1]), (whole[-WINDOW], whole[-1])

    def changes(self, *, kinds: Collection[str] = ()) -> list[ShareChange[Node]]:
        """What has changed between the last two windows, the surest change first; empty if there are too few months.

        Args:
            kinds: only nodes of these kinds; all except posts if none is given.
        """
        found = self.changes_of(self.table.matrix, self.table.nodes)
        return [change for change in found if change.node.is_a(kinds)]

    def changes_of(self, matrix: csr_matrix, things: Sequence[T]) -> list[ShareChange[T]]:
        """The same for anything that posts either have or do not; empty if one of the windows has no post.

        Args:
            matrix: 0 or 1, a row for each post, a column for each thing.
            things: the thing of each column.
        """
        (before, _), (now, last) = self.windows
        if not now:
            return []
        index = {month: number for number, month in enumerate(self.months)}
        month_of = self._month_of
        earlier = (month_of >= index[before]) & (month_of < index[now])
        newest = (month_of >= index[now]) & (month_of <= index[last])
        older = (month_of >= 0) & (month_of < index[now])
        was, held, known = (np.asarray(matrix[rows].sum(axis=0)).ravel() for rows in (earlier, newest, older))
        n_before, n_now = int(earlier.sum()), int(newest.sum())
        if not (n_before and n_now):
            return []
        result = []
        scores = g_squared(held, n_now, was + held, n_before + n_now)
        for number in np.flatnonzero((was + held >= FEWEST) & (held * n_before != was * n_now)).tolist():
            g, k_before, k_now = float(scores[number]), int(was[number]), int(held[number])
            shares = k_before / n_before, k_now / n_now
            change = ShareChange(things[number], k_before, k_now, *shares, g, chance_of(g), not known[number])
            result.append((number, change))
        result.sort(key=lambda one: (-abs(one[1].g), one[0]))
        return [change for _number, change in result]


def chance_of(g: float) -> float:
    """The probability of at least this G² by chance alone: the χ² distribution with one degree of freedom.

    >>> round(chance_of(5.8), 3)
    0.016
    """
    return erfc(sqrt(abs(g) / 2))
