"""Which files a tool makes pages of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config, load
from kg.reading.folder import look
from tests.folders import codes, edges, names, read, titled, unwritten

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_that_are_no_collections_of_jekyll_are_left_out(tmp_path: Path) -> None:
    files = {
        "_config.yml": "collections:\n  soups:\ninclude: [_pages]\n",
        "_pages/b.md": titled("B", body="[soup](/soup)"),
        "_posts/2024-01-02-c.md": titled("C", body="[b](/b)"),
        **{f"{folder}/a.md": titled(folder, "permalink: /soup") for folder in ("_soups", "_old soups", "_off")},
    }
    result = read(tmp_path, files)
    assert edges(result) == {("_pages/b", "_soups/a"), ("_posts/2024-01-02-c", "_pages/b")}
    assert {(d.path, d.code, d.severity) for d in result.diagnostics} == {
        (folder, "KG006", "note") for folder in ("_old soups", "_off")
    }


@pytest.mark.parametrize(("marker", "folder"), [("docusaurus.config.js", "static"), ("astro.config.mjs", "public")])
def test_files_that_a_tool_copies_as_they_are_are_no_posts(marker: str, folder: str, tmp_path: Path) -> None:
    result = read(tmp_path, {marker: "", f"{folder}/katex/README.md": "[x](NONE.md)\n", "docs/a.md": titled("A")})
    assert [post.path for post in result.posts] == ["docs/a.md"]
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [(folder, "KG006", "note")]


@pytest.mark.parametrize(
    "meta",
    [
        ".. title: T: one\n.. slug: s\n.. date: 2017-07-01 08:00:00 UTC+02:00\n.. tags: tides,two words\n.. link:\n",
        '---\ntitle: "T: one"\nslug: s\ndate: 2017-07-01 08:00:00 UTC+02:00\ntags: [tides, two words]\n---\n',
    ],
)
def test_posts_of_nikola_in_two_files(meta: str, tmp_path: Path) -> None:
    files = {"conf.py": 'BLOG_TITLE = "x"\n', "posts/a.md": "Text.\n", "posts/a.meta": meta, "posts/b.meta": meta}
    result = read(tmp_path, files)
    (post,) = result.posts
    assert (post.title, post.date) == ("T: one", "2017-07-01T08:00:00+02:00")
    assert names(result, "posts/a.md") == {("tag", "tides"), ("tag", "two words")}
    assert codes(result) == []
    (tmp_path / "posts/a.meta").write_text(".. title: Two\n", "utf-8")
    assert read(tmp_path, {}).posts[0].title == "Two"


def test_settings_of_the_site_are_watched(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").touch()
    (tmp_path / "mkdocs.yml").write_text("site_url: https://x.example\n", "utf-8")
    assert [path.resolve() for path in look(tmp_path / "docs", Config()).beside] == [tmp_path / "mkdocs.yml"] * 2


@pytest.mark.parametrize(
    "files",
    [
        {
            "_config.yml": "theme: x\n",
            "_posts/2020-01-01-a.md": titled("A", body="[x](../_doc/Manual%20one.md#y)"),
            "_doc/Manual one.md": titled("M"),
        },
        {
            ".obsidian/templates.json": '{"folder": "forms"}',
            "a.md": titled("A", body="[[Daily form]]"),
            "forms/Daily form.md": titled("{{title}}"),
        },
    ],
)
def test_a_file_that_is_there_and_not_read_is_no_dead_link(tmp_path: Path, files: dict[str, str]) -> None:
    result = read(tmp_path, files)
    assert [(d.code, d.severity) for d in result.diagnostics] == [("KG006", "note")]
    assert unwritten(result) == {}
    assert edges(result) == set()


def test_what_is_made_of_a_file_is_read_and_not_its_source(tmp_path: Path) -> None:
    files = dict.fromkeys(("a.Rmd", "a.md", "c.Rmarkdown", "c.markdown"), titled("A", "slug: a"))
    files |= {"b.qmd": titled("B", body="[a](/a/)"), "c.markdown": titled("C")}
    result = read(tmp_path, files)
    assert [post.path for post in result.posts] == ["a.md", "b.qmd", "c.markdown"]
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        ("a.Rmd", "KG006", "note"),
        ("c.Rmarkdown", "KG006", "note"),
    ]
    assert edges(result) == {("b.qmd", "a")}


def test_what_the_settings_of_jekyll_exclude_is_no_post(tmp_path: Path) -> None:
    files = {
        "_config.yml": "permalink: /:title\nexclude: [README, /old/, '*.draft.md', tmp*x.md]\ninclude: [b.draft.md]\n",
        "README.md": titled("About", body="[no](none.md)"),
        **{f"{path}.md": titled(path) for path in ("old/a", "older/b", "a/c.draft", "a/b.draft", "tmp/d/x", "x/tmpx")},
        "_posts/2024-01-02-c.md": titled("C", body="[r](../README.md) [lost](../lost/README.md)"),
        "docs/_config.yml": "exclude: [a.md]\n",
        "docs/a.md": titled("A"),
    }
    result = read(tmp_path, files)
    assert [post.path for post in result.posts] == ["_posts/2024-01-02-c.md", "a/b.draft.md", "older/b.md", "x/tmpx.md"]
    left_out = {"README.md", "a/c.draft.md", "docs/a.md", "old", "tmp/d/x.md"}
    assert {(d.path, d.code, d.severity) for d in result.diagnostics} == {
        ("_posts/2024-01-02-c.md", "KG301", "warning"),
        *((path, "KG006", "note") for path in left_out),
    }
    (tmp_path / "kg.toml").write_text('include = ["old", "README.md"]\n', "utf-8")
    paths = look(tmp_path, load(tmp_path / "kg.toml")).found.paths
    assert paths[:1] == ["README.md"]
    assert "old/a.md" in paths


def test_what_other_tools_exclude_in_a_file_of_that_name_is_read(tmp_path: Path) -> None:
    files = {"_config.yml": "exclude: [a.md]\npublic_dir: x\n", "a.md": titled("A")}
    assert [post.path for post in read(tmp_path, files).posts] == ["a.md"]
