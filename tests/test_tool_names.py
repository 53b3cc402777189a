"""Who and what is named by conventions of tools: folders, slugs, labels, roles, nested tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.folders import checked, codes, names, read, titled

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_are_categories_where_the_tool_says_so(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: x\n",
        "docs/work/code/_posts/2008-12-24-a.md": titled("A", "categories: own"),
        "_posts/2015/2015-05-01-b.md": titled("B"),
    }
    result = read(tmp_path / "jekyll", files)
    assert names(result, "docs/work/code/_posts/2008-12-24-a.md") == {
        ("category", "work"), ("category", "code"), ("category", "own"),
    }  # fmt: skip
    assert names(result, "_posts/2015/2015-05-01-b.md") == set()
    files = {"_config.yml": "collections_dir: 'all'\n", "all/sea/_posts/2008-12-24-a.md": titled("A")}
    result = read(tmp_path / "collections", files)
    assert names(result, "all/sea/_posts/2008-12-24-a.md") == {("category", "sea")}
    files = {
        "pelicanconf.py": "",
        "site/python/deep/b.md": "Title: B\nDate: 2011-01-01\n\nx\n",
        "site/python/c.md": "Title: C\nCategory: Own\n\nx\n",
        "site/pages/d.md": "Title: D\n\nx\n",
    }
    result = read(tmp_path / "pelican", files)
    assert names(result, "python/deep/b.md") == {("category", "deep")}
    assert names(result, "python/c.md") == {("category", "Own")}
    assert names(result, "pages/d.md") == set()


def test_authors_of_mkdocs_material(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "site_name: x\n",
        "docs/blog/.authors.yml": "authors:\n  otto:\n    name: Otto Quill\n    url: https://otto.example/\n",
        "docs/blog/posts/a.md": titled("A", "authors: [otto]"),
    }
    result = read(tmp_path, files)
    assert names(result, "docs/blog/posts/a.md") == {("person", "Otto Quill")}


@pytest.mark.parametrize("folder", ["", "website/"])
def test_labels_and_authors_in_docusaurus(folder: str, tmp_path: Path) -> None:
    files = {
        f"{folder}docusaurus.config.js": "export default {}\n",
        f"{folder}blog/tags.yml": "rel:\n  label: Release\n  permalink: /release\n",
        f"{folder}blog/authors.yml": "ada:\n  name: Ada Vale\n",
        f"{folder}blog/a.md": titled("A", "tags: [rel, other]", "authors: [ada]"),
    }
    result = read(tmp_path, files)
    expected = {("tag", "Release"), ("tag", "other"), ("person", "Ada Vale")}
    assert names(result, f"{folder}blog/a.md") == expected
    assert "rel" in {attribute.value for attribute in result.posts[0].attributes}


def test_nested_tags_are_narrower_than_those_above(tmp_path: Path) -> None:
    files = {"n.md": titled("N", "tags: [a/b/c, TCP/IP]"), "m.md": titled("M", "tags: [a]")}
    graph = read(tmp_path, files).knowledge_graph
    base = f"{graph.dataset.base}tag/"
    broader = {
        (node.label, attribute.value.removeprefix(base))
        for node in graph.nodes.values()
        for attribute in node.attributes
        if attribute.predicate.endswith("#broader")
    }
    assert broader == {("a/b/c", "a%2Fb"), ("a/b", "a")}


def test_categories_that_hexo_nests_are_narrower_than_those_above(tmp_path: Path) -> None:
    files = {
        "scaffolds/post.md": "",
        "_config.yml": "new_post_name: x\n",
        "source/_posts/a.md": titled("A", "categories: [[Sports, Tennis], [Diary]]"),
        "source/_posts/b.md": titled("B", "categories: [Sports, Golf]", "tags: [x, y]"),
    }
    graph = read(tmp_path, files).knowledge_graph
    broader = {
        (node.label, attribute.value.rpartition("/")[2])
        for node in graph.nodes.values()
        for attribute in node.attributes
        if attribute.predicate.endswith("#broader")
    }
    assert broader == {("Tennis", "sports"), ("Golf", "sports")}


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        (["host: Netlify"], []),
        (["host: GitHub Pages"], []),
        (["host: fly.io"], []),
        (["host: Digital Ocean"], []),
        (["hosts: [{name: Netlify, url: 'https://netlify.example'}]"], []),
        (["host: Ada Noyce", "podcast_file: a.mp3"], ["Ada Noyce"]),
        (["host: 王小明", "type: podcast"], ["王小明"]),
        (["host: Casey", "episode: 7"], ["Casey"]),
        (["host: '[[Casey]]'"], ["Casey"]),
        (["hosts: [Casey]", "guests: []"], ["Casey"]),
    ],
)
def test_a_host_is_somebody_where_nothing_speaks_for_a_machine(
    tmp_path: Path, fields: list[str], people: list[str]
) -> None:
    result = read(tmp_path, {"a.md": titled("A", *fields)})
    assert [mention.name for mention in result.posts[0].mentions] == people


def test_only_posts_with_several_names_show_how_several_are_written(tmp_path: Path) -> None:
    for number in range(40):
        people = "[Bob, Eve]" if number < 30 else "Bob, Eve" if number < 32 else "Bob"
        (tmp_path / f"{number}.md").write_text(titled(str(number), f"authors: {people}"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"warning"}
    for number in range(28):
        (tmp_path / f"{number}.md").write_text(titled(str(number), "authors: Bob"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"note"}


def test_names_that_differ_in_case_alone_are_one(tmp_path: Path) -> None:
    for number in range(30):
        kind, state = ("tools", "done") if number < 2 else ("Tools", "Done")
        text = titled(str(number), f"categories: [{kind}]", f"state: {state}")
        (tmp_path / f"{number}.md").write_text(text, "utf-8")
    found = {line.split(": ")[1] + line.split(": ")[2] for line in checked(tmp_path, "--only", "KG401")}
    assert found == {"note[KG401]categories", "warning[KG401]state"}


def test_four_names_in_one_string_are_no_single_author(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "",
        "site/a.md": "author: Ir1d, Enter-tainer, ksyx, ouuan\n\nWords.\n",
        "site/b.md": "author: Lovelace, Ada, Jr.\n\nWords.\n",
    }
    result = read(tmp_path, files)
    assert names(result, "a.md") == {("person", name) for name in ("Ir1d", "Enter-tainer", "ksyx", "ouuan")}
    assert names(result, "b.md") == {("person", "Lovelace, Ada, Jr.")}
    assert codes(result) == []


def test_a_machine_is_no_host_and_a_folder_of_drafts_decides(tmp_path: Path) -> None:
    files = {
        "_config.yml": "theme: x\n",
        "_drafts/a.md": titled("A", "host: localhost", "hosts: [x.example.org, Ada]", "draft: false", "show: X"),
    }
    result = read(tmp_path, files)
    assert names(result, "_drafts/a.md") == {("person", "Ada")}
    assert codes(result) == ["_drafts/a.md:5 KG127"]
    (post,) = result.posts
    assert [a.value for a in post.attributes if a.predicate.endswith("draft") and a.datatype.endswith("boolean")] == [
        "true"
    ]


def test_who_is_joined_with_one_who_is_named_alone_is_somebody_too(tmp_path: Path) -> None:
    files = {
        "a.md": titled("A", "author: Noel Hart and Iris Vale"),
        "b.md": titled("B", "author: Noel Hart"),
        "c.md": titled("C", "author: Iris Vale & Noel Hart"),
        "d.md": titled("D", "author: Simon and Garfunkel"),
        "e.md": titled("E", "authors: ['Noel Hart, Keeper']"),
        "f.md": titled("F", "authors: ['Noel Hart, Keeper and Iris Vale']"),
    }
    people = {node.label for node in read(tmp_path, files).knowledge_graph.nodes.values() if node.kind == "person"}
    joined = {"Simon and Garfunkel", "Noel Hart, Keeper", "Noel Hart, Keeper and Iris Vale"}
    assert people == {"Noel Hart", "Iris Vale", *joined}


def test_who_is_written_as_a_link_is_called_by_its_words(tmp_path: Path) -> None:
    """And where somebody works is no part of a name; folders of languages are no categories."""
    fields = "author: '[Ada Vale](https://ada.example) (Engines, Inc.), [Bo Lee](/bo)'"
    files = {
        "_config.yml": "plugins: []\n",
        "de/news/_posts/2024-01-01-a.md": titled(
            "A", fields, "authors: ['[Cy Hill](https://cy.example), Looms', '[Di Fox](/di) Looms']"
        ),
        "bo.md": titled("Bo Lee"),
    }
    result = read(tmp_path, files)
    path = "de/news/_posts/2024-01-01-a.md"
    assert names(result, path) == {("person", n) for n in ("Ada Vale", "Bo Lee", "Cy Hill", "Di Fox")} | {
        ("category", "news")
    }
    (post,) = (post for post in result.posts if post.path == path)
    assert {m.name: m.homepage for m in post.mentions if m.homepage} == {
        "Ada Vale": "https://ada.example",
        "Cy Hill": "https://cy.example",
    }
    assert fields[9:-1] in {a.value for a in post.attributes}, "what was typed stays"
    assert codes(result) == []


def test_folders_are_topics_where_that_is_asked_for(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    files = {
        "README.md": "# Learned\n",
        "sea/a.md": "# A\n",
        "wind/b.md": titled("B", "categories: [Own]"),
        "sea/c.md": "# C\n",
    }
    result = read(tmp_path, files, folders="category")
    found = {post.path: names(result, post.path) for post in result.posts}
    assert found == {
        "README.md": set(), "sea/a.md": {("category", "sea")}, "sea/c.md": {("category", "sea")},
        "wind/b.md": {("category", "Own")},
    }  # fmt: skip
    said = CliRunner().invoke(app, ["init", str(tmp_path), "-o", "-"])
    assert 'folders = "category"\n' in said.output
    (tmp_path / "hugo.toml").touch()
    assert "\ninline_tags = false\n" in CliRunner().invoke(app, ["init", str(tmp_path), "-o", "-"]).output


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("#articles", {"articles"}),
        ("#[[long articles]]", {"long articles"}),
        ("[[articles]], #notes", {"articles", "notes"}),
        ("#articles #notes", {"articles", "notes"}),
        ("C#, F#", {"C#, F#"}),
        ("#1 of 2", {"#1 of 2"}),
    ],
)
def test_a_category_that_is_written_as_a_tag_is_called_as_the_tag(value: str, named: set[str], tmp_path: Path) -> None:
    result = read(tmp_path, {"logseq/config.edn": "{}", "pages/a.md": f"category:: {value}\n\n- x\n"})
    assert names(result, "pages/a.md") == {("category", name) for name in named}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("03 - People/Ada Vale.md", ""),
        ("@people/ada-vale.md", ""),
        ("Personen/@Ada Vale.md", ""),
        ("x/Ada Vale.md", "kind: person"),
        ("x/Ada Vale.md", "fileClass: Person"),
        ("x/Ada Vale.md", "tags: [people/colleague]"),
        ("x/Ada Vale.md", "tags: [type/person]"),
    ],
)
def test_a_note_on_a_person_is_about_the_person_whom_others_name(path: str, field: str, tmp_path: Path) -> None:
    files = {path: f"---\n{field}\n---\nShe sails.\n", "b.md": titled("B", "author: Ada Vale"), "x/c.md": "[[Sails]]\n"}
    result = read(tmp_path, files)
    (person,) = (node for node in result.knowledge_graph.nodes.values() if node.kind == "person")
    about = [edge.source for edge in result.knowledge_graph.edges if edge.predicate.endswith("/about")]
    assert person.label == "Ada Vale"
    assert [iri.partition("/post/")[2].replace("%20", " ") for iri in about] == [path.removesuffix(".md")]


def test_a_folder_that_is_only_called_after_people_holds_no_notes_on_them(tmp_path: Path) -> None:
    files = {"People of Rome/Ada Vale.md": "Words.\n", "b.md": titled("B", "author: Ada Vale")}
    assert {edge.predicate.rpartition("/")[2] for edge in read(tmp_path, files).knowledge_graph.edges} == {"author"}


@pytest.mark.parametrize("folder", ["_members", "team", "staff"])
def test_a_page_of_somebody_of_the_house_names_the_author_who_is_given_as_its_file(folder: str, tmp_path: Path) -> None:
    files = {
        "_config.yml": "collections: {members: {output: true}, team: {}, staff: {}}\n",
        f"{folder}/ada-vale.md": "---\nname: Ada Vale\n---\nShe sails.\n",
        "_posts/2024-01-02-a.md": titled("A", "author: ada-vale"),
    }
    assert names(read(tmp_path, files), "_posts/2024-01-02-a.md") == {("person", "Ada Vale")}
