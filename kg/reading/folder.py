"""Reads a whole folder: finds the files, shares them out to processes where that pays, keeps everything in order."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kg.config import Config
from kg.errors import ConfigError
from kg.model import Diagnostic, Post, Record
from kg.reading.files import walk
from kg.reading.posts import Reader

_WORTH_A_PROCESS = 200
"""Files; below this, starting processes costs more than it saves."""
_CHUNK = 32
"""Files handed to a process at a time."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All posts in path order, and every diagnostic in file and line order."""

    posts: tuple[Post, ...]
    diagnostics: tuple[Diagnostic, ...]


class Batch(Record):
    """What one process sends back for some files."""

    posts: tuple[Post, ...]
    diagnostics: tuple[Diagnostic, ...]


_decode = msgspec.msgpack.Decoder(Batch).decode
_encode = msgspec.msgpack.Encoder().encode


def read_posts(
    content: Path, config: Config, *, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
) -> ReadResult:
    """Read every post below a folder.

    Args:
        content: the folder.
        config: the settings.
        jobs: number of processes; None takes one per core where there is enough to do.
        progress: called with (files read, files in all).

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    if not content.is_dir():
        what = "is a file, not a folder" if content.exists() else "does not exist"
        raise ConfigError(f"{content}: {what}; give the folder that holds your posts")
    found = walk(content, config.exclude)
    paths = found.paths
    if not paths:
        raise ConfigError(f"{content}: holds no post; kg reads .md, .markdown and .mdx files")
    posts: list[Post] = []
    diagnostics = list(found.diagnostics)
    for batch in _batches(content, config, paths, jobs):
        posts += batch.posts
        diagnostics += batch.diagnostics
        if progress:
            progress(len(posts), len(paths))
    diagnostics += (d for post in posts for d in post.diagnostics)
    diagnostics.sort(key=lambda d: (d.path, d.line, d.column, d.code, d.message))
    return ReadResult(tuple(posts), tuple(diagnostics))


def _batches(content: Path, config: Config, paths: list[str], jobs: int | None) -> Iterator[Batch]:
    if jobs is None:
        jobs = min(cores(), len(paths) // _WORTH_A_PROCESS)
    if jobs < 2:
        yield _read(Reader(content, config), paths)
        return
    # Forking is safe where no thread has started yet, and saves importing everything again.
    method = "fork" if sys.platform == "linux" else "spawn"
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context(method), initializer=_start, initargs=(content, config)
    ) as pool:
        chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
        for encoded in pool.map(_work, chunks):
            yield _decode(encoded)


def _read(reader: Reader, paths: list[str]) -> Batch:
    readings = [reader.read(path) for path in paths]
    return Batch(
        tuple(reading.post for reading in readings if reading.post),
        tuple(diagnostic for reading in readings for diagnostic in reading.diagnostics),
    )


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_reader: Reader


def _start(content: Path, config: Config) -> None:
    global _reader  # noqa: PLW0603  one reader for the life of a worker process
    _reader = Reader(content, config)


def _work(paths: list[str]) -> bytes:
    return _encode(_read(_reader, paths))
