"""Which commit a post comes from, where the posts are kept in Git (https://git-scm.com/docs/git-log).

Git runs beside the reading and costs no time of its own. It is told to run nothing that a repository's own settings
name. A post that was changed since its last commit comes from no commit; neither does any post of a shallow clone,
where Git no longer knows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

from kg.model import Commit

if TYPE_CHECKING:
    from pathlib import Path

_HARMLESS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "log.showSignature=false",
    "diff.external=",
    "core.pager=cat",
)


class History:
    """The commits of a folder's files; with `log`, these are looked up at once, and asked for later."""

    def __init__(self, content: Path, *, log: bool = True) -> None:
        """Start Git, if the folder lies in a work tree and Git is installed."""
        self._content = content
        self._log: subprocess.Popen[bytes] | None = None
        asked = shutil.which("git") is not None
        self._known = asked and self._ask("rev-parse", "--is-shallow-repository").strip() == b"false"
        if not self._known or not log:
            return
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  read and closed by `commits`
        self._log = subprocess.Popen(  # noqa: S603
            self._command("log", "--relative", "--name-only", "--no-renames", "-z", "--format=%x01%H %cI", "--", "."),
            stdout=self._output,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=self._environment(),
        )

    def commits(self) -> dict[str, Commit]:
        """Path relative to the folder → the commit its present content comes from."""
        if self._log is None:
            return {}
        ended = self._log.wait()
        with self._output as file:
            file.seek(0)
            output = file.read()
        if ended:
            return {}  # a repository without a commit
        found: dict[str, Commit] = {}
        commit = Commit("", "")
        for part in output.split(b"\0"):
            text = part.strip(b"\n")
            if text.startswith(b"\x01"):
                name, _space, time = text[1:].decode("ascii").partition(" ")
                commit = Commit(name, time)
            elif text:
                found.setdefault(os.fsdecode(text), commit)
        for path in self.changed():
            found.pop(path, None)
        return found

    def head(self) -> bytes:
        """The name of the newest commit, or nothing; it changes whenever `commits` can, if no file does."""
        return self._ask("rev-parse", "HEAD").strip() if self._known else b""

    def changed(self) -> list[str]:
        """Files whose content is not that of their last commit; they have none in `commits`."""
        if not self._known:
            return []
        output = self._ask(
            "diff", "--relative", "--name-only", "--no-ext-diff", "--no-textconv", "-z", "HEAD", "--", "."
        )
        return [os.fsdecode(name) for name in output.split(b"\0") if name]

    def _ask(self, *arguments: str) -> bytes:
        ended = subprocess.run(  # noqa: S603
            self._command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=self._environment(),
            check=False,
        )
        return ended.stdout if ended.returncode == 0 else b""

    def _command(self, *arguments: str) -> list[str]:
        settings = [part for setting in _HARMLESS for part in ("-c", setting)]
        return ["git", *settings, "-C", os.fspath(self._content), *arguments]

    @staticmethod
    def _environment() -> dict[str, str]:
        return {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "TZ": "UTC"}
