"""Nothing lost and nothing invented: folders as people have them, and all that their posts name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.pipeline.build import build
from tests.folders import put

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.result import Result

Names = set[tuple[str, str]]


def read(folder: Path, files: dict[str, str]) -> Result:
    """Build the graph of a few files."""
    put(folder, files)
    return build(folder)


def names(result: Result) -> Names:
    """Kind and name of every thing but posts."""
    return {(node.kind, node.label) for node in result.knowledge_graph.nodes.values() if node.kind != "post"}


def codes(result: Result) -> list[str]:
    return [f"{d.path}:{d.line} {d.code}" for d in result.diagnostics]


def post(*fields: str, body: str = "") -> str:
    return "\n".join(["---", *fields, "---", body, ""])


def persons(*found: str) -> Names:
    return {("person", name) for name in found}


CASES: dict[str, tuple[dict[str, str], Names]] = {
    "the folder of Pelican's articles is no category, nor is that of its pages": (
        {
            "pelicanconf.py": "PATH = 'src/text'\n",
            "src/text/a.md": "Title: A\nDate: 2024-01-01\n\nx\n",
            "src/text/music/deep/b.md": "Title: B\nDate: 2024-01-01\n\nx\n",
            "src/text/pages/c.md": "Title: C\n\nx\n",
        },
        {("category", "deep")},
    ),
    "folders are no categories where Pelican's settings say so": (
        {"pelicanconf.py": "USE_FOLDER_AS_CATEGORY = False\n", "content/music/b.md": "Title: B\nTags: x\n\nx\n"},
        {("tag", "x")},
    ),
    "labels of tags hold for their folder": (
        {
            "docusaurus.config.js": "",
            "blog/tags.yml": "new:\n  label: News\n",
            "docs/tags.yml": "new:\n  label: New features\n",
            "blog/a.md": post("tags: [new]"),
            "docs/b.md": post("tags: [new]"),
        },
        {("tag", "News"), ("tag", "New features")},
    ),
    "a template among the blocks of Logseq names nobody": (
        {
            "logseq/config.edn": "{}",
            "pages/Forms.md": (
                "- ## Meeting\n  template:: meeting\n  author:: [[Nobody]]\n\t- [[Nothing]]\n\t  - who:: [[No one]]\n"
                "- [[Something]]\n\t- template:: other\n\t  author:: Nobody\n\t- [[Some more]]\n"
            ),
        },
        {("page", "Something"), ("page", "Some more")},
    ),
    "the last of several": (
        {"a.md": post("author: Ada, Bob, and Cy"), "b.md": post('people: ["Ada, and Bob"]'),
         "c.md": post("tags: roads, rails & canals, and rivers")},
        {*persons("Ada", "Bob", "Cy"), ("tag", "roads"), ("tag", "rails & canals"), ("tag", "rivers")},
    ),
    "names in parts": (
        {
            "a.md": post(
                "authors:",
                "  - {given: Bob, family: Noyce, role: chair}",
                "  - {title: Engineer, first_name: Eve, last_name: Lee}",
                "  - {family-names: Young, given-names: Kim}",
                "  - name: {given: Cy, non-dropping-particle: van, family: Dee}",
                "  - {fullName: Hal Ito, title: Dr}",
            ),
            "b.md": post("author: {givenName: Ada, familyName: Lovelace}", "tags: [{given: x, family: y}]"),
        },
        persons("Bob Noyce", "Eve Lee", "Kim Young", "Cy van Dee", "Hal Ito", "Ada Lovelace"),
    ),
    "people by their names": (
        {
            "a.md": post("guests:", "  Ada Lovelace: {role: engineer}", "  Bob van Dyke: {url: https://bob.example/}"),
            "b.md": post("people:", "  - Cy Dee: editor", "  - Dee"),
            "c.md": post("speaker: {ada: {name: Ada Lovelace}, eve: {role: chair}}"),
        },
        persons("Ada Lovelace", "Bob van Dyke", "Cy Dee", "Dee", "eve"),
    ),
    "comments of HTML are no part of names": (
        {"a.md": post("author: Ada <!-- all, one word -->", "tags: [x <!-- y -->, <!-- z -->]")},
        {*persons("Ada"), ("tag", "x")},
    ),
    "footnotes and emphasis are no part of a name": (
        {"a.md": post("author:", "  - Ada Vale^[University of X]", "  - Bob^1,2^", r"  - Cy\thanks{x}", "  - Dee[^1]",
                      "  - __Eve Lee__", "  - '**Fay**'"), "b.md": post("tags: ['__init__', 'x^[y]']")},
        {*persons("Ada Vale", "Bob", "Cy", "Dee", "Eve Lee", "Fay"), ("tag", "__init__"), ("tag", "x^[y]")},
    ),
    "what stands where there is nobody is no name": (
        {"a.md": post("author: n/a", "tags: ['-', '...', none, nonet]", "people: ['???', TBD, '!!!']")},
        {("tag", "nonet"), *persons("!!!")},
    ),
    "several in one name, whatever stands between": (
        {"a.md": post("people: [Ada, Bob, Ada/Bob, Ada | Bob, '张三、李四', 张三, 李四, AC/DC]")},
        persons("Ada", "Bob", "张三", "李四", "AC/DC"),
    ),
    "links that a word or a mark joins": (
        {"a.md": post("author: '[[Ada]] and [[Bob]]'", 'people: ["[[Cy]], [[Dee|D]] & [[Eve]]", "[[Fay]] (chair)"]')},
        persons("Ada", "Bob", "Cy", "Dee", "Eve", "Fay"),
    ),
    "lines for a body above a rule": (
        {".obsidian/app.json": "", "a.md": "tags: #sea #tide\nauthor: [[Ada]]\n\n---\nText.\n"},
        {("tag", "sea"), ("tag", "tide"), ("page", "Ada")},
    ),
    "how many took part, and who": (
        {"a.md": post("participants: 35", "author: Unknown", "companies: [360]", "attendees: ['[[Ada]]', Bob]")},
        {("organization", "360"), ("person", "Ada"), ("person", "Bob")},
    ),
    "whether there is a guest": ({"a.md": post("guest: true", "company: false", "tags: ['true']")}, {("tag", "true")}),
    "taxonomies of Hugo's settings that are called as people": (
        {
            "hugo.toml": "[taxonomies]\n  actor = 'actors'\n  topic = 'themen'\n",
            "content/a.md": post("actors: ['Uma T', Q T]", "themen: x"),
        },
        {("person", "Uma T"), ("person", "Q T"), ("tag", "x")},
    ),
    "taxonomies of Hugo's settings are tags": (
        {
            "hugo.toml": "[taxonomies]\n  topic = 'themen'\n  year = 'jahre'\n  d = 'description'\n",
            "content/a.md": post(
                "themen: [Wind, 'Wasser, Eis']", "jahre: ['2024']", "description: x", "params: {themen: [y]}"
            ),
        },
        {("tag", "Wind"), ("tag", "Wasser, Eis")},
    ),
    "taxonomies in a file of Hugo's": (
        {
            "config/_default/hugo.yaml": "title: x",
            "config/_default/taxonomies.yaml": "thema: themen",
            "a.md": post("Themen: x"),
        },
        {("tag", "x")},
    ),
    "taxonomies of Zola": (
        {
            "config.toml": "base_url = '/'\ntaxonomies = [{name = 'themen'}, {name = 'tags', feed = true}]\n",
            "content/a.md": "+++\n[taxonomies]\nthemen = ['Wind']\nother = ['y']\n[extra.themen]\nweight = 1\n+++\n",
        },
        {("tag", "Wind")},
    ),
    "other tools have no such taxonomies": (
        {"_config.yml": "theme: x\ntaxonomies: {topic: themen}\n", "a.md": post("themen: [Wind]")},
        set(),
    ),
    "tags of a vault nest": (
        {".obsidian/app.json": "", "a.md": post("tags: [a/b/c]"), "b.md": "#a/b/d\n"},
        {("tag", name) for name in ("a", "a/b", "a/b/c", "a/b/d")},
    ),
    "a slash elsewhere may be part of a name": ({"a.md": post("tags: [TCP/IP]")}, {("tag", "TCP/IP")}),
    "a date is no author": ({"a.md": "% A title % Ada Vale\n% May 1, 2024\n\nText.\n"}, set()),
    "what is said of somebody is nobody": (
        {
            "a.md": post("author: {social: {code: x}, contact: {mail: y}}"),
            "b.md": post("author: {Social Media: x, Mail: y}", "authors: {Code: '@ada', Mail: Ada@ada.example}"),
            "c.md": post("tags: {Rust Lang: {x: y}}"),
        },
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_folder_names_what_a_reader_would_say(case: str, tmp_path: Path) -> None:
    files, expected = CASES[case]
    assert names(read(tmp_path, files)) == expected


def test_a_single_field_above_a_rule_is_front_matter_for_hexo_alone(tmp_path: Path) -> None:
    text = "title: Alone\n---\nText.\n"
    hexo = {"_config.yml": "theme: x\n", "scaffolds/post.md": "", "source/_posts/a.md": text}
    titles = [
        [one.title for one in read(tmp_path / name, files).posts]
        for name, files in {"hexo": hexo, "other": {"a.md": text}}.items()
    ]
    assert titles == [["Alone"], ["a"]]


def test_what_is_said_of_people_by_their_names_is_kept(tmp_path: Path) -> None:
    result = read(tmp_path, {"a.md": post("guests:", "  Ada Lovelace: {role: engineer}")})
    assert "engineer" in {attribute.value for attribute in result.posts[0].attributes}
    assert codes(result) == ["a.md:3 KG125"]


def test_groups_for_a_page_of_its_own_are_no_list_of_names(tmp_path: Path) -> None:
    grouped = post("projects:", "  Now:", "    - title: Kiln", "      link: https://kiln.example")
    result = read(tmp_path, {"a.md": grouped, "b.md": post("projects: {colour: red}")})
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        ("a.md", "KG125", "note"),
        ("b.md", "KG125", "warning"),
    ]


def test_a_field_that_contradicts_another_about_drafts_is_told_once(tmp_path: Path) -> None:
    files = {
        "a.md": post("draft: yes", "published: true"),
        "b.md": post("status: draft", 'draft: "no"'),
        "_drafts/c.md": post("published: true"),
    }
    result = read(tmp_path, files)
    assert codes(result) == ["a.md:3 KG127", "b.md:3 KG127"]
    assert all(one.draft for one in result.posts)
    (b,) = (one for one in result.posts if one.path == "b.md")
    assert [a.value for a in b.attributes if a.field == "draft"] == ["no"]


def test_a_map_of_dates_may_be_called_dates(tmp_path: Path) -> None:
    files = {
        "a.md": post("dates: {published: 2024-01-20, modified: 2024-01-21}"),
        "b.md": post("dates: {start: 2024-01-01, end: 2024-02-02}"),
    }
    assert [one.date for one in read(tmp_path, files).posts] == ["2024-01-20", ""]


def test_what_posts_say_of_one_thing_stays_with_each(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        {
            "a.md": post("organizations: [{name: Acme, url: 'https://acme.example/'}]"),
            "b.md": post("organizations: [{name: Acme, url: 'https://acme.example/b'}]"),
            "c.md": post('url: "[The words](https://acme.example/c)"'),
        },
    )
    said = {a.value for one in result.posts for a in one.attributes if a.field}
    assert said >= {"https://acme.example/", "https://acme.example/b", "[The words](https://acme.example/c)"}


SLIPS = [
    "A title\n% Ada Vale\n% May 1, 2024\n\nText.\n",
    "% A title\nAda Vale\n% 2024-05-01\n\nText.\n",
    "% A title % Ada Vale\n% 2024-05-01\n\nText.\n",
    "% A title\n% Ada Vale% 2024-05-01\n\nText.\n",
    "% A title\n\n% Ada Vale\n% 2024-05-01\n\nText.\n",
]


@pytest.mark.parametrize("text", SLIPS)
def test_a_head_with_a_slip_is_told(text: str, tmp_path: Path) -> None:
    assert [code.split()[1] for code in codes(read(tmp_path, {"a.md": text}))] == ["KG116"]


@pytest.mark.parametrize(
    "text",
    ["% a comment\n% another of 2024\n\nText.\n", ":note: this\n\nText.\n", "100 % of 2024\n% x\n\nText.\n"],
)
def test_what_is_no_head_is_not_told(text: str, tmp_path: Path) -> None:
    assert codes(read(tmp_path, {"a.md": text})) == []


def test_a_file_that_an_editor_called_otherwise_is_told(tmp_path: Path) -> None:
    result = read(tmp_path, {"a.md": post("title: A"), "b.md.txt": post("title: B"), "c.txt": "c"})
    assert [one.path for one in result.posts] == ["a.md"]
    assert codes(result) == ["b.md.txt:0 KG006"]
