"""The files of posts once more, after they have been read: nobody keeps bodies, but some steps look at them again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.machine.files import is_file_below, read_plain
from kg.reading.dialects import DIALECTS
from kg.reading.files import decode

if TYPE_CHECKING:
    from pathlib import Path

_BYTE = re.compile("%([89A-F][0-9A-F])")


def file_of(content: Path, path: str) -> Path:
    """Where the file of a post lies, by the path of the post: `portable` wrote that."""
    file = content / path
    if "%" not in path or is_file_below(content, path):
        return file
    return content / _BYTE.sub(lambda byte: chr(0xDC00 + int(byte[1], 16)), path)


def text_of(content: Path, path: str) -> str:
    """The whole text of a post; "" where the file is gone or is no text any more."""
    try:
        return decode(read_plain(file_of(content, path)), path)[0] or ""
    except OSError:
        return ""


def body_of(content: Path, path: str) -> tuple[str, int]:
    """The body of a post and the line it begins in; empty where the file is gone or is no text any more."""
    text = text_of(content, path)
    start = next((block.body for dialect in DIALECTS if (block := dialect.locate(text))), 0)
    return text[start:], text.count("\n", 0, start) + 1
