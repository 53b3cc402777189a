"""One fault in one field leaves every other field as it was, or says in which lines it was left out; and it adds none.

The documents are made up, and in the shapes of the test suites of YAML (https://github.com/yaml/yaml-test-suite), TOML
(https://github.com/toml-lang/toml-test) and JSON (https://github.com/nst/JSONTestSuite).
"""

from __future__ import annotations

# ruff: noqa: E501  documents are easier to read in one line
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.config import Limits
from kg.reading.dialects import find
from kg.reading.json import Json
from kg.reading.slips import slips
from kg.reading.toml import Toml
from kg.reading.values import Mapping, Scalar, Sequence, Value
from kg.reading.yaml import Yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.reading.dialect import Dialect

YAML = [
    "title: Maps\ndate: 2024-05-01\ntags: [a, 'b c', \"d\"]\nauthor:\n  name: Ada\n  url: https://ada.example/\ndraft: no\n",
    "editor: &p Ada\nparams: {\ntitle: Inner,\nauthor: Bob\n}\nreader: *p\nslug: x\n",
    "title: Part one\nlong: |+\n  author: Eve\n\n  # no comment\n\nfolded: >-\n  a\n  b: c\nlast: x\n",
    "tags:\n- one\n- 'two'\n- [three, four]\npeople:\n  - name: Ada\n    role: \"chair\"\n  - name: Cy\nlast: y\n",
    "base: &b {x: 1, y: [2, 3]}\nmore:\n  <<: *b\n  z: 4\nagain: *b\nlast: end\n",
    "summary: 'it''s long\n  and: goes on'\nnote: \"a \\\"b\\\" c\\\n  d\"\n? category\n: Maps\nlast: z\n",
    "{title: Maps, tags: [a, 'b, c', \"d\"], extra: {x: {y: 1}, z: [2, {w: 3}]}, last: y}\n",
    "{a: [1, b: 2, c: [3]], d: it's, 'e f': \"g, h: i\", j: 'k, l',\n  m: n, o: {p, q: r}, last: 'it''s'}\n",
    "# a comment\ntitle: x # and one\nempty:\nlist: [\n  a, # c\n  {b: c},\n]\nlast: 'q'\n",
]  # fmt: skip
TOML = [
    "title = 'Maps'\ndate = 2024-05-01\ntags = ['a', \"b\", 'c=d']\ndraft = false\nlast = 1\n",
    'title = "Post"\nsummary = """\nA sample:\nauthor = "Bob"\n[extra]\nx = 1\n"""\nweight = 1\nlast = 2\n',
    "a = '''\nb = 1\n'''\nc = \"\"\"\nd = 2\"\"\"\ne = 3\nlast = 4\n",
    "title = 'x'\n[author]\nname = 'Ada'\nurl = 'y'\n[extra]\nlist = [\n  'a', # c\n  [1, 2],\n]\nlast = {x = 1, y = [2]}\n",
    "title = 'x'\n[[people]]\nname = 'A'\n[[people]]\nname = 'B'\n[taxonomies]\ntags = ['a']\n",
    "list = [\n[1, 2],\n[3]\n]\ndotted.key = 'x'\n'quoted key' = 1\nlast = 2\n",
]  # fmt: skip
JSON = [
    '{\n  "title": "Maps",\n  "tags": ["a", "b, c"],\n  "extra": {\n    "author": "Bob",\n    "x": [1, {"y": 2}]\n  },\n  "n": 1\n}',
    '{"title": "One line", "tags": ["a", "b"], "extra": {"author": "Bob", "x": {"y": 1}}, "n": 1}',
    '{\n"title": "x",\n"extra": {\n"author": "Bob",\n"list": [\n{"name": "A"},\n{"name": "B"}\n]\n},\n"text": "a \\"b\\" {c} [d]",\n"n": null\n}',
]  # fmt: skip
SIGNS = "\"'[]{}:,#=-x \\"
ALIASED = {"reader", "more", "again"}
"""Fields of the documents that say what another one says."""
FATAL = {"KG101", "KG104", "KG105", "KG116"}


def plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {key.text: plain(item) for key, item in value.entries}


