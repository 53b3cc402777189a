"""Sharing work out to processes, where it pays and is safe."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import KgError
from kg.machine.steps import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

T = TypeVar("T")


def cores(at_most: int | None = None) -> int:
    """How many processor cores may be used; one where no process may be started, as in a `multiprocessing.Pool`.

    Args:
        at_most: what the user allows; None for all there are.
    """
    if multiprocessing.current_process().daemon:
        return 1
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return found if at_most is None else min(found, at_most)


def may_fork() -> bool:
    """Whether a forked process can be trusted: on Linux, and before any thread holds a lock the child would inherit."""
    return sys.platform == "linux" and threading.active_count() == 1


def context() -> BaseContext:
    """Forking where it is safe, because the child need not import anything again; a fresh process elsewhere."""
    return multiprocessing.get_context("fork" if may_fork() else "spawn")


class Pool(ProcessPoolExecutor):
    """Processes that do one thing after another, and end when this one does, however it ends.

    Where they are spawned, `multiprocessing` would have each run the user's script once more, and a script that calls
    `kg.build` without asking for its `__name__` would start processes without end. All that ours need is in kg.

    As a context manager it raises `KgError` where one of them was killed.
    """

    def __init__(self, workers: int, initializer: Callable[..., None], initargs: tuple[Any, ...]) -> None:
        super().__init__(workers, context(), _begin, (initializer, *initargs))

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand over work; starts the processes that are lacking."""
        with _without_script(), undisturbed():
            return super().submit(fn, *args, **kwargs)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is not None:
            self.shutdown(cancel_futures=True)  # nobody will look at the results
        super().__exit__(kind, error, trace)
        if isinstance(error, BrokenExecutor):
            raise KgError("a process was killed; is there enough memory? `--jobs 1` takes the least") from error


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started meanwhile: it is for the one that the user sees, which ends them."""
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
        # A forked process holds the other ends of its pipes itself, and would wait for work for ever.
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    initializer(*initargs)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


@contextmanager
def _without_script() -> Iterator[None]:
    """Hide where the user's script lies: what `multiprocessing.spawn.get_preparation_data` cannot see is not run."""
    script = sys.modules["__main__"]
    hidden: dict[str, Any] = {name: vars(script)[name] for name in ("__spec__", "__file__") if name in vars(script)}
    vars(script).update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        vars(script).update(hidden)


class Partner:
    """A forked process that begins with what this one holds, is sent one thing more, and gives one answer.

    Only what it is sent and what it answers cross, as bytes. If it dies, the caller does the work.
    """

    def __init__(self, work: Callable[[Callable[[], bytes]], bytes]) -> None:
        """Begin.

        Args:
            work: called in the new process with a function that waits for what is sent; its result is the answer.
        """
        forking = multiprocessing.get_context("fork")
        self._mine, theirs = forking.Pipe()
        self._process = forking.Process(target=_work_beside, args=(work, theirs, self._mine), daemon=True)
        with undisturbed():
            self._process.start()
        theirs.close()

    def send(self, data: bytes) -> None:
        """Send what the work waits for."""
        with suppress(OSError):
            self._mine.send_bytes(data)

    def answer(self) -> bytes:
        """Wait for the answer; empty where the process died, which is noted. To be called once."""
        answer = b""
        with suppress(EOFError, OSError):
            answer = self._mine.recv_bytes()
        self._mine.close()
        self._process.join()
        if not answer:
            status = self._process.exitcode or 0
            how = f"was killed by signal {-status}" if status < 0 else f"failed with exit status {status}"
            note(f"a helper process {how}; its work was done again")
        return answer


def _work_beside(work: Callable[[Callable[[], bytes]], bytes], mine: Connection, other: Connection) -> None:
    # Ctrl-C is for the process that the user sees; when that one goes, the pipe breaks and so this one goes too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    other.close()
    with suppress(EOFError, OSError):
        mine.send_bytes(work(mine.recv_bytes))
