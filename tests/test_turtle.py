"""Turtle as we write it: the same as pyoxigraph would write, and the same to rdflib."""

from __future__ import annotations

import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from kg.namespaces import XSD
from kg.rdf.ntriples import iri_of, object_of, parse_document
from kg.rdf.turtle import Turtle

BASE = "https://kg.example/"
PREFIXES = {"": BASE, "tag": f"{BASE}tag/", "ns": f"{BASE}ns#", "xsd": XSD}
turtle = Turtle(PREFIXES)


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


names = st.text(
    st.one_of(st.sampled_from("aé字.-_~!$&'()*+,;=/?#@:%0123456789·…²"), st.characters(exclude_categories=["Cs"]))
)
iris = st.builds("{}{}".format, st.sampled_from([BASE, f"{BASE}tag/", f"{BASE}ns#", "urn:x:"]), names).filter(is_iri)
datatypes = st.sampled_from([*(XSD + n for n in ("boolean", "integer", "decimal", "double", "date", "string")), ""])
numbers = st.from_regex(r"[+-]?[0-9]{0,2}\.?[0-9]{0,2}([eE][+-]?[0-9]{0,2})?|true|false|1|INF", fullmatch=True)
literals = st.one_of(
    st.builds(object_of, st.one_of(st.text(), numbers), datatypes, st.just("")),
    st.builds(object_of, st.text(), st.just(""), st.sampled_from(["en", "zh-Hant", "zh-Latn-pinyin"])),
)
objects = st.one_of(literals, st.builds(iri_of, iris))
statements = st.builds("{} {} {}".format, st.builds(iri_of, iris), st.builds(iri_of, iris), objects)


def quads(document: str) -> list[Quad]:
    return list(parse(document, format=RdfFormat.TURTLE))


@settings(max_examples=300)
@given(st.lists(statements, max_size=6))
def test_it_says_what_the_statements_say(said: list[str]) -> None:
    document = turtle.head() + turtle.of(said)
    expected = list(parse_document("".join(f"{statement} .\n" for statement in said)))
    assert quads(document) == expected
    theirs = rdflib.Graph().parse(data=document, format="turtle")
    assert {str(subject) for subject in theirs.subjects()} == {quad.subject.value for quad in expected}


@settings(max_examples=300)
@given(st.builds(iri_of, iris), objects)
@example(f"<{BASE}tag/a.b>", "<urn:x:a>")
@example(f"<{BASE}tag/.>", f"<{BASE}tag/.a>")
@example(f"<{BASE}tag/a%20b>", f"<{BASE}tag/-a>")
@example(f"<{BASE}tag/{'…'}>", f"<{BASE}ns#>")
def test_it_is_written_as_pyoxigraph_writes_it(subject: str, value: str) -> None:
    said = [f"{subject} {iri_of(BASE + 'p')} {value}"]
    theirs = serialize(parse_document(f"{said[0]} .\n"), format=RdfFormat.TURTLE, prefixes=PREFIXES).decode()
    ours = turtle.head() + turtle.of(said)
    assert ours == theirs or (".>" in said[0] and r"\." in theirs) or r"\u" in said[0]


def test_a_name_that_ends_in_a_full_stop_is_a_whole_iri() -> None:
    said = [f"<{BASE}tag/inc.> <{BASE}p> <{BASE}tag/a.b>", f"<{BASE}tag/.> <{BASE}p> <{BASE}tag/.b>"]
    assert turtle.of(said) == f"<{BASE}tag/inc.> :p tag:a.b .\n<{BASE}tag/.> :p tag:\\.b .\n"


def test_statements_of_one_subject_are_one() -> None:
    said = [f"<urn:a> <{BASE}{p}> {o}" for p, o in (("p", '"1"'), ("p", '"2"'), ("q", '"3"'))] + [
        f"<urn:b> <{BASE}q> <urn:a>"
    ]
    assert turtle.of(said) == '<urn:a> :p "1" , "2" ;\n\t:q "3" .\n<urn:b> :q <urn:a> .\n'
    assert turtle.of([]) == ""


def test_a_long_namespace_goes_before_a_short_one() -> None:
    assert turtle.of([f"<{BASE}tag/a> <{BASE}p> <{BASE}ns#b>"]) == "tag:a :p ns:b .\n"


def test_odd_characters_of_a_literal_are_escaped() -> None:
    value = '\\ " \n \r \t \b \f \0 \x7f \x85 \u2028 字'
    assert object_of(value, "", "") == '"\\\\ \\" \\n \\r \\t \\b \\f \\u0000 \\u007F \x85 \u2028 字"'
    (quad,) = quads(turtle.of([f"<urn:a> <urn:p> {object_of(value, '', '')}"]))
    assert quad.object == Literal(value)


def test_white_space_of_an_iri_is_escaped_where_rdflib_takes_it_for_its_end() -> None:
    said = f"{iri_of(BASE + 'a　b')} {iri_of(BASE + 'p')} <urn:x:a>"
    (quad,) = parse_document(f"{said} .\n")
    assert quad.subject == NamedNode(f"{BASE}a　b")
    for document, syntax in ((f"{said} .\n", "nt"), (turtle.head() + turtle.of([said]), "turtle")):
        assert [str(subject) for subject in rdflib.Graph().parse(data=document, format=syntax).subjects()] == [
            f"{BASE}a　b"
        ]
