"""Finding the posts of a folder, and turning the bytes of one into text with the lines an editor would count."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from kg.diagnostics import diagnose
from kg.iris import POST_SUFFIXES
from kg.reading.encodings import likely_encoding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.model import Diagnostic

NEVER_ENTERED = frozenset({"node_modules"})
"""Folders of other people's Markdown. Hidden folders (`.git`, `.obsidian`, `.trash`) are never entered either."""


class Walk(NamedTuple):
    """The posts below a folder."""

    paths: list[str]
    """Relative to CONTENT, with forward slashes, in the order of their code points."""
    diagnostics: list[Diagnostic]
    """What looked like a post and is not read, and why."""
    data: list[str] = []  # noqa: RUF012  a record's default, which nobody changes
    """Files of JSON beside them, which may hold fields of theirs, in the same order."""


def walk(content: Path, exclude: Sequence[str] = ()) -> Walk:
    """Find every `.md`, `.markdown` and `.mdx` file (in any case) below a folder, at any depth.

    Symbolic links are not followed: what they lead to within CONTENT is read under its own path, and what lies outside
    is none of this folder's posts. Named pipes and devices are never opened. Names that are not UTF-8 come as
    `os.fsdecode` gives them; `portable` makes them writable.

    Args:
        content: the folder; may itself be a symbolic link.
        exclude: patterns as in `.gitignore`: `drafts`, `*.tmp.md` (a name at any depth), `blog/old`, `/notes`,
            `private/**` (paths from CONTENT); `*` and `?` stop at a slash.
    """
    excluded = _matcher(exclude)
    paths: list[str] = []
    data: list[str] = []
    diagnostics: list[Diagnostic] = []
    root = os.fspath(content)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = os.scandir(f"{root}/{folder}")
        except OSError as error:
            diagnostics.append(_unreadable(folder.rstrip("/"), error))
            continue
        with entries:
            for entry in entries:
                path = folder + entry.name
                if excluded and excluded.match(path):
                    continue
                hidden = entry.name.startswith(".")
                is_post = entry.name.lower().endswith(POST_SUFFIXES)
                if entry.is_symlink():
                    if not hidden and entry.name not in NEVER_ENTERED:
                        diagnostics += _link(root, path, is_post)
                elif entry.is_dir(follow_symlinks=False):
                    if not hidden and entry.name not in NEVER_ENTERED:
                        folders.append(path + "/")
                elif not is_post:
                    data += [path] * _is_data(entry)
                elif hidden:
                    diagnostics.append(_left_out(path, "a hidden file is no post; rename it to have it read"))
                elif not entry.is_file(follow_symlinks=False):
                    diagnostics.append(_left_out(path, "no regular file (a pipe, socket or device)"))
                else:
                    paths.append(path)
    paths.sort()
    diagnostics.sort(key=lambda diagnostic: diagnostic.path)
    return Walk(paths, diagnostics, sorted(data))


def _is_data(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(".json") and entry.name[0] != "." and entry.is_file(follow_symlinks=False)


def portable(path: str) -> str:
    """A path as it can be written anywhere: bytes of its name that are not UTF-8 become `%FF`."""
    if path.isascii():
        return path
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in path)


def _left_out(path: str, why: str) -> Diagnostic:
    return diagnose(portable(path), 0, 0, "KG006", why)


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return diagnose(portable(path) or ".", 0, 0, "KG001", f"cannot be read: {error.strerror}")


def _link(root: str, path: str, is_post: bool) -> list[Diagnostic]:
    """What to say about a symbolic link: nothing, unless a post or a folder lies behind it."""
    try:
        target = os.path.realpath(f"{root}/{path}", strict=True)
    except OSError as error:
        # A loop or a dangling link; of no interest unless it is called like a post.
        return [_left_out(path, f"a symbolic link that leads nowhere: {error.strerror}")] if is_post else []
    if not is_post and not os.path.isdir(target):  # noqa: PTH112  paths stay text here, for speed
        return []
    home = os.path.realpath(root)
    if target == home or target.startswith(home + os.sep):
        inside = os.path.relpath(target, home).replace(os.sep, "/")
        return [_left_out(path, f"a symbolic link to '{portable(inside)}', which is read under its own path")]
    return [_left_out(path, "a symbolic link that leads out of the folder; what lies there is not read")]


