"""How well open proposals are ranked: the area under the ROC curve (AUC) on judged pairs.

    python -m benchmarks.ranking [CONTENT PAIRS.tsv …]

Without arguments, the pairs are those of `benchmarks/judged.tsv`: of each the signals and the judgment, without its
names, and for some that must stay apart the reason. With arguments, they are those of `benchmarks.resolution`, as far
as CONTENT mentions both names, and of two kinds if `type` has two, `organization/product`; lines for such a table go to
standard error. Prints the AUC of the rules' confidence and of the ranking (`kg.resolution.ranking`) with its weights as
they are, by ten-fold cross-validation, and learned from all other sources for each; over all judged pairs, and over
those that wait for a person. Pairs that share a name are in one fold. Then come how often the ranking is right at which
likelihood, and the weights that all teach, for the table `SIGNALS`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from benchmarks.resolution import kind_of
from kg.pipeline.build import configure
from kg.reading.folder import read_posts
from kg.resolution import Candidate, resolve
from kg.resolution.forms import Forms
from kg.resolution.groups import Groups
from kg.resolution.names import collect, key_of
from kg.resolution.ranking import SIGNALS, WEIGHTS, fitted, likelihood, signals
from kg.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.config import Config
    from kg.model import Post

FOLDS = 10
TRUST = 0.1
"""Precision of the prior around zero."""
FIRST = 50
"""Pairs that people look at first."""


class Judged(NamedTuple):
    """A judged pair, as far as the ranking sees it."""

    file: str
    kind: str
    """`kinds` if it is a name of two kinds."""
    group: int
    """Pairs that share a name, or a thing, have one number."""
    is_one: bool
    waits: bool
    confidence: float
    signals: Mapping[str, float]
    reason: str = ""
    """Why the two are not one, in general words, where a look at the names would not tell."""


def judged_pairs(posts: Sequence[Post], config: Config, files: Sequence[Path]) -> list[Judged]:
    """The judged pairs whose names the posts mention under two forms; without evidence, they have only their names."""
    everything = replace(config, resolution=replace(config.resolution, propose_above=0.0))
    resolution, usual = resolve(posts, config), config.resolution
    around = Surroundings(posts, resolution)
    forms = Forms.of_names(collect(posts))
    found = {frozenset(((c.kinds[0], c.name), (c.kinds[1], c.other))): c for c in resolve(posts, everything).candidates}
    groups: Groups[str] = Groups()
    result: list[Judged] = []
    named: list[str] = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        for row in rows:
            kinds = [kind_of(name) for name in row["type"].split("/")]
            keys = key_of(kinds[0], row["a"]), key_of(kinds[-1], row["b"])
            if row["label"] == "unsure" or not all(key in forms.of_name for key in keys):
                continue
            one, two = (forms.of_name[key] for key in keys)
            if one is two:
                continue
            other_kind = two.kind if two.kind != one.kind else ""
            none = Candidate(
                one.label, two.label, one.kind, 0.0, (), "apart", "", other_kind, mentions=(one.count, two.count)
            )
            pair = found.get(frozenset(((one.kind, one.label), (two.kind, two.label))), none)
            things = [resolution.entity_of(*key).iri for key in keys]
            for other in (one.bare, two.bare, *things):
                groups.join(one.bare, other)
            waits = pair.confidence >= usual.propose_above and things[0] != things[1]
            kind = "kinds" if other_kind else one.kind
            named.append(one.bare)
            seen = signals(pair, around.signals(pair))
            same, reason = row["label"] == "same", row.get("reason") or ""
            result.append(Judged(file.stem, kind, 0, same, waits, pair.confidence, seen, reason))
    numbers = {root: number for number, root in enumerate(dict.fromkeys(map(groups.root, named)))}
    return [pair._replace(group=numbers[groups.root(name)]) for pair, name in zip(result, named, strict=True)]


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
            Judged(
                row["source"], row["kind"], int(row["group"]), row["one"] == "1", row["waits"] == "1",
                float(row["confidence"]),
                {name: float(value) for name, _is, value in (one.partition("=") for one in row["signals"].split("; "))},
                row["reason"],
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]  # fmt: skip


def line_of(pair: Judged) -> str:
    """A line of `TABLE`."""
    signals = "; ".join(f"{name}={round(value, 3):g}" for name, value in pair.signals.items())
    head = f"{pair.file}\t{pair.kind}\t{pair.group}\t{pair.is_one:d}\t{pair.waits:d}\t{pair.confidence:g}"
    return f"{head}\t{signals}\t{pair.reason}"


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
        weights = learned([pair for pair in pairs if pair.group % FOLDS != fold])
        for place, pair in enumerate(pairs):
            if pair.group % FOLDS == fold:
                scores[place] = likelihood(pair.signals, weights)
    told(f"ranking, {FOLDS}-fold cross-validation", pairs, scores)
    for kind in sorted({pair.kind for pair in pairs}):
        own = [place for place, pair in enumerate(pairs) if pair.kind == kind]
        told(f"  {kind}", [pairs[place] for place in own], [scores[place] for place in own])
    for file in sorted({pair.file for pair in pairs}):
        own, rest = ([p for p in pairs if (p.file == file) is mine] for mine in (True, False))
        if rest:
            told(f"confidence, {file}", own, [pair.confidence for pair in own])
            told(f"learned from the others, {file}", own, [likelihood(p.signals, learned(rest)) for p in own])
    print("\nright, of those that wait, by likelihood in cross-validation")
    waiting = sorted(
        ((score, pair.is_one) for pair, score in zip(pairs, scores, strict=True) if pair.waits), reverse=True
    )
    for title, part in [(f"the first {FIRST}", waiting[:FIRST])] + [
        (f"{low / 5:.1f} to {low / 5 + 0.2:.1f}", [one for one in waiting if low == min(4, int(one[0] * 5))])
        for low in range(4, -1, -1)
    ]:
        print(f"{title:14} {sum(is_one for _score, is_one in part)} of {len(part)}")
    print("\nweights that all of these teach")
    for name, weight in learned(pairs).items():
        print(f"{weight:6.2f}  {name}")


if __name__ == "__main__":
    main()
