"""Front matter in every dialect, and what its values mean: dates, names, lists, addresses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import frontmatter
import pytest

from kg.config import Config, FieldEntry, Limits
from kg.reading.dialects import DIALECTS, find
from kg.reading.names import as_yaml_reads, split
from kg.reading.plain import MultiMarkdown
from kg.reading.posts import Reader
from kg.reading.values import Mapping, Scalar, Sequence, Value
from kg.text.dates import date_in_name, parse_date
from kg.text.filenames import FileName

if TYPE_CHECKING:
    from kg.model import DateOrder, Post


def read(text: str, path: str = "x.md", **settings: object) -> Post:
    post, diagnostics = Reader(Path(), Config(**settings)).parse(path, text.encode())
    assert post is not None, diagnostics
    return post


def names(post: Post, kind: str = "tag") -> list[str]:
    return [mention.name for mention in post.mentions if mention.kind == kind]


def values(post: Post, field: str) -> list[str]:
    return [attribute.value for attribute in post.attributes if attribute.field == field]


def codes(post: Post) -> list[tuple[str, int, int]]:
    return [(d.code, d.line, d.column) for d in post.diagnostics]


SAME = {
    "yaml": "---\ntitle: One post\ndate: 2024-05-01\ntags: [a, 'b c']\nauthor: {name: Ada, url: https://a.example/}\n---\nBody.\n",
    "yaml dots": "\n\n---  \ntitle: One post\ndate: 2024-05-01\ntags:\n- a\n- b c\nauthor:\n  name: Ada\n  url: https://a.example/\n...\nBody.\n",
    "toml": "+++\ntitle = 'One post'\ndate = 2024-05-01\ntags = ['a', \"b c\"]\n[author]\nname = 'Ada'\nurl = 'https://a.example/'\n+++\nBody.\n",
    "json": '{"title": "One post", "date": "2024-05-01",\n "tags": ["a", "b c"],\n "author": {"name": "Ada", "url": "https://a.example/"}}\nBody.\n',
    "json fence": ';;;\n{"title": "One post", "date": "2024-05-01", "tags": ["a", "b c"],'
    ' "author": {"name": "Ada", "url": "https://a.example/"}}\n;;;\nBody.\n',
    "tagged json": '---json\n{"title": "One post", "date": "2024-05-01", "tags": ["a", "b c"],'
    ' "author": {"name": "Ada", "url": "https://a.example/"}}\n---\nBody.\n',
    "tagged toml": "--- toml\ntitle = 'One post'\ndate = 2024-05-01\ntags = ['a', 'b c']\n"
    "author = {name = 'Ada', url = 'https://a.example/'}\n---\nBody.\n",
    "tagged yaml": "---yaml\ntitle: One post\ndate: 2024-05-01\ntags: [a, b c]\nauthor: {name: Ada, url: https://a.example/}\n---\nBody.\n",
}  # fmt: skip


def test_slides_of_mdp_name_their_fields() -> None:
    post = read("%title: Slides\n%author: Ada Lovelace\n%date: 2021-09-14\n\n-> # Hello <-\n")
    assert (post.title, post.date, codes(post)) == ("Slides", "2021-09-14", [])
    assert [(m.name, m.kind) for m in post.mentions] == [("Ada Lovelace", "person")]


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_every_dialect_says_the_same(text: str) -> None:
    post = read(text)
    assert (post.title, post.date) == ("One post", "2024-05-01")
    assert names(post) == ["a", "b c"]
    assert [(m.name, m.homepage) for m in post.mentions if m.kind == "person"] == [("Ada", "https://a.example/")]
    assert codes(post) == []


def test_multimarkdown_and_org() -> None:
    post = read("Title:  One post\nDate: 2024-05-01 10:20\nTags: a, b c\nSummary: two\n    lines\n\nBody.\n")
    assert (post.title, post.date, names(post)) == ("One post", "2024-05-01T10:20:00", ["a", "b c"])
    assert values(post, "Summary") == ["two\nlines"]
    assert [(m.line, m.column) for m in post.mentions] == [(3, 7), (3, 10)]
    post = read("Title: x\nAuthors: Lovelace, Ada; Babbage, Charles;\nTags: a, b\n\nBody.\n")
    people = [(m.name, m.column) for m in post.mentions if m.kind == "person"]
    assert people == [("Lovelace, Ada", 10), ("Babbage, Charles", 25)], "as Pelican has it"
    assert names(post) == ["a", "b"]
    post = read("#+TITLE: One post\n#+FILETAGS: :a:b:\n#+DATE: [2024-05-01]\n\n* Heading\n")
    assert (post.title, names(post)) == ("One post", ["a", "b"])
    post = read("#+TITLE: A\n#+AUTHOR: Ada\n#+AUTHOR: Bob\n#+FILETAGS: :a:\n#+FILETAGS: :b:\n\ntext\n")
    assert (names(post, "person"), names(post), codes(post)) == (["Ada", "Bob"], ["a", "b"], [])


@pytest.mark.parametrize(
    "text",
    [
        "Note: this begins like a field.\nAnd goes on as prose.\n",
        "Question: what?\n\nAnswer.\n",
        "---\n\nA rule, then prose.\n\n---\n\nMore.\n",
        "{% include x %}\n\ntext\n",
        "{: .class}\ntext\n",
        "+++ not a fence\n",
        "--- a dash\n",
        "#+ no key\n",
    ],
)
def test_prose_is_no_front_matter(text: str) -> None:
    assert read(text).dialect == "none"


def tree(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [tree(item) for item in value.items]
    return {key.text: tree(item) for key, item in value.entries}


def places(value: Value) -> list[tuple[str, int, int]]:
    if isinstance(value, Scalar):
        return [(value.text, value.line, value.column)]
    if isinstance(value, Sequence):
        return [place for item in value.items for place in places(item)]
    return [place for key, item in value.entries for place in [(key.text, key.line, key.column), *places(item)]]


TOML = '''+++
title = "a \\u00e9 # no comment" # comment
"quoted key" = 'lit"eral'
a.b . c = 0x1D
when = 1979-05-27 07:32:00
many = """
one
two"""
list = [ 1_000, [1.10, true], # here
  'x', ]
[extra.deep]
inline = { x = 1, y.z = [ ] }
[[people]]
name = "A"
[[people]]
name = "B"
+++
'''


def test_toml_keeps_text_and_places() -> None:
    dialect = next(d for d in DIALECTS if d.name == "toml")
    block = dialect.locate(TOML)
    assert block is not None
    fields = dialect.parse(TOML[block.start : block.end], 2, Limits()).fields
    assert tree(fields) == {
        "title": "a é # no comment",
        "quoted key": 'lit"eral',
        "a": {"b": {"c": "0x1D"}},
        "when": "1979-05-27 07:32:00",
        "many": "one\ntwo",
        "list": ["1_000", ["1.10", "true"], "x"],
        "extra": {"deep": {"inline": {"x": "1", "y": {"z": []}}}},
        "people": [{"name": "A"}, {"name": "B"}],
    }
    lines = TOML.split("\n")
    for text, line, column in places(fields):
        # Every place is where the text, its quote, or its bracket stands.
        there = lines[line - 1][column - 1 :].lstrip("\"'")
        assert there.startswith((text[:1], '"')) or text == "one\ntwo", (text, line)


def test_json_keeps_text_and_places() -> None:
    text = '{\n  "a": 1.10,\n  "b": [null, {"c": "d\\n"}]\n}\n'
    dialect = next(d for d in DIALECTS if d.name == "json")
    block = dialect.locate(text)
    assert block is not None
    fields = dialect.parse(text[block.start : block.end], 1, Limits()).fields
    assert tree(fields) == {"a": "1.10", "b": ["null", {"c": "d\n"}]}
    assert places(fields) == [("a", 2, 3), ("1.10", 2, 8), ("b", 3, 3), ("null", 3, 9), ("c", 3, 16), ("d\n", 3, 21)]


@pytest.mark.parametrize(
    ("text", "kept", "faults"),
    [
        ("+++\ntitle = 'x'\nbad = what\ntags = ['a']\n+++\n", {"title": "x", "tags": ["a"]}, [("KG101", 3)]),
        ("+++\na = 1\na = 2\n+++\n", {"a": "2"}, [("KG102", 3)]),
        ("+++\n[x]\na = 1\nb = ?\n[y]\nc = 3\n+++\n", {"x": {"a": "1"}, "y": {"c": "3"}}, [("KG101", 4)]),
        ("+++\nt = 'open\nu = 'ok'\n+++\n", {"u": "ok"}, [("KG101", 2)]),
        ('{\n"a": 1,\n"b": what,\n"c": 3,\n}\n', {"a": "1", "c": "3"}, [("KG101", 3)]),
        ('{"a": 1, "a": 2}\n', {"a": "2"}, [("KG102", 1)]),
        ('{"a": {"b": 1, "b": 2}}\n', {"a": {"b": "2"}}, [("KG102", 1)]),
        ('{\n"a": {\n"b": 1,\n"c": 2\n},\n}\n', {"a": {"b": "1", "c": "2"}}, [("KG101", 6)]),
        ('{\n"a": 1, "c": [1, 2,\n"d": 2\n}\n', {"a": "1", "d": "2"}, [("KG101", 2)]),
        ('{\n"a": 1,\n"b": {\n"c": 2,\n"d": 3\n}\n', {"a": "1"}, [("KG101", 6)]),
        ("+++\na = 1\n[b c]\nd = 2\n[e]\nf = 3\n+++\n", {"a": "1", "e": {"f": "3"}}, [("KG101", 3)]),
        ('+++\na = """\nb = 1\n"""\nc = what\nd = 2\n+++\n', {"a": "b = 1\n", "d": "2"}, [("KG101", 5)]),
        ('+++\na = 1\nb = """\nc = 2\n""\nd = """\ne\n"""\nf = 3\n+++\n', {"a": "1", "f": "3"}, [("KG101", 3)]),
        ("+++\na = [\n'x',\nb = 2\n+++\n", {"b": "2"}, [("KG101", 3)]),
        ("+++\na = {\n  x = 1, # one\n}\nb = 2024-05-01 10:30\n+++\n", {"a": {"x": "1"}, "b": "2024-05-01 10:30"}, []),
        ("+++\n+++\n", {}, []),
        ("{}\n", {}, []),
    ],
)
def test_a_bad_statement_costs_only_itself(text: str, kept: object, faults: list[tuple[str, int]]) -> None:
    dialect, block = next((d, b) for d in DIALECTS if (b := d.locate(text)))
    parsed = dialect.parse(text[block.start : block.end], text.count("\n", 0, block.start) + 1, Limits())
    assert tree(parsed.fields) == kept
    assert [(p.code, p.line) for p in parsed.problems] == faults


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: type(d).__name__)
def test_python_frontmatter_accepts_every_handler(dialect: object) -> None:
    text = SAME["toml"] if getattr(dialect, "name", "") == "toml" else SAME["yaml"]
    if dialect.detect(text):  # type: ignore[attr-defined]
        post = frontmatter.loads(text, handler=dialect)
        assert post.content == "Body."
        assert isinstance(post["title"], Scalar)
    assert isinstance(DIALECTS[0].parse("a: b", 1, Limits()).fields, Mapping)


