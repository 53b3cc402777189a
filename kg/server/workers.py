"""A few worker processes, shared by all requests; each query is bounded in time, size and memory."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

import msgspec

from kg.server.worker import HEADER, Job, Outcome

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from pathlib import Path


NICENESS = 5
"""Of processes that run long queries: they get a third of what others get, and all that others leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may cost."""

    seconds: float = 10.0
    """From its start in a worker to the end of its result."""
    patience: float = 3.0
    """How many times `seconds` it may wait for a worker before that."""
    turn: float = 0.5
    """Seconds after which a query is a long one, and makes room for others."""
    result_bytes: int = 32 << 20
    """The longest result; a longer one is refused, never cut."""
    query_bytes: int = 256 << 10
    """The longest request body."""
    waiting: int = 256
    """How many short queries, and how many long ones, may wait for a worker; the next ones are sent away."""
    workers: int = min(4, os.cpu_count() or 1)
    """How many short queries, and how many long ones, run at once."""


class Failure(Exception):
    """A query that got no result, with what HTTP says about it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class Worker:
    """One process; it does one thing at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.usable = True
        """False once it has broken down, or holds the graph of an earlier build."""

    @classmethod
    async def start(cls, source: Path) -> Worker:
        """Start one and wait until its store is open.

        Raises:
            Failure: there is nothing to open.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kg.server.worker", str(source),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            process_group=0,  # Ctrl-C is for the server, which ends its workers in good order
        )  # fmt: skip
        worker = cls(process)
        try:
            await worker._collect(None, 0)
        except BaseException:
            await worker.end()
            raise
        return worker

    async def run(self, job: Job, result: IO[bytes], most: int) -> None:
        """Write the result of a job into `result`.

        Raises:
            Failure: it has none, or one of more than `most` bytes; the process may be gone then.
        """
        data = msgspec.msgpack.encode(job)
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(len(data).to_bytes(4, "big") + data)
            await stdin.drain()
        except ConnectionError as error:
            self.usable = False
            raise Failure(Outcome(503, "the query process ended; ask again")) from error
        await self._collect(result, most)

    async def _collect(self, result: IO[bytes] | None, most: int) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        size = 0
        while True:
            try:
                kind, length = HEADER.unpack(await stdout.readexactly(HEADER.size))
                data = await stdout.readexactly(length)
            except asyncio.IncompleteReadError as error:
                self.usable = False
                raise Failure(Outcome(503, "the query needs more memory than it may have")) from error
            if kind == b"E":
                outcome = msgspec.msgpack.decode(data, type=Outcome)
                if outcome.status != 200:
                    raise Failure(outcome)
                return
            size += length
            if result is None or size > most:
                await self.end()
                raise Failure(Outcome(403, f"the result is longer than {most:,} bytes; ask for less, or use LIMIT"))
            result.write(data)

    @property
    def alive(self) -> bool:
        """Whether it can take another job."""
        return self.usable and self._process.returncode is None

    def give_way(self) -> None:
        """Let short queries have the processor first; that cannot be taken back, so this is its last job."""
        self.usable = False
        if hasattr(os, "setpriority"):  # not on Windows
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)

    async def end(self) -> None:
        """Kill it; it holds nothing worth saving."""
        self.usable = False
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            # What it has written is read too: its end is noticed only after that of its pipe. When the server ends,
            # another task may be reading still, and will see the end; a second reader is a RuntimeError.
            with suppress(asyncio.TimeoutError, RuntimeError):
                await asyncio.wait_for(self._process.communicate(), 5)


class Lane:
    """Queries that run side by side, as many as there are workers; the next ones wait for their turn."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(limits.workers)
        self.waiting = 0

    @property
    def free(self) -> bool:
        """Whether one may run at once."""
        return not self._places.locked()

    async def enter(self) -> None:
        """Wait for a place.

        Raises:
            Failure: there are too many that wait, or it took too long.
        """
        busy = Failure(Outcome(503, "too many queries at once; ask again in a moment"))
        if self.waiting >= self._limits.waiting:
            raise busy
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.patience * self._limits.seconds):
                await self._places.acquire()
        except TimeoutError:
            raise busy from None
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """Make room."""
        self._places.release()


class Pool:
    """The workers, started when they are first needed, and which query runs when.

    Every query has a turn among the short ones. One that takes longer goes on among the long ones where there is a
    place; where there is none, and short ones wait, it is ended, and begins again when a place is free. So a short
    query waits for turns of others, not for their ends, and long ones leave it the processor.
    """

    def __init__(self, source: Path, limits: Limits) -> None:
        self._source = source
        self.limits = limits
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._short = Lane(limits)
        self._long = Lane(limits)
        self._graph = 0
        """How often the graph has changed."""

    async def ask(self, job: Job) -> IO[bytes]:
        """Run a job; the result is a file, read from its beginning, in memory while it is small.

        Raises:
            Failure: it has no result.
        """
        job = msgspec.structs.replace(job, seconds=self.limits.seconds)
        result: IO[bytes] = SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - closed by whoever sends it
        try:
            if not await self._short_run(job, result):
                await self._long.enter()
                try:
                    result.seek(0)
                    result.truncate()
                    worker = await self._ready()
                    worker.give_way()
                    await self._run(worker, job, result)
                finally:
                    self._long.leave()
        except BaseException:
            result.close()
            raise
        result.seek(0)
        return result

    async def _short_run(self, job: Job, result: IO[bytes]) -> bool:
        """Run a job; False where it took long and made room for others."""
        lane = self._short
        await lane.enter()
        try:
            worker = await self._ready()
            running = asyncio.ensure_future(self._run(worker, job, result))
            try:
                while not (await asyncio.wait({running}, timeout=self.limits.turn))[0]:
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

    async def _run(self, worker: Worker, job: Job, result: IO[bytes]) -> None:
        try:
            async with asyncio.timeout(self.limits.seconds):
                await worker.run(job, result, self.limits.result_bytes)
        except TimeoutError:
            worker.usable = False
            raise Failure(Outcome(503, f"no answer within {self.limits.seconds:g} s; ask for less")) from None
        except asyncio.CancelledError:  # nobody wants the rest
            worker.usable = False
            raise
        finally:
            if worker.alive:
                self._idle.append(worker)
            else:
                self._all.discard(worker)
                await asyncio.shield(worker.end())

    async def _ready(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._all.discard(worker)
        while True:
            graph = self._graph
            worker = await Worker.start(self._source)
            if graph == self._graph:
                self._all.add(worker)
                return worker
            await worker.end()  # it may have opened what was there before

    async def refresh(self) -> None:
        """The graph has changed: what is running may finish, everything else starts anew."""
        self._graph += 1
        for worker in self._all:
            worker.usable = False
        idle, self._idle = self._idle, []
        self._all.difference_update(idle)
        for worker in idle:
            await worker.end()

    async def close(self) -> None:
        """End all workers."""
        for worker in list(self._all):
            worker.usable = False
            await worker.end()
        self._all.clear()
        self._idle.clear()
