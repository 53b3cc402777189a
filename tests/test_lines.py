"""The shortcut for simple front matter: it says what libyaml says, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.config import Limits
from kg.reading.yaml import Yaml, lines
from kg.reading.yaml.tree import Tree

if TYPE_CHECKING:
    from kg.reading.values import Mapping, Problem

LIMITS = Limits()

SIMPLE = [
    "title: Maps, and what they leave out\n",
    "title:  two  blanks  \n\ndate: 2026-05-01\n",
    "\n\nempty:\nalso_empty:   \n",
    "quoted: 'it: is # all text'\nagain: \"- x\"  \nnone: ''\n",
    "time: 12:30\nlink: https://example.org/#part\nhash: a#b c # d\n".replace(" # d", ""),
    "tags:\n  - maps\n  - 'roads'\n\n  - \"rivers\"\nlevel:\n- 1\n-   no\n",
    "list: [a,  'b',\"c\" , d e ]\nblank: [ ]\nlast: [x, ]\nnested:\n  - [p, q]\n",
    "title: a\n  b#c\n   d:e\nnext: x\n y  z  \n\ntags:\n- a\n",
    "标签: 知识图谱\nchapter-2_b: ０\n",
]

NOT_SIMPLE = [
    "",
    "\n \n",
    "title: a: b\n",
    "title: a #b\n",
    "title: a\n\n  b\n",
    "title: a\n  b: c\n",
    "title: a\n  b #c\n",
    "title: a\n  - b\n",
    "title: 'a'\n  b\n",
    "title:\n  a\n",
    "title: [a]\n  b\n",
    "tags:\n- a\n  b\n",
    "title: |\n  a\n",
    "title: 'it''s'\n",
    'title: "a\\n"\n',
    "title:\n  inner: a\n",
    "title:\n  - a: b\n",
    "title:\n  -\n",
    "title:\n  - a\n - b\n",
    "title: x\n- b\n",
    "- a\n",
    "# a comment\ntitle: x\n",
    "title: x # a comment\n",
    "title: x:\n",
    "title: -\n",
    "title: *a\n",
    "title: &a b\n",
    "title: !!str b\n",
    "title: {a: b}\n",
    "list: [a, b\n",
    "list: [a: b]\n",
    "list: [a, , b]\n",
    "list: [,]\n",
    "list: [a?b]\n",
    "<<: a\n",
    "a b: c\n",
    "title:\tx\n",
    "title: a\u2028b\n",
    "title: a\x00b\n",
    "title: \ufeffa\n",
]


def by_libyaml(source: str) -> tuple[Mapping, list[Problem]]:
    problems: list[Problem] = []
    return Tree(source, 5, LIMITS, problems).fields(), problems


@pytest.mark.parametrize("source", SIMPLE)
def test_simple_front_matter_is_read_as_libyaml_reads_it(source: str) -> None:
    fields = lines.read(source, 5, LIMITS)
    assert fields is not None
    assert (fields, []) == by_libyaml(source)


@pytest.mark.parametrize("source", NOT_SIMPLE)
def test_anything_else_is_left_to_libyaml(source: str) -> None:
    assert lines.read(source, 5, LIMITS) is None


def test_where_a_limit_could_be_met_libyaml_counts() -> None:
    assert lines.read("a: b\n", 1, Limits(depth=2)) is None
    source = "a: [b, c]\n"
    assert lines.read(source, 5, Limits(values=5)) == by_libyaml(source)[0]
    assert lines.read(source, 5, Limits(values=4)) is None
    problems = Yaml().parse(source, 5, Limits(values=4)).problems
    assert [problem.code for problem in problems] == ["KG104"]


SIGNS = "ab1-:#[]{}'\", \n?&*!|>%@`=.~<\\：é\xa0"
LONGER = ["\n- ", "\n  - ", "\n  b", ": ", "key: ", "\nk:\n", "''"]
PIECES = st.lists(st.sampled_from([*SIGNS, *LONGER]), max_size=24).map("".join)


@given(st.one_of(PIECES, PIECES.map(lambda text: f"k: {text}\n"), PIECES.map(lambda text: f"k:\n- {text}\n")))
def test_what_is_read_is_what_libyaml_reads(source: str) -> None:
    fields = lines.read(source, 5, LIMITS)
    if fields is not None:
        assert (fields, []) == by_libyaml(source)
