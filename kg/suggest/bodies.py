"""Reading the bodies of posts again: all of them for names, some also for the sentences around names.

Both are distributed over processes where that pays.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kg.machine.cores import cores
from kg.machine.processes import Pool
from kg.reading.bodies import body_of
from kg.reading.comments import shown
from kg.suggest.evidence import Finder

Found = dict[str, tuple[int, int]]
"""Name → the offset of its first occurrence in code points, and the number of occurrences."""
Span = tuple[int, int]
"""The start and end of a name in a body."""

_WORTH_A_PROCESS = 150
"""Posts per process; with fewer, starting processes costs more than it saves."""
_CHUNK = 32
"""Posts sent to a process at a time."""
_LINE_END = re.compile("\n")
_SENTENCE_END = "。！？!?\n"
_LONGEST_SENTENCE = 120


class Place(NamedTuple):
    """The place of a name for people."""

    line: int
    column: int
    """In the file, 1-based."""
    sentence: str


class Bodies:
    """The bodies of a folder, and the names to find in them."""

    def __init__(self, content: Path, names: Collection[str], wanted: Collection[str]) -> None:
        """Index all known names, of which only the `wanted` ones are reported."""
        self._content = content
        self._finder = Finder(names, wanted)

    def find(self, path: str) -> Found:
        """The names in one body."""
        return self._finder.find(shown(body_of(self._content, path)[0]))

    def show(self, path: str, spans: Sequence[Span]) -> list[Place]:
        """The sentences around some places of one body."""
        body, first_line = body_of(self._content, path)
        body = shown(body)
        ends = [-1, *(match.start() for match in _LINE_END.finditer(body))]
        lines = [bisect_left(ends, start) - 1 for start, _end in spans]
        return [
            Place(first_line + line, start - ends[line], _sentence(body, start, end))
            for line, (start, end) in zip(lines, spans, strict=True)
        ]


class Reading(NamedTuple):
    """Functions over all bodies, whose results are in the order of their arguments."""

    find: Callable[[Sequence[str]], Iterator[Found]]
    """Paths → the names in each body."""
    show: Callable[[Sequence[tuple[str, Sequence[Span]]]], Iterator[list[Place]]]
    """Paths and places → the sentences around each place."""


@contextmanager
def reading(
    content: Path, names: Collection[str], wanted: Collection[str], *, posts: int, jobs: int | None
) -> Iterator[Reading]:
    """Read bodies, in several processes if that pays.

    Args:
        content: the folder of the posts.
        names: all known names, because the longest one at a place counts.
        wanted: the names to report.
        posts: the number of bodies.
        jobs: number of processes; None decides by the number of posts.
    """
    jobs = min(cores(), posts // _WORTH_A_PROCESS) if jobs is None else min(jobs, -(-posts // _CHUNK))
    if jobs < 2:
        bodies = Bodies(content, names, wanted)
        yield Reading(lambda paths: map(bodies.find, paths), lambda asked: (bodies.show(*one) for one in asked))
        return
    with Pool(jobs, _start, (content, names, wanted)) as pool:
        yield Reading(
            lambda paths: pool.map(_find, paths, chunksize=_CHUNK),
            lambda asked: pool.map(_show, asked, chunksize=_CHUNK),
        )


_bodies: Bodies


def _start(content: Path, names: Collection[str], wanted: Collection[str]) -> None:
    global _bodies  # noqa: PLW0603  one for the life of a worker process
    _bodies = Bodies(content, names, wanted)


def _find(path: str) -> Found:
    return _bodies.find(path)


def _show(asked: tuple[str, Sequence[Span]]) -> list[Place]:
    return _bodies.show(*asked)


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a name, shortened if it is long."""
    first = max((text.rfind(mark, max(0, start - _LONGEST_SENTENCE), start) for mark in _SENTENCE_END), default=-1) + 1
    first = max(first, start - _LONGEST_SENTENCE // 2)
    last = min(
        (at + 1 for mark in _SENTENCE_END if (at := text.find(mark, end, end + _LONGEST_SENTENCE)) >= 0),
        default=len(text),
    )
    last = min(last, end + _LONGEST_SENTENCE // 2)
    cut = (
        "…" if text[first - 1 : first] not in ("", *_SENTENCE_END) else "",
        "…" if last < len(text) and text[last - 1] not in _SENTENCE_END else "",
    )
    return cut[0] + " ".join(text[first:last].split()) + cut[1]
