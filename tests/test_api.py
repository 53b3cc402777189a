"""Questions by name over HTTP: the rows that Python gives, one line for a wrong question, and no way to files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from openapi_spec_validator import validate

import kg
from kg.server.answering import API, QUESTIONS
from tests.serving import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POST = """---
title: {title}
date: 2026-0{month}-28
people: [习近平, Ada Lovelace, {other}]
summary: What it is about.
---
See [one](one.md). The wombat.
"""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked") / "content"
    folder.mkdir()
    for month, name in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1):
        other = "Grace Hopper" if month % 2 else "Charles Babbage"
        (folder / f"{name}.md").write_text(POST.format(title=name, month=month, other=other), "utf-8")
    (folder / "apart.md").write_text("---\ndate: 2026-08-31\npeople: [Somebody]\n---\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def served(content: Path) -> Iterator[Served]:
    with serve(content, "-o", content.parent / "output") as running:
        yield running


def url(question: str, *parameters: tuple[str, object]) -> str:
    return f"{API}{question}?{urlencode(parameters)}"


def test_http_gives_what_python_gives(served: Served, content: Path) -> None:
    result = kg.build(content)
    asked = {
        url("related", ("name", "Ada Lovelace")): result.related("Ada Lovelace"),
        url("related", ("name", "two.md"), ("limit", 2)): result.related("two.md", limit=2),
        url("related", ("name", "习近平"), ("most", "true"), ("only", "person")): result.related(
            "習近平", most=True, only="person"
        ),
        url("path", ("name", "Ada Lovelace"), ("other", "one.md")): result.path("Ada Lovelace", "one.md"),
        url("trends"): result.trends(),
        url("trends", ("name", "Ada Lovelace"), ("name", "Grace Hopper")): result.trends(
            "Ada Lovelace", "Grace Hopper"
        ),
        url("central", ("kind", "person"), ("since", "2026-02")): result.central(kind="person", since="2026-02"),
        url("search", ("words", "習近平")): result.search("習近平"),
        url("search", ("words", "wombat")): [],
    }
    for path, rows in asked.items():
        reply = served.get(path)
        assert (reply.status, reply.type) == (200, "application/json"), reply.text
        assert json.loads(reply.body) == json.loads(json.dumps(rows)), path
        assert rows or "wombat" in path, path


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (url("related", ("name", "Ada Lovelac3")), 400, "did you mean Ada Lovelace"),
        (url("related"), 400, "related needs the parameter 'name'"),
        (url("related", ("name", "Ada"), ("name", "Grace")), 400, "name is there twice"),
        (url("related", ("name", "Ada"), ("colour", "red")), 400, "has no parameter 'colour'"),
        (url("search", ("words", "wombat"), ("bodies", "true")), 400, "has no parameter 'bodies'"),
        (url("central", ("limit", "-1")), 400, "limit is a whole number"),
        (url("central", ("since", "soon")), 400, "is not a day"),
        (url("central", ("kind", "planet")), 400, "no kind is called 'planet'"),
        (url("related", ("name", "Ada"), ("most", "very")), 400, "most is true or false"),
        (url("knowledge_graph"), 404, "there is no such question"),
        (url("_meant", ("name", "Ada")), 404, "there is no such question"),
    ],
)
def test_a_wrong_question_gets_one_line(served: Served, path: str, status: int, said: str) -> None:
    reply = served.get(path)
    assert (reply.status, reply.type) == (status, "text/plain")
    assert said in reply.text
    assert reply.text.count("\n") == 1


def test_other_sites_cannot_ask(served: Served) -> None:
    assert served.get(url("central"), **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 403
    assert served.get(url("central"), Origin="https://evil.example").status == 403
    assert served.ask("POST", url("central")).status == 405


@pytest.mark.slow
def test_the_description_is_valid(served: Served) -> None:
    described = json.loads(served.get(f"{API}openapi.json").body)
    validate(described)
    assert list(described["paths"]) == [API + question for question in QUESTIONS]
    parameters = {p["name"]: p for p in described["paths"]["/api/related"]["get"]["parameters"]}
    assert parameters["name"]["required"]
    assert parameters["limit"]["schema"] == {"type": "integer", "default": 10, "minimum": 0}
    assert "bodies" not in json.dumps(described)
