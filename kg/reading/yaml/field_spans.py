"""Where the top-level fields of faulty YAML begin and end.

A fault must cost no more than the field it stands in, and text within a value must not become a field. So quotes and
brackets are followed from where a value opens them, over lines at column 1 too; where one is not closed as it should
be, every line that may be inside belongs to that field.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from kg.fields import known

_PIECE = re.compile(r"^(?=[^\s#])", re.MULTILINE)
INDENTED = re.compile(r"(?:\s*#[^\n]*\n)*\s*^[ \t]+[^\s#]", re.MULTILINE)
"""An indented first field."""
_ITEM = re.compile(r"-(?:\s|\Z)|[:,\]}]")
"""The beginning of a line at column 1 that continues the value above."""
DOCUMENT = re.compile(r"(?:---|\.\.\.)(?:\s|\Z)")
"""The beginning of a line that ends a YAML document; what follows is not part of it."""
_OPENED = re.compile(
    r"(?:^[ \t]*|(?<=[:?-])[ \t]+)(?:[&!]\S*[ \t]+)*(?P<sign>[\"'\[{])|^(?P<comment><!--)", re.MULTILINE
)
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*+'")}
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_LINK = re.compile(r"\[\[[^\[\]\n]+\]\][^\n\[\]{}]*(?:\[\[[^\[\]\n]+\]\][^\n\[\]{}]*)*$", re.MULTILINE)
"""A line that begins with a link in double brackets and holds no other brackets than those of links."""
_CLOSED = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)|[ \t]*:(?=\s)")
"""What may stand after a closed value, or after a quoted key."""
_TOKEN = re.compile(
    r"(?<![^\s\[{,:])(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+')|(?:^|(?<=\s))#[^\n]*|[\[\]{},]", re.DOTALL | re.MULTILINE
)
_BARE = re.compile(r"[ \t]+(?:- ?)?[\w-]*[ \t]*\n\Z")
_ITEM_OF_WORDS = re.compile(r"[ \t]+- [^:\n]*\n\Z")
_TORN_KEY = re.compile(r"([\w-]+):")
_COLON = re.compile(r":(?:\s|\Z)")
_STRAY = re.compile(r"[,\]}][^\s,:\[\]{}\"'][^:\n]*:(?:\s|\Z)")
"""A sign too many before a key at column 1."""
_FULL = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'|\[[^\[\]{}\"'\n]*\]|\{[^\[\]{}\"'\n]*\})[ \t]*"
"""A value that ends on its line."""
_FULL_TAIL = re.compile(rf"[^:\n]*:[ \t]+{_FULL}[,\[{{]\s*\Z")
_WHOLE_REST = rf"[\w-]+:(?:[ \t]+(?:{_FULL}|[^\s\"'\[\]{{}}|>&*!#][^\"'\[\]{{}}\n]*))?$"
_PLAIN = r"[^\s\"'\[\]{}|>&*!#](?:[^\"'\[\]{}:\n]|:(?=\S))*"
_INDENTED_KEY = re.compile(
    r"^ {2,}(?:- |[\w-]+:(?: |$))[^\n]*\n(?=[ \t][\w-]+:(?:\s|\Z))"
    rf"|^(?![-?][ \t])[^\s#:\n][^:\n]*:[ \t]+{_FULL}\n(?=[ \t]+[\w-]+:(?:\s|\Z))"
    rf"|^(?:[^\s#:\n][^:\n]*:|-)[ \t]+{_PLAIN}\n(?=[ \t]{_WHOLE_REST})"
    rf"|^(?:[\w-]+:|-)[ \t]+(?:{_FULL}|{_PLAIN})\n(?=[ \t]+(?P<key>[\w-]+):(?:[ \t]|$))",
    re.MULTILINE,
)
"""A line that cannot go on in the next one: a key after one blank or after a value that ends, or a key posts have."""
GLUED = re.compile(rf"[^:\n]*:[ \t]+{_FULL}(?={_WHOLE_REST})", re.MULTILINE)
"""A field on the line of the next one, behind a value that cannot go on."""
_TAIL = re.compile(r"([,\[{:])[ \t]*+(?:#|\Z)")
"""The end of a line whose value continues below, ignoring a comment."""


@dataclass(slots=True)
class FieldSpan:
    """One field, with all lines that may belong to it."""

    start: int
    end: int
    sign: str = ""
    """What is not closed properly: quotes, `[` for any bracket, `<!--`; or `---`, where a document ends."""
    tail: str = ""
    """The comma, bracket or colon at the end, or ""."""


def field_spans(source: str) -> list[FieldSpan]:
    """Cut the source between its top-level fields."""
    starts = [match.start() for match in _PIECE.finditer(source)]
    indented = _INDENTED_KEY.finditer(source)
    starts = sorted({*starts, *(match.end() for match in indented if not match["key"] or known(match["key"]))})
    if INDENTED.match(source):
        starts.insert(0, 0)
    values = _Values(source)
    found: list[FieldSpan] = []
    unclosed: list[int] = []
    """Which chunks have a sign: the last of them is the one that a stray closing sign closes."""
    closed = 0
    below = _excess(source)
    """How many more brackets are opened than closed from here on."""
    for start, end in pairwise([*starts, len(source)]):
        needed = below < 0
        below -= _excess(source[start:end])
        last = found[-1] if found else None
        if start < closed:
            found[-1].end = end
            continue
        sign, closed = values.sign(start, end)
        if unclosed and _closes(source[start:end], found[unclosed[-1]].sign):
            del found[unclosed.pop() + 1 :]
            found[-1].end, found[-1].sign = end, sign
        elif last and not last.sign and _STRAY.match(source, start) and not (needed and source[start] == ","):
            found.append(FieldSpan(start, end, sign))
        elif found and source[start] in "]}":  # the bracket that opened was lost
            while len(found) > 1 and found[-2].tail == ",":
                found.pop()
            if len(found) > 1 and found[-2].tail:
                found.pop()
            found[-1].end = end
        elif last and (
            last.sign in ("<!--", "---")
            or _ITEM.match(source, start)
            or (last.sign and last.tail in ("{", ","))
            or _may_be_torn(source, last.start, start, end)
        ):
            last.end, last.sign = end, last.sign or sign
        else:
            found.append(FieldSpan(start, end, sign))
        found[-1].tail = "" if below >= 0 and _FULL_TAIL.match(source, start, end) else _tail(source[start:end])
        while unclosed and unclosed[-1] >= len(found) - 1:
            unclosed.pop()
        if found[-1].sign:
            unclosed.append(len(found) - 1)
    return found


def _may_be_torn(source: str, above: int, start: int, end: int) -> bool:
    """Whether a line break may have come into a key that was nested: `  par` above `ams:`.

    Not below two items without keys: a list seldom holds both names and maps.
    """
    line = source.rfind("\n", above, start - 1) + 1
    key = _TORN_KEY.match(source, start, end) if _BARE.match(source, line, start) else None
    if key is None or known(key[1]):
        return False
    before = source.rfind("\n", above, max(above, line - 1)) + 1
    return not (source[line:start].lstrip().startswith("-") and _ITEM_OF_WORDS.match(source, before, line))


def without(source: str, parts: list[FieldSpan]) -> str:
    """The source with comments in place of some chunks: lines and columns of all others stay what they are."""
    kept: list[str] = []
    done = 0
    for part in parts:
        kept += source[done : part.start], re.sub(r"(?m)^.+", "#", source[part.start : part.end])
        done = part.end
    return "".join((*kept, source[done:]))


def _tail(piece: str) -> str:
    """The comma, bracket or colon that a piece ends with, or ""."""
    text = piece.rstrip()
    match = _TAIL.search(text, text.rfind("\n") + 1)
    return match[1] if match else ""


def _closes(piece: str, sign: str) -> bool:
    """Whether a piece ends what a sign opened further up."""
    text = piece.rstrip()
    if text[-1] in "]},":
        return "[" in sign and _excess(text) < 0
    return text[-1] in _QUOTED and text[-1] in sign and not re.search(rf"(?:\A|[:?-]\s+){text[-1]}", text)


def _unbalanced(text: str) -> str:
    """The signs that a text with a fault may leave open."""
    return "".join(quote for quote in _QUOTED if text.count(quote) % 2) + "[" * (_excess(text) > 0)


def _excess(text: str) -> int:
    """How many more brackets are opened than closed."""
    return text.count("[") + text.count("{") - text.count("]") - text.count("}")


class _Values:
    """Follows quotes and brackets; each bracket once, however many fields leave theirs open."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._comments_end = source.rfind("-->")
        self._ends: dict[int, int | None] = {}
        """Of each bracket that was met: where it is closed."""

    def sign(self, start: int, end: int) -> tuple[str, int]:
        """The first sign of a field that is not closed as it should be, or "", and where the field ends at least."""
        if DOCUMENT.match(self._source, start):
            return "---", end
        at = start
        while at < end and (match := _OPENED.search(self._source, at, end)):
            if match["comment"]:
                if match.end() > self._comments_end:
                    return "<!--", end
                return "", self._line_end(self._source.find("-->", match.end()))
            sign, opened = match["sign"], match.start("sign")
            if link := _LINK.match(self._source, opened):
                at = link.end()
                continue
            after = self._end(sign, opened)
            closed = after and _CLOSED.match(self._source, after)
            if not closed:
                return sign.replace("{", "[") + _unbalanced(_APOSTROPHE.sub("", self._source[start:end])), end
            at = max(closed.end(), opened + 1)
        if at > start:
            return "", max(at, end)
        piece = _APOSTROPHE.sub("", self._source[start:end])
        return _unbalanced(piece) if _COLON.search(piece) else "".join(sign for sign in "\"'[" if sign in piece), end

    def _end(self, sign: str, opened: int) -> int | None:
        if sign in _QUOTED:
            whole = _QUOTED[sign].match(self._source, opened)
            return whole and whole.end()
        if opened not in self._ends:
            self._follow(opened)
        return self._ends[opened]

    def _follow(self, start: int) -> None:
        """Note where each bracket from here on is closed, until the first one is."""
        opened: list[int] = []
        for match in _TOKEN.finditer(self._source, start):
            if match[0] in "[{":
                opened.append(match.start())
                self._ends[match.start()] = None
            elif match[0] in "]}":
                self._ends[opened.pop()] = match.end()
                if not opened:
                    return

    def _line_end(self, at: int) -> int:
        end = self._source.find("\n", at)
        return len(self._source) if end < 0 else end + 1
