"""Folders of working papers beside the posts of a site: no file in them has front matter, where most posts have."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from kg.reading.samples import beginnings

_FENCES = (b"---", b"+++", b";;;", b"{", b"#+", b"%", b"<!--", b"..")
"""What front matter begins with."""
_MOST = 0.75
_SIZE = 64


def papers(content: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The folders just below CONTENT of which the site makes no pages, as far as front matter tells.

    Args:
        content: the folder.
        paths: of all its posts.
    """
    heads = [_is_headed(head) for _path, head in beginnings(content, paths, _SIZE)]
    if sum(heads) < _MOST * len(heads):
        return ()
    below: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder, slash, _rest = path.partition("/")
        if slash:
            below[folder].append(path)
    return tuple(
        folder
        for folder, inner in below.items()
        if not any(_is_headed(head) for _path, head in beginnings(content, inner, _SIZE))
    )


def _is_headed(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_FENCES)
