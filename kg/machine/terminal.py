"""The standard streams: nothing that a post holds drives the terminal that shows it, and none is missing.

Text on standard output and standard error goes through one place, `_Text`, which writes control characters as escapes,
whichever command printed them. Data (RDF, CSV, a diff) goes through `data`: to a file or a program byte for byte.
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
"""The controls C0 and C1 but for tab and line end, and what has text read in another order than it is written."""


def printable(text: str) -> str:
    r"""A value in one line that cannot drive a terminal: control and format characters are written as `\x1b`."""
    if text.isprintable():  # as nearly all is; told many times faster than character by character
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def safe(text: str) -> str:
    r"""Text of any number of lines that cannot drive a terminal: its controls are `\u001b`, in JSON the same string."""
    return text if text.isprintable() else _DRIVING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def data() -> BinaryIO:
    """Standard output for data: byte for byte, but on a terminal made safe like all that is shown there."""
    return cast("BinaryIO", _SafeBytes(sys.stdout)) if sys.stdout.isatty() else sys.stdout.buffer


def settle() -> None:
    """Make the standard streams of this process such that text on them is safe and each is there.

    One that the caller has closed is opened in the wrong direction: using it fails as using a closed one would, and no
    file that is opened later takes its number. Streams that somebody has replaced are left as they are.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)  # takes the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115  a number, and for as long as the process lives
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text(_StandardOutput(1, "w", closefd=False), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text(_StandardError(2, "w", closefd=False), sys.stderr, at_once=True)


class _StandardOutput(io.FileIO):
    """Standard output; what goes wrong with it is told in one line, as an error of ours."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno == EPIPE:
                raise ReaderGone("nobody reads the output any more") from error
            raise OutputError(f"cannot write to standard output: {error.strerror}") from error


class _StandardError(io.FileIO):
    """Standard error; where it cannot be written to, nobody can be told so, and the work goes on."""

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
        encoding = "utf-8"  # as click does, past us: what asks for ASCII is a machine that was never set up
    at_once = at_once or raw.isatty()
    return _Text(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=at_once, write_through=True)


class _SafeBytes:
    """Bytes of UTF-8 as safe text."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen
        decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)

    def write(self, data: bytes) -> int:
        self._screen.write(self._decoder.decode(data))
        return len(data)

    def flush(self) -> None:
        self._screen.flush()