def ranges(dialect: Dialect, source: str, fields: Mapping) -> dict[str, list[tuple[int, int]]]:
    """By key, the offsets of all parts of a field: from its key, or the header of its table, to the next."""
    begins = [0, *(match.end() for match in re.finditer("\n", source))]
    starts: dict[int, str] = {}
    for key, value in fields.entries:
        starts[begins[key.line - 1] + key.column - 1 - (key.quoted and dialect.name == "yaml")] = key.text
        for table in value.items if isinstance(value, Sequence) and dialect.name == "toml" else ():
            if isinstance(table, Mapping):
                starts[begins[table.line - 1]] = key.text
    if dialect.name == "toml":
        starts = {source.rfind("\n", 0, at) + 1: key for at, key in starts.items()}
    found: dict[str, list[tuple[int, int]]] = {}
    for start, end in pairwise([*sorted(starts), len(source)]):
        found.setdefault(starts[start], []).append((start, end))
    return found


def edits(source: str, start: int, end: int) -> Iterator[str]:
    for at in range(start, end):
        yield source[:at] + source[at + 1 :]
        yield source[: at + 1] + source[at:]
        for sign in SIGNS:
            yield source[:at] + sign + source[at:]


def told(message: str) -> Iterator[int]:
    for first, last in re.findall(r"lines? (\d+) (?:to (\d+) are|is) left out", message):
        yield from range(int(first), int(last or first) + 1)


def check(dialect: Dialect, good: str, key: str, bad: str) -> None:
    """What the faulty document says of all fields but one."""
    before = dialect.parse(good, 1, Limits()).fields
    parsed = dialect.parse(bad, 1, Limits())
    if not any(problem.code in FATAL for problem in parsed.problems):
        return  # still a document of its kind, though another one
    after = {key.text: value for key, value in parsed.fields.entries}
    lines = {problem.line for problem in parsed.problems}
    lines.update(line for problem in parsed.problems for line in told(problem.message))
    moved = bad.count("\n") - good.count("\n")
    fault = next(entry for entry in before.entries if entry[0].text == key)
    for name, value in before.entries:
        if name.text == key:
            continue
        found = after.pop(name.text, None)
        if dialect.name == "yaml" and f"{key}: &" in good and name.text in ALIASED:
            continue
        if found is None or plain(found) != plain(value):
            assert found is None or isinstance(found, Sequence), (bad, name.text, parsed)  # some tables of an array
            line = name.line + (moved if name.line > fault[0].line else 0)
            assert {line, name.line} & lines, (bad, name.text, parsed)
    added = [name for name in after if name != key]
    assert len(added) <= (key not in after), (bad, added, parsed)
    places = {name.text: name.line for name, _value in parsed.fields.entries}
    assert all(places[name] in (fault[0].line, fault[0].line + moved) for name in added), (bad, added, parsed)


CASES = [
    (dialect, source) for dialect, sources in ((Yaml(), YAML), (Toml(), TOML), (Json(), JSON)) for source in sources
]


@pytest.mark.parametrize(("dialect", "good"), CASES, ids=[f"{dialect.name}{i}" for i, (dialect, _) in enumerate(CASES)])
def test_any_character_of_a_suites_document(dialect: Dialect, good: str) -> None:
    parsed = dialect.parse(good, 1, Limits())
    assert not parsed.problems
    for key, parts in ranges(dialect, good, parsed.fields).items():
        for start, end in parts:
            for bad in edits(good, start, end):
                check(dialect, good, key, bad)


TEXT = st.text("ab \"'[]{}:,#-=é\\", max_size=12)
VALUES = st.recursive(
    TEXT | st.integers(0, 99) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.text("abcdef", min_size=1, max_size=5), VALUES, min_size=2, max_size=5)


