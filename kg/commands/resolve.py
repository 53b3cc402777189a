"""Review which names are one: accept, reject, take back."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from kg.commands._options import (
    FILE,
    Options,
    content_argument,
    format_option,
    gathered,
    kind_option,
    shared_options,
    state_option,
)
from kg.commands._printing import echo_json
from kg.errors import FAULTY, FINE, LedgerError, os_errors
from kg.machine.files import replace_file
from kg.machine.terminal import printable
from kg.text.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from kg.resolution import Candidate
    from kg.resolution.ledger_lines import Decision
    from kg.resolution.proposals import Proposal
    from kg.resolution.review import Review

_ANSWERS = {"a": "accept", "r": "reject", "s": "split"}


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What is listed, and how."""

    listing: bool
    every: bool
    form: str


@dataclass(frozen=True, slots=True)
class DecisionOptions:
    """What is decided without asking."""

    accept_above: float | None
    accept: tuple[tuple[str, str], ...]
    reject: tuple[tuple[str, str], ...]
    undo: bool
    pinning: bool

    @property
    def any(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.undo or self.accept or self.reject or self.pinning or self.accept_above is not None)

    def write(self, review: Review, kind: str) -> list[str]:
        """Write them to the ledger; the lines that were added.

        Raises:
            LedgerError: a name is unknown, or the ledger says the opposite.
        """
        lines = review.undo() if self.undo else []
        for verb, pairs in (("same", self.accept), ("not", self.reject)):
            for name, other in pairs:
                for decision in review.decisions(verb, name, other, kind):
                    lines += review.decide(decision)
        if self.accept_above is not None:
            lines += review.decide_all(c for c in review.candidates(kind=kind) if c.confidence >= self.accept_above)
        return lines + (review.pin_all(kind) if self.pinning else [])


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Tables of IRIs elsewhere: one to write, one to read."""

    table: Path | None
    filled: Path | None


@click.command()
@content_argument
@state_option
@shared_options
@click.option("--list", "listing", is_flag=True, help="List candidates without asking.")
@click.option("--all", "every", is_flag=True, help="Include candidates that are applied or decided.")
@format_option("text", "json")
@kind_option
@click.option(
    "--accept-above",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Accept every open candidate of at least this confidence.",
)
@click.option("--accept", nargs=2, multiple=True, metavar="NAME NAME", help="These two are one.")
@click.option("--reject", nargs=2, multiple=True, metavar="NAME NAME", help="These two are never one.")
@click.option("--undo", is_flag=True, help="Take back the last decision.")
@click.option("--pin-iris", "pinning", is_flag=True, help="Pin the IRI that each thing of several names has today.")
@click.option("--export", "table", type=FILE, metavar="FILE", help="Write all names to a table, kind,name,IRI.")
@click.option("--import", "filled", type=FILE, metavar="FILE", help="Take the IRIs of such a table into the ledger.")
@gathered(ListOptions, "view")
@gathered(DecisionOptions, "decisions")
@gathered(TableOptions, "tables")
def command(options: Options, kind: str, view: ListOptions, decisions: DecisionOptions, tables: TableOptions) -> int:
    """Show names of CONTENT that may be one thing, likeliest first, with the evidence and the effect.

    Decisions go into the ledger, a text file in CONTENT (kg-ledger.txt) that belongs under version control. On a
    terminal, groups of names come one after another; the flags below decide without asking. In the browser it is
    kg serve --review.
    """
    content = options.content
    review = _prepare(options)
    if kind:
        review.check_kind(kind)
    if tables.table or tables.filled:
        return _elsewhere(review, tables.table, tables.filled, kind)
    if decisions.any:
        lines = decisions.write(review, kind)
        _echo(lines)
        click.echo(f"{counted(len(lines), 'line')} added to {review.path}", err=True)
    elif view.form == "json":
        echo_json(review.as_rows(kind=kind, every=view.every))
    elif view.listing or not _is_terminal():
        _list(review, review.candidates(kind=kind, every=view.every), content, kind)
    else:
        _ask(review, review.proposals(kind=kind), content)
    return FINE


def _elsewhere(review: Review, table: Path | None, filled: Path | None, kind: str) -> int:
    """Take IRIs of things elsewhere from a table, or write one to be filled in."""
    from kg.resolution import elsewhere

    faults: list[str] = []
    if filled:
        lines, faults = elsewhere.take(filled, review.resolution, review.path)
        _echo(lines)
        for fault in faults:
            click.echo(printable(fault), err=True)
        click.echo(f"{counted(len(lines), 'line')} added to {review.path}", err=True)
    if table:
        with os_errors(LedgerError, f"{table}"):
            replace_file(table, elsewhere.table(review.resolution, kind=kind), typed=True)
        click.echo(f"{table} written", err=True)
    return FAULTY if faults else FINE


def _prepare(options: Options) -> Review:
    """Resolve the names, reusing the state of the last build."""
    from kg.pipeline.run import ledger_path
    from kg.resolution.review import Review

    config = options.configured(infer_mentions=False)
    result = options.built(config)
    gc.freeze()  # nothing of it goes away any more
    return Review(result.posts, result.resolution, ledger_path(options.content, config))


def _list(review: Review, candidates: list[Candidate], content: Path, kind: str) -> None:
    """Print the candidates, or why there is none."""
    for candidate in candidates:
        click.echo(_describe(review, candidate, content))
    splits = [one for one in review.proposals(kind=kind) if one.verb != "same"]
    for proposal in splits:
        click.echo(_question(review, proposal, _names([proposal], 0), content))
    if not candidates and not splits:
        message = "no two names look like one thing"
        if review.candidates(kind=kind, every=True):
            message = "no two names wait for a decision; --all lists those that are applied or decided"
        click.echo(message, err=True)


def _describe(review: Review, candidate: Candidate, content: Path) -> str:
    """A few lines: the two names, the evidence and its places, and the effect."""
    from kg.reading.bodies import passage
    from kg.resolution.proposals import why

    effect = review.effect(candidate)
    state = candidate.decision + (f": {candidate.reason}" if candidate.reason else "")
    likely = review.likely(candidate)
    kinds = " and ".join(dict.fromkeys(candidate.kinds))
    lines = [
        f"{int(likely * 100) / 100:.2f}  {kinds}  {candidate.name} = {candidate.other}",
        f"      {why(candidate)}, confidence {int(candidate.confidence * 100) / 100:.2f}  [{state}]",
    ]
    places = [place for evidence in candidate.evidence for place in evidence.places]
    for post, line in list(dict.fromkeys(places))[:2]:
        text = passage(content, post, line, candidate.name, candidate.other)
        lines.append(f"      {content.as_posix()}/{post}:{line}: {text}")
    size = f"{counted(effect.spellings, 'spelling')} in {counted(effect.posts, 'post')}"
    lines.append(f"      one thing with {size}, {effect.iri}")
    return "\n".join(printable(line) for line in lines)


def _ask(review: Review, found: list[Proposal], content: Path) -> None:
    """Go through the proposals by single keys."""
    from kg.resolution.ledger import text_of

    passed: list[tuple[int, int]] = []
    """Place of each proposal that was answered or left for later, and how many decisions that took."""
    written = ""
    """The ledger after our last decision: only that is undone."""
    at, chosen, shown = 0, _names(found, 0), False
    while True:
        proposal = found[at] if at < len(found) else None
        if not shown:
            click.echo(f"\n[{at + 1}/{len(found)}]" if proposal else "\nno more proposals", nl=False)
            click.echo(f"  {_keys(proposal)}")
            if proposal:
                click.echo(_question(review, proposal, chosen, content))
        key, shown = click.getchar().lower(), False
        if key in ("q", "\x03", "\x04"):
            break
        if key == "u" and passed and passed[-1][1] and text_of(review.path) != written:
            click.echo(f"{review.path.name} has other lines since: take yours out there", err=True)
        elif key == "u" and passed:
            at, times = passed.pop()
            for _time in range(times):
                _echo(review.undo())
            written = text_of(review.path) if times else written
            chosen = _names(found, at)
        elif proposal and key.isdecimal() and 0 < int(key) <= len(proposal.spellings):
            chosen ^= {proposal.spellings[int(key) - 1].id}
        elif proposal and (
            key == "l" or (key in _answers(proposal) and (times := _answer(review, proposal, key, chosen)))
        ):
            passed.append((at, 0 if key == "l" else times))
            written = written if key == "l" else text_of(review.path)
            at += 1
            chosen = _names(found, at)
        else:
            shown = True
    click.echo(f"{sum(times > 0 for _at, times in passed)} decided; kg build applies them")


def _answer(review: Review, proposal: Proposal, key: str, chosen: set[str]) -> int:
    """Write what a key says about the checked names, or say why that cannot be; how many decisions were written."""
    from kg.resolution.proposals import decisions_of

    wanted = decisions_of(proposal, _ANSWERS[key], chosen)
    if not wanted:
        click.echo("check at least two names", err=True)
    elif key == "s" and len(chosen) == len(proposal.spellings):
        click.echo("first uncheck, by their numbers, the names that are something else", err=True)
    else:
        return _decide(review, wanted, proposal.evidence)
    return 0


def _answers(proposal: Proposal) -> str:
    """The keys that answer a proposal; to split takes three names, of which two may be one."""
    return "ars" if proposal.verb == "same" and len(proposal.spellings) > 2 else "ar"


def _keys(proposal: Proposal | None) -> str:
    answers = [f"{key} {_ANSWERS[key]}" for key in _answers(proposal)] + ["1-9 check", "l later"] if proposal else []
    return "   ".join([*answers, "u undo", "q quit"])


def _names(found: list[Proposal], at: int) -> set[str]:
    return {row.id for row in found[at].spellings} if at < len(found) else set()


def _question(review: Review, proposal: Proposal, chosen: set[str], content: Path) -> str:
    """A proposal: its names and their places, the evidence for it, and the doubts."""
    from kg.reading.bodies import passage
    from kg.resolution.decisions import lines_of
    from kg.resolution.proposals import RULES, decisions_of

    question = {"split": f"{proposal.name}: several things?", "apart": "several things?"}.get(
        proposal.verb, "one thing?"
    )
    lines = [f"{int(proposal.likely * 100) / 100:.2f}  {proposal.kind}, {RULES[proposal.rule][0]}  {question}"]
    names = [row.name for row in proposal.spellings]
    for number, row in enumerate(proposal.spellings, 1):
        also = f", today also {', '.join(row.others)}" if row.others else ""
        mark = "x" if row.id in chosen else " "
        kind = f", {row.kind}" if " " in proposal.kind else ""
        lines.append(f"  {number} [{mark}] {row.name}  ({counted(row.posts, 'post')}{kind}{also})")
        looked = (proposal.name,) if proposal.verb == "split" else (row.name, *names)
        seen = (f"        {post}: {passage(content, post, line, *looked)}" for post, line in row.places[:3])
        lines += list(dict.fromkeys(seen))[:2]
    if proposal.evidence:
        because = ", ".join(f"{name} {part:+.1f}" for name, part in proposal.reasons[:5] if name != "always")
        lines.append(f"      {proposal.evidence}  ({because})")
    if proposal.doubt:
        lines.append(f"      but {proposal.doubt}")
    try:
        lines_of(review.path, decisions_of(proposal, "accept", chosen))
    except LedgerError as error:
        lines.append(f"      {error}")
    return "\n".join(printable(line) for line in lines)


def _decide(review: Review, wanted: list[Decision], comment: str) -> int:
    """Write decisions, or say why they cannot be; how many were written."""
    from kg.resolution.decisions import decide

    try:
        lines = decide(review.path, wanted, comment)
    except LedgerError as error:
        click.echo(printable(str(error)), err=True)
        return 0
    _echo(lines)
    return sum(not line.startswith("forget ") for line in lines)


def _echo(lines: list[str]) -> None:
    for line in lines:
        click.echo(printable(line))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
