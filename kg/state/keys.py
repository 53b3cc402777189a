"""The inputs of a saved result, one digest each, which shows which input has changed."""

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from kg.model import Record


class Keys(Record, frozen=True):
    """Digests of the inputs of a result; b"" for what is not an input.

    Each field is the name of a `kg.state.Reason` in lower case.
    """

    program: bytes = b""
    """The source of kg."""
    libraries: bytes = b""
    reading: bytes = b""
    """The settings of reading, and the tool of the folder."""
    inherited: bytes = b""
    """The files that posts inherit from."""
    settings: bytes = b""
    """All settings except the formats."""
    formats: bytes = b""
    ledger: bytes = b""
    beside: bytes = b""
    """The other files that are read, and what is said of those that are not."""
    commit: bytes = b""
    """The newest commit."""
    posts: bytes = b""
    """The content of all posts."""
    terms: bytes = b""
    """The definitions and glosses of all posts."""

    def only(self, *parts: str) -> "Keys":
        """The keys with only these fields."""
        return Keys(**{part: getattr(self, part) for part in parts})

    def changed_since(self, earlier: "Keys") -> str:
        """The first field that has changed, or ""."""
        return next((part for part in self.__struct_fields__ if getattr(self, part) != getattr(earlier, part)), "")


NO_KEYS = Keys()


def digest(*values: object) -> bytes:
    """32 bytes that identify a sequence of values: records, containers or simple values."""
    result = blake2b(digest_size=32)
    for value in values:
        result.update(msgspec.json.encode(value, order="deterministic"))
    return result.digest()


@cache
def source() -> bytes:
    """A digest of the source of kg, including data files: another version may read and write differently."""
    result = blake2b()
    root = Path(__file__).parent.parent
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            with open(f"{folder}/{name}", "rb", 0) as file:  # noqa: PTH123  500 Path objects are slow
                result.update(f"{folder}/{name}\0".removeprefix(f"{root}").encode() + file.read())
    return result.digest()


@cache
def libraries() -> bytes:
    """A digest of the versions of Python and of all libraries.

    The names of their metadata folders contain the versions
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
    """
    result = blake2b(sys.version.encode())
    for folder in sys.path:
        try:
            names = os.listdir(folder)  # noqa: PTH208  sys.path holds strings
        except OSError:
            continue  # a zip file, or a missing folder
        result.update("\n".join(sorted(name for name in names if name.endswith(".dist-info"))).encode())
    return result.digest()


def program() -> bytes:
    """A digest of everything except the input that determines the output: the source of kg, the libraries, Python."""
    return source() + libraries()
