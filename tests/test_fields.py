"""What fields mean in any spelling, and that nothing of their values is lost: order, repeats, what belongs together."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from kg import build, exporters
from kg.checks.posts import orphans
from kg.config import Config, FieldEntry
from kg.errors import ConfigError
from kg.fields import FIELDS, known, table
from kg.linking import links
from kg.namespaces import DCTERMS, FIELD, JSON, KG, SCHEMA, XSD, compact
from kg.reading.finding import walk
from kg.reading.folder import read_posts
from kg.reading.posts import Reader
from kg.text.filenames import POST_SUFFIXES
from tests.folders import put

if TYPE_CHECKING:
    from kg.model import Post


def read(text: str, path: str = "x.md", content: Path = Path(), **settings: object) -> Post:
    post, diagnostics = Reader(content, Config(**settings)).parse(path, text.encode())
    assert post is not None, diagnostics
    return post


def stated(post: Post, predicate: str) -> list[str]:
    return [attribute.value for attribute in post.attributes if attribute.predicate == predicate]


def named(post: Post, predicate: str) -> list[str]:
    return [mention.name for mention in post.mentions if mention.predicate == predicate]


# --- Spellings ---


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_known_in_every_spelling(name: str) -> None:
    words = name.split("_")
    camel = words[0] + "".join(map(str.capitalize, words[1:]))
    spellings = (name.upper(), "-".join(words), " ".join(words), camel, "".join(words))
    assert {known(spelling) for spelling in spellings} == {FIELDS[name]}


@pytest.mark.parametrize(
    ("key", "predicate"),
    [
        ("lastUpdated", SCHEMA + "dateModified"),
        ("Last-Modified", SCHEMA + "dateModified"),
        ("date modified", SCHEMA + "dateModified"),
        ("updatedAt", SCHEMA + "dateModified"),
        ("last edited", SCHEMA + "dateModified"),
        ("creation date", SCHEMA + "dateCreated"),
        ("createdAt", SCHEMA + "dateCreated"),
        ("publishedAt", SCHEMA + "datePublished"),
        ("Published-Date", SCHEMA + "datePublished"),
        ("released", DCTERMS + "issued"),
    ],
)
def test_dates_are_typed_in_every_spelling(key: str, predicate: str) -> None:
    post = read(f"---\ntitle: A day\n{key}: 2023-02-03\n---\n")
    dates = [(a.predicate, a.value) for a in post.attributes if a.datatype == XSD + "date"]
    assert dates == [(predicate, "2023-02-03")]
    assert post.date == ("2023-02-03" if predicate == SCHEMA + "datePublished" else "")


def test_a_map_of_dates() -> None:
    post = read("---\ndate:\n  created: 2023-01-01\n  updated: 2023-02-02\n  by: Ada\n---\n")
    assert (post.date, stated(post, SCHEMA + "dateModified")) == ("2023-01-01", ["2023-02-02"])
    assert [a.value for a in post.attributes if a.field == "date.by"] == ["Ada"]
    post = read("---\nlast_update:\n  date: 2023-03-03\n  author: Ada\n---\n")
    assert (post.date, stated(post, SCHEMA + "dateModified")) == ("", ["2023-03-03"])
    assert not post.diagnostics
    post = read("---\ndate: {published: 2023-05-05, created: 2023-04-04}\n---\n")
    assert (post.date, stated(post, SCHEMA + "dateCreated")) == ("2023-05-05", ["2023-04-04"])


def test_a_setting_holds_for_every_spelling_of_its_field() -> None:
    rows = {"seen-on": FieldEntry(datatype="xsd:date", predicate="schema:dateCreated")}
    post = read("---\nseenOn: 2023-01-01\n---\n", fields=rows)
    assert stated(post, SCHEMA + "dateCreated") == ["2023-01-01"]
    with pytest.raises(ConfigError, match=r"the same field as fields\.seen-on"):
        table(Config(fields={**rows, "seen_on": FieldEntry(kind="tag")}))


# --- One and many ---


@pytest.mark.parametrize("role", ["author", "speaker", "guest", "host"])
def test_every_role_has_both_numbers(role: str) -> None:
    predicate = SCHEMA + "author" if role == "author" else KG + role
    assert named(read(f"---\n{role}: Mira Sol\nepisode: 1\n---\n"), predicate) == ["Mira Sol"]
    assert named(read(f"---\n{role}s: [Mira Sol, Jon Ash]\nepisode: 1\n---\n"), predicate) == ["Mira Sol", "Jon Ash"]


@pytest.mark.parametrize(
    ("field", "kind"), [("tag", "tag"), ("keyword", "tag"), ("person", "person"), ("areas", "area")]
)
def test_names_have_both_numbers(field: str, kind: str) -> None:
    assert [(m.kind, m.name) for m in read(f"---\n{field}: [Blue]\n---\n").mentions] == [(kind, "Blue")]


def test_jekyll_reads_tag_as_tags() -> None:
    post = read("---\ntag: lisp scheme\n---\n", "_posts/2024-01-01-a.md")
    assert named(post, SCHEMA + "keywords") == ["lisp", "scheme"]
    post = read("---\nkeywords: set theory, md-paste.vim\n---\n", "_posts/2024-01-01-a.md")
    assert named(post, SCHEMA + "keywords") == ["set theory", "md-paste.vim"]


# --- Drafts ---


def test_drafts_are_told_by_folder_and_by_status() -> None:
    for post in (
        read("---\ntitle: D\n---\n", "_drafts/d.md"),
        read("Title: P\nDate: 2011-01-01\nStatus: Draft\n\nx\n"),
        read("---\ndraft: true\n---\n"),
    ):
        assert (post.draft, stated(post, KG + "draft")) == (True, ["true"])
    assert stated(read("---\nstatus: evergreen\n---\n"), KG + "draft") == []


# --- Where front matter begins, and which files have it ---


HEXO = "title: Field notes\ndate: 2019-04-05\ntags:\n- moss\n- fern\n---\nBody.\n"


def test_front_matter_without_its_first_fence(tmp_path: Path) -> None:
    (tmp_path / "scaffolds").mkdir()
    (tmp_path / "_config.yml").write_text("title: x\n", "utf-8")
    for content, codes in ((tmp_path, []), (Path(), ["KG121"])):
        post = read(HEXO, content=content)
        assert (post.title, post.date, named(post, SCHEMA + "keywords")) == (
            "Field notes",
            "2019-04-05",
            ["moss", "fern"],
        )
        assert [d.code for d in post.diagnostics] == codes
    assert read("----" + "\n" + HEXO, content=tmp_path).title == "Field notes"


def test_blank_lines_in_front_matter_without_its_first_fence() -> None:
    post = read('\ntitle: "Field: notes"\ndate: 2019-04-05\ntags: [moss]\n\n---\n\nBody.\n')
    assert (post.title, post.dialect, named(post, SCHEMA + "keywords")) == ("Field: notes", "yaml", ["moss"])
    post = read("Title: Field notes\nTags: moss, fern\n\n---\n\nA rule above.\n")
    assert (post.dialect, named(post, SCHEMA + "keywords")) == ("multimarkdown", ["moss", "fern"])


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("Smith, John and Doe, Jane", ["Smith, John", "Doe, Jane"]),
        ('"Smith, J.R., van Dam, E., and Roe, R."', ["Smith, J.R.", "van Dam, E.", "Roe, R."]),
        ('"Smith, J., Roe, R., et al."', ["Smith, J.", "Roe, R."]),
        ("Ada, Bob, et al.", ["Ada", "Bob"]),
        ("Lin et al.", ["Lin"]),
        ("<b>Lin Wu<sup>*</sup></b>, Ada<sup>1</sup>", ["Lin Wu", "Ada"]),
        ("'[Lin Wu](https://l.example) & [Ada](https://a.example)'", ["Lin Wu", "Ada"]),
        ("Acme, Limited, Bolt S.r.l., limited edition", ["Acme, Limited", "Bolt S.r.l.", "limited edition"]),
        ("<span class='own'>Lin Wu</span>", ["Lin Wu"]),
        ("علي، حسن", ["علي", "حسن"]),
        ("Ada Lovelace <ada@example.org>", ["Ada Lovelace"]),
        ("Ada Lovelace ([@ada](https://ada.example))", ["Ada Lovelace"]),
        ("Ada ([@ada](https://ada.example)), Bob ([b](https://b.example)), and Eve", ["Ada", "Bob", "Eve"]),
        ("Ada Lovelace (@ada)", ["Ada Lovelace"]),
        ("Ada (@ada), Bob (bob@bob.example), Eve (https://eve.example/)", ["Ada", "Bob", "Eve"]),
        ("{ada: {name: Ada}, bob: {name: Bob}}", ["Ada", "Bob"]),
        ("【张三，李四】", ["张三", "李四"]),
        ("[张三，李四]", ["张三", "李四"]),
    ],
)
def test_people_in_other_forms(author: str, people: list[str]) -> None:
    post = read(f"---\nauthor: {author}\n---\n")
    assert [mention.name for mention in post.mentions] == people
    assert any(a.field.startswith("author") for a in post.attributes), "what was typed is kept"


def test_initials_take_time_in_proportion() -> None:
    assert len(read(f"---\nauthor: '{'a, b. and ' * 5000}x'\n---\n").mentions) > 1


def test_what_stands_behind_a_name_is_kept() -> None:
    post = read("---\nauthor: Ada Lovelace (@ada)\nguests: ['Eve (https://eve.example/)']\n---\n")
    assert {"Ada Lovelace (@ada)", "Eve (https://eve.example/)"} <= {a.value for a in post.attributes}
    assert [m.homepage for m in post.mentions] == ["", "https://eve.example/"]
    post = read("---\nauthors: [Ada (editor), (@ada)]\n---\n")
    assert [m.name for m in post.mentions] == ["Ada (editor)", "(@ada)"]


def test_people_by_name_and_address() -> None:
    post = read('---\neditors:\n- Ada Lovelace: "https://ada.example/"\n- Grace Hopper: https://grace.example/\n---\n')
    assert [(m.kind, m.name, m.homepage) for m in post.mentions] == [
        ("person", "Ada Lovelace", "https://ada.example/"),
        ("person", "Grace Hopper", "https://grace.example/"),
    ]
    assert not post.diagnostics
    assert {a.field for a in post.attributes} <= {"", "editors"}, "all of it, as it was typed"
    post = read("---\neditors:\n- editor of code: https://vim.example/\n---\n")
    assert [(d.code, d.line) for d in post.diagnostics] == [("KG125", 3)]
    assert not post.mentions


@pytest.mark.parametrize(
    ("files", "text", "names"),
    [
        ([".foam/x"], "tags: a b", ["a", "b"]),
        ([".foam/x"], "category: a b", ["a b"]),
        ([".obsidian/x"], "tags: a b", ["a b"]),
        (["logseq/config.edn", "pages/x"], "category: [[a]], [[b c]]", ["a", "b c"]),
        ([], "category: '[[a]], [[b c]]'", ["a", "b c"]),
        ([], "category: '[[a]] and [[b]]'", ["a", "b"]),
        ([], "category: '[[a]] without [[b]]'", ["[[a]] without [[b]]"]),
    ],
)
def test_what_separates_names_in_a_string_depends_on_the_tool(
    tmp_path: Path, files: list[str], text: str, names: list[str]
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    post = read(f"---\n{text}\n---\n", content=tmp_path)
    assert [mention.name for mention in post.mentions] == names


def test_a_key_with_a_sign_too_many_is_told() -> None:
    post = read("---\ntitle: x\nta\"gs: [a]\n'ta#gs': [b]\n---\n")
    assert [(d.code, d.line, d.message) for d in post.diagnostics] == [
        ("KG116", 3, "the key 'ta\"gs' has a sign too many; write 'tags'")
    ]


def test_a_line_among_the_properties_of_a_logseq_page_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq/config.edn").write_text("{}", "utf-8")
    post = read("type:: book\ntags: [[x]]\n\nNote: text\n", "pages/x.md", tmp_path)
    assert [(d.code, d.line) for d in post.diagnostics] == [("KG116", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Title: a heading of level 2\n---\nBody.\n",
        "Some: text with a colon\n\nmore\n\n-----\n\nnext: part\n",
        "title: x\ntags: y\nand a line of prose\n---\n",
    ],
)
def test_prose_above_a_rule_is_no_front_matter(text: str) -> None:
    assert read(text).dialect == "none"


def test_directives_may_stand_before_the_fence() -> None:
    post = read("%YAML 1.2\n---\ntitle: Field notes\n---\nBody.\n")
    assert (post.title, post.diagnostics) == ("Field notes", ())


def test_title_block_of_pandoc() -> None:
    post = read("% Field notes\n  of a year\n% Mira Sol; Jon Ash\n  Lea Ott\n% 5 April 2019\n\n# Moss\n\n% none\n")
    assert (post.title, post.date, post.dialect) == ("Field notes of a year", "2019-04-05", "pandoc")
    assert [(m.name, m.line, m.column) for m in post.mentions] == [
        ("Mira Sol", 3, 3),
        ("Jon Ash", 3, 13),
        ("Lea Ott", 4, 3),
    ]
    assert read("% Field notes\n\nBody.\n").title == "Field notes"
    assert read("%\n% Mira Sol\n\nBody.\n", "moss.md").title == "moss"


@pytest.mark.parametrize(
    "text", ["% a comment of MyST\n\n# Moss\n", "% one\n% two\n% three\n\nx\n", "%%writefile x\n\ny\n"]
)
def test_comments_are_no_title_block(text: str) -> None:
    assert read(text).dialect == "none"


def test_org_keywords_said_twice_are_a_list() -> None:
    post = read("#+TITLE: Moss\n#+AUTHOR: Mira Sol\n#+AUTHOR: Jon Ash\n#+FILETAGS: :a:\n#+FILETAGS: :b:c:\n\nx\n")
    assert [m.name for m in post.mentions] == ["Mira Sol", "Jon Ash", "a", "b", "c"]
    assert not post.diagnostics


@pytest.mark.parametrize("ending", POST_SUFFIXES)
def test_every_ending_of_markdown_is_read(ending: str, tmp_path: Path) -> None:
    name = "Moss" + ending.upper()
    (tmp_path / name).write_text("---\ntitle: Field notes\n---\n", "utf-8")
    (tmp_path / "fern.md").write_text(f"[moss]({name}) and [[Moss]]\n", "utf-8")
    posts = read_posts(tmp_path, Config()).posts
    assert [post.path for post in posts] == [name, "fern.md"]
    assert links.resolve(posts).diagnostics == ()
    assert len(links.resolve(posts).edges) == 2


def test_two_names_that_are_written_alike(tmp_path: Path) -> None:
    for folder in (b"\xff\xfe", b"%FF%FE"):
        place = tmp_path / os.fsdecode(folder)
        try:
            place.mkdir()
        except OSError:
            pytest.skip("this file system has no names that are not UTF-8")
        (place / "x.md").write_text(f"# {folder!r}\n", "utf-8")
    found = walk(tmp_path)
    assert found.paths == ["%FF%FE/x.md"]
    assert [(d.code, d.path) for d in found.diagnostics] == [("KG006", "%FF%FE/x.md")]


# --- Fields in bodies ---


@pytest.mark.parametrize(
    ("line", "key", "column"),
    [
        ("**Seen on**:: a hill", "Seen on", 3),
        ("- *Seen*:: a hill", "Seen", 4),
        ("12. seen_on:: a hill", "seen_on", 5),
        ("1) [x] __Seen__:: a hill", "Seen", 10),
        ("> ~~Seen~~:: a hill", "Seen", 5),
        ("Seen:: a hill", "Seen", 1),
        ("**Seen**::a hill", "Seen", 3),
        ("- ⛰️ Seen:: a hill", "Seen", 6),
    ],
)
def test_fields_of_dataview(line: str, key: str, column: int) -> None:
    post = read(f"# Moss\n\n{line}\n")
    assert [(a.field, a.value, a.line) for a in post.attributes if a.field] == [(key, "a hill", 3)]
    assert line[column - 1 :].startswith(key)


@pytest.mark.parametrize(
    "line", ["**Seen:: a hill", "1.seen:: a hill", "**Seen**:: ", "*Seen**:: a hill", "fe80::1", "std::vec"]
)
def test_no_fields_of_dataview(line: str) -> None:
    assert not [a.field for a in read(f"# Moss\n\n{line}\n").attributes if a.field]


@pytest.mark.parametrize("value", ["2024-05-01", "[[Hill]]"])
def test_no_blank_is_needed_before_what_is_no_code(value: str) -> None:
    assert ("due", value) in [(a.field, a.value) for a in read(f"due::{value}\n").attributes]


# --- Lists ---


def whole(post: Post) -> dict[str, object]:
    """Path of a field → the list that it is as a whole."""
    return {a.predicate.removeprefix(FIELD): json.loads(a.value) for a in post.attributes if a.datatype == JSON}


LISTS = {
    "yaml": "---\nlegs:\n- {from: Bergen, km: 7}\n- {from: Voss, km: 12}\nmarks: [4, 4, 1]\n---\n",
    "toml": "+++\nmarks = [4, 4, 1]\n[[legs]]\nfrom = 'Bergen'\nkm = 7\n[[legs]]\nfrom = 'Voss'\nkm = 12\n+++\n",
    "json": '{"marks": [4, 4, 1], "legs": [{"from": "Bergen", "km": 7}, {"from": "Voss", "km": 12}]}\n',
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_lists_keep_order_repeats_and_what_belongs_together(text: str) -> None:
    post = read(text)
    legs = [{"from": "Bergen", "km": "7"}, {"from": "Voss", "km": "12"}]
    assert whole(post) == {"marks": ["4", "4", "1"], "legs": legs}
    assert stated(post, FIELD + "legs.from") == ["Bergen", "Voss"], "and each value can be asked for by itself"


def test_people_keep_what_is_said_of_each() -> None:
    post = read("---\nauthors:\n- {name: Mira Sol, part: words}\n- {name: Jon Ash, part: maps}\n---\n")
    assert named(post, SCHEMA + "author") == ["Mira Sol", "Jon Ash"]
    parts = [{"name": "Mira Sol", "part": "words"}, {"name": "Jon Ash", "part": "maps"}]
    assert whole(post) == {"authors": parts}
    assert stated(post, FIELD + "authors.part") == ["words", "maps"]


def test_nested_categories_keep_what_is_below_what() -> None:
    post = read("---\ncategories:\n- [Norway, Voss]\n- [Spain, Leon]\n---\n")
    assert named(post, DCTERMS + "subject") == ["Norway", "Voss", "Spain", "Leon"]
    assert whole(post) == {"categories": [["Norway", "Voss"], ["Spain", "Leon"]]}


@pytest.mark.parametrize(
    "field",
    [
        "mark: 4",
        "marks: [4]",
        "legs: [{from: Bergen, km: 7}]",
        "extra: {from: Bergen, km: 7}",
        "tags: [b, a]",
        "authors: [{name: Mira Sol, url: 'https://mira.example/'}, Jon Ash]",
    ],
)
def test_what_single_values_say_is_not_said_again(field: str) -> None:
    assert whole(read(f"---\n{field}\n---\n")) == {}


def test_a_list_within_a_map_is_kept_by_its_path() -> None:
    post = read("---\nextra:\n  legs: [Bergen, null, 'null']\n  by: foot\n---\n")
    assert whole(post) == {"extra.legs": ["Bergen", None, "null"]}


# --- Links in fields ---


VAULT = {
    "Oslo.md": "A town.\n",
    "Fjord.md": "---\nzone: '[[Oslo]]'\n---\n",
    "Walk.md": "---\nup: '[[Fjord]]'\nsteps:\n- '[[Oslo#Port|the port]]'\n- '[map](Fjord.md)'\n- by boat\n"
    "source: '[[Oslo]]'\nsummary: From [[Oslo]] on.\npeople: ['[[Mira Sol]]']\n"
    "cover: '[[fjord.png]]'\npaper: '[[deep.pdf#page=2]]'\nsite: '[us](https://walk.example/)'\n---\n"
    "See [[Fjord]].\n\nnear:: [[Oslo]], [[Fjord]]\n",
    "Mira Sol.md": "She walks.\n",
}
EDGES = {
    ("Fjord", "field:zone", "Oslo", "zone"),
    ("Walk", "field:up", "Fjord", "up"),
    ("Walk", "field:steps", "Oslo", "steps"),
    ("Walk", "field:steps", "Fjord", "steps"),
    ("Walk", "schema:isBasedOn", "Oslo", "source"),
    ("Walk", "kg:linksTo", "Oslo", "summary"),
    ("Walk", "kg:linksTo", "Mira Sol", "people"),
    ("Walk", "kg:linksTo", "Fjord", "body"),
    ("Walk", "field:near", "Oslo", "near"),
    ("Walk", "field:near", "Fjord", "near"),
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    put(tmp_path, VAULT)
    return tmp_path


def test_links_in_fields_say_which_field(vault: Path) -> None:
    result = build(vault)
    assert result.diagnostics == ()
    graph = result.knowledge_graph
    found = {
        (graph.nodes[e.source].label, compact(e.predicate), graph.nodes[e.target].label, e.field)
        for e in graph.edges
        if graph.nodes[e.target].kind == "post"
    }
    assert found == EDGES


def test_a_mapped_field_links_by_its_predicate(vault: Path) -> None:
    graph = build(vault, config=Config(fields={"up": FieldEntry(predicate="skos:broader")})).knowledge_graph
    assert [(graph.nodes[e.target].label, compact(e.predicate)) for e in graph.edges if e.field == "up"] == [
        ("Fjord", "skos:broader")
    ]


RDF_FORMATS = {
    "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "ttl": RdfFormat.TURTLE, "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD,
}  # fmt: skip


def test_every_format_tells_lists_and_links_of_fields(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    written = build(vault, tmp_path_factory.mktemp("out"), formats=exporters.names()).written
    files = {path.name: path for path in written}
    triples = {}
    for name, syntax in RDF_FORMATS.items():
        [file] = exporters.get(name).files
        triples[name] = {str(quad.triple) for quad in parse(path=str(files[file]), format=syntax)}
    assert all(found == triples["nq"] for found in triples.values())
    up = "<https://kg.example/post/Walk> <https://kg.example/ns/field/up> <https://kg.example/post/Fjord>"
    assert up in triples["nq"]
    assert sum(JSON in triple and "by boat" in triple for triple in triples["nq"]) == 1
    for name in ("edges.csv", "graph.graphml", "graph.gexf", "graph.json"):
        assert "field:up" in files[name].read_text("utf-8"), name


def test_a_post_that_a_field_leads_to_does_not_stand_alone(vault: Path) -> None:
    result = build(vault)
    alone = list(orphans(result.posts, result.knowledge_graph))
    assert alone == []


# --- Several in one name ---


def test_people_joined_by_and_are_several_where_each_occurs_alone(tmp_path: Path) -> None:
    authors = (
        "Mira Sol and Jon Ash",
        "Jon Ash & Mira Sol",
        "Mira Sol",
        "Jon Ash",
        "Dot and Dash",
        "Mira Sol und Lea Ott",
    )
    for number, author in enumerate(authors):
        (tmp_path / f"{number}.md").write_text(f"---\nauthor: {author}\n---\n", "utf-8")
    posts = read_posts(tmp_path, Config()).posts
    assert [named(post, SCHEMA + "author") for post in posts] == [
        ["Mira Sol", "Jon Ash"],
        ["Jon Ash", "Mira Sol"],
        ["Mira Sol"],
        ["Jon Ash"],
        ["Dot and Dash"],
        ["Mira Sol und Lea Ott"],
    ]
    assert [m.column for m in posts[0].mentions] == [9, 22]
    assert stated(posts[0], FIELD + "author") == ["Mira Sol and Jon Ash"], "what was typed stays"


def test_a_string_of_many_names_is_kept_once() -> None:
    one, many = (read('---\nauthor: "' + "Ada ([@a](/a)), Bob (https://b.example), " * n + '"\n---\n') for n in (1, 9))
    assert len(one.links) == 1
    assert len(many.links) == 9
