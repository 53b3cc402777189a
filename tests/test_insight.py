"""The measures of kg/insight, held against numbers worked out by hand and against other programs."""

from __future__ import annotations

import doctest
from math import log
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import kg
from kg.graph.lookup import find
from kg.insight import centrality, incidence, paths, relatedness, trends
from kg.insight.incidence import Incidence
from kg.insight.paths import ways
from kg.insight.relatedness import Profiles, g_squared, most_frequent, related_things
from kg.insight.trends import Trends

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph


def graph_of(folder: Path, posts: dict[str, str]) -> KnowledgeGraph:
    for name, text in posts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return kg.build(folder).knowledge_graph


def naming(*people: str, day: str = "2026-01-05", body: str = "") -> str:
    return f"---\ndate: {day}\npeople: [{', '.join(people)}]\n---\n\n{body}\n"


def iri_of(graph: KnowledgeGraph, name: str) -> str:
    (iri,) = find(graph, name).matches
    return iri


@pytest.mark.parametrize("module", [incidence, relatedness, trends, paths, centrality])
def test_examples_of_docstrings(module) -> None:
    assert doctest.testmod(module, extraglobs={"np": np}).failed == 0


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60), st.integers(0, 200))
def test_g_squared_is_what_scipy_computes(one: int, other: int, both: int, neither: int) -> None:
    both = min(both, one, other)
    total = one + other - both + neither
    table = np.array([[both, one - both], [other - both, neither]])
    ours = float(g_squared(np.array([both]), one, np.array([other]), total)[0])
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        assert ours == pytest.approx(0)
        return
    theirs = stats.chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic
    assert abs(ours) == pytest.approx(theirs, abs=1e-9)
    assert (ours >= 0) == (both * total >= one * other) or abs(ours) < 1e-9


def test_a_hub_is_frequent_and_not_typical(tmp_path: Path) -> None:
    pairs = [("Ada", "Charles")] * 4 + [("Grace", "Howard")] * 4
    graph = graph_of(tmp_path, {f"{n}.md": naming("Everybody", *pair) for n, pair in enumerate(pairs)})
    table = Incidence.of(graph)
    ada = iri_of(graph, "Ada")
    assert [one.node.label for one in related_things(table, ada)] == ["Charles"]
    assert {one.node.label: one.score for one in most_frequent(table, ada)} == {"Charles": 4}
    assert [len(one.posts) for one in related_things(table, ada)] == [4]


def test_posts_are_related_by_what_is_rare(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        {
            "one.md": naming("Common", "Rare"),
            "two.md": naming("Common", "Rare"),
            "three.md": naming("Common", "Other"),
            "four.md": naming("Other"),
        },
    )
    related = Profiles(Incidence.of(graph)).related_posts(iri_of(graph, "one.md"))
    assert related[0].node.label == "two"
    assert [node.label for node in related[0].shared] == ["Rare", "Common"]
    assert 0 < related[1].score < related[0].score <= 1


def test_shares_and_not_counts_rise(tmp_path: Path) -> None:
    posts = {}
    for month in range(1, 7):
        for number in range(4 if month < 4 else 12):  # a busier quarter
            who = ["Steady"] if number % 4 == 0 else ["Rising"] if month > 3 and number % 4 < 3 else ["Nobody"]
            posts[f"{month}-{number}.md"] = naming(*who, day=f"2026-{month:02}-{28 if month == 2 else 30}")
    posts["end.md"] = naming("Nobody", day="2026-07-31")
    posts["late.md"] = naming("Steady", day="2026-08-02")
    graph = graph_of(tmp_path, posts)
    found = Trends(Incidence.of(graph))
    assert found.unfinished == "2026-08"
    assert found.windows == (("2026-02", "2026-04"), ("2026-05", "2026-07"))
    changes = {change.node.label: change for change in found.changes()}
    assert changes["Rising"].g > 0
    assert changes["Steady"].chance > 0.5, "its count has risen, its share has not"
    months = found.of(iri_of(graph, "Steady"))
    assert [month.unfinished for month in months] == [False] * 7 + [True]
    assert [(month.named, month.posts) for month in months][:4] == [(1, 4), (1, 4), (1, 4), (3, 12)]


def test_the_chance_of_a_change_is_that_of_chi_squared(tmp_path: Path) -> None:
    posts = {
        f"{m}-{n}.md": naming("A" if n < 2 + m else "B", day=f"2026-{m:02}-28") for m in range(1, 7) for n in range(9)
    }
    posts["end.md"] = naming("C", day="2026-06-30")
    for change in Trends(Incidence.of(graph_of(tmp_path, posts))).changes():
        assert change.chance == pytest.approx(stats.chi2.sf(abs(change.g), 1))


def test_ways_go_round_what_everything_is_linked_to(tmp_path: Path) -> None:
    posts = {f"{n}.md": naming("Hub", f"Person {n}") for n in range(30)}
    posts["a.md"] = naming("Ada", "Hub", "Rare")
    posts["b.md"] = naming("Grace", "Hub", "Rare")
    graph = graph_of(tmp_path, posts)
    ada, grace = iri_of(graph, "Ada"), iri_of(graph, "Grace")
    first, second = ways(graph, ada, grace, limit=2)[:1] + ways(graph, ada, grace, avoid={iri_of(graph, "Rare")})[:1]
    assert [graph.nodes[iri].label for iri in first.nodes] == ["Ada", "a", "Rare", "b", "Grace"]
    assert [graph.nodes[iri].label for iri in second.nodes] == ["Ada", "a", "Hub", "b", "Grace"]
    assert first.cost < second.cost
    assert [edges[0].line for edges in first.proof] == [3, 3, 3, 3]
    assert first.cost == pytest.approx(4 + log(1 + 3) + log(1 + 2) + log(1 + 3))


def test_there_is_no_way_where_nothing_ties(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, {"a.md": naming("Ada"), "b.md": naming("Grace")})
    assert ways(graph, iri_of(graph, "Ada"), iri_of(graph, "Grace")) == []
    assert ways(graph, iri_of(graph, "Ada"), iri_of(graph, "Ada")) == []


@given(st.integers(0, 1 << 30))
def test_pagerank_is_that_of_networkx(seed: int) -> None:
    network = nx.gnp_random_graph(12, 0.2, seed=seed)
    ours = centrality.pagerank(nx.to_scipy_sparse_array(network, weight=None, format="csr"))
    theirs = nx.pagerank(network, alpha=centrality.DAMPING, tol=1e-12, max_iter=1000)
    assert ours == pytest.approx([theirs[n] for n in range(12)], abs=1e-6)


def test_a_bridge_has_its_links_in_several_themes() -> None:
    network = nx.Graph([(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (0, 6), (3, 6)])
    adjacency = nx.to_scipy_sparse_array(network, nodelist=range(7), format="csr")
    spread = centrality.participation(adjacency, np.array([0, 0, 0, 1, 1, 1, -1]))
    assert spread[6] == pytest.approx(0.5)
    assert spread[1] == 0
    assert spread[0] == 0, "what lies in no theme is not counted"


def test_days_bound_the_posts(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, {"a.md": naming("Ada", day="2026-01-31"), "b.md": naming("Ada", day="2026-02-01"), "c.md": "No day."}
    )
    assert len(Incidence.of(graph).posts) == 3
    assert Incidence.of(graph, since="2026-02").days == ("2026-02-01",)
    assert Incidence.of(graph, until="2026-01").days == ("2026-01-31",)
