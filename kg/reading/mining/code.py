"""Code in a body, where names and brackets mean nothing to mining."""

import re
from bisect import bisect_left
from collections.abc import Sequence

SIGNS = ("`", "~")
"""A text without any of these holds no code."""


def block(name: str) -> str:
    """The pattern of a fenced code block, from its indentation to its closing fence or the end of the text.

    `name` is the name of the group that matches the fence. Possessive quantifiers keep the time linear.
    """
    rest = rf"[^\n]*+(?:\n(?! {{0,3}}(?P={name})[`~]*+[ \t]*$)[^\n]*+)*+(?:\n[^\n]*+)?"
    return rf" {{0,3}}(?P<{name}>`{{3,}}+(?![^\n]*`)|~{{3,}}+){rest}"


_FENCE = re.compile(f"^{block('fence')}", re.MULTILINE)


def fenced(body: str) -> list[tuple[int, int]]:
    """The spans of fenced code blocks, ascending (https://spec.commonmark.org/0.31.2/#fenced-code-blocks)."""
    return [match.span() for match in _FENCE.finditer(body)] if may_be_fenced(body) else []


def may_be_fenced(body: str) -> bool:
    """Whether a body can have a code block; what is short is looked for first, for it is found soonest."""
    return ("`" in body and "```" in body) or ("~" in body and "~~~" in body)


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether an offset lies in one of the spans, which are ascending and disjoint."""
    after = bisect_left(spans, (at + 1, 0))
    return bool(after) and at < spans[after - 1][1]


class CodeRegions:
    """The code in a body; `offset in regions` is fast for ascending offsets."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._blocks = fenced(body)
        self._has_ticks = "`" in body
        self._reached = self._ticks = 0
        """The last offset queried, and the number of backticks before it on its line."""

    def __contains__(self, at: int) -> bool:
        """Whether an offset is in a code block, or after an odd number of backticks on its line."""
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
