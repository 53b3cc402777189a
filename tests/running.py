"""`kg` as users run it, each time in a new process, forked from one that has imported all of `kg` to save that time."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping

REPO = Path(__file__).resolve().parent.parent


def kg(
    *arguments: object,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 120,
    merged: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Args:
        arguments: as they are typed after `kg`.
        cwd: the working directory; else that of the tests.
        environment: variables besides those of the tests; none that Python itself reads when it starts.
        stdin: what is typed.
        timeout: seconds until the command is killed, and `subprocess.TimeoutExpired` raised.
        merged: whether standard error goes to standard output.
    """
    words = list(map(str, arguments))
    with TemporaryDirectory() as folder:
        (Path(folder) / "stdin").write_text(stdin, "utf-8")
        whole = {**os.environ, **(environment or {})}
        status = _forking().run(words, str(cwd or Path.cwd()), whole, folder, timeout, merged=merged)
        out, err = ((Path(folder) / name).read_bytes().decode() for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(["kg", *words], status, out, err)


class _Forking:
    """The process that has imported `kg`, and forks."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(REPO), "PYTHONUTF8": "1"}
        environment["PYTHONWARNINGS"] = "ignore:Creating scratch directories"  # Dask, where others use the disk, too
        self._process = subprocess.Popen(
            [sys.executable, __file__], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        atexit.register(self._end)

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def run(
        self, words: list[str], cwd: str, environment: dict[str, str], folder: str, timeout: float, *, merged: bool
    ) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([words, cwd, environment, folder, merged]).encode() + b"\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        late = not select.select([self._process.stdout], [], [], timeout)[0]
        if late:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(int(self._process.stdout.readline()))
        if late:
            raise subprocess.TimeoutExpired(["kg", *words], timeout)
        return status


_forking = cache(_Forking)


def _serve() -> None:
    """Fork for each line of standard input: first the child's process id is written, then its wait status."""
    from importlib import import_module
    from pkgutil import walk_packages

    import kg

    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    with Path(os.devnull).open("r+b") as null:
        os.dup2(null.fileno(), 0)
        os.dup2(null.fileno(), 1)
    ours = [module.name for module in walk_packages(kg.__path__, "kg.")]
    with_extras = ("kg.__main__", "kg.agents", "kg.cluster", "kg.lsp", "kg.server")
    late = ("charset_normalizer", "graspologic_native", "opencc", "scipy.sparse.csgraph", "scipy.spatial")
    for name in (*(name for name in ours if not name.startswith(with_extras)), *late):
        import_module(name)
    for line in requests:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        answers.write(b"%d\n" % child)
        answers.write(b"%d\n" % os.waitpid(child, 0)[1])


def _run(words: list[str], cwd: str, environment: dict[str, str], folder: str, merged: bool) -> NoReturn:
    for number, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT),
        (2, "stderr", os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(f"{folder}/{name}", flags, 0o600), number)
    if merged:
        os.dup2(1, 2)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["kg", *words]
    from kg.cli import main

    main()


if __name__ == "__main__":
    _serve()
