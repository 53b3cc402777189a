"""The review page: what people decide there stands in the ledger, and the next build does it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import kg
from tests.serving import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = {
    "a.md": (
        "tags: [ai-agent, policies]\nproducts_models: [GRS]",
        "<img src=x onerror=alert(1)> GRS is here.",
    ),
    "b.md": ("tags: [ai-agents, policy]\nproducts_models: [Granite Rock System]", "Granite Rock System."),
    "c.md": (
        "tags: [agent-ai, trade-war]\ncompanies_orgs: [CSIS, Ottawa Citizen]",
        "CSIS（加拿大安全情报局）在渥太华。",
    ),
    "d.md": ("tags: [war-trade]\ncompanies_orgs: [CSIS, Ottawa Citizen]", "CSIS（加拿大安全情报局）又来了。"),
    "e.md": ("companies_orgs: [CSIS, Brookings]", "CSIS（战略与国际研究中心）在华盛顿。"),
    "f.md": ("companies_orgs: [CSIS, Brookings]", "CSIS（战略与国际研究中心）又来了。"),
    "g.md": ("companies_orgs: [CSIS, Ottawa Citizen]", "没有解释。"),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review") / "posts"
    folder.mkdir()
    for name, (fields, body) in POSTS.items():
        (folder / name).write_text(f"---\ntitle: Post {name}\n{fields}\n---\n\n{body}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def served(content: Path) -> Iterator[Served]:
    with serve(content, "-o", content.parent / "out", "--review") as server:
        yield server


def ledger_of(content: Path) -> list[str]:
    lines = (content / "kg-ledger.txt").read_text("utf-8").splitlines()
    return [line.partition("  # ")[0] for line in lines if not line.startswith("#")]


def test_decisions_by_keys_are_lines_of_the_ledger_and_the_next_build(
    content: Path, served: Served, chromium: Any
) -> None:
    address = re.search(r"http://\S+/review#token=\S+", served.said)
    assert address
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(address[0])

    def press(key: str, left: str) -> None:
        page.keyboard.press(key)
        page.get_by_text(left).wait_for()

    page.get_by_text("0 answered, 5 to go").wait_for()
    assert "token" not in page.url
    page.get_by_role("button", name="plurals").click()
    page.get_by_text("2 plurals").wait_for()
    rows = page.locator("#question .row .name").all_inner_texts()
    assert sorted(rows) == ["agent-ai", "ai-agent", "ai-agents"]
    page.keyboard.press(str(rows.index("agent-ai") + 1))
    press("s", "1 answered, 4 to go")
    assert ledger_of(content) == ['same tag "ai-agent" = "ai-agents"', 'not tag "ai-agent" = "agent-ai"']
    press("u", "0 answered, 5 to go")
    press("a", "1 answered, 4 to go")
    page.get_by_role("button", name="sets of initials").click()
    page.get_by_text("<img src=x onerror=alert(1)>").wait_for()  # as text
    press("r", "2 answered, 3 to go")
    page.get_by_role("button", name="names with two meanings").click()
    page.get_by_text("Does CSIS mean several things?").wait_for()
    press("a", "3 answered, 2 to go")
    assert errors == []
    page.reload()
    page.get_by_text("3 answered, 2 to go").wait_for()
    with (content / "kg-ledger.txt").open("a", encoding="utf-8") as file:
        file.write("# a line by hand\n")
    press("u", "kg-ledger.txt has other lines since")
    in_force = ledger_of(content)[-3:]
    assert in_force[0].startswith('same tag "a')
    assert in_force[1].startswith('not product "G')
    assert in_force[2] == 'split organization "CSIS" in "e.md" "f.md" as "战略与国际研究中心"'

    result = kg.build(content)
    names = result.resolution
    assert names.entity_of("tag", "agent-ai") is names.entity_of("tag", "ai-agents")
    ottawa, washington = (
        names.entity_of("organization", "CSIS", "g.md"),
        names.entity_of("organization", "CSIS", "e.md"),
    )
    assert ottawa is not washington
    assert {edge.source for edge in result.knowledge_graph.edges if edge.target == washington.iri} == {
        f"https://kg.example/post/{name}" for name in "ef"
    }


def test_only_with_the_token_and_only_our_own_pages(content: Path, served: Served) -> None:
    token = {"X-Kg-Token": served.said.rpartition("#token=")[2].split()[0]}
    before = (content / "kg-ledger.txt").read_bytes() if (content / "kg-ledger.txt").exists() else b""
    found = json.loads(served.get("/review/proposals", **token).text)["proposals"]
    body = json.dumps({"answers": [{"id": found[0]["id"], "answer": "accept", "chosen": [found[0]["rows"][0]["id"]]}]})
    assert served.get("/review/proposals").status == 403
    assert served.ask("POST", "/review/decide", {}, body).status == 403
    assert served.ask("POST", "/review/decide", {"X-Kg-Token": "é"}, body).status == 403
    assert served.ask("POST", "/review/decide", {**token, "Origin": "https://evil.example"}, body).status == 403
    assert served.ask("POST", "/review/decide", {**token, "Sec-Fetch-Site": "cross-site"}, body).status == 403
    assert served.ask("POST", "/review/decide", {**token, "Host": "evil.example"}, body).status == 421
    assert served.ask("GET", "/review/decide", token).status == 404
    for wrong in ("", "[]", '{"answers": 1}', json.dumps({"answers": [{"id": "x", "answer": "accept", "chosen": []}]})):
        assert served.ask("POST", "/review/decide", token, wrong).status in (400, 404)
    one = served.ask("POST", "/review/decide", token, body)
    assert json.loads(one.text)["done"] == []
    assert "check at least two names" in one.text
    assert before == ((content / "kg-ledger.txt").read_bytes() if before else b"")
    page = served.get("/review")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert b"proposals" in page.body


def test_without_being_asked_for_there_is_no_review(content: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    for wrong in (
        ["--host", "0.0.0.0"],
        ["--allow-host", "x.example"],
        ["--allow-origin", "https://x.example"],
        ["--no-build"],
    ):
        refused = CliRunner().invoke(app, ["serve", str(content), "--review", *wrong])
        assert "--review is for this machine" in refused.output
