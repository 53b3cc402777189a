"""The files of the previous build, from which unchanged chunks are copied."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from kg.machine.files import open_plain
from kg.state.stamps import Stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from kg.pipeline.manifest import Manifest, WrittenChunk


class PreviousFiles:
    """The files that the previous build wrote, and where each chunk is in them."""

    def __init__(self, output: Path, manifest: Manifest | None) -> None:
        self._output = output
        self._stamps: dict[str, Stamp] = dict(manifest.results) if manifest else {}
        self._places: dict[str, dict[bytes, tuple[int, WrittenChunk]]] = {}
        for file, chunks in (manifest.chunks if manifest else {}).items():
            offset = 0
            places = self._places[file] = {}
            for chunk in chunks:
                places[chunk.digest] = offset, chunk
                offset += chunk.length

    @property
    def chunked(self) -> bool:
        """Whether any of them was written chunk by chunk."""
        return bool(self._places)

    def digests(self, file: str) -> Collection[bytes]:
        """Of the chunks of one file."""
        return self._places.get(file, {}).keys()

    @contextmanager
    def open(self, file: str) -> Iterator[PreviousFile]:
        """Open one file to copy chunks from; it has none if the file is no longer what was written."""
        stamp, places = self._stamps.get(file), self._places.get(file)
        with ExitStack() as stack:
            stream = None
            try:
                if places and Stamp.of((self._output / file).lstat()) == stamp:
                    stream = stack.enter_context(open_plain(self._output / file))
            except OSError:
                pass  # gone, or unreadable: everything is written again
            found = PreviousFile(stream, stamp, places or {})
            yield found if found.untouched else PreviousFile(None, stamp, {})


class PreviousFile:
    """The chunks of one file of the previous build."""

    def __init__(
        self, stream: BinaryIO | None, stamp: Stamp | None, places: Mapping[bytes, tuple[int, WrittenChunk]]
    ) -> None:
        self._stream = stream
        self._stamp = stamp
        self._places = places

    @property
    def untouched(self) -> bool:
        """Whether the file is still what was written; if not, anything copied from it may be wrong."""
        return self._stream is None or Stamp.of(os.fstat(self._stream.fileno())) == self._stamp

    def copy(self, digest: bytes) -> tuple[bytes, int] | None:
        """The bytes written from the same input, and the number of statements in them; None if there are none."""
        offset, chunk = self._places.get(digest, (0, None))
        if chunk is None or self._stream is None:
            return None
        self._stream.seek(offset)
        data = self._stream.read(chunk.length)
        return (data, chunk.statements) if len(data) == chunk.length else None
