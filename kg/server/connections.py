"""HTTP connections with deadlines, against slow clients; uvicorn leaves this to a reverse proxy.

A connection waits for its client while a request is incomplete or a response is not being read. Each wait has a
deadline, and when too many connections wait, the longest-waiting one is closed. A client that sends complete requests
is therefore always answered, however many others stall, even from the same address.
"""

import asyncio
from contextlib import suppress
from enum import Enum
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

PER_ADDRESS = 512
"""Most connections from one address that may be waiting for their client."""
IN_TOTAL = 768
"""Most from all addresses together; beyond this, one from the busiest address is closed."""
BACKLOG = 200
"""Length of the accept queue; short, so that each connection is read before `PER_ADDRESS` newer ones arrive."""
OPEN_FILES = 4096
"""Open files and sockets the server asks the system for."""


class Waiting(Enum):
    """What a connection waits for, and its deadline in seconds."""

    REQUEST = 15.0
    READER = 60.0
    """Long, because on a slow line the system accepts more data only after sending much of its buffer."""


class DeadlineConnection(H11Protocol):
    """An HTTP/1.1 connection that closes when its client keeps it waiting."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._waiting: Waiting | None = None
        self._since = 0.0
        self._deadline: asyncio.TimerHandle | None = None
        self._has_data = False
        """Whether the client has sent anything."""

    # --- protocol callbacks

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first request."""
        super().connection_made(transport)
        self._update_deadline()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        """Read more; the request may now be complete."""
        self._has_data = True
        super().data_received(data)
        self._update_deadline()

    def on_response_complete(self) -> None:
        """Wait for the next request, or start one already received."""
        super().on_response_complete()
        self._update_deadline()

    def pause_writing(self) -> None:
        """Wait until the client has read the send buffer."""
        super().pause_writing()
        self._update_deadline()

    def resume_writing(self) -> None:
        """Resume the response."""
        super().resume_writing()
        self._update_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the deadline."""
        super().connection_lost(exc)
        self._wait_for(None)

    # --- deadlines

    def _update_deadline(self) -> None:
        """Work out what the connection waits for, and restart the clock if that has changed."""
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
        crowds: dict[str, list[DeadlineConnection]] = {}
        for other in self.connections:
            if isinstance(other, DeadlineConnection) and other._waiting:
                crowds.setdefault(other.client[0] if other.client else "", []).append(other)
        crowd = max(crowds.values(), key=len)
        if len(crowd) > PER_ADDRESS or sum(map(len, crowds.values())) > IN_TOTAL:
            min(crowd, key=lambda other: other._since)._give_up(503)

    def _give_up(self, status: int) -> None:
        """Close the connection, first sending `status` if a request has begun and no response has."""
        unread = self._waiting is Waiting.READER or self.transport.is_closing()
        self._wait_for(None)
        if unread:
            self.transport.abort()
            return
        if self._has_data and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [("connection", "close"), ("content-length", "0")]
            response = h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status])
            with suppress(h11.LocalProtocolError):
                self.transport.write(self.conn.send(response) + self.conn.send(h11.EndOfMessage()))
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def allow_many() -> None:
    """Raise the limit on open files to `OPEN_FILES` where the default is lower."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
