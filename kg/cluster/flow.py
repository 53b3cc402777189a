"""Stages: what Dask reads, joins, shuffles, and hands to one function per partition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from kg.cluster import store
from kg.cluster.job import MESSAGES, Job, Plan, Written
from kg.errors import KgError
from kg.machine.collector import without_collector
from kg.machine.steps import peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.cluster.workers import Cluster

_BYTES = pd.ArrowDtype(pa.large_binary())
_META = pd.DataFrame(
    {"to": pd.Series(dtype="uint64"), "table": pd.Series(dtype=object), "data": pd.Series(dtype=_BYTES)}
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


@dataclass(frozen=True)
class _Stage:
    """What the tasks of a stage have in common."""

    name: str
    task: Callable[..., Any]
    plan: Plan
    known: dict[str, Any]


class Flow:
    """Runs stages, and measures them."""

    def __init__(self, cluster: Cluster, plan: Plan) -> None:
        self.cluster, self.plan = cluster, plan
        self.steps: list[StageCost] = []
        self._written: dict[str, list[tuple[int, Written]]] = defaultdict(list)
        """Table → its files, each with the part whose task has written it."""

    def tell(self, **values: Any) -> None:
        """Let all later tasks know more of their plan."""
        self.plan = replace(self.plan, **values)

    def __call__(
        self, name: str, task: Callable[..., Any], *, receives: Sequence[str] = (), roots: Any = None, **known: Any
    ) -> list[Any]:
        """Run one stage; returns the results of its tasks in the order of the partitions.

        Args:
            name: shown to people.
            task: what is done for each partition.
            receives: the tables whose messages are given to the tasks.
            roots: a Dask dataframe with the component (`other`) of each `node`. A message goes where its component
                does, and nowhere if it was sent to no node of these.
            known: other arguments of the task.
        """
        from dask.delayed import delayed

        begun = perf_counter()
        stage = delayed(_Stage(name.replace(" ", "-"), task, self.plan, known), pure=False, traverse=False)
        given = self._shuffled(receives, roots).to_delayed() if receives else [None] * self.plan.parts
        do = delayed(_do, pure=False)
        done = self.cluster.compute(name, [do(stage, *one) for one in enumerate(given)])
        if fault := next((result for result in done if isinstance(result, KgError)), None):
            raise fault
        results, processor, written, memory = zip(*done, strict=True)
        for part, files in enumerate(written):
            for file in files:
                self._written[file.table].append((part, file))
        sent = sum(file.bytes for files in written for file in files)
        self.steps.append(StageCost(name, perf_counter() - begun, sum(processor), sent, max(memory)))
        return list(results)

    def table(self, name: str) -> Any:
        """The rows that all parts have written to a table, as a Dask dataframe."""
        import dask.dataframe as dd

        return dd.from_map(_read_table, [file.url for _part, file in self._written[name]])

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return sum(file.rows for _part, file in self._written[name])

    def _shuffled(self, tables: Sequence[str], roots: Any) -> Any:
        """Messages, each in the partition that it goes to."""
        import dask.dataframe as dd

        files: dict[int, list[Written]] = defaultdict(list)
        for table in tables:
            for part, file in self._written[table]:
                files[part].append(file)
        frame = dd.from_map(_read, list(files.values()) or [[]], meta=_META)
        parts, method = self.plan.parts, self.cluster.shuffle_method
        if roots is not None:
            frame = frame.merge(roots, left_on="to", right_on="node", shuffle_method=method)
            frame = frame.assign(to=frame["other"] % parts)[list(_META.columns)]
        if parts == 1:
            return frame.repartition(npartitions=1)
        # Partition n is to hold the rows whose index is n.
        return frame.set_index("to", divisions=[*range(parts), parts - 1], shuffle_method=method)


def _read_table(url: str) -> pd.DataFrame:
    frame: pd.DataFrame = store.get_table(url).to_pandas()
    return frame


def _read(files: Sequence[Written]) -> pd.DataFrame:
    """Several files of messages, with the tables they were sent to."""
    tables = [store.get_table(file.url).append_column("table", pa.repeat(file.table, file.rows)) for file in files]
    empty = MESSAGES.append(pa.field("table", pa.string())).empty_table()
    both = pa.concat_tables([empty, *tables]).select(list(_META.columns))
    frame: pd.DataFrame = both.to_pandas(types_mapper={pa.large_binary(): _BYTES}.get)
    return frame


@without_collector()
def _do(stage: _Stage, part: int, frame: pd.DataFrame | None) -> tuple[Any, float, list[Written], int] | KgError:
    """One task, in a worker: its result, seconds, files and memory; or an error that no retry would mend."""
    begun = process_time()
    try:
        job = Job(stage.plan, part, frame)
        result = stage.task(job, **stage.known)
    except KgError as error:
        return error
    job.finish(stage.name)
    return result, process_time() - begun, job.written, peak_memory()
