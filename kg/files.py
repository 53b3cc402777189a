"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file whose new content takes the place of the old in one step, once all of it is written.

    What a symbolic link leads to is replaced, not the link, and the mode is kept. A pipe or a device is no file that
    could be replaced: it is written to.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    path = Path(os.path.realpath(path))  # which minds no loop of links
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            yield file
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o7777)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Give a file new content: see `replacing`.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    with replacing(path) as file:
        file.write(data)


_SEAL = 32
"""Bytes before the content of a sealed file, which tell whether it is whole."""


def replace_sealed(path: Path, data: bytes) -> None:
    """Give a file new content that `read_sealed` gives back.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    if path.is_fifo():
        path.unlink()  # whoever writes to it waits for somebody who reads
    replace_file(path, _seal(data) + data)


def read_sealed(path: Path) -> bytes:
    """What was written, or nothing where not all of it is there.

    Raises:
        OSError: it cannot be read.
    """
    content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
    data = content[_SEAL:]
    return data if content[:_SEAL] == _seal(data) else b""


def _seal(data: bytes) -> bytes:
    return blake2b(data, digest_size=_SEAL).digest()
