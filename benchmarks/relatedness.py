"""Whether related posts are those that authors linked: recall of hidden links.

    python -m benchmarks.relatedness CONTENT …

One in five of the pairs of posts that a body links is taken out of the graph. For each post that lost a link, ten posts
are named as related by `kg related` and by simpler measures; what is printed is the share of lost links that are
among the ten (recall@10, Järvelin and Kekäläinen 2002, https://doi.org/10.1145/582415.582418), from both of its ends.

- tags: Jaccard of the tags that two posts share (Jaccard 1901)
- co-occurrence: how many nodes both posts name or link to
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.insight.incidence import Incidence
from kg.insight.relatedness import Profiles
from kg.namespaces import KG
from kg.pipeline.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph.model import KnowledgeGraph
    from kg.insight.incidence import Numbers
    from kg.model import IRI

LINK = KG + "linksTo"
BEST = 10


def hidden_pairs(graph: KnowledgeGraph) -> set[frozenset[IRI]]:
    """One in five of the linked pairs of posts, chosen by a digest of their IRIs."""
    pairs = {
        frozenset((edge.source, edge.target))
        for edge in graph.edges
        if edge.predicate == LINK and edge.source != edge.target and graph.nodes[edge.target].kind == "post"
    }
    return {pair for pair in pairs if sha256("\n".join(sorted(pair)).encode()).digest()[0] % 5 == 0}


def without(graph: KnowledgeGraph, pairs: set[frozenset[IRI]]) -> KnowledgeGraph:
    """The graph without any edge between the two of a pair."""
    return replace(graph, edges=tuple(e for e in graph.edges if frozenset((e.source, e.target)) not in pairs))


def ranked(scores: Numbers, place: int) -> list[int]:
    """The ten highest scores but that of the post itself; of equal ones the first."""
    scores = scores.astype(float)
    scores[place] = 0
    order = np.lexsort((np.arange(len(scores)), -scores.round(12)))[:BEST]
    return [row for row in order.tolist() if scores[row] > 0]


def measures(table: Incidence) -> dict[str, Callable[[int], list[int]]]:
    """Name → a function from the row of a post to the rows of those that are related."""
    tags = np.array([node.kind in ("tag", "category") for node in table.nodes])
    tagged = table.matrix[:, np.flatnonzero(tags)]
    sizes = np.asarray(tagged.sum(axis=1)).ravel()
    profiles = Profiles(table)

    def jaccard(row: int) -> list[int]:
        both = np.asarray((tagged @ tagged[row].T).todense()).ravel()
        return ranked(both / np.maximum(sizes + sizes[row] - both, 1), row)

    def together(row: int) -> list[int]:
        return ranked(np.asarray((table.matrix @ table.matrix[row].T).todense()).ravel(), row)

    def related(row: int) -> list[int]:
        iri = table.nodes[table.posts[row]].iri
        return [table.row[one.node.iri] for one in profiles.related_posts(iri, limit=BEST)]

    return {"tags": jaccard, "co-occurrence": together, "related": related}


def recalls(content: Path) -> tuple[int, int, dict[str, float]]:
    """(posts, hidden links, name of a measure → recall) of a folder."""
    whole = build(content).knowledge_graph
    pairs = hidden_pairs(whole)
    graph = without(whole, pairs)
    table = Incidence.of(graph)
    lost: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        one, other = (table.row[iri] for iri in pair)
        lost[one].add(other)
        lost[other].add(one)
    result = {}
    for name, measure in measures(table).items():
        hits = sum(len(lost[row].intersection(measure(row))) for row in sorted(lost))
        result[name] = hits / max(sum(map(len, lost.values())), 1)
    return len(table.posts), len(pairs), result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("content", type=Path, nargs="+")
    for content in parser.parse_args().content:
        posts, links, found = recalls(content)
        figures = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
        print(f"{content}: {posts:,} posts, {links:,} links hidden: {figures}", flush=True)


if __name__ == "__main__":
    main()