def _matcher(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """One expression for all patterns; a match of a folder excludes all below it, for it is not entered."""
    parts = []
    for pattern in patterns:
        plain = pattern.strip().removeprefix("./").rstrip("/")
        if plain:
            start = "" if "/" in plain else "(?:.*/)?"
            parts.append(start + _translated(plain.lstrip("/")) + r"\Z")
    return re.compile("|".join(parts), re.DOTALL) if parts else None


_GLOB = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|.", re.DOTALL)


def _translated(pattern: str) -> str:
    return "".join(map(_translated_part, _GLOB.findall(pattern)))


def _translated_part(part: str) -> str:
    known = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if part in known:
        return known[part]
    if len(part) > 2 and part[0] == "[":
        negated = part[1] in "!^"
        inner = part[2:-1] if negated else part[1:-1]
        return f"[{'^' if negated else ''}{inner.replace(chr(92), chr(92) * 2).replace('[', chr(92) + '[')}]"
    return re.escape(part)


_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_FRONT_MATTER = re.compile(
    rb"\s*(?:---[^\n]*\n.*?^(?:---|\.\.\.)|\+\+\+[ \t]*\n.*?^\+\+\+|;;;[ \t]*\n.*?^;;;)[ \t]*$|\s*\{.*?^\}",
    re.DOTALL | re.MULTILINE,
)
_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"%PDF-", b"\x7fELF", b"\x1f\x8b", b"SQLite format 3")
"""How files of other kinds begin that are called `.md` by mistake: pictures, archives, programs."""


def decode(data: bytes, path: str) -> tuple[str | None, list[Diagnostic]]:
    r"""The text of a file with `\n` line ends, or None where it is no text that can be trusted.

    UTF-8, with or without its mark, and UTF-16 and UTF-32 with theirs. Single wrong bytes in a body become U+FFFD and
    are reported; wrong bytes in the front matter, or a body that is in another encoding, make the file unreadable:
    a guessed encoding would put invented names into the graph.

    Args:
        data: the whole file.
        path: for the diagnostics.
    """
    if data.startswith(_MAGIC):
        return None, [diagnose(path, 1, 1, "KG002", "no text but a binary file; its first bytes say so")]
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
        if text.count("\0") * 100 > len(text):
            likely = likely_encoding(data)
            what = f"likely {likely}" if likely.startswith("UTF-16") else "a binary file"
            offset = data.index(b"\0")
            return None, [diagnose(path, _line(data, offset), 1, "KG002", f"no text: a NUL at byte {offset}; {what}")]
        line = text.count("\n", 0, text.index("\0")) + 1
        diagnostics.append(diagnose(path, line, 1, "KG003", "a NUL character stands here; it is read as U+FFFD"))
        text = text.replace("\0", "\ufffd")
    return _with_line_ends(text, path, diagnostics) if b"\r" in data else (text, diagnostics)


def _with_line_ends(text: str, path: str, diagnostics: list[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        at = text.find("\r")
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            column = at - text.rfind("\n", 0, at)
            message = "a carriage return alone ends this line; save the file with LF line ends"
            diagnostics.append(diagnose(path, line, column, "KG003", message))
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
    head = _FRONT_MATTER.match(data)
    where = f"byte 0x{data[start]:02X} at offset {start} is not UTF-8"
    if (head and start < head.end()) or (wrong > 2 and wrong > right):
        return None, diagnose(path, line, column, "KG002", f"{where}{guess}; save the file as UTF-8")
    more = f", and {wrong - 1} more" if wrong > 1 else ""
    return text, diagnose(path, line, column, "KG003", f"{where}{more}; read as U+FFFD: save the file as UTF-8")