def toml(fields: dict[str, object]) -> str:
    """TOML with the maps of the top as tables."""

    def value(of: object) -> str:
        if isinstance(of, dict):
            return "{" + ", ".join(f"{key} = {value(inner)}" for key, inner in of.items()) + "}"
        if isinstance(of, list):
            return "[" + ",\n  ".join(map(value, of)) + "]"
        return json.dumps(of, ensure_ascii=False)

    plain_ones = "".join(f"{key} = {value(of)}\n" for key, of in fields.items() if not isinstance(of, dict))
    tables = (
        f"[{key}]\n" + "".join(f"{inner} = {value(one)}\n" for inner, one in of.items())
        for key, of in fields.items()
        if isinstance(of, dict)
    )
    return plain_ones + "".join(tables)


WRITERS = [
    (Yaml(), lambda fields: pyyaml.safe_dump(fields, allow_unicode=True, sort_keys=False)),
    (Yaml(), lambda fields: pyyaml.safe_dump(fields, allow_unicode=True, default_style='"', width=30, sort_keys=False)),
    (Toml(), toml),
    (Json(), lambda fields: json.dumps(fields, indent=2, ensure_ascii=False)),
    (Json(), json.dumps),
    (Yaml(), lambda fields: pyyaml.safe_dump(fields, default_flow_style=True, allow_unicode=True, sort_keys=False)),
    (Yaml(), lambda fields: json.dumps(fields, ensure_ascii=False)),
]


@settings(max_examples=300)
@given(FIELDS, st.sampled_from(WRITERS), st.data())
def test_any_fault_in_a_document_that_was_made_up(fields, writer, data) -> None:
    dialect, write = writer
    good = write(fields)
    parsed = dialect.parse(good, 1, Limits())
    assert not [problem for problem in parsed.problems if problem.code in FATAL]
    parts = [(key, at) for key, spans in ranges(dialect, good, parsed.fields).items() for at in spans]
    key, (start, end) = data.draw(st.sampled_from(parts))
    at = data.draw(st.integers(start, end - 1))
    check(dialect, good, key, data.draw(st.sampled_from(list(edits(good, at, at + 1)))))


def test_what_goes_on_at_the_first_column_is_no_field() -> None:
    parsed = Yaml().parse('summary: "A long\nauthor: Bob"\nbad: a: b\nlast: y\n', 1, Limits())
    assert plain(parsed.fields) == {"summary": "A long author: Bob", "bad": "a: b", "last": "y"}
    assert [(problem.code, problem.line) for problem in parsed.problems] == [("KG101", 3)]


def test_several_links_without_quotes_are_kept_and_cost_no_other_field() -> None:
    parsed = Yaml().parse("tags: [[a]], #b\nup: [[c]] [[d]]\nlast: y\n", 1, Limits())
    assert plain(parsed.fields) == {"tags": "[[a]], #b", "up": "[[c]] [[d]]", "last": "y"}
    assert [(problem.code, problem.line) for problem in parsed.problems] == [("KG128", 1), ("KG128", 2)]


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ('{\n  "a": 1,\n  ="b": 2,\n  "c": [3]\n}', {"a": "1", "b": "2", "c": ["3"]}),
        ('{\n  "a": {\n    "x": 1\n  },\n  "b": {}},\n  "c": 3\n}', {"a": {"x": "1"}, "c": "3"}),
        ('{"a": 1, "b": [2]], "c": 3}', {"a": "1", "c": "3"}),
        ('{"a": 1, "b": x", "c": 3}', {"a": "1", "c": "3"}),
    ],
)
def test_members_of_json_above_and_below_a_fault_are_kept(bad: str, kept: dict[str, object]) -> None:
    assert plain(Json().parse(bad, 1, Limits()).fields) == kept


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ("{a: 1, b: [x, c: [3], d: 4}", {"a": "1", "c": ["3"], "d": "4"}),  # a list left open
        ("{a: 1, b: [x]], c: 3, d: 4}", {"a": "1", "c": "3", "d": "4"}),
        ("{a: 1, b: {2024, c: 3, d: 4}", {"a": "1", "c": "3", "d": "4"}),
        ("{a: 1}, b: 2, c: {d: 4}}", {"b": "2", "c": {"d": "4"}}),
        ("{a: {b: 1}, c: 2}, d: 3}", {"d": "3"}),  # `c` may be in `a`
        ("{a: 1, b: 'x, c: 3, d: [4], e: 5}", {"a": "1", "d": ["4"], "e": "5"}),  # `c` may be text, `d` hardly
        ('{a: 1, b: "x, author: Bob, c: 3}', {"a": "1"}),
        ('{"a: "x, author: Bob", "c": [3]}', {"a": "x, author: Bob", "c": ["3"]}),
        ('{"a": 1, "b": "x"y, c: "", "d": 4}', {"a": "1", "d": "4"}),
        ("{a: 1, b: #x, c: [3]}", {"a": "1", "c": ["3"]}),
        ("{a: 1,# b: 2, c: 3}", {"a": "1", "b": "2", "c": "3"}),
        ("{\n  a: [1,\n  b: 'x,\n  c: 3\n}", {"c": "3"}),
        ("{\n  a: [1,\n  b: {x: 2},\n  c: d}\n}", {"b": {"x": "2"}}),
    ],
)
def test_members_of_a_map_in_braces_around_a_fault_are_kept(bad: str, kept: dict[str, object]) -> None:
    parsed = Yaml().parse(bad, 1, Limits())
    assert plain(parsed.fields) == kept
    assert parsed.problems


