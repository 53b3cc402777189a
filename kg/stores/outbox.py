"""Sends graphs to a store in the background, so that the next ones are gathered while others are on their way.

Batches grow by themselves: whatever waits is sent as soon as no request is under way, and a full batch waits
its turn. So the store is never idle while a batch grows, and at most two batches are in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.stores.remote import Payload, RemoteStore

_WORTH_SENDING = 10_000
"""Triples; fewer wait for more, even when no request is under way."""


@dataclass(slots=True)
class _Batch:
    """Graphs that will be sent in one request."""

    write: Callable[[Sequence[Payload]], int]
    most_triples: int
    most_bytes: int
    payloads: list[Payload] = field(default_factory=list)
    triples: int = 0
    bytes: int = 0

    def has_room_for(self, payload: Payload) -> bool:
        """Whether it stays within the store's limits; a graph beyond them is sent alone."""
        return not self.payloads or (
            self.triples + payload.triples <= self.most_triples and self.bytes + len(payload.data) <= self.most_bytes
        )

    def add(self, payload: Payload) -> None:
        self.payloads.append(payload)
        self.triples += payload.triples
        self.bytes += len(payload.data)

    def take(self) -> list[Payload]:
        taken, self.payloads, self.triples, self.bytes = self.payloads, [], 0, 0
        return taken


class Outbox:
    """The pending writes to one store. At most one request is in flight."""

    def __init__(self, store: RemoteStore, *, whole: bool = False) -> None:
        """Begin with nothing to send; with `whole`, large graphs are sent as a whole."""
        preset = store.preset
        self._store: RemoteStore | None = store
        most = preset.bulk_batch if preset.bulk else preset.batch
        self._new = _Batch(store.add, most, preset.body)
        replace = partial(store.replace, whole=True) if whole else store.replace
        self._changed = _Batch(replace, preset.batch, preset.body)
        self._thread: Thread | None = None
        self._failure: BaseException | None = None
        self.waiting = 0
        """Graphs that the store has not confirmed yet."""
        self.sent = 0
        """Triples it has confirmed."""

    def put(self, payload: Payload, *, new: bool) -> None:
        """Add one graph; waits while the store is behind.

        Args:
            payload: the graph.
            new: whether the store holds no graph of this name.

        Raises:
            StoreError: this or an earlier graph could not be written.
        """
        batch = self._new if new else self._changed
        if not batch.has_room_for(payload):
            self._send(batch)
        batch.add(payload)
        self.waiting += 1
        if batch.triples >= _WORTH_SENDING and not (self._thread and self._thread.is_alive()):
            self._send(batch)

    def finish(self) -> None:
        """Wait until everything is written.

        Raises:
            StoreError: it could not be.
        """
        for batch in (self._new, self._changed):
            if batch.payloads:
                self._send(batch)
        self._wait()

    def _send(self, batch: _Batch) -> None:
        self._wait()
        payloads = batch.take()

        def write() -> None:
            try:
                if self._store:
                    self._store.ping()
                    self._store = None
                self.sent += batch.write(payloads)
                self.waiting -= len(payloads)
            except BaseException as error:  # noqa: BLE001  it is raised where somebody can hear it
                self._failure = error

        # A daemon: the program can end without waiting for a store that does not answer.
        self._thread = Thread(target=write, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        if self._thread:
            self._thread.join()
            self._thread = None
        if self._failure:
            raise self._failure
