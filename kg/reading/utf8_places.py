"""From bytes, which pulldown-cmark counts, to the lines and columns that people count."""

import re
from bisect import bisect_right
from itertools import accumulate

_STEP = 1 << 10
_CONTINUED = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that continue a character."""


class Utf8Places:
    """From offsets in UTF-8 to lines and columns."""

    def __init__(self, text: str, first_line: int) -> None:
        self.data = text.encode()
        self._first_line = first_line
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.data))]
        steps = [] if text.isascii() else range(0, len(self.data), _STEP)
        lengths = (_characters(self.data[at : at + _STEP]) for at in steps)
        self._before = list(accumulate(lengths, initial=0))
        """The number of code points before each step of so many bytes; empty if every character is one byte."""

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte."""
        index = bisect_right(self._starts, offset) - 1
        return self._first_line + index, self._count(offset) - self._count(self._starts[index]) + 1

    def _count(self, offset: int) -> int:
        """The code points before a byte."""
        if len(self._before) == 1:
            return offset
        step = offset // _STEP
        return self._before[step] + _characters(self.data[step * _STEP : offset])


def _characters(data: bytes) -> int:
    """The code points that begin in some bytes of UTF-8."""
    return len(data.translate(None, _CONTINUED))
