"""What is told of front matter that no dialect finds, for a slip in its fences or its first fields."""

import re

from kg.fields import known
from kg.reading.field_lines import USUAL, paragraph, unread_fields
from kg.reading.plain import is_nearly_date
from kg.reading.values import Problem

_LONGEST_SLIP = 20_000
"""Characters in which a front matter with a slip must end."""
_OPENED = re.compile(
    r"\A(?:[ \t]*\n)*(?P<fence>---|\+\+\+|;;;)[ \t]*(?:json|toml|ya?ml)?[ \t]*\n(?:[ \t]*(?:\{[ \t]*|#.*)?\n)*"
    r"[ \t]*[\w\"'{-][^\n]{0,99}?[:=][ \t\n]",
    re.IGNORECASE,
)
_OPENED_BRACE = re.compile(
    r"\A(?P<blank>(?:[ \t]*\n)*)"
    r"(?:(?P<brace>[{｛])\s*(?:[\"'“”][^\"'“”\n]+[\"'“”]|(?P<bare>[A-Za-z_]\w*))\s*[:：]"
    r"|(?:[ \t]*\"[^\"\n]+\"[ \t]*:[^\n]*\n){2})"
)
_JSON_KEY = re.compile(r"\{\s*\"")
_PERCENT = re.compile(r"\W?[ \t]*%")
_LONGEST_DATE = 60
_LONGEST_BLOCK = 8
"""Lines of a title block."""
_ABOVE = re.compile(r"\A\s*+(?:<!--(?:(?!-->).)*+-->\s*+|#[ \t][^\n]*\n\s*+)++(?=---[ \t]*\n)", re.DOTALL)
"""Comments and a heading above a fence."""
_LIKE_A_FENCE = re.compile(
    r"[\s\u200b-\u200f\u2060\ufeff]*(?:-{3,}+|[\u2010-\u2015\u2212\ufe58\ufe63－]++|\+{3}|;{3}|＋{3}|；{3})[^\w\n]*+"
    r"|\s*[^\w\n|]?([-+;=*])(?:[^\w\n|]?\1){1,3}(?:\W?\w\W?){0,4}[^\w\n|]?\s*"
    r"|-{3,}+(?:\w[\w-]*+:(?:\s.*)?|[ \t]+#.*)"
)
"""A fence, or nearly: with a sign too many or too few, a language, the first field, or a comment."""
_LIKE_A_FIELD = re.compile(r"\s*[\w\"'.-]+(?: [\w-]+)?\s*(?P<mark>[=：＝]|:(?P<gap>\s|\Z)?)")
_LIKE_MORE = re.compile(r"\s*\Z|\s+\S|- |#|[\[\]{}],?\Z")


def slips(text: str) -> tuple[Problem, ...]:
    """Front matter that begins but never ends, or that is not recognised because of a slip in its fences or fields."""
    brace = _OPENED_BRACE.match(text)
    if brace and (not brace["bare"] or known(brace["bare"])):
        line = text.count("\n", 0, brace.end("blank")) + 1
        if brace["brace"] == "｛":
            return (Problem(line, 1, "KG121", "'｛' begins no front matter, and is read as body; write '{'"),)
        if not _JSON_KEY.match(text, brace.start("brace")) and "}" in text[:_LONGEST_SLIP]:
            what = "front matter in braces is JSON, whose keys stand in straight double quotes; read as body"
            return (Problem(line, 1, "KG116", what),)
        end = "}" if brace["brace"] else ";;;"
        return (Problem(line, 1, "KG115", f"front matter begins here, but no '{end}' ends it; read as body"),)
    if unread := unread_fields(text) or _of_pandoc(text):
        return unread
    match = _OPENED.match(text)
    if match:
        fence = match["fence"]
        line = text.count("\n", 0, match.start("fence")) + 1
        closed = re.search(rf"^{re.escape(fence)}[ \t]*$", text[match.end("fence") :], re.MULTILINE)
        if line == 1 and not closed:  # below blank lines it is a rule between paragraphs
            message = f"front matter begins here, but no second '{fence}' ends it; read as body"
            return (Problem(line, 1, "KG115", message),)
    return _slip(text)


def _of_pandoc(text: str) -> tuple[Problem, ...]:
    """A title block of Pandoc with a slip, as its date shows."""
    lines, _after = paragraph(text, 0)
    percents = sum(map(bool, map(_PERCENT.match, lines))) if len(lines) <= _LONGEST_BLOCK else 0
    if percents and (percents > 1 or "%" in text[1 : len("\n".join(lines))]):
        last = "\n".join(lines).rpartition("%")[2]
        dates = (last, lines[-1], last.replace("\n", "")) if len(last) < _LONGEST_DATE else ()
        if any(is_nearly_date(" ".join(date.split())) for date in dates):
            what = "a title block of Pandoc is '% title', '% authors' and '% date', a line each; read as body"
            return (Problem(1, 1, "KG116", what),)
    return ()


def _slip(text: str) -> tuple[Problem, ...]:
    """What a person would take for front matter although no tool does; nothing if there is any prose in it."""
    above = _ABOVE.match(text, 0, _LONGEST_SLIP)
    lines = text[above.end() if above else 0 : _LONGEST_SLIP].split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    opening = _LIKE_A_FENCE.fullmatch(lines[first])
    second = first + 1 + (opening is not None and lines[first + 1 : first + 2] == ["{"])
    field = _LIKE_A_FIELD.match(lines[second]) if opening and second < len(lines) else None
    if not opening or not field:
        return ()
    for line in lines[second + 1 :]:
        if _LIKE_A_FENCE.fullmatch(line):
            break
        if not _LIKE_A_FIELD.match(line) and not _LIKE_MORE.match(line):
            return ()
    else:
        return ()
    if above:
        usual = {line.partition(":")[0].strip().lower() for line in lines[1:]} & USUAL
        message = "front matter begins in the first line of a file; these fields are read as body: move them up"
        return (Problem(text.count("\n", 0, above.end()) + 1, 1, "KG121", message),) if usual else ()
    if lines[first].rstrip(" \t") != "---":
        message = "this fence is no '---' at the beginning of a line; all below is read as body"
        return (Problem(first + 1, 1, "KG121", message),)
    if field["gap"] is not None:
        return ()
    if lines[second][field.end() :].startswith(":"):
        what = "'key:: value' is no YAML and stands without fences; take the fences away, or write 'key: value'"
        return (Problem(second + 1, 1, "KG128", what),)
    what = "'=' belongs between fences of '+++'" if field["mark"] in "=＝" else "a blank must follow each ':'"
    what = "a full-width colon (：) does not end a key; write ': '" if field["mark"] == "：" else what
    return (Problem(second + 1, 1, "KG116", f"these lines are not YAML fields: {what}; read as body"),)
