"""Doubts about posts that lie at the same place in several folders: if there are many, one folder is a copy."""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import commonpath, dirname
from typing import NamedTuple

from msgspec.structs import replace

from kg.model import Diagnostic
from kg.text.filenames import folders_alike

_COPIES = 5
"""Posts of one name that may be copies of one another."""
_MANY = 5
"""Files with a namesake at the same place from which one line tells of all."""


class Ambiguity(NamedTuple):
    """Which of several posts is meant."""

    found: Diagnostic
    paths: tuple[str, ...]
    """Of these posts; () if they are too many to be copies."""

    @classmethod
    def among(cls, found: Diagnostic, paths: Sequence[str]) -> "Ambiguity":
        """What is found about some posts."""
        return cls(found, tuple(sorted(paths)) if len(paths) <= _COPIES else ())


def told_once(ambiguous: Iterable[Ambiguity]) -> Iterator[Diagnostic]:
    """What is found, once for all that is there twice because the same folders are alike."""
    groups: dict[tuple[str, ...], list[Ambiguity]] = {}
    for each in ambiguous:
        groups.setdefault((each.found.code, *folders_alike(*each.paths)), []).append(each)
    for group in groups.values():
        places = {each.paths for each in group}
        if len(places) < _MANY:
            yield from (each.found for each in group)
            continue
        folders = (commonpath(map(dirname, paths)) for paths in zip(*places, strict=True))
        where = " and ".join(f"'{folder}'" if folder else "CONTENT" for folder in folders)
        more = f"; {len(places) - 1} more files are in both {where}: leave one of the folders out"
        first = min((each.found for each in group), key=lambda found: found.severity == "note")
        yield replace(first, message=first.message + more)
