"""A pool of worker processes shared by all requests; queries are limited in time, result size and memory."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

import msgspec

from kg.server.worker import HEADER, Outcome, QueryJob
from kg.stores.loaded import is_loaded

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from pathlib import Path

    from kg.server.answering import AnswerJob

    Job = QueryJob | AnswerJob

NICENESS = 5
"""Added to the niceness of processes that run long queries: about a third of the processor share of the others."""
_FIRST = 20_000
"""Characters of a query that may be run before the whole graph is loaded: it is an argument of a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLimits:
    """Limits on each query, and on how many there are."""

    seconds: float = 10.0
    """Time from the start in a worker to the end of the result."""
    waiting_factor: float = 3.0
    """Time it may wait for a worker, as a multiple of `seconds`."""
    time_slice: float = 0.5
    """Seconds after which a query counts as long and gives way to others."""
    result_bytes: int = 32 << 20
    """Size of a result; a longer one is refused, never truncated."""
    query_bytes: int = 256 << 10
    """Size of a request body."""
    max_waiting: int = 256
    """Short queries that may queue for a worker, and long ones; beyond that, 503 (back-pressure)."""
    workers: int = min(4, os.cpu_count() or 1)
    """Short queries that run at once, and long ones."""


class QueryFailed(Exception):
    """A query has no result; `outcome` is what to respond."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class QueryResult(SpooledTemporaryFile[bytes]):
    """The rows of a query, in memory while they are few."""

    note = ""
    """A note about it: "there is no graph <…>"."""


class Worker:
    """One worker process; it runs one query at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.usable = True
        """False once it has failed, its graph is out of date, or its current job is its last."""

    @classmethod
    async def start(cls, source: Path, query: str | None = None) -> Worker:
        """Start a worker and wait until its store is open.

        Args:
            source: what it opens.
            query: the only one that it will run, for which less may have to be loaded; None for any.

        Raises:
            QueryFailed: there is no store to open.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kg.server.worker", str(source), *([] if query is None else [query]),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            process_group=0,  # Ctrl-C is for the server, which shuts the workers down
        )  # fmt: skip
        worker = cls(process)
        worker.usable = query is None
        try:
            await worker._collect(None, 0)
        except BaseException:
            await worker.end()
            raise
        return worker

    async def run(self, job: Job, result: QueryResult, max_bytes: int) -> None:
        """Run a query and write its result to `result`.

        Raises:
            QueryFailed: it has no result, or one of more than `max_bytes`; the worker may no longer be usable.
        """
        data = msgspec.msgpack.encode(job)
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(len(data).to_bytes(4, "big") + data)
            await stdin.drain()
        except ConnectionError as error:
            self.usable = False
            raise QueryFailed(Outcome(503, "the query process ended; try again")) from error
        await self._collect(result, max_bytes)

    async def _collect(self, result: QueryResult | None, max_bytes: int) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        size = 0
        while True:
            try:
                kind, length = HEADER.unpack(await stdout.readexactly(HEADER.size))
                data = await stdout.readexactly(length)
            except asyncio.IncompleteReadError as error:
                self.usable = False
                raise QueryFailed(Outcome(503, "the query needs more memory than allowed")) from error
            if kind == b"E":
                outcome = msgspec.msgpack.decode(data, type=Outcome)
                if outcome.status != 200:
                    raise QueryFailed(outcome)
                if result is not None:
                    result.note = outcome.hint
                return
            size += length
            if result is None or size > max_bytes:
                await self.end()
                raise QueryFailed(
                    Outcome(403, f"the result is longer than {max_bytes:,} bytes; ask for less, or use LIMIT")
                )
            result.write(data)

    @property
    def alive(self) -> bool:
        """Whether it can run another query."""
        return self.usable and self._process.returncode is None

    def give_way(self) -> None:
        """Lower its priority below short queries; irreversible, so the current job is its last."""
        self.usable = False
        if hasattr(os, "setpriority"):  # not on Windows
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)

    async def end(self) -> None:
        """Kill the process; it has no state to save."""
        self.usable = False
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            # Drain its pipe, too: asyncio reports the exit only after the pipe's end. On shutdown another task may be
            # reading it still, and will see the end; a second reader is a RuntimeError.
            with suppress(asyncio.TimeoutError, RuntimeError):
                await asyncio.wait_for(self._process.communicate(), 5)


class Lane:
    """Up to `workers` queries that run at once, and a bounded queue of those that wait."""

    def __init__(self, limits: QueryLimits) -> None:
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.workers)
        self.waiting = 0

    @property
    def free(self) -> bool:
        """Whether a query could run without waiting."""
        return not self._slots.locked()

    async def enter(self) -> None:
        """Wait for a slot.

        Raises:
            QueryFailed: the queue is full, or the wait took too long.
        """
        busy = QueryFailed(Outcome(503, "too many queries; try again in a moment"))
        if self.waiting >= self._limits.max_waiting:
            raise busy
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.waiting_factor * self._limits.seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise busy from None
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """Release the slot."""
        self._slots.release()


class WorkerPool:
    """The worker processes, started on demand, and the scheduling of queries.

    Every query starts in the short lane. After one time slice it moves to the long lane if that has a free slot; if
    not, and short queries are waiting, it is cancelled, and restarted once the long lane has a slot. So a short query
    waits for time slices of others, not for their ends, and long queries run at lower priority.
    """

    def __init__(self, source: Path, limits: QueryLimits) -> None:
        self._source = source
        self.limits = limits
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._short = Lane(limits)
        self._long = Lane(limits)
        self._generation = 0
        """Number of times the graph has changed."""
        self._loading: asyncio.Future[None] | None = None
        """The start of a worker that holds the whole graph, while others answer first queries."""

    async def ask(self, job: Job) -> QueryResult:
        """Run a query and return its result as a file at position 0.

        Raises:
            QueryFailed: it has no result.
        """
        job = msgspec.structs.replace(job, seconds=self.limits.seconds)
        result = QueryResult(max_size=1 << 20)  # closed by the caller
        try:
            if not await self._run_short(job, result):
                await self._long.enter()
                try:
                    result.seek(0)
                    result.truncate()
                    worker = await self._ready(job)
                    worker.give_way()
                    await self._run(worker, job, result)
                finally:
                    self._long.leave()
        except BaseException:
            result.close()
            raise
        result.seek(0)
        return result

    async def _run_short(self, job: Job, result: QueryResult) -> bool:
        """Run a query in the short lane; False if it was cancelled to give way to others."""
        lane = self._short
        await lane.enter()
        try:
            worker = await self._ready(job)
            running = asyncio.ensure_future(self._run(worker, job, result))
            try:
                while not (await asyncio.wait({running}, timeout=self.limits.time_slice))[0]:
                    if lane is self._short and self._long.free:
                        await self._long.enter()
                        lane.leave()
                        lane = self._long
                        worker.give_way()
                    elif lane is self._short and self._short.waiting:
                        return False
                await running
            finally:
                if not running.done():
                    running.cancel()
                    await asyncio.gather(running, return_exceptions=True)
        finally:
            lane.leave()
        return True

    async def _run(self, worker: Worker, job: Job, result: QueryResult) -> None:
        try:
            async with asyncio.timeout(self.limits.seconds):
                await worker.run(job, result, self.limits.result_bytes)
        except TimeoutError:
            worker.usable = False
            raise QueryFailed(Outcome(503, f"no answer within {self.limits.seconds:g} s; ask for less")) from None
        except asyncio.CancelledError:  # the caller no longer wants the result
            worker.usable = False
            raise
        finally:
            if worker.alive:
                self._idle.append(worker)
            else:
                self._all.discard(worker)
                await asyncio.shield(worker.end())

    async def _ready(self, job: Job) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._all.discard(worker)
        query = job.query if isinstance(job, QueryJob) and not (job.default_graphs or job.named_graphs) else ""
        if not query or len(query) > _FIRST or "\0" in query or any(worker.usable for worker in self._all):
            return await self._start()
        if await asyncio.to_thread(is_loaded, self._source):
            return await self._start()
        if self._loading is None or self._loading.done():
            self._loading = asyncio.ensure_future(self._load())
        return await self._start(query)

    async def _load(self) -> None:
        """Load the whole graph while first queries are answered from parts of it."""
        with suppress(QueryFailed):
            self._idle.append(await self._start())

    async def _start(self, query: str | None = None) -> Worker:
        while True:
            generation = self._generation
            worker = await Worker.start(self._source, query)
            if generation == self._generation:
                self._all.add(worker)
                return worker
            await worker.end()  # it may have opened the previous graph

    async def refresh(self) -> None:
        """Switch to the changed graph: running queries finish on the old one, later ones get new workers."""
        self._generation += 1
        for worker in self._all:
            worker.usable = False
        idle, self._idle = self._idle, []
        self._all.difference_update(idle)
        for worker in idle:
            await worker.end()

    async def close(self) -> None:
        """End all workers."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)
            self._loading = None
        for worker in list(self._all):
            worker.usable = False
            await worker.end()
        self._all.clear()
        self._idle.clear()