def test_a_member_that_needs_a_faulty_one_is_no_traceback() -> None:
    for bad in ("{ &a [a, &b b]: *b, *a : [c, *b, d]}", "{a: [&b x, c: *b, d: 1}"):
        parsed = Yaml().parse(bad, 1, Limits())
        assert parsed.problems


def test_members_that_a_comment_hides_are_told() -> None:
    parsed = Yaml().parse("{a: 1,\n b: #[], c: 2,\n d: 3}\n", 1, Limits())
    assert plain(parsed.fields) == {"a": "1", "b": "", "d": "3"}
    assert 2 in [problem.line for problem in parsed.problems]


@pytest.mark.parametrize(
    ("dialect", "bad", "code"),
    [
        (Yaml(), "a: ''b: x\nc: 1\n", "KG116"),
        (Yaml(), "a: [x]b: y\nc: 1\n", "KG116"),
        (Toml(), "a = ''b = 'x'\nc = 1\n", "KG101"),
    ],
)
def test_fields_that_a_lost_line_break_joined_are_told_apart(dialect: Dialect, bad: str, code: str) -> None:
    parsed = dialect.parse(bad, 1, Limits())
    assert [key.text for key, _value in parsed.fields.entries] == ["a", "b", "c"]
    assert [problem.code for problem in parsed.problems] == [code]


def test_a_blank_before_a_key_costs_no_field_above_it() -> None:
    for blank in (" ", "\t"):
        parsed = Yaml().parse(f"a: x\n{blank}b: y\nc:\n- z\n{blank}d: 1\ne: v\n", 1, Limits())
        assert plain(parsed.fields) == {"a": "x", "c": ["z"], "e": "v"}
        assert [problem.line for problem in parsed.problems] == [2, 5]
    for blanks in ("   ", "\t\t"):
        parsed = Yaml().parse(f"a: 'x'\n{blanks}b: y\nc: [z]\n{blanks}d:\ne: v\n", 1, Limits())
        assert plain(parsed.fields) == {"a": "x", "c": ["z"], "e": "v"}
        assert [problem.line for problem in parsed.problems] == [2, 4]
    parsed = Yaml().parse("b: '\na:\n- x: ''\n  y: []\nc: z\n", 1, Limits())
    assert "y" not in plain(parsed.fields)


def test_a_bracket_too_many_in_toml_costs_no_field_above_it() -> None:
    parsed = Toml().parse("a = [1]\nb = [2]]\nc = 3\n[d]\ne = 4\n", 1, Limits())
    assert plain(parsed.fields) == {"a": ["1"], "c": "3", "d": {"e": "4"}}


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ("a = [1,\n  2][b]\nc = 3\n[d]\ne = 4\n", {"d": {"e": "4"}}),
        ("[a]\nb = [1,\n  ['x']]\n[c=]\nd = 1\n", {"a": {"b": ["1", ["x"]]}}),
        ("[a]\nb = 1\n[a]\nb = 2\n[c]\nd = 3\n", {"a": {"b": "1"}, "c": {"d": "3"}}),
        ("[,a]# x\n#[b]\nc = 1\n[d]\ne = 2\n", {"d": {"e": "2"}}),
    ],
)
def test_what_stands_below_a_header_that_nobody_knows_is_in_no_other_table(bad: str, kept: dict[str, object]) -> None:
    parsed = Toml().parse(bad, 1, Limits())
    assert plain(parsed.fields) == kept
    assert parsed.problems


