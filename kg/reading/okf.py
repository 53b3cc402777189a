"""Bundles of the Open Knowledge Format, whose `index.md` and `log.md` are lists of what is there, and no documents.

https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md (sections 3.1 and 12)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.machine.files import open_plain

if TYPE_CHECKING:
    from pathlib import Path

RESERVED = frozenset({"index.md", "log.md"})
"""Names that no document of a bundle has, at any depth."""
_VERSION = re.compile(rb"\A---\s*\n(?:[^\n]*\n){0,20}?okf_version[ \t]*:")
_HEAD = 4_096


def is_bundle(content: Path) -> bool:
    """Whether a folder says that it is a bundle: by `okf_version` in the front matter of its own `index.md`."""
    try:
        with open_plain(content / "index.md") as file:
            return bool(_VERSION.match(file.read(_HEAD)))
    except OSError:
        return False
