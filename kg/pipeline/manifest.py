"""What the last build was made from and what it wrote: enough to know, without reading a post, that nothing changed.

It lies in OUTPUT/.kg/. Like the cache of posts it can only save time: whatever does not fit is ignored.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from kg.machine.files import read_plain, read_sealed, replace_sealed
from kg.model import Diagnostic, Record
from kg.reading import cache
from kg.reading.cache import Stamp, trusted
from kg.text.filenames import portable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.reading.folder import ReadResult
    from kg.reading.history import History

FILE_NAME = "last-build"
READ = "last-read"
"""What was read last by a command that builds no file."""


class Report(Record, frozen=True):
    """A build in numbers, for the line that `kg build` prints."""

    posts: int
    entities: int
    edges: int
    files: tuple[str, ...]
    """The names of what was written, within OUTPUT."""
    diagnostics: tuple[Diagnostic, ...]


class WrittenChunk(Record, frozen=True):
    """The bytes in a file that one chunk was written as, or its head; they can be copied: see `kg.pipeline.writing`."""

    digest: bytes
    """Of everything they were written from."""
    length: int
    """In bytes."""
    statements: int


class Manifest(Record, frozen=True):
    """One build: everything it depended on, and everything it made."""

    key: bytes
    written: int
    """When reading began, in nanoseconds since 1970."""
    sources: tuple[tuple[str, Stamp], ...]
    results: tuple[tuple[str, Stamp], ...]
    report: Report
    said: bytes
    """Stands for all that the posts say, and for which of them differ from their commits."""
    index: Stamp
    """Of Git's index."""
    chunks: dict[str, tuple[WrittenChunk, ...]]
    """Name of a result → its chunks in order, from its beginning."""

    @property
    def token(self) -> bytes:
        """32 bytes that stand for everything the build was made from."""
        return blake2b(_encode((self.key, self.sources, self.said)), digest_size=32).digest()


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Manifest).decode


def load(state: Path, name: str = FILE_NAME) -> Manifest | None:
    """The manifest of the last build, or None where there is none to be believed."""
    try:
        return _decode(read_sealed(state / name))
    except msgspec.DecodeError:
        return None


def save(
    state: Path,
    key: bytes,
    read: ReadResult,
    history: History,
    results: tuple[tuple[str, Stamp], ...],
    report: Report,
    name: str = FILE_NAME,
    *,
    chunks: Mapping[str, tuple[WrittenChunk, ...]] = MappingProxyType({}),
) -> Manifest:
    """Remember a build, with the stamps of its files."""
    result = Manifest(
        key,
        read.begun,
        tuple((entry.path, entry.stamp) for entry in read.entries),
        results,
        report,
        said(read, history),
        history.index,
        dict(chunks),
    )
    replace_sealed(state / name, _encode(result))
    return result


def said(read: ReadResult, history: History) -> bytes:
    """32 bytes that stand for what a build looks at in its posts: what they say, and whether a commit holds them."""
    return blake2b(_encode((read.said, history.changed())), digest_size=32).digest()


def key_of(config: Config, content: Path, formats: Sequence[str], beside: Sequence[Path], head: bytes) -> bytes:
    """32 bytes that change with the settings, the formats, the program, the newest commit, and some files.

    `beside` are the files that a build reads beside the posts: the ledger, and where authors' names are kept.
    """
    settings = msgspec.json.encode(config, order="deterministic")
    digest = blake2b(cache.fingerprint(config, content) + settings, digest_size=32)
    for part in ("\n".join(formats).encode(), head, *map(_content, beside)):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _content(path: Path) -> bytes:
    try:
        return read_plain(path)
    except OSError:
        return b""  # whoever needs it says so


def same_files(manifest: Manifest, content: Path, paths: Sequence[str], history: History) -> bool:
    """Whether every source is as the build found it, and Git's index, which tells what a commit holds of them."""
    if len(paths) != len(manifest.sources) or manifest.index != history.index:
        return False
    try:
        return all(
            (path == name or portable(path) == name)
            and trusted(held, cache.stamp(os.stat(f"{content}/{path}")), manifest.written)  # noqa: PTH116
            for path, (name, held) in zip(paths, manifest.sources, strict=True)
        )
    except OSError:
        return False


def has_results(manifest: Manifest, output: Path) -> bool:
    """Whether every result is as the build left it."""
    try:
        return all(cache.stamp((output / name).lstat()) == held for name, held in manifest.results)
    except OSError:
        return False
