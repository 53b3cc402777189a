"""Comments, which authors hide from readers: those of HTML, `<!-- … -->`, and of Obsidian.

Obsidian's (https://help.obsidian.md/syntax#Comments) are `%% … %%` in a line, and lines between two of `%%` alone. Code
is skipped, and so are marks that nothing closes. Time is linear whatever the text holds: a mark or a fence that nothing
closes is looked for once, spans of code end with their line, and their marks are three backticks at most.
"""

import re

from kg.reading.mining.code import block
from kg.reading.scanning import blank

_SIGN = re.compile(r"``*|~~~+|<!--|%%+")
"""What may begin code or a comment. Each alternative begins with a fixed character: so it is found soonest."""
_OPENING = re.compile("<!--")
"""What may begin a comment in a text without code; found sooner still."""
_FENCED = re.compile(block("fence"), re.MULTILINE)
_SPAN = re.compile(r"(?<!\\)(?P<ticks>`{1,3}+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)")
_BLANK = re.compile(r"[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(r"<!--[^\n]*?(?:-->|$)", re.MULTILINE)
_WITHIN = re.compile(r"(?<![%\\])%%(?!%)[^\n]*?%%")
_NEXT = re.compile(rf"^{block('fence')}|^(?P<alone> {{0,3}}%%[ \t]*$)", re.MULTILINE)
SIGNS = ("%%", "<!--")
"""A text without any of these holds no comments."""


def shown(text: str) -> str:
    """The text with all comments blanked out, HTML's included; every character keeps its place."""
    (text,) = without_comments(text)
    if "<!--" not in text:
        return text
    spans: list[tuple[int, int, bool]] = []
    at = 0
    search = (_SIGN if "`" in text or "~" in text else _OPENING).search
    while sign := search(text, at):
        at = _behind_code(text, sign)
        if sign[0] == "<!--":
            end = text.find("-->", at)
            if end < 0:
                break  # nothing closes it, nor any later one
            at = end + 3
            spans.append((sign.start(), at, False))
    return _blanked(text, spans)


def without_comments(text: str, *others: str) -> tuple[str, ...]:
    """The text, and others of its length, with Obsidian's comments blanked out; every character keeps its place."""
    if "%" not in text or "%%" not in text:
        return text, *others
    spans: list[tuple[int, int, bool]] = []
    at, closed = 0, True
    while sign := _SIGN.search(text, at):
        start, at = sign.start(), _behind_code(text, sign)
        if hidden := _HIDDEN.match(text, start):
            at = hidden.end()
        elif sign[0] == "%%" and _begins_line(text, start) and _BLANK.match(text, at):
            ends = (found.end() for found in _NEXT.finditer(text, at) if found["alone"] is not None)
            end = next(ends, 0) if closed else 0
            closed = end > 0  # where nothing closes it, nothing closes any later one
            if end:
                at = end
                spans.append((start, end, False))
        elif within := _WITHIN.match(text, start):
            at = within.end()
            spans.append((start, at, True))
    return tuple(_blanked(each, spans) for each in (text, *others))


def _behind_code(text: str, sign: re.Match[str]) -> int:
    """The end of the code that a sign begins, or else of the sign."""
    start = sign.start()
    code = None
    if sign[0].startswith(("```", "~~~")) and _begins_line(text, start):
        code = _FENCED.match(text, start)
    if not code and sign[0][0] == "`":
        code = _SPAN.match(text, start)
    return code.end() if code else sign.end()


def _begins_line(text: str, at: int) -> bool:
    """Whether at most three blanks stand before an offset on its line."""
    before = text[max(0, at - 4) : at]
    indent = before[before.rfind("\n") + 1 :]
    return len(indent) < 4 and not indent.strip(" ")


def _blanked(text: str, spans: list[tuple[int, int, bool]]) -> str:
    parts, at = [], 0
    for start, end, within in spans:
        # U+00A0 is not a space in Markdown, so no line that begins with a comment becomes indented code.
        parts += [text[at:start], "\xa0" * (end - start) if within else blank(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])
