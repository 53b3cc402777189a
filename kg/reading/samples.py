"""The beginnings of some files of a folder, which tell of all."""

from collections.abc import Iterator, Sequence
from pathlib import Path

_LOOKED_AT = 100
"""Files, spread over the folder."""


def beginnings(content: Path, paths: Sequence[str], size: int) -> Iterator[tuple[str, bytes]]:
    """Some files: the path and the first bytes of each.

    Args:
        content: the folder.
        paths: of all its files.
        size: how many bytes of each.
    """
    for path in paths[:: len(paths) // _LOOKED_AT + 1]:
        try:
            with open(f"{content}/{path}", "rb") as file:  # noqa: PTH123  a third of the cost of Path.open
                yield path, file.read(size)
        except OSError:
            continue
