"""The results as files, and the list of them that says that all are there.

    OUTPUT/graph/
        quads/        N-Quads (https://www.w3.org/TR/n-quads/)
        nodes/ edges/ diagnostics/        Parquet (https://parquet.apache.org)
        _SUCCESS      JSON: every file with its rows, bytes and digest, and the counts of the whole

A file's name depends only on the part it holds. The folder is made aside and put in place whole; `_SUCCESS` is written
last. A reader that finds no `_SUCCESS` finds no result.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from pyoxigraph import RdfFormat, serialize

from kg.distributed import tables
from kg.distributed.exchange import appearing
from kg.errors import ConfigError, ExportError
from kg.machine.files import remove
from kg.model import Diagnostic
from kg.rdf import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from kg.model import IRI

FOLDER = "graph"
SUCCESS = "_SUCCESS"
_OURS = frozenset({SUCCESS, "quads", "nodes", "edges", "diagnostics"})


class Written(msgspec.Struct, frozen=True):
    """One file."""

    path: str
    """Within the folder, with forward slashes."""
    rows: int
    """Quads, or rows of the table."""
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What `_SUCCESS` says."""

    built_with: str
    posts: int
    nodes: int
    edges: int
    quads: int
    files: list[Written]
    """In path order."""


def write_table(folder: Path, name: str, rows: list[dict[str, Any]], schema: pa.Schema) -> Written:
    """Write a Parquet file."""
    with appearing(folder / name) as file:
        tables.write(rows, schema, file)
    return _written(folder, name, len(rows))


def write_quads(folder: Path, name: str, named: Sequence[tuple[IRI, list[str]]]) -> Written:
    """Write an N-Quads file of statements in N-Triples."""
    with appearing(folder / name) as file:
        serialize(terms.quads_of(named), file, RdfFormat.N_QUADS)
    return _written(folder, name, sum(len(statements) for _graph, statements in named))


def _written(folder: Path, name: str, rows: int) -> Written:
    digest = sha256()
    size = 0
    with (folder / name).open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
            size += len(data)
    return Written(name, rows, size, digest.hexdigest())


def check_place(output: Path) -> None:
    """Make sure that nothing but an earlier result will be replaced.

    Raises:
        ConfigError: the place holds something that no build has written.
    """
    place = output / FOLDER
    if place.is_symlink():
        return  # the result takes the place of the link
    if place.exists() and not place.is_dir():
        raise ConfigError(f"{place}: is a file, and a folder is to be written there; move it away")
    strange = sorted(path.name for path in place.iterdir() if path.name not in _OURS) if place.exists() else []
    if strange:
        raise ConfigError(f"{place}: holds {strange[0]!r}, which no build wrote; choose another folder with -o")


def put_in_place(fresh: Path, output: Path, manifest: Manifest) -> None:
    """Let a finished folder take the place of the last one.

    Raises:
        ExportError: it cannot be done; or a file is not as its task left it.
    """
    try:
        listed = {file.path: file.bytes for file in manifest.files}
        for path in sorted(fresh.rglob("*")):
            if path.is_file():
                name = path.relative_to(fresh).as_posix()
                if name not in listed:
                    path.unlink()  # left by a worker that died
                elif path.stat().st_size != listed.pop(name):
                    raise ExportError(f"{path}: is not what its task wrote; does another build write here?")
        if listed:
            raise ExportError(f"{fresh}: {', '.join(sorted(listed)[:3])} cannot be seen from here")
        with appearing(fresh / SUCCESS) as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        _swap(fresh, output / FOLDER, fresh.with_name("last"))
    except OSError as error:
        raise ExportError(f"cannot write {error.filename or output}: {error.strerror}") from error


def _swap(fresh: Path, place: Path, aside: Path) -> None:
    """Put a folder in a place, and what was there aside; where that fails, the place is as it was.

    `_SUCCESS` of the last result waits beside it, so that no reader takes a folder that is about to go for whole.
    """
    success = aside.with_name(SUCCESS)
    try:
        if not place.is_symlink() and (place / SUCCESS).exists():
            (place / SUCCESS).replace(success)
        if place.is_symlink() or place.exists():
            place.replace(aside)
        fresh.replace(place)
    except OSError:
        if aside.is_symlink() or aside.exists():
            aside.replace(place)
        if success.exists():
            success.replace(place / SUCCESS)
        raise
    with suppress(OSError):
        remove(aside)


def diagnostics(folder: Path, manifest: Manifest) -> Iterator[Diagnostic]:
    """All diagnostics, in file and line order, without holding them all."""
    import pyarrow.parquet as pq

    for file in manifest.files:
        if file.path.startswith("diagnostics/"):
            for row in pq.read_table(folder / file.path).to_pylist():
                yield Diagnostic(**row)