# --- Dates ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2016-8-2", "2016-08-02"),
        ("2024/5/1", "2024-05-01"),
        ("2024.05.01", "2024-05-01"),
        ("20240501", "2024-05-01"),
        ("2024年5月1日", "2024-05-01"),
        ("May 1, 2024", "2024-05-01"),
        ("1st May 2024", "2024-05-01"),
        ("Wed, 01 May 2024 10:20:30 +0200", "2024-05-01T10:20:30+02:00"),
        ("01 Sept 2024", "2024-09-01"),
        ("31/12/2024", "2024-12-31"),
        ("12/31/2024", "2024-12-31"),
        ("2024-05-01T10:20", "2024-05-01T10:20:00"),
        ("2024-05-01 10:20:30.123456789 +02:00", "2024-05-01T10:20:30.123456789+02:00"),
        ("2024-05-01 10:20 PM", "2024-05-01T22:20:00"),
        ("2024-05-01 12:20 am", "2024-05-01T00:20:00"),
        ("2024-05-01 10:20:30 UTC", "2024-05-01T10:20:30Z"),
        ("2024-05-01 23:59:59 -0930", "2024-05-01T23:59:59-09:30"),
        ("2024-05-01T10:20:30Z", "2024-05-01T10:20:30Z"),
        ("[[2024-05-01]]", "2024-05-01"),
        ("  2024-05-01  ", "2024-05-01"),
        ("2024-02-29", "2024-02-29"),
        ("2024-05-01 +0800", "2024-05-01"),
        ("27. 2. 2025", "2025-02-27"),
        ("2024-05-01T10:00:00.٥+01:٣٠", "2024-05-01T10:00:00.5+01:30"),
        ("２０２４年５月１日", "2024-05-01"),
        ("Wed May 01 2024 10:00:00 GMT+0200 (Central European Summer Time)", "2024-05-01T10:00:00+02:00"),
    ],
)
def test_dates_that_are_certain(text: str, value: str) -> None:
    read_date = parse_date(text)
    assert (read_date.value, read_date.doubt) == (value, "")
    assert read_date.datatype.endswith("dateTime" if "T" in value else "date")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fri Sep  3 11:21:31 CEST 2021", "2021-09-03"),
        ("2017-02-10 00:10::00 -03:00", "2017-02-10"),
        ("2024-05-01 10:20:30 America/New_York", "2024-05-01"),
        ("2024-05-01 25:00", "2024-05-01"),
        ("1714521600", "2024-05-01T00:00:00Z"),
        ("0000-00-00", ""),
        ("2024", ""),
        ("2024-05", ""),
        ("5/2024", ""),
        ("May 2024", ""),
        ("YYYY-MM-DD", ""),
        ("2017-12-XX", ""),
    ],
)
def test_dates_in_part(text: str, value: str) -> None:
    read_date = parse_date(text)
    assert read_date.value == value
    assert read_date.doubt


