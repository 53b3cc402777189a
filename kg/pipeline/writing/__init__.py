"""Writing the files of a build: several processes share the work, and all files are put in place together.

    graph ─▶ tasks ─▶ files beside OUTPUT's ─▶ OUTPUT

A task writes a whole format, or some chunks of a format that is written chunk by chunk. Unchanged chunks are
copied from the files of the previous build.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from time import time
from typing import TYPE_CHECKING

from kg import exporters
from kg.errors import ConfigError, ExportError
from kg.machine.cores import cores, may_fork
from kg.machine.files import is_file_below, make_folder, put_in_place, read_plain, remove, replace_file, replacing
from kg.pipeline.manifest import Manifest
from kg.pipeline.writing.previous import previous_files
from kg.pipeline.writing.tasks import Tasks
from kg.state import BUILD, Miss
from kg.state.stamps import NO_FILE, Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.exporters import Exporter
    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.manifest import WrittenChunk
    from kg.pipeline.run import Run

_WORTH_A_PROCESS = 2_500
"""Nodes for each process; with fewer, one process is quicker than two."""
_BUFFER = 1 << 20
_ABANDONED = 24 * 60 * 60
"""Seconds; a file that has waited longer to be put in place belongs to a build that was killed."""


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files that a build wrote."""

    files: tuple[Path, ...]
    stamps: tuple[tuple[str, Stamp], ...]
    """Pairs of a file's name and its stamp, taken once it was in place."""
    chunks: Mapping[str, tuple[WrittenChunk, ...]]
    """Name of a file → its chunks in order, for the next build to copy."""


NOTHING = WrittenFiles((), (), {})


def write(
    run: Run, graph: KnowledgeGraph, last: Manifest | Miss | None = None, save: Callable[[], None] = lambda: None
) -> WrittenFiles:
    """Write the formats of a run into its OUTPUT, if it has one: all of them, or none.

    The formats that this process draws by itself are timed by their names, the rest as `write`.

    Args:
        run: the run.
        graph: what is written.
        last: the last build, if it is at hand.
        save: saves the graph, which gives its chunks their digests; called once, while other processes write.

    Raises:
        ExportError: a file could not be written; those of the previous build are untouched.
    """
    output, state, step = run.output, run.state.folder, run.clock.step
    if not output:
        save()
        return NOTHING
    assert state
    formats = {name: exporters.get(name) for name in run.formats}
    files = [file for exporter in formats.values() for file in exporter.files]
    for file in files:
        if (output / file).is_dir() and not (output / file).is_symlink():
            raise ExportError(f"cannot write {output / file}: there is a folder of that name")
    last = last or run.state.load(BUILD, Manifest)
    try:
        make_folder(state)
        _sweep(state)
        with (
            tempfile.TemporaryDirectory(prefix="new-", dir=state) as folder,
            previous_files(output, None if isinstance(last, Miss) else last) as previous,
        ):
            with step("write"):
                tasks = Tasks(graph, formats, Path(folder), previous)
            if tasks.copies:  # then the digests are needed first
                save()
            with step("write"):
                helpers = _helpers(tasks.nodes, run.jobs)
            chunks = tasks.do_all(step, helpers, (lambda: None) if tasks.copies else save)
            with step("write"):
                stamps = tuple((file, _put_in_place(Path(folder) / file, output / file)) for file in files)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        raise ExportError(f"cannot write{where}: {error.strerror}") from error
    return WrittenFiles(tuple(output / file for file in files), stamps, chunks)


