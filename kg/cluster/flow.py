"""Stages: what Dask reads, shuffles, and hands to one function per partition."""

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
    """From start to end."""
    processor: float
    """Processor seconds of all its tasks together, without shuffles."""
    sent: int
    """Bytes given to shuffles."""
    memory: int
    """Peak memory of the largest worker so far, in bytes; 0 if unknown."""


class Flow:
    """Runs stages, and measures them."""

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
        """Run one stage; returns the results of its tasks in the order of the partitions.

        Args:
            name: shown to people.
            task: what is done for each partition.
            receives: the tables whose messages are shuffled and given to the tasks.
            sends: the tables that the tasks send messages to.
            frame: a Dask dataframe whose partitions are given to the tasks instead.
            tasks: number of tasks that are given nothing; None for one per part.
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
    """Several files of messages, with the tables they were sent to."""
    tables = [(name, store.get_table(url)) for name, url in files]
    both = pa.concat_tables([rows.append_column("table", pa.repeat(name, len(rows))) for name, rows in tables])
    frame: pd.DataFrame = both.select(list(_MESSAGES.columns)).to_pandas(types_mapper={pa.large_binary(): _BYTES}.get)
    return frame


def _do(
    task: Callable[[Job], Any], stage: str, sends: Sequence[str], work: str, part: int, frame: pd.DataFrame
) -> tuple[Any, float, int, int]:
    """One task, in a worker: its result or a `KgError`, which no retry would mend; seconds; bytes sent; memory."""
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
