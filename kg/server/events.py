"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): open pages hear of a rebuild."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


Listener: TypeAlias = "asyncio.Queue[str | None]"
KEEP_ALIVE = 15.0
"""Seconds between comments that keep a silent connection open."""
MOST = 64
"""How many pages may listen at once."""


class Events:
    """What every open page listens to."""

    def __init__(self) -> None:
        self.generation = 0
        """How many times the graph has changed since the server started."""
        self._listeners: set[Listener] = set()
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether no one else may listen."""
        return len(self._listeners) >= MOST

    def reload(self) -> None:
        """Tell all pages that there is a new graph."""
        self.generation += 1
        self._tell(f"event: reload\nid: {self.generation}\ndata: {self.generation}\n\n")

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self._tell(None)

    def _tell(self, message: str | None) -> None:
        for listener in self._listeners:
            with suppress(asyncio.QueueFull):
                listener.put_nowait(message)

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """One page; it counts from now until the end of the block, whether its stream ever begins or not."""
        listener: Listener = asyncio.Queue(maxsize=16)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def stream(self, listener: Listener, last: str = "") -> AsyncIterator[str]:
        """The events for one page, which names the last one it has heard when it comes back after a break."""
        yield "retry: 1000\n\n"
        if last.isdecimal() and last != str(self.generation):
            yield f"event: reload\nid: {self.generation}\ndata: {self.generation}\n\n"
        while not self._closed:
            try:
                message = await asyncio.wait_for(listener.get(), KEEP_ALIVE)
            except TimeoutError:
                message = ": still here\n\n"
            if message is None:
                return
            yield message
