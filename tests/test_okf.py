"""Open Knowledge Format: written so that others read it, and read again as the same graph."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import yaml

import kg
from kg.exporters.folders import get
from kg.graph.lookup import path_of
from kg.reading.okf import is_bundle
from tests.conftest import program, write_posts

if TYPE_CHECKING:
    from pathlib import Path

POSTS = {
    "index.md": "---\ntitle: Start\npeople: [Ada]\n---\nSee [[Two]].\n",
    "Two.md": "---\ntitle: '*Two* [x](javascript:1) <b>'\ntype: Essay\npeople: Ada; 王小明\ntags: [a/b, C#]\n"
    "mood: [calm, 'no']\ndate: 2026-02-03\nsource: https://ada.example/x\n---\n**Ada** and [start](index.md)\n",
    "sub/two.md": "+++\ntitle = 'Two'\n[params]\nx = 1\n+++\n[up](../Two.md)\n",
    "no-metadata.md": "# Only a heading\n",
}


BUNDLE = {
    "index.md": "# Folders\n\n* [metrics](metrics/index.md) - numbers\n",
    "log.md": "# Log\n\n## 2026-05-22\n* **Creation**: [Margin](/metrics/margin.md)\n",
    "metrics/index.md": "# Concepts\n\n* [Margin](margin.md) - what is left\n",
    "metrics/margin.md": """---
type: Metric
title: Margin
generated: { by: an_agent/1, at: 2026-06-30T14:00:00Z }
verified:
  - { by: human:ada, at: 2026-07-01T09:00:00Z }
  - { by: process:nightly, at: 2026-07-02T09:00:00Z }
executor:
  resource: skills/run.md
  receipt: [job_id, result]
sources:
  - { id: policy, resource: policies/cost.md, title: The policy, usage_count: 5 }
  - id: standard
    resource: https://standard.example/cost
  - resource: all queries of one project
---
Counts as [the policy](../policies/cost.md) says.[^policy]
""",
    "policies/cost.md": "---\ntype: Policy\nsources: [{resource: /metrics/margin.md}]\n---\nThe policy.\n",
    "skills/run.md": "---\ntype: Skill\ntitle: Run\n---\nHow to run.\n",
}
"""A bundle as others make them, without a version."""


def written(content: Path, folder: Path) -> kg.Result:
    result = kg.build(content)
    for path, data in get("okf").files(result.knowledge_graph, content):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return result


def said(result: kg.Result, below: str = "") -> Counter[tuple[str, str, str, str]]:
    """What posts say of things, and how they link to each other: (path, predicate, kind, name)."""
    nodes = result.knowledge_graph.nodes
    names = {iri: path_of(node).removeprefix(below).removesuffix(".md") or node.label for iri, node in nodes.items()}
    return Counter(
        (names[edge.source], edge.predicate, nodes[edge.target].kind, names[edge.target])
        for edge in result.knowledge_graph.edges
        if path_of(nodes[edge.source]).startswith(below) and nodes[edge.source].kind == "post"
    )


def test_a_bundle_of_others_comes_back_with_its_provenance(tmp_path: Path) -> None:
    content, again = write_posts(tmp_path / "content", BUNDLE), tmp_path / "again"
    before = written(content, again)
    assert before.ok
    relations = said(before)
    based, by = "https://schema.org/isBasedOn", "https://kg.example/ns/field/executor.resource"
    assert {row for row in relations if row[1] in (based, by)} == {
        ("metrics/margin", based, "post", "policies/cost"),
        ("metrics/margin", by, "post", "skills/run"),
        ("policies/cost", based, "post", "metrics/margin"),
    }
    assert not {name for row in relations for name in row} & {"index", "log", "metrics/index"}
    sources = before.to_rdflib().query(
        "SELECT ?url { ?p schema:isBasedOn ?url FILTER(STRSTARTS(STR(?url), 'https://standard')) }"
    )
    assert [str(row[0]) for row in sources] == ["https://standard.example/cost"]
    front = yaml.load((again / "posts/metrics/margin.md").read_text("utf-8").split("---\n")[1], yaml.BaseLoader)
    wanted = yaml.load(BUNDLE["metrics/margin.md"].split("---\n")[1], yaml.BaseLoader)
    wanted["sources"][0]["resource"] = "/posts/policies/cost.md"
    wanted["executor"]["resource"] = "/posts/skills/run.md"
    assert {name: front[name] for name in wanted} == wanted
    assert said(kg.build(again), "posts/") == relations


@pytest.mark.slow
def test_the_posts_of_the_project_come_back(repo: Path, tmp_path: Path) -> None:
    before = written(repo / "content", tmp_path)
    after = kg.build(tmp_path)
    assert is_bundle(tmp_path)
    assert not after.diagnostics
    assert said(after, "posts/") == said(before)
    assert {path_of(node) for node in after.knowledge_graph.nodes.values()}.isdisjoint({"index.md", "posts/index.md"})
    done = subprocess.run([program("okf"), "validate", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr  # okf-cli, by others


def test_hostile_and_reserved_names_stay_data(tmp_path: Path) -> None:
    content, bundle = write_posts(tmp_path / "content", POSTS), tmp_path / "bundle"
    written(content, bundle)
    documents = {str(path.relative_to(bundle)): path.read_text("utf-8") for path in sorted(bundle.rglob("*.md"))}
    assert len({path.casefold() for path in documents}) == len(documents)
    fronts = {}
    for path, text in documents.items():
        if path.endswith("index.md"):
            assert text.startswith("---\n") == (path == "index.md")
        else:
            fronts[path] = yaml.safe_load(text.split("---\n")[1])
            assert fronts[path]["type"]
    two = next(front for path, front in fronts.items() if front["type"] == "Essay")
    assert (two["mood"], two["people"], two["sources"]) == (
        ["calm", "no"], ["Ada", "王小明"], [{"resource": "https://ada.example/x"}],
    )  # fmt: skip
    person = next(text for path, text in documents.items() if path == "person/ada.md")
    assert r"\*Two\* \[x\](javascript:1) \<b\>" in person
    before, after = said(kg.build(content)), said(kg.build(bundle), "posts/")
    assert any(row[0].startswith("index-") for row in after)  # `index.md` is no document's name there
    of_others = [{row for row in rows if "index" not in row[0] + row[3]} for rows in (before, after)]
    assert of_others[0] == of_others[1]
