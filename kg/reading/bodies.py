"""The files of posts, read a second time: bodies are not kept in memory, but some steps need them again."""

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from kg.machine.files import is_file_below, read_plain
from kg.reading.dialects import find
from kg.reading.files import decode

WIDTH = 80
"""Characters of a passage."""
_TOGETHER = 6
"""Characters between two names that stand together."""
_BYTE = re.compile("%([89A-F][0-9A-F])")


def file_of(content: Path, path: str) -> Path:
    """The file of a post, found by the path of the post, which `portable` made."""
    file = content / path
    if "%" not in path or is_file_below(content, path):
        return file
    return content / _BYTE.sub(lambda byte: chr(0xDC00 + int(byte[1], 16)), path)


def text_of(content: Path, path: str) -> str:
    """The whole text of a post; "" if the file is gone, or is no longer text."""
    try:
        return decode(read_plain(file_of(content, path)), path)[0] or ""
    except OSError:
        return ""


def body_of(content: Path, path: str) -> tuple[str, int]:
    """The body of a post and the line it begins in; empty if the file is gone, or is no longer text."""
    text = text_of(content, path)
    start = _start_of_body(text)
    return text[start:], text.count("\n", 0, start) + 1


def _start_of_body(text: str) -> int:
    found = find(text)
    return found[1].body if found else 0


def passage(content: Path, path: str, line: int, *names: str, width: int = WIDTH) -> str:
    """The part of a post where some names stand: on a line, or else where the body names one first.

    Returns:
        One line of `width` characters at most, cut with `…`; "" if the post is gone.
    """
    lines, body = _lines_of(content, path)
    text = " ".join(lines[line - 1].split()) if 0 < line <= len(lines) else ""
    pattern = _any_of(names)
    if line <= body or not pattern.search(text):
        text = next((part for part in lines[body:] if pattern.search(part)), text)
        text = " ".join(text.split())
    return _around(text, pattern, width)


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some names, and no part of a Latin word: X, but not within VIX."""
    bounded = (
        f"{'(?<![A-Za-z])' if name[0].isascii() else ''}{re.escape(name)}{'(?![A-Za-z])' if name[-1].isascii() else ''}"
        for name in names
        if name
    )
    return re.compile("|".join(bounded) or r"\Z")


def _around(text: str, pattern: re.Pattern[str], width: int) -> str:
    """The part of a long line in which two of the names are close together, or else the first name."""
    found = list(pattern.finditer(text))
    near = [one for one, other in pairwise(found) if other.start() - one.end() <= _TOGETHER] or found
    start = max(0, near[0].start() - width // 3) if near else 0
    part = text[start : start + width]
    return ("…" if start else "") + part + ("…" if start + width < len(text) else "")


@lru_cache(maxsize=64)
def _lines_of(content: Path, path: str) -> tuple[list[str], int]:
    """The lines of a post, and how many of them come before its body."""
    text = text_of(content, path)
    return text.split("\n"), text.count("\n", 0, _start_of_body(text))
