"""Questions by name over HTTP: the rows that Python gives, one line for a wrong question, and no way to files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

import kg
from kg.agents import tools
from kg.agents.desk import Desk
from kg.cli import app
from kg.config import Config
from kg.insight.asking import QUESTIONS
from kg.server.answering import API
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


ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("find", {"name": "Ada"}),
    ("show", {"name": "Ada Lovelace", "limit": 2}),
    ("related", {"name": "Ada Lovelace"}),
    ("related", {"name": "two.md", "limit": 2}),
    ("related", {"name": "習近平", "most": True, "only": "person"}),
    ("path", {"name": "Ada Lovelace", "other": "one.md"}),
    ("path", {"name": "Grace Hopper", "other": "two.md", "kind": "person", "since": "2026-03", "limit": 0}),
    ("search", {"words": "習近平"}),
    ("trends", {}),
    ("trends", {"name": ("Ada Lovelace", "Grace Hopper")}),
    ("themes", {"kind": "person"}),
    ("central", {"kind": "person", "since": "2026-02"}),
    ("query", {"sparql": "SELECT ?who (COUNT(?post) AS ?posts) { ?post schema:mentions ?who } GROUP BY ?who"}),
    ("query", {"sparql": "ASK { ?post schema:mentions ?who }"}),
    ("cite", {"name": "Grace Hopper", "until": "2026-05"}),
)
"""Every question, and what it is asked with: what Python, HTTP, a command or an agent answers otherwise, fails."""


def test_every_question_has_one_answer(served: Served, content: Path) -> None:
    assert list(dict(ASKED)) == list(QUESTIONS)
    result, desk = kg.build(content), Desk(content, content.parent / "output", Config())
    for question, given in ASKED:
        names = given["name"] if question == "trends" and given else ()
        rows = getattr(result, question)(*names, **{} if question == "trends" else given)
        rows = json.loads(json.dumps(rows))
        assert rows, question
        several = {name: value if isinstance(value, tuple) else (value,) for name, value in given.items()}
        pairs = [(name, str(one)) for name, values in several.items() for one in values]
        reply = served.get(url(question, *((name, "true" if value == "True" else value) for name, value in pairs)))
        assert (reply.status, reply.type) == (200, "application/json"), reply.text
        assert json.loads(reply.body) == rows, (question, given)
        if question != "query":  # which prints the W3C's own formats
            assert by_command(content, question, pairs) == rows, (question, given)
        if question in tools.TOOLS and question != "query":  # in tests/test_agents.py, for it runs in another process
            asked = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
            asked.pop("limit", None)
            told = tools.answer(desk.answers(), tools.checked(question, asked, 2000)).partition("\n")[2]
            first = rows if question == "show" else rows[0]
            for name in {"label", "path", "month", "cost"} & set(first) & set(json.loads(told)["data"][0]):
                assert json.loads(told)["data"][0][name] == first[name], (question, given)


def by_command(content: Path, question: str, pairs: list[tuple[str, str]]) -> Any:
    """The rows that a command prints as JSON, but for what it alone quotes."""
    typed = [value for name, value in pairs if name in ("name", "other", "words") and question != "trends"]
    options = [f"--{name}" if value == "True" else f"--{name}={value}" for name, value in pairs if value not in typed]
    done = CliRunner().invoke(app, [question, *typed, str(content), *options, "--format=json", "-q"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    for row in rows if question == "cite" else ():
        del row["quote"]
    return rows


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (url("related", ("name", "Ada Lovelac3")), 400, "did you mean Ada Lovelace"),
        (url("related"), 400, "related needs the parameter 'name'"),
        (url("related", ("name", "Ada"), ("name", "Grace")), 400, "name is given twice"),
        (url("related", ("name", "Ada"), ("colour", "red")), 400, "has no parameter 'colour'"),
        (url("search", ("words", "wombat"), ("bodies", "true")), 400, "has no parameter 'bodies'"),
        (url("central", ("limit", "-1")), 400, "limit is a whole number"),
        (url("central", ("since", "soon")), 400, "is not a day"),
        (url("central", ("kind", "planet")), 400, "no kind is called 'planet'"),
        (url("related", ("name", "Ada"), ("most", "very")), 400, "most is true or false"),
        (url("query"), 400, "query needs the parameter 'sparql'"),
        (url("query", ("sparql", "SELECT ?x {")), 400, "query:1:11: this '{' is never closed"),
        (url("query", ("sparql", "INSERT DATA { <a:b> <a:b> 1 }")), 403, "is an update"),
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
