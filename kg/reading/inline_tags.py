"""Whether `#word` in a body is a tag, in a folder of which nobody knows the tool.

It is in a vault, where notes link to each other by `[[name]]`, and where it is usual. A few in many posts are numbers,
colours, channels, comments of programs, and headings without a blank.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from kg.reading.samples import beginnings

_SIZE = 8_000
"""Bytes of a post that are looked at."""
_SEVERAL = 2
"""Posts with wikilinks."""
_SHARE = 10
"""One in so many posts has what is usual."""
_CODE = re.compile(rb"(?P<fence>```+|~~~+).*?(?:(?P=fence)|\Z)|`[^`\n]+`", re.DOTALL)
_WIKILINK = re.compile(rb"\[\[(?![\s_])(?=[^\[\]\n]{0,99}[A-Za-z\x80-\xff])[^\[\]\n]{1,200}(?<!\s)\]\](?!\()")
"""No condition of a shell, no number in a list of sources, no `[[_TOC_]]`."""
_TAG = re.compile(rb"#(?<!\S#)(?![0-9A-Fa-f]{3,8}\b)[^\s\d!-/:-@\[-`{-~][^\s#()\[\]{}<>]*")


def are_usual(content: Path, paths: Sequence[str]) -> bool:
    """Whether tags in bodies are usual in a folder, or its posts are notes that link to each other by name.

    Args:
        content: the folder.
        paths: of all posts in it.
    """
    posts = linked = tagged = 0
    for head in beginnings(content, paths, _SIZE):
        posts += 1
        if _WIKILINK.search(head) or _TAG.search(head):
            text = _CODE.sub(b" ", head)
            linked += bool(_WIKILINK.search(text))
            tagged += bool(_TAG.search(text))
    return linked >= _SEVERAL or max(linked, tagged) * _SHARE >= posts
