"""The measures of kg/insight, held against numbers worked out by hand and against other programs."""

from __future__ import annotations

import csv
import io
import json
import re
from math import log
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc

import kg
from kg.cli import app
from kg.errors import KgError
from kg.graph.lookup import find
from kg.insight import centrality
from kg.insight.incidence import Incidence
from kg.insight.paths import ways
from kg.insight.relatedness import Profiles, g_squared, most_frequent, related_things
from kg.insight.trends import Trends
from kg.views.map import chart
from tests.folders import put

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph


def graph_of(folder: Path, posts: dict[str, str]) -> KnowledgeGraph:
    put(folder, posts)
    return kg.build(folder).knowledge_graph


def naming(*people: str, day: str = "2026-01-05", body: str = "") -> str:
    return f"---\ndate: {day}\npeople: [{', '.join(people)}]\n---\n\n{body}\n"


def iri_of(graph: KnowledgeGraph, name: str) -> str:
    (iri,) = find(graph, name).matches
    return iri


@pytest.mark.slow
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60), st.integers(0, 200))
def test_g_squared_is_what_scipy_computes(one: int, other: int, both: int, neither: int) -> None:
    both = min(both, one, other)
    total = one + other - both + neither
    table = np.array([[both, one - both], [other - both, neither]])
    ours = float(g_squared(np.array([both]), one, np.array([other]), total)[0])
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        assert ours == pytest.approx(0)
        return
    from scipy import stats  # a second to import

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
        assert change.chance == pytest.approx(chdtrc(1, abs(change.g)))


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


@pytest.mark.slow
@given(st.integers(0, 1 << 30))
def test_pagerank_is_that_of_networkx(seed: int) -> None:
    network = nx.gnp_random_graph(12, 0.2, seed=seed)
    ours = centrality.pagerank(nx.to_scipy_sparse_array(network, weight=None, format="csr"))
    theirs = nx.pagerank(network, alpha=centrality.DAMPING, tol=1e-12, max_iter=1000)
    assert ours == pytest.approx([theirs[n] for n in range(12)], abs=1e-6)


