"""The process that runs queries, `python -m kg.server.worker OUTPUT [QUERY]`, or answers questions, `… GRAPH`.

The query engine cannot be interrupted, so it runs in a process that can be killed. The process holds only the store,
reads jobs from standard input and writes frames to standard output. Once the store is open it drops the right to open
files and sockets, so that even a malicious query cannot reach any. With QUERY, the store may hold no more than that
query looks at, and no other may be asked.

A frame is one letter, a length of four bytes (big-endian) and that many bytes: `D` is a chunk of the result, `E` its
end with an `Outcome`.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import msgspec

from kg.errors import WRONG_USE, KgError, StoreError
from kg.state import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyoxigraph as ox

    from kg.stores.embedded import Embedded, Term

HEADER = struct.Struct(">cI")
FRAME_BYTES = 1 << 16
VALUES = "values"
"""How `kg.stores.values` gives an answer, as JSON."""
MEMORY = 2 << 30
"""Bytes of memory of one worker; a query that needs more ends it."""
_NOTES = 5
"""Most notes about one answer; they go into a header."""


class QueryJob(msgspec.Struct, frozen=True):
    """A query for a worker to run."""

    query: str
    format: str
    """`VALUES`, a key of `kg.stores.results.ROWS` or, for triples, of `TRIPLES`."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    iris: dict[str, str] = {}
    """Variable → the IRI it is bound to."""
    seconds: float = 10.0
    """Time limit; the worker exits shortly after it in case the server is no longer there to kill it."""


class Outcome(msgspec.Struct, frozen=True):
    """The result of a query, but for its rows."""

    status: int = 200
    """HTTP status code."""
    message: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""
    """What to write instead; for an answer, notes about it."""


def main(output: str, query: str | None = None) -> None:
    """Open the store, report whether that worked, and run jobs until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which shuts the workers down
    sink = sys.stdout.buffer
    path = Path(output)
    try:
        run = _answers(path.parent.parent) if path.name == GRAPH else _queries(path, query)
    except KgError as error:
        _end(sink, Outcome(503, str(error)))
        return
    _end(sink, Outcome())
    source = sys.stdin.buffer
    while length := source.read(4):
        run(source.read(int.from_bytes(length, "big")), sink)


def _queries(path: Path, query: str | None) -> Callable[[bytes, IO[bytes]], None]:
    """A function that runs SPARQL on the graph of a build, or on an RDF file.

    Raises:
        KgError: there is no graph.
    """
    from kg.stores import embedded, loaded

    graph = embedded.of_file(path) if path.is_file() else loaded.of_output(path, query)
    next(iter(graph.store.quads_for_pattern(None, None, None, None)), None)  # opens all files of the store
    from kg.stores import results, syntax, values  # noqa: F401 - no module can be imported later

    _lock_down()

    def run(data: bytes, sink: IO[bytes]) -> None:
        job = msgspec.msgpack.decode(data, type=QueryJob)
        with _in_time(job.seconds):
            outcome = answer(graph, job, sink)
        _end(sink, outcome)

    return run


def _answers(output: Path) -> Callable[[bytes, IO[bytes]], None]:
    """A function that answers questions by name about the graph saved in OUTPUT/.kg.

    Raises:
        KgError: there is no graph.
    """
    from kg.server import answering

    served = answering.load(output)
    served.ready()
    _lock_down()

    def run(data: bytes, sink: IO[bytes]) -> None:
        job = msgspec.msgpack.decode(data, type=answering.AnswerJob)
        outcome = Outcome()
        with _in_time(job.seconds):
            try:
                frames = FrameWriter(sink)
                frames.write(answering.answer(served, job))
                frames.flush()
            except KgError as error:
                outcome = Outcome(400, str(error))
            except MemoryError:
                outcome = Outcome(503, "the answer needs more memory than allowed")
        _end(sink, outcome)

    return run


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """End the process if it is still at work long after its time limit."""
    alarm = threading.Timer(seconds + 5, os._exit, (1,))
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _lock_down() -> None:
    """Drop the right to open files."""
    try:
        import resource
    except ImportError:  # not on Windows; the server's own limits still apply
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def answer(graph: Embedded, job: QueryJob, sink: IO[bytes]) -> Outcome:
    """Run one query, writing its result as it is computed."""
    import pyoxigraph as ox

    from kg.stores import results, values
    from kg.stores.syntax import QueryRefused, QuerySyntaxError

    frames = cast("IO[bytes]", FrameWriter(sink))
    try:
        if job.format == VALUES:
            frames.write(msgspec.json.encode(values.answer(graph, job.query)))
            frames.flush()
            return Outcome()
        bound: dict[str, Term] = {name: ox.NamedNode(iri) for name, iri in job.iris.items()}
        graphs = {"default_graphs": job.default_graphs, "named_graphs": job.named_graphs}
        reply, notes = graph.answer(job.query, parameters=bound, **graphs)
        if isinstance(reply, ox.QueryTriples):
            format_ = results.TRIPLES[job.format]
            prefixes = dict(graph.prefixes) if job.format != "nt" else None
            ox.serialize(_distinct(reply), frames, format=format_, prefixes=prefixes)
        else:
            reply.serialize(frames, results.ROWS[job.format])
        frames.flush()
    except QuerySyntaxError as error:
        return Outcome(400, error.message, error.line, error.column, error.hint)
    except QueryRefused as error:
        return Outcome(403, str(error))
    except StoreError as error:
        return Outcome(400 if error.exit_status == WRONG_USE else 503, str(error))
    except (RuntimeError, OSError, ValueError, MemoryError) as error:
        trouble = graph.trouble(error)
        return Outcome(400 if trouble.exit_status == WRONG_USE else 503, str(trouble))
    return Outcome(hint="; ".join(notes[:_NOTES]))


def _distinct(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Each triple once: the result of CONSTRUCT is a set."""
    seen = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


class FrameWriter:
    """A binary stream that writes `D` frames."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Buffer data into frames of at least `FRAME_BYTES`."""
        self._buffer += data
        if len(self._buffer) >= FRAME_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Write the buffer as a frame."""
        if self._buffer:
            self._sink.write(HEADER.pack(b"D", len(self._buffer)) + self._buffer)
            self._buffer.clear()


def _end(sink: IO[bytes], outcome: Outcome) -> None:
    data = msgspec.msgpack.encode(outcome)
    sink.write(HEADER.pack(b"E", len(data)) + data)
    sink.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
