"""The files of a build: written by all processes there are, and put in place together.

    graph ─▶ jobs ─▶ files beside OUTPUT's ─▶ OUTPUT

A job is a whole format, or a run of pieces of a format that is written piece by piece. What the last build wrote of a
share that is as it was is copied from its file.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg import exporters, manifest
from kg.errors import ConfigError, ExportError
from kg.exporters import Exporter, Pieces
from kg.files import replacing
from kg.manifest import Piece
from kg.processes import Pool, cores, may_fork
from kg.reading import cache
from kg.reading.cache import Stamp
from kg.shares import shares

if TYPE_CHECKING:
    from concurrent.futures import Future

    from kg.graph import KnowledgeGraph
    from kg.manifest import Manifest

_WORTH_A_PROCESS = 2_500
"""Nodes; below this for each of two processes, one is quicker."""
_RUNS = 32
"""Into how many runs a section is cut, so that no process waits long for the last one."""
_BUFFER = 1 << 20
_ABANDONED = 24 * 60 * 60
"""Seconds after which nobody is at work on a file that waits to be put in place."""
_encode = msgspec.msgpack.Encoder().encode
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
    except BrokenExecutor as error:
        raise ExportError("the process that wrote the files was killed; is there enough memory?") from error
    return Written(tuple(output / file for file in files), stamps, pieces)


def _put_in_place(fresh: Path, target: Path) -> Stamp:
    """Replace a file; its stamp, or one that no file has where another build has replaced it since."""
    made = cache.stamp(fresh.stat())
    fresh.replace(target)
    now = cache.stamp(target.stat())
    ours = (now.size, now.modified, now.inode) == (made.size, made.modified, made.inode)
    return now if ours else Stamp(-1, 0, 0, 0)


def _sweep(state: Path) -> None:
    """Remove what builds left that were killed long ago."""
    for path in (*state.glob("new-*"), *state.glob("posts-*"), *state.glob("last-*.*")):
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
        done: dict[_Job, list[Piece]] = {}
        with ExitStack() as stack:
            waiting: list[Future[list[Piece]]] = []
            if helpers and len(drawn) + len(others) > 1:
                pool = Pool(helpers, _hold, (self,))
                stack.callback(pool.shutdown, cancel_futures=True)
                waiting = [pool.submit(_do_held, job) for job in others]
            for job in drawn:  # here, because the map is kept for the next build
                with step(job.format):
                    self.do(job)
            with step("write"):
                # The others begin at the beginning, this process at the end; where they meet, all is done.
                for job, future in zip(reversed(others), reversed(waiting), strict=False):
                    if future.cancel():
                        done[job] = self.do(job)
                for job, future in zip(others, waiting, strict=False):
                    if job not in done:
                        done[job] = future.result()
                for job in others:
                    if job not in done:
                        done[job] = self.do(job)
                return {self._formats[name].files[0]: self._put_together(name, done) for name in self._pieced}

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
        section = self._pieced[job.format].sections[job.section]
        key = self._keys[job.format] + bytes([job.section])
        result = []
        with (
            (self._folder / job.file).open("wb", _BUFFER) as stream,
            self._last.pieces(exporter.files[0]) as copy,
        ):
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
    def pieces(self, file: str) -> Iterator[_Copy]:
        """A function from the digest of a piece to what was written then, if the file still is what was written."""
        places = self._places.get(file)
        if not places:
            yield lambda _digest: None
            return
        try:
            stream = (self._output / file).open("rb")
        except OSError:
            yield lambda _digest: None
            return
        with stream:
            untouched = cache.stamp(os.fstat(stream.fileno())) == self._stamps.get(file)

            def copy(digest: bytes) -> tuple[bytes, int] | None:
                at, piece = places.get(digest, (0, None))
                if piece is None or not untouched:
                    return None
                stream.seek(at)
                data = stream.read(piece.length)
                return (data, piece.statements) if len(data) == piece.length else None

            yield copy


def _digest(*parts: bytes) -> bytes:
    return blake2b(b"".join(parts), digest_size=16).digest()


_held: _Work


def _hold(work: _Work) -> None:
    global _held  # noqa: PLW0603  the graph of a forked process, which inherits it without a copy
    _held = work


def _do_held(job: _Job) -> list[Piece]:
    return _held.do(job)
