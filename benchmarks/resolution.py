"""How right entity resolution is: precision and recall on pairs of names that people judged.

    python -m benchmarks.resolution PAIRS.tsv CONTENT

PAIRS has the columns type, a, b, stratum, label (`same`, `different`, `unsure`); type is a front matter field or a
kind.
Pairs whose names the content does not mention get one post each that mentions nothing else, so that evidence from the
names alone, and from glosses in bodies, still has to work for them.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from kg.fields import FIELDS
from kg.model import IRI, Mention, Post
from kg.namespaces import KINDS, SCHEMA
from kg.pipeline.build import configure
from kg.reading.folder import read_posts
from kg.resolution import Resolution, resolve
from kg.resolution.names import key_of

if TYPE_CHECKING:
    from kg.config import Config

Judged = tuple[str, str, str, str, str]
"""(kind, a, b, stratum, label)."""


def read_pairs(path: Path) -> list[Judged]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(kind_of(row["type"]), row["a"], row["b"], row["stratum"], row["label"]) for row in rows]


def kind_of(name: str) -> str:
    return name if name in KINDS else FIELDS[name].kind


def with_names(posts: tuple[Post, ...], names: list[tuple[str, str]]) -> tuple[Post, ...]:
    """The posts, and one more for each name that none of them mentions."""
    known = {key_of(mention.kind, mention.name) for post in posts for mention in post.mentions}
    more = []
    for number, (kind, name) in enumerate(dict.fromkeys(names)):
        if key_of(kind, name) not in known:
            mention = Mention(name, kind, IRI(SCHEMA + "mentions"), kind, 1, 1)
            more.append(Post(f"~judged/{number}.md", name, "", "", False, "none", mentions=(mention,)))
    return (*posts, *more)


def outcome(resolution: Resolution, judged: Judged, open_pairs: set[frozenset[IRI]]) -> str:
    kind, a, b, _stratum, _label = judged
    one, two = resolution.entity_of(kind, a).iri, resolution.entity_of(kind, b).iri
    return "applied" if one == two else "waiting" if frozenset((one, two)) in open_pairs else "apart"


def why(resolution: Resolution, judged: Judged) -> str:
    """The kinds of evidence behind an applied pair."""
    kind, a, b, _stratum, _label = judged
    if key_of(kind, a) == key_of(kind, b):
        return "key"
    merges = resolution.entity_of(kind, a).merges
    direct = [m for m in merges if {key_of(kind, m.name), key_of(kind, m.other)} == {key_of(kind, a), key_of(kind, b)}]
    kinds = {e.kind for m in direct or merges for e in m.evidence} - {"context"}
    return ("" if direct else "chain of ") + "+".join(sorted(kinds))


def report(title: str, judged: list[Judged], resolution: Resolution) -> None:
    open_pairs = {
        frozenset(resolution.entity_of(*named).iri for named in zip(c.kinds, (c.name, c.other), strict=True))
        for c in resolution.candidates
        if c.decision != "applied"
    }
    outcomes = {pair: outcome(resolution, pair, open_pairs) for pair in judged}
    print(f"\n{title}: {len(judged)} pairs")
    strata = dict.fromkeys([*sorted({pair[3] for pair in judged}), "all"])
    print("stratum     same  applied  waiting  missed | different  applied  waiting")
    for stratum in strata:
        counts = Counter((pair[4], result) for pair, result in outcomes.items() if stratum in (pair[3], "all"))
        same = [counts["same", result] for result in ("applied", "waiting", "apart")]
        other = [counts["different", result] for result in ("applied", "waiting", "apart")]
        print(
            f"{stratum:10} {sum(same):5} {same[0]:8} {same[1]:8} {same[2]:7} | {sum(other):9} {other[0]:8} {other[1]:8}"
        )
    precision = same[0] / max(1, same[0] + other[0])
    total = max(1, sum(same))
    print(f"precision of what is applied {precision:.3f}, recall {same[0] / total:.3f}", end="")
    print(f", recall with what waits {sum(same[:2]) / total:.3f}")
    by_evidence: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, result in outcomes.items():
        if result == "applied":
            by_evidence[why(resolution, pair)][pair[4]] += 1
    for evidence, labels in sorted(by_evidence.items(), key=lambda item: -sum(item[1].values())):
        print(f"  {evidence:28} " + ", ".join(f"{label} {count}" for label, count in sorted(labels.items())))
    for pair, result in outcomes.items():
        if (pair[4] == "same" and result != "applied") or (pair[4] == "different" and result != "apart"):
            print(f"  {pair[4]:9} {result:7} {pair[0]}: {pair[1]} | {pair[2]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("content", type=Path)
    arguments = parser.parse_args()
    config: Config = configure(arguments.content, None)
    judged = read_pairs(arguments.pairs)
    posts = read_posts(arguments.content, config).posts
    known = {key_of(mention.kind, mention.name) for post in posts for mention in post.mentions}
    begun = perf_counter()
    resolution = resolve(posts, config)
    seconds = perf_counter() - begun
    print(f"{len(posts)} posts, {len(known)} names, {len(resolution.entities)} entities, {seconds:.1f} s")
    both = [pair for pair in judged if key_of(*pair[:2]) in known and key_of(pair[0], pair[2]) in known]
    report("Both names in the content", both, resolution)
    names = [(kind, name) for kind, a, b, *_rest in judged for name in (a, b)]
    report("All judged pairs", judged, resolve(with_names(posts, names), config))


if __name__ == "__main__":
    main()
