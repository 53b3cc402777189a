"""Stages: what Dask reads, shuffles and hands to one function a partition."""

from __future__ import annotations

import gc
from collections import defaultdict
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from kg.cluster import store
from kg.cluster.job import Job, messages
from kg.errors import KgError
from kg.machine.steps import peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.cluster.workers import Cluster

_BYTES = pd.ArrowDtype(pa.large_binary())
_MESSAGES = pd.DataFrame(
    {"to": pd.Series(dtype="int64"), "table": pd.Series(dtype=object), "data": pd.Series(dtype=_BYTES)}
)


class StageCost(NamedTuple):
    """The time, memory and traffic of one stage."""

    name: str
    seconds: float
    """From its beginning to its end."""
    processor: float
    """Seconds of all its tasks together, shuffles aside."""
    sent: int
    """Bytes given to shuffles."""
    memory: int
    """The most memory a worker ever held up to its end, in bytes; 0 if the system does not tell."""


class Flow:
    """Runs stages, and takes their time."""

    def __init__(self, cluster: Cluster, work: str, parts: int) -> None:
        self.cluster, self.work, self.parts = cluster, work, parts
        self.steps: list[StageCost] = []
        self._sent: dict[str, list[tuple[str, int]]] = defaultdict(list)
        """Table → the stages that have sent messages to it, and the number of their tasks."""

    def __call__(
        self,
        name: str,
        task: Callable[[Job], Any],
        *,
        receives: Sequence[str] = (),
        sends: Sequence[str] = (),
        frame: Any = None,
        tasks: int | None = None,
    ) -> list[Any]:
        """Run one stage; gives what its tasks give, in the order of the partitions.

        Args:
            name: for people.
            task: what is done for each partition.
            receives: the tables whose messages it is given, shuffled.
            sends: the tables that it sends messages to.
            frame: a Dask dataframe whose partitions it is given instead.
            tasks: number of tasks that are given nothing; None for one a part.
        """
        from dask.delayed import delayed

        begun, stage = perf_counter(), name.replace(" ", "-")
        frame = self._shuffled(receives) if receives else frame
        given = frame.to_delayed() if frame is not None else [_MESSAGES] * (tasks or self.parts)
        do = delayed(_do, pure=False)
        done = self.cluster.compute(name, [do(task, stage, sends, self.work, *one) for one in enumerate(given)])
        results, processor, sent, memory = zip(*done, strict=True)
        for result in results:
            if isinstance(result, KgError):
                raise result
        for table in sends:
            self._sent[table].append((stage, len(given)))
        self.steps.append(StageCost(name, perf_counter() - begun, sum(processor), sum(sent), max(memory)))
        return list(results)

    def table(self, name: str) -> Any:
        """The rows that all parts have written to a table, as a Dask dataframe."""
        import dask.dataframe as dd

        return dd.from_map(
            _read_table, [store.join(self.work, name, f"{part:05}.parquet") for part in range(self.parts)]
        )

    def _shuffled(self, tables: Sequence[str]) -> Any:
        """Messages, each in the partition that it goes to."""
        import dask.dataframe as dd

        files: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for table in tables:
            for stage, tasks in self._sent[table]:
                for part in range(tasks):
                    files[part].append((table, messages(self.work, table, stage, part)))
        frame = dd.from_map(_read, list(files.values()), meta=_MESSAGES)
        if self.parts == 1:
            return frame.repartition(npartitions=1)
        # Partition n is to hold the rows whose index is n.
        divisions = [*range(self.parts), self.parts - 1]
        return frame.set_index("to", divisions=divisions, shuffle_method=self.cluster.shuffle_method)


def _read_table(url: str) -> pd.DataFrame:
    frame: pd.DataFrame = store.get_table(url).to_pandas()
    return frame


def _read(files: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Some files of messages, with the tables they are for."""
    tables = [(name, store.get_table(url)) for name, url in files]
    both = pa.concat_tables([rows.append_column("table", pa.repeat(name, len(rows))) for name, rows in tables])
    frame: pd.DataFrame = both.select(list(_MESSAGES.columns)).to_pandas(types_mapper={pa.large_binary(): _BYTES}.get)
    return frame


def _do(
    task: Callable[[Job], Any], stage: str, sends: Sequence[str], work: str, part: int, frame: pd.DataFrame
) -> tuple[Any, float, int, int]:
    """One task, in a worker: its result, seconds, bytes sent and memory. Doing it again would not mend a `KgError`."""
    gc.disable()  # records hold no cycles, and there are many
    begun = process_time()
    try:
        job = Job(work, part, frame)
        result = task(job)
        return result, process_time() - begun, job.finish(stage, sends), peak_memory()
    except KgError as error:
        return error, 0.0, 0, 0
    finally:
        gc.enable()
