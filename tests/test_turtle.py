"""Turtle as we write it: what two parsers read is what was said, and names are as short as the grammar allows."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.model import IRI_OBJECT
from kg.namespaces import XSD
from kg.rdf.ntriples import Resource, document_of, iri_of, object_of, parse_document, statements_of
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
rows = st.one_of(
    st.tuples(iris, st.one_of(st.text(), numbers), datatypes, st.just("")),
    st.tuples(iris, st.text(), st.just(""), st.sampled_from(["en", "zh-Hant", "zh-Latn-pinyin"])),
    st.tuples(iris, st.one_of(iris, st.text()), st.just(IRI_OBJECT), st.just("")),
)
resources = st.builds(Resource, iris, st.lists(rows, max_size=3))


def quads(document: str) -> list[Quad]:
    return list(parse(document, format=RdfFormat.TURTLE))


@settings(max_examples=300)
@given(st.lists(resources, max_size=3))
def test_it_says_what_n_triples_say(said: list[Resource]) -> None:
    """Two parsers that know nothing of each other, or of us, find the same statements."""
    document = turtle.head() + turtle.of(said)
    expected = list(parse_document(document_of(statements_of(said))))
    assert quads(document) == expected
    theirs = rdflib.Graph().parse(data=document, format="turtle")
    assert {told(*triple) for triple in theirs} == {told(*rdflib_triple(quad)) for quad in expected}


@given(iris)
def test_a_name_is_short_by_one_rule(iri: str) -> None:
    assert turtle.name(iri) == turtle.short(iri_of(iri))


def told(subject: rdflib.term.Node, predicate: rdflib.term.Node, value: rdflib.term.Node) -> tuple[object, ...]:
    """A statement as rdflib holds it; how a bare number was typed it does not keep, and the other parser does."""
    datatype = str(getattr(value, "datatype", None) or "")
    is_number = datatype in {XSD + name for name in ("integer", "decimal", "double")}
    return subject, predicate, datatype, getattr(value, "language", None), "" if is_number else str(value)


def rdflib_triple(quad: Quad) -> tuple[rdflib.term.Node, ...]:
    found = quad.object
    if isinstance(found, NamedNode):
        value: rdflib.term.Node = rdflib.URIRef(found.value)
    elif found.language:
        value = rdflib.Literal(found.value, lang=found.language)
    else:  # one without a datatype is a string: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal
        datatype = found.datatype.value
        value = rdflib.Literal(found.value, datatype=None if datatype == XSD + "string" else rdflib.URIRef(datatype))
    return rdflib.URIRef(quad.subject.value), rdflib.URIRef(quad.predicate.value), value


@pytest.mark.parametrize(
    ("local", "written"),
    [
        ("", "tag:"),
        ("a.b", "tag:a.b"),
        ("1:b", "tag:1:b"),
        ("_a-b", "tag:_a-b"),
        ("字é", "tag:字é"),
        ("a·", "tag:a·"),  # may stand within a name, and not begin it
        ("·", None),
        ("inc.", None),  # a full stop ends the statement
        (".", None),
        (".b", r"tag:\.b"),
        ("-a", r"tag:\-a"),
        ("c++", r"tag:c\+\+"),
        ("a/b", r"tag:a\/b"),
        ("a%20b", r"tag:a\%20b"),
        ("a~!$&'()*,;=?#@", r"tag:a\~\!\$\&\'\(\)\*\,\;\=\?\#\@"),
        ("a…b", None),  # no letter of a name, and no backslash makes it one
        ("²", None),
        ("a\u3000b", None),
    ],
)
def test_a_name_is_shortened_where_the_grammar_allows_it(local: str, written: str | None) -> None:
    """PN_LOCAL of https://www.w3.org/TR/turtle/#sec-grammar-grammar."""
    said = Resource(f"{BASE}tag/{local}", [("urn:p", "urn:o", IRI_OBJECT, "")])
    (text,) = statements_of([said])
    assert turtle.of([said]) == f"{written or text.partition(' ')[0]} <urn:p> <urn:o> .\n"


@pytest.mark.parametrize(
    ("value", "datatype", "written"),
    [
        ("true", "boolean", "true"),
        ("1", "boolean", '"1"^^xsd:boolean'),
        ("-007", "integer", "-007"),
        ("1.0", "integer", '"1.0"^^xsd:integer'),
        ("+1.5", "decimal", "+1.5"),
        (".5", "decimal", ".5"),
        ("1.", "decimal", '"1."^^xsd:decimal'),  # the full stop would end the statement
        ("1", "decimal", '"1"^^xsd:decimal'),  # bare, it is an integer
        ("1e6", "double", "1e6"),
        ("INF", "double", '"INF"^^xsd:double'),
        ("2026-11-28", "date", '"2026-11-28"^^xsd:date'),
    ],
)
def test_a_literal_is_bare_where_its_datatype_is_told_by_its_form(value: str, datatype: str, written: str) -> None:
    said = Resource("urn:a", [("urn:p", value, XSD + datatype, "")])
    assert turtle.of([said]) == f"<urn:a> <urn:p> {written} .\n"


def test_statements_of_one_subject_are_one() -> None:
    said = [
        Resource("urn:a", [(BASE + "p", "1", "", ""), (BASE + "p", "2", "", "")]),
        Resource("urn:a", [(BASE + "q", "3", "", "")]),
        Resource("urn:b", [(BASE + "q", "urn:a", IRI_OBJECT, "")]),
    ]
    assert turtle.of(said) == '<urn:a> :p "1" , "2" ;\n\t:q "3" .\n<urn:b> :q <urn:a> .\n'
    assert turtle.of([]) == ""


def test_a_long_namespace_goes_before_a_short_one() -> None:
    said = Resource(f"{BASE}tag/a", [(BASE + "p", f"{BASE}ns#b", IRI_OBJECT, "")])
    assert turtle.of([said]) == "tag:a :p ns:b .\n"


def test_odd_characters_of_a_literal_are_escaped() -> None:
    value = '\\ " \n \r \t \b \f \0 \x7f \x85 \u2028 字'
    assert object_of(value, "", "") == '"\\\\ \\" \\n \\r \\t \\b \\f \\u0000 \\u007F \x85 \u2028 字"'
    (quad,) = quads(turtle.of([Resource("urn:a", [("urn:p", value, "", "")])]))
    assert quad.object == Literal(value)


def test_white_space_of_an_iri_is_escaped_where_rdflib_takes_it_for_its_end() -> None:
    said = Resource(f"{BASE}a　b", [(BASE + "p", "urn:x:a", IRI_OBJECT, "")])
    text = document_of(said.statements())
    (quad,) = parse_document(text)
    assert quad.subject == NamedNode(f"{BASE}a　b")
    for document, syntax in ((text, "nt"), (turtle.head() + turtle.of([said]), "turtle")):
        assert [str(subject) for subject in rdflib.Graph().parse(data=document, format=syntax).subjects()] == [
            f"{BASE}a　b"
        ]
