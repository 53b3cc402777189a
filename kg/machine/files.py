"""Files that are written whole or not at all, and that no link leads to.

A folder of posts may come from anybody, and so may what lies in the folder of results: whoever can put a link there
must not decide which file is read or replaced. A path that the user typed is followed; what lies below it is not:

- a result that is a link becomes a file;
- state (OUTPUT/.kg) is neither read nor written through a link;
- the ledger and other files beside the posts are not read where they are links.

Nothing but a regular file is opened below such a folder: a named pipe would be waited for.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO, cast

from kg.machine.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


def below(root: Path, name: str | os.PathLike[str]) -> Path:
    """The path of something below a folder, once it is sure that no link leads there.

    Args:
        root: the folder; it may itself be a link.
        name: a relative path; `..` at its beginning leads to the folders above.

    Raises:
        OSError: a part of the path is a symbolic link.
    """
    path = root
    for part in PurePath(name).parts:
        path /= part
        if part != os.pardir:
            refuse_link(path)
    return path


def is_file_below(root: Path, name: str | os.PathLike[str]) -> bool:
    """Whether there is a regular file of this name below a folder, and no link leads there."""
    try:
        return stat.S_ISREG(below(root, name).lstat().st_mode)
    except OSError:
        return False


def open_plain(path: str | os.PathLike[str], mode: str = "rb") -> BinaryIO:
    """Open a regular file that is no link.

    Raises:
        OSError: it is a link, a folder, a pipe or a device, or cannot be opened.
    """
    refuse_link(Path(path))
    return cast("BinaryIO", open(path, mode, opener=_open_plain))


def _open_plain(path: str, flags: int) -> int:
    # A link may have come this moment; and a pipe is waited for without O_NONBLOCK. Windows has neither.
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags, 0o666)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "is a folder" if stat.S_ISDIR(mode) else "is no regular file (a pipe, socket or device)"
        raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, what, path)
    return descriptor


def refuse_link(path: Path) -> None:
    """Make sure that a path is no symbolic link.

    Raises:
        OSError: it is one.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a symbolic link, which is not followed", str(path))


def read_plain(path: Path) -> bytes:
    """The content of a regular file that is no link.

    Raises:
        OSError: as for `open_plain`.
    """
    with open_plain(path) as file:
        return file.read()


@contextmanager
def replacing(path: Path, *, typed: bool = False) -> Iterator[BinaryIO]:
    """Open a file whose new content takes the place of the old in one step, once all of it is written.

    The mode of the old file is kept. A link, a pipe or a device in its place makes way for the file, unless the user
    typed the path: then what the link leads to is replaced, and a pipe or a device is written to.

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
    """Give a new file the name and the mode of another; a link of that name goes, and nothing happens to its target.

    Raises:
        OSError: it cannot be done; what was there is untouched.
    """
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            fresh.chmod(stat.S_IMODE(mode))
        elif stat.S_ISLNK(mode):
            warn(f"{path}: was a symbolic link and is a file from now on; what it led to is as it was")
    fresh.replace(path)


def replace_file(path: Path, data: bytes, *, typed: bool = False) -> None:
    """Give a file new content: see `replacing`.

    Raises:
        OSError: it cannot be written; the old content is untouched.
    """
    with replacing(path, typed=typed) as file:
        file.write(data)


def make_folder(path: Path) -> None:
    """Make a folder of ours, unless there is one; a link, a pipe or a socket in its place makes way.

    Raises:
        OSError: it cannot be made, or a file is in its place.
    """
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            raise FileExistsError(errno.EEXIST, "is a file where kg keeps a folder; move it away", str(path))
        if not stat.S_ISDIR(mode):
            path.unlink()
            warn(f"{path}: was no folder and is one from now on; if it was a link, what it led to is as it was")
    path.mkdir(parents=True, exist_ok=True)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; of a link, the link.

    Raises:
        OSError: it is not there, or not all of it can be removed.
    """
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()  # shutil.rmtree would open a pipe, and wait


def keep(path: Path, *parts: bytes) -> None:
    """Keep something for the next run, in a file right in OUTPUT/.kg.

    Where it cannot be kept, that costs time and nothing else; one line says why.
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
    """Warn of something that costs the build nothing; once, for a watch builds again and again."""
    logging.getLogger("kg").warning("kg: %s", printable(line))
