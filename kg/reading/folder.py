"""Reads a whole folder: finds the files, distributes them over processes if that pays, and keeps them in order."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from time import time_ns
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from kg.diagnostics import diagnose, note_of
from kg.errors import ConfigError
from kg.machine.cores import cores
from kg.model import encode
from kg.reading import authors, foreign, inheritance
from kg.reading.cache import NOTHING, Cache, CacheEntry
from kg.reading.day_order import order_of_days
from kg.reading.ecosystems import SOURCES, VAULTS, in_logseq
from kg.reading.finding import walk
from kg.reading.folder_languages import main_folder
from kg.reading.inline_marks import usual
from kg.reading.papers import papers
from kg.reading.people import People, people
from kg.reading.site_language import declared
from kg.reading.site_settings import files_of, site_of
from kg.state import State
from kg.state.keys import Keys, digest, libraries, source
from kg.state.stamps import Stamp, stamp_of, trusted
from kg.text.filenames import CONTENT_ADAPTER, portable
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from kg.config import Config
    from kg.model import Diagnostic, Post
    from kg.reading.finding import Walk
    from kg.reading.inherited import Inherited
    from kg.reading.posts import Reader
    from kg.reading.site import Site

_WORTH_A_PROCESS = 150
"""Files; below this for each of two processes, starting them costs more than it saves."""
_CHUNK = 16
"""Files handed to a process at a time."""
_AHEAD = 3
"""Chunks that are handed to another process before it has read the first."""
_PARTS = ("program", "libraries", "reading", "inherited")
"""The parts of a run's `Keys` that decide what reading gives."""


@dataclass(frozen=True)
class Folder:
    """A folder before any post is read."""

    content: Path
    site: Site
    """What the settings of its tool say."""
    found: Walk
    inherited: Inherited
    """What posts inherit from other files."""
    beside: tuple[Path, ...]
    """Files that are read beside the posts: what posts inherit from, authors' names, settings of the site."""
    begun: int
    """When it was looked at, in nanoseconds since 1970; a file changed later may have been read before that."""
    _stamps: dict[str, Stamp] = field(default_factory=dict, repr=False, compare=False)

    def stamp(self, path: str) -> Stamp:
        """The stamp of a file when somebody first asked for it; `NO_FILE` if it cannot be examined."""
        found = self._stamps.get(path)
        if found is None:
            found = self._stamps[path] = stamp_of(f"{self.content}/{path}")
        return found

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong outside the posts: with the folder, or with files that posts inherit from."""
        return (*self.found.diagnostics, *self.inherited.diagnostics)


@dataclass(frozen=True)
class ReadResult:
    """The posts of a folder, and its diagnostics."""

    folder: Folder
    entries: tuple[CacheEntry, ...]
    """Every file in path order, including those that gave no post."""
    decoded: tuple[Post | None, ...] = ()
    """What the entries hold, if all of them have been decoded already."""
    before: tuple[CacheEntry, ...] = ()
    """The entries of the reading before this one, if it is known."""

    def without_encoded(self) -> ReadResult:
        """The same without the encoded posts, which take as much memory again as the decoded ones."""
        entries = tuple([replace(entry, encoded=NOTHING) for entry in self.entries])
        return ReadResult(self.folder, entries, self.decoded or tuple([entry.post for entry in self.entries]))

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """All posts in path order, with the names of people that are meant."""
        return self.people.rewritten(self._as_read)

    @cached_property
    def people(self) -> People:
        """The people that all posts name."""
        return people(self._as_read, self.folder.content, self.folder.site.home)

    def posts_with(self, *, drafts: bool) -> tuple[Post, ...]:
        """All posts, or those that are no drafts."""
        return self.posts if drafts else tuple(post for post in self.posts if not post.draft)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All diagnostics: those of the folder first, then those of each file."""
        own = {post.path: post.diagnostics for post in self._as_read}
        return (*self.folder.diagnostics, *(d for e in self.entries for d in (*e.diagnostics, *own.get(e.path, ()))))

    @cached_property
    def fingerprint(self) -> bytes:
        """A digest of 32 bytes of all posts and diagnostics, whatever else is in the files."""
        fingerprints = [(entry.path, entry.fingerprint) for entry in self.entries]
        return blake2b(encode((fingerprints, self.folder.diagnostics)), digest_size=32).digest()

    @cached_property
    def _as_read(self) -> list[Post]:
        return [post for post in self.decoded or (entry.post for entry in self.entries) if post is not None]


