"""The heading that a post without `title` is called by."""

import re
from typing import Any

import pyromark

from kg.reading.body import OPTIONS
from kg.reading.comments import without_comments
from kg.reading.shortcodes import PROGRAM, blanked, without_templates

_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…")
_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[IVX]{1,4})[、.．)）](?!\d)|第[一二三四五六七八九十]{1,3}[章节節部]|[①-⑳]"
)
"""The number of a part: `1. Installation`, `一、安装`."""


def main_heading(body: str, *, mdx: bool = False, any_level: bool = False) -> str:
    """The words of the first heading of level 1, "" if there is none; other headings name parts of a post.

    A heading below a paragraph that ends like a sentence also names a part: a title comes before the text. So does a
    heading with a number if the next one has one, too.

    Args:
        body: the text below the front matter.
        mdx: as for `kg.reading.body.scan`.
        any_level: whether the first of any level counts.
    """
    text, *_ = without_comments(without_templates(PROGRAM.sub(blanked, body) if mdx else body)[0])
    words: list[str] | None = None
    first = last = ""
    events: Any = pyromark.events(text, options=OPTIONS)
    for event in events:
        if type(event) is str:
            continue
        ((name, value),) = event.items()
        if name == "Start":
            if type(value) is dict and "Heading" in value and (any_level or value["Heading"]["level"] == "H1"):
                words = []
        elif (
            name == "End"
            and value == "Paragraph"
            and not (any_level or first)
            and last.rstrip().endswith(_SENTENCE_ENDS)
        ):
            return ""
        elif words is None:
            last = value if name == "Text" else last
        elif name in ("Text", "Code"):
            words.append(value)
        elif name == "End" and type(value) is dict and "Heading" in value:  # of one that counts
            heading = " ".join("".join(words).split())
            if first and heading:
                return "" if _ORDINAL.match(heading) else first
            if heading and (any_level or not _ORDINAL.match(heading)):
                return heading
            first, words = heading, None
    return first
