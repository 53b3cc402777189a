"""How records travel between tasks: through files on the file system that all workers share.

A stage has as many tasks as there are parts. Each task writes one file per exchange, with a section for every part,
and the next stage reads one section of every file. A file appears whole or not at all, under a name that depends only
on the exchange and the task, so a task that is done twice, even by two workers at once, changes nothing. What a worker
has written outlives it.
"""

from __future__ import annotations

import os
import pickle
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast
from zlib import crc32

import msgspec
import pyarrow as pa

from kg.config import Config
from kg.model import Record
from kg.resolution import ledger as ledgers

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from kg.reading.inherited import Inherited
    from kg.resolution.ledger import Ledger

T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()
_ARRAY = b"\xdd"
"""How MessagePack begins an array with 32 bits of length (https://github.com/msgpack/msgpack/blob/master/spec.md)."""


class Plan(Record, frozen=True):
    """What all tasks of a build know."""

    content: str
    """The absolute path of the folder of posts."""
    output: str
    """The absolute path of the folder that the results are written to."""
    config: Config
    ledger: str
    """The text of the identity ledger."""
    ledger_path: str
    """For messages."""
    posts: int
    """Number of files."""
    parts: int
    """Number of tasks of a stage; a function of the number of files alone, and so are the names of the results."""

    @property
    def per_part(self) -> int:
        """Files of one part; the files of a part stand next to each other in path order."""
        return -(-self.posts // self.parts)


@lru_cache(maxsize=4)
def _plan(folder: str) -> tuple[Plan, Ledger]:
    plan: Plan = _told(Path(folder) / "plan")
    return plan, ledgers.parse(plan.ledger, plan.ledger_path)


def save_plan(folder: Path, plan: Plan, inherited: Inherited) -> None:
    """Let all tasks know; `inherited` is what posts inherit."""
    # Not as MessagePack, whose strings are UTF-8: names of folders need not be.
    (folder / "plan").write_bytes(pickle.dumps(plan))
    (folder / "inherited").write_bytes(pickle.dumps(inherited))


def _told(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301  by whoever leads this build; so come Dask's own tasks


class Job:
    """One task: the part it is about, and its way to what others have written."""

    def __init__(self, folder: str, part: int) -> None:
        self.folder = folder
        """Where the exchanges of this build are."""
        self.part = part
        self.plan, self.ledger = _plan(folder)
        self.parts = self.plan.parts
        self.sent = 0
        """Bytes written to exchanges."""

    @property
    def inherited(self) -> Inherited:
        """What the posts inherit from other files."""
        inherited: Inherited = _told(Path(self.folder) / "inherited")
        return inherited

    def bucket(self, key: str) -> int:
        """The part that a key belongs to."""
        return crc32(key.encode("utf-8", "surrogatepass")) % self.parts

    def part_of(self, number: int) -> int:
        """The part that holds a post."""
        return number // self.plan.per_part

    @contextmanager
    def outboxes(self, *names: str) -> Iterator[Sequence[Outbox]]:
        """Exchanges to write to; their files appear once the block is left."""
        boxes = [Outbox(self.parts) for _name in names]
        yield boxes
        for name, box in zip(names, boxes, strict=True):
            self.sent += write(Path(self.folder) / name / f"{self.part:05}", box.sections())

    def inbox(self, name: str, kind: type[T]) -> Iterator[T]:
        """What all tasks of the stage before sent to this part, in the order of their parts."""
        return self._section(name, self.part, kind)

    def keep(self, name: str, records: Iterable[Any]) -> None:
        """Write records for the later tasks of this same part."""
        tell(Path(self.folder) / name / f"{self.part:05}", records)

    def kept(self, name: str, kind: type[T]) -> list[T]:
        """What this part has kept."""
        return read(Path(self.folder) / name / f"{self.part:05}", 0, kind)

    def everything(self, name: str, kind: type[T]) -> Iterator[T]:
        """What all parts have kept under a name: for aggregates that are small wherever the posts are many."""
        return self._section(name, 0, kind)

    def told(self, name: str, kind: type[T]) -> list[T]:
        """What whoever leads the build tells all tasks."""
        return read(Path(self.folder) / name, 0, kind)

    def _section(self, name: str, section: int, kind: type[T]) -> Iterator[T]:
        for part in range(self.parts):
            yield from read(Path(self.folder) / name / f"{part:05}", section, kind)


def tell(path: Path, records: Iterable[Any]) -> None:
    """Write records for one part (`Job.kept`), or for all (`Job.told`)."""
    box = Outbox(1)
    for record in records:
        box.send(0, record)
    write(path, box.sections())


class Outbox:
    """Records on their way, by the part they go to."""

    def __init__(self, parts: int) -> None:
        self._data = [bytearray() for _part in range(parts)]
        self._count = [0] * parts

    def send(self, part: int, record: Any) -> None:
        """Send a record to a part."""
        data = self._data[part]
        _encoder.encode_into(record, data, -1)
        self._count[part] += 1

    def sections(self) -> list[bytes]:
        """One MessagePack array a part, compressed by Zstandard (RFC 8878); nothing for a part that gets nothing."""
        return [
            _packed(_ARRAY + count.to_bytes(4, "big") + data) if count else b""
            for count, data in zip(self._count, self._data, strict=True)
        ]


def _packed(data: bytes) -> bytes:
    packed: bytes = pa.compress(data, codec="zstd", asbytes=True)
    return len(data).to_bytes(8, "big") + packed


def write(path: Path, sections: Sequence[bytes]) -> int:
    """Write a file of sections, and give its size: where each begins and the last one ends, then the sections."""
    place = 8 * (len(sections) + 1)
    places = [place.to_bytes(8, "big")]
    for section in sections:
        place += len(section)
        places.append(place.to_bytes(8, "big"))
    with appearing(path) as file:
        file.writelines((*places, *sections))
    return place


@contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """An open file that gets its name only when all of it is written, whoever else writes it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        with fresh.open("xb") as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _decoder(kind: Hashable) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]


def read(path: Path, section: int, kind: type[T]) -> list[T]:
    """The records of one section."""
    with path.open("rb") as file:
        file.seek(8 * section)
        start, end = (int.from_bytes(file.read(8), "big") for _bound in range(2))
        file.seek(start)
        data = file.read(end - start)
    if not data:
        return []
    unpacked = pa.decompress(data[8:], decompressed_size=int.from_bytes(data[:8], "big"), codec="zstd", asbytes=True)
    records: list[T] = _decoder(cast("Hashable", kind)).decode(unpacked)
    return records
