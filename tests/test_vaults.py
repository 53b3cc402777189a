"""Folders of notes: pages that nobody has written, and what Logseq calls its pages and journals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import ResolutionSettings
from tests.folders import codes, edges, read, unwritten

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("marker", [".obsidian/app.json", "logseq/config.edn", ".foam/x.json", "quartz.config.ts"])
def test_an_unwritten_page_of_a_vault_is_one_thing(marker: str, tmp_path: Path) -> None:
    files = {
        marker: "{}",
        "a.md": "[[Emacs]], ![[emacs#Keys|keys]] and [[Ada/Notes]]\n",
        "b.md": "---\nsee: '[[Emacs]]'\n---\n[[b]]\n",
    }
    result = read(tmp_path, files)
    assert unwritten(result) == {"Emacs": {"a", "b"}, "Ada/Notes": {"a"}}
    assert [(d.path, d.line, d.severity, d.message) for d in result.diagnostics] == [
        ("a.md", 1, "note", "'Emacs' is named by 2 pages, and not written"),
        ("a.md", 1, "note", "'Ada/Notes' is named by 1 page, and not written"),
    ]
    (node,) = (node for node in result.knowledge_graph.nodes.values() if node.label == "Emacs")
    assert [(a.predicate, a.value) for a in node.attributes] == [("https://kg.example/ns/unwritten", "true")]
    edges = (edge for edge in result.knowledge_graph.edges if edge.target == node.iri)
    said = {(edge.predicate.rpartition("/")[2], edge.field) for edge in edges}
    assert said == {("mentions", "body"), ("see", "see")}


def test_an_unwritten_page_is_the_only_thing_of_its_name(tmp_path: Path) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "a.md": "---\npeople: ['[[Ada Lovelace]]', Mercury]\n---\n[[ada lovelace]] [[maths]]\n",
        "b.md": "---\ncompanies: [Mercury]\ntags: [maths]\nsee: '[[Ada Lovelace]]'\n---\n[[Mercury]] [[Nobody]]\n",
    }
    result = read(tmp_path, files, resolution=ResolutionSettings(across_kinds=False))
    assert unwritten(result) == {"Mercury": {"b"}, "Nobody": {"b"}}, "two things are called Mercury"
    said = {(e.source[-1], e.predicate.rpartition("/")[2], e.field, e.target) for e in result.knowledge_graph.edges}
    ada, maths = (result.resolution.entity_of(*name).iri for name in (("person", "Ada Lovelace"), ("tag", "maths")))
    assert said >= {("a", "mentions", "people", ada), ("a", "mentions", "body", maths), ("b", "see", "see", ada)}
    assert len([edge for edge in said if edge[3] == ada]) == 2


def test_check_lists_the_pages_that_are_wanted_most(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    read(tmp_path, {".obsidian/app.json": "{}", "a.md": "[[X]] [[Y]] [[Z]]", "b.md": "[[X]] [[Y]]", "c.md": "[[Y]]"})
    said = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert "most wanted of the pages that are not written: Y (3), X (2)\n" in said.output


def test_a_tag_of_logseq_is_a_page(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        {
            "logseq/config.edn": "{}",
            "pages/Graph.md": "tags:: [[Term]], plain\n- a #Term and a [[Term]]\n",
            "pages/Term.md": "- about #[[two words]]\n",
            "pages/Other.md": "- about [[Two words]]\n",
        },
    )
    assert edges(result) == {("pages/Graph", "pages/Term")}
    assert unwritten(result) == {"plain": {"pages/Graph"}, "Two words": {"pages/Term", "pages/Other"}}
    assert {node.kind for node in result.knowledge_graph.nodes.values()} == {"post", "page"}


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ("", "May 1st, 2024"),
        ("yyyy-MM-dd", "2024-05-01"),
        ("dd-MM-yyyy", "01-05-2024"),
        ("EEEE, do MMM yyyy", "Wednesday, 1st May 2024"),
        ("MM/dd/yy", "05/01/24"),
        ("yyyyMMdd", "20240501"),
    ],
)
def test_journals_are_called_as_the_graph_says(form: str, link: str, tmp_path: Path) -> None:
    setting = f'{{;; :journal/page-title-format "yyyy"\n :journal/page-title-format "{form}"}}' if form else "{}"
    files = {"logseq/config.edn": setting, "journals/2024_05_01.md": "- x\n", "pages/a.md": f"- on [[{link}]]\n"}
    assert edges(read(tmp_path, files)) == {("pages/a", "journals/2024_05_01")}


def test_names_of_pages_in_logseq(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": "{}",
        "pages/Book.md": "alias:: [[Volume]], [[Two Words]]\n\n- x\n",
        "pages/Old%2FStyle.md": "- p\n",
        "pages/A.md": "- [[Volume]] [[Two Words]] [[Old/Style]]\n",
    }
    result = read(tmp_path, files)
    assert edges(result) == {("pages/A", "pages/Book"), ("pages/A", "pages/Old%252FStyle")}
    assert {post.title for post in result.posts} == {"A", "Book", "Old/Style"}
    assert codes(result) == []
    (book,) = (post for post in result.posts if post.title == "Book")
    assert book.aliases == ("Volume", "Two Words")


def test_properties_of_a_block_in_logseq_are_not_those_of_its_page(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": "{}",
        "pages/Book.md": "alias:: Volume\n\n- a part\n  alias:: First, Second\n  date:: 2020-01-01\n  author:: Ada\n",
        "pages/Shelf.md": "-\n  title:: Rack\n- a board\n  title:: Board\n- alias:: Ledge\n",
    }
    result = read(tmp_path, files)
    assert [(post.title, post.aliases, post.date) for post in result.posts] == [
        ("Book", ("Volume",), ""), ("Rack", ("Ledge",), ""),
    ]  # fmt: skip
    book = result.posts[0]
    assert {(a.field, a.value) for a in book.attributes} >= {("alias", "First, Second"), ("date", "2020-01-01")}
    assert [mention.name for mention in book.mentions] == ["Ada"]


def test_an_alias_of_logseq_is_meant_and_not_the_empty_page_of_that_name(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "pages/a.md": "alias:: Ebb\n\n- x\n", "pages/Ebb.md": "-\n"}
    links = {"pages/b.md": "- [[Ebb]]\n"}
    assert edges(read(tmp_path, files | links)) == {("pages/b", "pages/a")}
    assert edges(read(tmp_path, {"pages/Ebb.md": "- words\n"})) == {("pages/b", "pages/Ebb")}


def test_fields_of_logseq_between_fences_are_read(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "pages/a.md": "---\nalias:: [[Ebb]]\n---\n- x\n", "pages/b.md": "- [[Ebb]]\n"}
    result = read(tmp_path, files)
    assert edges(result) == {("pages/b", "pages/a")}
    assert codes(result) == ["pages/a.md:2 KG128"]


def test_pages_of_logseq_in_org_are_told_and_none_of_them_is_unwritten(tmp_path: Path) -> None:
    block = "((0f3b2c1d-1111-2222-3333-444455556666))"
    files = {
        "logseq/config.edn": "{}",
        "pages/Old%2FLog.org": "* x\n",
        "pages/a.md": f"- [[old/log]] {block} [[New]]\n",
    }
    result = read(tmp_path, files)
    assert unwritten(result) == {"New": {"pages/a"}}
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        (".", "KG006", "note"),
        ("pages/a.md", "KG304", "note"),
    ]


def test_a_link_to_what_quartz_lists_by_a_tag_names_no_page(tmp_path: Path) -> None:
    files = {"quartz.config.ts": "", "content/a.md": "[[tags/moss|all]] [[/tags/fern]] [[stone]] [[tags/bog]]\n"}
    result = read(tmp_path, files | {"content/tags/bog.md": "On bogs.\n"})
    assert unwritten(result) == {"stone": {"content/a"}}
    assert edges(result) == {("content/a", "content/tags/bog")}
