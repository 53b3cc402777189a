"""`kg` from Python: what a build gives, in the hands of pandas, networkx and people."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kg
from kg.errors import ConfigError, QueryError
from tests.conftest import REPO

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def result() -> kg.Result:
    return kg.build(REPO / "content")


def test_a_result_is_one_line(result: kg.Result) -> None:
    graph = result.knowledge_graph
    assert repr(result) == str(result) == (
        f"<kg.Result: 14 posts, {len(graph.nodes) - 14} entities, {len(graph.edges)} edges, 0 findings>"
    )  # fmt: skip


def test_the_package_shows_its_interface_only() -> None:
    assert set(dir(kg)) == {*kg.__all__, "__version__"}
    assert all(getattr(kg, name) for name in dir(kg))


def test_tables_of_pandas(result: kg.Result) -> None:
    import pandas as pd

    graph = result.knowledge_graph
    nodes, edges, posts = result.to_pandas()
    assert nodes.index.tolist() == list(graph.nodes)
    assert nodes["label"].tolist() == [node.label for node in graph.nodes.values()]
    assert set(zip(edges["source"], edges["target"], strict=True)) == {(e.source, e.target) for e in graph.edges}
    assert edges["line"].sum() == sum(edge.line for edge in graph.edges)
    assert len(posts) == len(result.posts)
    assert set(posts["kind"]) == {"post"}
    newest = max(post.date for post in result.posts)
    assert posts["datePublished"].max() == pd.Timestamp(newest, tz="UTC")
    merged = edges.merge(nodes["label"], left_on="target", right_index=True)
    assert len(merged) == len(edges), "every edge finds the name of its target"


def test_tables_of_nothing() -> None:
    from kg.pipeline.frames import frames
    from tests.conftest import make_graph

    nodes, edges, posts = frames(make_graph([], []))
    assert (len(nodes), len(edges), len(posts)) == (0, 0, 0)
    assert list(edges.columns)[:2] == ["source", "target"]


def test_without_pandas_it_says_what_to_install(result: kg.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigError, match="needs pandas: pip install"):
        result.to_pandas()


def test_a_result_answers_sparql(result: kg.Result) -> None:
    people = result.query("SELECT ?name ?born { ?x a schema:Person ; rdfs:label ?name OPTIONAL { ?x kg:none ?born } }")
    assert isinstance(people, list)
    expected = {t.value for n in result.knowledge_graph.nodes.values() if n.kind == "person" for t in n.labels}
    assert {row["name"] for row in people} == expected
    assert {row["born"] for row in people} == {None}
    (count,) = result.query("SELECT (COUNT(*) AS ?n) { ?post a schema:BlogPosting }")
    assert count == {"n": 14}
    assert result.query("ASK { ?s a schema:Person }") is True
    rows = result.query("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 1")
    assert [list(row) for row in rows] == [["subject", "predicate", "object"]]
    with pytest.raises(QueryError):
        result.query("SELECT ?x { ")


def test_a_result_writes_formats(result: kg.Result, tmp_path: Path) -> None:
    nodes, _edges = result.export("csv", tmp_path / "tables")
    with nodes.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(result.knowledge_graph.nodes)
    assert result.export("json", tmp_path / "a.json") == [tmp_path / "a.json"]
    with pytest.raises(ConfigError, match="no format is called 'xls'"):
        result.export("xls")


@pytest.mark.parametrize("formats", ["csv, json", ["csv", "json"]])
def test_formats_are_a_list_or_one_text(formats: str | list[str], tmp_path: Path) -> None:
    written = kg.build(REPO / "content", tmp_path, formats=formats).written
    assert [path.name for path in written] == ["nodes.csv", "edges.csv", "graph.json"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_named_graphs_for_rdflib(small_graph: kg.KnowledgeGraph) -> None:
    import rdflib

    from kg.rdf import terms

    dataset = terms.to_dataset(small_graph)
    found = {(str(s), str(p), str(o), str(g)) for s, p, o, g in dataset.quads()}
    values = {tuple(term.value for term in quad) for quad in terms.quads(small_graph)}
    assert found == values
    person = rdflib.URIRef("https://kg.example/person/习近平")
    assert [str(label) for label in dataset.objects(person, rdflib.RDFS.label)] == ["习近平"], "asks all graphs"
    assert str(dataset.namespace_manager.store.namespace("schema")) == "https://schema.org/"


def test_a_result_shows_itself_and_what_surrounds_a_thing(result: kg.Result) -> None:
    assert result.picture().nodes == len(result.knowledge_graph.nodes)
    assert 1 < result.picture("ada lovelace").nodes < 100
    assert "<iframe" in result.picture("ada lovelace")._repr_html_()


@pytest.mark.slow
def test_the_notebook_runs(tmp_path: Path) -> None:
    """Every cell of docs/notebook.ipynb, in a kernel of its own; it is kept without its output."""
    notebook = REPO / "docs" / "notebook.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells] == [[]] * 10
    shutil.copytree(REPO / "content", tmp_path / "content")
    code = (
        "import json, nbformat, sys\n"
        "from nbclient import NotebookClient\n"
        "notebook = nbformat.read(sys.argv[1], 4)\n"
        "NotebookClient(notebook, timeout=300, resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
        "print(json.dumps([[output.get('data', {}) for output in cell.outputs] for cell in notebook.cells]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, notebook, tmp_path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout.splitlines()[-1])
    assert all(len(outputs) == 1 for outputs in shown), "each cell shows something"
    assert "14 posts" in shown[0][0]["text/plain"]
    assert "<iframe" in shown[8][0]["text/html"]
    assert (tmp_path / "tables" / "edges.csv").is_file()
