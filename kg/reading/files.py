"""Turning the bytes of a file into text with the lines that an editor would count."""

import re
from itertools import islice

from kg.diagnostics import diagnose, note_of
from kg.model import Diagnostic
from kg.reading.dialects import last_line
from kg.reading.encodings import likely_encoding
from kg.text.wording import counted

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"%PDF-", b"\x7fELF", b"\x1f\x8b", b"SQLite format 3")
"""The first bytes of pictures, archives and programs that are named `.md` by mistake."""

_FENCE = re.compile(rb"^ {0,3}(?:```|~~~)", re.MULTILINE)
_LINE_END = re.compile("\r\n|\r|\n")


def decode(data: bytes, path: str) -> tuple[str | None, list[Diagnostic]]:
    r"""The text of a file with `\n` line ends, or None if it cannot be trusted to be text.

    UTF-8, with or without its mark, and UTF-16 and UTF-32 with theirs. Single wrong bytes in a body become U+FFFD and
    are reported, and so are NULs, without which a front matter is read. Wrong bytes in the front matter, or a body that
    is in another encoding, make the file unreadable: a guessed encoding would put invented names into the graph.

    Args:
        data: the whole file.
        path: for the diagnostics.
    """
    if data.startswith(_MAGIC):
        return None, [diagnose(path, 1, 1, "KG002", "a binary file, by its first bytes, rather than text")]
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, name, path)
    while data.startswith(b"\xef\xbb\xbf"):  # two programs, one after the other, may each have set a mark
        data = data[3:]
    try:
        text = data.decode()
        diagnostics = []
    except UnicodeDecodeError as error:
        mended, diagnostic = _decode_broken(data, error, path)
        diagnostics = [diagnostic]
        if mended is None:
            return None, diagnostics
        text = mended
    if b"\0" in data:
        if not data.strip(b"\0"):
            what = f"{counted(len(data), 'NUL byte')} and nothing else: the text is lost; take it from a backup"
            return None, [diagnose(path, 1, 1, "KG002", what)]
        offset, count = data.index(b"\0"), text.count("\0")
        line = _line(data, offset)
        head = last_line(text)
        if count * 10 > len(text) and (not head or line <= head):
            likely = likely_encoding(data)
            what = f"likely {likely}" if likely.startswith("UTF-16") else "a binary file"
            return None, [diagnose(path, line, 1, "KG002", f"not text: there is a NUL at byte {offset}; {what}")]
        more = f", and {count - 1} more" if count > 1 else ""
        column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode(errors="replace")) + 1
        read = "the front matter is read without" if line <= head else "read as U+FFFD"
        message = f"byte {offset} is a NUL{more}; {read}: delete it"
        found = diagnose(path, line, column, "KG002" if line <= head else "KG003", message)
        pasted = line > head and len(_FENCE.findall(data, 0, offset)) % 2  # with the output of a program
        diagnostics.append(note_of(found) if pasted else found)
        # A name with a sign for what cannot be read would be one that nobody has.
        end = next((m.end() for m in islice(_LINE_END.finditer(text), head - 1, None)), len(text)) if head else 0
        text = text[:end].replace("\0", "") + text[end:].replace("\0", "\ufffd")
    return _with_line_ends(text, path, diagnostics) if b"\r" in data else (text, diagnostics)


def _with_line_ends(text: str, path: str, diagnostics: list[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        at = text.find("\r")
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            column = at - text.rfind("\n", 0, at)
            message = "a carriage return alone ends this line; save the file with LF line ends"
            found = diagnose(path, line, column, "KG003", message)
            # A few came with what was pasted; if all lines end like this, other tools see one.
            diagnostics.append(note_of(found) if text.count("\r") < text.count("\n") else found)
            text = text.replace("\r", "\n")
    return text, diagnostics


def _decode_marked(data: bytes, encoding: str, name: str, path: str) -> tuple[str | None, list[Diagnostic]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        message = f"begins as {name}, but the byte at offset {error.start} is not; save it as UTF-8"
        return None, [diagnose(path, line, 1, "KG002", message)]
    text = text.removeprefix("\ufeff")
    return _with_line_ends(text, path, [diagnose(path, 1, 1, "KG003", f"the file is {name}; save it as UTF-8")])


def _line(data: bytes, offset: int) -> int:
    """The line of a byte, 1-based, whatever the line ends."""
    before = data[:offset]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def _decode_broken(data: bytes, error: UnicodeDecodeError, path: str) -> tuple[str | None, Diagnostic]:
    """The text with its wrong bytes replaced, or None; and what to say about them."""
    start = error.start
    line = _line(data, start)
    likely = likely_encoding(data)
    guess = f"; likely {likely}" if likely else ""
    text = data.decode(errors="replace")
    wrong = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    right = sum(c > "\x7f" for c in text) - wrong
    column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode(errors="replace")) + 1
    where = f"byte 0x{data[start]:02X} at offset {start} is not UTF-8"
    if line <= last_line(text) or (wrong > 2 and wrong > right):
        return None, diagnose(path, line, column, "KG002", f"{where}{guess}; save the file as UTF-8")
    more = f", and {wrong - 1} more" if wrong > 1 else ""
    return text, diagnose(path, line, column, "KG003", f"{where}{more}; read as U+FFFD: save the file as UTF-8")
