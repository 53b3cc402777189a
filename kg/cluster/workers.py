"""The workers: those of an existing Dask cluster, or of one on this machine that ends with the build."""

from __future__ import annotations

import platform
from concurrent.futures import CancelledError
from contextlib import contextmanager
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import __version__
from kg.cluster import store
from kg.errors import ConfigError, ExportError
from kg.machine.processes import cores
from kg.state.keys import source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Client

    from kg.machine.steps import Progress

_ANSWERS_WITHIN = 15
"""Seconds within which a scheduler must answer and have a worker."""
_TOGETHER = (
    *("dask", "distributed", "msgspec", "opencc", "pandas"),
    *("pyarrow", "pyoxigraph", "pypinyin", "pyromark", "rapidfuzz"),
)
"""Packages that affect the output: this process and the workers must have the same versions."""
_LOCAL = {
    "threads_per_worker": 1,
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "silence_logs": "CRITICAL",
    "memory_limit": 0,
}
_QUIET = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.profile.enabled": False,
}
"""A short-lived cluster needs no dashboard."""


class Cluster(NamedTuple):
    """A connected cluster, on which Dask computes by default."""

    client: Client
    progress: Progress | None

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
            futures = self.client.compute(list(work), retries=2)
            for count, _future in enumerate(as_completed(futures, loop=self.client.loop), 1):
                if self.progress:
                    self.progress(name, count, len(futures))
            done: list[Any] = self.client.gather(futures)
        except (CancelledError, CommClosedError) as error:
            raise ExportError(f"step {name!r}: the scheduler is gone, or has cancelled the work") from error
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            raise ExportError(f"a worker cannot read or write{where}: {error.strerror or error}") from error
        except KilledWorker as error:
            raise ExportError(f"step {name!r}: several workers died while doing it; give them more memory") from error
        return done


@contextmanager
def connected(
    scheduler: str | None, jobs: int | None, output: str, content: str, progress: Progress | None
) -> Iterator[Cluster]:
    """A cluster for one build; `scheduler` and `jobs` are those of `kg.cluster.engine.build`.

    Raises:
        ConfigError: no scheduler answers; it has no workers; they have other versions, or do not see the folders.
    """
    from dask import config
    from distributed import Client

    own: dict[str, Any] = {} if scheduler else {"n_workers": jobs or cores(), **_LOCAL}
    with config.set(_QUIET):
        try:
            client = Client(scheduler, timeout=_ANSWERS_WITHIN, **own)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"--scheduler {scheduler}: no Dask scheduler answers there; write an address such as"
                " tcp://10.0.0.1:8786, as dask-scheduler prints it"
            ) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=_ANSWERS_WITHIN)
            except TimeoutError as error:
                raise ConfigError(f"--scheduler {scheduler}: it has no workers; start some with dask-worker") from error
            _check(client, [content, *([output] if store.is_local(output) else [])])
            yield Cluster(client, progress)


def versions() -> dict[str, str]:
    """The versions that must be the same on all workers of a build."""
    result = {name: version(name) for name in _TOGETHER}
    result["python"] = ".".join(platform.python_version_tuple()[:2])
    return {**result, "kg": f"{__version__} ({blake2b(source(), digest_size=4).hexdigest()})"}


def _look(folders: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The versions on a worker, and the folders that it cannot see."""
    return versions(), [folder for folder in folders if not Path(folder).is_dir()]


def _check(client: Client, folders: Sequence[str]) -> None:
    try:
        found = client.run(_look, folders)
    except ImportError as error:
        raise ConfigError(f"a worker cannot import kg ({error}); install the same kg with its extra dask") from error
    for worker, (theirs, unseen) in sorted(found.items()):
        for name, here in versions().items():
            if (there := theirs.get(name, "none")) != here:
                raise ConfigError(f"worker {worker} has {name} {there}, and {here} is here; install the same version")
        for path in unseen:
            raise ConfigError(
                f"worker {worker} does not see {path}; CONTENT and OUTPUT must lie on a file system that all workers"
                " share, under the same path; OUTPUT may also be a URL, such as s3://bucket/folder"
            )
