"""How long the page's script takes to answer: a search as it is typed, a filter as it is chosen.

`answers.js` lists the questions. Each is asked through the control that a reader would use, and timed on its own: the
event, in which the answer is found and listed, and the frame after it, which draws it. *First* is the first question of
its kind to a page that has just been opened for it; *later* are all of them, asked of one page that stays open. All is
asked several times and the middle counts, so that a moment in which the machine does something else does not; over
questions, it is the worst that matters.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Time = tuple[float, float]
"""Milliseconds of the event, and of the event and the frame after it."""

_SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")


def measure(open_page: Callable[[], Any], rounds: int) -> None:
    """Ask everything that many times, and print a table."""
    page = _ready(open_page)
    summary = []
    for what in ("search", "filter"):
        first: list[Time] = []
        later: list[Time] = []
        print(f"{what:16}    first  median   worst   | with the frame:    first  median   worst   ms")
        for kind in page.evaluate(f"answers.kinds.{what}"):
            cold = _middle([_ask_once(open_page, what, kind) for _ in range(rounds)])
            warm = _middle([page.evaluate(f"answers.ask('{what}', {kind!r})") for _ in range(rounds)])
            _row(kind, cold, warm)
            first += cold
            later += warm
        _row(f"any {what}", first, later)
        events = [event for event, _ in first + later]
        summary.append(f"{what}, ms: median {median(events):.1f}, worst {max(events):.1f}")
    page.close()
    print("\n".join(summary))


def _ready(open_page: Callable[[], Any]) -> Any:
    page = open_page()
    page.evaluate(f"window.answers = {_SCRIPT}")
    return page


def _ask_once(open_page: Callable[[], Any], what: str, kind: str) -> Any:
    page = _ready(open_page)
    times = page.evaluate(f"answers.ask('{what}', {kind!r}, 1)")
    page.close()
    return times


def _middle(rounds: list[list[list[float]]]) -> list[Time]:
    """The median of each question over rounds."""
    return [
        (median(event for event, _ in times), median(event + frame for event, frame in times))
        for times in zip(*rounds, strict=True)
    ]


def _row(name: str, first: list[Time], later: list[Time]) -> None:
    columns = []
    for which in (0, 1):
        times = [time[which] for time in later]
        columns += [max(time[which] for time in first), median(times), max(times)]
    print("{:16} {:8.1f}{:8.1f}{:8.1f}   |                 {:8.1f}{:8.1f}{:8.1f}".format(name, *columns))
