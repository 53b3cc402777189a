"""Waiting for posts to change (watchfiles, https://watchfiles.helpmanual.io)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.config import places
from kg.errors import ConfigError
from kg.pipeline.run import Run
from kg.reading.finding import TOOL_FOLDERS
from kg.state.stamps import Stamp, stamp_of
from kg.text.filenames import POST_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from threading import Event

    from watchfiles import Change

    from kg.config import Config

_EVERY = 500
"""Timeout in milliseconds; the first one means that the watch is established."""


def changes(
    content: Path, output: Path, config: Config, *, settings: Path | None = None, stop: Event | None = None
) -> Iterator[None]:
    """Yield each time a post, the settings, the ledger or an inherited file may have changed.

    Files in OUTPUT do not count. It also yields once when the watch is established, so that the caller can check for
    changes made before that.

    Args:
        content: the folder of posts.
        output: the folder of results.
        config: the settings, for the path of the ledger.
        settings: the settings file, if the user named one.
        stop: ends the wait when set.
    """
    from watchfiles import Change, watch

    root, written = content.resolve(), output.resolve()

    def counts(change: Change, path: str) -> bool:
        changed = Path(path)
        if changed.is_relative_to(written):
            return False
        if changed.suffix.lower() in POST_SUFFIXES:
            return True
        # It may be a folder with posts, or another file that is read.
        return change != Change.modified and not any(
            part.startswith(".") or part in TOOL_FOLDERS for part in changed.relative_to(root).parts
        )

    # watchfiles watches a file rather than its path, so files that are replaced are checked by their stamps.
    before: dict[Path, Stamp] | None = None
    for found in watch(root, watch_filter=counts, stop_event=stop, rust_timeout=_EVERY, yield_on_timeout=True):
        if found or before is None or _stamps(before) != before:
            before = _stamps((*_beside(content, output, config), *([settings] if settings else [])))
            yield


def _beside(content: Path, output: Path, config: Config) -> Iterable[Path]:
    """All files other than posts that a build reads, or would if they existed."""
    try:
        found = Run.begin(content, config, output).beside
    except ConfigError:
        found = ()  # no post is left, or the ledger is a link; the build reports it
    return (*places(content), *found)


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    return {path: stamp_of(path) for path in paths}
