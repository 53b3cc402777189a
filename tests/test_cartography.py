"""The map: where nodes stand, which regions there are, what they are called, and that it all stays put."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree

from kg.insight import communities
from kg.insight.topology import Topology
from kg.model import IRI, Attribute, Edge, Node, Text
from kg.namespaces import DCTERMS, KG, SCHEMA
from kg.state import State
from kg.views.map import (
    Map,
    PreviousMap,
    chart,
    density,
    forces,
    load_positions,
    packing,
    save_positions,
    spacing,
)
from kg.views.map.neighbourhood import around, best_connected
from tests.conftest import REPO, make_graph

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph

BASE = "https://kg.example/"
MENTIONS, AUTHOR, KEYWORDS = (IRI(SCHEMA + name) for name in ("mentions", "author", "keywords"))


def thing(kind: str, label: str, zh: str = "") -> Node:
    labels = (Text(label, "en"), *([Text(zh, "zh")] if zh else []))
    return Node(IRI(f"{BASE}{kind}/{label}"), kind, label, labels)


def topics(count: int = 3, posts: int = 20, *, first: int = 0) -> KnowledgeGraph:
    """Posts on so many topics; each topic has a tag, a company and people of its own, and one tag is everywhere."""
    nodes: dict[IRI, Node] = {}
    edges: list[Edge] = []

    def link(post: Node, predicate: IRI, target: Node) -> None:
        nodes[target.iri] = target
        edges.append(Edge(post.iri, predicate, target.iri, "people"))

    for topic in range(count):
        for number in range(first, first + posts):
            post = thing("post", f"{topic}-{number:03}")
            nodes[post.iri] = post
            link(post, KEYWORDS, thing("tag", "everywhere"))
            link(post, KEYWORDS, thing("tag", f"topic-{topic}"))
            link(post, MENTIONS, thing("organization", f"Company {topic}", zh=f"公司{topic}"))
            link(post, AUTHOR, thing("person", f"Channel {topic}"))
            link(post, MENTIONS, thing("person", f"Person {topic} {number % 5}"))
            link(post, MENTIONS, thing("person", f"Once {topic} {number}"))
    return make_graph(list(nodes.values()), edges)


def with_alone(graph: KnowledgeGraph, count: int) -> KnowledgeGraph:
    alone = [thing("post", f"alone-{number}") for number in range(count)]
    pair = [thing("post", "pair"), thing("tag", "of-a-pair")]
    edge = Edge(pair[0].iri, KEYWORDS, pair[1].iri, "tags")
    return make_graph([*graph.nodes.values(), *alone, *pair], [*graph.edges, edge])


def fresh(graph: KnowledgeGraph, hints: PreviousMap | None = None) -> KnowledgeGraph:
    return replace(graph, hints=hints or {})


def saved(map_: Map, folder: Path) -> PreviousMap:
    save_positions(map_, State(folder))
    hints = load_positions(State(folder))
    assert hints is not None
    return hints


def test_shapes_and_range() -> None:
    graph = topics()
    map_ = chart(graph)
    n = len(graph.nodes)
    assert map_.iris == tuple(graph.nodes)
    assert map_.positions.shape == (n, 2)
    assert map_.positions.dtype == np.float32
    assert map_.communities.shape == (n,)
    assert map_.communities.dtype == np.int32
    assert np.hypot(*map_.positions.T).max() == pytest.approx(1, abs=1e-5)
    assert chart(graph) is map_
    for number, region in enumerate(map_.regions):
        assert region.size == (map_.communities == number).sum()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_graphs(count: int) -> None:
    nodes = [thing("tag", str(number)) for number in range(count)]
    edges = [Edge(nodes[0].iri, MENTIONS, node.iri, "x") for node in nodes]  # the first one is a loop
    map_ = chart(make_graph(nodes, edges))
    assert map_.positions.shape == (count, 2)
    assert np.isfinite(map_.positions).all()
    assert len({tuple(spot) for spot in map_.positions.tolist()}) == count


def test_same_graph_same_bytes() -> None:
    one, other = (chart(with_alone(topics(4, 60), 30)) for _ in range(2))
    assert one.positions.tobytes() == other.positions.tobytes()
    assert one.communities.tobytes() == other.communities.tobytes()
    assert one.regions == other.regions


def test_communities_are_the_topics() -> None:
    graph = topics(5, 40)
    map_ = chart(graph)
    number_of = dict(zip(map_.iris, map_.communities.tolist(), strict=True))
    for topic in range(5):
        homes = {number_of[IRI(f"{BASE}post/{topic}-{number:03}")] for number in range(40)}
        assert homes == {number_of[IRI(f"{BASE}organization/Company {topic}")]}
    sizes = [region.size for region in map_.regions]
    assert sizes == sorted(sizes, reverse=True)


def test_regions_are_named_after_what_is_typical_and_not_after_what_is_frequent() -> None:
    map_ = chart(topics(5, 40))
    names = [region.name for region in map_.regions]
    assert len(set(names)) == len(names)
    assert not any("everywhere" in name for name in names), "what is everywhere is typical of nothing"
    assert not any("Channel" in name for name in names), "who made the posts is not what they are about"
    for region in map_.regions:
        topic = region.name.partition(" · ")[0].removeprefix("topic-")
        assert region.name == f"topic-{topic} · Company {topic}"
        assert region.names_by_language == {"en": region.name, "zh": f"topic-{topic} · 公司{topic}"}
        assert set(region.named_after) <= set(region.typical)


def notes(*titles: str, folder: str = "notes") -> list[Node]:
    """Posts that name nothing, in a folder."""
    path = Attribute(IRI(DCTERMS + "identifier"), f"{folder}/x.md")
    return [Node(IRI(f"{BASE}post/{title}"), "post", title, (Text(title),), attributes=(path,)) for title in titles]


def test_regions_without_anything_named_are_called_after_words_and_folders() -> None:
    trees = ("pears", "plums", "figs", "limes", "quinces")
    garden = notes(*(f"Pruning {tree} in winter" for tree in trees), folder="garden")
    china = notes(*(f"宋代的{art}与知识图谱" for art in ("印刷", "航海", "绘画", "诗歌", "货币")), folder="城市")
    pairs = [pair for those in (garden, china) for pair in permutations(those, 2)]
    edges = [Edge(one.iri, IRI(KG + "linksTo"), other.iri, "body") for one, other in pairs]
    names = [region.name for region in chart(make_graph([*garden, *china], edges)).regions]
    assert len(names) == 2
    said = {part for name in names for part in name.split(" · ")}
    assert said <= {"garden", "winter", "Pruning", "城市", "与知识图谱", "宋代的"}


def test_an_index_names_its_region_and_no_two_regions_say_the_same() -> None:
    groups = [notes(title, *(f"{title} {n}" for n in range(20)), folder="Plugins") for title in ("Desktop", "Mobile")]
    edges = [Edge(index.iri, IRI(KG + "linksTo"), one.iri, "body") for index, *rest in groups for one in rest]
    graph = make_graph([note for group in groups for note in group], edges)
    assert sorted(region.name for region in chart(graph).regions) == ["Desktop", "Mobile"]
    rings = [notes(*(f"{n}{letter * 2}" for n in range(20)), folder="Plugins") for letter in "ab"]
    ring = [(a, b) for group in rings for at, a in enumerate(group) for b in (group[at - 1], group[at - 2])]
    edges = [Edge(a.iri, IRI(KG + "linksTo"), b.iri, "body") for a, b in ring]
    names = [region.name for region in chart(make_graph([*rings[0], *rings[1]], edges)).regions]
    parts = [part for name in names for part in name.split(" · ")]
    assert len(parts) == len(set(parts)) >= 2


def test_no_region_of_more_than_a_hundredth_has_no_name() -> None:
    for graph in (topics(5, 40), with_alone(topics(3, 60), 40), make_graph(notes("a", "b", "c"), [])):
        map_ = chart(graph)
        assert all(region.name for region in map_.regions if region.size * 100 > len(graph.nodes))


def test_links_to_regions_hold_by_membership_and_not_by_number(tmp_path: Path) -> None:
    first = chart(topics(5, 60))
    ids = [region.id for region in first.regions]
    assert len(set(ids)) == len(ids)
    assert all(ids)
    larger = topics(5, 61)
    following = chart(fresh(larger, saved(first, tmp_path)))
    home = dict(zip(first.iris, (first.regions[number].id for number in first.communities), strict=True))
    now = dict(zip(following.iris, (following.regions[number].id for number in following.communities), strict=True))
    assert all(now[iri] == name for iri, name in home.items())


def test_a_region_is_called_what_its_owner_calls_it() -> None:
    graph = topics(3, 40)
    second = chart(graph).regions[1]
    named = replace(graph, dataset=replace(graph.dataset, regions={second.id: "Mine", "tag/nothing": "Nobody's"}))
    map_ = chart(named)
    assert [region.name for region in map_.regions].count("Mine") == 1
    assert (map_.regions[1].name, map_.regions[1].id, map_.regions[1].names_by_language) == ("Mine", second.id, {})


def test_what_is_linked_lies_together_and_nothing_lies_on_another() -> None:
    graph = topics(6, 150)
    map_ = chart(graph)
    places = map_.positions.astype(float)
    topology = Topology.of(graph)
    lengths = np.hypot(*(places[topology.ends[:, 0]] - places[topology.ends[:, 1]]).T)
    pairs = np.random.default_rng(0).integers(topology.n, size=(9_000, 2))
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    assert np.median(lengths) < 0.5 * np.median(apart)
    nearest, near = cKDTree(places).query(places, k=6)
    assert (map_.communities[near[:, 1:]] == map_.communities[:, None]).mean() > 0.8
    assert nearest[:, 1].min() > 0.1 / np.sqrt(topology.n)


def test_what_is_linked_with_nothing_stands_round_the_rim() -> None:
    graph = with_alone(topics(3, 60), 40)
    map_ = chart(graph)
    distance = dict(zip(map_.iris, np.hypot(*map_.positions.T).tolist(), strict=True))
    inner = max(distance[iri] for iri in graph.nodes if "/0-" in iri)
    rim = [distance[IRI(f"{BASE}post/alone-{number}")] for number in range(40)]
    assert min(rim) > 0.8 * inner
    assert max(rim) < 2 * inner, "set round the rim, not flung away"
    last = map_.regions[-1]
    assert (last.name, last.size) == ("alone", 42), "called after what their titles share"


def test_a_graph_without_links_is_a_map_too() -> None:
    map_ = chart(make_graph([thing("post", f"{number:03}") for number in range(200)], []))
    assert len(map_.regions) == 1
    assert map_.regions[0].names_by_language == {"en": "Not linked", "zh": "没有链接"}
    assert cKDTree(map_.positions).query(map_.positions, k=2)[0][:, 1].min() > 0.01


def test_an_unchanged_graph_has_an_unchanged_map(tmp_path: Path) -> None:
    graph = with_alone(topics(4, 50), 10)
    first = chart(graph)
    again = chart(fresh(graph, saved(first, tmp_path)))
    assert again.positions.tobytes() == first.positions.tobytes()
    assert again.communities.tobytes() == first.communities.tobytes()
    assert again.regions == first.regions


def test_the_map_stays_put_when_posts_are_added(tmp_path: Path) -> None:
    first = chart(topics(5, 60))
    hints = saved(first, tmp_path)
    larger = topics(5, 61)
    following = chart(fresh(larger, hints))
    now = dict(zip(following.iris, following.positions.astype(float), strict=True))
    before = dict(zip(first.iris, first.positions.astype(float), strict=True))
    moved = np.array([np.hypot(*(now[iri] - spot)) for iri, spot in before.items()])
    assert moved.mean() < 0.005
    assert moved.max() < 0.1
    assert [region.name for region in following.regions] == [region.name for region in first.regions]
    for topic in range(5):
        post = IRI(f"{BASE}post/{topic}-060")
        region = following.regions[following.communities[following.iris.index(post)]]
        assert region.name.startswith(f"topic-{topic} ")
        assert np.hypot(*(now[post] - region.center)) < 2.5 * region.radius, "a new post stands among its own"
    assert cKDTree(following.positions).query(following.positions, k=2)[0][:, 1].min() > 1e-4


def test_a_new_part_that_is_linked_with_nothing_comes_in_sight(tmp_path: Path) -> None:
    graph = topics(3, 30)
    hints = saved(chart(graph), tmp_path)
    map_ = chart(fresh(with_alone(graph, 5), hints))
    assert np.isfinite(map_.positions).all()
    assert np.abs(map_.positions).max() < 1.6


def test_a_map_drawn_anew_is_turned_to_the_old_one(tmp_path: Path) -> None:
    first = chart(topics(6, 40))
    places = zip(first.iris, first.positions.tolist(), strict=True)
    turned = {iri: (-y, x) for iri, (x, y) in places if "Company" in iri}
    map_ = chart(fresh(topics(6, 40), PreviousMap(turned)))
    places = dict(zip(map_.iris, map_.positions.tolist(), strict=True))
    assert all(np.hypot(*np.subtract(places[iri], spot)) < 0.1 for iri, spot in turned.items())


def test_plain_hints_and_hints_that_are_no_places() -> None:
    graph = topics(2, 10)
    hints = dict.fromkeys(graph.nodes, (0.5, 0.25)) | {next(iter(graph.nodes)): (float("nan"), 1e9)}
    map_ = chart(replace(graph, hints=hints))
    assert np.isfinite(map_.positions).all()
    assert np.abs(map_.positions).max() < 2


def test_saved_positions_survive_the_file_and_a_damaged_file_does_not(tmp_path: Path) -> None:
    map_ = chart(topics(2, 10))
    path, state = tmp_path / "positions", State(tmp_path)
    assert load_positions(state) is None
    save_positions(map_, state)
    assert [entry.name for entry in tmp_path.iterdir()] == ["positions"], "nothing is left lying about"
    hints = load_positions(state)
    assert hints is not None
    assert len(hints) == len(map_.iris)
    assert {iri: tuple(spot) for iri, spot in zip(map_.iris, map_.positions.tolist(), strict=True)} == dict(hints)
    data = path.read_bytes()
    for damaged in (b"", data[:-1], data[:40], b"\0" * 500, data[:100] + b"\xff" + data[101:], data + b"\0"):
        path.write_bytes(damaged)
        assert load_positions(state) is None


def test_links_to_what_is_everywhere_weigh_less() -> None:
    star = np.array([[0, number] for number in range(1, 101)] + [[1, 2]])
    topology = Topology.from_pairs(101, star)
    assert topology.weights[0] == pytest.approx(0.1)
    assert topology.weights.max() == pytest.approx(1 / np.sqrt(2))


def test_parallel_links_and_loops_are_dropped() -> None:
    topology = Topology.from_pairs(3, np.array([[0, 1], [1, 0], [2, 2], [0, 1]]))
    assert topology.ends.tolist() == [[0, 1]]
    assert topology.adjacency.toarray().sum() == 2


def test_the_mesh_repels_as_the_exact_sum_does() -> None:
    random = np.random.default_rng(3)
    places, masses = random.uniform(-100, 100, (800, 2)), random.uniform(1, 5, 800)
    exact, mesh = forces._exact(places, masses), forces._Mesh(256)(places, masses)
    error = np.hypot(*(mesh - exact).T) / np.hypot(*exact.T)
    assert np.median(error) < 0.1


def test_circles_do_not_overlap() -> None:
    radii = np.sort(np.random.default_rng(5).uniform(0.5, 8, 60))[::-1]
    centers = packing.pack(radii)
    gaps = np.hypot(*(centers[:, None] - centers[None]).transpose(2, 0, 1)) - (radii[:, None] + radii[None])
    assert gaps[~np.eye(len(radii), dtype=bool)].min() > -1e-6


def test_discs_are_pushed_apart_even_from_the_very_same_spot() -> None:
    places = spacing.spread(np.zeros((30, 2)), np.ones(30), rounds=200)
    distances = cKDTree(places).query(places, k=2)[0][:, 1]
    assert distances.min() > 1.9


def test_density_is_evened_out_and_neighbours_stay_neighbours() -> None:
    random = np.random.default_rng(7)
    places = np.concatenate([random.normal(0, 0.02, (1_500, 2)), random.uniform(-1, 1, (500, 2))])
    after = density.even_out(places, np.ones(2_000))

    def crowding(spots: np.ndarray) -> float:
        nearest = cKDTree(spots).query(spots, k=9)[0][:, 8]
        return float(np.quantile(nearest, 0.9) / np.quantile(nearest, 0.1))

    assert crowding(after) < 0.4 * crowding(places)
    core = np.hypot(*(after[:1_500] - np.median(after[:1_500], axis=0)).T)
    assert np.median(core) < np.median(np.hypot(*after[1_500:].T)), "the core is still the core"


def test_modularity_of_two_cliques() -> None:
    pairs = [(a + base, b + base) for base in (0, 5) for a in range(5) for b in range(a)] + [(0, 5)]
    topology = replace(Topology.from_pairs(10, np.array(pairs)), weights=np.ones(21))
    halves = np.repeat([0, 1], 5)
    expected = 20 / 21 - communities.RESOLUTION * 2 * (21 / 42) ** 2
    assert communities.modularity(topology, halves) == pytest.approx(expected)


def test_never_too_many_regions() -> None:
    map_ = chart(topics(70, 6))
    assert len([region for region in map_.regions if region.name]) <= communities.MOST


def test_a_small_graph_is_shown_whole_and_a_large_one_by_its_best_connected_part() -> None:
    small = topics(2, 5)
    assert best_connected(small) is small
    graph = topics(10, 60)
    part = best_connected(graph)
    assert 200 <= len(part.nodes) <= 300
    assert len(part.edges) <= 1_500
    assert set(part.edges) <= set(graph.edges)
    companies = {IRI(f"{BASE}organization/Company {topic}") for topic in range(10)}
    assert companies <= part.nodes.keys(), "every region has its share"
    assert not any("Once" in iri for iri in part.nodes)


def test_many_posts_without_a_link_make_a_picture() -> None:
    part = best_connected(make_graph([thing("post", f"{number:03}") for number in range(400)], []))
    assert len(part.nodes) == 300


def test_a_neighbourhood_holds_the_neighbours_and_what_they_share() -> None:
    graph = topics(10, 60)
    center = IRI(f"{BASE}organization/Company 3")
    part = around(graph, center)
    assert center in part.nodes
    assert all(f"{BASE}post/3-{number:03}" in part.nodes for number in range(60))
    assert IRI(f"{BASE}person/Person 3 1") in part.nodes
    assert len(part.nodes) <= 300
    assert len(part.edges) <= 1_500
    hub = around(graph, IRI(f"{BASE}tag/everywhere"), nodes=100, edges=150)
    assert len(hub.nodes) <= 100
    assert len(hub.edges) <= 150
    ends = {end for edge in hub.edges for end in (edge.source, edge.target)}
    assert ends == set(hub.nodes), "nothing in the picture stands alone"
    alone = with_alone(graph, 1)
    assert len(around(alone, IRI(f"{BASE}post/alone-0")).nodes) == 1
    with pytest.raises(KeyError):
        around(graph, IRI("https://nowhere.example/"))


def test_links_between_posts_count(small_graph: KnowledgeGraph) -> None:
    assert any(edge.predicate == KG + "linksTo" for edge in small_graph.edges)
    map_ = chart(fresh(small_graph))
    assert len({tuple(spot) for spot in map_.positions.tolist()}) == len(small_graph.nodes)


def test_the_map_of_real_posts(real_graph: KnowledgeGraph) -> None:
    map_ = chart(real_graph)
    assert 2 <= len(map_.regions) <= communities.MOST + 1
    names = [region.name for region in map_.regions if region.name]
    assert len(set(names)) == len(names)
    places = map_.positions.astype(float)
    _distances, near = cKDTree(places).query(places, k=6)
    assert (map_.communities[near[:, 1:]] == map_.communities[:, None]).mean() > 0.6


def test_the_map_depends_on_nothing_but_the_graph() -> None:
    program = (
        "import hashlib; from kg.views.map import chart; from tests.test_cartography import topics, with_alone;"
        "m = chart(with_alone(topics(4, 60), 9));"
        "print(hashlib.sha256(m.positions.tobytes() + m.communities.tobytes() + repr(m.regions).encode()).hexdigest())"
    )
    results = set()
    for seed, threads in (("1", "1"), ("2", "2")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads}
        command = [sys.executable, "-c", program]
        results.add(subprocess.run(command, cwd=REPO, env=environment, capture_output=True, check=True).stdout)
    assert len(results) == 1


def test_a_long_chain_of_new_posts_joins_what_it_hangs_on() -> None:
    n, new = 30_000, 8_000
    pairs = np.stack([np.arange(n - 1), np.arange(1, n)], axis=1)
    topology = Topology.from_pairs(n, pairs)
    before = np.full(n, -1)
    before[: n - new] = 3
    begun = process_time()
    assert set(communities._continued(topology, before).tolist()) == {0}
    assert process_time() - begun < 5  # five times what it takes; with all rows looked at for each hop, 8 s


@pytest.mark.parametrize("seed", range(8))
def test_new_nodes_join_the_community_that_they_are_linked_with_most(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 120
    topology = Topology.from_pairs(n, random.integers(0, n, (150, 2)))
    before = np.where(random.random(n) < 0.6, -1, random.integers(0, 4, n))
    expected: dict[int, int] = {node: label for node, label in enumerate(before.tolist()) if label >= 0}
    links = topology.adjacency.tolil()
    while True:
        votes = {
            node: [sum(links[node, other] for other in links.rows[node] if expected.get(other) == c) for c in range(4)]
            for node in set(range(n)) - expected.keys()
        }
        joined = {node: int(np.argmax(those)) for node, those in votes.items() if any(those)}
        if not joined:
            break
        expected |= joined
    found = communities._continued(topology, before)
    component = topology.components[1]
    one_of = {(expected[node], component[node]): int(found[node]) for node in expected}
    assert all(one_of[expected[node], component[node]] == found[node] for node in expected)
    assert len(set(one_of.values())) == len(one_of)
