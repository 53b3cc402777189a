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
from kg.steps import peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.cluster.workers import Cluster

_MESSAGES = pd.DataFrame(
    {
        "to": pd.Series(dtype="int64"),
        "table": pd.Series(dtype=pd.ArrowDtype(pa.string())),
        "data": pd.Series(dtype=pd.ArrowDtype(pa.large_binary())),
    }
)


class Step(NamedTuple):
    """What one stage took."""

    name: str
    seconds: float
    """From its beginning to its end."""
    processor: float
    """Seconds of all its tasks together, shuffles aside."""
    sent: int
    """Bytes given to shuffles."""
    memory: int
    """The most memory a worker ever held up to its end, in bytes; 0 where the system does not tell."""


class Done(NamedTuple):
    """What came of one task."""

    result: Any
    seconds: float
    sent: int
    memory: int
    refusal: KgError | None = None
    """Why there is no result: nothing that doing it again would mend."""


class Flow:
    """Runs stages, and takes their time."""

    def __init__(self, cluster: Cluster, work: str, parts: int) -> None:
        self.cluster = cluster
        self.work = work
        self.parts = parts
        self.steps: list[Step] = []
        self._sent: dict[str, list[tuple[str, int]]] = {}
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
        """One stage.

        Args:
            name: for people.
            task: what is done for each partition.
            receives: the tables whose messages it is given, shuffled.
            sends: the tables that it sends messages to.
            frame: a Dask dataframe whose partitions it is given instead.
            tasks: number of tasks that are given nothing; None for one a part.

        Returns:
            What the tasks give, in the order of the partitions.
        """
        from dask import delayed

        stage = name.replace(" ", "-")
        if receives:
            frame = self._shuffled(receives)
        given = frame.to_delayed() if frame is not None else [_MESSAGES] * (tasks or self.parts)
        do = delayed(_do, pure=False)
        work = [do(task, stage, tuple(sends), self.work, part, rows) for part, rows in enumerate(given)]
        for table in sends:
            self._sent.setdefault(table, []).append((stage, len(work)))
        begun = perf_counter()
        done: list[Done] = self.cluster.compute(name, work)
        for one in done:
            if one.refusal:
                raise one.refusal
        self.steps.append(
            Step(
                name,
                perf_counter() - begun,
                sum(one.seconds for one in done),
                sum(one.sent for one in done),
                max(one.memory for one in done),
            )
        )
        return [one.result for one in done]

    def table(self, name: str) -> Any:
        """What the parts have written to a table, as a Dask dataframe."""
        import dask.dataframe as dd

        return dd.read_parquet(store.join(self.work, name, "*.parquet"))

    def _shuffled(self, tables: Sequence[str]) -> Any:
        """Messages, each in the partition that it goes to."""
        import dask.dataframe as dd

        files: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for table in tables:
            for stage, tasks in self._sent.get(table, ()):
                for part in range(tasks):
                    files[part].append((table, messages(self.work, stage, table, part)))
        frame = dd.from_map(_read, list(files.values()), meta=_MESSAGES)
        if self.parts == 1:
            return frame.repartition(npartitions=1)
        # Partition n is to hold the rows whose index is n.
        divisions = [*range(self.parts), self.parts - 1]
        return frame.set_index("to", divisions=divisions, shuffle_method=self.cluster.shuffle_method)


def _read(files: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Some files of messages, with the tables they are for."""
    tables = []
    for table, url in files:
        rows = store.get_table(url)
        tables.append(rows.append_column("table", pa.repeat(table, len(rows))))
    both = pa.concat_tables(tables).select(list(_MESSAGES.columns))
    frame: pd.DataFrame = both.to_pandas(types_mapper=lambda kind: None if kind == pa.int64() else pd.ArrowDtype(kind))
    return frame


def _do(
    task: Callable[[Job], Any], stage: str, sends: Sequence[str], work: str, part: int, frame: pd.DataFrame
) -> Done:
    """One task, in a worker."""
    collecting = gc.isenabled()
    gc.disable()  # records hold no cycles, and there are many
    begun = process_time()
    try:
        job = Job(work, part, frame)
        result = task(job)
        return Done(result, process_time() - begun, job.finish(stage, sends), peak_memory())
    except KgError as error:
        return Done(None, process_time() - begun, 0, 0, error)
    finally:
        if collecting:
            gc.enable()
