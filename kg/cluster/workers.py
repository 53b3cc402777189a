"""The workers: those of an existing Dask cluster, or of one on this machine that ends with the build."""

from __future__ import annotations

import platform
from contextlib import contextmanager
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.cluster.output import is_local
from kg.errors import ConfigError
from kg.machine.cores import cores
from kg.state.keys import source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Client

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


@contextmanager
def connected(scheduler: str | None, jobs: int | None, output: str, content: str) -> Iterator[Client]:
    """A cluster for one build, which Dask uses by default; `scheduler` and `jobs` are those of `engine.build`.

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
            _check(client, [content, *([output] if is_local(output) else [])])
            yield client


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