_decode = msgspec.msgpack.Decoder(tuple[CacheEntry, ...]).decode


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
        raise ConfigError(f"{content}: holds no post; kg reads Markdown files (.md, .markdown, .mdx, .qmd …){left_out}")
    return found


def look(content: Path, config: Config) -> Folder:
    """Find the files of a folder and what is known about it before any post is read.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    begun = time_ns()
    found = find_posts(content, config)
    found.diagnostics.extend(authors.linked(content))
    inherited = inheritance.load(content, found, config.limits, config.folders)
    site = site_of(content, config, found.tool)
    if not site.addresses:
        from kg.reading.own_addresses import own_addresses

        site = replace(site, addresses=own_addresses(content, found.paths))
    if not site.language:
        paths = [portable(path) for path in found.paths]
        site = replace(site, language=main_folder(paths, inherited.languages))
    notation = replace(site.notation, dates=order_of_days(content, found.paths))
    if site.notes and not site.tool and not config.inline_tags:
        tags, fields = usual(content, found.paths)
        notation = replace(notation, tags=tags, fields=fields)
    roots = site.roots
    if roots and (site.tool not in SOURCES or site.home):
        below = tuple(f"{root}/" for root in roots)
        own = [path for path in found.paths if not foreign.UNASKED.match(path)]
        roots = roots if 2 * sum(path.startswith(below) for path in own) >= len(own) else ()
    if not roots and site.tool not in VAULTS:
        site = replace(site, papers=papers(content, found.paths))
    beside = replace(
        site.beside,
        pages=tuple(map(portable, found.pages)),
        unread=tuple(map(portable, found.unread)),
        generates=site.beside.generates or any(page.endswith(CONTENT_ADAPTER) for page in found.pages),
    )
    site = replace(site, roots=roots, notation=notation, beside=beside)
    if beside.org_pages:
        what = f"{counted(len(beside.org_pages), 'page')} in Org: kg reads Markdown; links to them are not drawn"
        found.diagnostics.append(note_of(diagnose(".", 0, 0, "KG006", what)))
    files = (
        *inherited.files,
        *authors.data_files(content, site.home),
        *declared(content, site.tool).files,
        *files_of(content, site.tool),
    )
    return Folder(content, site, found, inherited, files, begun)


def keys_of(folder: Folder, config: Config) -> Keys:
    """Digests of everything but the posts that reading a folder depends on: see `_PARTS`.

    This includes the name of the folder and what is known of its tool.
    """
    content = folder.content
    name = os.fsencode(content.resolve().name)  # which need not be UTF-8
    tool = (folder.site, in_logseq(content), declared(content, folder.site.tool).language)
    options = (config.language, config.latin, config.inline_tags, config.include, config.fields, config.limits)
    mined = (config.mines_glosses, config.mines_definitions)
    return Keys(
        program=source(),
        libraries=libraries(),
        reading=digest(name, tool, options, mined),
        inherited=folder.inherited.digest,
    )


def read_posts(
    content: Path,
    config: Config,
    *,
    folder: Folder | None = None,
    state: State | None = None,
    keys: Keys | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> ReadResult:
    """Read every post below a folder.

    Args:
        content: the folder.
        config: the settings.
        folder: what `look` returned for it with the same settings; None calls it.
        state: where the posts of the last run are kept; it is updated if it may be written. None reads everything.
        keys: the keys of the run; None computes them.
        jobs: number of processes; None means one per core if there is enough to do.
        progress: called with (files read, files in all).
        meanwhile: called once, when other processes have begun to read; not called if there are none.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    folder, state = folder or look(content, config), state or State()
    paths = folder.found.paths
    parts = (keys or keys_of(folder, config)).only(*_PARTS)
    cache = Cache.load(state, parts)
    known = {entry.path: entry for entry in cache.entries}
    entries: dict[str, CacheEntry] = {}
    todo: list[tuple[str, str]] = []
    for path in paths:
        entry = known.get(portable(path))
        if entry is not None and trusted(entry.stamp, folder.stamp(path), cache.begun):
            entries[path] = entry
        else:
            todo.append((path, entry.digest if entry else ""))
    done = len(entries)
    decoded: dict[str, Post | None] = {}
    for (path, _digest), (entry, post) in zip(todo, _entries(folder, config, todo, jobs, meanwhile), strict=True):
        if not known:  # then all of them are going to be needed
            decoded[path] = post
        same = known.get(entry.path) if entry.is_same else None
        if same and same.digest == entry.digest:
            entry = replace(same, stamp=entry.stamp)  # noqa: PLW2901
        entries[path] = entry
        done += 1
        if progress:
            progress(done, len(paths))
    ordered = tuple(entries[path] for path in paths)
    if todo or len(known) != len(paths):
        cache.update(state, parts, folder.begun, ordered)
    return ReadResult(folder, ordered, tuple(decoded.values()), cache.entries)


