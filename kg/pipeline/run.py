"""One run over a folder of posts: everything that its steps share, computed once."""

import glob
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

import msgspec

from kg.config import Config
from kg.errors import ConfigError, LedgerError
from kg.machine.files import below, read_plain
from kg.machine.steps import Clock, Progress
from kg.reading.folder import Folder, keys_of, look
from kg.reading.history import History
from kg.state import State
from kg.state.keys import Keys, digest


@dataclass(frozen=True)
class Run:
    """What the steps of a run share."""

    folder: Folder
    """The folder before any post is read."""
    config: Config
    output: Path | None = None
    """Where to write results; None for nowhere."""
    state: State = field(default_factory=State)
    """What is saved between runs."""
    jobs: int | None = None
    """Maximum number of processes; None decides by the amount of work."""
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def begin(
        cls,
        content: Path,
        config: Config,
        output: Path | None = None,
        *,
        reuse: Path | None = None,
        keep: bool = True,
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> "Run":
        """Begin a run on a folder of posts.

        If `output` is None, `reuse` is the OUTPUT of an earlier build. `keep` says whether state is updated; `progress`
        is called with the progress of each step.

        Raises:
            ConfigError: the folder does not exist or holds no post, or OUTPUT is the same folder.
        """
        clock = Clock(progress)
        place = output or reuse
        folder = look(content, without(config, content, place, refuse=output is not None))
        return cls(folder, config, output, State.of(place, writes=keep), jobs, clock)

    @property
    def content(self) -> Path:
        """The folder of posts."""
        return self.folder.content

    @cached_property
    def history(self) -> History:
        """The commits of the posts."""
        return History(self.content)

    @cached_property
    def ledger(self) -> Path:
        """The path of the identity ledger, which need not exist; raises as `ledger_path`."""
        return ledger_path(self.content, self.config)

    @property
    def beside(self) -> tuple[Path, ...]:
        """All files below CONTENT other than posts that are read, or would be if they existed."""
        return (self.ledger, *self.folder.beside)

    @cached_property
    def keys(self) -> Keys:
        """Digests of everything except the posts that the results depend on."""
        return msgspec.structs.replace(
            keys_of(self.folder, self.config),
            settings=digest(self.config.with_changes(formats=())),
            formats=digest(self.formats),
            ledger=digest(_content(self.ledger)),
            beside=digest([_content(path) for path in self.folder.beside], self.folder.diagnostics),
            commit=self.history.head,
        )

    @property
    def formats(self) -> list[str]:
        """The requested formats, without duplicates."""
        return list(dict.fromkeys(self.config.formats))


def _content(path: Path) -> bytes:
    try:
        return read_plain(path)
    except OSError:
        return b""  # the step that needs it reports this


def ledger_path(content: Path, config: Config) -> Path:
    """The path of the identity ledger, which need not exist.

    Raises:
        LedgerError: it is outside CONTENT, or is reached through a link.
    """
    name = config.resolution.ledger
    if PurePath(name).is_absolute() or os.pardir in PurePath(name).parts or "\0" in name:
        raise LedgerError(f"resolution.ledger: {name!r} is not within CONTENT; write a path such as 'kg-ledger.txt'")
    try:
        return below(content, name)
    except OSError as error:
        raise LedgerError(f"{error.filename}: {error.strerror}; a ledger is a file within CONTENT") from error


def without(config: Config, content: Path, output: Path | None, *, refuse: bool = True) -> Config:
    """Exclude OUTPUT from reading if it is inside CONTENT.

    Raises:
        ConfigError: it is CONTENT itself, unless `refuse` is false.
    """
    if output is None:
        return config
    try:
        inside = output.resolve().relative_to(content.resolve())
    except ValueError:
        return config
    if inside == Path():
        if not refuse:
            return config
        raise ConfigError(f"{output}: OUTPUT and CONTENT are the same folder; choose another with -o")
    return config.with_changes(exclude=(*config.exclude, glob.escape(inside.as_posix())))
