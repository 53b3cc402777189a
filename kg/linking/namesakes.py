"""Posts with the same name, told apart by the rest of an address: `2024/05/slug.html`, `blog/slug`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kg.linking.addresses import DATED, hyphenated, name_key
from kg.model import Post

CROWD = 100
"""Namesakes that are compared one by one, and among which a best one is looked for; there may be any number of posts
called `index`."""


class Namesakes:
    """Posts with the same name, by date, and by folder and category."""

    def __init__(self, posts: Iterable[Post]) -> None:
        """Index the posts, in the order in which to return them."""
        self._place: dict[str, int] = {}
        self._words: dict[str, set[str]] = {}
        self._dates: dict[str, set[tuple[int, ...]]] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_date: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for post in posts:
            path = post.path
            self._place[path] = len(self._place)
            self._words[path], self._dates[path] = _folders_and_categories(post), {(), *_dates(post)}
            for word in self._words[path]:
                self._by_word[word].append(path)
            for date in self._dates[path]:
                self._by_date[date].append(path)

    def __iter__(self) -> Iterator[str]:
        """The paths of all posts with the name."""
        return iter(self._place)

    def of(self, numbers: Sequence[int], words: Sequence[str]) -> tuple[list[str], bool]:
        """The paths of the posts with this date and all of these folders or categories; else those that lack one.

        If more than `CROWD` posts have the date and the rarest words, these are returned unfiltered. The second value
        says whether they lack one.

        Args:
            numbers: () or a year, optionally with month and day.
            words: folders or categories, in lower case.
        """
        dated = self._by_date.get(tuple(numbers), [])
        rarest = sorted((self._by_word.get(word, []) for word in set(words)), key=len)[:2]
        pool = min(dated, *rarest[:1], key=len) if rarest else dated
        if len(pool) > CROWD:
            return pool, False
        if found := self._having(pool, numbers, words, 0):
            return found, False
        # A post that lacks one word has one of the two rarest.
        pool = min(dated, rarest[1], key=len) if len(rarest) > 1 else dated
        if len(pool) > CROWD:
            return pool, True
        if pool is not dated:
            pool = sorted({*rarest[0], *rarest[1]}, key=self._place.__getitem__)
        return self._having(pool, numbers, words, 1), True

    def _having(self, pool: Iterable[str], numbers: Sequence[int], words: Sequence[str], lacking: int) -> list[str]:
        """The posts of `pool` with this date that lack exactly `lacking` of the words."""
        date = tuple(numbers)
        return [
            path
            for path in pool
            if date in self._dates[path] and sum(word not in self._words[path] for word in words) == lacking
        ]


def _folders_and_categories(post: Post) -> set[str]:
    categories = (hyphenated(name_key(m.name)) for m in post.mentions if m.kind == "category")
    return {*name_key(post.path).split("/")[:-1], *categories}


def _dates(post: Post) -> Iterator[tuple[int, ...]]:
    """The date of a post, from its name and from its metadata, as (year, month, day), (year, month) and (year,)."""
    match = DATED.match(post.path.rpartition("/")[2])
    stated = post.date[:10].split("-")
    for date in (match.groups() if match else (), stated if len(stated) == 3 else ()):
        for length in range(1, len(date) + 1):
            yield tuple(map(int, date[:length]))
