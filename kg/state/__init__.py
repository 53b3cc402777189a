"""What is kept between two runs, in OUTPUT/.kg: one folder, one sealed format, one key, and a reason for each miss.

A file here can save time and never change a result. It counts only where it is whole and was made from what is there
now; anything else is a `Miss`. Nothing is read or written through a link.

A sealed file is `_HEADER` (magic, version, checksum of the rest, length of the key), the `Keys`, and the value; the two
are MessagePack (https://msgpack.org).
"""

from __future__ import annotations

import errno
from enum import Enum
from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kg.machine.files import keep, read_plain, refuse_link
from kg.machine.steps import note
from kg.model import Record
from kg.state.keys import NO_KEYS, Keys

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

STATE = ".kg"
"""The folder in OUTPUT that holds what the next run may reuse; deleting it loses nothing but time."""
POSTS, BUILD, READING = "posts.cache", "last-build", "last-read"
NAMES, TERMS, MAP, GRAPHS, QUERY = "names", "terms", "positions", "graphs", "query"
SEARCH, SEARCH_BODIES, GRAPH, BODIES, REVIEW = "search", "search-bodies", "graph", "bodies", "review"
_ANEW = {
    POSTS: "posts: read anew",
    BUILD: "files: built anew",
    READING: "graph: built anew",  # by a command that writes no file
    NAMES: "names: worked out anew",
    TERMS: "terms: worked out anew",
    MAP: "map: laid out anew",
    GRAPHS: "graphs of the store: compared anew",
    QUERY: "query store: loaded anew",  # a folder; the others are files
    BODIES: "bodies: looked at anew",
    GRAPH: "graph for questions: built anew",
    REVIEW: "questions about names: none",
    SEARCH: "search: indexed anew",
    SEARCH_BODIES: "search of bodies: indexed anew",  # these two are SQLite's, and sealed by their token alone
}
"""All that is kept, and what it costs to be without it."""
_HEADER = Struct(">8sH32sI")
_MAGIC, _VERSION = b"kg-state", 1
_encode = msgspec.msgpack.Encoder().encode
_decode_keys = msgspec.msgpack.Decoder(Keys).decode


class Reason(Enum):
    """Why what was kept is not used; the value completes "because …"."""

    ABSENT = "nothing was kept yet"
    NOT_PLAIN = "a link, a folder or a pipe is in its place"
    UNREADABLE = "it cannot be read"
    DAMAGED = "what was kept is damaged"
    FORMAT = "what was kept has another format"
    PROGRAM = "it was kept by another version of kg"
    LIBRARIES = "Python or a library has another version"
    READING = "settings of reading have changed"
    INHERITED = "files that posts inherit from have changed"
    SETTINGS = "settings have changed"
    FORMATS = "other formats were asked for"
    LEDGER = "the ledger has changed"
    BESIDE = "files beside the posts have changed"
    COMMIT = "there is another commit"
    POSTS = "posts have changed"
    NAMES = "posts say other names"
    TERMS = "posts define other terms"
    SHARED = "names that terms go by mean something else"
    LINES = "names that are cited stand in another order"
    RESULTS = "results have changed"


class Miss(Record, frozen=True):
    """Nothing that was kept can be used."""

    reason: Reason


class State:
    """The folder OUTPUT/.kg, or no folder at all."""

    def __init__(self, folder: Path | None = None, *, writes: bool = True) -> None:
        """Look at a folder, which need not exist.

        Args:
            folder: where things are kept; None keeps nothing and finds nothing.
            writes: whether `save` does anything.
        """
        self.folder = folder
        self.writes = writes and folder is not None

    @classmethod
    def of(cls, output: Path | None, *, writes: bool = True) -> State:
        """The state that belongs to a folder of results."""
        return cls(output / STATE if output else None, writes=writes)

    def load(self, name: str, type_: type[T], keys: Keys = NO_KEYS) -> T | Miss:
        """The value saved under a name.

        Args:
            name: `POSTS`, `NAMES` …
            type_: what it has to be; anything else is damage.
            keys: what it has to be made from.
        """
        if self.folder is None:
            return Miss(Reason.ABSENT)
        try:
            refuse_link(self.folder)
            data = memoryview(read_plain(self.folder / name))
        except OSError as error:
            return self.miss(name, reason_of(error))
        if len(data) < _HEADER.size:
            return self.miss(name, Reason.DAMAGED)
        magic, version, checksum, length = _HEADER.unpack_from(data)
        if (magic, version) != (_MAGIC, _VERSION):
            return self.miss(name, Reason.FORMAT)
        rest = data[_HEADER.size :]
        if _checksum(rest) != checksum:
            return self.miss(name, Reason.DAMAGED)
        try:
            changed = keys.changed_since(_decode_keys(rest[:length]))
            if changed:
                return self.miss(name, Reason[changed.upper()])
            return msgspec.msgpack.decode(rest[length:], type=type_)
        except msgspec.DecodeError:
            return self.miss(name, Reason.DAMAGED)

    def save(self, name: str, value: object, keys: Keys = NO_KEYS) -> None:
        """Keep something for the next run; where that fails, one line says so, and the run goes on."""
        if self.folder is None or not self.writes:
            return
        key, body = _encode(keys), _encode(value)
        keep(self.folder / name, _HEADER.pack(_MAGIC, _VERSION, _checksum(key, body), len(key)), key, body)

    def miss(self, name: str, reason: Reason) -> Miss:
        """Note why what was kept under a name is not used."""
        if self.folder is not None:
            note(f"{_ANEW[name]}, because {reason.value}")
        return Miss(reason)


def reason_of(error: OSError) -> Reason:
    """The reason that an error of the file system stands for."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Reason.ABSENT
    plain = error.errno not in (errno.ELOOP, errno.EISDIR, errno.EINVAL)
    return Reason.UNREADABLE if plain else Reason.NOT_PLAIN


def _checksum(*parts: bytes | memoryview) -> bytes:
    digest = blake2b(digest_size=32)
    for part in parts:
        digest.update(part)
    return digest.digest()
