"""Files at fsspec URLs (https://filesystem-spec.readthedocs.io), which appear completely or not at all; and results.

    OUTPUT/graph/
        quads/        N-Quads (https://www.w3.org/TR/n-quads/)
        nodes/ edges/ diagnostics/        Parquet (https://parquet.apache.org)
        _SUCCESS      JSON: every file with its rows, bytes and digest, and the counts of the whole

The name of a file depends only on its part. The folder is written elsewhere and moved into place as a whole; `_SUCCESS`
is written last, and without it there is no result.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import fsspec
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import ConfigError, ExportError
from kg.machine.files import replace_file
from kg.model import IRI, Diagnostic
from kg.rdf.ntriples import iri_of

FOLDER = "graph"
SUCCESS = "_SUCCESS"
_OURS = frozenset({SUCCESS, "quads", "nodes", "edges", "diagnostics"})


@lru_cache(maxsize=64)
def at(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    place: tuple[Any, str] = fsspec.url_to_fs(url)
    return place


def is_local(url: str) -> bool:
    """Whether a URL is a place in the file system of this machine."""
    return "local" in at(url)[0].protocol


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


def found(url: str) -> list[str]:
    """The files below a folder, as paths within it, in their order."""
    files, path = at(url)
    files.invalidate_cache()
    listed = files.find(path) if files.exists(path) else []
    return [name.removeprefix(path).lstrip("/") for name in listed]


def remove(url: str) -> None:
    """Remove a file or a folder, if it is there."""
    files, path = at(url)
    files.invalidate_cache()
    if files.exists(path):
        files.rm(path, recursive=True)


class OutputFile(msgspec.Struct, frozen=True):
    """One file."""

    path: str
    """Within the folder, with forward slashes."""
    rows: int
    """Quads, or rows of the table."""
    bytes: int
    sha256: str


class SuccessFile(msgspec.Struct, frozen=True):
    """The content of `_SUCCESS`."""

    built_with: str
    posts: int
    nodes: int
    edges: int
    quads: int
    files: list[OutputFile]
    """In path order."""


def write_table(folder: str, name: str, rows: pa.Table) -> OutputFile:
    """Write a Parquet file."""
    return _write(folder, name, len(rows), parquet(rows))


def write_quads(folder: str, name: str, named: Iterable[tuple[IRI, list[str]]]) -> OutputFile:
    """Write an N-Quads file of statements in N-Triples."""
    lines = [f"{one} {of} .\n" for graph, statements in named for of in (iri_of(graph),) for one in statements]
    return _write(folder, name, len(lines), "".join(lines).encode())


def _write(folder: str, name: str, rows: int, data: bytes) -> OutputFile:
    put(f"{folder}/{name}", data)
    return OutputFile(name, rows, len(data), sha256(data).hexdigest())


def check_place(output: str) -> None:
    """Check that only an earlier result will be replaced.

    Raises:
        ConfigError: there is something that no build has written.
    """
    place = f"{output}/{FOLDER}"
    if is_local(output) and Path(place).is_symlink():
        return  # the result replaces the link
    if is_local(output) and Path(place).is_file():
        raise ConfigError(f"{place}: is a file, and a folder is to be written there; move it away")
    if strange := sorted({path.partition("/")[0] for path in found(place)} - _OURS):
        raise ConfigError(f"{place}: holds {strange[0]!r}, which no build wrote; choose another folder with -o")


def put_in_place(fresh: str, output: str, manifest: SuccessFile) -> None:
    """Replace the last result with finished files: by renaming the folder or, in an object store, by copying.

    What is replaced is put aside, as `last` beside the folder of new files.

    Raises:
        ExportError: that fails.
    """
    files, place = at(f"{output}/{FOLDER}")
    source, success = at(fresh)[1], msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    try:
        for path in set(found(fresh)) - {file.path for file in manifest.files}:
            files.rm_file(f"{source}/{path}")  # left by a worker that died
        if is_local(output):
            put(f"{fresh}/{SUCCESS}", success)
            _swap(Path(source), Path(place), Path(source).with_name("last"))
        else:
            remove(f"{output}/{FOLDER}/{SUCCESS}")
            remove(f"{output}/{FOLDER}")
            files.copy(*([f"{folder}/{file.path}" for file in manifest.files] for folder in (source, place)))
            put(f"{output}/{FOLDER}/{SUCCESS}", success)
    except OSError as error:
        raise ExportError(f"cannot write {error.filename or output}: {error.strerror or error}") from error


def _swap(fresh: Path, place: Path, aside: Path) -> None:
    """Move a folder into place and the old one, or a link, aside; if that fails, restore the old one."""
    try:
        if place.is_symlink() or place.exists():
            place.replace(aside)
        fresh.replace(place)
    except OSError:
        if aside.is_symlink() or aside.exists():
            aside.replace(place)
        raise


def diagnostics(folder: str, manifest: SuccessFile) -> Iterator[Diagnostic]:
    """All diagnostics in file and line order, one file at a time."""
    for file in manifest.files:
        if file.path.startswith("diagnostics/"):
            for row in get_table(f"{folder}/{file.path}").to_pylist():
                yield Diagnostic(**row)