def _entries(
    folder: Folder, config: Config, todo: list[tuple[str, str]], jobs: int | None, meanwhile: Callable[[], None]
) -> Iterator[tuple[CacheEntry, Post | None]]:
    """Read files, in the order given."""
    if not todo:
        return  # and nothing that reads is loaded
    from kg.reading.posts import Reader

    if jobs is None:
        jobs = min(cores(), len(todo) // _WORTH_A_PROCESS)
    chunks = [todo[start : start + _CHUNK] for start in range(0, len(todo), _CHUNK)]
    jobs = min(jobs, len(chunks))
    known = (folder.content, config, folder.inherited, folder.site)
    reader = Reader(*known)  # even if others read: wrong settings fail before they start
    if jobs < 2:
        for chunk in chunks:
            yield from _read(reader, chunk)
        return
    from kg.machine.processes import Pool

    with Pool(jobs - 1, _start, known) as pool:
        left = iter(range(len(chunks)))
        own: dict[int, list[tuple[CacheEntry, Post | None]]] = {}
        theirs: dict[int, Future[bytes]] = {}

        def keep_busy() -> None:
            while sum(not one.done() for one in theirs.values()) < _AHEAD * (jobs - 1):
                if (given := next(left, None)) is None:
                    return
                theirs[given] = pool.submit(_read_some, chunks[given])

        keep_busy()
        meanwhile()
        for number in range(len(chunks)):
            keep_busy()
            while number not in own and not (number in theirs and theirs[number].done()):
                if (taken := next(left, None)) is None:
                    break
                own[taken] = list(_read(reader, chunks[taken]))
                keep_busy()
            yield from own.pop(number) if number in own else _with_posts(_decode(theirs.pop(number).result()))


def _with_posts(entries: tuple[CacheEntry, ...]) -> Iterator[tuple[CacheEntry, Post | None]]:
    return ((entry, entry.post) for entry in entries)


def _read(reader: Reader, chunk: list[tuple[str, str]]) -> Iterator[tuple[CacheEntry, Post | None]]:
    for path, known in chunk:
        found = reader.read(path, known)
        yield CacheEntry.of(found), found.post


_reader: Reader


def _start(content: Path, config: Config, inherited: Inherited, site: Site) -> None:
    global _reader  # noqa: PLW0603  one reader for the life of a worker process
    from kg.reading.posts import Reader

    gc.disable()  # records hold no cycles
    _reader = Reader(content, config, inherited, site)


def _read_some(chunk: list[tuple[str, str]]) -> bytes:
    return encode([entry for entry, _post in _read(_reader, chunk)])
