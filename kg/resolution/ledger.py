"""The identity ledger: what people decided about names, one decision a line, in a text file that is reviewed in Git.

    # Anything after a hash sign is a comment.
    same     organization "Nvidia" = "英伟达"
    not      person "Wang Tao" = "汪滔"            # never merge them
    rename   organization "Nvidia" to "NVIDIA"      # the name to show
    pin      person "习近平" to <https://example.org/id/xi>
    split    person "Jason" in "notes/a.md" "notes/b.md" as "Jason Liu"
    sameas   organization "Nvidia" = <https://www.wikidata.org/entity/Q182477>
    homepage organization "Nvidia" = <https://www.nvidia.com/>
    forget   organization "Nvidia" = "英伟达"       # takes back an earlier `same` or `not`

A name stands for all its spellings in letter case, width and blanks (`kg.text.folding`). `kg` only ever adds lines at
the end; it never changes, moves or removes one that is there.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import LedgerError
from kg.machine.files import open_plain, read_plain
from kg.model import IRI
from kg.resolution.groups import Groups
from kg.resolution.names import Key, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


HEADER = """\
# Decisions about names: which are one thing, which never. Written by people and by `kg resolve`; review it like code.
# same | not | forget KIND "A" = "B"      rename KIND "A" to "B"      pin KIND "A" to <IRI>
# split KIND "A" in "post.md" as "B"      sameas | homepage KIND "A" = <IRI>
"""
_TOKEN = re.compile(
    r'\s*(?:(?P<comment>#.*)|"(?P<text>(?:[^"\\]|\\.)*)"|<(?P<iri>[^<>\s"]*)>|(?P<word>[^\s"#<>]+)|(?P<bad>\S))'
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character; `\\ud83d\\ude00` is JSON's way to write a whole one, and not ours: it is `\\U0001f600`."""
_TAIL = 4096
"""Bytes at the end of a ledger that tell how its lines end."""
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


@dataclass(frozen=True, slots=True)
class Decision:
    """One line."""

    verb: str
    kind: str
    names: tuple[str, ...]
    """The names it is about; for `rename` and `split`, the new name is the last."""
    target: str = ""
    """An IRI, for `pin`, `sameas` and `homepage`."""
    posts: tuple[str, ...] = ()
    """Paths of posts, for `split`."""
    line: int = 0

    @property
    def keys(self) -> tuple[Key, ...]:
        """The names as keys."""
        return tuple(key_of(self.kind, name) for name in self.names)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All decisions that are in force."""

    decisions: tuple[Decision, ...] = ()
    """In file order, those taken back left out."""
    path: str = ""
    """The file, for messages."""
    _by_verb: dict[str, list[Decision]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for decision in self.decisions:
            self._by_verb.setdefault(decision.verb, []).append(decision)

    def having(self, verb: str) -> Sequence[Decision]:
        """The decisions of one verb."""
        return self._by_verb.get(verb, ())

    def together(self) -> list[list[Key]]:
        """Groups of names that are one thing, each in the order of the file; `same` is transitive."""
        groups: Groups[Key] = Groups()
        for decision in self.having("same"):
            first, *rest = decision.keys
            for key in rest:
                groups.join(first, key)
        return [list(groups.members(root)) for root in dict.fromkeys(map(groups.root, groups))]

    def apart(self) -> Iterator[frozenset[Key]]:
        """Sets of names no two of which are ever one thing."""
        return (frozenset(decision.keys) for decision in self.having("not"))

    def pins(self) -> dict[Key, IRI]:
        """Name → the IRI it must have."""
        return {decision.keys[0]: IRI(decision.target) for decision in self.having("pin")}

    def labels(self) -> dict[Key, str]:
        """Name → the name to show."""
        return {decision.keys[0]: decision.names[1] for decision in self.having("rename")}

    def elsewhere(self, verb: str) -> dict[Key, list[IRI]]:
        """Name → IRIs, for `sameas` and `homepage`."""
        found: dict[Key, list[IRI]] = defaultdict(list)
        for decision in self.having(verb):
            found[decision.keys[0]].append(IRI(decision.target))
        return found

    def moved(self) -> dict[tuple[str, Key], str]:
        """(post path, name) → the name that is meant there instead."""
        return {
            (post, decision.keys[0]): decision.names[1] for decision in self.having("split") for post in decision.posts
        }


def read(path: Path) -> Ledger:
    """Read a ledger; a file that is not there holds no decision.

    Raises:
        LedgerError: a line cannot be read, or contradicts another; says where.
    """
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a ledger; empty where there is none.

    Raises:
        LedgerError: it cannot be read.
    """
    try:
        return read_plain(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise LedgerError(f"{path}: not UTF-8") from error
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}") from error


