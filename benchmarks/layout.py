"""The map: seconds per step, and how good it is.

    python -m benchmarks.layout [CONTENT | --posts 10000]

Without CONTENT it makes a graph of posts on 60 topics that name entities of Zipf-like frequency (10,000 posts give
about 50,000 nodes and 165,000 edges). It prints, for the first map and for the next one after 1 % more posts:
seconds; the median length of an edge over that of a random pair (low: what is linked lies together); the share of a
node's 8 nearest neighbours that lie in its own community; the share of nodes that sit on another; and how far nodes
moved, in units of the map's radius.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from kg.graph.model import Dataset, KnowledgeGraph
from kg.insight.topology import Topology
from kg.model import IRI, Edge, Node, Text
from kg.namespaces import SCHEMA
from kg.state import State
from kg.views.map import Map, chart, load_positions, save_positions
from kg.views.map.layout import sizes

BASE = "https://kg.example/"


def made(posts: int, seed: int = 1) -> KnowledgeGraph:
    """A graph of so many posts: four in five names are of the post's topic, and most names occur once."""
    random = np.random.default_rng(seed)
    topics, per_topic, everywhere = 60, posts // 100 + 1, posts // 40 + 1
    kinds = ("person", "organization", "product", "work", "tag")
    nodes: dict[IRI, Node] = {}
    edges: set[tuple[IRI, IRI]] = set()

    def name(kind: str, label: str) -> IRI:
        iri = IRI(f"{BASE}{kind}/{label}")
        nodes.setdefault(iri, Node(iri, kind, label, (Text(label, "en"),)))
        return iri

    for number in range(posts):
        post = name("post", f"{number:06}")
        topic = int(random.integers(topics))
        edges.add((post, name("category", f"c{topic % 10}")))
        for _mention in range(int(random.poisson(16))):
            kind = kinds[int(random.integers(len(kinds)))]
            drawn = random.random()
            if drawn < 0.14:
                edges.add((post, name(kind, f"once-{number}-{_mention}")))
            elif drawn < 0.8:
                edges.add((post, name(kind, f"t{topic}-{int(random.zipf(1.25)) % per_topic}")))
            else:
                edges.add((post, name(kind, f"all-{int(random.zipf(1.2)) % everywhere}")))
    mentions = IRI(SCHEMA + "mentions")
    return KnowledgeGraph(
        dataset=Dataset(base=IRI(BASE)),
        nodes={iri: nodes[iri] for iri in sorted(nodes)},
        edges=tuple(Edge(source, mentions, target, "people") for source, target in sorted(edges)),
    )


def without(graph: KnowledgeGraph, share: float, seed: int = 1) -> KnowledgeGraph:
    """The graph before that share of its posts was written."""
    random = np.random.default_rng(seed)
    posts = [iri for iri, node in graph.nodes.items() if node.kind == "post"]
    gone = {post for post, drawn in zip(posts, random.random(len(posts)).tolist(), strict=True) if drawn < share}
    edges = tuple(edge for edge in graph.edges if edge.source not in gone and edge.target not in gone)
    kept = {iri for edge in edges for iri in (edge.source, edge.target)}
    return replace(graph, nodes={i: n for i, n in graph.nodes.items() if i in kept}, edges=edges)


def quality(graph: KnowledgeGraph, map_: Map) -> str:
    """The figures of one map."""
    from scipy.spatial import cKDTree

    topology = Topology.of(graph)
    places, random = map_.positions.astype(float), np.random.default_rng(0)
    lengths = np.hypot(*(places[topology.ends[:, 0]] - places[topology.ends[:, 1]]).T)
    pairs = random.integers(topology.n, size=(20_000, 2))
    ratio = np.median(lengths) / np.median(np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T))
    distances, near = cKDTree(places).query(places, k=9)
    purity = (map_.communities[near[:, 1:]] == map_.communities[:, None]).mean()
    radii = sizes(topology)
    radii *= np.sqrt(0.3 / (radii**2).sum())
    covered = (distances[:, 1] < 0.5 * (radii + radii[near[:, 1]])).mean()
    return f"edge ratio {ratio:.3f}, purity {purity:.2f}, sitting on another {covered:.1%}, {len(map_.regions)} regions"


def timed(title: str, graph: KnowledgeGraph) -> Map:
    begun, used = perf_counter(), process_time()
    result = chart(graph)
    print(f"{title:<10} {perf_counter() - begun:.2f} s, {process_time() - used:.2f} s of processor time")
    print(f"           {len(graph.nodes):,} nodes, {len(graph.edges):,} edges; {quality(graph, result)}")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", nargs="?", type=Path)
    parser.add_argument("--posts", type=int, default=10_000)
    options = parser.parse_args()
    if options.content:
        from kg.pipeline.build import build

        graph = build(options.content).knowledge_graph
    else:
        graph = made(options.posts)
    earlier = without(graph, 0.01)
    chart(made(50))  # imports are not what is measured
    first = timed("first map", earlier)
    with tempfile.TemporaryDirectory() as folder:
        save_positions(first, State(Path(folder)))
        hints = load_positions(State(Path(folder)))
    assert hints is not None
    following = timed("next map", replace(graph, hints=hints))
    place = dict(zip(first.iris, first.positions, strict=True))
    now = dict(zip(following.iris, following.positions, strict=True))
    moved = np.array([np.hypot(*(now[iri] - place[iri])) for iri in first.iris])
    print(f"           moved {moved.mean():.5f} on average, {moved.max():.3f} at most; {(moved == 0).mean():.1%} not")


if __name__ == "__main__":
    main()