@pytest.mark.parametrize(
    "text", ["2024-13-01", "2024-02-30", "01/02/2024", "now", "yesterday", "", "soon", "5 Foo 2024", "99999999", "-1"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="write YYYY-MM-DD"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("03.08.2015", "day-first", "2015-08-03"),
        ("3/8/2015 15:00", "day-first", "2015-08-03T15:00:00"),
        ("03/08/2015", "month-first", "2015-03-08"),
        ("31/08/2015", "month-first", "2015-08-31"),
        ("08/31/2015", "day-first", "2015-08-31"),
        ("08/08/2015", "", "2015-08-08"),
    ],
)
def test_the_order_of_day_and_month_can_be_set(text: str, order: DateOrder, value: str) -> None:
    assert parse_date(text, order).value == value
    post = f"---\ndate: {text}\n---\n"
    assert read(post, dates=order).date == value


def test_full_stops_are_never_month_first() -> None:
    with pytest.raises(ValueError, match="two days"):
        parse_date("03.08.2015", "month-first")


def test_a_date_of_a_file_name_counts_where_no_field_does() -> None:
    assert read("text", "2024-05-01-x.md").date == "2024-05-01"
    assert read("text", "2024-05-01-x.md").title == "x"
    assert read("---\ndate: 2023-01-01\n---\n", "2024-05-01-x.md").date == "2023-01-01"
    assert read("text", "a/2024-05-01-x/index.md").date == "2024-05-01"
    assert read("text", "v2024-05-01.md").date == ""
    assert read("text", "blog/2024/05-01-x/index.mdx").date == "2024-05-01"
    assert read("---\ndate: 2023-01-01\n---\n", "2024/05/01/x.md").date == "2023-01-01"
    assert (read("text", "2024/05-2 of x.md").date, read("text", "2024/05/01-x.md").date) == ("", "")
    assert date_in_name("2024-13-01-x") == ""
    assert FileName.of("x.zh-cn.md").language == "zh-CN"
    assert FileName.of("pages/Chapter 1%3A what%3F 50%25.md").title == "Chapter 1: what? 50%"
    assert FileName.of("100% of %FF%FE.md").title == "100% of %FF%FE"
    assert FileName.of("x.js.md") == FileName("x.js", "", "", jekyll=False, draft=False)


