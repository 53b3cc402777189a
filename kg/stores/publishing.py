"""How a store of a graph appears below OUTPUT/.kg/query/: whole or not at all, made by one process at a time."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ConfigError
from kg.machine.files import below, make_folder, one_at_a_time, open_plain, remove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    Fill: TypeAlias = Callable[[Path], Mapping[str, str]]

WITH_GRAPHS = "-graphs"
WITH_SOME = "-some-"
ASKED = "asked"
"""What the names of stores end in or hold, and the file beside them: see `kg.stores.loaded`."""
_LOADING = "loading-"
"""The beginning of the names of what exists while a store is made."""
_ABANDONED = 3600.0
"""Seconds after which an unfinished store counts as left behind by a crash."""
_PREFIXES = "prefixes.tsv"
"""A file in the folder of a store."""


def check_plain(output: Path, name: Path) -> None:
    """Make sure that a store neither is a link nor holds one.

    Raises:
        OSError: it is not there, or not all of it is plain files.
    """
    for file in below(output, name).iterdir():
        open_plain(file).close()


def publish(folder: Path, fill: Fill) -> bool:
    """Fill a store beside `folder`, then rename it; if another process is about to, wait for it instead.

    Returns:
        Whether there is such a store now.
    """
    before = _identity(folder)
    try:
        make_folder(folder.parent.parent)
        make_folder(folder.parent)
        with one_at_a_time(folder.parent / f"{_LOADING}{folder.name}"):
            return _identity(folder) not in (None, before) or _publish_now(folder, fill)
    except OSError:
        return False


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another in its place; None if there is none."""
    try:
        found = folder.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def _publish_now(folder: Path, fill: Fill) -> bool:
    with suppress(OSError):
        remove(folder)
    work = Path(tempfile.mkdtemp(prefix=_LOADING, dir=folder.parent))
    try:
        prefixes = fill(work / "store")  # closes it: only then is everything on the disk
        (work / "store" / _PREFIXES).write_text(lines_of(prefixes.items()), "utf-8")
        with suppress(OSError):  # somebody else was quicker, where processes cannot wait for each other
            (work / "store").rename(folder)
    except (OSError, RuntimeError, ConfigError):
        return False  # a full disk, or a file that is not RDF: who reads it into memory finds out which
    finally:
        with suppress(OSError):
            remove(work)
    _tidy(folder)
    return True


def _tidy(current: Path) -> None:
    """Remove the stores of earlier builds, and what crashed loads left behind."""
    whole = current.name.partition(WITH_SOME)[0]
    kept = (current.name, whole, f"{whole.removesuffix(WITH_GRAPHS)}{WITH_GRAPHS}", ASKED)
    for other in current.parent.iterdir():
        if other.name in kept:
            continue
        with suppress(OSError):
            if not other.name.startswith(_LOADING) or other.lstat().st_mtime < time.time() - _ABANDONED:
                remove(other)


def lines_of(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as a file holds them, with tabs between."""
    return "".join("\t".join(row) + "\n" for row in rows)


def prefixes_in(folder: Path) -> dict[str, str]:
    """The prefixes of a store."""
    lines = (folder / _PREFIXES).read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)
