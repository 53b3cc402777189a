"""The steps of a build: the duration of each, the peak memory at its end, and the progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much is done, and the total (0 if unknown)."""
REST = "rest"
"""The name of the time between steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """One completed step."""

    name: str
    seconds: float
    memory: int
    """Peak memory of the process in bytes at the end of the step; 0 if unknown."""


class Clock:
    """Times the steps and reports progress; it starts when it is created."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._started = perf_counter()
        self._steps: dict[str, Step] = {}
        self._name = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step, or part of one; steps are not nested."""
        self._name = name
        if self._progress:
            self._progress(name, 0, 0)
        start = perf_counter()
        yield
        before = self._steps[name].seconds if name in self._steps else 0.0
        self._steps[name] = Step(name, before + perf_counter() - start, peak_memory())

    def done(self, count: int, total: int) -> None:
        """Report the progress of the current step."""
        if self._progress:
            self._progress(self._name, count, total)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order in which they began, and then the remaining time."""
        steps = tuple(self._steps.values())
        rest = perf_counter() - self._started - sum(step.seconds for step in steps)
        return (*steps, Step(REST, rest, peak_memory()))


def peak_memory() -> int:
    """Peak memory of this process in bytes; 0 if unknown."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


_listeners: list[list[str]] = []


def note(line: str) -> None:
    """Record why something takes longer than necessary, for the callers of `noted`."""
    for lines in _listeners:
        if line not in lines:
            lines.append(line)


@contextmanager
def noted() -> Iterator[list[str]]:
    """Collect the lines noted within the block, each once."""
    _listeners.append([])
    try:
        yield _listeners[-1]
    finally:
        _listeners.pop()