@pytest.mark.parametrize(
    ("text", "date", "draft"),
    [
        ("date: 2024-01-01\npubDate: 2024-02-02", "2024-01-01", False),
        ("pubDate: 2024-02-02\ndate: 2024-01-01", "2024-01-01", False),
        ("published: 2024-03-03", "2024-03-03", False),
        ("published: false", "", True),
        ("published: true", "", False),
        ("publish: no", "", True),
        ("draft: yes", "", True),
    ],
)
def test_dates_and_drafts(text: str, date: str, draft: bool) -> None:
    post = read(f"---\n{text}\n---\n")
    assert (post.date, post.draft) == (date, draft)
    assert sum(a.predicate.endswith("/datePublished") for a in post.attributes) == bool(date)


# --- Names ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tags: [a, b]", ["a", "b"]),
        ("tags: a", ["a"]),
        ("tags: a, b", ["a", "b"]),
        ("tags: a、b；c，d;e", ["a", "b", "c", "d", "e"]),
        ("tags: |\n  a\n  b", ["a", "b"]),
        ("tags: ['a, b']", ["a, b"]),
        ("tags: [[a, b], c]", ["a", "b", "c"]),
        ("tags: [a, null, ~, '', 'null', Null, b]", ["a", "null", "Null", "b"]),
        ("tags: [1, 1.10, 0x1D, yes, 12:30]", ["1", "1.10", "0x1D", "yes", "12:30"]),
        ("tags: {label: a, permalink: /a}", ["a"]),
        ("tags:", []),
        ("tags: null", []),
        ("TAGS: [a]\nkeywords: [b]", ["a", "b"]),
        ("tags: ['[[a]]', '[[x/b|c]]']", ["a", "b"]),
        ("tags: '[[a]], [[b]]'", ["a", "b"]),
        ("tags: 1,000 things", ["1,000 things"]),
        ("tags: AT&amp;T; b", ["AT&amp;T", "b"]),
        ("tags: ['#a', '#', 'C#', '#!x']", ["a", "#", "C#", "#!x"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(read(f"---\n{text}\n---\n")) == expected


def test_a_string_that_was_split_is_kept_as_typed() -> None:
    post = read("---\npeople: 张三、李四\n---\n")
    assert names(post, "person") == ["张三", "李四"]
    assert values(post, "people") == ["张三、李四"]
    assert [(m.line, m.column) for m in post.mentions] == [(2, 9), (2, 12)]
    assert codes(post) == [("KG114", 2, 9)]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# 一、下载\n\n文。\n\n# 二、安装\n", "x"),
        ("# 1. Fetch\n\n# 2. Install\n", "x"),
        ("# 1. Fetch\n\nText.\n\n## 2. Install\n", "1. Fetch"),
        ("# 1. Fetch\n\n# Install\n", "1. Fetch"),
        ("# 1.5 million\n\n# 2. Install\n", "1.5 million"),
    ],
)
def test_a_heading_with_a_number_names_a_part_if_others_have_one(body: str, title: str) -> None:
    assert read(body, "notes/x.md").title == title


