"""The files of a build: written by all processes there are, and put in place together.

    graph ─▶ jobs ─▶ files beside OUTPUT's ─▶ OUTPUT

A job is a whole format, or a run of pieces of a format that is written piece by piece. What the last build wrote of a
share that is as it was is copied from its file.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

import msgspec

from kg import exporters, manifest
from kg.errors import ConfigError, ExportError
from kg.exporters import Exporter, Pieces
from kg.files import replacing
from kg.manifest import Piece
from kg.processes import Partner, cores, may_fork
from kg.reading import cache
from kg.reading.cache import Stamp
from kg.shares import shares

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph
    from kg.manifest import Manifest

_WORTH_A_PROCESS = 2_500
"""Nodes; below this for each of two processes, one is quicker."""
_RUNS = 32
"""Into how many runs a section is cut, so that no process waits long for the last one."""
_BUFFER = 1 << 20
_ABANDONED = 24 * 60 * 60
"""Seconds after which nobody is at work on a file that waits to be put in place."""
_WIDTH = 2
"""Bytes of a claim; 30,000 of them fit into the pipe of any system that can fork."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[int, list[Piece]]).decode
Step = Callable[[str], AbstractContextManager[None]]
"""Times what is done within it."""
_Copy = Callable[[bytes], tuple[bytes, int] | None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    files: tuple[Path, ...]
    stamps: tuple[tuple[str, Stamp], ...]
    """Of each file by its name, once it was in place."""
    pieces: Mapping[str, tuple[Piece, ...]]
    """Name of a file → its pieces in order, for the next build."""


def write(
    graph: KnowledgeGraph, output: Path, state: Path, names: Sequence[str], step: Step, *, jobs: int | None = None
) -> Written:
    """Write formats into a folder: all of them, or none.

    Args:
        graph: what is written.
        output: the folder.
        state: the folder of what the last build left; the new files wait there for one another.
        names: of the formats.
        step: times the formats that this process draws by itself, by their names, and the rest as `write`.
        jobs: number of processes at most; None takes one per core where there is enough to do.

    Raises:
        ExportError: a file could not be written; those of the last build are untouched.
    """
    formats = {name: exporters.get(name) for name in names}
    files = [file for exporter in formats.values() for file in exporter.files]
    for file in files:
        if (output / file).is_dir():
            raise ExportError(f"cannot write {output / file}: there is a folder of that name")
    try:
        state.mkdir(parents=True, exist_ok=True)
        _sweep(state)
        with tempfile.TemporaryDirectory(prefix="new-", dir=state) as folder:
            work = _Work(graph, formats, Path(folder), _Last(output, manifest.load(state)))
            pieces = work.do_all(step, _helpers(graph, jobs))
            stamps = tuple((file, _put_in_place(Path(folder) / file, output / file)) for file in files)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        raise ExportError(f"cannot write{where}: {error.strerror}") from error
    return Written(tuple(output / file for file in files), stamps, pieces)


def _put_in_place(fresh: Path, target: Path) -> Stamp:
    """Replace a file, or what a link leads to, and keep its mode.

    Returns:
        Its stamp; one that no file has where another build has replaced it since.
    """
    target = Path(os.path.realpath(target))  # which minds no loop of links
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file():
        fresh.chmod(target.stat().st_mode & 0o7777)
    made = cache.stamp(fresh.stat())
    try:
        fresh.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with fresh.open("rb") as source, replacing(target) as stream:  # on another file system
            shutil.copyfileobj(source, stream, _BUFFER)
            stream.flush()
            made = cache.stamp(os.fstat(stream.fileno()))
    now = cache.stamp(target.stat())
    ours = (now.size, now.modified, now.inode) == (made.size, made.modified, made.inode)
    return now if ours else Stamp(-1, 0, 0, 0)


def _sweep(state: Path) -> None:
    """Remove what builds left that were killed long ago."""
    for path in (*state.glob("new-*"), *state.glob("posts-*"), *state.glob(".last-*.new")):
        try:
            if time() - path.stat().st_mtime < _ABANDONED:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            continue  # another build is as quick, or may not


def write_file(graph: KnowledgeGraph, exporter: Exporter, target: Path | None) -> list[Path]:
    """Write one format to a file (to a folder, for a format of several files), whole or not at all.

    Raises:
        ConfigError: the target is of the wrong sort.
        ExportError: it cannot be written; what was there is untouched.
    """
    if len(exporter.files) > 1:
        folder = target or Path()
        if folder.exists() and not folder.is_dir():
            raise ConfigError(f"{folder}: {', '.join(exporter.files)} need a folder, and this is a file")
        targets = [folder / file for file in exporter.files]
    else:
        targets = [target or Path(exporter.files[0])]
        if targets[0].is_dir():
            targets = [targets[0] / exporter.files[0]]
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(replacing(path)) for path in targets]
            exporter.write(graph, *files)
    except OSError as error:
        raise ExportError(f"cannot write {error.filename or targets[0]}: {error.strerror}") from error
    return targets


