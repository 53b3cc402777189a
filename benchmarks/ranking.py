"""How well open proposals are ranked: the area under the ROC curve (AUC) on judged pairs.

    python -m benchmarks.ranking [CONTENT PAIRS.tsv …]

Without arguments, the pairs are those of `benchmarks/judged.tsv`: of each the signals and the judgment, without its
names. With arguments, they are those of `benchmarks.resolution`, as far as CONTENT mentions both names; lines for such
a table go to standard error. Prints the AUC of the rules' confidence and of the ranking (`kg.resolution.ranking`) with
its weights as they are, by ten-fold cross-validation, and learned from all other sources for each; over all judged
pairs, and over those that wait for a person. Last come the weights that all teach, for the table `SIGNALS`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from benchmarks.resolution import read_pairs
from kg.pipeline.build import configure
from kg.reading.folder import read_posts
from kg.resolution import Candidate, resolve
from kg.resolution.forms import Forms
from kg.resolution.names import collect, key_of
from kg.resolution.ranking import SIGNALS, WEIGHTS, fitted, likelihood, signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.config import Config
    from kg.model import Post

FOLDS = 10
TRUST = 0.5
"""Precision of the prior around zero."""


class Judged(NamedTuple):
    """A judged pair, as far as the ranking sees it."""

    file: str
    is_one: bool
    waits: bool
    confidence: float
    signals: Mapping[str, float]


def judged_pairs(posts: Sequence[Post], config: Config, files: Sequence[Path]) -> list[Judged]:
    """The judged pairs whose names the posts mention under two forms; without evidence, they have only their names."""
    everything = replace(config, resolution=replace(config.resolution, propose_above=0.0))
    resolution, usual = resolve(posts, everything), config.resolution
    forms = Forms.of_names(collect(posts))
    found = {(c.kind, frozenset((c.name, c.other))): c for c in resolution.candidates}
    result = []
    for file in files:
        for kind, a, b, _stratum, label in read_pairs(file):
            if label == "unsure" or key_of(kind, a) not in forms.of_name or key_of(kind, b) not in forms.of_name:
                continue
            one, two = forms.of_name[key_of(kind, a)], forms.of_name[key_of(kind, b)]
            if one is two:
                continue
            none = Candidate(a, b, kind, 0.0, (), "apart", mentions=(one.count, two.count))
            pair = found.get((kind, frozenset((one.label, two.label))), none)
            apart = resolution.entity_of(kind, a) is not resolution.entity_of(kind, b)
            waits = pair.confidence >= usual.propose_above and apart
            result.append(Judged(file.name, label == "same", waits, pair.confidence, signals(pair)))
    return result


def learned(pairs: Sequence[Judged]) -> Mapping[str, float]:
    return fitted([(p.signals, p.is_one) for p in pairs], prior=dict.fromkeys(SIGNALS, 0.0), trust=TRUST)


def auc(pairs: Sequence[Judged], scores: Sequence[float]) -> float:
    """Share of the pairs of a right and a wrong one in which the right one has the higher score; a tie is a half."""
    right = [score for pair, score in zip(pairs, scores, strict=True) if pair.is_one]
    wrong = [score for pair, score in zip(pairs, scores, strict=True) if not pair.is_one]
    won = sum((r > w) + (r == w) / 2 for r in right for w in wrong)
    return won / (len(right) * len(wrong)) if right and wrong else float("nan")


def told(title: str, pairs: Sequence[Judged], scores: Sequence[float]) -> None:
    waiting = [place for place, pair in enumerate(pairs) if pair.waits]
    open_pairs, open_scores = [pairs[place] for place in waiting], [scores[place] for place in waiting]
    print(f"{title:44} {auc(pairs, scores):.3f} of {len(pairs)}   {auc(open_pairs, open_scores):.3f} of {len(waiting)}")


TABLE = Path(__file__).with_name("judged.tsv")


def judged_before() -> list[Judged]:
    """The pairs of `TABLE`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Judged(row["source"], row["one"] == "1", row["waits"] == "1", float(row["confidence"]), {
                name: float(value) for name, _is, value in (one.partition("=") for one in row["signals"].split("; "))
            })
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]  # fmt: skip


def line_of(pair: Judged) -> str:
    """A line of `TABLE`."""
    signals = "; ".join(f"{name}={round(value, 3):g}" for name, value in pair.signals.items())
    return f"{pair.file}\t{pair.is_one:d}\t{pair.waits:d}\t{pair.confidence:g}\t{signals}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?")
    parser.add_argument("pairs", type=Path, nargs="*")
    arguments = parser.parse_args()
    if arguments.content is None:
        report(judged_before())
        return
    config = configure(arguments.content, None)
    found = judged_pairs(read_posts(arguments.content, config).posts, config, arguments.pairs)
    report(found)
    print(*map(line_of, found), sep="\n", file=sys.stderr)


def report(pairs: list[Judged]) -> None:
    print(f"{'AUC':44} all judged pairs   those that wait")
    told("confidence of the rules", pairs, [pair.confidence for pair in pairs])
    told("ranking, weights as they are", pairs, [likelihood(pair.signals, WEIGHTS) for pair in pairs])
    scores = [0.0] * len(pairs)
    for fold in range(FOLDS):
        weights = learned([pair for place, pair in enumerate(pairs) if place % FOLDS != fold])
        for place in range(fold, len(pairs), FOLDS):
            scores[place] = likelihood(pairs[place].signals, weights)
    told(f"ranking, {FOLDS}-fold cross-validation", pairs, scores)
    for file in sorted({pair.file for pair in pairs}):
        own, rest = ([p for p in pairs if (p.file == file) is mine] for mine in (True, False))
        if rest:
            told(f"confidence, {file}", own, [pair.confidence for pair in own])
            told(f"learned from the others, {file}", own, [likelihood(p.signals, learned(rest)) for p in own])
    print("\nweights that all of these teach")
    for name, weight in learned(pairs).items():
        print(f"{weight:6.2f}  {name}")


if __name__ == "__main__":
    main()
