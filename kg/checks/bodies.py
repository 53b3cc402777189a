"""Checks on bodies: characters that cannot be seen, and bodies that are nearly the same, without comparing all pairs.

Each body becomes the set of hashes of its lines; two bodies are alike when their sets overlap by four fifths
(Jaccard index). Only bodies that share one of their few smallest hashes are compared (bottom-k sketches: Broder 1997,
https://doi.org/10.1109/SEQUEN.1997.666900), so the work grows with the number of posts and not with its square.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from posixpath import basename, commonpath, dirname
from time import time_ns
from typing import NamedTuple
from unicodedata import normalize
from zlib import crc32

from kg.diagnostics import diagnose, note_of
from kg.model import Diagnostic, Post, Record
from kg.reading.bodies import body_of, file_of
from kg.state import BODIES, Miss, State
from kg.state.keys import Keys, libraries, source
from kg.state.stamps import Stamp, stamp_of, trusted
from kg.text.filenames import SUFFIX, are_translations, are_versions, folders_alike, names_language
from kg.text.folding import fold

ALIKE = 0.8
"""Share of common lines from which two bodies are similar."""
SAME = 0.98
"""Share from which one is probably a copy of the other; below, both may follow a pattern on purpose."""
_MANY = 5
"""Pairs in two folders from which one line tells of all."""
_FILLED_IN = re.compile(r"\{\{-?\s*\$?(?:frontmatter|page|this|post)\b|\{%-?\s*(?:for|include)\b|\bv-for=")
_OF_COPIES = re.compile(r"#date|#anyURI")
_MENUS = frozenset({"SUMMARY.md", "_sidebar.md", "_navbar.md"})
"""Of GitBook, mdBook and Docsify: no pages, but what a page may show again."""
_DAY = re.compile(r"\d{4}[-_]?\d\d[-_]?\d\d")
_SHORTEST = 200
"""Characters, blanks apart; shorter bodies are similar by chance."""
_SKETCH = 8
_CROWD = 20
"""Posts; a line that more posts share is boilerplate, so each of them is only compared with the first."""
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
"""Controls, zero-width spaces and bidirectional overrides, which can make a text look different from what it is."""
_CONTROLS_AS_NUL = bytes(0 if byte < 0x80 and _HIDDEN.match(chr(byte)) else byte for byte in range(256))
_HIDDEN_BYTES = [
    re.compile(sign)
    for sign in (rb"\xc2[\x80-\x9f]", rb"\xe2(?:\x80[\x8b\xaa-\xae]|\x81[\xa0-\xa9])", rb"\xef\xbb\xbf")
]
"""The rest of `_HIDDEN` in UTF-8; a pattern that begins with one certain byte is looked for several times as fast."""


class _BodyRecord(Record, frozen=True):
    """What one body contains that the checks need."""

    stamp: Stamp
    """The stamp of its file."""
    lines: bytes
    """See `_lines`."""
    unseen: tuple[Diagnostic, ...]


class _BodyRecords(Record, frozen=True):
    """The records of all bodies at the previous check."""

    begun: int
    """When they were read, in nanoseconds since 1970."""
    records: dict[str, _BodyRecord]


def look(content: Path, posts: Sequence[Post], state: State | None = None) -> Iterator[Diagnostic]:
    """KG413: a body that is nearly the same as another. KG415: invisible characters in a body.

    Args:
        content: the folder.
        posts: its posts.
        state: the records of the previous check; only changed files are read.
    """
    state, begun, keys = state or State(), time_ns(), Keys(program=source(), libraries=libraries())
    kept = state.load(BODIES, _BodyRecords, keys)
    known = _BodyRecords(0, {}) if isinstance(kept, Miss) else kept
    records: dict[str, _BodyRecord] = {}
    for post in posts:
        stamp = stamp_of(file_of(content, post.path))
        found = known.records.get(post.path)
        if found is None or not trusted(found.stamp, stamp, known.begun):
            found = _looked_at(stamp, post.path, *body_of(content, post.path))
        records[post.path] = found
        yield from found.unseen
    if records != known.records:
        state.save(BODIES, _BodyRecords(begun, records), keys)
    yield from _report(posts, _alike(posts, [records[post.path].lines for post in posts]))


def _looked_at(stamp: Stamp, path: str, body: str, first_line: int) -> _BodyRecord:
    data = body.encode("utf-8", "replace")
    plain = data.translate(_CONTROLS_AS_NUL, _BLANKS)
    hides = any(sign in data for sign in b"\v\f") or b"\0" in plain or any(sign.search(data) for sign in _HIDDEN_BYTES)
    if not hides:
        return _BodyRecord(stamp, _lines(body, plain), ())
    return _BodyRecord(stamp, _lines(body, data.translate(None, _BLANKS)), tuple(_unseen(path, body, first_line)))


def _unseen(path: str, body: str, first_line: int) -> Iterator[Diagnostic]:
    """The first invisible character; one place per body is enough."""
    match = _HIDDEN.search(body)
    if match:
        at = match.start()
        line, column = first_line + body.count("\n", 0, at), at - body.rfind("\n", 0, at)
        number = len(_HIDDEN.findall(body))
        message = f"U+{ord(match[0]):04X} stands here and cannot be seen" + (f"; {number} in all" if number > 1 else "")
        yield diagnose(path, line, column, "KG415", message)


class _Twins(NamedTuple):
    """Two posts with nearly the same body."""

    path: str
    other: str
    shared: float
    """Share of their lines that both have."""


def _alike(posts: Sequence[Post], prints: Sequence[bytes]) -> Iterator[_Twins]:
    buckets: dict[int, list[int]] = defaultdict(list)
    same: dict[bytes, int] = {}
    for number, hashes in enumerate(prints):
        if not hashes:
            continue
        first = same.setdefault(hashes, number)
        if first != number:
            if not _are_versions(posts[number], posts[first]):
                yield _Twins(posts[number].path, posts[first].path, 1)
            continue
        for value in array(_HASH, hashes)[:_SKETCH]:
            buckets[value].append(number)
    reported: set[int] = set()
    lines_of = lru_cache(_CROWD)(lambda number: frozenset(array(_HASH, prints[number])))
    for _value, group in sorted(buckets.items()):
        for position, number in enumerate(group[1:], start=1):
            for other in group[: position if len(group) <= _CROWD else 1]:
                if number in reported:
                    break
                fewer, more = sorted((len(prints[number]), len(prints[other])))
                if fewer / more < ALIKE:
                    continue  # even if the longer one has all lines of the other
                lines, others = lines_of(number), lines_of(other)
                shared = len(lines & others) / len(lines | others)
                # A version may be an unfinished translation.
                if shared >= ALIKE and not _are_versions(posts[number], posts[other]):
                    reported.add(number)
                    yield _Twins(posts[number].path, posts[other].path, shared)


def _report(posts: Sequence[Post], twins: Iterable[_Twins]) -> Iterator[Diagnostic]:
    """One finding for each pair, or for all pairs of two folders.

    A warning if one of two folders is a copy as a whole, or a post with its title in the same folder, where it may
    stand by mistake: what has another title, or is there several times, may be a form that is to be filled in, and what
    lies elsewhere was put there.
    """
    copies: dict[tuple[str, ...], list[_Twins]] = defaultdict(list)
    titles = {post.path: fold(post.title) for post in posts}
    known = {post.path: post for post in posts}
    several = Counter[str]()
    for pair in twins:
        copies[folders_alike(pair.path, pair.other)].append(pair)
        several[pair.other] += _folder(pair.path) == _folder(pair.other)
    for pairs in copies.values():
        many = len(pairs) >= _MANY
        folder = commonpath([dirname(each.path) for each in pairs]) if many else ""
        below = f"{folder}/" if folder else ""
        whole = many and len(pairs) >= ALIKE * sum(post.path.startswith(below) for post in posts)
        for pair in pairs[:1] if many else pairs:
            how = "the same" if pair.shared == 1 else f"{pair.shared:.0%} the same"
            message = f"the body is {how} as that of {pair.other}"
            if normalize("NFC", pair.path) == normalize("NFC", pair.other):
                message += ", whose name only has its accents apart (Unicode NFC and NFD); leave one of the two out"
            if many:
                message += f", and so {len(pairs) - 1} more in {folder or 'CONTENT'}"
            message += "; leave one of the two folders out" if whole else ""
            found = diagnose(pair.path, 0, 0, "KG413", message)
            beside = _folder(pair.path) == _folder(pair.other) and titles[pair.path] == titles[pair.other]
            beside = beside and not _are_of_two_days(pair) and _state_alike(*(known[path] for path in pair[:2]))
            beside = beside and _MENUS.isdisjoint(map(basename, pair[:2]))
            copied = max(each.shared for each in pairs) >= SAME
            yield found if copied and (whole or (beside and several[pair.other] == 1)) else note_of(found)


def _folder(path: str) -> str:
    """The folder of a post, below which Dendron has others in the names of files: `tutorial.start.md`."""
    above = SUFFIX.sub("", basename(path)).rpartition(".")[0]
    return f"{dirname(path)}/{above}"


def _state_alike(post: Post, other: Post) -> bool:
    """Whether most values of their fields are the same, dates and addresses apart: two talks have a place each."""
    said, also = (
        {(value.field, value.name) for value in each.mentions}
        | {
            (value.field, value.value)
            for value in each.attributes
            if value.field and not _OF_COPIES.search(value.datatype)
        }
        for each in (post, other)
    )
    return 2 * len(said & also) >= len(said | also)


def _are_of_two_days(pair: _Twins) -> bool:
    """Whether their names differ in a date alone: what a program writes every day may come out the same."""
    first, second = (_DAY.sub("", path) for path in pair[:2])
    return first == second != pair.path


def _are_versions(post: Post, other: Post) -> bool:
    """Whether one is a translation of the other, or a version for another release."""
    languages = {each.language.partition("-")[0] for each in (post, other)} - {""}
    plain, marked = sorted((SUFFIX.sub("", each.path) for each in (post, other)), key=len)
    ending = marked.removeprefix(plain)  # `index_de.md` beside `index.md`
    if ending[:1] in ("_", "-") and names_language(ending[1:]):
        return True
    return len(languages) > 1 or are_translations(post.path, other.path) or are_versions(post.path, other.path)


def _lines(body: str, plain: bytes) -> bytes:
    """The hashes of all lines: each once, in ascending order; none of a short or filled-in body.

    Args:
        body: the body.
        plain: the same in UTF-8, without blanks.
    """
    if _is_short(body) or _is_filled_in(body):
        return b""
    return array(_HASH, sorted({crc32(line) for line in set(plain.split(b"\n")) if line[2:]})).tobytes()


def _is_short(body: str) -> bool:
    beginning = body[: _SHORTEST * 2]  # mostly enough
    return all(len(text) - sum(map(text.count, " \n\t")) < _SHORTEST for text in (beginning, body))


def _is_filled_in(body: str) -> bool:
    """Whether a template makes more of a page than its body says."""
    signs = (*(("{{", "{%") if "{" in body else ()), *(("v-for=",) if "<" in body else ()))
    return any(sign in body for sign in signs) and bool(_FILLED_IN.search(body))


_HASH = "I"
"""The type of a hash in an `array`: 32 bits are many for the lines of two posts."""
_BLANKS = b" \t\r\v\f"
