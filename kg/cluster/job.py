"""One task: what it knows, what it was sent, and what it sends on.

A message is a row of a Parquet file: the partition it goes to, and a record in MessagePack. `kg.cluster.flow` lets Dask
shuffle such files, and gives each task the rows of its partition.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from kg.cluster import store
from kg.config import Config
from kg.model import Record
from kg.resolution import ledger as ledgers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from kg.reading.inherited import Inherited
    from kg.resolution.ledger import Ledger

T = TypeVar("T")
SCHEMA = pa.schema([("to", pa.int64()), ("data", pa.large_binary())])
_encode = msgspec.msgpack.Encoder().encode


class Plan(Record, frozen=True):
    """What all tasks of a build know."""

    content: str
    """The absolute path of the folder of posts."""
    output: str
    """The URL of the folder that the results are written to."""
    config: Config
    ledger: str
    """The text of the identity ledger."""
    ledger_path: str
    """For messages."""
    posts: int
    """Number of files."""
    parts: int
    """Number of partitions; a function of the number of files alone, and so are the names of the results."""

    @property
    def per_part(self) -> int:
        """Files of one part; the files of a part stand next to each other in path order."""
        return -(-self.posts // self.parts)


@lru_cache(maxsize=4)
def _plan(work: str) -> tuple[Plan, Ledger]:
    plan: Plan = told(work, "plan")
    return plan, ledgers.parse(plan.ledger, plan.ledger_path)


def tell(work: str, name: str, value: Any) -> None:
    """Let all tasks know something; as a pickle, because names of files need not be UTF-8."""
    store.put(store.join(work, "told", name), pickle.dumps(value))


def told(work: str, name: str) -> Any:
    """What `tell` said."""
    return pickle.loads(store.get(store.join(work, "told", name)))  # noqa: S301  by whoever leads this build


class Job:
    """One task."""

    def __init__(self, work: str, part: int, frame: pd.DataFrame) -> None:
        self.work = work
        """The URL of the folder of this build."""
        self.part = part
        self.frame = frame
        """The rows of this partition; messages, or what else the stage is about."""
        self.plan, self.ledger = _plan(work)
        self.parts = self.plan.parts
        self._sent: dict[str, list[bytes]] = {}
        if "table" in frame:
            for name, rows in frame.groupby("table", sort=False)["data"]:
                self._sent[str(name)] = sorted(rows)  # a shuffle keeps no order
        self._boxes: dict[str, tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))

    def told(self, name: str) -> Any:
        """What whoever leads the build tells all tasks."""
        return told(self.work, name)

    @property
    def heirs(self) -> Inherited:
        """What the posts inherit from other files."""
        heirs: Inherited = self.told("heirs")
        return heirs

    def bucket(self, key: str) -> int:
        """The partition that a key belongs to."""
        return crc32(key.encode("utf-8", "surrogatepass")) % self.parts

    def part_of(self, number: int) -> int:
        """The part that holds a post."""
        return number // self.plan.per_part

    def send(self, table: str, to: int, record: Any) -> None:
        """Send a record to a partition."""
        targets, data = self._boxes[table]
        targets.append(to)
        data.append(_encode(record))

    def send_arrays(self, table: str, by: NDArray[np.uint64], *more: NDArray[np.uint64]) -> None:
        """Send rows of numbers, each to the partition of its first one, with the number of this part."""
        targets = (by % np.uint64(self.parts)).astype(np.int64)
        for to in range(self.parts):
            chosen = targets == to
            if chosen.any():
                self.send(table, to, (self.part, *(column[chosen].tobytes() for column in (by, *more))))

    def inbox(self, table: str, kind: Any) -> Iterator[Any]:
        """What was sent here, in an order that depends on nothing else."""
        return map(_decoder(kind).decode, self._sent.get(table, ()))

    def inbox_arrays(self, table: str, columns: int) -> tuple[NDArray[np.uint64], ...]:
        """What `send_arrays` sent here: the parts of the senders, and the columns."""
        rows = list(self.inbox(table, tuple[int, *[bytes] * columns]))
        found = [np.concatenate([_EMPTY, *(np.frombuffer(row[at + 1], np.uint64) for row in rows)]) for at in range(columns)]
        senders = np.repeat([row[0] for row in rows] or [0], [len(row[1]) // 8 for row in rows] or [0]).astype(np.uint64)
        return senders, *found

    def keep(self, table: str, records: Iterable[Any]) -> None:
        """Write records for the later tasks of this same part."""
        data = list(map(_encode, records))
        self.write(table, pa.table({"to": pa.array([self.part] * len(data), pa.int64()), "data": data}, SCHEMA))

    def kept(self, table: str, kind: Any) -> list[Any]:
        """What this part has kept."""
        column = self.read(table)["data"].to_pylist()
        return list(map(_decoder(kind).decode, column))

    def write(self, table: str, rows: pa.Table) -> None:
        """Write the rows that this part has for a table of the build."""
        store.put_table(self._url(table, self.part), rows)

    def read(self, table: str, part: int | None = None, **which: Any) -> pa.Table:
        """The rows that a part, this one unless said otherwise, has written."""
        return store.get_table(self._url(table, self.part if part is None else part), **which)

    def _url(self, table: str, part: int) -> str:
        return store.join(self.work, table, f"part-{part:05}.parquet")

    def finish(self, stage: str, tables: Sequence[str]) -> int:
        """Write what this stage sends to tables; gives its size in bytes."""
        size = 0
        for table in tables:
            targets, data = self._boxes[table]
            store.put_table(messages(self.work, stage, table, self.part), pa.table({"to": targets, "data": data}, SCHEMA))
            size += sum(map(len, data))
        if strange := self._boxes.keys() - set(tables):
            raise AssertionError(f"nobody receives {strange}")
        return size


_EMPTY = np.empty(0, np.uint64)


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def messages(work: str, stage: str, table: str, part: int) -> str:
    """The URL of what a task of a stage sends to a table."""
    return store.join(work, table, f"{stage}-{part:05}.parquet")


def encoded(record: Any) -> bytes:
    """A record as bytes."""
    return _encode(record)


def decoded(data: bytes, kind: Any) -> Any:
    """A record of bytes."""
    return _decoder(kind).decode(data)


def hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """64 bits for each text."""
    found: NDArray[np.uint64] = pd.util.hash_array(np.array(list(texts), dtype=object), categorize=False)
    return found
