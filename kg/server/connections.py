"""Connections that cannot be held up by their clients: what uvicorn leaves to a proxy, and this server has none.

A connection waits for its client while its request is not there whole, header or body, or while nobody reads its
answer. Such waiting ends after a while, and where too many wait, the one that has waited longest makes room. So
whoever sends a request at once is answered, however many others send half of one, even from the same address.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

if TYPE_CHECKING:
    import asyncio
    from typing import Any

PER_ADDRESS = 512
"""How many connections of one address may wait for their client."""
IN_ALL = 768
"""How many of all addresses may; beyond, the address that has most makes room."""
BACKLOG = 200
"""How many connections are accepted at a time: few enough for each to be read before `PER_ADDRESS` newer ones come."""
OPEN_FILES = 4096
"""How many files and sockets the server asks the system for."""


class Waiting(Enum):
    """What a connection waits for, and for how many seconds at most."""

    REQUEST = 15.0
    READER = 60.0
    """Long, since on a slow line the system takes the next piece only when it has sent much of what it holds."""


class Connection(H11Protocol):
    """An HTTP/1.1 connection with deadlines."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._waiting: Waiting | None = None
        self._since = 0.0
        self._deadline: asyncio.TimerHandle | None = None
        self._heard = False
        """Whether the client has ever said something."""

    # --- what happens to it

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._look()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        """Read on; the request may be whole now."""
        self._heard = True
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request, or go on with one that has come already."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Wait until the client has read what is held for it."""
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        """Go on answering."""
        super().resume_writing()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        super().connection_lost(exc)
        self._wait_for(None)

    # --- waiting

    def _look(self) -> None:
        """See what the connection waits for now, and start the clock if that is something new."""
        answered = self.cycle is None or self.cycle.response_complete
        if self.flow.write_paused or (answered and self.transport.get_write_buffer_size()):
            waiting = Waiting.READER
        elif answered or self.cycle.more_body:
            waiting = Waiting.REQUEST
        else:
            waiting = None
        if waiting is not self._waiting:
            self._wait_for(waiting)

    def _wait_for(self, waiting: Waiting | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._waiting = waiting
        self._since = self.loop.time()
        self._deadline = self.loop.call_later(waiting.value, self._give_up, 408) if waiting else None

    def _make_room(self) -> None:
        if len(self.connections) <= PER_ADDRESS:
            return
        crowds: dict[str, list[Connection]] = {}
        for other in self.connections:
            if isinstance(other, Connection) and other._waiting:
                crowds.setdefault(other.client[0] if other.client else "", []).append(other)
        crowd = max(crowds.values(), key=len)
        if len(crowd) > PER_ADDRESS or sum(map(len, crowds.values())) > IN_ALL:
            min(crowd, key=lambda other: other._since)._give_up(503)

    def _give_up(self, status: int) -> None:
        """Close the connection, with a word to one that has begun a request and got no answer yet."""
        unread = self._waiting is Waiting.READER or self.transport.is_closing()
        self._wait_for(None)
        if unread:
            self.transport.abort()
            return
        if self._heard and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [("connection", "close"), ("content-length", "0")]
            response = h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status])
            with suppress(h11.LocalProtocolError):
                self.transport.write(self.conn.send(response) + self.conn.send(h11.EndOfMessage()))
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def allow_many() -> None:
    """Ask the system for enough open files, where it gives few by default."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
