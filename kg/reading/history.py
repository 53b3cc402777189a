"""The commit that each post comes from, if the posts are kept in Git (https://git-scm.com/docs/git-log).

Git runs beside the other work of a build and costs no time of its own. It is told to run nothing that the settings of
a repository name, so a post that is stored through a filter of theirs and was touched since counts as changed. A post
that was changed since its last commit comes from no commit; neither does any post of a shallow clone, where Git no
longer knows.
"""

import os
import re
import shutil
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

from kg.errors import ConfigError
from kg.literals import canonical
from kg.model import Commit
from kg.namespaces import XSD
from kg.state.stamps import NO_FILE, stamp_of
from kg.text.filenames import portable

_HARMLESS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "log.showSignature=false",
    "log.showRoot=true",
    "diff.relative=false",
    "diff.external=",
    "core.pager=cat",
)
_REPOSITORY = frozenset(
    """
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_DIR GIT_GRAFT_FILE GIT_IMPLICIT_WORK_TREE
    GIT_INDEX_FILE GIT_INTERNAL_SUPER_PREFIX GIT_NO_REPLACE_OBJECTS GIT_OBJECT_DIRECTORY GIT_PREFIX
    GIT_REPLACE_REF_BASE GIT_SHALLOW_FILE GIT_WORK_TREE
    """.split()  # noqa: SIM905
)
"""The variables that tell Git of one repository, as `git rev-parse --local-env-vars` lists them, but for the user's
settings, as in `git -c`."""
_FACTS = re.compile(rb"(?P<shallow>.*?)\n(?P<index>.*?)\n(?P<prefix>.*?)\n(?:(?P<head>[0-9a-f]+)\n)?", re.DOTALL)
"""What Git tells of a folder. The name of a folder may hold line ends; the prefix is empty or ends in a slash."""


