"""What looks like something that it is not: measures, code, folders of languages; and heads in unusual fences."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.commands.init import command as init
from kg.config import Config, Limits
from kg.linking.links import resolve
from kg.namespaces import SCHEMA
from kg.reading.dialects import find
from kg.reading.folder import read_posts
from kg.reading.mining.definitions import mine
from tests.conftest import write_posts

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Post


def of(folder: Path, **settings: object) -> dict[str, Post]:
    return {post.path: post for post in read_posts(folder, Config(**settings)).posts}


def names(post: Post, kind: str) -> list[str]:
    return [mention.name for mention in post.mentions if mention.kind == kind]


@pytest.mark.parametrize(
    "body",
    [
        "公開安全（published:false / slug / 秘密情報）",
        "確認（published: false のまま維持）",
        "入門（node:ffi 追加）",
        "実行時間は**6分**（導入前: 350分）",
        "障害は**年1回**（導入前: 年12回）",
        "障害は**月2件**（導入前: 月15件）",
        "応答は**850ms**（目標: 200ms以下）",
        "状態管理（Part 1: 基礎編）",
        "**使用完整服务**（：，，，轻点两下取消赞）",
        "**使用完整服务**(: ，，，轻点两下取消赞)",
    ],
)
def test_a_measure_or_a_value_of_code_is_no_concept(body: str) -> None:
    assert mine(body, 1) == ()


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("**AGI**（AGI:通用人工智能）", "AGI"),
        ("依据 Section 232（Section 232: 美国贸易法中的条款）", "Section 232"),
        ("**150人**（Dunbar's Number: 人类能够稳定维持社交关系的人数上限）", "150人"),
    ],
)
def test_a_name_with_a_number_may_be_a_concept(body: str, term: str) -> None:
    assert [definition.term for definition in mine(body, 1)] == [term]


def test_folders_of_languages_are_no_categories(tmp_path: Path) -> None:
    write_posts(tmp_path, {f"{language}/{n}.md": "Text.\n" for language in ("en", "es", "it") for n in "abc"})
    write_posts(tmp_path, {"en/guide/a.md": "Text.\n"})
    posts = of(tmp_path, folders="category")
    assert {path: names(post, "category") for path, post in posts.items() if names(post, "category")} == {
        "en/guide/a.md": ["guide"]
    }
    assert {path[:2] for path, post in posts.items() if post.language == path[:2]} == {"en", "es", "it"}
    done = CliRunner().invoke(init, [os.fspath(tmp_path), "--dry-run"])
    assert "may be topics" not in done.output


def test_a_folder_called_like_a_language_may_be_a_topic(tmp_path: Path) -> None:
    write_posts(tmp_path, {"it/a.md": "Text.\n", "music/b.md": "Text.\n"})
    assert {path: names(post, "category") for path, post in of(tmp_path, folders="category").items()} == {
        "it/a.md": ["it"], "music/b.md": ["music"],
    }  # fmt: skip


def test_fields_of_wordpress_mean_what_they_say(tmp_path: Path) -> None:
    head = (
        "post_title: The Doll\npost_author: Ada Vale\npost_date: 2014-06-12\npost_modified: 2014-06-13\n"
        "post_excerpt: Short.\npost_name: doll\npost_status: draft\npost_tag: [a]\npost_category: [b]\n"
    )
    write_posts(tmp_path, {"x.md": f"---\n{head}---\n\nText.\n"})
    (post,) = of(tmp_path).values()
    assert (post.title, post.date, post.draft) == ("The Doll", "2014-06-12", True)
    assert [names(post, kind) for kind in ("person", "tag", "category")] == [["Ada Vale"], ["a"], ["b"]]
    stated = {attribute.predicate.removeprefix(SCHEMA): attribute.value for attribute in post.attributes}
    assert (stated["dateModified"], stated["abstract"]) == ("2014-06-13", "Short.")
    assert "doll" in post.aliases


def test_yaml_in_a_comment_that_begins_a_file_is_front_matter(tmp_path: Path) -> None:
    head = "<!--\ncreated_at: '2018-09-19 16:52:00'\nauthors:\n    - 'Ada Vale'\ntags:\n  - a b\n-->\n"
    write_posts(tmp_path, {"x.md": f"{head}\n# Title\n\nText.\n"})
    (post,) = of(tmp_path).values()
    assert (post.title, names(post, "person"), names(post, "tag")) == ("Title", ["Ada Vale"], ["a b"])
    assert [mention.line for mention in post.mentions] == [4, 6]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- title: x -->\n",
        "<!--\nTODO: write\nNote: more\n-->\n",
        "<!--\ntitle: x\nThis is prose, which no field is.\n-->\n",
        "<!--\ntitle: x\n\nand more\n-->\n",
        "# A\n\n<!--\ntitle: x\ntags: y\n-->\n",
    ],
)
def test_another_comment_is_none(text: str) -> None:
    assert find(text) is None


def test_commas_separate_tags_of_jekyll_where_there_are_any(tmp_path: Path) -> None:
    write_posts(tmp_path, {
        "_config.yml": "title: x\n",
        "_posts/2024-01-01-a.md": "---\ntags: Java,SKM,New Versions\n---\n\nText.\n",
        "_posts/2024-01-02-b.md": "---\ntags: Java SKM\n---\n\nText.\n",
    })  # fmt: skip
    assert [names(post, "tag") for post in of(tmp_path).values()] == [["Java", "SKM", "New Versions"], ["Java", "SKM"]]


def test_obsidian_puts_a_key_with_two_colons_in_quotes() -> None:
    text = '---\n"title:": A Note\n"type:": note\ntags: [a]\n---\n'
    found = find(text)
    assert found is not None
    fields, problems = found[0].parse(text[4:-4], 2, Limits())
    assert [key.text for key, _value in fields.entries] == ["title", "type", "tags"]
    assert [(fault.code, fault.line, "Obsidian" in fault.message) for fault in problems] == [
        ("KG128", 2, True), ("KG128", 3, True),
    ]  # fmt: skip


def test_notes_with_a_type_and_fields_of_their_own_are_not_of_the_open_knowledge_format(tmp_path: Path) -> None:
    for name, field in (("own", "sprint: s1"), ("okf", "description: A table.")):
        write_posts(tmp_path / name, {f"{n}.md": f"---\ntype: Task\n{field}\n---\n\nText.\n" for n in "abc"})
    said = [CliRunner().invoke(init, [os.fspath(tmp_path / name), "--dry-run"]).output for name in ("own", "okf")]
    assert ["Open Knowledge Format" in text for text in said] == [False, True]


@pytest.mark.parametrize("name", ["emit p->changed(a, b);", "a `b` c", "[ -z $TMUX ", ' -z "$TMUX" ', "vector<int>"])
def test_code_in_double_brackets_is_no_page(name: str, tmp_path: Path) -> None:
    write_posts(tmp_path, {".obsidian/app.json": "{}", "a.md": f"[[{name}]] [[A page]]\n", "b.md": "Text.\n"})
    read = read_posts(tmp_path, Config())
    found = resolve(read.posts, read.folder.site)
    assert [link.name for link in found.unwritten] == ["A page"]
