"""What an author hides from readers: comments of HTML, `<!-- … -->`, and of Obsidian.

Obsidian's (https://help.obsidian.md/syntax#Comments) are `%% … %%` in a line, and lines between two of `%%` alone. Code
is skipped, and so are marks that nothing closes. Time is linear whatever the text holds: a mark or a fence that nothing
closes is looked for once, spans of code end with their line, and their marks are three backticks at most.
"""

from __future__ import annotations

import re

from kg.mining.code import block

_ALONE = r" {0,3}%%[ \t]*$"
_COMMENT = re.compile(
    rf"^{block('fence')}"
    rf"|^(?P<block>{_ALONE}(?:\n{block('inner')}|\n(?!{_ALONE})[^\n]*+)*+\n{_ALONE})"
    r"|(?<![`\\])(?P<ticks>`{1,3}+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)"
    r"|<!--[^\n]*?(?:-->|$)"
    r"|(?<![%\\])(?P<within>%%(?!%)[^\n]*?%%)",
    re.MULTILINE,
)


_HIDDEN = re.compile(
    rf"^{block('fence')}|(?<![`\\])(?P<ticks>`{{1,3}}+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)|(?P<opened><!--)", re.MULTILINE
)


def shown(text: str) -> str:
    """The text with all comments blanked out, those of HTML, too; places stay."""
    (text,) = without_comments(text)
    if "<!--" not in text:
        return text
    spans: list[tuple[int, int, bool]] = []
    at = 0
    while match := _HIDDEN.search(text, at):
        at = match.end()
        if match["opened"]:
            end = text.find("-->", at)
            if end < 0:
                break  # nothing closes it, nor any later one
            at = end + 3
            spans.append((match.start(), at, False))
    return _blanked(text, spans)


def without_comments(text: str, *others: str) -> tuple[str, ...]:
    """The text, and others as long, with Obsidian's comments blanked out: each character by one, so places stay."""
    if "%%" not in text:
        return text, *others
    spans = [(*match.span(), match.lastgroup == "within") for match in _COMMENT.finditer(text) if _is_comment(match)]
    return tuple(_blanked(each, spans) for each in (text, *others))


def _is_comment(match: re.Match[str]) -> bool:
    return match["block"] is not None or match["within"] is not None


def _blanked(text: str, spans: list[tuple[int, int, bool]]) -> str:
    parts, at = [], 0
    for start, end, within in spans:
        # U+00A0 is no blank in Markdown, so no line that begins with a comment becomes indented code.
        parts += [text[at:start], "\xa0" * (end - start) if within else re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])
