"""The cache of posts: what each file said the last time, valid as long as nothing it depends on has changed.

An entry counts when the file's stamp is the one it had (`kg.state.stamps`); a file that was touched is read again and
its content compared. The whole cache counts only for the same settings, source of kg and libraries.
"""

from hashlib import blake2b

import msgspec

from kg.model import Diagnostic, Post, Record
from kg.state.stamps import Stamp


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
    def of(cls, file: FileRead) -> "CacheEntry":
        """The entry for a file."""
        encoded = _encode(file.post)
        fingerprint = blake2b(encoded + _encode(file.diagnostics), digest_size=16).digest()
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


class Cache(Record, frozen=True):
    """All entries of one reading."""

    begun: int
    """When the reading began, in nanoseconds since 1970."""
    entries: tuple[CacheEntry, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode_post = msgspec.msgpack.Decoder(Post | None).decode
NOTHING = msgspec.Raw(_encode(None))
"""No post, encoded."""
