"""Releases: complete, citable, the same bytes each time, and an RO-Crate by the word of a validator from outside."""

from __future__ import annotations

import json
import subprocess
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import rdflib

import kg
from kg.config import Config
from kg.errors import ConfigError
from kg.pipeline.release import METADATA, release
from tests.conftest import program

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.result import Result

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
CONTEXT_IS_FETCHED = "ro-crate-1.2_4.1,ro-crate-1.2_4.2"
"""Checks of the validator that read the JSON-LD context from the web."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    content = tmp_path_factory.mktemp("posts")
    (content / "one.md").write_text("---\ntitle: One\nauthor: Ada\ndate: 2026-03-01\ntags: [maps]\n---\n", "utf-8")
    (content / "kg-ledger.txt").write_text("# decisions\n", "utf-8")
    return kg.build(content, config=Config(base="https://ada.example/", title="Ada's maps", license=LICENSE))


def test_a_release_is_complete_and_the_same_each_time(result: Result, tmp_path: Path) -> None:
    conforms, names = release(result, tmp_path / "a.zip", ["ttl", "csv"])
    release(result, tmp_path / "b.zip", ["ttl", "csv"])
    assert conforms
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert list(held) == names
    assert {"graph.ttl", "ontology.ttl", "shapes.ttl", "void.ttl", "shacl-report.nt", "kg-ledger.txt"} < held.keys()
    entities = {entity["@id"]: entity for entity in json.loads(held[METADATA])["@graph"]}
    for name in held.keys() - {METADATA}:
        assert entities[name]["sha256"] == sha256(held[name]).hexdigest()
        assert entities[name]["contentSize"] == str(len(held[name]))
    root = entities["./"]
    assert (root["name"], root["datePublished"], root["license"]) == ("Ada's maps", "2026-03-01", {"@id": LICENSE})
    assert root["author"] == {"@id": "https://ada.example/person/ada"}
    void = rdflib.Graph().parse(data=held["void.ttl"], format="turtle")
    triples = void.value(rdflib.URIRef("https://ada.example/dataset"), rdflib.URIRef("http://rdfs.org/ns/void#triples"))
    assert int(triples) == len(rdflib.Graph().parse(data=held["graph.ttl"], format="turtle"))


@pytest.mark.slow
def test_a_release_is_an_ro_crate(result: Result, tmp_path: Path) -> None:
    validator = program("rocrate-validator")  # https://github.com/crs4/rocrate-validator
    release(result, tmp_path / "a.zip", ["ttl"])
    options = ["--requirement-severity", "recommended", "--skip-checks", CONTEXT_IS_FETCHED, "--offline", "--no-paging"]
    done = subprocess.run(
        [validator, "--no-interactive", "validate", *options, tmp_path / "a.zip"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_breaks_the_shapes_is_reported(result: Result, tmp_path: Path) -> None:
    graph = result.knowledge_graph
    nameless = {iri: replace_labels(node) if node.kind == "person" else node for iri, node in graph.nodes.items()}
    conforms, _names = release(
        replace(result, knowledge_graph=replace(graph, nodes=nameless)), tmp_path / "a.zip", ["ttl"]
    )
    assert not conforms
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert b"https://ada.example/person/ada" in archive.read("shacl-report.nt")


def replace_labels(node: kg.model.Node) -> kg.model.Node:
    import msgspec

    return msgspec.structs.replace(node, labels=())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"license": ""}, "a release needs a license"),
        ({"title": ""}, "a release needs a title"),
        ({"newest": ""}, "give --date"),
        ({"base": "https://kg.example/"}, "IRIs of your own"),
    ],
)
def test_what_a_citation_needs_is_asked_for(result: Result, tmp_path: Path, changes: dict[str, str], says: str) -> None:
    graph = replace(result.knowledge_graph, dataset=replace(result.knowledge_graph.dataset, **changes))
    with pytest.raises(ConfigError, match=says):
        release(replace(result, knowledge_graph=graph), tmp_path / "a.zip", ["ttl"])
    assert not (tmp_path / "a.zip").exists()
