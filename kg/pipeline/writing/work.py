"""The work of writing files, cut into tasks that any process may do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from kg.exporters import Exporter, Pieces
from kg.graph.shares import shares
from kg.machine.processes import Partner
from kg.pipeline.manifest import Piece
from kg.reading import cache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.writing.last import Last

_RUNS = 32
"""Into how many runs a section is cut, so that no process waits long for the last one."""
_BUFFER = 1 << 20
_WIDTH = 2
"""Bytes of a claim; there are a few hundred, which fit into any pipe."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[int, list[Piece]]).decode
Step = Callable[[str], AbstractContextManager[None]]
"""Times what is done within it."""
_Copy = Callable[[bytes], tuple[bytes, int] | None]


class Task(NamedTuple):
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


class Work:
    """All tasks of one build."""

    def __init__(self, graph: KnowledgeGraph, formats: Mapping[str, Exporter], folder: Path, last: Last) -> None:
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
        drawn = [Task(name) for name, exporter in self._formats.items() if exporter.draws]
        others = [task for name, exporter in self._formats.items() if not exporter.draws for task in self._tasks(name)]
        with Claims(len(others)) as claims:
            partners = [
                Partner(lambda _told: _encode({number: self.do(others[number]) for number in claims}))
                for _ in range(helpers if len(drawn) + len(others) > 1 else 0)
            ]
            for task in drawn:  # here, because the map is kept for the next build
                with step(task.format):
                    self.do(task)
            with step("write"):
                done = {number: self.do(others[number]) for number in claims}
                for partner in partners:
                    done |= _decode(partner.answer() or _encode({}))
                for number in range(len(others)):
                    if number not in done:  # whoever claimed it came to grief
                        done[number] = self.do(others[number])
                written = {task: done[number] for number, task in enumerate(others)}
                return {self._formats[name].files[0]: self._put_together(name, written) for name in self._pieced}

    def _tasks(self, name: str) -> list[Task]:
        if name not in self._pieced:
            return [Task(name)]
        result = []
        for section in range(len(self._pieced[name].sections)):
            count = len(self._shares[name, section])
            length = max(count // _RUNS, 1)
            result += [Task(name, section, at, min(at + length, count)) for at in range(0, count, length)]
        return result

    def do(self, task: Task) -> list[Piece]:
        """Write a format as a whole, or a run of its pieces."""
        exporter = self._formats[task.format]
        if not task.stop:
            with ExitStack() as stack:
                files = [stack.enter_context((self._folder / file).open("wb", _BUFFER)) for file in exporter.files]
                exporter.write(self._graph, *files)
            return []
        with self._last.pieces(exporter.files[0]) as last:
            result = self._run(task, last.copy)
            if not last.untouched:  # by a program that writes into the file while we read it
                result = self._run(task, lambda _digest: None)
        return result

    def _run(self, task: Task, copy: _Copy) -> list[Piece]:
        section = self._pieced[task.format].sections[task.section]
        key = self._keys[task.format] + bytes([task.section])
        result = []
        with (self._folder / task.file).open("wb", _BUFFER) as stream:
            for number, share in self._shares[task.format, task.section][task.start : task.stop]:
                if number not in self._digests:
                    self._digests[number] = share.digest
                digest = _digest(key, self._digests[number])
                data, statements = copy(digest) or section.write(self._graph, share)
                stream.write(data)
                result.append(Piece(digest, len(data), statements))
        return result

    def _put_together(self, name: str, done: Mapping[Task, list[Piece]]) -> tuple[Piece, ...]:
        head = Piece(b"", len(self._heads[name]), 0)
        tasks = self._tasks(name)
        result = (head, *(piece for task in tasks for piece in done[task]))
        with (self._folder / self._formats[name].files[0]).open("wb") as stream:
            stream.write(self._heads[name])
            for task in tasks:
                with (self._folder / task.file).open("rb") as run:
                    shutil.copyfileobj(run, stream, _BUFFER)
            stream.write(self._pieced[name].tail(self._graph, sum(piece.statements for piece in result)))
        return result


class Claims:
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


def _digest(*parts: bytes) -> bytes:
    return blake2b(b"".join(parts), digest_size=16).digest()
