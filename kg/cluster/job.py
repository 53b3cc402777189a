"""One task: what it knows, what it was sent, and what it sends on.

A message is a row of a Parquet file: the partition it is sent to, and a record in MessagePack. `kg.cluster.flow` has
Dask shuffle these files, and gives each task the rows of its partition.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from kg.cluster import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from kg.config import Config
    from kg.resolution.ledger import Ledger

SCHEMA = pa.schema({"to": pa.int64(), "data": pa.large_binary()})
encoded = msgspec.msgpack.Encoder().encode


class Plan(NamedTuple):
    """What every task of a build knows."""

    content: str
    """The absolute path of the folder of posts."""
    output: str
    """The URL of the folder that the results are written to."""
    config: Config
    posts: int
    """Number of files."""
    parts: int
    """Number of partitions; a function of the number of files alone, and so are the names of the results."""

    @property
    def per_part(self) -> int:
        """Files per part; the files of a part are consecutive in path order."""
        return -(-self.posts // self.parts)


def publish(work: str, name: str, value: Any) -> None:
    """Make a value available to all tasks, as a pickle, because file names need not be UTF-8."""
    store.put(store.join(work, "published", name), pickle.dumps(value))


@lru_cache(maxsize=8)
def published(work: str, name: str) -> Any:
    """A published value, which must not be changed."""
    return pickle.loads(store.get(store.join(work, "published", name)))  # noqa: S301  by whoever leads this build


class Job:
    """One task."""

    def __init__(self, work: str, part: int, frame: pd.DataFrame) -> None:
        self.work = work
        """The URL of the folder of this build."""
        self.part = part
        self.frame = frame
        """The rows of this partition: messages, or whatever else the stage works on."""
        plan: Plan = published(work, "plan")
        self.plan, self.config, self.parts = plan, plan.config, plan.parts
        sent = frame.groupby("table", sort=False)["data"] if "table" in frame else ()
        self._inbox = {name: sorted(rows) for name, rows in sent}  # a shuffle keeps no order
        self._outbox: dict[str, tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))

    def published(self, name: str) -> Any:
        """A value that the leader of the build has published."""
        return published(self.work, name)

    @property
    def ledger(self) -> Ledger:
        """The decisions of people, and those that notes imply."""
        ledger: Ledger = self.published("ledger")
        return ledger

    def bucket(self, key: str) -> int:
        """The partition that a key belongs to."""
        return crc32(key.encode("utf-8", "surrogatepass")) % self.parts

    def part_of(self, number: int) -> int:
        """The part that holds a post."""
        return number // self.plan.per_part

    def send(self, table: str, to: int, record: Any) -> None:
        """Send a record to a partition."""
        targets, data = self._outbox[table]
        targets.append(to)
        data.append(encoded(record))

    def inbox(self, table: str, kind: Any) -> Iterator[Any]:
        """The records that were sent here, in an order that depends only on them."""
        return map(decoder(kind), self._inbox.get(table, ()))

    def send_numbers(self, table: str, *columns: NDArray[np.uint64]) -> None:
        """Send rows of numbers, each to the partition of its first one."""
        targets = (columns[0] % np.uint64(self.parts)).astype(np.int64)
        for to in np.unique(targets).tolist():
            self.send(table, to, (self.part, [column[targets == to].tobytes() for column in columns]))

    def inbox_numbers(self, table: str) -> Iterator[tuple[int, zip[tuple[int, ...]]]]:
        """The rows of numbers that were sent here, with the part that sent them."""
        for part, columns in self.inbox(table, tuple[int, list[bytes]]):
            yield part, zip(*(np.frombuffer(column, np.uint64).tolist() for column in columns), strict=True)

    def save(self, table: str, records: Iterable[Any]) -> None:
        """Write records for later tasks of the same part."""
        self.write(table, {"data": pa.array(map(encoded, records), pa.large_binary())})

    def load(self, table: str, kind: Any) -> list[Any]:
        """The records that an earlier task of this part has saved."""
        return list(map(decoder(kind), self.read(table)["data"].to_pylist()))

    def write(self, table: str, columns: dict[str, Any], schema: pa.Schema | None = None) -> None:
        """Write the rows that this part has for a table of the build."""
        store.put_table(store.join(self.work, table, f"{self.part:05}.parquet"), pa.table(columns, schema))

    def read(self, table: str, part: int | None = None, filters: Any = None) -> pa.Table:
        """The rows that a part has written; this one by default."""
        part = self.part if part is None else part
        return store.get_table(store.join(self.work, table, f"{part:05}.parquet"), filters)

    def finish(self, stage: str, tables: Sequence[str]) -> int:
        """Write what this task sends to tables; returns its size in bytes."""
        for table in tables:
            targets, data = self._outbox[table]
            store.put_table(
                messages(self.work, table, stage, self.part), pa.table({"to": targets, "data": data}, SCHEMA)
            )
        if strange := self._outbox.keys() - set(tables):
            raise AssertionError(f"stage {stage} does not say that it sends {sorted(strange)}")
        return sum(len(record) for _targets, data in self._outbox.values() for record in data)


def messages(work: str, table: str, stage: str, part: int) -> str:
    """The URL of what a task of a stage sends to a table."""
    return store.join(work, table, f"{stage}-{part:05}.parquet")


@lru_cache(maxsize=64)
def decoder(kind: Any) -> Any:
    """The decoder of one type of record."""
    return msgspec.msgpack.Decoder(kind).decode


def hashes(texts: Iterable[str]) -> NDArray[np.uint64]:
    """A hash of 64 bits for each text."""
    found: NDArray[np.uint64] = pd.util.hash_array(np.array(list(texts), dtype=object), categorize=False)
    return found
