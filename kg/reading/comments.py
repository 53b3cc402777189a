"""Comments, which authors hide from readers: those of HTML, `<!-- … -->`, and of Obsidian.

Obsidian's (https://help.obsidian.md/syntax#Comments) are `%% … %%` in a line, and lines between two of `%%` alone. Code
is skipped, and so are marks that nothing closes. Time is linear whatever the text holds: a mark or a fence that nothing
closes is looked for once, spans of code end with their line, and their marks are three backticks at most.
"""

import re

from kg.reading.mining.code import block
from kg.text.signs import searcher

_ALONE = r"^(?P<alone> {0,3}%%[ \t]*$)"
_NEXT = re.compile(rf"^{block('fence')}|{_ALONE}", re.MULTILINE)
_COMMENT = re.compile(
    rf"{_NEXT.pattern}"
    r"|(?<![`\\])(?P<ticks>`{1,3}+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)"
    r"|<!--[^\n]*?(?:-->|$)"
    r"|(?<![%\\])(?P<within>%%(?!%)[^\n]*?%%)",
    re.MULTILINE,
)


_holds_comments = searcher("%%")
_HIDDEN = re.compile(
    rf"^{block('fence')}|(?<![`\\])(?P<ticks>`{{1,3}}+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)|(?P<opened><!--)", re.MULTILINE
)
_OPENED = re.compile("(?P<opened><!--)")
"""The same if there is no code: many times faster, as it begins with a fixed text."""


def shown(text: str) -> str:
    """The text with all comments blanked out, HTML's included; every character keeps its place."""
    (text,) = without_comments(text)
    if "<!--" not in text:
        return text
    hidden = _HIDDEN if "`" in text or "~" in text else _OPENED
    spans: list[tuple[int, int, bool]] = []
    at = 0
    while match := hidden.search(text, at):
        at = match.end()
        if match["opened"]:
            end = text.find("-->", at)
            if end < 0:
                break  # nothing closes it, nor any later one
            at = end + 3
            spans.append((match.start(), at, False))
    return _blanked(text, spans)


def without_comments(text: str, *others: str) -> tuple[str, ...]:
    """The text, and others of its length, with Obsidian's comments blanked out; every character keeps its place."""
    if not _holds_comments(text):
        return text, *others
    spans: list[tuple[int, int, bool]] = []
    at, closed = 0, True
    while match := _COMMENT.search(text, at):
        at = match.end()
        if match["within"] is not None:
            spans.append((*match.span(), True))
        elif match["alone"] is not None and closed:
            ends = (found.end() for found in _NEXT.finditer(text, at) if found["alone"] is not None)
            end = next(ends, None)
            closed = end is not None  # where nothing closes it, nothing closes any later one
            if end is not None:
                at = end
                spans.append((match.start(), end, False))
    return tuple(_blanked(each, spans) for each in (text, *others))


def _blanked(text: str, spans: list[tuple[int, int, bool]]) -> str:
    parts, at = [], 0
    for start, end, within in spans:
        # U+00A0 is not a space in Markdown, so no line that begins with a comment becomes indented code.
        parts += [text[at:start], "\xa0" * (end - start) if within else re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])