def test_blanks_separate_only_in_jekyll() -> None:
    text = "---\ncategories: a b\ntags: c d\nauthor: Ada Lovelace\n---\n"
    assert names(read(text, "_posts/2024-01-01-x.md")) == ["c", "d"]
    assert names(read(text, "_posts/2024-01-01-x.md"), "category") == ["a", "b"]
    assert names(read(text, "_posts/2024-01-01-x.md"), "person") == ["Ada Lovelace"]
    assert names(read(text, "_drafts/x.md")) == ["c", "d"]
    assert names(read(text, "source/_posts/x.md")) == ["c d"], "Hexo"
    assert names(read(text, "posts/x.md")) == ["c d"]


def test_where_text_goes_into_pages_as_it_is_it_is_what_readers_see() -> None:
    title, rest = "Q&amp;A &#8211; caf&eacute;", "tags: [AT&amp;T, AT&T]\nslug: q&amp;a"
    text = f"---\ntitle: {title}\ndescription: R&amp;D &copy &nosuch;\n{rest}\n---\n"
    post = read(text, "_posts/2024-01-01-x.md")
    typed, shown = "Q&amp;A &#8211; caf&eacute;", "Q&A – café"
    assert (post.title, values(post, "title")) == (shown, [typed, shown])
    assert (values(post, "slug"), names(post)) == (["q&amp;a"], ["AT&T", "AT&T"])
    assert "R&D &copy &nosuch;" in values(post, "description")
    assert read(text, "posts/x.md").title == typed