def parse(text: str, path: str = "ledger") -> Ledger:
    """Read the text of a ledger.

    Raises:
        LedgerError: as for `read`.
    """
    held = _InForce()
    for number, line in enumerate(text.split("\n"), 1):
        decision = _parse_line(line, number, path)
        if decision is None:
            continue
        if decision.verb != "forget":
            held.add(decision)
        elif not held.take_back(decision):
            raise _error(path, number, 1, "nothing to forget: no earlier line says `same` or `not` of these names")
    ledger = Ledger(held.decisions, path)
    _check(ledger, path)
    return ledger


class _InForce:
    """The decisions that were not taken back."""

    def __init__(self) -> None:
        self._by_line: dict[int, Decision] = {}
        self._lines: dict[frozenset[Key], list[int]] = defaultdict(list)
        """Names → the lines that say `same` or `not` of just these."""
        self._having: dict[Key, set[frozenset[Key]]] = defaultdict(set)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """In file order."""
        return tuple(self._by_line.values())

    def add(self, decision: Decision) -> None:
        self._by_line[decision.line] = decision
        if decision.verb in ("same", "not"):
            names = frozenset(decision.keys)
            self._lines[names].append(decision.line)
            for name in names:
                self._having[name].add(names)

    def take_back(self, forget: Decision) -> bool:
        """Drop what was said of nothing but these names; says whether there was anything."""
        names = frozenset(forget.keys)
        if len(names) == 2:
            found = {names} & self._lines.keys()
        else:  # whatever was said of two of them or more was said of one that is not the most frequent
            _most, *others = sorted(names, key=lambda name: -len(self._having.get(name, ())))
            found = {said for name in others for said in self._having.get(name, ()) if said <= names}
        for said in found:
            for line in self._lines.pop(said):
                del self._by_line[line]
            for name in said:
                self._having[name].discard(said)
        return bool(found)


def line_of(decision: Decision, comment: str = "") -> str:
    """A decision as a line of the file."""
    first, *rest = (quoted(name) for name in decision.names)
    head = f"{decision.verb} {decision.kind} {first}"
    if decision.verb == "split":
        body = f"{head} in {' '.join(map(quoted, decision.posts))} as {rest[0]}"
    elif decision.verb == "rename":
        body = f"{head} to {rest[0]}"
    elif decision.target:
        body = f"{head} {'to' if decision.verb == 'pin' else '='} <{decision.target}>"
    else:
        body = " = ".join((head, *rest))
    comment = " ".join(comment.split())
    return f"{body}  # {comment}" if comment else body


def append(path: Path, lines: Iterable[str]) -> None:
    """Add lines at the end of a ledger; what is there stays as it is, byte by byte.

    Raises:
        LedgerError: the file cannot be written.
    """
    try:
        with open_plain(path, "ab+") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
            added = HEADER if not size else "" if tail.endswith((b"\n", b"\r")) else "\n"
            added += "".join(line + "\n" for line in lines)
            file.write((added.replace("\n", "\r\n") if b"\r\n" in tail else added).encode())
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}") from error


def quoted(name: str) -> str:
    """A name as the file holds it: quotation marks, and characters that cannot be seen, are escaped as in JSON."""
    return '"' + "".join(map(_escape, name)) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 1:
        return code
    number = int(code[1:], 16)
    return chr(number) if number <= sys.maxunicode else code


def _error(path: str, line: int, column: int, message: str) -> LedgerError:
    return LedgerError(f"{path}:{line}:{column}: {message}")


class _Line:
    """The tokens of one line, taken one after another."""

    def __init__(self, text: str, number: int, path: str) -> None:
        self.number, self.path, self.end = number, path, len(text.rstrip()) + 1
        self.tokens: deque[tuple[str, str, int]] = deque()
        at = 0
        while match := _TOKEN.match(text, at):
            at = match.end()
            sort = match.lastgroup or "bad"
            column = match.start(sort) + (0 if sort in ("iri", "text") else 1)
            if sort == "comment":
                break
            if sort == "bad":
                bad = match["bad"]
                message = "a quotation mark is never closed" if bad == '"' else f"{bad!r} has no meaning here"
                raise _error(path, number, column, message)
            value = _ESCAPE.sub(_unescape, match["text"]) if sort == "text" else match[sort]
            if _SURROGATE.search(value):
                raise _error(path, number, column, "an escape in here stands for no character")
            self.tokens.append((sort, value, column))

    def fail(self, message: str) -> LedgerError:
        column = self.tokens[0][2] if self.tokens else self.end
        return _error(self.path, self.number, column, message)

    def take(self, sort: str, what: str, *values: str) -> str:
        if not self.tokens or self.tokens[0][0] not in sort.split("|") or (values and self.tokens[0][1] not in values):
            raise self.fail(f"expected {what}")
        return self.tokens.popleft()[1]

    def peek(self, value: str) -> bool:
        return bool(self.tokens) and self.tokens[0][:2] == ("word", value)

    def name(self) -> str:
        column = self.tokens[0][2] if self.tokens else self.end
        name = self.take("text", 'a name in quotation marks: "…"').strip()
        if not name:
            raise _error(self.path, self.number, column, "the name is empty")
        return name

    def iri(self, pattern: re.Pattern[str], what: str) -> str:
        column = self.tokens[0][2] if self.tokens else self.end
        value = self.take("iri|word|text", what)
        if not pattern.match(value):
            raise _error(self.path, self.number, column, f"{value!r} is not {what}")
        return value


