"""Text tables aligned for a terminal: a Chinese character is two columns wide, a combining accent none."""

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "
"""Separates two columns."""


def aligned(rows: Sequence[Sequence[str]], align: str = "", *, indent: str = "") -> list[str]:
    """The lines of a table, without trailing spaces.

    Args:
        rows: rows of single-line cells; a row may be shorter than others.
        align: `<` (left) or `>` (right) for each column; further columns are left-aligned.
        indent: prefix of every line.

    >>> aligned([["人工智能", "12"], ["AI", "3"]], "<>")
    ['人工智能  12', 'AI         3']
    """
    widths = [max(map(display_width, column)) for column in zip_longest(*rows, fillvalue="")]
    return [indent + line(row, widths, align) for row in rows]


def line(cells: Sequence[str], widths: Sequence[int], align: str = "") -> str:
    """One line of a table with these column widths; a wider cell shifts those after it."""
    padded = (
        pad(cell, width, right=sign == ">")
        for cell, width, sign in zip(cells, widths, align.ljust(len(widths), "<"), strict=False)
    )
    return GAP.join(padded).rstrip()


def display_width(text: str) -> int:
    """Width of a text in terminal columns, by Unicode TR 11 (https://www.unicode.org/reports/tr11/).

    >>> display_width("OpenAI"), display_width("人工智能"), display_width("é")
    (6, 8, 1)
    """
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def pad(text: str, width: int, *, right: bool) -> str:
    """Pad a text with spaces to `width` columns; on the left if `right`."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """A text truncated to `width` columns, with `…` at the end if it was longer.

    >>> cut("人工智能", 6)
    '人工…'
    """
    if display_width(text) <= width:
        return text
    taken, room = 0, width - 1
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > room:
            return text[:index] + "…"
    return text


def fit(widths: Sequence[int], room: int) -> list[int]:
    """Reduce the widest columns evenly until all fit into `room` columns; none below 8.

    >>> fit([10, 100, 50], 80)
    [10, 35, 35]
    """
    result = list(widths)
    for widest in sorted(set(widths), reverse=True):
        if sum(result) <= room:
            break
        above = [i for i, w in enumerate(result) if w >= widest]
        rest = sum(w for w in result if w < widest)
        floor = max([w for w in result if w < widest], default=8)
        share = max((room - rest) // len(above), floor, 8)
        for i in above:
            result[i] = min(result[i], share)
    return result
