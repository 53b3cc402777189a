"""The tasks of writing files, each of which any process can do."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import msgspec
from msgspec.structs import replace

from kg.exporters import Chunked, Exporter
from kg.graph.chunks import Chunk, chunks
from kg.graph.model import KnowledgeGraph
from kg.machine.files import copy_part
from kg.model import encode
from kg.pipeline.manifest import WrittenChunk
from kg.pipeline.writing.previous import PreviousFile
from kg.state.keys import program

_TASKS = 32
"""Tasks per section: enough for all processes to finish at about the same time."""
_BUFFER = 1 << 20
_WIDTH = 2
"""Bytes of a task's number; a few hundred numbers fit into any pipe."""
_decode = msgspec.msgpack.Decoder(dict[int, list[WrittenChunk]]).decode
Step = Callable[[str], AbstractContextManager[None]]
"""Times the block within it."""


class Task(NamedTuple):
    """A unit of work of one process: a whole format, or some chunks of a section."""

    format: str
    section: int = 0
    """The number of the section."""
    start: int = 0
    """The first of the section's chunks to write."""
    stop: int = 0
    """The chunk after the last one to write; 0 for a whole format."""

    @property
    def file(self) -> str:
        """The temporary file of those of the chunks that the previous file does not hold."""
        return f"{self.format}-{self.section}-{self.start}"


