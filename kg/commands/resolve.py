"""Review which names are one: accept, reject, take back."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import click

from kg.commands._options import Options, content_argument, form_option, output_option, shared_options
from kg.commands._printing import echo_json
from kg.errors import FINE, LedgerError
from kg.machine.terminal import printable
from kg.text.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from kg.resolution import Candidate
    from kg.resolution.review import Review

_KEYS = "a accept   r reject   s skip   u undo   q quit"
_WIDTH = 80
"""Characters of a line that are shown."""


@click.command()
@content_argument
@output_option("Folder of the results.")
@shared_options
@click.option("--list", "listing", is_flag=True, help="List candidates and ask nothing.")
@click.option("--all", "every", is_flag=True, help="Candidates that are applied or decided, too.")
@form_option
@click.option("--kind", default="", metavar="KIND", help="Only this kind: person, organization …")
@click.option(
    "--accept-above",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Accept every open candidate of at least this confidence.",
)
@click.option("--accept", nargs=2, multiple=True, metavar="NAME NAME", help="These two are one.")
@click.option("--reject", nargs=2, multiple=True, metavar="NAME NAME", help="These two are never one.")
@click.option("--undo", is_flag=True, help="Take back the last decision.")
def command(
    options: Options,
    output: Path,
    listing: bool,
    every: bool,
    form: str,
    kind: str,
    accept_above: float | None,
    accept: tuple[tuple[str, str], ...],
    reject: tuple[tuple[str, str], ...],
    undo: bool,
) -> int:
    """Show names of CONTENT that may be one thing, strongest first, with the evidence and the effect.

    Decisions go into the ledger, a text file in CONTENT (kg-ledger.txt) that belongs under version control. On a
    terminal the candidates come one after another; the flags below decide without asking.
    """
    content = options.content
    review = _prepare(options, output)
    if kind:
        review.check_kind(kind)
    lines: list[str] = []
    if undo:
        lines += review.undo()
    for verb, pairs in (("same", accept), ("not", reject)):
        for name, other in pairs:
            for decision in review.decisions(verb, name, other, kind):
                lines += review.decide(decision)
    if accept_above is not None:
        lines += review.decide_all(c for c in review.candidates(kind=kind) if c.confidence >= accept_above)
    for line in lines:
        click.echo(printable(line))
    if undo or accept or reject or accept_above is not None:
        click.echo(f"{counted(len(lines), 'line')} added to {review.path}", err=True)
        return FINE
    candidates = review.candidates(kind=kind, every=every)
    if form == "json":
        echo_json([review.as_dict(candidate) for candidate in candidates])
    elif listing or not _is_terminal():
        _list(review, candidates, content, kind)
    else:
        _ask(review, candidates, content)
    return FINE


def _prepare(options: Options, output: Path) -> Review:
    """Find out which names are one, with the help of what the last build left."""
    from kg.pipeline.run import ledger_path
    from kg.resolution.review import Review

    config = options.configured(infer_mentions=False)
    result = options.built(config, output=output)
    return Review(result.posts, result.resolution, ledger_path(options.content, config))


def _list(review: Review, candidates: list[Candidate], content: Path, kind: str) -> None:
    """Print the candidates, or why there is none."""
    for candidate in candidates:
        click.echo(_describe(review, candidate, content))
    if not candidates:
        told = "no two names look like one thing"
        if review.candidates(kind=kind, every=True):
            told = "no two names wait for a decision; --all lists those that are applied or decided"
        click.echo(told, err=True)


def _describe(review: Review, candidate: Candidate, content: Path) -> str:
    """A few lines: the two names, the evidence, where it stands, and the effect."""
    from kg.reading.bodies import file_of
    from kg.resolution.review import why

    effect = review.effect(candidate)
    state = candidate.decision + (f": {candidate.reason}" if candidate.reason else "")
    kinds = " and ".join(dict.fromkeys(candidate.kinds))
    lines = [
        f"{int(candidate.confidence * 100) / 100:.2f}  {kinds}  {candidate.name} = {candidate.other}",
        f"      {why(candidate)}  [{state}]",
    ]
    places = [place for evidence in candidate.evidence for place in evidence.places]
    for post, line in list(dict.fromkeys(places))[:2]:
        text = _around(_line_at(file_of(content, post), line), candidate.name, candidate.other)
        lines.append(f"      {content.as_posix()}/{post}:{line}: {text}")
    size = f"{counted(effect.spellings, 'spelling')} in {counted(effect.posts, 'post')}"
    lines.append(f"      one thing with {size}, {effect.iri}")
    return "\n".join(printable(line) for line in lines)


def _line_at(path: Path, number: int) -> str:
    """One line of a file, "" when it cannot be read any more."""
    lines = _lines_of(path)
    return " ".join(lines[number - 1].split()) if number <= len(lines) else ""


@lru_cache(maxsize=16)
def _lines_of(path: Path) -> list[str]:
    from kg.machine.files import read_plain

    try:
        return read_plain(path).decode(errors="replace").split("\n")
    except OSError:
        return []


def _around(text: str, name: str, other: str) -> str:
    """The part of a long line where both names stand together, or else the first of them."""
    one, two = re.escape(name), re.escape(other)
    near = re.search(f"{one}.{{0,6}}{two}|{two}.{{0,6}}{one}", text) or re.search(f"{one}|{two}", text)
    start = max(0, near.start() - _WIDTH // 3) if near else 0
    part = text[start : start + _WIDTH]
    return ("…" if start else "") + part + ("…" if start + _WIDTH < len(text) else "")


def _ask(review: Review, candidates: list[Candidate], content: Path) -> None:
    """Go through the candidates by single keys."""
    decided: list[int] = []
    at = 0
    while True:
        rest = candidates[at:]
        if rest:
            click.echo(f"\n[{at + 1}/{len(candidates)}]  {_KEYS}")
            click.echo(_describe(review, rest[0], content))
        else:
            click.echo("\nno more candidates   u undo   q quit")
        key = click.getchar().lower()
        if key in ("q", "\x03", "\x04"):
            break
        if key == "u" and decided:
            at = decided.pop()
            for line in review.undo():
                click.echo(printable(line))
        elif rest and key in ("a", "r"):
            at = _decide(review, "same" if key == "a" else "not", rest[0], at, decided)
        elif rest and key == "s":
            at += 1
    click.echo(f"{len(decided)} decided; kg build applies them")


def _decide(review: Review, verb: str, candidate: Candidate, at: int, decided: list[int]) -> int:
    """Write one decision, or say why it cannot be; the place of the next candidate."""
    from kg.resolution.review import why

    try:
        lines = review.decide(candidate.decision_of(verb), why(candidate))
    except LedgerError as error:
        click.echo(printable(str(error)), err=True)
        return at + 1
    for line in lines:
        click.echo(printable(line))
    if lines:
        decided.append(at)
    return at + 1


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
