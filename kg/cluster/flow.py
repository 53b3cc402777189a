"""Stages of tasks: Dask reads what one stage has sent, joins and shuffles it, and gives each task of the next its part.

A message is a row of a Parquet file: where it goes, its table, and a record in MessagePack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from functools import lru_cache, partial
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from kg.cluster import output
from kg.errors import ExportError, KgError
from kg.machine.collector import without_collector
from kg.machine.steps import peak_memory
from kg.model import encode
from kg.reading.people import People
from kg.resolution.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from distributed import Client
    from numpy.typing import NDArray

    from kg.config import Config
    from kg.linking.notes import Note
    from kg.machine.steps import Progress
    from kg.reading.inherited import Inherited
    from kg.reading.site import Site
    from kg.resolution.names import FoldedName

TOGETHER = 16
"""How many files of numbers are read as one: to join and shuffle smaller ones would cost more."""
_Routed = tuple[Sequence[str], Any]
"""Tables, and a Dask dataframe that says where their messages go: see `Flow`."""
_MESSAGES = pa.schema({"to": pa.uint64(), "table": pa.string(), "data": pa.large_binary()})
_TYPES = {pa.large_binary(): pd.ArrowDtype(pa.large_binary())}.get
_META = _MESSAGES.empty_table().to_pandas(types_mapper=_TYPES)


@lru_cache(maxsize=64)
def decoder(kind: Any) -> Any:
    """The decoder of one type of record."""
    return msgspec.msgpack.Decoder(kind).decode


def nodes_of(keys: Iterable[str]) -> NDArray[np.uint64]:
    """Numbers for texts: their hashes, of 64 bits."""
    found: NDArray[np.uint64] = pd.util.hash_array(np.array(list(keys), dtype=object), categorize=False)
    return found


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
    """One task: what it knows, what it was sent, and what it sends on."""

    def __init__(self, plan: Plan, stage: str, part: int, frame: pd.DataFrame | None = None) -> None:
        """Take the messages that were sent here."""
        self.plan, self.stage, self.part = plan, stage, part
        self.config, self.parts, self.ledger = plan.config, plan.parts, plan.ledger
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
        """Send a record to a partition, or to a number that a table of routes is going to have: see `Flow`."""
        targets, data = self._outbox[table]
        targets.append(to)
        data.append(encode(record))

    def inbox(self, table: str, kind: Any) -> Iterator[Any]:
        """The records that were sent here, in an order that depends only on them."""
        return map(decoder(kind), self._inbox.get(table, ()))

    def save(self, table: str, records: Iterable[Any]) -> None:
        """Write records for later tasks of the same part."""
        rows = pa.table({"data": pa.array(map(encode, records), pa.large_binary())})
        output.put(self._url(table), output.parquet(rows))

    def load(self, table: str, kind: Any) -> list[Any]:
        """The records that were saved for this part."""
        return list(map(decoder(kind), output.get_table(self._url(table))["data"].to_pylist()))

    def write(self, table: str, kind: pa.DataType, **columns: Any) -> None:
        """Write columns of one type, for Dask to compute with."""
        rows = pa.table({name: pa.array(own, kind) for name, own in columns.items()})
        output.put(self._url(table, self.stage), output.parquet(rows))

    def finish(self) -> int:
        """Write what was sent; returns how many bytes that were before compression."""
        for table, (targets, data) in self._outbox.items():
            rows = pa.table([targets, pa.repeat(table, len(data)), data], _MESSAGES)
            output.put(self._url(table, self.stage), output.parquet(rows))
        return sum(len(record) for _targets, data in self._outbox.values() for record in data)

    def _url(self, table: str, stage: str = "") -> str:
        return f"{self.plan.work}/{table}/{stage}-{self.part:05}.parquet"


class StageCost(NamedTuple):
    """The time, memory and traffic of one stage."""

    name: str
    seconds: float
    """From start to end."""
    processor: float
    """Processor seconds of all its tasks together, without shuffles."""
    sent: int
    """Bytes given to shuffles."""
    memory: int
    """Peak memory of the largest worker so far, in bytes; 0 if unknown."""


class Flow:
    """Runs stages on a Dask cluster, and measures them."""

    def __init__(self, client: Client, plan: Plan, progress: Progress | None) -> None:
        self.plan = plan
        self.steps: list[StageCost] = []
        self._client, self._progress = client, progress

    def __call__(
        self, name: str, task: Callable[..., Any], receives: Sequence[str] = (), *routed: _Routed, **known: Any
    ) -> list[Any]:
        """Run one stage; returns the results of its tasks in the order of the partitions.

        Args:
            name: shown to people.
            task: what is done for each partition.
            receives: the tables whose messages are given to the tasks.
            routed: tables whose messages were sent to nodes, and a Dask dataframe of routes: a message to a `node`
                goes to the partition of each `other`, of which there may be none.
            known: other arguments of the task.
        """
        from dask.delayed import delayed
        from dask.utils import apply

        begun = perf_counter()
        stage = delayed(partial(_do, name, task, self.plan, known), pure=False, traverse=False)
        given: Sequence[Any] = [None] * self.plan.parts
        if receives or routed:
            given = self._shuffled(receives, routed).to_delayed()
        do = delayed(apply, pure=False)
        done = self.compute(name, [do(stage, [*one]) for one in enumerate(given)])
        if fault := next((result for result in done if isinstance(result, KgError)), None):
            raise fault
        results, processor, sent, memory = zip(*done, strict=True)
        self.steps.append(StageCost(name, perf_counter() - begun, sum(processor), sum(sent), max(memory)))
        return list(results)

    def compute(self, name: str, work: Sequence[Any]) -> list[Any]:
        """Compute Dask collections; returns the results in the same order.

        If a worker dies, another one repeats its work.

        Raises:
            ExportError: the work failed, on other workers as well.
        """
        from distributed import as_completed
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        try:
            futures = self._client.compute(list(work), retries=2)
            for count, _future in enumerate(as_completed(futures, loop=self._client.loop), 1):
                if self._progress:
                    self._progress(name, count, len(futures))
            done: list[Any] = self._client.gather(futures)
        except (CancelledError, CommClosedError) as error:
            raise ExportError(f"step {name!r}: the scheduler is gone, or has cancelled the work") from error
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            raise ExportError(f"a worker cannot read or write{where}: {error.strerror or error}") from error
        except KilledWorker as error:
            raise ExportError(f"step {name!r}: several workers died while doing it; give them more memory") from error
        return done

    def table(self, name: str) -> Any:
        """The rows that all parts have written to a table, as a Dask dataframe of few partitions."""
        import dask.dataframe as dd

        urls = self._urls(name)
        return dd.from_map(_read, [urls[first : first + TOGETHER] for first in range(0, len(urls), TOGETHER)])

    def _urls(self, table: str) -> list[str]:
        folder = f"{self.plan.work}/{table}"
        return [f"{folder}/{name}" for name in output.found(folder) if name.endswith(".parquet")]

    def _messages(self, tables: Sequence[str]) -> Any:
        import dask.dataframe as dd

        by_part: list[list[str]] = [[] for _part in range(self.plan.parts)]
        for url in (url for table in tables for url in self._urls(table)):
            by_part[int(url[-13:-8])].append(url)
        return dd.from_map(_read, by_part, meta=_META)

    def _shuffled(self, tables: Sequence[str], routed: Iterable[_Routed]) -> Any:
        """Messages, each in the partition that it goes to."""
        import dask.dataframe as dd

        parts, frames = self.plan.parts, [self._messages(tables)] if tables else []
        for own, routes in routed:
            frame = self._messages(own).merge(routes, left_on="to", right_on="node")
            frames.append(frame.assign(to=frame["other"] % parts)[list(_META.columns)])
        frame = dd.concat(frames)
        if parts == 1:
            return frame.repartition(npartitions=1)
        # Partition n is to hold the rows whose index is n.
        return frame.set_index("to", divisions=[*range(parts), parts - 1])


def _read(urls: Sequence[str]) -> pd.DataFrame:
    tables = list(map(output.get_table, urls)) or [_MESSAGES.empty_table()]
    return pa.concat_tables(tables).to_pandas(types_mapper=_TYPES)


@without_collector()
def _do(
    name: str, task: Callable[..., Any], plan: Plan, known: dict[str, Any], part: int, frame: pd.DataFrame | None
) -> tuple[Any, float, int, int] | KgError:
    """One task, in a worker: result, seconds, bytes sent and memory; or an error that no retry would mend."""
    begun = process_time()
    try:
        job = Job(plan, name, part, frame)
        result = task(job, **known)
    except KgError as error:
        return error
    sent = job.finish()
    return result, process_time() - begun, sent, peak_memory()