def test_lines_that_are_left_out_are_named() -> None:
    parsed = Yaml().parse("title: x\nparams: {\nauthor: Bob\ntitle: Inner\n}\nlast: y\n", 1, Limits())
    assert plain(parsed.fields) == {"title": "x", "last": "y"}
    assert "lines 2 to 5 are left out" in parsed.problems[0].message


@pytest.mark.parametrize("sign", ["]", "}", "[", '{"a":'])
def test_brackets_without_end_are_no_traceback(sign: str) -> None:
    text = '{"title": "x", "a": 1, "b" 2, "c": ' + sign * 3000 + "\n}\n"
    parsed = Json().parse(text, 1, Limits())
    assert parsed.problems


LINES = {
    "multimarkdown": "Title: My Post: part one\nDate: 2024-05-01 10:20\nTags: one, two three\nAuthors: Ada; Bob\n    Cy\n"
    "Summary: x\n\nBody.\n",
    "org": "#+TITLE: My Post\n#+AUTHOR: Ada\n#+FILETAGS: :one:two:\n\n#+DATE: 2024-05-01\n#+DRAFT: t\n\nBody.\n",
    "nikola": "<!--\n.. title: My Post\n.. date: 2024-05-01\n.. tags: one, two\n.. author: Ada\n-->\n\nBody.\n",
    "yaml": "title: My Post\ndate: 2024-05-01\nauthor: 'Ada'\ntags:\n- one\n- two\n\n---\n\nBody.\n",
    "json": '"title": "My Post",\n"date": "2024-05-01",\n"tags": ["one", "two"],\n"author": "Ada"\n;;;\n\nBody.\n',
}


def found_in(text: str) -> tuple[str, dict[str, tuple[int, object]], set[int]]:
    """The dialect, the line and value of each field, and all lines of which something is said."""
    found = find(text)
    if found is None:
        return "none", {}, {problem.line for problem in slips(text)}
    dialect, block = found
    parsed = dialect.parse(text[block.start : block.end], text.count("\n", 0, block.start) + 1, Limits())
    problems = (*parsed.problems, *([block.fault] if block.fault else []))
    lines = {line for problem in problems for line in (problem.line, *told(problem.message))}
    return dialect.name, {key.text: (key.line, plain(value)) for key, value in parsed.fields.entries}, lines


@pytest.mark.parametrize("name", LINES)
def test_any_character_of_front_matter_in_lines(name: str) -> None:
    good = LINES[name]
    dialect, before, _lines = found_in(good)
    assert (dialect, len(before) > 3) == (name, True)
    begins = [0, *(match.end() for match in re.finditer("\n", good))]
    for (key, (line, _value)), end in zip(before.items(), [*(at for at, _ in before.values()), 0][1:], strict=True):
        for bad in edits(good, begins[line - 1], begins[end - 1] if end else good.index("\n", begins[line - 1])):
            dialect, after, lines = found_in(bad)
            if dialect == "none":
                assert lines, bad
                continue
            moved = bad.count("\n") - good.count("\n")
            for other, (at, value) in before.items():
                if other != key and after.get(other, (0, None))[1] != value:
                    assert {at, at + moved} & lines, (bad, other, after)
            assert len(set(after) - set(before)) <= (key not in after), (bad, after)


