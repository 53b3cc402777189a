"""Server-sent events that reload open pages (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias

Listener: TypeAlias = "asyncio.Queue[str | None]"
KEEP_ALIVE = 15.0
"""Seconds between the comments that keep an idle connection open."""
MAX_LISTENERS = 64


class Events:
    """Broadcasts events to all open pages."""

    def __init__(self) -> None:
        self.generation = 0
        """Number of times the graph has changed since the server started; the id of the last event."""
        self._listeners: set[Listener] = set()
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether `MAX_LISTENERS` are connected."""
        return len(self._listeners) >= MAX_LISTENERS

    def reload(self) -> None:
        """Tell all pages that there is a new graph."""
        self.generation += 1
        self._broadcast(f"event: reload\nid: {self.generation}\ndata: {self.generation}\n\n")

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self._broadcast(None)

    def _broadcast(self, message: str | None) -> None:
        for listener in self._listeners:
            with suppress(asyncio.QueueFull):
                listener.put_nowait(message)

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """Register one page until the end of the block, whether or not its stream ever starts."""
        listener: Listener = asyncio.Queue(maxsize=16)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def stream(self, listener: Listener, last: str = "") -> AsyncIterator[str]:
        """The event stream of one page; `last` is its `Last-Event-ID` when it reconnects."""
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
