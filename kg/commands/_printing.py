"""Output that several commands share: diagnostics, JSON, the size of a graph, the progress line."""

import shlex
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any, Self

import click

from kg.diagnostics import CODES, has_errors, render
from kg.errors import FAULTY, FINE
from kg.machine.terminal import printable
from kg.model import Diagnostic
from kg.text.wording import counted

_SHOWN_OF_A_KIND = 3
"""Findings of one kind that are shown if there are many."""
_MORE_THAN_SHOWN = 5


def root_of(content: Path) -> str:
    """The prefix of paths of posts in diagnostics."""
    return "" if content == Path() else f"{content.as_posix()}/"


def typed(path: Path) -> str:
    """A path quoted for a shell."""
    return printable(shlex.quote(path.as_posix()))


def report(diagnostics: Iterable[Diagnostic], content: Path, *, quiet: bool = False) -> None:
    """Print all errors to standard error, one line each, and, unless quiet, the first warnings of each kind.

    Warnings are grouped by kind, the most frequent first; a line gives the number of the rest and how to list them.
    """
    found = list(diagnostics)
    lines = [render(one, root=root_of(content)) for one in found if one.severity == "error"]
    _echo_errors(lines if quiet else [*lines, *_first_of_each_kind(found, "warning", content)])


def report_errors(diagnostics: Iterable[Diagnostic], content: Path) -> None:
    """Print the first errors of each kind, for commands that are not about faults."""
    _echo_errors(_first_of_each_kind(diagnostics, "error", content))


def _echo_errors(lines: list[str]) -> None:
    if lines:
        click.echo("\n".join(lines), err=True)


def _first_of_each_kind(diagnostics: Iterable[Diagnostic], severity: str, content: Path) -> list[str]:
    kinds: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        if diagnostic.severity == severity:
            kinds[diagnostic.code].append(diagnostic)
    lines: list[str] = []
    for code, found in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        shown = found if len(found) <= _MORE_THAN_SHOWN else found[:_SHOWN_OF_A_KIND]
        lines += [render(diagnostic, root=root_of(content)) for diagnostic in shown]
        if more := len(found) - len(shown):
            text = f"  … and {counted(more, f'more {severity}')} of this kind, {CODES[code].title}"
            lines.append(f"{text}: kg check {typed(content)} --only {code}")
    return lines


def exit_status(diagnostics: Iterable[Diagnostic]) -> int:
    """The exit status for findings: whether any post is faulty."""
    return FAULTY if has_errors(diagnostics) else FINE


def echo_json(value: Any, indent: int = 2) -> None:
    """Print a value as JSON."""
    import json

    # A post may contain lone surrogates, which cannot be printed.
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    click.echo(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def sizes(posts: int, entities: int, edges: int) -> str:
    """`14 posts, 96 entities, 310 edges`."""
    return f"{counted(posts, 'post')}, {counted(entities, 'entity', 'entities')}, {counted(edges, 'edge')}"


def faults(errors: int, warnings: int) -> str:
    """`1 error, 3 warnings` and a hint, as a line after the summary; "" if there are none."""
    text = f"\n{counted(errors, 'error')}, {counted(warnings, 'warning')} (kg explain CODE says more)"
    return text if errors or warnings else ""


class ProgressLine:
    """One line on standard error with the current step, its progress and the remaining time.

    It appears only on a terminal, only for steps of over a second, and is cleared at the end of its `with`.
    """

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._started = self._shown = monotonic()
        self._step = ""
        self._width = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show the progress of a step; cheap enough to call for every file."""
        now = monotonic()
        if step != self._step:
            self._step, self._started = step, now
        elif now - self._shown < 0.1 and done != total:
            return
        if not self._enabled or now - self._started < 1:
            return
        self._shown = now
        text = f"{step} …"
        if total:
            rate = done / (now - self._started)
            left = (total - done) / rate if rate else 0
            text = f"{step} {done:,}/{total:,}  {rate:,.0f}/s  {left:.0f} s left"
        self._write(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Remove the line."""
        if self._width:
            self._write("")
            self._width = 0

    def _write(self, text: str) -> None:
        line = "\r" + text.ljust(self._width) + ("\r" if not text else "")
        sys.stderr.buffer.write(line.encode(sys.stderr.encoding, "replace"))  # the text layer would escape the "\r"
        sys.stderr.buffer.flush()
        self._width = max(self._width, len(text))
