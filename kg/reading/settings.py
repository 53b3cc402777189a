"""Files of settings of other tools: they are searched for a few words, and no program among them is ever run."""

import os
from pathlib import Path

from kg.machine.files import is_file_below, open_plain

LARGEST = 1 << 20
"""Bytes of such a file that are read."""
ENDINGS = ("toml", "yaml", "yml", "json")
HUGO = tuple(
    f"{folder}{name}.{end}" for folder in ("", "config/_default/") for name in ("hugo", "config") for end in ENDINGS
)
"""Where Hugo's sites have their settings (https://gohugo.io/configuration/introduction/); the first counts."""


def beginning(path: Path, size: int = LARGEST) -> bytes:
    """The first bytes of a file; none if it cannot be read."""
    try:
        with open_plain(path) as file:
            return file.read(min(os.fstat(file.fileno()).st_size, size))
    except OSError:
        return b""


def text_of(folder: Path, name: str) -> str:
    """What a file below a folder, or above it (`../name`), says; "" if there is none."""
    return beginning(folder / name).decode("utf-8", "replace") if is_file_below(folder, name) else ""
