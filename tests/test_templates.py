"""Templates of posts are no posts: they give no post, no person and no error, and one line says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.reading.folder import read_posts

if TYPE_CHECKING:
    from pathlib import Path

POST = "---\ntitle: Real\nauthor: Ada\n---\nText.\n"


def read(folder: Path, files: dict[str, str], **settings: object) -> tuple[list[str], list[tuple[str, str]]]:
    """The paths of all posts, and (path, code) of what is said."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    found = read_posts(folder, Config(**settings))  # type: ignore[arg-type]
    return [post.path for post in found.posts], [(d.path, d.code) for d in found.diagnostics]


@pytest.mark.parametrize(
    ("settings", "value", "left_out"),
    [
        ("templates.json", '{"folder": "Meta/Forms"}', "Meta/Forms"),
        ("plugins/templater-obsidian/data.json", '{"templates_folder": "Meta/Forms/"}', "Meta/Forms"),
        ("daily-notes.json", '{"folder": "Meta", "template": "Meta/Forms/day"}', "Meta/Forms/day.md"),
        ("plugins/quickadd/data.json", '{"choices": [{"templatePath": "Meta/Forms/day.md"}]}', "Meta/Forms/day.md"),
    ],
)
def test_a_vault_says_where_its_templates_are(tmp_path: Path, settings: str, value: str, left_out: str) -> None:
    files = {f".obsidian/{settings}": value, "Meta/Forms/day.md": "[[{{yesterday}}]]\n", "Meta/a.md": POST}
    assert read(tmp_path, files) == (["Meta/a.md"], [(left_out, "KG006")])
    paths, _said = read(tmp_path, {}, include=(left_out,))
    assert paths == ["Meta/Forms/day.md", "Meta/a.md"]


@pytest.mark.parametrize(
    "settings", ["not json", "[]", '{"folder": 1}', '{"folder": ""}', '{"folder": "../x"}', "[" * 9999]
)
def test_settings_of_a_vault_that_say_nothing_hide_nothing(tmp_path: Path, settings: str) -> None:
    assert read(tmp_path, {".obsidian/templates.json": settings, "a.md": POST}) == (["a.md"], [])


def test_archetypes_of_hugo_are_left_out_where_hugo_is(tmp_path: Path) -> None:
    files = {"hugo.toml": "", "archetypes/default.md": "---\ndate: {{ .Date }}\n---\n", "content/a.md": POST}
    assert read(tmp_path, files) == (["content/a.md"], [("archetypes", "KG006")])


def test_notes_about_archetypes_are_posts(tmp_path: Path) -> None:
    assert read(tmp_path, {"archetypes/hero.md": POST}) == (["archetypes/hero.md"], [])


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: {{title}}\ntags: []\n---\n",
        '---\ncreated: "{{date:YYYY-MM-DD}}"\n---\n',
        "---\ntitle: {{ title }}\ndate: {{ date }}\n---\n",
        '---\ntitle: \'{{ replace .File.ContentBaseName "-" " " | title }}\'\n---\n',
        "+++\ndate = '{{ .Date }}'\n+++\n",
        '---\nauthor: "[[<% tp.user.me() %>]]"\n---\n',
        "---\ncreated: <%+ await tp.date.now() %>\n---\n",
        "---\ntitle: <%= name %>\ndate: '<%= year %>-<%= month %>-01'\n---\n",
        "<%* const name = await tp.system.prompt('?') -%>\n---\ntitle: x\n---\n",
        "# {{title}}\n\nText.\n",
    ],
)
def test_a_file_of_placeholders_is_a_template(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, {"a.md": POST, "x.md": text}) == (["a.md"], [("x.md", "KG006")])
    paths, _said = read(tmp_path, {}, include=("x.md",))
    assert paths == ["a.md", "x.md"]


LONG = "A long text in which nothing is to be filled in.\n" * 30


def test_a_post_in_which_one_field_was_never_filled_in_is_a_post(tmp_path: Path) -> None:
    unfilled = "---\ncreated: <% tp.file.creation_date() %>\nauthor: Ada\n---\n" + LONG
    files = {
        "a.md": unfilled,
        "b.md": unfilled + "{{date}}\n",
        "Templates/c.md": unfilled,
        "week template.md": unfilled,
    }
    paths, said = read(tmp_path, {**files, "d.md": "---\ntitle: {{title}}\n---\n" + LONG})
    assert paths == ["a.md"]
    assert sorted(path for path, code in said if code == "KG006") == [
        "Templates/c.md",
        "b.md",
        "d.md",
        "week template.md",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: What {{title}} means\n---\n{{title}} <% tp.date.now() %>\n",
        "---\ntitle: Links in ERB, <%= link_to %>\n---\n",
        "---\npermalink: /{{ page.fileSlug }}/\n---\n",
        "---\ntitle: Real\n---\n# {{title}}\n",
        "# How {{title}} works\n",
        "Text\n\n# {{title}}\n",
    ],
)
def test_a_post_about_templates_is_a_post(tmp_path: Path, text: str) -> None:
    paths, said = read(tmp_path, {"x.md": text})
    assert paths == ["x.md"]
    assert ("x.md", "KG006") not in said
