"""Markers: paths that tell which tool a folder belongs to.

`a` is a file or a folder, `a+b` means both, and `a~key` a file with a line that begins with one of some keys, `|`
between them. `*` and `[0-9]` in names are as in a shell.
"""

import fnmatch
import os
import re
from pathlib import Path

from kg.reading.settings import beginning

MOST = 20
"""Files that a pattern may name."""


def holds(place: Path | str, markers: tuple[str, ...], *, named: bool = False) -> bool:
    """Whether a folder holds any of some markers; those that are patterns of pages count only if `named`."""
    folder = os.fspath(place)
    for marker in markers:
        if (named or not _names_pages(marker)) and all(has(folder, part) for part in marker.split("+")):
            return True
    return False


def _names_pages(marker: str) -> bool:
    return _is_pattern(marker) and marker.partition("~")[0].endswith((".md", ".csv"))


def _is_pattern(marker: str) -> bool:
    return "*" in marker or "[" in marker


def has(folder: str, marker: str) -> bool:
    """Whether a folder holds a file of one name, or of a pattern."""
    path, _tilde, keys = marker.partition("~")
    if _is_pattern(path):
        inner, _slash, pattern = path.rpartition("/")
        folder = f"{folder}/{inner}" if inner else folder
        return any(_says(f"{folder}/{name}", keys) for name in sorted(fnmatch.filter(names_in(folder), pattern))[:MOST])
    return _says(f"{folder}/{path}", keys)


def names_in(folder: str) -> list[str]:
    """What a folder holds, in any order; nothing if it cannot be read."""
    try:
        return os.listdir(folder)  # noqa: PTH208  a third of the cost
    except OSError:
        return []


def _says(path: str, keys: str) -> bool:
    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises where a link leads to what we may not look at
        return False
    if not keys:
        return True
    begins = rf"^[ \t]*+[\"']?(?:{keys})(?:[\"']?\s*[:=]|$)".encode()
    return bool(re.search(begins, beginning(Path(path)), re.IGNORECASE | re.MULTILINE))
