"""Safe fixes of front matter (`kg check --fix`), which change how a value is written but never its meaning.

A fix edits single lines. After all fixes the file is read again: unless it says the same as before, with
fewer faults, it is left as it was.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from kg.config import Config, Limits
from kg.fields import LANGUAGE, known
from kg.machine.files import read_plain
from kg.model import Diagnostic, Post
from kg.reading.bodies import file_of
from kg.reading.editing import Edit, FrontMatter, Rewrite, apply
from kg.reading.files import decode
from kg.reading.plain import LISTS
from kg.reading.posts import Reader
from kg.reading.values import Mapping, Scalar, Value
from kg.text.characters import without_invisible
from kg.text.languages import language_tag

_LINE = re.compile(r"(?!\Z)([^\r\n]*)(\r\n|\r|\n|\Z)")
_FIELD = re.compile(
    r"(?P<head>[^\s#\-:\[{\"'?&*!|>%@`][^:\n]*:[ \t]+|[ \t]*-[ \t]+(?=[@`%]))(?P<value>[^\s\[{|>&*!#\"'][^\n]*)\Z"
)
_FIELD_OF_REST = re.compile(r":(?P<key>[^:]+):(?P<value>.*)\Z")
_PLAIN = re.compile(r"[^\W_](?:[\w .+/-]|:(?=\S)(?!:))*")
"""Text that YAML reads as it stands, in a list, too."""
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})(?![^\s])")
_OF_COLOUR = re.compile("colou?r|background", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\"']?([\w.-]+)", re.ASCII)
_NO_LIST = ("'[]'", '"[]"')
_TWO_COLONS = re.compile(r"[ \t]*[:：][ \t]*[:：][ \t]*")


def mend(content: Path, found: Iterable[Diagnostic], config: Config) -> Iterator[tuple[str, Rewrite, int]]:
    """Compute the fixes of all files, without writing anything.

    Yields:
        The path of a post, the change of its file, and how many findings it no longer has then.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        if diagnostic.code in MENDS or diagnostic.code in _WHOLE_FILE:
            by_path.setdefault(diagnostic.path, []).append(diagnostic)
    reader = Reader(content, config)
    for path, diagnostics in by_path.items():
        file = file_of(content, path)
        try:
            before = read_plain(file)
        except OSError:
            continue  # reported already, as KG001
        after = _mended(before, path, diagnostics)
        if after is None or after == before:
            continue
        old, _faults = reader.parse(path, before)
        new, _faults = reader.parse(path, after)
        if old and new and _means_the_same(old, new) and len(new.diagnostics) < len(old.diagnostics):
            yield path, Rewrite(file, before, after), len(old.diagnostics) - len(new.diagnostics)


def _mended(data: bytes, path: str, diagnostics: list[Diagnostic]) -> bytes | None:
    """The content of the file after all fixes, or None if it is not text."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    except UnicodeDecodeError:
        marked, faults = decode(data, path)
        if marked is None or not all("save it as UTF-8" in fault.message for fault in faults if fault.code == "KG003"):
            return None  # an invalid byte, which only the author can correct
        text, mark = marked, b""
    codes = {diagnostic.code for diagnostic in diagnostics}
    places = list(_LINE.finditer(text))
    lines = [place[1] for place in places]
    scalars = _scalars("\n".join(lines))
    # From the end of each line, so that an edit does not move the next one.
    for diagnostic in sorted(diagnostics, key=lambda d: (d.line, d.column), reverse=True):
        change = MENDS.get(diagnostic.code)
        if change and 0 < diagnostic.line <= len(lines):
            line, place = diagnostic.line - 1, (diagnostic.line, diagnostic.column)
            lines[line] = change(lines[line], diagnostic.column - 1, scalars.get(place))
    if "KG121" in codes:
        lines = _of_field_list(lines, places[0][2]) if text.startswith(":") else _with_fences(lines)
    for diagnostic in diagnostics:
        if diagnostic.code == "KG115" and 1 < diagnostic.line <= len(lines) + 1:
            _close(lines, diagnostic.line - 1, places[0][2] or "\n")
    edits = [Edit(*place.span(1), line) for place, line in zip(places, lines, strict=True) if place[1] != line]
    if "KG003" in codes:
        edits += [Edit(*place.span(2), "\n") for place in places if place[2] == "\r"]
    return mark + apply(text, edits).encode("utf-8", "surrogatepass")


def _scalars(text: str) -> dict[tuple[int, int], Scalar]:
    """Place → key or value of YAML front matter."""
    source = FrontMatter.read(text, Limits())
    if source is None or source.dialect != "yaml":
        return {}
    return {(scalar.line, scalar.column): scalar for scalar in _all(source.fields)}


def _all(value: Value) -> Iterator[Scalar]:
    """The keys and values below a value, in their order."""
    if isinstance(value, Scalar):
        yield value
        return
    for item in chain.from_iterable(value.entries) if isinstance(value, Mapping) else value.items:
        yield from _all(item)


def _quoted(text: str) -> str:
    """A YAML string, in double quotes if nothing has to be escaped."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def _quote_scalar(line: str, at: int, scalar: Scalar | None) -> str:
    """`[0123]` → `["0123"]`."""
    if scalar is None or scalar.quoted or not line.startswith(scalar.text, at):
        return line
    return line[:at] + _quoted(scalar.text) + line[at + len(scalar.text) :]


def _quote_colour(line: str, at: int, _scalar: Scalar | None) -> str:
    """`color: #fff` → `color: "#fff"`; any other word may be meant as a comment."""
    match = _COLOUR.match(line, at) if _OF_COLOUR.search(line[:at]) else None
    return f'{line[:at]}"{match[0]}"{line[match.end() :]}' if match else line


