"""The cache of posts: what each file said the last time, valid as long as nothing it depends on has changed.

An entry counts when the file's stamp is the one it had (`kg.state.stamps`); a file that was touched is read again and
its content compared. The whole cache counts only for the same settings, source of kg and libraries.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from kg.model import Diagnostic, Post, Record, encode
from kg.state import POST_EDITS, POSTS, Miss, State
from kg.state.stamps import Stamp

if TYPE_CHECKING:
    from kg.state.keys import Keys


class FileRead(Record, frozen=True):
    """One file as it was read."""

    path: str
    stamp: Stamp
    digest: str
    """SHA-256 of its bytes, hexadecimal; "" if it could not be read."""
    post: Post | None
    diagnostics: tuple[Diagnostic, ...] = ()


class CacheEntry(Record, frozen=True):
    """The same in the form that is saved and sent between processes: the post stays encoded until it is needed."""

    path: str
    stamp: Stamp
    digest: str
    fingerprint: bytes
    """A digest of the post and all diagnostics: files with the same one are the same to everything after reading."""
    encoded: msgspec.Raw
    diagnostics: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, file: FileRead) -> CacheEntry:
        """The entry for a file."""
        encoded = encode(file.post)
        fingerprint = blake2b(encoded + encode(file.diagnostics), digest_size=16).digest()
        return cls(file.path, file.stamp, file.digest, fingerprint, msgspec.Raw(encoded), file.diagnostics)

    @property
    def post(self) -> Post | None:
        """The result of reading, decoded on each call."""
        post: Post | None = _decode_post(self.encoded)
        return post

    @property
    def is_same(self) -> bool:
        """Whether it only says that the digest is still the known one: see `Reader.read`."""
        return self.encoded == NOTHING and not self.diagnostics


class _Entries(Record, frozen=True):
    """Entries as they are kept: those of a whole reading, or those that differ from it since."""

    name: bytes
    """Of the whole reading, which no other has."""
    begun: int
    entries: tuple[CacheEntry, ...]


@dataclass(frozen=True)
class Cache:
    """All entries of the last reading."""

    begun: int = 0
    """When the reading began, in nanoseconds since 1970."""
    entries: tuple[CacheEntry, ...] = ()
    name: bytes = b""
    """Of the reading that is kept as a whole; b"" if none is."""
    edited: frozenset[str] = frozenset()
    """The paths of the entries that it has otherwise."""

    @classmethod
    def load(cls, state: State, keys: Keys) -> Cache:
        """The entries that were kept; none if they were made from something else."""
        kept = state.load(POSTS, _Entries, keys)
        if isinstance(kept, Miss):
            return cls()
        edits = state.load(POST_EDITS, _Entries, keys)
        if isinstance(edits, Miss) or edits.name != kept.name:
            return cls(kept.begun, kept.entries, kept.name)
        edited = {entry.path: entry for entry in edits.entries}
        entries = tuple([edited.get(entry.path, entry) for entry in kept.entries])
        return cls(edits.begun, entries, kept.name, frozenset(edited))

    def update(self, state: State, keys: Keys, begun: int, entries: tuple[CacheEntry, ...]) -> None:
        """Keep the entries of a new reading; of a few edited posts, only those are written."""
        pairs = list(zip(self.entries, entries, strict=False))
        edited = [new for old, new in pairs if new.path in self.edited or (old is not new and old != new)]
        moved = len(self.entries) != len(entries) or any(old.path != new.path for old, new in pairs)
        if moved or not self.name or len(edited) * _FEW > len(entries):
            state.save(POSTS, (os.urandom(16), begun, entries), keys)
        else:
            state.save(POST_EDITS, (self.name, begun, tuple(edited)), keys)


_FEW = 8
"""Entries of edited posts are kept apart if they are fewer than one in so many."""
_decode_post = msgspec.msgpack.Decoder(Post | None).decode
NOTHING = msgspec.Raw(encode(None))
"""No post, encoded."""
