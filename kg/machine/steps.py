"""The steps of a build: how long each took, how much memory the process had held by then, and how far it is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[str, int, int], None]
    """Called with the name of a step, how much is done, and how much there is (0 where that is not known)."""

REST = "rest"
"""The name of what lies between the steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was done."""

    name: str
    seconds: float
    memory: int
    """The most bytes that this process had ever held when the step ended; 0 where the system does not tell."""


class Clock:
    """Times the steps and passes progress on; it runs from when it is made."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._begun = perf_counter()
        self._steps: dict[str, Step] = {}
        self._name = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step, or one part of it; none lies within another."""
        self._name = name
        if self._progress:
            self._progress(name, 0, 0)
        begun = perf_counter()
        yield
        before = self._steps[name].seconds if name in self._steps else 0.0
        self._steps[name] = Step(name, before + perf_counter() - begun, peak_memory())

    def done(self, count: int, total: int) -> None:
        """Say how far the present step is."""
        if self._progress:
            self._progress(self._name, count, total)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order in which they began, and the rest of the time until now."""
        steps = tuple(self._steps.values())
        rest = perf_counter() - self._begun - sum(step.seconds for step in steps)
        return (*steps, Step(REST, rest, peak_memory()))


def peak_memory() -> int:
    """The most bytes that this process ever held; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


_listeners: list[list[str]] = []


def note(line: str) -> None:
    """Say why something takes longer than it might have, to whoever listens: see `noted`."""
    for lines in _listeners:
        if line not in lines:
            lines.append(line)


@contextmanager
def noted() -> Iterator[list[str]]:
    """The lines that are noted within the block, each once."""
    _listeners.append([])
    try:
        yield _listeners[-1]
    finally:
        _listeners.pop()
