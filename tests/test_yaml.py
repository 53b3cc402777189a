"""YAML front matter: typed text, places, and one bad field never costs the others."""

from __future__ import annotations

import frontmatter
import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.config import Limits
from kg.reading.values import Mapping, Scalar, Sequence, Value
from kg.reading.yaml import Yaml
from kg.reading.yaml.faults import TAB_BEFORE_ITEM

YAML = Yaml()


def parse(source: str):
    return YAML.parse(source, 2, Limits())


def plain(value: Value):
    """The tree as dicts, lists and strings."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {key.text: plain(item) for key, item in value.entries}


@pytest.mark.parametrize(
    "typed", ["0x1DA9430", "no", "Yes", "2024-05-01", "12:30", "0123", "1.10", "1e3", "1_000", "~x", "null"]
)
def test_values_keep_the_text_that_was_typed(typed: str) -> None:
    parsed = parse(f"tags: [{typed}]\n")
    assert plain(parsed.fields) == {"tags": [typed]}


def test_every_value_knows_its_place() -> None:
    parsed = parse("title: 图谱\ntags:\n  - a\n  - 'b c'\n")
    (title, tags) = (value for _key, value in parsed.fields.entries)
    assert (title.line, title.column) == (2, 8)
    assert isinstance(tags, Sequence)
    assert [(item.line, item.column) for item in tags.items] == [(4, 5), (5, 5)]


def test_a_bad_field_costs_only_itself() -> None:
    parsed = parse("title: A: B\ntags: [x, y]\npeople: [[open\nsummary: fine\n")
    assert plain(parsed.fields) == {"title": "A: B", "tags": ["x", "y"], "summary": "fine"}
    assert [(p.line, p.column, p.code) for p in parsed.problems] == [(2, 9, "KG101"), (4, 10, "KG101")]
    assert "quote the value" in parsed.problems[0].message


@pytest.mark.parametrize(
    ("field", "value", "column", "mend"),
    [
        ("x: > Some words", "Some words", 6, "break the line"),
        ("x: |- Some: words", "Some: words", 7, "break the line"),
        ("x: | Some\n  words", "Some words", 6, "break the line"),
        ("x: [Lua] rawset は", "[Lua] rawset は", 4, 'quote the value: "[Lua] rawset は"'),
        ("x: *Stressed* words", "*Stressed* words", 13, "quote it"),
        ("x: [a, b", ["a", "b"], 4, "not closed with ']'"),
        ("x: {a: b", {"a": "b"}, 4, "not closed with '}'"),
        ("x: [a, b]]", ["a", "b"], 10, "once too often"),
        ('x: "C:\\dir"', '"C:\\dir"', 4, "single quotes"),
    ],
)
def test_a_field_whose_meaning_is_plain_is_kept(field: str, value: object, column: int, mend: str) -> None:
    parsed = parse(f"title: A\n{field}\ntags: [x]\n")
    assert plain(parsed.fields) == {"title": "A", "x": value, "tags": ["x"]}
    [problem] = parsed.problems
    assert (problem.line, problem.column, problem.code) == (3, column, "KG101")
    assert mend in problem.message


@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("x: |0\n  a\n", "from 1 to 9"),
        ("x: ? a\n", "quote it"),
        ("x: !e!a b\n", "quote the value"),
        ("x:\n  - a\n - b\n", "not indented alike"),
        ("x:\n- a\n-b\n", "a blank must follow the '-'"),
        ("%x: a\n", "quote the key"),
        ("<<<<<<< HEAD\n", "a merge conflict was left here"),
        ("=======\n", "a merge conflict was left here"),
    ],
)
def test_every_fault_is_told_with_what_to_write(source: str, mend: str) -> None:
    [problem] = parse(f"title: A\n{source}").problems
    assert mend in problem.message


@pytest.mark.parametrize("empty", ["\t", "\t  "])
def test_a_line_of_tabs_is_empty(empty: str) -> None:
    parsed = parse(f"a: >\n  b\n{empty}\nc:\n- d\n{empty}\n- e\n{empty}\nf:\n  g: h\n")
    assert plain(parsed.fields) == {"a": "b\n", "c": ["d", "e"], "f": {"g": "h"}}
    assert parsed.problems == ()


def test_duplicate_keys_are_told_with_both_lines() -> None:
    parsed = parse("title: one\ntags: [a]\ntitle: two\n")
    assert plain(parsed.fields) == {"tags": ["a"], "title": "two"}
    [problem] = parsed.problems
    assert (problem.code, problem.line) == ("KG102", 4)
    assert "line 2" in problem.message


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("x: !!python/object/apply:os.system [true]\n", "KG105"),
        ("x: !custom 1\n", "KG105"),
        ("x: &a [*a]\n", "KG105"),
        ("x: " + "[" * 40 + "]" * 40 + "\n", "KG104"),
        ("x: " + "[" * 50_000 + "\n", "KG104"),
        ("x: " + "{a: " * 50_000 + "\n", "KG104"),
        ("x:\n " + "- " * 50_000 + "a\n", "KG104"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
         "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", "KG104"),
        ("just prose\n", "KG116"),
        ("- a\n- b\n", "KG116"),
        ("? [a]\n: b\n", "KG101"),
        ("x: \x08\n", "KG101"),
        ('x: "\\ud800"\n', "KG101"),
    ],
)  # fmt: skip
def test_what_is_no_data_is_an_error_and_nothing_worse(source: str, code: str) -> None:
    assert code in {problem.code for problem in parse("title: kept\n" + source if code != "KG116" else source).problems}


def test_aliases_and_merge_keys_unfold() -> None:
    parsed = parse("base: &b {x: 1}\nmore:\n  <<: *b\n  y: 2\nnames: [&n Ada, *n]\n")
    assert not parsed.problems
    assert plain(parsed.fields) == {"base": {"x": "1"}, "more": {"x": "1", "y": "2"}, "names": ["Ada", "Ada"]}


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        (
            "base: &b {x: 1}\na: {x: 2, <<: *b}\nc: {<<: *b, x: 3}\n",
            {"base": {"x": "1"}, "a": {"x": "2"}, "c": {"x": "3"}},
        ),
        ("a: {<<: [{x: 1}, {x: 2, y: 3}]}\n", {"a": {"x": "1", "y": "3"}}),
        ("a: &p Ada\nb: *p\nc: &p Bob\nd: *p\n", {"a": "Ada", "b": "Ada", "c": "Bob", "d": "Bob"}),
        ("a: |\n \tx\nb: c\n", {"a": "\tx\n", "b": "c"}),
        ("tags: [?what, b]\nauthor: &ada:x Ada\n", {"tags": ["?what", "b"], "author": "Ada"}),
        ("a\x85b: 'c\u2028d'\n", {"a\x85b": "c\u2028d"}),
        ("dc:title: x\nmap: {dc:title: y}\n", {"dc:title": "x", "map": {"dc:title": "y"}}),
    ],
)
def test_valid_yaml_is_read_as_the_specification_says(source: str, fields: object) -> None:
    parsed = parse(source)
    assert plain(parsed.fields) == fields
    assert not parsed.problems


@pytest.mark.parametrize(
    ("source", "fields", "told"),
    [
        ("editor: &p Ada\nauthor: *p\ntitle: a: b\n", {"editor": "Ada", "author": "Ada", "title": "a: b"}, [4]),
        ("base: &b {x: 1}\nmore: {<<: *b}\nbad: [\n", {"base": {"x": "1"}, "more": {"x": "1"}}, [4]),
        ("editor: &p [a\nauthor: *p\nlast: x\n", {"last": "x"}, [2, 3]),
        ("? category\n: Maps\nsummary: a: b\n", {"category": "Maps", "summary": "a: b"}, [4]),
        ("title: x\n--- # two\ntitle: y\n", {"title": "x"}, [3]),
        ("params: \ntitle: Inner,\nauthor: Bob\n}\nlast: x\n", {"last": "x"}, [5]),
        (" title: x\nlast: y\n", {"last": "y"}, [2]),
        (
            "shops:\n- McDonald's\n- Philips\nbad:[ ''\nlast: x\n",
            {"shops": ["McDonald's", "Philips"], "last": "x"},
            [5],
        ),
        # Valid YAML, and slips all the same.
        ("title: x\ntags:\n- a\n - b\n", {"title": "x", "tags": ["a - b"]}, [4]),
        ('title: x\nslug："a: b"\n', {"title": "x", "slug": "a: b"}, [3]),
        ("title: x\nslug:'a: b'\n", {"title": "x"}, [3]),
        ("title: x\nslug = 'a: b'\n", {"title": "x"}, [3]),
        ("title: x\ncover:\n  alt:'a: b'\n  image: y\n", {"title": "x", "cover": {"image": "y"}}, [4]),
        ("title:\xa0a: b\nlast: y\n", {"last": "y"}, [2]),
        ("title: x\nslug:: y\n", {"title": "x", "slug": "y"}, [3]),
        ("{title：x, last: y}\n", {"last": "y"}, [2]),
        ("title: x\nauthor: &Ada\n", {"title": "x", "author": ""}, [3]),
    ],
)
def test_what_is_read_beside_a_fault(source: str, fields: object, told: list[int]) -> None:
    parsed = parse(source)
    assert plain(parsed.fields) == fields
    assert [problem.line for problem in parsed.problems] == told


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n---\nbody",
        "---\n  title: x\n  tags: [a]\n---\nbody",
        "---  \ntitle: x\n---\t\nbody",
        "\n\n---\ntitle: x\n...\nbody",
        "---\n---\nbody",
        "---\n# note\n---\nbody",
        "\n---\nmood: good\nfriends:\n- Ada\n---\nbody",
        "\n---\ntitle: one: two\nand torn\ntags: [a]\n---\nbody",
    ],
)
def test_fences(text: str) -> None:
    assert YAML.split(text)[1] == "body"


@pytest.mark.parametrize(
    "text",
    [
        *("no fence", "---\n\nA rule first.\n\n---\n\nmore", "text\n---\ntitle: x\n---\n", "---\ntitle: x\n"),
        "\n---\nNote: a rule below a blank line.\nAnd prose with [[links]].\n\n---\n\nmore",
        "\n---\n\nThere are **two kinds** of games:\n\n---\n\nmore",
        "----\n\n## A heading\n- **Purpose**: words\n- Usage: words\n\n---\n\nmore",
    ],
)
def test_what_is_no_front_matter_stays_body(text: str) -> None:
    assert YAML.locate(text) is None
    with pytest.raises(ValueError, match="no yaml front matter"):
        YAML.split(text)


def test_python_frontmatter_accepts_the_handler() -> None:
    post = frontmatter.loads("---\ntags: [no, 0x1D]\n---\nbody", handler=YAML)
    assert post.content == "body"
    assert plain(post["tags"]) == ["no", "0x1D"]


values = st.recursive(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"), max_size=20
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


# How long an example takes is told elsewhere (tests/fuzz/test_slow.py), by the processor's time and not by the clock's.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@unhurried
@given(st.dictionaries(st.text("abcdefg_", min_size=1, max_size=8), values, max_size=5))
def test_whatever_yaml_can_write_is_read_back(fields) -> None:
    source = pyyaml.safe_dump(fields, allow_unicode=True)
    parsed = parse(source)
    assert not parsed.problems
    assert plain(parsed.fields) == fields


@settings(unhurried, max_examples=300)
@given(st.text("ab:-[]{}&*!|>'\"#,?\n \t\\", max_size=80))
def test_no_text_is_too_odd(source: str) -> None:
    parsed = parse(source)
    assert isinstance(parsed.fields, Mapping)
    for problem in parsed.problems:
        assert 2 <= problem.line <= 3 + source.count("\n")


@pytest.mark.parametrize(
    ("source", "said", "kept"),
    [
        ("title: @x", "2:8 a value cannot begin with '@'; quote it: \"@x\"", {"title": "@x"}),
        ("a:\n  - `x y` \n  - b", "3:5 a value cannot begin with '`'; quote it: \"`x y`\"", {"a": ["`x y`", "b"]}),
        ("a: [b, %c]\nd: e", "2:8 a value cannot begin with '%'; quote it: \"%c\"", {"d": "e"}),
        ("a: b\nc:\n\t- d", f"4:1 {TAB_BEFORE_ITEM}", {"a": "b", "c": ["d"]}),
        ("c:\n\td:\n\t\t- e\n\tf: g\nh: i", "3:1 a tab stands where only blanks may; write blanks",
         {"c": {"d": ["e"], "f": "g"}, "h": "i"}),
        ("c:\n\t- d\n  - e\nh: i", f"3:1 {TAB_BEFORE_ITEM}; lines 2 to 4 are left out",
         {"h": "i"}),
        ("title: ![logo](a.png) b\nc: d", "2:8 a value cannot begin with '!'; quote it",
         {"title": "![logo](a.png) b", "c": "d"}),
        ("title: {@html x}", "2:9 '{' begins a map; quote the value: \"{@html x}\"", {"title": "{@html x}"}),
        ("by: [Ada](https://x.example)", "2:5 '[' begins a list; quote the value: \"[Ada](https://x.example)\"",
         {"by": "[Ada](https://x.example)"}),
    ],
)  # fmt: skip
def test_the_sign_that_no_value_may_begin_with_is_named(source: str, said: str, kept: dict[str, object]) -> None:
    parsed = parse(source)
    assert [f"{p.line}:{p.column} {p.message}" for p in parsed.problems] == [said]
    assert plain(parsed.fields) == kept
