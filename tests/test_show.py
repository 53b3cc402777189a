"""`kg show`: one thing, found by any of its names, with everything that is known of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner, Result

from kg.commands.show import command
from kg.errors import ConfigError
from kg.graph.lookup import find
from kg.graph.portrait import portrait
from kg.model import IRI, Attribute, Text
from kg.namespaces import KG
from tests.conftest import BASE, make_graph, make_post
from tests.folders import put
from tests.test_cartography import thing, topics

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph

POSTS = {
    "one.md": """---
title: First
date: 2024-01-02
people: [Ada Lovelace, Charles Babbage]
companies_orgs: [Apple]
tags: [apple, maps]
source: https://example.org/one
---
英伟达（Nvidia）
""",
    "two.md": """---
title: Second
date: 2024-03-01
people: [ada lovelace]
companies_orgs: [Apple, "\\e[31mred"]
---
""",
    "kg-ledger.txt": 'not organization "Apple" = tag "apple"\n',
    "deep/三.md": "---\ntitle: 第三篇\ndate: 2024-02-01\npeople: [“Ada Lovelace”, Ada Yonath]\n---\n",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return put(tmp_path / "content", POSTS)


def run(*arguments: object) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False)


def test_text(content: Path) -> None:
    result = run("ADA LOVELACE", content)
    assert result.return_value == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Ada Lovelace  (person)"
    assert "https://kg.example/person/ada_lovelace" in lines[1]
    assert "posts (3), newest first" in lines
    posts = [line.split()[0] for line in lines if line.endswith("mentions")]
    assert posts == ["2024-03-01", "2024-02-01", "2024-01-02"]
    assert any("also spelt" in line and "ada lovelace" in line for line in lines)
    assert any(line.split() == ["2", "Apple", "(organization)"] for line in lines), "what its posts name too"


def test_json(content: Path) -> None:
    known = json.loads(run("deep/三.md", content, "--format", "json").stdout)
    assert (known["kind"], known["label"]) == ("post", "第三篇")
    assert known["properties"] == {"path": "deep/三.md", "date": "2024-02-01"}
    assert [node["label"] for node in known["neighbours"]["mentions"]] == ["Ada Lovelace", "Ada Yonath"]


def test_paths_as_diagnostics_print_them(content: Path) -> None:
    assert run(f"{content.as_posix()}/deep/三.md", content).stdout.startswith("第三篇  (post)")
    assert run("person:ada_lovelace", content).stdout.startswith("Ada Lovelace  (person)")


def test_several_answers_are_listed(content: Path) -> None:
    result = run("apple", content)
    assert result.return_value == 2
    assert "organization" in result.stdout
    assert re.search(r"<https://kg.example/tag/apple> +1 post\n", result.stdout)
    assert "<https://kg.example/organization/apple>  2 posts\n" in result.stdout
    assert run("apple", content, "--kind", "tag").stdout.startswith("apple  (tag)")
    assert run("https://kg.example/organization/apple", content).return_value == 0
    matches = json.loads(run("ada", content, "--format", "json").stdout)["matches"]
    assert [match["links"] for match in matches] == [3, 1]


def test_what_is_far_more_linked_is_shown(content: Path) -> None:
    for number in range(3):
        (content / f"more-{number}.md").write_text("---\ncompanies_orgs: [Apple]\n---\n", "utf-8")
    result = run("apple", content)
    assert result.return_value == 0
    assert result.stdout.startswith("Apple  (organization)")
    assert "also called 'apple': apple (tag) <https://kg.example/tag/apple>" in result.stderr
    assert run("apple", content, "--kind", "tag").stdout.startswith("apple  (tag)")
    (content / "tagged.md").write_text("---\ntags: [apple]\n---\n", "utf-8")
    assert run("apple", content).return_value == 2, "five posts to two: either may be meant"


def test_the_beginning_of_a_name_will_do(content: Path) -> None:
    assert run("ada y", content).stdout.startswith("Ada Yonath")
    assert run("babbage", content).stdout.startswith("Charles Babbage")


def test_close_spellings_are_suggested(content: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing is called 'Ada Lovelase'; did you mean Ada Lovelace \(person\)"):
        run("Ada Lovelase", content)
    with pytest.raises(ConfigError, match="nothing is called 'zzzzzzzz'; search looks into"):
        run("zzzzzzzz", content)
    with pytest.raises(ConfigError, match="no kind is called 'persons'"):
        run("ada", content, "--kind", "persons")


def test_a_picture(content: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "ada.html"
    result = run("Ada Lovelace", content, "--html", target)
    assert result.return_value == 0
    assert "wrote" in result.stderr
    assert target.read_bytes().startswith(b"<!doctype html>")
    assert [path.name for path in target.parent.iterdir()] == ["ada.html"]


def test_names_cannot_drive_the_terminal(content: Path) -> None:
    assert "\x1b" not in run("First", content).stdout
    assert "\x1b" not in run("\x1b[31mred", content).stdout


def test_why_names_are_one(small_graph: KnowledgeGraph) -> None:
    from kg.commands.show import _lines

    known = portrait(small_graph, IRI(f"{BASE}organization/nvidia"))
    gloss = known["merges"][0]["evidence"][0]
    assert gloss == {"kind": "gloss", "count": 175, "places": ["2024/你好 世界.md:12", "plain.md:3"]}
    lines = list(_lines(small_graph, known, 10))
    assert "  英伟达 = Nvidia  98% sure, by ledger" in lines
    assert "      gloss, seen 175 times  [2024/你好 世界.md:12, plain.md:3]" in lines
    assert "      ledger, seen 1 time" in lines
    assert "  same as http://www.wikidata.org/entity/Q182477" in lines
    assert "  en  Nvidia" in lines
    assert "  zh  英伟达" in lines


def test_long_lists_say_how_much_more_there_is() -> None:
    from kg.commands.show import _lines

    graph = topics(2, 40)
    known = portrait(graph, IRI(f"{BASE}tag/everywhere"))
    short, whole = list(_lines(graph, known, 5)), list(_lines(graph, known, 0))
    assert "  … and 75 more" in short
    assert len(whole) > len(short) + 75
    assert known["together"][0] == {
        "label": "Company 0", "kind": "organization", "iri": f"{BASE}organization/Company 0", "posts": 40,
    }  # fmt: skip


def test_finding(small_graph: KnowledgeGraph) -> None:
    nvidia = IRI(f"{BASE}organization/nvidia")
    for name in ("nvidia", " NVIDIA ", "《Nvidia》", "英伟达", "輝達", nvidia, f"{BASE}organization/英伟达"):
        assert find(small_graph, name) == find(small_graph, "Nvidia")
        assert find(small_graph, name).matches == (nvidia,)
    assert find(small_graph, "nvid").how == "prefix"
    assert find(small_graph, "expenditure").how == "part"
    assert find(small_graph, "plain.md").matches == (IRI(f"{BASE}post/plain"),)
    assert find(small_graph, "nvidai").suggestions[0] == nvidia
    assert find(small_graph, "").matches == ()
    called, also = thing("organization", "Nvidia"), thing("product", "NVDA")
    also = msgspec.structs.replace(also, aliases=(Text("nvidia", "en"),))
    found = find(make_graph([called, also], []), "NVIDIA")
    assert (found.matches, found.others) == ((called.iri,), (also.iri,))
    assert find(make_graph([thing("tag", "x")], []), "x", kind="person").matches == ()


def test_a_post_by_what_kg_prints_of_it(small_graph: KnowledgeGraph) -> None:
    post = IRI(f"{BASE}post/2024/你好%20世界")
    for name in (
        "content/2024/你好 世界.md",
        "content/2024/你好 世界.md:3:7",
        "./content/2024/你好 世界.md",
        "content/2024/你好 世界",
        "2024/你好 世界",
        "post:2024/你好%20世界",
        "post:2024\\/你好%20世界",
        f"<{post}>",
        "你好 世界",
        "你好 世界.md",
    ):
        assert find(small_graph, name, root="content/").matches == (post,), name
    assert find(small_graph, "organization:英伟达").matches == find(small_graph, "Nvidia").matches, "a former IRI"
    assert find(small_graph, "@y;z").matches == (IRI(f"{BASE}post/plain"),), "an alias"
    assert find(small_graph, "content/", root="content/").matches == ()


def test_names_of_files_give_way_to_names() -> None:
    note, twin = make_post("a/ada.md", Text("Notes")), make_post("b/Ada.md", Text("More"))
    dated = make_post("2024-05-01-engine.md", Text("Dated"), Attribute(IRI(KG + "permalink"), "/log/engine/"))
    top, inner = make_post("engines.md", Text("Top")), make_post("b/engines.md", Text("Inner"))
    graph = make_graph([note, twin, dated, top, inner], [])
    assert find(graph, "ada").matches == (note.iri, twin.iri)
    assert find(graph, "b/ada").matches == (twin.iri,)
    assert find(graph, "engine").matches == find(graph, "log/engine").matches == (dated.iri,)
    assert find(graph, "engines").matches == (top.iri,), "a whole path goes before the name of a file"
    ada = thing("person", "Ada")
    assert find(make_graph([ada, note, twin], []), "ada").matches == (ada.iri,)


def test_chinese_names_in_either_variant() -> None:
    xi, chip = thing("person", "习近平"), thing("concept", "芯片產業")
    post = msgspec.structs.replace(thing("tag", "chip"), aliases=(Text("習近平", "zh"),))
    assert find(make_graph([xi, chip], []), "習近平").matches == (xi.iri,)
    assert find(make_graph([xi, chip], []), "芯片产业").how == "exact"
    assert find(make_graph([xi, chip], []), "产业").matches == (chip.iri,)
    assert find(make_graph([xi, post], []), "習近平").matches == (post.iri,), "as typed goes first"
    assert find(make_graph([xi, chip], []), "書").matches == ()