@pytest.fixture(scope="module")
def two_themes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Music and maths, eight posts each; Ada is typical of both, and Zoe is named by every post."""
    folder = tmp_path_factory.mktemp("themes")
    names = {"music": ["Clara", "Fanny", "Nadia", "Hildegard"], "maths": ["Emmy", "Sofia", "Hypatia", "Maryam"]}
    for theme, people in names.items():
        for number in range(8):
            tied = ["Ada"] if number < 3 else []
            named = ", ".join([*people[: 2 + number % 3], *tied, "Zoe"])
            day = f"2026-0{number % 6 + 1}-28"
            text = f"---\ntitle: {theme} {number}\ndate: {day}\ntags: [{theme}]\npeople: [{named}]\n---\n"
            (folder / f"{theme}-{number}.md").write_text(text)
    for number in range(8):
        (folder / f"other-{number}.md").write_text(f"---\ndate: 2026-03-0{number + 1}\npeople: [Zoe]\n---\n")
    return folder


def test_themes_are_the_regions_of_the_page(two_themes: Path) -> None:
    result = kg.build(two_themes)
    rows = result.themes()
    assert [(row["id"], row["name"], row["size"]) for row in rows] == [
        (region.id, region.name, region.size) for region in chart(result.knowledge_graph).regions
    ]
    music = next(row for row in rows if "music" in row["name"])
    assert 6 <= music["posts"] <= 8
    assert music["newest"][0]["path"] == "music-5.md"
    assert sum(month["named"] for month in music["months"]) == music["posts"]
    assert {"Clara", "Fanny"} <= {node["label"] for node in result.themes("music", kind="person")[0]["typical"]}
    assert result.themes("Clara")[0]["id"] == music["id"], "a thing stands for its theme"
    assert result.themes("music", since="2026-06")[0]["posts"] == 1, "days choose posts, and leave the themes alone"


def test_a_bridge_is_typical_of_two_themes(two_themes: Path) -> None:
    rows = kg.build(two_themes).central(by="bridges", kind="person", limit=0)
    assert rows[0]["label"] == "Ada"
    assert {name.partition(" ")[0] for name in rows[0]["themes"]} == {"music", "maths"}
    assert "Zoe" not in [row["label"] for row in rows[:2]], "what everything names ties nothing"


def test_days_bound_the_posts(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, {"a.md": naming("Ada", day="2026-01-31"), "b.md": naming("Ada", day="2026-02-01"), "c.md": "No day."}
    )
    assert len(Incidence.of(graph).posts) == 3
    assert Incidence.of(graph, since="2026-02").days == ("2026-02-01",)
    assert Incidence.of(graph, until="2026-01").days == ("2026-01-31",)


# The commands.


def ask(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], standalone_mode=False)
    if isinstance(result.exception, KgError):
        return result.exception.exit_status, result.stdout, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value or 0, result.stdout, result.stderr


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    pairs = [("Ada", "Charles")] * 4 + [("Grace", "Howard")] * 4
    for number, pair in enumerate(pairs):
        text = naming("Everybody", *pair, day=f"2026-{number % 6 + 1:02}-28")
        (folder / f"{number}.md").write_text(text.replace("---\n", "---\ntags: [ada]\n", 1), "utf-8")
    return folder


def test_related_answers_in_three_forms(people: Path) -> None:
    status, text, _ = ask("related", "Charles", people)
    assert status == 0
    assert re.search(r"\b11 +4 posts +Ada +\(person\)", text)
    assert re.search(r"for instance with Ada in 3 \[3\.md\]", text)
    found = json.loads(ask("related", "Charles", people, "--format", "json")[1])
    assert [(one["label"], one["kind"], one["posts"]) for one in found] == [("Ada", "person", 4)]
    assert set(found[0]) == {"iri", "label", "kind", "score", "posts", "proof"}
    rows = list(csv.DictReader(io.StringIO(ask("related", "Charles", people, "--format", "csv")[1])))
    assert [row["label"] for row in rows] == ["Ada"]
    posts = json.loads(ask("related", "0.md", people, "--format", "json", "--limit", 3)[1])
    assert {post["path"] for post in posts} == {"1.md", "2.md", "3.md"}
    assert posts[0]["shared"][:2] == ["Ada", "Charles"]


def test_the_most_frequent_is_there_on_request(people: Path) -> None:
    found = json.loads(ask("related", "Charles", people, "--most", "--only", "person", "--format", "json")[1])
    assert [one["label"] for one in found] == ["Ada"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("related", "Ada"), "2 things are called 'Ada'; ask for one of them: "),
        (("related", "Charls"), "did you mean Charles (person)?"),
        (
            ("related", "Charles", "--kind", "tag"),
            "nothing of kind tag is called 'Charles'; did you mean Charles (person)?",
        ),
        (("related", " "), "the name is empty"),
        (("related", "Charles", "--only", "planet"), "no kind is called 'planet'"),
        (("trends", "--since", "yesterday"), "write 2026, 2026-11 or 2026-11-28"),
        (("trends", "--since", "2026-05", "--until", "2026-01"), "is later than"),
        (("path", "Charles", "Nobody at all"), "nothing is called"),
    ],
)
def test_what_cannot_be_answered_is_one_line(people: Path, arguments: tuple[str, ...], said: str) -> None:
    command, *rest = arguments
    names = 2 if command == "path" else 0 if command == "trends" else 1
    status, _, error = ask(command, *rest[:names], people, *rest[names:])
    assert (status, error.count("\n")) == (2, 0)
    assert said in error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("related", "Everybody", "{}"), "nothing more often than chance; try --most"),
        (("related", "Charles", "{}", "--since", "2030"), "no post names it from 2030; leave --since and --until out"),
        (
            ("path", "Charles", "Everybody", "{}", "--since", "2030", "--kind", "tag"),
            "no chain of posts from 2030 and tags",
        ),
        (("search", "-", "{}"), "holds no word to look for"),
        (("trends", "{}", "--since", "2026-05"), "six whole months of posts are needed"),
        (("central", "{}", "--since", "2030"), "no post from 2030 names anything"),
        (("trends", "{}", "--name", "Howard", "--since", "2030"), "no post from 2030 has a date"),
        (("path", "Charles", "charles", "{}"), "are one thing"),
        (("cite", "Charles", "{}", "--since", "2030"), "posts of other days do"),
    ],
)
def test_an_empty_answer_says_why(people: Path, arguments: tuple[str, ...], said: str) -> None:
    status, text, _ = ask(*(argument.replace("{}", str(people)) for argument in arguments))
    assert status == 0
    assert said in text


def test_a_path_is_proven_line_by_line(people: Path) -> None:
    _, text, _ = ask("path", "Charles", "Howard", people, "--limit", 1)
    assert re.search(rf"schema:mentions, people in {re.escape(str(people))}/\d\.md:4", text)
    ways_found = json.loads(ask("path", "Charles", "Howard", people, "--format", "json")[1])
    assert [node["label"] for node in ways_found[0]["nodes"]][0::4] == ["Charles", "Howard"]
    assert {step[0]["line"] for step in ways_found[0]["steps"]} <= {2, 4}


def test_posts_are_related_over_a_link_whichever_way_it_goes(tmp_path: Path) -> None:
    posts = {"a.md": "[c](c.md)", "b.md": "x", "c.md": "[b](b.md)", "d.md": "x", "e.md": "[d](d.md)"}
    graph = graph_of(tmp_path, posts)
    found = Profiles(Incidence.of(graph)).related_posts(iri_of(graph, "a.md"))
    assert [one.node.label for one in found] == ["c", "b"]
    assert [node.label for node in found[1].shared] == ["c"]
    assert all(0 < one.score <= 1 for one in found)


def test_the_common_share_of_posts_is_what_the_documentation_says(tmp_path: Path) -> None:
    tags = {number: [*("a" * (number < 10)), *("b" * (number >= 50 or number == 0))] for number in range(99)}
    posts = {f"{n:02}.md": f"---\ntitle: t{n}\ntags: [{', '.join(tags[n])}]\n---\n" for n in tags}
    graph = graph_of(tmp_path, posts | {"99.md": "---\ntitle: t99\n---\n"})
    first = Profiles(Incidence.of(graph)).related_posts(iri_of(graph, "00.md"))[0]
    own, a, b, word = log(100) ** 2, log(100 / 10) ** 2, log(100 / 50) ** 2, log(100) ** 2
    assert first.score == pytest.approx(a / (own + a + b + word), rel=1e-6)


def test_trends_tell_months(people: Path) -> None:
    rows = json.loads(ask("trends", people, "--name", "Charles", "--format", "json")[1])
    assert [(row["month"], row["named"], row["posts"], row["unfinished"]) for row in rows] == [
        ("2026-01", 1, 2, False), ("2026-02", 1, 2, False), ("2026-03", 1, 1, False),
        ("2026-04", 1, 1, False),
    ]  # fmt: skip
    assert all(row["proof"] for row in rows)
    newest = json.loads(ask("trends", people, "--name", "Charles", "--format", "json", "--limit", "1")[1])
    assert [row["month"] for row in newest] == ["2026-04"], "months that do not name it do not use up the limit"


def test_what_is_named_everywhere_is_central(people: Path) -> None:
    rows = json.loads(ask("central", people, "--format", "json", "--kind", "person")[1])
    assert rows[0]["label"] == "Everybody"
    assert rows[0]["score"] > rows[1]["score"]


def test_no_change_is_told_where_there_is_nothing_to_compare(tmp_path: Path) -> None:
    days = ["2026-01-31", "2026-06-30", "2026-06-29", "2026-06-28"]
    graph_of(tmp_path, {f"{number}.md": naming("Ada Lovelace", day=day) for number, day in enumerate(days)})
    assert ask("trends", tmp_path, "--since", "2026-01-31")[1] == (
        "nothing that three posts name changed its share from 2026-01 to 2026-06\n"
    ), "all of one window and all of the other"
    graph_of(tmp_path, {"0.md": naming("Ada Lovelace", day="2025-12-31")})
    assert "no post is dated 2026-01 to 2026-03" in ask("trends", tmp_path)[1]


def test_every_related_post_says_why(tmp_path: Path) -> None:
    graph_of(
        tmp_path,
        {
            "one.md": "---\ntitle: The pump\n---\nSee [two](two.md).\n",
            "two.md": "---\ntitle: A map\n---\n",
            "three.md": "---\ntitle: Pump houses\n---\n",
            "four.md": "---\ntitle: Elsewhere\n---\n",
        },
    )
    rows = {row["label"]: row for row in json.loads(ask("related", "one.md", tmp_path, "--format", "json")[1])}
    assert rows["A map"]["links"] == ["to"]
    assert rows["A map"]["proof"] == ["one.md:4"]
    assert rows["Pump houses"]["words"] == ["pump"]
    assert not {"shared", "links"} & rows["Pump houses"].keys()
    assert "in the title: pump" in ask("related", "one.md", tmp_path)[1]


def test_a_question_reuses_the_results_that_are_named_and_tells_the_first_faults_only(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    graph_of(posts, {f"{number}.md": "---\ntitle: One\nx: |0\n  lost\npeople: Ada\n---\n" for number in range(9)})
    status, said, faults = ask("find", "Ada", posts, "-o", tmp_path / "results")
    assert (status, said.split()[0]) == (1, "person")
    assert faults.count("error[KG101]") == 3
    assert "6 more errors of this kind" in faults
