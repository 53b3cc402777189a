"""Posts of one name, told apart by what else an address says: `2024/05/slug.html`, `blog/slug`."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kg.linking.addresses import DATED, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.model import Post

CROWD = 100
"""So many posts of one name (index, readme) are not told apart one by one."""
_SPACES = re.compile(r"[\s_-]+")


class Namesakes:
    """Posts of one name: their dates, and the words that an address may have before the name."""

    def __init__(self, posts: Iterable[Post]) -> None:
        """Take them in, in the order in which they are to be given."""
        self._place: dict[str, int] = {}
        self._words: dict[str, set[str]] = {}
        self._dates: dict[str, set[tuple[int, ...]]] = {}
        self._knowing: dict[str, list[str]] = defaultdict(list)
        self._dated: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for post in posts:
            path = post.path
            self._place[path] = len(self._place)
            self._words[path], self._dates[path] = _folders_and_categories(post), {(), *_dates(post)}
            for word in self._words[path]:
                self._knowing[word].append(path)
            for date in self._dates[path]:
                self._dated[date].append(path)

    def of(self, numbers: Sequence[int], words: Sequence[str]) -> list[str]:
        """The paths of those that have this date, and these folders or categories, all but one at most.

        Of posts that have all and posts that have not, the former. Where neither the date nor the rarest words leave
        less than a crowd, that crowd.

        Args:
            numbers: a year; a year and a month; a year, a month and a day; or nothing.
            words: in small letters.
        """
        dated = self._dated.get(tuple(numbers), [])
        rarest = sorted((self._knowing.get(word, []) for word in set(words)), key=len)[:2]
        pool = min(dated, *rarest[:1], key=len) if rarest else dated
        if len(pool) > CROWD:
            return pool
        if found := self._having(pool, numbers, words, 0):
            return found
        # Who lacks one word has one of the two rarest.
        pool = min(dated, rarest[1], key=len) if len(rarest) > 1 else dated
        if len(pool) > CROWD:
            return pool
        if pool is not dated:
            pool = sorted({*rarest[0], *rarest[1]}, key=self._place.__getitem__)
        return self._having(pool, numbers, words, 1)

    def _having(self, pool: Iterable[str], numbers: Sequence[int], words: Sequence[str], lacking: int) -> list[str]:
        """Those of some posts that have this date, and lack so many of the words."""
        date = tuple(numbers)
        return [
            path
            for path in pool
            if date in self._dates[path] and sum(word not in self._words[path] for word in words) == lacking
        ]


def _folders_and_categories(post: Post) -> set[str]:
    categories = (_SPACES.sub("-", name_key(m.name)) for m in post.mentions if m.kind == "category")
    return {*name_key(post.path).split("/")[:-1], *categories}


def _dates(post: Post) -> Iterator[tuple[int, ...]]:
    """The year, month and day of a post, as its name and as its metadata say; and each without its last part."""
    match = DATED.match(post.path.rpartition("/")[2])
    said = post.date[:10].split("-")
    for date in (match.groups() if match else (), said if len(said) == 3 else ()):
        for length in range(1, len(date) + 1):
            yield tuple(map(int, date[:length]))
