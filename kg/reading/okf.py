"""Bundles of the Open Knowledge Format, whose `index.md` and `log.md` are lists of contents rather than documents.

https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md (sections 3.1 and 12)
"""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kg.reading.settings import beginning

RESERVED = frozenset({"index.md", "log.md"})
"""Names that no document of a bundle has, at any depth."""
_VERSION = re.compile(rb"\A---\s*\n(?:[^\n]*\n){0,20}?okf_version[ \t]*:")
_LIST = re.compile(rb"\A(?:#+ [^\n]*\n+(?:[*-] +\[[^\n]*\n+)+)+")
_TYPE = re.compile(rb"\A---\s*\n(?:[^\n]*\n)*?type[ \t]*:[ \t]*[^\s#]")
_HEAD = 4_096
_WITNESSES = 20


def is_bundle(content: Path) -> bool:
    """Whether a folder is a bundle.

    Its own `index.md` has an `okf_version` in its front matter, which bundles may leave out; or it has none and holds
    nothing but lists of links under headings, while the first documents of the folder have a `type`, as all must.
    """
    index = _head(content / "index.md")
    if _VERSION.match(index) or not _LIST.match(index):
        return bool(_VERSION.match(index))
    heads = [_head(path) for path in islice(_documents(content), _WITNESSES)]
    return bool(heads) and all(map(_TYPE.match, heads))


def _documents(content: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (content / folder / name for name in sorted(names) if name.endswith(".md") and name not in RESERVED)


def _head(path: Path) -> bytes:
    return beginning(path, _HEAD).replace(b"\r\n", b"\n")
