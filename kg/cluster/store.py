"""Files at fsspec URLs (https://filesystem-spec.readthedocs.io): each is there as a whole, or not at all."""

from __future__ import annotations

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
    return "local" in getattr(_at(url)[0], "protocol", ())


def put(url: str, data: bytes) -> None:
    """Write a file. Object stores show it when it is complete; elsewhere it gets its name then."""
    files, path = _at(url)
    if not is_local(url):
        files.pipe_file(path, data)
        return
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    fresh = f"{path}.{os.urandom(6).hex()}~"
    try:
        with open(fresh, "xb") as file:  # noqa: PTH123  a path of fsspec
            file.write(data)
        os.replace(fresh, path)  # noqa: PTH105
    except BaseException:
        if os.path.exists(fresh):  # noqa: PTH110
            os.unlink(fresh)  # noqa: PTH108
        raise


def get(url: str) -> bytes:
    """Read a file."""
    files, path = _at(url)
    data: bytes = files.cat_file(path)
    return data


def put_table(url: str, table: pa.Table) -> bytes:
    """Write a table as Parquet (https://parquet.apache.org); gives the bytes of the file."""
    stream = BytesIO()
    pq.write_table(table, stream, compression="zstd")
    data = stream.getvalue()
    put(url, data)
    return data


def get_table(url: str, columns: list[str] | None = None, filters: Any = None) -> pa.Table:
    """Read a Parquet file, or some columns or rows of it."""
    files, path = _at(url)
    return pq.read_table(path, columns=columns, filters=filters, filesystem=files)


def found(url: str) -> dict[str, int]:
    """The files below a folder, by their path within it, with their sizes."""
    files, path = _at(url)
    files.invalidate_cache()
    listed: dict[str, dict[str, Any]] = files.find(path, detail=True) if files.exists(path) else {}
    return {name.removeprefix(path).lstrip("/"): int(info["size"]) for name, info in listed.items()}


def remove(url: str) -> None:
    """Remove a folder, if it is there."""
    files, path = _at(url)
    files.invalidate_cache()
    if files.exists(path):
        files.rm(path, recursive=True)


def copy(url: str, target: str) -> None:
    """Copy a file within one file system."""
    files, path = _at(url)
    files.cp_file(path, _at(target)[1])


def join(url: str, *names: str) -> str:
    """A place below a folder."""
    return "/".join((url.rstrip("/"), *names))
