"""Whether a file has changed, by its file system metadata, as in Git's index.

The stamp of a file that changed within the clock's resolution before the last run is never trusted
("racy git", https://git-scm.com/docs/racy-git).
"""

import os
from pathlib import Path

from kg.model import Record

_GRAIN = 2_000_000_000
"""Nanoseconds: the coarsest time stamp of a file system still in use (FAT)."""


class Stamp(Record, frozen=True):
    """File system metadata of a file; two files with the same stamp are considered the same."""

    size: int
    modified: int
    """Nanoseconds since 1970."""
    changed: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """The stamp of a file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


NO_FILE = Stamp(-1, 0, 0, 0)
"""The stamp of what cannot be examined; no file has it."""


def stamp_of(path: str | Path) -> Stamp:
    """The stamp of a path; `NO_FILE` if it cannot be examined."""
    try:
        return Stamp.of(os.stat(path))  # noqa: PTH116  10,000 Path objects are slow
    except OSError:
        return NO_FILE


def trusted(earlier: Stamp, now: Stamp, begun: int) -> bool:
    """Whether an unchanged stamp proves that a file has not changed since it was read.

    Args:
        earlier: its stamp then.
        now: its stamp now.
        begun: when that reading began, in nanoseconds since 1970.
    """
    return earlier == now and max(now.modified, now.changed) + _GRAIN < begun
