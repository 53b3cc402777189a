"""Files at fsspec URLs (https://filesystem-spec.readthedocs.io), which appear completely or not at all."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from kg.machine.files import replace_file


@lru_cache(maxsize=64)
def at(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    place: tuple[Any, str] = fsspec.url_to_fs(url)
    return place


def is_local(url: str) -> bool:
    """Whether a URL is a place in the file system of this machine."""
    return "local" in at(url)[0].protocol


def join(url: str, *names: str) -> str:
    """A place below a folder."""
    return "/".join((url.rstrip("/"), *names))


def put(url: str, data: bytes) -> None:
    """Write a file. Object stores show only complete files; elsewhere, it is renamed once it is complete."""
    files, path = at(url)
    if is_local(url):
        replace_file(Path(path), data)
    else:
        files.pipe_file(path, data)


def parquet(table: pa.Table) -> bytes:
    """A table as a Parquet file (https://parquet.apache.org)."""
    stream = BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def get_table(url: str) -> pa.Table:
    """Read a Parquet file."""
    files, path = at(url)
    # Ten times quicker for a small file than what can also read many files as one.
    return pq.ParquetFile(pa.BufferReader(files.cat_file(path))).read(use_threads=False)


def found(url: str) -> dict[str, int]:
    """The files below a folder, by their path within it, with their sizes."""
    files, path = at(url)
    files.invalidate_cache()
    listed = files.find(path, detail=True) if files.exists(path) else {}
    return {name.removeprefix(path).lstrip("/"): int(info["size"]) for name, info in listed.items()}


def remove(url: str) -> None:
    """Remove a file or a folder, if it is there."""
    files, path = at(url)
    files.invalidate_cache()
    if files.exists(path):
        files.rm(path, recursive=True)
