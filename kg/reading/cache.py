"""The cache of read posts: what a file said the last time, believed only while nothing it depends on has changed.

An entry counts when the file's stamp (size, times, inode) is the one it had, as in Git's index; a file that was touched
is read again and its content compared; a file changed within the clock's grain of the last run is never trusted to its
stamp ("racy git", https://git-scm.com/docs/racy-git). The whole cache counts only for the same settings, source
of kg and libraries, and only when its checksum holds. Anything else is an empty cache: it can cost time, never truth.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.machine.files import read_sealed, replace_sealed
from kg.model import Diagnostic, Post, Record
from kg.reading.ecosystems import in_hexo
from kg.reading.site import site_of

if TYPE_CHECKING:
    from kg.config import Config

FILE_NAME = "posts.cache"
_GRAIN = 2_000_000_000
"""Nanoseconds: the coarsest time stamp of a file system still in use (FAT)."""


class Stamp(Record, frozen=True):
    """What the file system says of a file; two files with one stamp are taken to be the same."""

    size: int
    modified: int
    """Nanoseconds since 1970."""
    changed: int
    inode: int


NO_FILE = Stamp(-1, 0, 0, 0)
"""The stamp of what cannot be looked at; no file has it."""


class Entry(Record, frozen=True):
    """One file as it was read."""

    path: str
    stamp: Stamp
    digest: str
    """SHA-256 of its bytes, hexadecimal; "" where it could not be read."""
    post: Post | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Held(Record, frozen=True):
    """An entry as it is kept, and sent between processes: the post stays encoded until somebody asks for it."""

    path: str
    stamp: Stamp
    digest: str
    said: bytes
    """Stands for the post and all diagnostics: two files that say the same are the same to everything after reading."""
    encoded: msgspec.Raw
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def post(self) -> Post | None:
        """What was read; decoded anew with each call."""
        post: Post | None = _decode_post(self.encoded)
        return post

    @property
    def is_same(self) -> bool:
        """Whether it says nothing but that the digest is still the known one: see `Reader.read`."""
        return self.encoded == _NOTHING and not self.diagnostics


def hold(entry: Entry) -> Held:
    """An entry in the form that is kept."""
    encoded = _encoder.encode(entry.post)
    digest = blake2b(encoded + _encoder.encode(entry.diagnostics), digest_size=16)
    said = digest.digest()
    return Held(entry.path, entry.stamp, entry.digest, said, msgspec.Raw(encoded), entry.diagnostics)


class _Content(Record, frozen=True):
    written: int
    """Nanoseconds since 1970: when the reading began."""
    entries: tuple[Held, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Content)
_decode_post = msgspec.msgpack.Decoder(Post | None).decode
_NOTHING = msgspec.Raw(_encoder.encode(None))


def stamp(status: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def stamp_of(path: str | Path) -> Stamp:
    """The stamp of what lies at a path; `NO_FILE` where that cannot be looked at."""
    try:
        return stamp(os.stat(path))  # noqa: PTH116  10,000 Path objects are slow
    except OSError:
        return NO_FILE


def trusted(held: Stamp, now: Stamp, written: int) -> bool:
    """Whether an unchanged stamp proves an unchanged file."""
    return held == now and max(now.modified, now.changed) + _GRAIN < written


def load(path: Path, key: bytes) -> tuple[dict[str, Held], int]:
    """The entries by path, and when they were written; nothing where the cache does not fit or does not hold.

    `key` stands for everything that an entry depends on beside its file: see `fingerprint`.
    """
    data = read_sealed(path)
    if not data.startswith(key):
        return {}, 0
    try:
        found = _decoder.decode(memoryview(data)[len(key) :])
    except msgspec.DecodeError:
        return {}, 0
    return {entry.path: entry for entry in found.entries}, found.written


def save(path: Path, key: bytes, entries: tuple[Held, ...], written: int) -> None:
    """Replace the cache at once; of two builds at the same time, the later one stays."""
    replace_sealed(path, key + _encoder.encode(_Content(written, entries)))


def fingerprint(config: Config, content: Path) -> bytes:
    """32 bytes that change with any setting that reading heeds, and with any line of `program`.

    The name of the content folder is among them, and what is known of its site: that tells Jekyll's posts, and which
    addresses are the site's own.
    """
    heeded = (config.language, config.latin, config.inline_tags, config.fields, config.limits)
    mined = (config.mines_glosses, config.mines_definitions)
    name = os.fsencode(content.resolve().name)  # which need not be UTF-8
    settings = msgspec.json.encode(
        (name, in_hexo(content), site_of(content, config), heeded, mined), order="deterministic"
    )
    return blake2b(program() + settings, digest_size=32).digest()


@cache
def source() -> bytes:
    """A digest of the source of kg, data included: what one version reads and writes, another one may otherwise."""
    digest = blake2b()
    root = Path(__file__).parent.parent
    for path in sorted(path for path in root.rglob("*.*") if path.suffix != ".pyc" and path.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


@cache
def program() -> bytes:
    """A digest of all that makes of the same posts the same files: the source of kg, the libraries, and Python.

    Which libraries there are is told by the names of their folders of metadata, version included
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
    """
    digest = blake2b(source() + sys.version.encode())
    for folder in sys.path:
        try:
            names = os.listdir(folder)  # noqa: PTH208  sys.path holds strings
        except OSError:
            continue  # a zip file, or a folder that is not there
        digest.update("\n".join(sorted(name for name in names if name.endswith(".dist-info"))).encode())
    return digest.digest()
