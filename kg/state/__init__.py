"""State that is kept between runs in OUTPUT/.kg: one folder, one sealed format, one key, and a reason for each miss.

State saves time and never changes a result. A file is used only if it is complete and was made from the present inputs;
anything else is a `Miss`. Nothing is read or written through a link.

A sealed file is `_HEADER` (magic, version, length of the key), the `Keys` and the value in MessagePack
(https://msgpack.org), and the checksum of these two.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import NamedTuple, TypeVar
from zlib import crc32

import msgspec

from kg.machine.files import keep, map_plain, refuse_link
from kg.machine.steps import note
from kg.model import Record, encode
from kg.state.keys import NO_KEYS, Keys

T = TypeVar("T")

STATE = ".kg"
"""The folder in OUTPUT with what the next run may reuse; deleting it costs only time."""
POSTS, POST_EDITS, BUILD, READING = "posts.cache", "posts.edits", "last-build", "last-read"
NAMES, TERMS, MAP, GRAPHS, QUERY = "names", "terms", "positions", "graphs", "query"
SEARCH, SEARCH_BODIES, REVIEW = "search", "search-bodies", "review"
GRAPH, EDITS = "graph", "graph.edits"
BODIES, FINDINGS = "bodies", "findings"
_AGAIN = {
    POSTS: "posts: read again",
    BUILD: "files: built again",
    READING: "graph: built again",  # by a command that writes no file
    NAMES: "names: resolved again",
    TERMS: "terms: resolved again",
    MAP: "map: laid out again",
    GRAPHS: "graphs of the store: compared again",
    QUERY: "query store: loaded again",  # a folder; the others are files
    BODIES: "bodies: checked again",
    FINDINGS: "findings: looked for again",
    GRAPH: "graph for questions: built again",
    REVIEW: "questions about names: none",
    SEARCH: "search index: built again",
    SEARCH_BODIES: "search index of bodies: built again",  # these two are SQLite's, and sealed by their token alone
}
"""State files, and what has to be done again without them; without edits, another file says so."""
_HEADER = Struct(">8sHI")
_MAGIC, _VERSION = b"kg-state", 4
_CHECKSUM = Struct(">I")
"""CRC-32, which tells damage at several times the speed of a digest that tells forgery, too."""
_PIECE = 1 << 12
"""Items of a long tuple that are encoded at a time, so that what is saved is never in memory twice."""
_decode_keys = msgspec.msgpack.Decoder(Keys).decode


class Reason(Enum):
    """Why saved state is not used; the value completes "because …"."""

    ABSENT = "nothing was saved yet"
    NOT_PLAIN = "a link, a folder or a pipe is in its place"
    UNREADABLE = "it cannot be read"
    DAMAGED = "what was saved is damaged"
    FORMAT = "what was saved has another format"
    PROGRAM = "it was saved by another version of kg"
    LIBRARIES = "Python or a library has another version"
    READING = "the settings of reading have changed"
    INHERITED = "files that posts inherit from have changed"
    SETTINGS = "settings have changed"
    FORMATS = "other formats were requested"
    LEDGER = "the ledger has changed"
    BESIDE = "files beside the posts have changed"
    COMMIT = "there is another commit"
    POSTS = "posts have changed"
    NAMES = "posts have other names"
    TERMS = "posts define other terms"
    SHARED = "names that terms share have another meaning"
    RESULTS = "files in OUTPUT have changed"


class Miss(Record, frozen=True):
    """There is no usable state, and why."""

    reason: Reason


class State:
    """The folder OUTPUT/.kg, or no folder at all."""

    def __init__(self, folder: Path | None = None, *, writes: bool = True) -> None:
        """Use a folder, which need not exist.

        Args:
            folder: the folder of state; None keeps nothing and finds nothing.
            writes: whether `save` does anything.
        """
        self.folder = folder
        self.writes = writes and folder is not None

    @classmethod
    def of(cls, output: Path | None, *, writes: bool = True) -> "State":
        """The state of an output folder."""
        return cls(output / STATE if output else None, writes=writes)

    def load(self, name: str, type_: type[T], keys: Keys = NO_KEYS) -> T | Miss:
        """The value saved under a name.

        Args:
            name: `POSTS`, `NAMES` …
            type_: its expected type; anything else is damage.
            keys: its expected inputs.
        """
        if self.folder is None:
            return Miss(Reason.ABSENT)
        try:
            refuse_link(self.folder)
            data = map_plain(self.folder / name)
        except OSError as error:
            return self.miss(name, reason_of(error))
        if len(data) < _HEADER.size + _CHECKSUM.size:
            return self.miss(name, Reason.DAMAGED)
        magic, version, length = _HEADER.unpack_from(data)
        if (magic, version) != (_MAGIC, _VERSION):
            return self.miss(name, Reason.FORMAT)
        rest = data[_HEADER.size : -_CHECKSUM.size]
        if _CHECKSUM.pack(crc32(rest)) != data[-_CHECKSUM.size :]:
            return self.miss(name, Reason.DAMAGED)
        try:
            changed = keys.changed_since(_decode_keys(rest[:length]))
            if changed:
                return self.miss(name, Reason[changed.upper()])
            return msgspec.msgpack.decode(rest[length:], type=type_)
        except msgspec.DecodeError:
            return self.miss(name, Reason.DAMAGED)

    def holds(self, name: str) -> bool:
        """Whether anything is saved under a name, usable or not."""
        return self.folder is not None and os.path.lexists(self.folder / name)

    def save(self, name: str, value: object, keys: Keys = NO_KEYS) -> None:
        """Save a value for the next run; if that fails, one line says so and the run goes on."""
        if self.folder is None or not self.writes:
            return
        keep(self.folder / name, _sealed(encode(keys), value))

    def forget(self, name: str) -> None:
        """Remove what is saved under a name, if anything is."""
        if self.folder is not None and self.writes:
            with suppress(OSError):
                (self.folder / name).unlink()

    def miss(self, name: str, reason: Reason) -> Miss:
        """Note why the saved value is not used."""
        if self.folder is not None and name in _AGAIN:
            note(f"{_AGAIN[name]}, because {reason.value}")
        return Miss(reason)


def reason_of(error: OSError) -> Reason:
    """The reason for a file system error."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Reason.ABSENT
    plain = error.errno not in (errno.ELOOP, errno.EISDIR, errno.EINVAL)
    return Reason.UNREADABLE if plain else Reason.NOT_PLAIN


def _sealed(key: bytes, value: object) -> Iterator[bytes | memoryview]:
    yield _HEADER.pack(_MAGIC, _VERSION, len(key))
    checksum = 0
    for piece in chain([key], _pieces(value)):
        checksum = crc32(piece, checksum)
        yield piece
    yield _CHECKSUM.pack(checksum)


class Encoded(NamedTuple):
    """Items of an array that each come in MessagePack."""

    length: int
    items: Iterable[bytes | memoryview]


def _pieces(value: object) -> Iterator[bytes | memoryview]:
    """A value in MessagePack; a long tuple, or one in a short tuple, is encoded piece by piece."""
    if isinstance(value, Encoded):
        yield b"\xdd" + value.length.to_bytes(4, "big")
        yield from value.items
    elif type(value) is not tuple:
        yield encode(value)
    elif len(value) < _FIXARRAY:
        yield bytes([0x90 + len(value)])
        yield from chain.from_iterable(map(_pieces, value))
    else:
        yield b"\xdd" + len(value).to_bytes(4, "big")
        yield from (b"".join(map(encode, value[at : at + _PIECE])) for at in range(0, len(value), _PIECE))


_FIXARRAY = 16
"""Items of an array whose length does not stand in its first byte alone."""
