"""Whether `#word` in a body is a tag, in a folder of which nobody knows the tool.

It is in a vault, where notes link to each other by `[[name]]`, and where it is usual. A few in many posts are numbers,
colours, channels, comments of programs, and headings without a blank.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from kg.reading.samples import beginnings

_SIZE = 8_000
_SEVERAL = 2
"""Posts with wikilinks."""
_SHARE = 10
"""One in so many posts has what is usual."""
_CODE = re.compile(rb"^[ \t>]*(?P<fence>```+|~~~+).*?(?:^[ \t>]*(?P=fence)|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_WIKILINK = re.compile(rb"\[\[(?![\s_])(?=[^\[\]\n]{0,99}[A-Za-z\x80-\xff])[^\[\]\n]{1,200}(?<!\s)\]\](?!\()")
"""No condition of a shell, no number in a list of sources, no `[[_TOC_]]`."""
_TAG = re.compile(rb"(?:^|(?<=\s))#(?![0-9A-Fa-f]{3,8}\b)[^\s\d!-/:-@\[-`{-~][^\s#()\[\]{}<>]*", re.MULTILINE)


def are_usual(content: Path, paths: Sequence[str]) -> bool:
    """Whether tags in bodies are usual in a folder, or its posts are notes that link to each other by name.

    Args:
        content: the folder.
        paths: of all posts in it.
    """
    posts = linked = tagged = 0
    for head in beginnings(content, paths, _SIZE):
        text = _CODE.sub(b" ", head) if b"`" in head or b"~~~" in head else head
        posts += 1
        linked += b"[[" in text and bool(_WIKILINK.search(text))
        tagged += b"#" in text and bool(_TAG.search(text))
    return linked >= _SEVERAL or max(linked, tagged) * _SHARE >= posts