def _helpers(graph: KnowledgeGraph, jobs: int | None) -> int:
    """How many other processes are worth while; the graph reaches only those that inherit it."""
    worth = min(cores(jobs), len(graph.nodes) // _WORTH_A_PROCESS) if may_fork() else 1
    return max(worth - 1, 0)


class _Job(NamedTuple):
    """What one process does without a break."""

    format: str
    section: int = 0
    start: int = 0
    """The first of the section's shares."""
    stop: int = 0
    """The one after the last; 0 for a format that is written as a whole."""

    @property
    def file(self) -> str:
        """The file that holds this run until all are there."""
        return f"{self.format}-{self.section}-{self.start}"


class _Work:
    """All jobs of one build."""

    def __init__(self, graph: KnowledgeGraph, formats: Mapping[str, Exporter], folder: Path, last: _Last) -> None:
        self._graph = graph
        self._formats = formats
        self._folder = folder
        self._last = last
        self._pieced = {name: e.write for name, e in formats.items() if isinstance(e.write, Pieces)}
        self._heads = {name: pieces.head(graph) for name, pieces in self._pieced.items()}
        about = _encode((graph.kinds, graph.schemes, graph.dataset.base))
        self._keys = {name: _digest(cache.program(), about, head) for name, head in self._heads.items()}
        numbered = list(enumerate(shares(graph))) if self._pieced else []
        self._shares = {
            (name, number): [(n, share) for n, share in numbered if section.holds(share)]
            for name, pieces in self._pieced.items()
            for number, section in enumerate(pieces.sections)
        }
        self._digests: dict[int, bytes] = {}

    def do_all(self, step: Step, helpers: int) -> dict[str, tuple[Piece, ...]]:
        """Write every file into the folder, with the help of other processes."""
        drawn = [_Job(name) for name, exporter in self._formats.items() if exporter.draws]
        others = [job for name, exporter in self._formats.items() if not exporter.draws for job in self._jobs(name)]
        with _Claims(len(others)) as claims:
            partners = [
                Partner(lambda _told: _encode({number: self.do(others[number]) for number in claims}))
                for _ in range(helpers if len(drawn) + len(others) > 1 else 0)
            ]
            for job in drawn:  # here, because the map is kept for the next build
                with step(job.format):
                    self.do(job)
            with step("write"):
                done = {number: self.do(others[number]) for number in claims}
                for partner in partners:
                    done |= _decode(partner.answer() or _encode({}))
                for number in range(len(others)):
                    if number not in done:  # whoever claimed it came to grief
                        done[number] = self.do(others[number])
                written = {job: done[number] for number, job in enumerate(others)}
                return {self._formats[name].files[0]: self._put_together(name, written) for name in self._pieced}

    def _jobs(self, name: str) -> list[_Job]:
        if name not in self._pieced:
            return [_Job(name)]
        result = []
        for section in range(len(self._pieced[name].sections)):
            count = len(self._shares[name, section])
            length = max(count // _RUNS, 1)
            result += [_Job(name, section, at, min(at + length, count)) for at in range(0, count, length)]
        return result

    def do(self, job: _Job) -> list[Piece]:
        """Write a format as a whole, or a run of its pieces."""
        exporter = self._formats[job.format]
        if not job.stop:
            with ExitStack() as stack:
                files = [stack.enter_context((self._folder / file).open("wb", _BUFFER)) for file in exporter.files]
                exporter.write(self._graph, *files)
            return []
        with self._last.pieces(exporter.files[0]) as last:
            result = self._run(job, last.copy)
            if not last.untouched:  # by a program that writes into the file while we read it
                result = self._run(job, lambda _digest: None)
        return result

    def _run(self, job: _Job, copy: _Copy) -> list[Piece]:
        section = self._pieced[job.format].sections[job.section]
        key = self._keys[job.format] + bytes([job.section])
        result = []
        with (self._folder / job.file).open("wb", _BUFFER) as stream:
            for number, share in self._shares[job.format, job.section][job.start : job.stop]:
                if number not in self._digests:
                    self._digests[number] = share.digest
                digest = _digest(key, self._digests[number])
                data, statements = copy(digest) or section.write(self._graph, share)
                stream.write(data)
                result.append(Piece(digest, len(data), statements))
        return result

    def _put_together(self, name: str, done: Mapping[_Job, list[Piece]]) -> tuple[Piece, ...]:
        head = Piece(b"", len(self._heads[name]), 0)
        jobs = self._jobs(name)
        result = (head, *(piece for job in jobs for piece in done[job]))
        with (self._folder / self._formats[name].files[0]).open("wb") as stream:
            stream.write(self._heads[name])
            for job in jobs:
                with (self._folder / job.file).open("rb") as run:
                    shutil.copyfileobj(run, stream, _BUFFER)
            stream.write(self._pieced[name].tail(self._graph, sum(piece.statements for piece in result)))
        return result


class _Claims:
    """Numbers from 0, each for the one process that takes it; iterate to take some.

    A pipe holds them: a process that is killed takes at most one with it, and leaves no lock behind.
    """

    def __init__(self, count: int) -> None:
        self._source, sink = os.pipe()
        with os.fdopen(sink, "wb") as stream:
            stream.write(b"".join(number.to_bytes(_WIDTH, "big") for number in range(count)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._source)

    def __iter__(self) -> Iterator[int]:
        while claim := os.read(self._source, _WIDTH):
            yield int.from_bytes(claim, "big")


class _Last:
    """The files that the last build left, and their pieces."""

    def __init__(self, output: Path, last: Manifest | None) -> None:
        self._output = output
        self._stamps: dict[str, Stamp] = dict(last.results) if last else {}
        self._places: dict[str, dict[bytes, tuple[int, Piece]]] = {}
        for file, pieces in (last.pieces if last else {}).items():
            at = 0
            places = self._places[file] = {}
            for piece in pieces:
                places[piece.digest] = at, piece
                at += piece.length

    @contextmanager
    def pieces(self, file: str) -> Iterator[_Pieces]:
        """The pieces of one file; none if it is not what was written."""
        held, places = self._stamps.get(file), self._places.get(file)
        with ExitStack() as stack:
            stream = None
            try:
                # A pipe, say, is not even opened.
                if places and cache.stamp((self._output / file).stat()) == held:
                    stream = stack.enter_context((self._output / file).open("rb"))
            except OSError:
                pass  # it is gone, or not ours to read: all is written anew
            found = _Pieces(stream, held, places or {})
            yield found if found.untouched else _Pieces(None, held, {})


class _Pieces:
    """The pieces of one file of the last build."""

    def __init__(self, stream: BinaryIO | None, held: Stamp | None, places: Mapping[bytes, tuple[int, Piece]]) -> None:
        self._stream = stream
        self._held = held
        self._places = places

    @property
    def untouched(self) -> bool:
        """Whether the file is still what was written; what was copied before it was not may be anything."""
        return self._stream is None or cache.stamp(os.fstat(self._stream.fileno())) == self._held

    def copy(self, digest: bytes) -> tuple[bytes, int] | None:
        """The piece that was written from the same, and its number of statements; None where there is none."""
        at, piece = self._places.get(digest, (0, None))
        if piece is None or self._stream is None:
            return None
        self._stream.seek(at)
        data = self._stream.read(piece.length)
        return (data, piece.statements) if len(data) == piece.length else None


def _digest(*parts: bytes) -> bytes:
    return blake2b(b"".join(parts), digest_size=16).digest()
