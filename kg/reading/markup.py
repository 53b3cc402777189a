"""HTML links within Markdown: `<a href="other.md">`, and in MDX `<Link to="/docs/other">`.

Only what CommonMark says is HTML comes here (https://spec.commonmark.org/0.31.2/#html-blocks), so nothing within code.
Comments, scripts and styles hold no links. The HTML is searched and not parsed: a post needs no valid page around it.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?P<skipped>script|style|textarea)\b.*?(?:</(?P=skipped)|\Z)"
    rb"|<(?P<tag>[A-Z][\w.]*)\s(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"""(?P<name>[^\s=>"'/]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`{]+)))?"""
)
_WORDS = re.compile(rb"(?P<words>.{0,1000}?)</a", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(rb"<[^>]*>")


class Anchor(NamedTuple):
    """One link."""

    target: str
    words: str
    """What it shows, without further tags; "" if it is never closed."""
    offset: int
    """The byte that its tag begins at."""


def may_hold_anchors(text: str) -> bool:
    """Whether a text may hold links: a cheap test that spares most posts the search."""
    return "<" in text and ("href" in text or "HREF" in text or " to=" in text)


def anchors(data: bytes, start: int, end: int) -> Iterator[Anchor]:
    """The links within one stretch of HTML.

    Args:
        data: the whole text, in UTF-8; words of a link may stand behind the stretch.
        start: where the HTML begins.
        end: where it ends.
    """
    for match in _TAG.finditer(data, start, end):
        tag = match["tag"] or b""
        link = tag.lower() in (b"a", b"area")
        if not link and not tag[:1].isupper():
            continue
        attributes = {found["name"].lower(): found for found in reversed([*_ATTRIBUTE.finditer(match["attributes"])])}
        attribute = attributes.get(b"href") or (None if link else attributes.get(b"to"))
        if attribute is None:
            continue
        target = attribute["double"] or attribute["single"] or attribute["bare"] or b""
        words = _WORDS.match(data, match.end()) if tag.lower() == b"a" else None
        shown = _text(_ANY_TAG.sub(b" ", words["words"])) if words else ""
        yield Anchor(_text(target), " ".join(shown.split()), match.start())


def _text(data: bytes) -> str:
    return html.unescape(data.decode(errors="replace")).strip()