@pytest.mark.parametrize(("tags", "told"), [("graph rdf", 1), ("Art of Computing", 0), ("salt and pepper", 0)])
def test_a_phrase_with_a_small_word_is_one_name(tags: str, told: int) -> None:
    post = read(f"---\ntags: {tags}\n---\n")
    assert names(post) == [tags]
    assert codes(post) == [("KG114", 2, 7)] * told


def test_fields_for_one_name_keep_their_commas() -> None:
    post = read("---\nseries: A, B\ncategory: C; D\nproject: E、F\n---\n")
    assert [m.name for m in post.mentions] == ["A, B", "C; D", "E、F"]


def test_split_guards_quotes_brackets_and_companies() -> None:
    found = [name.text for name in split("《甲、乙》、“c, d”, Acme, Inc., (e; f) g")]
    assert found == ["《甲、乙》", "“c, d”", "Acme, Inc.", "(e; f) g"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("0123", "83"), ("0x1D", "29"), ("1_000", "1000"), ("1.10", "1.1"), ("12:30", "750"), ("no", "false"),
        ("On", "true"), ("NULL", "null"), ("1.0e+3", "1000.0"), ("0b11", "3"), ("+5", "5"),
        ("2024", ""), ("1e3", ""), ("09:30", ""), ("089", ""), ("true", ""), ("a", ""), ("1.1", ""), ("-", ""),
        ("2024-01-01", ""), (".", ""),
    ],
)  # fmt: skip
def test_as_yaml_reads(text: str, other: str) -> None:
    import yaml

    assert as_yaml_reads(text) == other
    if other:
        typed = yaml.safe_load(text)
        words = {True: "true", False: "false", None: "null"}
        shown = words[typed] if isinstance(typed, bool | None) else str(typed)
        assert shown == other, "PyYAML agrees"


# --- Other values ---


def test_objects_keep_every_part() -> None:
    post = read("---\npeople:\n  - {name: Ada, role: chair, born: {year: 1815}}\n  - {role: guest}\n---\n")
    assert names(post, "person") == ["Ada"]
    assert values(post, "people")[:-1] == ["chair", "1815", "guest"]
    whole = [{"name": "Ada", "role": "chair", "born": {"year": "1815"}}, {"role": "guest"}]
    assert json.loads(values(post, "people")[-1]) == whole
    assert {a.predicate.rpartition("/")[2] for a in post.attributes if a.field == "people"} == {
        "people",
        "people.role", "people.born.year",
    }  # fmt: skip


def test_property_links() -> None:
    post = read('---\nrelated: "[[A note|words]]"\npeople: ["[[people/Ada]]"]\ntags: ["[[t]]"]\n---\n')
    assert [(link.target, link.style, link.line, link.column) for link in post.links] == [
        ("A note", "property", 2, 10), ("people/Ada", "name", 3, 10), ("t", "name", 4, 8),
    ]  # fmt: skip
    assert values(post, "related") == ["[[A note|words]]"]
    assert names(post, "person") == ["Ada"]


def test_a_field_of_the_users_own_may_name_the_post() -> None:
    entry = FieldEntry(predicate="kg:permalink", datatype="xsd:string")
    post = read("---\npath: /here/\n---\n", fields={"path": entry})
    assert post.aliases == ("/here/",)


def test_aliases_in_one_string() -> None:
    assert read("---\naliases: One, Two\n---\n").aliases == ("One, Two", "One", "Two")
    assert read("---\naliases: [One, 'Two, three']\n---\n").aliases == ("One", "Two, three")


def test_language_of_text_with_foreign_words() -> None:
    assert read("---\ntitle: Заметка про Python и Django\n---\nТекст про GitHub.\n").language == ""
    assert read("---\ntitle: Заметка про Python\n---\nТекст.\n", language="ru").language == "ru"
    assert read("---\ntitle: A note on Привет\n---\nMostly English text here.\n").language == ""
    assert read("---\ntitle: A note on Привет\n---\nMostly English text here.\n", latin="en").language == "en"