def _put_in_place(fresh: Path, target: Path) -> Stamp:
    """Replace a file and keep its mode.

    Returns:
        Its stamp; `NO_FILE` if another build has replaced the file since.
    """
    made = Stamp.of(fresh.stat())
    try:
        put_in_place(fresh, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with fresh.open("rb") as source, replacing(target) as stream:  # on another file system
            shutil.copyfileobj(source, stream, _BUFFER)
            stream.flush()
            made = Stamp.of(os.fstat(stream.fileno()))
    now = Stamp.of(target.lstat())
    ours = (now.size, now.modified, now.inode) == (made.size, made.modified, made.inode)
    return now if ours else NO_FILE


def _sweep(state: Path) -> None:
    """Remove the leftovers of builds that were killed long ago."""
    for path in (*state.glob("new-*"), *state.glob(".*.new")):
        try:
            if time() - path.lstat().st_mtime < _ABANDONED:
                continue
            remove(path)
        except OSError:
            continue  # another build removed it first, or we may not


_WRITTEN = ".kg-files"
"""The files that kg wrote into a folder, in the form of `sha256sum`: digest, two spaces, path."""


def write_folder(files: Iterable[tuple[str, bytes]], folder: Path) -> tuple[int, int]:
    """Write a format that is a folder; unchanged files and other programs' files are left alone.

    Files that an earlier run wrote and this one does not are removed unless they were changed. Links below it are
    not followed.

    Args:
        files: (path below the folder, content) of each.
        folder: where to write them.

    Returns:
        The number of files, and how many of them are new or changed.

    Raises:
        ConfigError: the folder is a file, or another program's file is in the way.
        ExportError: a file could not be written.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: a folder is needed, and this is a file")
    before = _written_before(folder)
    digests: dict[str, str] = {}
    changed = 0
    try:
        try:
            for name, data in files:
                changed += _put_below(folder, name, data, own=name in before)
                digests[name] = sha256(data).hexdigest()
            for name in before.keys() - digests.keys():
                if is_file_below(folder, name) and sha256(read_plain(folder / name)).hexdigest() == before[name]:
                    remove(folder / name)
            before = digests
        finally:  # record what was written, even if the rest failed
            listed = "".join(f"{digest}  {name}\n" for name, digest in sorted({**before, **digests}.items()))
            replace_file(folder / _WRITTEN, listed.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ExportError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    return len(digests), changed


def _put_below(folder: Path, name: str, data: bytes, *, own: bool) -> bool:
    """Write one file of a folder if it has changed, and say whether it has; links on its path become folders."""
    old = read_plain(folder / name) if is_file_below(folder, name) else None
    if old == data:
        return False
    if old is not None and not own:
        raise ConfigError(f"{folder / name}: was not written by kg, and would be overwritten; give a folder of its own")
    for parent in reversed(PurePosixPath(name).parents[:-1]):
        make_folder(folder / parent)
    replace_file(folder / name, data)
    return True


def _written_before(folder: Path) -> dict[str, str]:
    """Path below the folder → SHA-256 of the file that was written; paths that lead out of it are ignored."""
    try:
        lines = read_plain(folder / _WRITTEN).decode("utf-8", "surrogateescape").split("\n")
    except OSError:
        return {}
    found = (line.partition("  ") for line in lines)
    return {name: digest for digest, _blanks, name in found if name and _is_inner(PurePosixPath(name))}


def _is_inner(path: PurePosixPath) -> bool:
    return not path.is_absolute() and os.pardir not in path.parts


def write_file(graph: KnowledgeGraph, exporter: Exporter, target: Path | None) -> list[Path]:
    """Write one format to a file (or several files to a folder), completely or not at all.

    A link is followed only if the user typed the file's own name.

    Raises:
        ConfigError: the target is a file where a folder is needed.
        ExportError: it cannot be written; the old files are untouched.
    """
    if len(exporter.files) > 1:
        folder = target or Path()
        if folder.exists() and not folder.is_dir():
            raise ConfigError(f"{folder}: {', '.join(exporter.files)} need a folder, and this is a file")
        targets, typed = [folder / file for file in exporter.files], False
    else:
        targets = [target or Path(exporter.files[0])]
        typed = target is not None and not target.is_dir()
        if targets[0].is_dir() and (target or not targets[0].is_symlink()):
            targets = [targets[0] / exporter.files[0]]
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(replacing(path, typed=typed)) for path in targets]
            exporter.write(graph, *files)
    except OSError as error:
        raise ExportError(f"cannot write {error.filename or targets[0]}: {error.strerror}") from error
    return targets


def _helpers(nodes: int, jobs: int | None) -> int:
    """How many helper processes are worth starting to write some nodes; only forked ones have the graph."""
    worth = min(cores(jobs), nodes // _WORTH_A_PROCESS) if may_fork() else 1
    return max(worth - 1, 0)
