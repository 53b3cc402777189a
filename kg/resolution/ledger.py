"""The identity ledger: the users' decisions about names, one per line, in a text file kept in version control.

    # Anything after a hash sign is a comment.
    same     organization "Nvidia" = "英伟达"
    not      person "Wang Tao" = "汪滔"            # never merge them
    not      person "Aristotle" = product "Aristotle"   # of two kinds
    rename   organization "Nvidia" to "NVIDIA"      # the name to show
    pin      person "习近平" to <https://example.org/id/xi>
    split    person "Jason" in "notes/a.md" "notes/b.md" as "Jason Liu"
    whole    person "Grace"                         # one person in all posts
    sameas   organization "Nvidia" = <https://www.wikidata.org/entity/Q182477>
    homepage organization "Nvidia" = <https://www.nvidia.com/>
    forget   organization "Nvidia" = "英伟达"       # takes back an earlier `same`, `not` or `split`, or `whole`

A name covers all spellings that fold to the same key (`kg.text.folding`). `kg` only appends lines; it never changes,
moves or removes one.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import LedgerError, os_errors
from kg.machine.files import open_plain, read_plain
from kg.model import IRI
from kg.resolution.groups import Groups
from kg.resolution.ledger_lines import Decision, line_error, parse_line, quoted
from kg.resolution.names import Key

HEADER = """\
# Decisions about names: which are one thing, which never. Written by people and by `kg resolve`; review it like code.
# same | not | forget KIND "A" = "B"      rename KIND "A" to "B"      pin KIND "A" to <IRI>
# split KIND "A" in "post.md" as "B"      sameas | homepage KIND "A" = <IRI>      whole KIND "A"
"""
_TAIL = 4096
"""Bytes at the end of a ledger that are checked for its line endings."""
DECIDED = frozenset(["same", "not", "split", "whole"])
"""The verbs of decisions that can be taken back."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All decisions that are in force."""

    decisions: tuple[Decision, ...] = ()
    """In file order, without those taken back by `forget`."""
    path: str = ""
    """The file, for messages."""
    notes: tuple[Decision, ...] = ()
    """Decisions that hold unless a line contradicts them: names that lead to one note, given in `posts`, are `same`."""
    _by_verb: dict[str, list[Decision]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for decision in self.decisions:
            self._by_verb.setdefault(decision.verb, []).append(decision)

    def with_verb(self, verb: str) -> Sequence[Decision]:
        """The decisions with one verb, in file order."""
        return self._by_verb.get(verb, ())

    def same_groups(self) -> list[list[Key]]:
        """Groups of names that people joined, then those joined by notes; each in file order."""
        return self._joined() + [list(note.keys) for note in self.notes]

    def _joined(self) -> list[list[Key]]:
        """Groups of names joined by `same` or by one IRI elsewhere, which is transitive; each in file order."""
        groups: Groups[Key] = Groups()
        known: dict[str, Key] = {}
        for decision in self.decisions:
            if decision.verb == "sameas":
                key = decision.keys[0]
                groups.join(known.setdefault(decision.target, key), key)
            elif decision.verb == "same":
                first, *rest = decision.keys
                for key in rest:
                    groups.join(first, key)
        roots = dict.fromkeys(map(groups.root, groups))
        return [list(groups.members(root)) for root in roots if groups.size(root) > 1]

    def distinct_sets(self) -> Iterator[frozenset[Key]]:
        """Sets of names that `not` keeps apart, or `split`, unless the two are joined by another line."""
        yield from (frozenset(decision.keys) for decision in self.with_verb("not"))
        if splits := self.with_verb("split"):
            root = self.roots()
            for decision in splits:
                name, other = decision.keys
                if root.get(name, name) != root.get(other, other):
                    yield frozenset((name, other))

    def roots(self) -> dict[Key, Key]:
        """Name → the first name of its group, for names that people joined with others."""
        return {key: members[0] for members in self._joined() for key in members}

    def whole(self) -> frozenset[Key]:
        """Names that have one meaning in all posts."""
        return frozenset(decision.keys[0] for decision in self.with_verb("whole"))

    def pins(self) -> dict[Key, IRI]:
        """Name → its pinned IRI."""
        return {decision.keys[0]: IRI(decision.target) for decision in self.with_verb("pin")}

    def labels(self) -> dict[Key, str]:
        """Name → its label from `rename`."""
        return {decision.keys[0]: decision.names[1] for decision in self.with_verb("rename")}

    def external_iris(self, verb: str) -> dict[Key, list[IRI]]:
        """Name → IRIs, for the verb `sameas` or `homepage`."""
        found: dict[Key, list[IRI]] = defaultdict(list)
        for decision in self.with_verb(verb):
            found[decision.keys[0]].append(IRI(decision.target))
        return found

    def splits(self) -> dict[tuple[str, Key], str]:
        """(post path, name) → the name it stands for there."""
        return {
            (post, decision.keys[0]): decision.names[1]
            for decision in self.with_verb("split")
            for post in decision.posts
        }


def read(path: Path) -> Ledger:
    """Read a ledger; a missing file is an empty ledger.

    Raises:
        LedgerError: the file cannot be read, or a line is invalid or contradicts another.
    """
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a ledger; "" if the file is missing.

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
    """Parse the text of a ledger.

    Raises:
        LedgerError: a line is invalid or contradicts another.
    """
    in_force = _InForce()
    for number, line in enumerate(text.split("\n"), 1):
        decision = parse_line(line, number, path)
        if decision is None:
            continue
        if decision.verb != "forget":
            in_force.add(decision)
        elif not in_force.take_back(decision):
            what = "`same`, `not` or `split`" if len(decision.names) > 1 else "`whole`"
            raise line_error(path, number, 1, f"nothing to forget: no earlier {what} line has these names")
    ledger = Ledger(in_force.decisions, path)
    _check(ledger, path)
    return ledger


class _InForce:
    """The decisions not taken back so far."""

    def __init__(self) -> None:
        self._by_line: dict[int, Decision] = {}
        self._lines: dict[frozenset[Key], list[int]] = defaultdict(list)
        """Set of names → the lines that can be taken back, of exactly these names."""
        self._sets_with: dict[Key, set[frozenset[Key]]] = defaultdict(set)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """In file order."""
        return tuple(self._by_line.values())

    def add(self, decision: Decision) -> None:
        self._by_line[decision.line] = decision
        if decision.verb in DECIDED:
            names = frozenset(decision.keys)
            self._lines[names].append(decision.line)
            for name in names:
                self._sets_with[name].add(names)

    def take_back(self, forget: Decision) -> bool:
        """Drop the decisions among these names, or about a single one; returns whether there were any."""
        names = frozenset(forget.keys)
        if len(names) < 3:
            found = {names} & self._lines.keys()
        else:  # a set of two or more of them contains one that is not the most frequent
            _most, *others = sorted(names, key=lambda name: -len(self._sets_with.get(name, ())))
            found = {subset for name in others for subset in self._sets_with.get(name, ()) if subset <= names}
            found = {subset for subset in found if len(subset) > 1}
        for subset in found:
            for line in self._lines.pop(subset):
                del self._by_line[line]
            for name in subset:
                self._sets_with[name].discard(subset)
        return bool(found)


def append(path: Path, lines: Iterable[str]) -> None:
    """Append lines to a ledger without changing a byte of what is there.

    Raises:
        LedgerError: the file cannot be written.
    """
    with os_errors(LedgerError, f"{path}"), open_plain(path, "ab+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
        added = HEADER if not size else "" if tail.endswith((b"\n", b"\r")) else "\n"
        added += "".join(line + "\n" for line in lines)
        file.write((added.replace("\n", "\r\n") if b"\r\n" in tail else added).encode())


def _check(ledger: Ledger, path: str) -> None:
    """Raise LedgerError for the first line that contradicts another."""
    root = ledger.roots()
    why: dict[Key, int] = {}
    for decision in (*ledger.with_verb("same"), *ledger.with_verb("sameas")):
        for key in decision.keys:
            why.setdefault(key, decision.line)
    for decision in ledger.with_verb("not"):
        seen: dict[Key, tuple[Key, str]] = {}
        for b, name in zip(decision.keys, decision.names, strict=True):
            a, other = seen.setdefault(root.get(b, b), (b, name))
            if a != b:
                lines = " and line ".join(map(str, sorted({why[a], why[b]})))
                both = f"{quoted(other)} and {quoted(name)}"
                raise line_error(path, decision.line, 1, f"contradicts line {lines}, where {both} are one")
    _check_pins(ledger, root, path)
    for verb, what in (("rename", "renamed to something else"), ("homepage", "given another homepage")):
        given: dict[Key, Decision] = {}
        for decision in ledger.with_verb(verb):
            before = given.setdefault(root.get(decision.keys[0], decision.keys[0]), decision)
            if (before.names[1:], before.target) != (decision.names[1:], decision.target):
                raise _contradiction(path, decision, before, f"the same thing is {what} there")
    split_by: dict[tuple[str, Key], Decision] = {}
    for decision in ledger.with_verb("split"):
        for post in decision.posts:
            before = split_by.setdefault((post, decision.keys[0]), decision)
            if before.keys != decision.keys:
                raise _contradiction(path, decision, before, "it splits that post to another name")


def _check_pins(ledger: Ledger, root: dict[Key, Key], path: str) -> None:
    """Raise LedgerError unless names and pinned IRIs are one to one."""
    pinned: dict[Key, Decision] = {}
    taken: dict[str, Decision] = {}
    for decision in ledger.with_verb("pin"):
        key = root.get(decision.keys[0], decision.keys[0])
        before = pinned.setdefault(key, decision)
        if before.target != decision.target:
            raise _contradiction(path, decision, before, "the same thing is pinned to another IRI there")
        before = taken.setdefault(decision.target, decision)
        if root.get(before.keys[0], before.keys[0]) != key:
            raise _contradiction(path, decision, before, "one IRI for two names; join them with `same` first")


def _contradiction(path: str, decision: Decision, before: Decision, why: str) -> LedgerError:
    return line_error(path, decision.line, 1, f"contradicts line {before.line}: {why}")
