"""One task: what it knows, what it was sent, and what it sends on.

A message is a row of a Parquet file: where it goes, and a record in MessagePack. `kg.cluster.flow` has Dask bring the
rows of many such files to the tasks that they are for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
import pyarrow as pa

from kg.cluster import store
from kg.reading.people import People
from kg.resolution.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from kg.config import Config
    from kg.linking.notes import Note
    from kg.reading.inherited import Inherited
    from kg.reading.site import Site
    from kg.resolution.names import FoldedName

MESSAGES = pa.schema({"to": pa.uint64(), "table": pa.string(), "data": pa.large_binary()})
encoded = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True)
class Plan:
    """What every task of a build knows."""

    work: str
    """The URL of the folder that messages are written to."""
    output: str
    """The URL of the folder that results are written to."""
    config: Config
    content: Path
    """The folder of posts, under an absolute path."""
    site: Site
    inherited: Inherited
    """What posts inherit from other files."""
    files: int
    """Number of files."""
    parts: int
    """Number of partitions; a function of the number of files alone, and so are the names of the results."""
    people: People = field(default_factory=lambda: People({}, {}, frozenset()))
    notes: Mapping[str, Note] = field(default_factory=dict)
    """Path of a note → what it is about."""
    ledger: Ledger = field(default_factory=Ledger)
    """The decisions of people, and those that notes imply."""

    @property
    def per_part(self) -> int:
        """Files per part; the files of a part are consecutive in path order."""
        return -(-self.files // self.parts)


class Job:
    """One task."""

    def __init__(self, plan: Plan, part: int, frame: pd.DataFrame | None = None) -> None:
        """Take the messages that were sent here: their `table`, and the records as `data`."""
        self.plan, self.part = plan, part
        self.config, self.parts, self.ledger = plan.config, plan.parts, plan.ledger
        self.written: dict[str, str] = {}
        """Table → the URL of what it wrote there, for Dask to read."""
        self._inbox: dict[str, list[bytes]] = defaultdict(list)
        self._outbox: dict[str, tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))
        if frame is not None:
            for table, data in zip(*(frame[name].to_numpy(object) for name in ("table", "data")), strict=True):
                self._inbox[table].append(data)
        for rows in self._inbox.values():
            rows.sort()  # a shuffle keeps no order

    def bucket(self, key: str) -> int:
        """The partition that a key belongs to."""
        return crc32(key.encode("utf-8", "surrogatepass")) % self.parts

    def part_of(self, number: int) -> int:
        """The part that holds a post."""
        return number // self.plan.per_part

    def parts_of(self, name: FoldedName) -> set[int]:
        """The parts whose posts mention a name."""
        return set(map(self.part_of, name.posts))

    def send(self, table: str, to: int, record: Any) -> None:
        """Send a record to a partition; or to a node of a graph, if it goes where its component does."""
        targets, data = self._outbox[table]
        targets.append(to)
        data.append(encoded(record))

    def inbox(self, table: str, kind: Any) -> Iterator[Any]:
        """The records that were sent here, in an order that depends only on them."""
        return map(decoder(kind), self._inbox.get(table, ()))

    def save(self, table: str, records: Iterable[Any]) -> None:
        """Write records for later tasks of the same part."""
        rows = pa.table({"data": pa.array(map(encoded, records), pa.large_binary())})
        store.put(self._own(table), store.parquet(rows))

    def load(self, table: str, kind: Any) -> list[Any]:
        """The records that were saved for this part."""
        return list(map(decoder(kind), store.get_table(self._own(table))["data"].to_pylist()))

    def _own(self, table: str) -> str:
        return store.join(self.plan.work, table, f"{self.part:05}.parquet")

    def write(self, table: str, kind: pa.DataType, **columns: Any) -> None:
        """Write columns of numbers or texts, for Dask to compute with."""
        self.written[table] = self._own(table)
        rows = pa.table({name: pa.array(own, kind) for name, own in columns.items()})
        store.put(self._own(table), store.parquet(rows))

    def finish(self, stage: str) -> int:
        """Write what was sent; returns how many bytes that were before compression."""
        for table, (targets, data) in self._outbox.items():
            self.written[table] = url = store.join(self.plan.work, table, f"{stage}-{self.part:05}.parquet")
            store.put(url, store.parquet(pa.table([targets, pa.repeat(table, len(data)), data], MESSAGES)))
        return sum(len(record) for _targets, data in self._outbox.values() for record in data)


@lru_cache(maxsize=64)
def decoder(kind: Any) -> Any:
    """The decoder of one type of record."""
    return msgspec.msgpack.Decoder(kind).decode
