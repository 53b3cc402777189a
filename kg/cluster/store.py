"""Files at fsspec URLs (https://filesystem-spec.readthedocs.io), which appear completely or not at all."""

import os
from functools import lru_cache
from io import BytesIO
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq


@lru_cache(maxsize=64)
def _at(url: str) -> tuple[Any, str]:
    place: tuple[Any, str] = fsspec.url_to_fs(url)
    return place


def is_local(url: str) -> bool:
    """Whether a URL is a place in the file system of this machine."""
    return "local" in _at(url)[0].protocol


def join(url: str, *names: str) -> str:
    """A place below a folder."""
    return "/".join((url.rstrip("/"), *names))


def put(url: str, data: bytes) -> None:
    """Write a file. Object stores show only complete files; elsewhere, it is renamed once it is complete."""
    files, path = _at(url)
    if not is_local(url):
        files.pipe_file(path, data)
        return
    fresh = f"{path}.{os.urandom(6).hex()}~"
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    try:
        files.pipe_file(fresh, data)
        files.mv(fresh, path)
    finally:
        if files.exists(fresh):
            files.rm_file(fresh)


def get(url: str) -> bytes:
    """Read a file."""
    files, path = _at(url)
    data: bytes = files.cat_file(path)
    return data


def put_table(url: str, table: pa.Table) -> bytes:
    """Write a table as Parquet (https://parquet.apache.org); returns the bytes of the file."""
    stream = BytesIO()
    pq.write_table(table, stream, compression="zstd")
    put(url, stream.getvalue())
    return stream.getvalue()


def get_table(url: str, filters: Any = None) -> pa.Table:
    """Read a Parquet file, or the rows of it that pass `filters`."""
    data = pa.BufferReader(get(url))
    if filters:
        return pq.read_table(data, filters=filters)
    return pq.ParquetFile(data).read(use_threads=False)  # ten times quicker for a small file


def found(url: str) -> dict[str, int]:
    """The files below a folder, by their path within it, with their sizes."""
    files, path = _at(url)
    files.invalidate_cache()
    listed = files.find(path, detail=True) if files.exists(path) else {}
    return {name.removeprefix(path).lstrip("/"): int(info["size"]) for name, info in listed.items()}


def remove(url: str) -> None:
    """Remove a file or a folder, if it is there."""
    files, path = _at(url)
    files.invalidate_cache()
    if files.exists(path):
        files.rm(path, recursive=True)


def copy(url: str, target: str) -> None:
    """Copy a file within one file system."""
    files, path = _at(url)
    files.cp_file(path, _at(target)[1])