class Tasks:
    """All tasks of one build."""

    def __init__(
        self, graph: KnowledgeGraph, formats: Mapping[str, Exporter], folder: Path, previous: Mapping[str, PreviousFile]
    ) -> None:
        self._graph = graph
        self._formats = formats
        self._folder = folder
        self._chunked = {name: e.write for name, e in formats.items() if isinstance(e.write, Chunked)}
        self._previous = {name: previous.get(formats[name].files[0]) or PreviousFile() for name in self._chunked}
        self._heads = {name: chunked.head(graph) for name, chunked in self._chunked.items()}
        about = encode((graph.kinds, graph.schemes, graph.dataset.base))
        self._keys = {name: _digest(program(), about, head) for name, head in self._heads.items()}
        self._chunks = {
            (name, number): list(filter(section.holds, chunks(graph)))
            for name, chunked in self._chunked.items()
            for number, section in enumerate(chunked.sections)
        }

    @property
    def copies(self) -> bool:
        """Whether anything can be copied from earlier files."""
        return any(self._previous.values())

    @property
    def nodes(self) -> int:
        """The number of nodes that have to be written for some format; the others can be copied from earlier files."""
        everything = len(self._graph.nodes)
        if len(self._chunked) < len(self._formats) or not self.copies:
            return everything
        fresh = (
            len(chunk)
            for (name, section), found in self._chunks.items()
            for chunk in found
            if not self._previous[name].find(self._digest_of(name, section, chunk))
        )
        return min(everything, sum(fresh))

    def _digest_of(self, name: str, section: int, chunk: Chunk) -> bytes:
        """The digest of all that a section of a format says about a chunk."""
        return _digest(self._keys[name], bytes([section]), chunk.digest)

    def do_all(self, step: Step, helpers: int, meanwhile: Callable[[], None]) -> dict[str, tuple[WrittenChunk, ...]]:
        """Write all files into the folder with several processes.

        Args:
            step: times the work of this process.
            helpers: the number of other processes.
            meanwhile: called once, when these have begun.

        Returns:
            Name of a file that is written chunk by chunk → its chunks.
        """
        if helpers:
            from kg.machine.processes import Partner  # slow to import
        drawn = [Task(name) for name, exporter in self._formats.items() if exporter.draws]
        others = [task for name, exporter in self._formats.items() if not exporter.draws for task in self._tasks(name)]
        with TaskQueue(len(others)) as queue:
            partners = [
                Partner(lambda _receive, _send: encode({number: self.do(others[number]) for number in queue}))
                for _ in range(helpers if len(drawn) + len(others) > 1 else 0)
            ]
            meanwhile()
            for task in drawn:  # in this process, because the map is saved for the next build
                with step(task.format):
                    self.do(task)
            with step("write"):
                done = {number: self.do(others[number]) for number in queue}
                for partner in partners:
                    done |= _decode(partner.answer() or encode({}))
                for number in range(len(others)):
                    if number not in done:  # the process that took it has died
                        done[number] = self.do(others[number])
                written = {task: self._identified(task, done[number]) for number, task in enumerate(others)}
                return {self._formats[name].files[0]: self._put_together(name, written) for name in self._chunked}

    def _tasks(self, name: str) -> list[Task]:
        if name not in self._chunked:
            return [Task(name)]
        result = []
        for section in range(len(self._chunked[name].sections)):
            count = len(self._chunks[name, section])
            length = max(count // _TASKS, 1)
            result += [Task(name, section, at, min(at + length, count)) for at in range(0, count, length)]
        return result

    def do(self, task: Task) -> list[WrittenChunk]:
        """Do one task and return the chunks that it wrote, without the digests of new ones."""
        exporter = self._formats[task.format]
        if not task.stop:
            with ExitStack() as stack:
                files = [stack.enter_context((self._folder / file).open("wb", _BUFFER)) for file in exporter.files]
                exporter.write(self._graph, *files)
            return []
        previous = self._previous[task.format]
        section = self._chunked[task.format].sections[task.section]
        result = []
        with ExitStack() as stack:
            stream: BinaryIO | None = None  # most tasks of a later build only copy
            for chunk in self._chunks_of(task):
                if previous and (found := previous.find(self._digest_of(task.format, task.section, chunk))):
                    result.append(found[1])
                    continue
                data, statements = section.write(self._graph, chunk)
                stream = stream or stack.enter_context((self._folder / task.file).open("wb", _BUFFER))
                stream.write(data)
                result.append(WrittenChunk(b"", len(data), statements))
        return result

    def _chunks_of(self, task: Task) -> list[Chunk]:
        return self._chunks[task.format, task.section][task.start : task.stop]

    def _identified(self, task: Task, written: list[WrittenChunk]) -> list[WrittenChunk]:
        """What a task wrote, with the digests, which the process that saves the graph need not work out again."""
        return [
            one if one.digest else replace(one, digest=self._digest_of(task.format, task.section, chunk))
            for chunk, one in zip(self._chunks_of(task) if written else (), written, strict=True)
        ]

    def _put_together(self, name: str, done: Mapping[Task, list[WrittenChunk]]) -> tuple[WrittenChunk, ...]:
        head = WrittenChunk(b"", len(self._heads[name]), 0)
        tasks = self._tasks(name)
        result = (head, *(chunk for task in tasks for chunk in done[task]))
        with (self._folder / self._formats[name].files[0]).open("wb", _BUFFER) as stream:
            stream.write(self._heads[name])
            for task in tasks:
                self._append(task, done[task], stream)
            stream.write(self._chunked[name].tail(self._graph, sum(chunk.statements for chunk in result)))
        if self._previous[name].untouched:
            return result
        self._previous[name] = PreviousFile()  # another program wrote to it while we were reading
        return self._put_together(name, {task: self._identified(task, self.do(task)) for task in tasks})

    def _append(self, task: Task, chunks: list[WrittenChunk], stream: BinaryIO) -> None:
        """Append the chunks of a task to a file, those that follow one another in another file at once."""
        previous, written = self._previous[task.format], 0
        parts: list[tuple[BinaryIO | None, int, int]] = []
        for chunk in chunks:
            found = previous.find(chunk.digest)
            source, start = (previous.stream, found[0]) if found else (None, written)
            written += 0 if found else chunk.length
            stop = start + chunk.length
            if parts and parts[-1][0] is source and parts[-1][2] == start:
                start = parts.pop()[1]
            parts.append((source, start, stop))
        with ExitStack() as stack:
            fresh = stack.enter_context((self._folder / task.file).open("rb")) if written else previous.stream
            for source, start, stop in parts:
                copy_part(source or fresh, stream, start, stop - start)


class TaskQueue:
    """The numbers of tasks from 0; several processes iterate over it, and each number goes to one of them.

    It is a pipe, so a killed process takes at most one number with it and leaves no lock behind.
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
        while number := os.read(self._source, _WIDTH):
            yield int.from_bytes(number, "big")


def _digest(*parts: bytes) -> bytes:
    return blake2b(b"".join(parts), digest_size=16).digest()
