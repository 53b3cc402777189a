"""Reads a whole folder: finds the files, shares them out to processes where that pays, keeps everything in order."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from time import time_ns
from typing import TYPE_CHECKING

import msgspec

from kg.errors import ConfigError
from kg.machine.processes import Pool, cores
from kg.reading import authors, inherited
from kg.reading import cache as posts_cache
from kg.reading.cache import Held
from kg.reading.finding import walk
from kg.reading.site_language import declared
from kg.text.filenames import portable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.config import Config
    from kg.model import Diagnostic, Post
    from kg.reading.finding import Walk
    from kg.reading.inherited import Inherited
    from kg.reading.posts import Reader

_WORTH_A_PROCESS = 150
"""Files; below this for each of two processes, starting them costs more than it saves."""
_CHUNK = 32
"""Files handed to a process at a time."""


@dataclass(frozen=True)
class Folder:
    """What lies in a folder, before any post is read."""

    content: Path
    found: Walk
    heirs: Inherited
    """What posts inherit from other files."""
    beside: tuple[Path, ...]
    """Files that are read beside the posts: what posts inherit from, and where authors' names are kept."""
    begun: int
    """When it was looked at, in nanoseconds since 1970; a file changed later may have been read before that."""


@dataclass(frozen=True)
class ReadResult:
    """What a folder of posts says."""

    content: Path
    entries: tuple[Held, ...]
    """Every file in path order, those that gave no post included."""
    found: tuple[Diagnostic, ...]
    """What is wrong beside the posts themselves: with the folder, with files that posts inherit from."""
    key: bytes
    """Of the cache of posts."""
    begun: int
    """When reading began, in nanoseconds since 1970; a file changed later may not be in here."""
    beside: tuple[Path, ...] = ()
    """Other files that were read for what posts inherit from them, and for the names of authors."""
    decoded: tuple[Post | None, ...] = ()
    """What the entries hold, if all of them have been decoded already."""

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """All posts in path order, with their authors' names."""
        return authors.join(self._as_read, self.content)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every fault and doubt: those of the folder first, then file by file."""
        own = {post.path: post.diagnostics for post in self._as_read}
        return (*self.found, *(d for e in self.entries for d in (*e.diagnostics, *own.get(e.path, ()))))

    @cached_property
    def said(self) -> bytes:
        """32 bytes that stand for all posts and diagnostics, but not for bytes of the files that say nothing."""
        told = [(entry.path, entry.said) for entry in self.entries]
        return blake2b(_encode((told, self.found)), digest_size=32).digest()

    @cached_property
    def _as_read(self) -> list[Post]:
        return [post for post in self.decoded or (entry.post for entry in self.entries) if post is not None]


_decode = msgspec.msgpack.Decoder(tuple[Held, ...]).decode
_encode = msgspec.msgpack.Encoder().encode


def find_posts(content: Path, config: Config) -> Walk:
    """All files to read.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    if not content.is_dir():
        what = "is a file, not a folder" if content.exists() else "does not exist"
        raise ConfigError(f"{content}: {what}; give the folder that holds your posts")
    found = walk(content, config.exclude, config.include)
    if not found.paths:
        left_out = "".join(f"; {diagnostic.path}: {diagnostic.message}" for diagnostic in found.diagnostics[:3])
        raise ConfigError(f"{content}: holds no post; kg reads .md, .markdown and .mdx files{left_out}")
    return found


def look(content: Path, config: Config) -> Folder:
    """Find out what there is to read.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    begun = time_ns()
    found = find_posts(content, config)
    found.diagnostics.extend(authors.linked(content))
    heirs = inherited.load(content, found, config.limits)
    return Folder(content, found, heirs, (*heirs.files, *authors.data_files(content), *declared(content).files), begun)


def read_posts(
    content: Path,
    config: Config,
    *,
    folder: Folder | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
    keep: bool = True,
    meanwhile: Callable[[], None] = lambda: None,
) -> ReadResult:
    """Read every post below a folder.

    Args:
        content: the folder.
        config: the settings.
        folder: what `look` found there with the same settings; None looks now.
        jobs: number of processes; None takes one per core where there is enough to do.
        progress: called with (files read, files in all).
        cache: file of what was read the last time; None reads everything.
        keep: whether the cache is brought up to date.
        meanwhile: called once, when other processes have begun to read; not called where there are none.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    folder = folder or look(content, config)
    paths, heirs = folder.found.paths, folder.heirs
    key = posts_cache.fingerprint(config, content) + heirs.digest
    held, written = posts_cache.load(cache, key) if cache else ({}, 0)
    entries: dict[str, Held] = {}
    todo: list[tuple[str, str]] = []
    for path in paths:
        entry = held.get(portable(path))
        if entry is not None and posts_cache.trusted(entry.stamp, posts_cache.stamp_of(f"{content}/{path}"), written):
            entries[path] = entry
        else:
            todo.append((path, entry.digest if entry else ""))
    done = len(entries)
    decoded: dict[str, Post | None] = {}
    for (path, _known), entry in zip(todo, _entries(content, config, heirs, todo, jobs, meanwhile), strict=True):
        if not held:  # then all of them are going to be needed, and others are still being read
            decoded[path] = entry.post
        entries[path] = msgspec.structs.replace(held[entry.path], stamp=entry.stamp) if entry.is_same else entry
        done += 1
        if progress:
            progress(done, len(paths))
    ordered = tuple(entries[path] for path in paths)
    if cache and keep and (todo or len(held) != len(paths)):
        posts_cache.save(cache, key, ordered, folder.begun)
    diagnostics = (*folder.found.diagnostics, *heirs.diagnostics)
    return ReadResult(content, ordered, diagnostics, key, folder.begun, folder.beside, tuple(decoded.values()))


def _entries(
    content: Path,
    config: Config,
    heirs: Inherited,
    todo: list[tuple[str, str]],
    jobs: int | None,
    meanwhile: Callable[[], None],
) -> Iterator[Held]:
    """Read files, in the order given."""
    if not todo:
        return  # and nothing that reads is loaded
    from kg.reading.posts import Reader

    if jobs is None:
        jobs = min(cores(), len(todo) // _WORTH_A_PROCESS)
    chunks = [todo[start : start + _CHUNK] for start in range(0, len(todo), _CHUNK)]
    jobs = min(jobs, len(chunks))
    reader = Reader(content, config, heirs)  # here, too, where others read: wrong settings are told before they begin
    if jobs < 2:
        for chunk in chunks:
            yield from _read(reader, chunk)
        return
    with Pool(jobs, _start, (content, config, heirs)) as pool:
        results = pool.map(_work, chunks)
        meanwhile()
        for encoded in results:
            yield from _decode(encoded)


def _read(reader: Reader, chunk: list[tuple[str, str]]) -> tuple[Held, ...]:
    return tuple(posts_cache.hold(reader.read(path, digest)) for path, digest in chunk)


_reader: Reader


def _start(content: Path, config: Config, heirs: Inherited) -> None:
    global _reader  # noqa: PLW0603  one reader for the life of a worker process
    from kg.reading.posts import Reader

    gc.disable()  # records hold no cycles
    _reader = Reader(content, config, heirs)


def _work(chunk: list[tuple[str, str]]) -> bytes:
    return _encode(_read(_reader, chunk))
