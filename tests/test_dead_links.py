"""What is said of links that lead nowhere, or to several posts: what somebody would mend, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.folders import codes, edges, read, titled, unwritten

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.result import Result

VAULT = {".obsidian/app.json": "{}"}
BLOCK = "01234567-89ab-cdef-0123-456789abcde"


def said(result: Result) -> list[tuple[str, str, str]]:
    return [(d.severity, d.code, d.message) for d in result.diagnostics]


@pytest.mark.parametrize("link", ["[x](/was/here.md)", "[x](was/here.md#part)", "[x](../was/h%65re.md)"])
def test_a_file_that_has_moved_is_named_with_its_place(link: str, tmp_path: Path) -> None:
    files = {
        **VAULT,
        "one/a.md": f"{link} [new](/to/write.md) [i](/was/index.md)\n",
        "is/here.md": "X\n",
        "is/index.md": "I\n",
    }
    warnings = [message for severity, _code, message in said(read(tmp_path, files)) if severity == "warning"]
    target = link[4:-1].replace("%65", "e")
    assert [message.replace("%65", "e") for message in warnings] == [
        f"'{target}' leads to no post; is/here.md is called so"
    ]


def test_a_page_in_html_is_there_although_it_is_no_post(tmp_path: Path) -> None:
    links = "[x]({% link one/here.html %}) [y]({% link one/not-here.html %})"
    files = {
        "_config.yml": "title: x\n",
        "_layouts/x.html": "",
        "one/here.html": "<p>",
        "one/a.md": titled("A", body=links),
    }
    assert [message for _severity, _code, message in said(read(tmp_path, files))] == [
        "'one/not-here.html' leads to no post"
    ]


def test_what_git_ignores_may_be_there_from_the_root_of_the_site_on(tmp_path: Path) -> None:
    links = "[a](/api/enums/x.md) [b](api/y.md) [c](/apis/z.md) [d](../api/no.md)"
    files = {**VAULT, ".gitignore": "web/docs/api\n", "web/docs/one/a.md": titled("A", body=links), "b.md": "B\n"}
    assert [(code, message) for _severity, code, message in said(read(tmp_path, files))] == [
        ("KG301", "'/apis/z.md' leads to no post"),
    ]


def test_every_note_below_one_of_dendron_may_have_a_heading(tmp_path: Path) -> None:
    files = {"dendron.yml": "", "a.md": "![[b.*#part]] ![[b.*]] [[b.one]]\n", "b.one.md": "# B\n"}
    assert codes(read(tmp_path, files)) == []


def test_what_is_there_and_not_read_is_no_dead_link(tmp_path: Path) -> None:
    listed = "# All\n\n- [a](a.md)\n"
    files = {"index.md": listed, "n/index.md": listed, "a.md": titled("A", "type: x", body="[n](n/index.md) [m](m.md)")}
    assert said(read(tmp_path / "bundle", files)) == [("warning", "KG301", "'m.md' leads to no post")]
    block = "64a1b2c3-0000-4000-8000-000000000000"
    files = {
        "logseq/config.edn": "",
        "assets/x.md": "x\n",
        "pages/a.md": f"- one\n  ID:: {block}\n- (({block})) [x](x.md)\n",
    }
    result = read(tmp_path / "graph", files)
    assert [post.path for post in result.posts] == ["pages/a.md"]
    assert {code for _severity, code, _message in said(result)} == {"KG006"}


def permalinks(*days: str) -> dict[str, str]:
    return {f"source/_posts/{day}-x.md": titled(day, "permalink: x", f"date: {day}") for day in days}


def test_what_a_permalink_claims_depends_on_the_tool(tmp_path: Path) -> None:
    for tool, days, severities in (
        ("scaffolds/post.md", ("2024-01-02", "2025-01-02"), set()),  # Hexo, where it is the last part of an address
        ("scaffolds/post.md", ("2024-01-02", "2024-01-02-b"), {"warning"}),
        ("mkdocs.yml", ("2024-01-02", "2025-01-02"), {"note"}),
    ):
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        found = said(read(folder, {tool: "", "_config.yml": "title: x\n", **permalinks(*days)}))
        assert {severity for severity, code, _message in found if code == "KG201"} == severities


def test_a_file_that_two_are_called_as_may_still_be_written(tmp_path: Path) -> None:
    files = {**VAULT, "a.md": "[x](/was/here.md)\n", "is/here.md": "X\n", "also/here.md": "Y\n"}
    assert [each[:2] for each in said(read(tmp_path, files))] == [("note", "KG301")]


@pytest.mark.parametrize("tool", ["hugo.toml", "x.txt", "logseq/config.edn"])
def test_blocks_on_pages_that_are_not_published_are_no_slips(tool: str, tmp_path: Path) -> None:
    files = {tool: "", "pages/has.md": f"- x\n  id:: {BLOCK}f\n"}
    files |= {f"pages/{n}.md": f"- (({BLOCK}{n})) and (({BLOCK}f))\n" for n in range(3)}
    result = read(tmp_path, files)
    assert {each[:2] for each in said(result)} == {("note", "KG301")}
    assert edges(result) == {(f"pages/{n}", "pages/has") for n in range(3)}


def copied(count: int) -> dict[str, str]:
    return {
        f"{folder}blog/{n}.md": titled(f"{folder}{n}", f"permalink: /{n}/", body=f"[next](/{(n + 1) % count}/)")
        for folder in ("", "old/")
        for n in range(count)
    }


def test_a_folder_that_was_copied_is_told_of_once(tmp_path: Path) -> None:
    found = said(read(tmp_path, {"eleventy.config.js": "", **copied(6)}))
    more = "; 5 more files are in both 'blog' and 'old/blog': leave one of the folders out"
    assert found == [
        ("warning", "KG201", "permalink: '/0/' is also claimed by old/blog/0.md; they are kept apart" + more),
    ]


def test_few_files_of_one_name_are_told_one_by_one(tmp_path: Path) -> None:
    found = codes(read(tmp_path, {"eleventy.config.js": "", **copied(3)}))
    assert [code.partition(" ")[2] for code in found].count("KG201") == 6


def test_a_library_may_be_a_page_that_is_not_written_and_a_file_is_none(tmp_path: Path) -> None:
    result = read(
        tmp_path, {**VAULT, "a.md": "[[Vue.js]] [[learn Node.js]] [[main.py]] [[x/index.js]] [[a.pdf]] [[d3.js]]\n"}
    )
    assert unwritten(result) == {name: {"a"} for name in ("Vue.js", "learn Node.js", "d3.js")}
    result = read(tmp_path / "two", {"dendron.yml": "", "a.md": "[[dev.sql]] [[it|lang.c#x.y]]\n"})
    assert unwritten(result) == {name: {"a"} for name in ("dev.sql", "lang.c")}


@pytest.mark.parametrize("name", ['"Dirty" elements', "std::map", "'til then", "C#", "2023/02/27"])
def test_in_a_vault_names_may_begin_or_end_as_they_do_in_no_text(name: str, tmp_path: Path) -> None:
    result = read(tmp_path, {**VAULT, "a.md": f"[[{name}]]\n", "c.md": "C.\n"})
    assert unwritten(result) == {name: {"a"}}
    assert edges(result) == set()


def test_a_page_of_logseq_may_be_called_with_the_sign_of_headings(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "pages/C# notes.md": "- x\n", "pages/C.md": "- x\n"}
    result = read(tmp_path, {**files, "a.md": "- [[C# notes]] [[C# tips]]\n"})
    assert edges(result) == {("a", "pages/C%23%20notes")}
    assert unwritten(result) == {"C# tips": {"a"}}


def test_what_lies_outside_of_the_site_claims_none_of_its_addresses(tmp_path: Path) -> None:
    files = {"zola.toml": "", "content/a.md": titled("A", "aliases: [/b/]"), "old/x.md": titled("X", "aliases: [/b/]")}
    assert codes(read(tmp_path, files)) == []
    files["content/c.md"] = files["content/a.md"]
    assert codes(read(tmp_path, files)) == ["content/a.md:3 KG201", "content/c.md:3 KG201"]


DAYS = ("2027-01-03", "Daily/2027-01-04", "2027-W01", "2027-Q1", "2027-01", "Jan 5th, 2027", "2027_01_06", "07-01-2027")


def test_days_to_come_are_things_and_no_findings(tmp_path: Path) -> None:
    body = " ".join(f"[[{day}]]" for day in DAYS) + " [d](2027-01-07.md) [[2027-01-08#Plan]]\n"
    files = {**VAULT, "2026-12-30.md": body, "2026-12-31.md": "---\nup: '[[2027-01-03]]'\n---\n" + body}
    result = read(tmp_path, files)
    assert said(result) == []
    assert unwritten(result) == {day: {"2026-12-30", "2026-12-31"} for day in (*DAYS, "2027-01-07", "2027-01-08")}


def test_numbers_in_double_brackets_are_no_days(tmp_path: Path) -> None:
    result = read(tmp_path, {**VAULT, "a.md": "[[1, 2], [3, 4]] and [[12]], [[2027]], [[1.5]], [[1771506225]]\n"})
    assert (said(result), unwritten(result)) == ([], {})


def test_days_are_not_among_the_pages_that_are_wanted(tmp_path: Path) -> None:
    from kg.checks.posts import most_wanted

    result = read(tmp_path, {**VAULT, **{f"{n}.md": "[[2027-01-03]] [[Emacs]]\n" for n in "ab"}})
    assert most_wanted(result.knowledge_graph) == [("Emacs", 2)]
