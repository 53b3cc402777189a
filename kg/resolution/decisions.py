"""Writing decisions to the ledger: whole lines, added at the end, and only where they contradict nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kg.errors import LedgerError
from kg.resolution import ledger
from kg.resolution.ledger import DECIDED
from kg.resolution.ledger_lines import Decision, line_of
from kg.resolution.names import Key

_UNDO = "undo"
_OPPOSITES = frozenset(["same", "not", "split"])
"""Verbs that contradict each other: only one of them can hold for a set of names."""


def lines_of(path: Path, decisions: Sequence[Decision], comment: str = "") -> list[str]:
    """The lines that would add some decisions, each after a `forget` of an opposite one about the same names.

    Returns:
        The lines; none if the ledger has the decisions already.

    Raises:
        LedgerError: they contradict other lines, or the ledger cannot be read.
    """
    text = ledger.text_of(path)
    recorded = _verbs_by_names(text, path)
    lines = [line for decision in decisions for line in _lines_for(decision, recorded, comment)]
    if lines:
        ledger.parse("\n".join([text, *lines]), str(path))
    return lines


def decide(path: Path, decisions: Sequence[Decision], comment: str = "") -> list[str]:
    """Append decisions to the ledger, and return the lines added: see `lines_of`.

    Raises:
        LedgerError: as `lines_of`, or the ledger cannot be written.
    """
    lines = lines_of(path, decisions, comment)
    if lines:
        ledger.append(path, lines)
    return lines


def decide_each(path: Path, wanted: Iterable[tuple[Sequence[Decision], str]]) -> list[str]:
    """Append all decisions, each group with its comment, except groups that contradict the ledger or one another.

    Raises:
        LedgerError: the ledger cannot be read or written.
    """
    text = ledger.text_of(path)
    recorded = _verbs_by_names(text, path)
    groups = [
        [line for decision in decisions for line in _lines_for(decision, recorded, comment)]
        for decisions, comment in wanted
    ]
    accepted: list[str] = []
    left = [groups] if groups else []
    while left:
        part = left.pop()
        lines = list(dict.fromkeys(line for own in part for line in own))
        try:
            ledger.parse("\n".join([text, *accepted, *lines]), str(path))
        except LedgerError:
            if len(part) > 1:  # one of them contradicts what is there, or another one
                left += [part[len(part) // 2 :], part[: len(part) // 2]]
            continue
        accepted += lines
    if accepted:
        ledger.append(path, accepted)
    return accepted


def undo(path: Path) -> list[str]:
    """Take back the last decision, and restore one that it had replaced.

    Returns:
        The lines added.

    Raises:
        LedgerError: there is nothing to take back.
    """
    text = ledger.text_of(path)
    decided = [d for d in ledger.parse(text, str(path)).decisions if d.verb in DECIDED]
    if not decided:
        raise LedgerError(f"{path}: no decision to take back")
    last = decided[-1]
    lines = [line_of(replace(last, verb="forget"), _UNDO)]
    lines += [line_of(decision) for decision in _replaced(text.split("\n"), last, path)]
    ledger.append(path, lines)
    return lines


def _replaced(lines: list[str], last: Decision, path: Path) -> list[Decision]:
    """The decisions that `last` replaced, if the line above it is their `forget`."""
    above = lines[last.line - 2] if last.line > 1 else ""
    if not above.startswith("forget ") or above.rstrip().endswith(f"# {_UNDO}"):
        return []
    before = ledger.parse("\n".join(lines[: last.line - 2]), str(path))
    return [d for d in before.decisions if d.verb in DECIDED and set(d.keys) == set(last.keys)]


def _verbs_by_names(text: str, path: Path) -> dict[frozenset[Key], set[str]]:
    """Set of names → the verbs that the ledger has for exactly these names."""
    recorded: dict[frozenset[Key], set[str]] = {}
    for decision in ledger.parse(text, str(path)).decisions:
        if decision.verb in DECIDED:
            recorded.setdefault(frozenset(decision.keys), set()).add(decision.verb)
    return recorded


def _lines_for(decision: Decision, recorded: Mapping[frozenset[Key], set[str]], comment: str) -> list[str]:
    """The lines that add a decision to a ledger: none if it is there, and a `forget` first if the opposite is."""
    before = recorded.get(frozenset(decision.keys), set())
    if decision.verb in before and decision.verb != "split":
        return []
    opposite = before & _OPPOSITES - {decision.verb} if decision.verb in _OPPOSITES else set()
    lines = [line_of(replace(decision, verb="forget"))] if opposite else []
    return [*lines, line_of(decision, comment)]