@pytest.mark.parametrize(
    ("bad", "fields", "lines"),
    [
        ("Title: x\nDate: 2024-05-01\nBody begins.\n", {"Title": "x", "Date": "2024-05-01"}, {3}),
        ("Title: x\n\nDate: 2024-05-01\nTags: a\n\nBody.\n", {"Title": "x"}, {3, 4}),
        ("Title：x\nDate: 2024-05-01\n\nBody.\n", {"Title": "x", "Date": "2024-05-01"}, {1}),
        ("Title: x\n\tDate: 2024-05-01\n\nBody.\n", {"Title": "x"}, {2}),
        ("Title: xDate: 2024-05-01\nTags: a\n\nBody.\n", {"Title": "xDate: 2024-05-01", "Tags": "a"}, {1}),
        ("Title: x\nDate: 2024-05-01\nCa\ntegory: y\n\nBody.\n", {"Title": "x", "Date": "2024-05-01"}, {3, 4}),
        ("title: x\ndate: 2024-05-01\ntags: ['a']\n\n--\n\nBody.\n", {"title": "x", "date": "2024-05-01", "tags": ["a"]}, {5}),
        ("<!-x-\n.. title: x\n.. date: 2024-05-01\n-->\n", {"title": "x", "date": "2024-05-01"}, {1, 4}),
        ("#+TITLE: x\n#+DATE 2024-05-01\n#+AUTHOR: y\n", {"title": "x", "author": "y"}, {2}),
        ("title: x\ntags:\n- a\n- b\ndate: 2024-05-01\n\nBody.\n", {}, {1}),
        ("---title: x\ndate: 2024-05-01\n---\nBody.\n", {}, {1}),
        ("<!-- a -->\n---\ntitle: x\n---\nBody.\n", {}, {2}),
    ],
)  # fmt: skip
def test_a_slip_in_front_matter_of_lines_is_told(bad: str, fields: dict[str, object], lines: set[int]) -> None:
    _dialect, found, told_of = found_in(bad)
    assert ({key: value for key, (_line, value) in found.items()}, told_of) == (fields, lines)


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ('t = ""\ns = """\nA:\n""\nw = 1\n[x]\ny = "z"\n', {"t": "", "s": "A:\n", "w": "1", "x": {"y": "z"}}),
        ('a = ""\nb = 1\nc = """\nd = 2\n', {"d": "2"}),  # `b` may be text
        ('a = """\nb = 1\n"""\nc = 2\nd = """\ne\n"#""\nf = 3\n', {"a": "b = 1\n", "c": "2", "d": "e\n", "f": "3"}),
        ('a = """\nb""”\nc = """\nd"""\ne = 1\n', {"e": "1"}),  # or the third quotes were too many
        ('a = """\nb"“"\nc = """\nd"""\ne = 1\n', {"e": "1"}),
    ],
)
def test_what_all_readings_of_torn_strings_of_toml_say_is_kept(bad: str, kept: dict[str, object]) -> None:
    parsed = Toml().parse(bad, 1, Limits())
    assert plain(parsed.fields) == kept
    assert [problem.code for problem in parsed.problems] == ["KG101"]


def test_a_key_that_posts_have_below_a_whole_field_costs_that_field_nothing() -> None:
    parsed = Yaml().parse("title: x\n\tdate: 2024-05-01\ntags: [a]\n   author: y\nlast: z\n", 1, Limits())
    assert plain(parsed.fields) == {"title": "x", "tags": ["a"], "last": "z"}
    assert [problem.line for problem in parsed.problems] == [2, 4]


def test_fields_that_are_all_indented_alike_are_kept_around_a_fault() -> None:
    parsed = Yaml().parse(" title: x\n tags: [[a\n date: 2024-05-01\n author:\n   name: y\n", 1, Limits())
    assert plain(parsed.fields) == {"title": "x", "date": "2024-05-01", "author": {"name": "y"}}
    assert [(problem.line, problem.column) for problem in parsed.problems] == [(2, 9)]
    assert [(key.line, key.column, value.column) for key, value in parsed.fields.entries[:2]] == [(1, 2, 9), (3, 2, 8)]


def test_a_string_of_toml_with_a_quote_and_a_sign_of_equality_begins_no_field() -> None:
    parsed = Toml().parse('[b]\nx = ["a",\n  "\\"=b\\""]\n[a[]\n', 1, Limits())
    assert plain(parsed.fields) == {"b": {"x": ["a", '"=b"']}}
    assert [(problem.code, problem.line) for problem in parsed.problems] == [("KG101", 4)]
