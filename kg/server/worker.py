"""The process that answers queries: `python -m kg.server.worker OUTPUT`.

The engine cannot be interrupted, so it lives in a process that can be killed. This one holds nothing but the store,
reads jobs from standard input and writes frames to standard output. Once the store is open it gives up the right to
open anything else: whatever a query smuggles in, there is no file and no socket left to reach.

A frame is one letter, four bytes of length (big-endian) and that many bytes: `D` for a piece of the result, `E` for its
end, with an `Outcome`.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from kg.stores.embedded import Embedded, Term

HEADER = struct.Struct(">cI")
PIECE = 1 << 16
MEMORY = 2 << 30
"""Bytes one worker may take; a query that wants more ends it."""


class Job(msgspec.Struct, frozen=True):
    """One question."""

    query: str
    format: str
    """For rows a key of `kg.stores.results.ROWS`, for triples one of `TRIPLES`."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    iris: dict[str, str] = {}
    """Variables bound to IRIs."""
    seconds: float = 10.0
    """How long it may take; the worker ends itself a little later, should nobody be left to end it."""


class Outcome(msgspec.Struct, frozen=True):
    """How it went; `status` is that of HTTP."""

    status: int = 200
    message: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""


def main(output: str) -> None:
    """Open the store, say how it went, and answer jobs until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us in good order
    from kg.errors import KgError
    from kg.stores import embedded

    sink = sys.stdout.buffer
    path = Path(output)
    try:
        graph = embedded.of_file(path) if path.is_file() else embedded.of_output(path)
    except KgError as error:
        _end(sink, Outcome(503, str(error)))
        return
    _settle(graph)
    _end(sink, Outcome())
    source = sys.stdin.buffer
    while length := source.read(4):
        job = msgspec.msgpack.decode(source.read(int.from_bytes(length, "big")), type=Job)
        alarm = threading.Timer(job.seconds + 5, os._exit, (1,))
        alarm.daemon = True
        alarm.start()
        outcome = answer(graph, job, sink)
        alarm.cancel()
        _end(sink, outcome)


def _settle(graph: Embedded) -> None:
    """Touch the store once, so that all its files are open, then take away the right to open more."""
    next(iter(graph.store.quads_for_pattern(None, None, None, None)), None)
    try:
        import resource
    except ImportError:  # Windows has no such limits; the server's own checks stand
        return
    from kg.stores import results, syntax  # noqa: F401 - nothing can be imported any more afterwards

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def answer(graph: Embedded, job: Job, sink: IO[bytes]) -> Outcome:
    """Run one query, writing its result as it comes."""
    import pyoxigraph as ox

    from kg.errors import WRONG_USE, StoreError
    from kg.stores import results
    from kg.stores.syntax import QueryRefused, QuerySyntaxError

    pieces = cast("IO[bytes]", Pieces(sink))
    try:
        bound: dict[str, Term] = {name: ox.NamedNode(iri) for name, iri in job.iris.items()}
        reply = graph.ask(job.query, parameters=bound, default_graphs=job.default_graphs, named_graphs=job.named_graphs)
        if isinstance(reply, ox.QueryTriples):
            format_ = results.TRIPLES[job.format]
            prefixes = dict(graph.prefixes) if job.format != "nt" else None
            ox.serialize(_once(reply), pieces, format=format_, prefixes=prefixes)
        else:
            reply.serialize(pieces, results.ROWS[job.format])
        pieces.flush()
    except QuerySyntaxError as error:
        return Outcome(400, error.message, error.line, error.column, error.hint)
    except QueryRefused as error:
        return Outcome(403, str(error))
    except StoreError as error:
        return Outcome(400 if error.exit_status == WRONG_USE else 503, str(error))
    except (RuntimeError, OSError, ValueError, MemoryError) as error:
        trouble = graph.trouble(error)
        return Outcome(400 if trouble.exit_status == WRONG_USE else 503, str(trouble))
    return Outcome()


def _once(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Each triple once: the answer to CONSTRUCT is a set."""
    seen = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


class Pieces:
    """A binary stream that writes `D` frames."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Collect small pieces into frames of a good size."""
        self._held += data
        if len(self._held) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            self._sink.write(HEADER.pack(b"D", len(self._held)) + self._held)
            self._held.clear()


def _end(sink: IO[bytes], outcome: Outcome) -> None:
    data = msgspec.msgpack.encode(outcome)
    sink.write(HEADER.pack(b"E", len(data)) + data)
    sink.flush()


if __name__ == "__main__":
    main(sys.argv[1])
