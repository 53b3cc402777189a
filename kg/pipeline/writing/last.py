"""What the last build wrote, piece by piece, to be copied where it would be written again."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from kg.machine.files import open_plain
from kg.reading import cache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.pipeline.manifest import Manifest, Piece
    from kg.reading.cache import Stamp


class Last:
    """The files that the last build left, and their pieces."""

    def __init__(self, output: Path, last: Manifest | None) -> None:
        self._output = output
        self._stamps: dict[str, Stamp] = dict(last.results) if last else {}
        self._places: dict[str, dict[bytes, tuple[int, Piece]]] = {}
        for file, pieces in (last.pieces if last else {}).items():
            at = 0
            places = self._places[file] = {}
            for piece in pieces:
                places[piece.digest] = at, piece
                at += piece.length

    @contextmanager
    def pieces(self, file: str) -> Iterator[LastFile]:
        """The pieces of one file; none if it is not what was written."""
        held, places = self._stamps.get(file), self._places.get(file)
        with ExitStack() as stack:
            stream = None
            try:
                if places and cache.stamp((self._output / file).lstat()) == held:
                    stream = stack.enter_context(open_plain(self._output / file))
            except OSError:
                pass  # it is gone, or not ours to read: all is written anew
            found = LastFile(stream, held, places or {})
            yield found if found.untouched else LastFile(None, held, {})


class LastFile:
    """The pieces of one file of the last build."""

    def __init__(self, stream: BinaryIO | None, held: Stamp | None, places: Mapping[bytes, tuple[int, Piece]]) -> None:
        self._stream = stream
        self._held = held
        self._places = places

    @property
    def untouched(self) -> bool:
        """Whether the file is still what was written; what was copied before it was not may be anything."""
        return self._stream is None or cache.stamp(os.fstat(self._stream.fileno())) == self._held

    def copy(self, digest: bytes) -> tuple[bytes, int] | None:
        """The piece that was written from the same, and its number of statements; None where there is none."""
        at, piece = self._places.get(digest, (0, None))
        if piece is None or self._stream is None:
            return None
        self._stream.seek(at)
        data = self._stream.read(piece.length)
        return (data, piece.statements) if len(data) == piece.length else None
