"""The files of the previous build, from which unchanged chunks are copied."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from kg.machine.files import open_plain
from kg.pipeline.manifest import Manifest, WrittenChunk
from kg.state.stamps import NO_FILE, Stamp


class PreviousFile:
    """A file that the previous build wrote, and where each chunk is in it."""

    def __init__(
        self, stream: BinaryIO | None = None, stamp: Stamp | None = None, chunks: Iterable[WrittenChunk] = ()
    ) -> None:
        """Take an open file, its stamp when it was written, and its chunks in order; without them, it holds nothing."""
        self.stream = stream or BytesIO()
        self._stamp = stamp
        self._places: dict[bytes, tuple[int, WrittenChunk]] = {}
        offset = 0
        for chunk in chunks:
            self._places[chunk.digest] = offset, chunk
            offset += chunk.length

    def __bool__(self) -> bool:
        """Whether anything can be copied from it."""
        return bool(self._places)

    @property
    def untouched(self) -> bool:
        """Whether the file is still what was written; if not, anything copied from it may be wrong."""
        return self._stamp is None or Stamp.of(os.fstat(self.stream.fileno())) == self._stamp

    def find(self, digest: bytes) -> tuple[int, WrittenChunk] | None:
        """What was written from the same input, and where in the file it begins."""
        return self._places.get(digest)


@contextmanager
def previous_files(output: Path, manifest: Manifest | None) -> Iterator[dict[str, PreviousFile]]:
    """Name → each file that was written chunk by chunk, if it is there."""
    stamps = dict(manifest.results) if manifest else {}
    found = {}
    with ExitStack() as stack:
        for file, chunks in (manifest.chunks if manifest else {}).items():
            with suppress(OSError):  # gone, or unreadable: everything is written again
                stream = stack.enter_context(open_plain(output / file))
                found[file] = PreviousFile(stream, stamps.get(file, NO_FILE), chunks)
        yield {file: previous for file, previous in found.items() if previous.untouched}
