"""Who does the work: an existing Dask cluster, or one on this machine that ends with the build."""

from __future__ import annotations

import gc
import platform
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kg import __version__
from kg.distributed.exchange import Job
from kg.errors import ConfigError, ExportError, KgError
from kg.machine.processes import cores
from kg.machine.steps import peak_memory
from kg.state.keys import source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client

R = TypeVar("R")
_ANSWERS_WITHIN = 15
"""Seconds in which a scheduler must answer, and have a worker."""
_TOGETHER = ("distributed", "msgspec", "opencc", "pyarrow", "pyoxigraph", "pypinyin", "pyromark", "rapidfuzz")
"""Packages that decide what is written: scheduler's side and workers must have the same version of each."""


class Done(NamedTuple):
    """What came of one task."""

    result: Any
    seconds: float
    """Processor time."""
    sent: int
    """Bytes written to exchanges."""
    memory: int
    """The most memory its worker ever held, in bytes; 0 where the system does not tell."""
    refusal: KgError | None = None
    """Why there is no result: nothing that doing it again would mend."""


class Cluster:
    """A cluster that is ready."""

    def __init__(self, client: Client, run: str) -> None:
        self._client = client
        self._run = run

    def perform(
        self, name: str, task: Callable[[Job], R], folder: Path, parts: int, progress: Callable[[int, int], None]
    ) -> list[tuple[R, Done]]:
        """Do one task for every part; the results are in the order of the parts.

        A task whose worker dies is done again by another one.

        Raises:
            KgError: what a task raised.
            ExportError: a task could not be done, not even by other workers.
        """
        from distributed import as_completed
        from distributed.comm.core import CommClosedError

        keys = [f"kg-{self._run}-{name}-{part:05}" for part in range(parts)]
        futures = self._client.map(
            _do, [task] * parts, [str(folder)] * parts, range(parts), key=keys, pure=False, retries=2
        )
        try:
            for count, _future in enumerate(as_completed(futures, loop=self._client.loop), 1):
                progress(count, parts)
            done: list[Done] = self._client.gather(futures)
        except (CancelledError, CommClosedError) as error:
            raise ExportError(f"step {name!r}: the scheduler is gone, or has thrown the work away") from error
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            raise ExportError(f"a worker cannot read or write{where}: {error.strerror or error}") from error
        except Exception as error:
            if type(error).__name__ != "KilledWorker":
                raise
            raise ExportError(f"step {name!r}: several workers died of it; give them more memory") from error
        for one in done:
            if one.refusal:
                raise one.refusal
        return [(one.result, one) for one in done]


def _do(task: Callable[[Job], Any], folder: str, part: int) -> Done:
    """One task, in a worker."""
    collecting = gc.isenabled()
    gc.disable()  # records hold no cycles, and there are many
    begun = process_time()
    try:
        job = Job(folder, part)
        result = task(job)
        return Done(result, process_time() - begun, job.sent, peak_memory())
    except KgError as error:
        return Done(None, process_time() - begun, 0, 0, error)
    finally:
        if collecting:
            gc.enable()


@contextmanager
def connected(scheduler: str | None, jobs: int | None, run: str, shared: Path, content: Path) -> Iterator[Cluster]:
    """A cluster for one build.

    Args:
        scheduler: the address of an existing one, such as `tcp://10.0.0.1:8786`; None starts one on this machine.
        jobs: worker processes of a cluster that is started here; None takes one per core.
        run: what tells the tasks of this build from those of others.
        shared: a folder that the workers must be able to write to.
        content: a folder that they must be able to read.

    Raises:
        ConfigError: no scheduler answers; it has no workers; they run other versions, or do not see the folders.
    """
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        address: Any = scheduler
        if scheduler is None:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=jobs or cores(),
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs="CRITICAL",
                    memory_limit=0,
                )
            )
        try:
            client = stack.enter_context(Client(address, timeout=_ANSWERS_WITHIN, set_as_default=False))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"--scheduler {scheduler}: no Dask scheduler answers there; write an address such as"
                " tcp://10.0.0.1:8786, as dask-scheduler prints it"
            ) from error
        try:
            client.wait_for_workers(1, timeout=_ANSWERS_WITHIN)
        except TimeoutError as error:
            raise ConfigError(f"--scheduler {scheduler}: it has no workers; start some with dask-worker") from error
        _check(client, shared, content)
        yield Cluster(client, run)


def versions() -> dict[str, str]:
    """What must be the same wherever a part of one build is made."""
    result = {name: version(name) for name in _TOGETHER}
    result["python"] = ".".join(platform.python_version_tuple()[:2])
    result["kg"] = f"{__version__} ({blake2b(source(), digest_size=4).hexdigest()})"
    return result


def _look(shared: str, content: str) -> tuple[dict[str, str], bool, bool]:
    """What a worker has, and whether it sees both folders."""
    return versions(), Path(shared).is_dir(), Path(content).is_dir()


def _check(client: Client, shared: Path, content: Path) -> None:
    try:
        found = client.run(_look, str(shared), str(content))
    except ImportError as error:
        raise ConfigError(
            f"a worker cannot import kg ({error}); install the same kg with its extra dask there"
        ) from error
    own = versions()
    for worker, (theirs, sees_shared, sees_content) in sorted(found.items()):
        for name, here in own.items():
            if theirs.get(name) != here:
                there = theirs.get(name, "none")
                raise ConfigError(f"worker {worker} has {name} {there}, and {here} is here; install the same version")
        for path, sees in ((content, sees_content), (shared.parent.parent, sees_shared)):
            if not sees:
                raise ConfigError(
                    f"worker {worker} does not see {path}; CONTENT and OUTPUT must lie on a file system that all"
                    " workers share, under the same path"
                )
