"""The standard streams: text from posts cannot control the terminal, and a closed stream does no harm.

All text on standard output and standard error goes through `_Text`, which escapes control characters. Data (RDF, CSV, a
diff) goes through `data`, and reaches files and programs byte for byte.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from contextlib import suppress
from errno import EPIPE
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from kg.errors import OutputError, ReaderGone

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_DRIVING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n)")
"""C0 and C1 controls except tab and line end, line separators, and bidirectional controls."""


def printable(text: str) -> str:
    r"""A text on one line that cannot control a terminal: control and format characters are written as `\x1b`."""
    if text.isprintable():  # nearly always; much faster than character by character
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def safe(text: str) -> str:
    r"""Text of any number of lines that cannot control a terminal: controls are written as in JSON, `\u001b`."""
    return text if text.isprintable() else _DRIVING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def data() -> BinaryIO:
    """Standard output for data: byte for byte, except on a terminal, where controls are escaped."""
    return cast("BinaryIO", _SafeBytes(sys.stdout)) if sys.stdout.isatty() else sys.stdout.buffer


def settle() -> None:
    """Replace the standard streams of this process with safe ones.

    A stream that the caller has closed is opened in the wrong direction: using it fails as before, and no file opened
    later takes its descriptor. Streams that have been replaced are left alone.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)  # takes the lowest free descriptor
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115  stays open as long as the process lives
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(_StandardOutput(1, "w", closefd=False), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(_StandardError(2, "w", closefd=False), sys.stderr, at_once=True)


class _StandardOutput(io.FileIO):
    """Standard output, whose errors become ours."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno == EPIPE:
                raise ReaderGone("nobody reads the output any more") from error
            raise OutputError(f"cannot write to standard output: {error.strerror}") from error


class _StandardError(io.FileIO):
    """Standard error, whose errors are ignored: there is nowhere to report them."""

    def write(self, data: ReadableBuffer, /) -> int:
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


class _Text(io.TextIOWrapper):
    def write(self, text: str, /) -> int:
        super().write(safe(text))
        return len(text)


def _text(raw: io.FileIO, before: TextIO | None, *, at_once: bool = False) -> _Text:
    encoding = before.encoding if before else "utf-8"
    if codecs.lookup(encoding).name == "ascii":
        encoding = "utf-8"  # as click does: ASCII only means that nobody set a locale
    at_once = at_once or raw.isatty()
    return _Text(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=at_once, write_through=True)


class _SafeBytes:
    """A binary stream that shows UTF-8 as safe text."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen
        decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)

    def write(self, data: bytes) -> int:
        self._screen.write(self._decoder.decode(data))
        return len(data)

    def flush(self) -> None:
        self._screen.flush()
