"""The inputs of a saved result, one digest each, which shows which input has changed."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from kg.model import Record


class Keys(Record, frozen=True):
    """Digests of everything that decides about a result; b"" for what does not decide about it.

    Each part is the name of a `kg.state.Reason`, in small letters.
    """

    program: bytes = b""
    """The source of kg."""
    libraries: bytes = b""
    reading: bytes = b""
    """The settings that reading heeds, and what the folder is."""
    inherited: bytes = b""
    """What posts inherit from other files."""
    settings: bytes = b""
    """All settings but the formats."""
    formats: bytes = b""
    ledger: bytes = b""
    beside: bytes = b""
    """The other files that are read beside the posts."""
    commit: bytes = b""
    """The newest one."""
    posts: bytes = b""
    """Everything that was read."""
    names: bytes = b""
    """The names of all posts, and what glosses them."""
    terms: bytes = b""
    """The terms that posts define, and what glosses them."""

    def only(self, *parts: str) -> Keys:
        """The same without the other parts."""
        return Keys(**{part: getattr(self, part) for part in parts})

    def changed_since(self, earlier: Keys) -> str:
        """The first part that is not what it was, or ""."""
        return next((part for part in self.__struct_fields__ if getattr(self, part) != getattr(earlier, part)), "")


NO_KEYS = Keys()


def digest(*values: object) -> bytes:
    """32 bytes that stand for some values, which are records, containers or simple ones, in this order."""
    result = blake2b(digest_size=32)
    for value in values:
        result.update(msgspec.json.encode(value, order="deterministic"))
    return result.digest()


@cache
def source() -> bytes:
    """A digest of the source of kg, data included: what one version reads and writes, another one may otherwise."""
    result = blake2b()
    root = Path(__file__).parent.parent
    for path in sorted(path for path in root.rglob("*.*") if path.suffix != ".pyc" and path.is_file()):
        result.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return result.digest()


@cache
def libraries() -> bytes:
    """A digest of the versions of Python and of all libraries.

    Which there are is told by the names of their folders of metadata, version included
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
    """
    result = blake2b(sys.version.encode())
    for folder in sys.path:
        try:
            names = os.listdir(folder)  # noqa: PTH208  sys.path holds strings
        except OSError:
            continue  # a zip file, or a folder that is not there
        result.update("\n".join(sorted(name for name in names if name.endswith(".dist-info"))).encode())
    return result.digest()


def program() -> bytes:
    """A digest of all that makes of the same posts the same files: the source of kg, the libraries, and Python."""
    return source() + libraries()
