"""The results as files, and a list of them that shows that they are complete.

    OUTPUT/graph/
        quads/        N-Quads (https://www.w3.org/TR/n-quads/)
        nodes/ edges/ diagnostics/        Parquet (https://parquet.apache.org)
        _SUCCESS      JSON: every file with its rows, bytes and digest, and the counts of the whole

The name of a file depends only on its part. The folder is written elsewhere and moved into place as a whole; `_SUCCESS`
is written last, and without it there is no result.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow as pa

from kg.cluster import store
from kg.errors import ConfigError, ExportError
from kg.model import IRI, Diagnostic
from kg.rdf.ntriples import iri_of

FOLDER = "graph"
SUCCESS = "_SUCCESS"
_OURS = frozenset({SUCCESS, "quads", "nodes", "edges", "diagnostics"})


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
    return _write(folder, name, len(rows), store.parquet(rows))


def write_quads(folder: str, name: str, named: Iterable[tuple[IRI, list[str]]]) -> OutputFile:
    """Write an N-Quads file of statements in N-Triples."""
    lines = [f"{one} {of} .\n" for graph, statements in named for of in (iri_of(graph),) for one in statements]
    return _write(folder, name, len(lines), "".join(lines).encode())


def _write(folder: str, name: str, rows: int, data: bytes) -> OutputFile:
    store.put(store.join(folder, name), data)
    return OutputFile(name, rows, len(data), sha256(data).hexdigest())


def check_place(output: str) -> None:
    """Check that only an earlier result will be replaced.

    Raises:
        ConfigError: there is something that no build has written.
    """
    place = store.join(output, FOLDER)
    if store.is_local(output) and Path(place).is_symlink():
        return  # the result replaces the link
    if store.is_local(output) and Path(place).is_file():
        raise ConfigError(f"{place}: is a file, and a folder is to be written there; move it away")
    if strange := sorted({path.partition("/")[0] for path in store.found(place)} - _OURS):
        raise ConfigError(f"{place}: holds {strange[0]!r}, which no build wrote; choose another folder with -o")


def put_in_place(fresh: str, output: str, manifest: SuccessFile) -> None:
    """Replace the last result with finished files: by renaming the folder or, in an object store, by copying.

    What is replaced is put aside, as `last` beside the folder of new files.

    Raises:
        ExportError: that fails, or a file is not as its task wrote it.
    """
    files, place = store.at(store.join(output, FOLDER))
    source, success = store.at(fresh)[1], msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    try:
        there = store.found(fresh)
        for file in manifest.files:
            if there.pop(file.path, None) != file.bytes:
                raise ExportError(f"{fresh}/{file.path}: is not what its task wrote; does another build write here?")
        for path in there:
            files.rm_file(f"{source}/{path}")  # left by a worker that died
        if store.is_local(output):
            store.put(store.join(fresh, SUCCESS), success)
            _swap(Path(source), Path(place), Path(source).with_name("last"))
        else:
            store.remove(store.join(output, FOLDER, SUCCESS))
            store.remove(store.join(output, FOLDER))
            files.copy(*([f"{folder}/{file.path}" for file in manifest.files] for folder in (source, place)))
            store.put(store.join(output, FOLDER, SUCCESS), success)
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
            for row in store.get_table(store.join(folder, file.path)).to_pylist():
                yield Diagnostic(**row)
