"""Whether `#word` in a body is a tag, and `key:: value` a field, in a folder of which nobody knows the tool.

They are where they are usual, and tags also in a vault, where notes link to each other by `[[name]]`. A few in many
posts are numbers, colours, channels, comments of programs, headings without a blank; lists of AsciiDoc, names of C++.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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
_FIELD = re.compile(
    rb"^[ \t>*+-]*[\w\x80-\xff][\w\x80-\xff -]{0,60}[*_]* ?::[ \t]+\S|[\[(]\w[\w -]{0,60}::[ \t]", re.MULTILINE
)


class Usual(NamedTuple):
    """What is usual in the bodies of a folder."""

    tags: bool
    fields: bool


def usual(content: Path, paths: Sequence[str]) -> Usual:
    """What is usual in a folder, of which `paths` are all posts."""
    posts = linked = tagged = fielded = 0
    for _path, head in beginnings(content, paths, _SIZE):
        posts += 1
        if _WIKILINK.search(head) or _TAG.search(head) or b"::" in head:
            text = _CODE.sub(b" ", head)
            linked += bool(_WIKILINK.search(text))
            tagged += bool(_TAG.search(text))
            fielded += bool(_FIELD.search(text))
    return Usual(linked >= _SEVERAL or max(linked, tagged) * _SHARE >= posts, fielded * _SHARE >= posts)
