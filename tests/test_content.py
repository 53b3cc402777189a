"""The posts in content/ are the first that people see: faultless, in two languages, and linked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
import yaml

import kg
from tests.conftest import REPO

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.result import Result

KEYS = [
    "author", "date", "guest", "layout", "source", "speaker", "tags", "title", "summary", "insight", "draft", "series",
    "category", "area", "project", "people", "companies_orgs", "products_models", "media_books", "status",
]  # fmt: skip
"""The schema that needs no settings."""


@pytest.fixture(scope="module")
def built() -> Result:
    return kg.build(REPO / "content")


def test_no_fault_and_no_doubt(built: Result) -> None:
    assert built.diagnostics == ()


@pytest.mark.parametrize("path", sorted((REPO / "content").rglob("*.md")), ids=lambda path: path.stem)
def test_front_matter_follows_the_schema(path: Path) -> None:
    text = path.read_text("utf-8")
    fields = yaml.safe_load(text.split("---\n")[1])
    assert [key for key in fields if key != "aliases"] == KEYS
    assert all(
        isinstance(fields[key], str) for key in ("author", "date", "title", "summary", "category", "area", "status")
    )


def test_half_are_chinese_and_half_english(built: Result) -> None:
    assert Counter(post.language for post in built.posts) == {"": 7, "zh": 7}


def test_one_draft_and_one_series_across_languages(built: Result) -> None:
    assert [post.path for post in built.posts if post.draft] == ["notes/yongle.md"]
    graph = built.knowledge_graph
    (series,) = [node for node in graph.nodes.values() if node.kind == "series"]
    assert {text.language for text in series.labels} == {"", "zh"}
    assert sum(edge.target == series.iri for edge in graph.edges) == 4


def test_every_link_leads_to_a_post(built: Result) -> None:
    written = sum(len(post.links) for post in built.posts)
    drawn = sum(edge.predicate.endswith("linksTo") for edge in built.knowledge_graph.edges)
    assert drawn == written > 20


def test_things_named_in_both_languages_are_one_node(built: Result) -> None:
    graph = built.knowledge_graph
    both = [node.kind for node in graph.nodes.values() if {text.language for text in node.labels} >= {"", "zh"}]
    assert both.count("person") >= 8
    assert {"organization", "product"} <= set(both)


def test_the_graph_is_one_piece(built: Result) -> None:
    import networkx as nx

    assert nx.is_weakly_connected(built.graph)
