"""Waits for posts to change (watchfiles, https://watchfiles.helpmanual.io)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.config import FILE_NAME, Config, find
from kg.iris import POST_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from watchfiles import Change

_EVERY = 500
"""Milliseconds after which the wait looks up; the first time says that the watch stands."""


def changes(content: Path, output: Path, config: Config, *, stop: Event | None = None) -> Iterator[None]:
    """Yield each time a post, the settings or the ledger has changed; what is written to OUTPUT does not count.

    Yields once when the watch stands, so that what was saved before is not missed: look then whether anything changed.

    Args:
        content: the folder of posts.
        output: the folder of results.
        config: tells where the ledger is.
        stop: ends the wait when set.
    """
    from watchfiles import watch

    others = {FILE_NAME, Path(config.resolution.ledger).name}
    written = output.resolve()

    def counts(_change: Change, path: str) -> bool:
        changed = Path(path)
        if changed.is_relative_to(written):
            return False
        return changed.suffix.lower() in POST_SUFFIXES or changed.name in others

    settings = find(content)
    watched = {content.resolve(), *([settings.resolve()] if settings else [])}
    begun = False
    for found in watch(
        *watched,
        watch_filter=counts,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=_EVERY,
        yield_on_timeout=True,
    ):
        if found or not begun:
            begun = True
            yield
