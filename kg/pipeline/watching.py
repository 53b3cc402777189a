"""Waits for posts to change (watchfiles, https://watchfiles.helpmanual.io)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.config import places
from kg.errors import ConfigError
from kg.iris import POST_SUFFIXES
from kg.pipeline.run import Run
from kg.reading.finding import TOOL_FOLDERS
from kg.state.stamps import Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from threading import Event

    from watchfiles import Change

    from kg.config import Config

_EVERY = 500
"""Milliseconds after which the wait looks up; the first time says that the watch stands."""


def changes(
    content: Path, output: Path, config: Config, *, settings: Path | None = None, stop: Event | None = None
) -> Iterator[None]:
    """Yield each time a post, the settings, the ledger or what posts inherit from may have changed.

    What is written to OUTPUT does not count. Yields once when the watch stands, so that what was saved before is not
    missed: look then whether anything changed.

    Args:
        content: the folder of posts.
        output: the folder of results.
        config: tells where the ledger is.
        settings: the file that they are from, if the user named one.
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
        # It may be a folder with posts in it, or a file that from now on is read beside them.
        return change != Change.modified and not any(
            part.startswith(".") or part in TOOL_FOLDERS for part in changed.relative_to(root).parts
        )

    # A watch is of one file, not of what takes its name, and of whole trees: files beside the posts are looked at.
    before: dict[Path, Stamp] | None = None
    for found in watch(
        root,
        watch_filter=counts,
        stop_event=stop,
        rust_timeout=_EVERY,
        yield_on_timeout=True,
    ):
        if found or before is None or _stamps(before) != before:
            before = _stamps((*_beside(content, output, config), *([settings] if settings else [])))
            yield


def _beside(content: Path, output: Path, config: Config) -> Iterable[Path]:
    """All files that a build reads beside the posts, or would if they were there."""
    try:
        found = Run.begin(content, config, output).beside
    except ConfigError:
        found = ()  # no post is left, or the ledger is a link; the build says so
    return (*places(content), *found)


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    return {path: stamp_of(path) for path in paths}