def _quote_value(line: str, _at: int, _scalar: Scalar | None) -> str:
    """`title: Part 1: the start` and `- @name` → the value in quotes, unless it may end in a comment."""
    bare = line.rstrip()
    match = _FIELD.match(bare)
    if not match or " #" in match["value"]:
        return line
    return match["head"] + _quoted(match["value"]) + line[len(bare) :]


def _no_list(line: str, at: int, _scalar: Scalar | None) -> str:
    """`people: '[]'` → `people: []`, for empty lists only: where names end in others, only the author knows."""
    return line[:at] + "[]" + line[at + 4 :] if line.startswith(_NO_LIST, at) else line


def _language(line: str, at: int, _scalar: Scalar | None) -> str:
    """`lang: zh_cn` → `lang: zh-CN`."""
    match = _LANGUAGE.match(line, at)
    tag = language_tag(match[1]) if match else ""
    return line[: match.start(1)] + tag + line[match.end(1) :] if match and tag else line


def _drop_invisible(line: str, _at: int, _scalar: Scalar | None) -> str:
    """Delete zero-width spaces and marks; joiners and direction marks stay because they can be meaningful."""
    return without_invisible(line)


def _compose(line: str, _at: int, _scalar: Scalar | None) -> str:
    """Compose letters and accents (NFC)."""
    return unicodedata.normalize("NFC", line)


def _narrow_colon(line: str, at: int, _scalar: Scalar | None) -> str:
    """`title：测试` → `title: 测试`; `title：：测试` → `title:: 测试`."""
    if _TWO_COLONS.match(line, at):
        return _property(line, at)
    return f"{line[:at]}: {line[at + 1 :].lstrip()}".rstrip() if line.startswith("：", at) else line


def _blank_after_colon(line: str, at: int, _scalar: Scalar | None) -> str:
    """`title:"A: b"` → `title: "A: b"`; so do spaces that are no blanks; `title ::A` → `title:: A`."""
    if _TWO_COLONS.match(line, at):
        return _property(line, at)
    return f"{line[: at + 1]} {line[at + 1 :].lstrip()}" if line.startswith(":", at) else line


def _property(line: str, at: int) -> str:
    """A line whose two colons stand as Logseq has them."""
    return f"{line[:at]}{_TWO_COLONS.sub(':: ', line[at:], count=1)}".rstrip()


def _close(lines: list[str], at: int, line_end: str) -> None:
    """Put the fence that is missing above a line, or below the last one."""
    fence = lines[0].strip()
    if at < len(lines):
        lines[at] = f"{fence}{line_end}{lines[at]}"
    else:
        lines[-1] += f"{line_end}{fence}"


def _of_field_list(lines: list[str], line_end: str) -> list[str]:
    """Fields as in reStructuredText, `:key: value`, as YAML between fences."""
    count = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    if not all(map(_FIELD_OF_REST.match, lines[:count])):
        return lines
    head = [_FIELD_OF_REST.sub(_as_yaml, line) for line in lines[:count]]
    head[0], head[-1] = f"---{line_end}{head[0]}", f"{head[-1]}{line_end}---"
    return head + lines[count:]


def _as_yaml(field: re.Match[str]) -> str:
    """`:tags: a, b` → `tags: [a, b]`; a name with a comma in it is a list of one."""
    key, value = field["key"], field["value"].strip()
    parts = re.split(";" if ";" in value else ",", value) if key.lower() in LISTS else [value]
    items = [part if _PLAIN.fullmatch(part) else _quoted(part) for part in map(str.strip, parts) if part]
    row = known(key)
    listed = len(items) > 1 or (row is not None and row.kind and "," in value)
    text = ", ".join(items)
    return (f"{key}: [{text}]" if listed else f"{key}: {text}").rstrip()


def _with_fences(lines: list[str]) -> list[str]:
    """`----` → `---`, for both fences."""
    places = [number for number, line in enumerate(lines) if re.fullmatch(r"-{3,}[ \t]*", line)][:2]
    return ["---" if number in places else line for number, line in enumerate(lines)]


MENDS: dict[str, Callable[[str, int, Scalar | None], str]] = {
    "KG101": _quote_value,
    "KG107": _quote_scalar,
    "KG110": _drop_invisible,
    "KG111": _quote_colour,
    "KG112": _language,
    "KG114": _no_list,
    "KG116": _blank_after_colon,
    "KG118": _quote_scalar,
    "KG124": _compose,
    "KG126": _narrow_colon,
}
"""Code → the fix of one line, given the offset of the finding and the scalar there."""
_WHOLE_FILE = frozenset({"KG003", "KG115", "KG121"})


def codes() -> list[str]:
    """The codes that `--fix` can fix if that is safe."""
    return sorted({*MENDS, *_WHOLE_FILE})


def _means_the_same(old: Post, new: Post) -> bool:
    """Whether two readings of a file mean the same, except that an unreadable field may have become readable."""
    names, more = (
        Counter((m.kind, m.predicate, _bare(m.name), _bare(m.homepage)) for m in post.mentions) for post in (old, new)
    )
    return names <= more and _values(old) <= _values(new) and old.draft == new.draft


def _values(post: Post) -> set[tuple[str, str]]:
    """What fields say; languages and `"[]"`, which are also kept as typed, only as they are read."""
    languages = {a.field for a in post.attributes if a.predicate == LANGUAGE}
    return {
        (a.predicate, _bare(a.value))
        for a in post.attributes
        if a.line and (a.predicate == LANGUAGE or (a.field not in languages and a.value != "[]"))
    }


def _bare(text: str) -> str:
    """Text as fixes may change it: without invisible characters, and composed."""
    return unicodedata.normalize("NFC", without_invisible(text))
