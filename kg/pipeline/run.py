"""One run over a folder of posts: everything that its steps share, each found out once."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import msgspec

from kg.errors import ConfigError, LedgerError
from kg.machine.files import below, read_plain
from kg.machine.steps import Clock
from kg.reading.folder import Folder, keys_of, look
from kg.reading.history import History
from kg.state import State
from kg.state.keys import Keys, digest

if TYPE_CHECKING:
    from kg.config import Config
    from kg.machine.steps import Progress


@dataclass(frozen=True)
class Run:
    """What the steps of a run share."""

    folder: Folder
    """What lies there, before any post is read."""
    config: Config
    output: Path | None = None
    """Where results are written; None writes none."""
    state: State = field(default_factory=State)
    """What is kept between runs."""
    jobs: int | None = None
    """Number of processes at most; None decides by the work there is."""
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
    ) -> Run:
        """Look at a folder of posts.

        Where `output` is None, `reuse` is the OUTPUT of an earlier build. `keep` says whether state is brought up to
        date; `progress` is told how far each step is.

        Raises:
            ConfigError: there is no such folder, or no post in it; or OUTPUT is the same folder.
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
        """Where the identity ledger is, or would be; see `ledger_path` for what it raises."""
        return ledger_path(self.content, self.config)

    @property
    def beside(self) -> tuple[Path, ...]:
        """All files below CONTENT that are read beside the posts, or would be if they were there."""
        return (self.ledger, *self.folder.beside)

    @cached_property
    def keys(self) -> Keys:
        """Digests of everything except the posts that the results depend on."""
        return msgspec.structs.replace(
            keys_of(self.folder, self.config),
            settings=digest(self.config.with_changes(formats=())),
            formats=digest(self.formats),
            ledger=digest(_content(self.ledger)),
            beside=digest([_content(path) for path in self.folder.beside]),
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
        return b""  # whoever needs it says so


def ledger_path(content: Path, config: Config) -> Path:
    """Where the identity ledger is, or would be.

    Raises:
        LedgerError: that is not within CONTENT, or a link leads there.
    """
    name = config.resolution.ledger
    if PurePath(name).is_absolute() or os.pardir in PurePath(name).parts or "\0" in name:
        raise LedgerError(f"resolution.ledger: {name!r} is no path within CONTENT; write one, such as 'kg-ledger.txt'")
    try:
        return below(content, name)
    except OSError as error:
        raise LedgerError(f"{error.filename}: {error.strerror}; a ledger is a file within CONTENT") from error


def without(config: Config, content: Path, output: Path | None, *, refuse: bool = True) -> Config:
    """Leave OUTPUT out of what is read where it lies within CONTENT.

    Raises:
        ConfigError: it is CONTENT, and that is to be refused.
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
