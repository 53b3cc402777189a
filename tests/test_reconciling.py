"""The Reconciliation Service API 0.2, asked as OpenRefine asks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import jsonschema
import pytest

from kg.errors import ConfigError
from kg.server.reconciling import MAX_QUERIES, Reconciler
from tests.conftest import REPO
from tests.serving import serve

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph

TYPE = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "name", "score"],
                    "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "description": {"type": "string"},
                        "type": {"type": "array", "items": TYPE},
                        "score": {"type": "number"},
                        "match": {"type": "boolean"},
                    },
                },
            }
        },
    },
}
"""What section 4 of the specification says of results."""
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "name": {"type": "string"},
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "batchSize": {"type": "integer"},
        "view": {"type": "object", "required": ["url"], "properties": {"url": {"pattern": r"\{\{id\}\}"}}},
        "suggest": {
            "type": "object",
            "properties": {"entity": {"type": "object", "required": ["service_url", "service_path"]}},
        },
    },
}
"""What section 3 of the specification says of the manifest."""


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    import kg

    return kg.build(REPO / "content").knowledge_graph


def asked(graph: KnowledgeGraph, **query: Any) -> list[dict[str, Any]]:
    answer = Reconciler(graph).answer(json.dumps({"q0": query}))
    jsonschema.validate(answer, RESULTS)
    found: list[dict[str, Any]] = answer["q0"]["result"]
    return found


def test_a_name_in_any_spelling_is_found_and_matched_only_where_it_is_sure(graph: KnowledgeGraph) -> None:
    (best, *_rest) = asked(graph, query="grace  HOPPER")
    assert (best["id"], best["match"], best["score"]) == ("person/grace_hopper", True, 100.0)
    assert asked(graph, query="格蕾絲霍珀")[0]["id"] == "person/grace_hopper"
    near = asked(graph, query="Grace Hoper")[0]
    assert (near["id"], near["match"]) == ("person/grace_hopper", False)
    assert asked(graph, query="Grace Hopper", type="tag") == []
    assert asked(graph, query="Grace Hopper", type=["tag", "person"])
    assert asked(graph, query="") == asked(graph, query="nothing like it at all") == []
    assert len(asked(graph, query="web", limit=1)) == 1


def test_what_is_no_batch_is_refused(graph: KnowledgeGraph) -> None:
    for wrong in (
        "",
        "[]",
        '{"q": 1}',
        '{"q": {"limit": "x"}}',
        json.dumps({str(n): {} for n in range(MAX_QUERIES + 1)}),
    ):
        with pytest.raises(ConfigError, match="queries"):
            Reconciler(graph).answer(wrong)


@pytest.mark.slow
def test_the_server_answers_read_only(tmp_path: Any) -> None:
    batch = urlencode({"queries": json.dumps({"q0": {"query": "Grace Hopper"}, "q1": {"query": "W3C", "limit": 3}})})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with serve(REPO / "content", "-o", tmp_path) as server:
        manifest = json.loads(server.get("/reconcile").text)
        jsonschema.validate(manifest, MANIFEST)
        assert manifest["view"]["url"] == f"http://127.0.0.1:{server.port}/{{{{id}}}}"
        answers = [server.get(f"/reconcile?{batch}"), server.ask("POST", "/reconcile", form, batch)]
        for answer in answers:
            assert answer.status == 200, answer.text
            found = json.loads(answer.text)
            jsonschema.validate(found, RESULTS)
            assert found["q0"]["result"][0]["match"]
        seen = server.get("/" + found["q0"]["result"][0]["id"], "text/turtle")
        assert (seen.status, "Grace Hopper" in seen.text) == (200, True)
        suggested = json.loads(server.get("/reconcile/suggest?prefix=grace").text)["result"]
        assert suggested[0]["id"] == "person/grace_hopper"
        assert server.get("/reconcile?queries=nonsense").status == 400
        assert server.ask("POST", "/reconcile", {}, "x").status == 415
        assert server.ask("POST", "/reconcile", {**form, "Origin": "https://evil.example"}, batch).status == 403