class History:
    """The commits of a folder's files at the time of the first question; Git is started at most four times."""

    def __init__(self, content: Path) -> None:
        """Find out whether the folder lies in a work tree, if Git is installed."""
        self._content = content
        self._log: subprocess.Popen[bytes] | None = None
        wanted = ("--is-shallow-repository", "--git-path", "index", "--show-prefix", "--revs-only", "HEAD")
        facts = _FACTS.fullmatch(self._ask("rev-parse", *wanted) if _in_work_tree(content) else b"")
        self._known = facts is not None and facts["shallow"] == b"false"
        self.index = NO_FILE
        """The stamp of Git's index; it changes whenever `changed` can, even if neither a file nor a commit does."""
        self.head = b""
        """The name of the newest commit, or nothing; it changes whenever `commits` can, if no file does."""
        if facts and self._known:
            self.index = stamp_of(content / os.fsdecode(facts["index"]))
            self.head = facts["head"] or b""
            self._prefix = facts["prefix"]

    def start(self) -> None:
        """Start Git, which finds the commits while this process goes on."""
        if not self._known or self._log:
            return
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  read and closed by `commits`
        self._log = subprocess.Popen(  # noqa: S603
            # Without --relative, which merges (-c) do not heed. No path begins with a slash, so a header can.
            self._command("log", "-c", "--name-only", "--no-renames", "-z", "--format=/%H %cI", "--", "."),
            stdout=self._output,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )

    @cached_property
    def commits(self) -> dict[str, Commit]:
        """Path relative to the folder, as posts have it (`portable`) → the commit its present content comes from."""
        self.start()
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
        first = False
        for part in output.split(b"\0"):
            if part.startswith(b"/"):
                name, _space, time = part[1:].decode("ascii").partition(" ")
                commit, first = Commit(name, canonical(time, XSD + "dateTime")), True
                continue
            # The line end that separates names from their header; in any other place it is a part of a name.
            listed = part.removeprefix(b"\n") if first else part
            first = False
            if listed:
                found.setdefault(_shown(listed.removeprefix(self._prefix)), commit)
        for path in self.changed:
            found.pop(path, None)
        return found

    @cached_property
    def changed(self) -> list[str]:
        """Files whose content is not that of their last commit; they have none in `commits`."""
        if not self._known:
            return []
        output = self._ask(
            "diff", "--relative", "--name-only", "--no-ext-diff", "--no-textconv", "--ignore-submodules", "-z", "HEAD",
            "--", ".", environment=self._without_filters(),
        )  # fmt: skip
        return [_shown(name) for name in output.split(b"\0") if name]

    def find(self, revision: str) -> str:
        """The full name of the commit that a revision such as `HEAD~5` stands for; "" if there is none."""
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
        return found.decode("ascii", "replace").strip()

    def put(self, commit: str, folder: Path) -> bool:
        """Write the files that a commit has in this folder into another one, as they were committed, without links.

        Neither filters nor attributes apply. Returns whether there was any file.

        Raises:
            ConfigError: the repository lacks one of them.
        """
        listed = self._ask("ls-tree", "-r", "-z", commit, "--", ".")
        files: list[tuple[bytes, bytes]] = []
        for entry in listed.split(b"\0")[:-1]:
            head, _tab, path = entry.partition(b"\t")
            mode, _kind, name = head.split()
            inside = not {b"", b".", b".."} & set(path.split(b"/"))
            if mode.startswith(b"100") and inside:  # neither a link nor another repository
                files.append((name, path))
        wanted = b"".join(name + b"\n" for name, _path in files)
        data = self._ask("cat-file", "--batch", given=wanted)
        start = 0
        for _name, path in files:
            end = data.find(b"\n", start)
            length = data[start : max(start, end)].rpartition(b" ")[2]
            if not length.isdigit():
                raise ConfigError(f"{os.fsdecode(path)}: not in the repository any more; git fsck says what is missing")
            size = int(length)
            target = folder / os.fsdecode(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data[end + 1 : end + 1 + size])
            start = end + size + 2
        return bool(files)

    def _without_filters(self) -> dict[str, str]:
        """An environment in which no filter runs (https://git-scm.com/docs/gitattributes#_filter).

        `git -c` ends a setting's name at its first `=`, which the name of a filter may hold; variables do not.
        """
        keys = self._ask("config", "-z", "--name-only", "--get-regexp", r"^filter\.").split(b"\0")
        filters = sorted({key.rpartition(b".")[0] for key in keys if key.count(b".") > 1})
        environment = _environment()
        known = environment.get("GIT_CONFIG_COUNT", "")
        count = int(known) if known.isdecimal() else 0
        for one in map(os.fsdecode, filters):
            for name, value in (("clean", ""), ("process", ""), ("required", "false")):
                environment[f"GIT_CONFIG_KEY_{count}"] = f"{one}.{name}"
                environment[f"GIT_CONFIG_VALUE_{count}"] = value
                count += 1
        return {**environment, "GIT_CONFIG_COUNT": str(count)}

    def _ask(self, *arguments: str, environment: dict[str, str] | None = None, given: bytes = b"") -> bytes:
        ended = subprocess.run(  # noqa: S603
            self._command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            input=given,
            env=environment or _environment(),
            check=False,
        )
        return ended.stdout if ended.returncode == 0 else b""

    def _command(self, *arguments: str) -> list[str]:
        settings = [part for setting in _HARMLESS for part in ("-c", setting)]
        return ["git", *settings, "-C", os.fspath(self._content), *arguments]


def _in_work_tree(folder: Path) -> bool:
    """Whether Git is installed, and would find a repository: a `.git` here or in a folder above."""
    here = folder.resolve()
    return any(os.path.lexists(place / ".git") for place in (here, *here.parents)) and shutil.which("git") is not None


def _shown(path: bytes) -> str:
    return portable(os.fsdecode(path))


def _environment() -> dict[str, str]:
    """Our environment without the variables that name a repository, which hooks of Git set."""
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY}
    # A partial clone would fetch what it lacks, by a program that it may name; no protocol at all is allowed.
    return {**environment, "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "", "TZ": "UTC"}