_VERBS = ("same", "not", "forget", "rename", "pin", "split", "sameas", "homepage")


def _parse_line(text: str, number: int, path: str) -> Decision | None:
    line = _Line(text, number, path)
    if not line.tokens:
        return None
    verb = line.take("word", "one of " + ", ".join(_VERBS), *_VERBS)
    kind = line.take("word", "a kind, such as person or organization")
    names = [line.name()]
    target = ""
    posts: list[str] = []
    match verb:
        case "same" | "not" | "forget":
            while len(names) < 2 or line.tokens:
                line.take("word", "= and another name", "=")
                names.append(line.name())
        case "rename":
            line.take("word", "`to` and the name to show", "to")
            names.append(line.name())
        case "pin":
            line.take("word", "`to` and an IRI", "to")
            target = line.iri(_ABSOLUTE, "an absolute IRI")
        case "split":
            line.take("word", "`in` and the paths of posts", "in")
            while line.tokens and not line.peek("as"):
                posts.append(line.take("text|word", "the path of a post, relative to CONTENT"))
            if not posts:
                raise line.fail("expected the path of a post, relative to CONTENT")
            line.take("word", "`as` and the name that is meant there", "as")
            names.append(line.name())
        case _:
            line.take("word", "= and a web address", "=")
            target = line.iri(_WEB, "a web address that begins with http:// or https://")
    if line.tokens:
        raise line.fail(f"{line.tokens[0][1]!r} is too much; a comment begins with #")
    decision = Decision(verb, kind, tuple(names), target, tuple(posts), number)
    if verb in ("same", "not") and len(set(decision.keys)) < len(names):
        why = "one already" if verb == "same" else "always one; use `split` to tell posts apart"
        both = " and ".join(map(quoted, names))
        raise _error(path, number, 1, f"{both} are {why}: they differ in case or blanks only")
    return decision


def _check(ledger: Ledger, path: str) -> None:
    """Find lines that contradict one another."""
    root = {key: members[0] for members in ledger.together() for key in members}
    why: dict[Key, int] = {}
    for decision in ledger.having("same"):
        for key in decision.keys:
            why.setdefault(key, decision.line)
    for decision in ledger.having("not"):
        seen: dict[Key, Key] = {}
        for b in decision.keys:
            a = seen.setdefault(root.get(b, b), b)
            if a != b:
                lines = " and line ".join(map(str, sorted({why[a], why[b]})))
                both = f"{quoted(a[1])} and {quoted(b[1])}"
                raise _error(path, decision.line, 1, f"contradicts line {lines}: {both} are one there")
    _check_pins(ledger, root, path)
    for verb, said in (("rename", "shown under another name"), ("homepage", "given another page")):
        given: dict[Key, Decision] = {}
        for decision in ledger.having(verb):
            before = given.setdefault(root.get(decision.keys[0], decision.keys[0]), decision)
            if (before.names[1:], before.target) != (decision.names[1:], decision.target):
                raise _contradiction(path, decision, before, f"the same thing is {said} there")
    moved: dict[tuple[str, Key], Decision] = {}
    for decision in ledger.having("split"):
        for post in decision.posts:
            before = moved.setdefault((post, decision.keys[0]), decision)
            if before.keys != decision.keys:
                raise _contradiction(path, decision, before, "that post means another name there")


def _check_pins(ledger: Ledger, root: dict[Key, Key], path: str) -> None:
    """One IRI for one thing, either way round."""
    pinned: dict[Key, Decision] = {}
    taken: dict[str, Decision] = {}
    for decision in ledger.having("pin"):
        key = root.get(decision.keys[0], decision.keys[0])
        before = pinned.setdefault(key, decision)
        if before.target != decision.target:
            raise _contradiction(path, decision, before, "the same thing is pinned to another IRI there")
        before = taken.setdefault(decision.target, decision)
        if root.get(before.keys[0], before.keys[0]) != key:
            raise _contradiction(path, decision, before, "one IRI for two names; say first that they are the `same`")


def _contradiction(path: str, decision: Decision, before: Decision, why: str) -> LedgerError:
    return _error(path, decision.line, 1, f"contradicts line {before.line}: {why}")
