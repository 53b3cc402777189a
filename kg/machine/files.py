"""Files that are written completely or not at all, and never through a symbolic link.

Posts may come from anybody, and so may the contents of an output folder: whoever can put a link there must not decide
which file is read or replaced. A path that the user typed is followed; links below it are not:

- an output file that is a link becomes a regular file;
- state (OUTPUT/.kg) is neither read nor written through a link;
- the ledger and other files beside the posts are not read if they are links.

Only regular files are opened below such a folder: opening a named pipe would block.
"""

import errno
import mmap
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from kg.machine.terminal import printable


def below(root: Path, name: str | os.PathLike[str]) -> Path:
    """A path below a folder, after checking that no part of it is a link.

    Args:
        root: the folder, which may itself be a link.
        name: a relative path; it may begin with `..`.

    Raises:
        OSError: part of the path is a symbolic link.
    """
    path = root
    for part in PurePath(name).parts:
        path /= part
        if part != os.pardir:
            refuse_link(path)
    return path


def is_file_below(root: Path, name: str | os.PathLike[str]) -> bool:
    """Whether there is a regular file below a folder that can be reached without a link."""
    try:
        # The cheap check first: hardly any of the files that are asked for exist.
        return stat.S_ISREG(os.lstat(f"{root}/{name}").st_mode) and bool(below(root, name))
    except OSError:
        return False


def open_plain(path: str | os.PathLike[str], mode: str = "rb") -> BinaryIO:
    """Open a regular file that is not a link.

    Raises:
        OSError: it is a link, a folder, a pipe or a device, or it cannot be opened.
    """
    refuse_link(Path(path))
    return cast("BinaryIO", open(path, mode, opener=_open_plain))


def _open_plain(path: str, flags: int) -> int:
    # A link may have appeared since the check, and opening a pipe would block. Windows has neither flag.
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags, 0o666)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "is a folder" if stat.S_ISDIR(mode) else "is not a regular file (a pipe, socket or device)"
        raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, what, path)
    return descriptor


def refuse_link(path: Path) -> None:
    """Raise if a path is a symbolic link.

    Raises:
        OSError: it is one.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a symbolic link, which is not followed", str(path))


def read_plain(path: Path) -> bytes:
    """The content of a regular file that is not a link.

    Raises:
        OSError: as for `open_plain`.
    """
    with open_plain(path) as file:
        return file.read()


def map_plain(path: Path) -> memoryview:
    """As `read_plain`, but mapped into memory rather than copied; not on Windows, where nothing could replace it then.

    Only for files that are replaced as a whole, never written to.
    """
    with open_plain(path) as file:
        if sys.platform == "win32" or not os.fstat(file.fileno()).st_size:  # nothing cannot be mapped
            return memoryview(file.read())
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


@contextmanager
def replacing(path: Path, *, typed: bool = False) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces the old one atomically once it is complete.

    The mode of the old file is kept. A link, a pipe or a device in its place is replaced by the file, unless the user
    typed the path: then the target of the link is replaced, and a pipe or a device is written to.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    if typed:
        path = Path(os.path.realpath(path))  # tolerates loops of links
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{os.urandom(6).hex()}.new")
    try:
        with fresh.open("xb") as file:
            yield file
        put_in_place(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def put_in_place(fresh: Path, path: Path) -> None:
    """Move a new file into the place of an old one, with its mode; a link is replaced itself, not its target.

    Raises:
        OSError: it cannot be moved; the old file is untouched.
    """
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            fresh.chmod(stat.S_IMODE(mode))
        elif stat.S_ISLNK(mode):
            warn(f"{path}: was a symbolic link and is now a file; the link's target is unchanged")
    fresh.replace(path)


def replace_file(path: Path, data: bytes, *, typed: bool = False) -> None:
    """Replace the content of a file: see `replacing`.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    with replacing(path, typed=typed) as file:
        file.write(data)


def copy_part(source: BinaryIO, target: BinaryIO, offset: int, length: int) -> None:
    """Append part of one file to another, in the kernel where that can be done; fewer bytes if the source ends."""
    target.flush()
    while length and hasattr(os, "copy_file_range"):
        try:
            copied = os.copy_file_range(source.fileno(), target.fileno(), length, offset)
        except OSError:
            copied = 0
        if not copied:
            break  # these file systems cannot
        offset, length = offset + copied, length - copied
    source.seek(offset)
    while length and (data := source.read(min(length, _PART))):
        target.write(data)
        length -= len(data)


_PART = 1 << 20


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Let one process at a time into the block, by locking a file that exists only while somebody is inside.

    A process that arrives just as another one leaves may get in beside the next one, and where files cannot be locked,
    as on Windows, all get in: this saves work, and correctness must not depend on it.
    """
    with ExitStack() as stack:
        with suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(stack.enter_context(open_plain(path, "ab")), fcntl.LOCK_EX)
            stack.callback(path.unlink, missing_ok=True)
        yield


def make_folder(path: Path) -> None:
    """Create a folder of ours if it is missing; a link, a pipe or a socket in its place is removed.

    Raises:
        OSError: it cannot be created, or a file is in its place.
    """
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            raise FileExistsError(errno.EEXIST, "is a file where kg keeps a folder; move it away", str(path))
        if not stat.S_ISDIR(mode):
            path.unlink()
            warn(f"{path}: was not a folder and is now one; if it was a link, its target is unchanged")
    path.mkdir(parents=True, exist_ok=True)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all its contents.

    Raises:
        OSError: it does not exist, or cannot be removed completely.
    """
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()  # shutil.rmtree would open a pipe, and block


def keep(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Save something for the next run, in a file directly in OUTPUT/.kg.

    If it cannot be saved, the next run takes longer; one line says why.
    """
    try:
        make_folder(path.parent)
        with replacing(path) as file:
            file.writelines(parts)
    except OSError as error:
        place = path.parent if error.filename == str(path.parent) else path
        warn(f"{place}: {error.strerror}; nothing is kept there, and the next run takes longer")


@cache
def warn(line: str) -> None:
    """Log a warning once per process, because `--watch` builds again and again."""
    import logging  # slow to import, and seldom needed

    logging.getLogger("kg").warning("kg: %s", printable(line))
