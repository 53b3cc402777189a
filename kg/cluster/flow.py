"""Stages: what Dask reads, joins, shuffles, and hands to one function per partition."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from itertools import chain
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from kg.cluster import store
from kg.cluster.job import MESSAGES, Job, Plan
from kg.errors import ExportError, KgError
from kg.machine.collector import without_collector
from kg.machine.steps import peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Client

    from kg.machine.steps import Progress

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
    """Runs stages on a Dask cluster, and measures them."""

    def __init__(self, client: Client, plan: Plan, progress: Progress | None) -> None:
        self.plan = plan
        self._client, self._progress = client, progress
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
        done = self.compute(name, [do(stage, *one) for one in enumerate(given)])
        if fault := next((result for result in done if isinstance(result, KgError)), None):
            raise fault
        results, processor, sent, memory, written = zip(*done, strict=True)
        for part, urls in enumerate(written):
            for table, url in urls.items():
                self._files[table][part].append(url)
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
def _do(stage: _Stage, part: int, frame: pd.DataFrame | None) -> tuple[Any, float, int, int, dict[str, str]] | KgError:
    """One task, in a worker: result, seconds, bytes sent, memory and files; or an error that no retry would mend."""
    begun = process_time()
    try:
        job = Job(stage.plan, part, frame)
        result = stage.task(job, **stage.known)
    except KgError as error:
        return error
    sent = job.finish(stage.name)
    return result, process_time() - begun, sent, peak_memory(), job.written
