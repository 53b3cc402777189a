"""What in a body is code: there names are parts of programs, and brackets no remarks."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def block(name: str) -> str:
    """A pattern of fenced code, from the blanks before its fence to the end of the text where nothing closes it.

    `name` is that of the group that holds the fence. Possessive, so that the time is linear whatever stands there.
    """
    rest = rf"[^\n]*+(?:\n(?! {{0,3}}(?P={name})[`~]*+[ \t]*$)[^\n]*+)*+(?:\n[^\n]*+)?"
    return rf" {{0,3}}(?P<{name}>`{{3,}}+(?![^\n]*`)|~{{3,}}+){rest}"


_FENCE = re.compile(f"^{block('fence')}", re.MULTILINE)


def fenced(body: str) -> list[tuple[int, int]]:
    """Where fenced code stands, as ascending offsets (https://spec.commonmark.org/0.31.2/#fenced-code-blocks)."""
    return [match.span() for match in _FENCE.finditer(body)] if "```" in body or "~~~" in body else []


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether an offset lies in one of some spans, which are ascending and do not overlap."""
    after = bisect_left(spans, (at + 1, 0))
    return bool(after) and at < spans[after - 1][1]


class Code:
    """Where code stands in a body; most bodies hold none. Quick where it is asked in the order of the text."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._blocks = fenced(body)
        self._has_ticks = "`" in body
        self._reached = self._ticks = 0
        """An offset that was asked for, and the backticks before it on its line."""

    def __contains__(self, at: int) -> bool:
        """Whether an offset is within a code block, or after an odd number of backticks on its line."""
        return within(self._blocks, at) or (self._has_ticks and self._ticks_before(at) % 2 == 1)

    def _ticks_before(self, at: int) -> int:
        if at < self._reached:
            self._reached = self._ticks = 0
        line = self._body.rfind("\n", self._reached, at)
        if line >= 0:
            self._reached, self._ticks = line + 1, 0
        self._ticks += self._body.count("`", self._reached, at)
        self._reached = at
        return self._ticks