def test_mdx_programs_are_never_run(tmp_path: Path) -> None:
    program = f"export const meta = {{title: require('fs').writeFileSync('{tmp_path}/PWNED', '')}}"
    post = read(f"{program}\n\n# Shown\n", "x.mdx")
    assert post.title == "Shown"
    assert codes(post) == [("KG117", 1, 1)]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "path", "people"),
    [
        ('---\nauthor: "Marlow, Iris"\n---\n', "_posts/2012-02-16-a.md", ["Marlow, Iris"]),
        ("---\nauthors: Iris, Bob\n---\n", "_posts/2012-02-16-a.md", ["Iris", "Bob"]),
        ("Title: B\nDate: 2011-01-01\nAuthor: Marlow, Iris\n\nText.\n", "x.md", ["Marlow, Iris"]),
        (
            "Title: B\nDate: 2011-01-01\nAuthors: Marlow, Iris; Noyce, Bob\n\nText.\n",
            "x.md",
            ["Marlow, Iris", "Noyce, Bob"],
        ),
        ("---\nauthor: Iris, Bob\n---\n", "x.md", ["Iris", "Bob"]),
        ("---\nauthor: Marlow, Iris; Noyce, Bob\n---\n", "x.md", ["Marlow, Iris", "Noyce, Bob"]),
        ("---\nauthor: Iris; Bob\n---\n", "x.md", ["Iris", "Bob"]),
    ],
)
def test_family_name_first(text: str, path: str, people: list[str]) -> None:
    assert names(read(text, path), "person") == people


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("tags: 'News,'", ["News"]),
        ("tags: '、'", []),
        ("tags: ',;'", []),
        ("tags: ['News,', '、', 'a；', ', b']", ["News", "a", "b"]),
        ("tags: 'a, b,'", ["a", "b"]),
        ("tags: [R&amp;, ';-)', 'C;']", ["R&amp;", ";-)", "C"]),
    ],
)
def test_a_separator_is_no_name_nor_part_of_one(field: str, expected: list[str]) -> None:
    assert names(read(f"---\n{field}\n---\n")) == expected


def test_a_separator_too_many_is_told_and_kept() -> None:
    post = read("---\ntags: 'News,'\n---\n")
    assert codes(post) == [("KG114", 2, 7)]
    assert ("tags", "News,") in {(a.field, a.value) for a in post.attributes}


def test_json_of_hexo_has_neither_braces_nor_an_opening_fence() -> None:
    for text in ('"title": "T",\n"tags": ["a"]\n;;;\nx\n', ';;;\n"title": "T",\n"tags": ["a"]\n;;;\nx\n'):
        found = find(text)
        assert found is not None
        dialect, block = found
        fields = dialect.parse(text[block.start : block.end], 1, Limits()).fields
        assert [(key.text, key.line, key.column) for key, _value in fields.entries] == [("title", 1, 1), ("tags", 2, 1)]
        assert text[block.body :] == "x\n"


def test_nikola_keeps_its_fields_in_a_comment() -> None:
    text = "<!--\n.. title: T: one\n.. tags: a, b\n-->\n\nx\n"
    found = find(text)
    assert found is not None
    dialect, block = found
    fields = dialect.parse(text[block.start : block.end], 2, Limits()).fields
    (title, value), (tags, names) = fields.entries
    assert (title.text, title.line, title.column, value) == ("title", 2, 4, Scalar("T: one", 2, 11))
    assert isinstance(names, Sequence)
    assert (tags.text, [item.text for item in names.items]) == ("tags", ["a", "b"])
    assert find("<!--\n.. note: x\n-->\n") is None


def test_lines_of_a_list_are_its_items() -> None:
    parsed = MultiMarkdown().parse("Authors: Ada; Bob\n    Cy\nTags: one\nCategories:\n  - a b\n  - c\n", 1, Limits())
    items = {key.text: [(i.text, i.line, i.column) for i in value.items] for key, value in parsed.fields.entries[::2]}
    assert items == {
        "Authors": [("Ada", 1, 10), ("Bob", 1, 15), ("Cy", 2, 5)],
        "Categories": [("a b", 5, 5), ("c", 6, 5)],
    }
    assert not parsed.problems
