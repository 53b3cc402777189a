"""Stages: what Dask reads, joins, shuffles, and hands to one function per partition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
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

_TYPES = {pa.large_binary(): pd.ArrowDtype(pa.large_binary())}.get
_META = MESSAGES.empty_table().to_pandas(types_mapper=_TYPES)


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
        self._files: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        """Table → part → the URLs of what its tasks have written."""

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
        stage = delayed(_Stage(name, task, self.plan, known), pure=False, traverse=False)
        given = self._shuffled(receives, roots).to_delayed() if receives else [None] * self.plan.parts
        do = delayed(_do, pure=False)
        done = self.cluster.compute(name, [do(stage, *one) for one in enumerate(given)])
        if fault := next((result for result in done if isinstance(result, KgError)), None):
            raise fault
        results, processor, memory, written = zip(*done, strict=True)
        for part, files in enumerate(written):
            for file in files:
                self._files[file.table][part].append(file.url)
        sent = sum(file.bytes for file in chain.from_iterable(written))
        self.steps.append(StageCost(name, perf_counter() - begun, sum(processor), sent, max(memory)))
        return list(results)

    def table(self, name: str) -> Any:
        """The rows that all parts have written to a table, as a Dask dataframe."""
        import dask.dataframe as dd

        return dd.from_map(_read_table, [*chain.from_iterable(self._files[name].values())])

    def _shuffled(self, tables: Sequence[str], roots: Any) -> Any:
        """Messages, each in the partition that it goes to."""
        import dask.dataframe as dd

        parts = self.plan.parts
        urls = [[url for name in tables for url in self._files[name].get(part, ())] for part in range(parts)]
        frame = dd.from_map(_read_messages, urls, meta=_META)
        if roots is not None:
            frame = frame.merge(roots, left_on="to", right_on="node")
            frame = frame.assign(to=frame["other"] % parts)[list(_META.columns)]
        # Partition n is to hold the rows whose index is n.
        return frame.set_index("to", divisions=[*range(parts), parts - 1]) if parts > 1 else frame


def _read_table(url: str) -> pd.DataFrame:
    frame: pd.DataFrame = store.get_table(url).to_pandas()
    return frame


def _read_messages(urls: Sequence[str]) -> pd.DataFrame:
    tables = pa.concat_tables([MESSAGES.empty_table(), *map(store.get_table, urls)])
    frame: pd.DataFrame = tables.to_pandas(types_mapper=_TYPES)
    return frame


@without_collector()
def _do(stage: _Stage, part: int, frame: pd.DataFrame | None) -> tuple[Any, float, int, list[Written]] | KgError:
    """One task, in a worker: its result, seconds, memory and files; or an error that no retry would mend."""
    begun = process_time()
    try:
        job = Job(stage.plan, part, frame)
        result = stage.task(job, **stage.known)
    except KgError as error:
        return error
    job.finish(stage.name)
    return result, process_time() - begun, peak_memory(), job.written
