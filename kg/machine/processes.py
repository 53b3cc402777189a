"""Distributing work over processes, where that pays and is safe."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from kg.errors import KgError
from kg.machine.cores import may_fork
from kg.machine.steps import note

T = TypeVar("T")


def context() -> BaseContext:
    """Fork where that is safe, so that the child need not import anything again; spawn elsewhere."""
    return multiprocessing.get_context("fork" if may_fork() else "spawn")


class Pool(ProcessPoolExecutor):
    """A process pool whose workers end when this process does, however it ends.

    Spawned workers do not run the user's script again, as `multiprocessing` would have them do: a script that calls
    `kg.build` without checking `__name__` would start processes without end. Ours need nothing but `kg`.

    As a context manager it raises `KgError` if a worker was killed.
    """

    def __init__(self, workers: int, initializer: Callable[..., None], initargs: tuple[Any, ...]) -> None:
        super().__init__(workers, context(), _begin, (initializer, *initargs))

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Submit a task; missing workers are started."""
        with _without_script(), undisturbed():
            return super().submit(fn, *args, **kwargs)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is not None:
            self.shutdown(cancel_futures=True)  # the results are not needed
        super().__exit__(kind, error, trace)
        if isinstance(error, BrokenExecutor):
            raise KgError("a process was killed; is there enough memory? `--jobs 1` takes the least") from error


@contextmanager
def undisturbed() -> Iterator[None]:
    """Block Ctrl-C in processes started meanwhile: the one that the user started handles it and ends the others."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(initializer: Callable[..., None], *initargs: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A forked process holds the other ends of its own pipes, so it would wait for work for ever.
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    initializer(*initargs)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


@contextmanager
def _without_script() -> Iterator[None]:
    """Hide the user's script from `multiprocessing.spawn.get_preparation_data`, so that children do not run it."""
    script = sys.modules["__main__"]
    hidden: dict[str, Any] = {name: vars(script)[name] for name in ("__spec__", "__file__") if name in vars(script)}
    vars(script).update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        vars(script).update(hidden)


class Partner:
    """A forked process that starts with this one's memory, receives messages and answers.

    All are bytes, in an order that both know. If it dies, the caller does the work.
    """

    def __init__(self, work: Callable[[Callable[[], bytes], Callable[[bytes], None]], bytes]) -> None:
        """Start the process.

        Args:
            work: called in the new process with two functions, of which one waits for the next message, and one sends
                an answer; returns the last answer.
        """
        forking = multiprocessing.get_context("fork")
        self._mine, theirs = forking.Pipe()
        self._process = forking.Process(target=_work_beside, args=(work, theirs, self._mine), daemon=True)
        with undisturbed():
            self._process.start()
        theirs.close()

    def send(self, data: bytes) -> None:
        """Send a message."""
        with suppress(OSError):
            self._mine.send_bytes(data)

    def receive(self) -> bytes:
        """Wait for an answer before the last; empty if the process died."""
        with suppress(EOFError, OSError):
            return self._mine.recv_bytes()
        return b""

    def answer(self) -> bytes:
        """Wait for the last answer; empty if the process died, which is noted. Call it once."""
        answer = self.receive()
        self._mine.close()
        self._process.join()
        if not answer:
            status = self._process.exitcode or 0
            how = f"was killed by signal {-status}" if status < 0 else f"failed with exit status {status}"
            note(f"a helper process {how}; its work was done again")
        return answer


def _work_beside(
    work: Callable[[Callable[[], bytes], Callable[[bytes], None]], bytes], mine: Connection, other: Connection
) -> None:
    # The parent handles Ctrl-C; when it ends, the pipe breaks, and this process ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    other.close()
    with suppress(EOFError, OSError):
        mine.send_bytes(work(mine.recv_bytes, mine.send_bytes))
