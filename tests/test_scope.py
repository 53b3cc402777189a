"""First answers: a store has what a query looks at and no more, and the answer is that of the whole graph."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.namespaces import PREFIXES, RDF, SCHEMA
from kg.pipeline.build import build
from kg.stores import embedded, loaded, queries, scope
from kg.stores.hints import why_empty
from kg.stores.scope import FEW, OF_CLASS, Part
from kg.stores.syntax import QuerySyntaxError
from tests.conftest import REPO, write_posts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LABEL, TYPE = "http://www.w3.org/2000/01/rdf-schema#label", RDF + "type"
NAME, MENTIONS, PERSON = SCHEMA + "name", SCHEMA + "mentions", SCHEMA + "Person"


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("SELECT * { ?x a schema:Person }", {(TYPE, PERSON)}),
        ("SELECT * { ?x a schema:Person , ?y ; rdfs:label 'a'@en, 1.5 }", {(TYPE, PERSON), (TYPE, ""), (LABEL, "")}),
        ("SELECT ?a ?b WHERE { { SELECT ?a (COUNT(*) AS ?b) { ?a rdfs:label [] } GROUP BY ?a } }", {(LABEL, "")}),
        (
            "PREFIX s: <https://schema.org/> ASK { ?x ^s:name/(s:mentions|a)+ ?y }",
            {(NAME, ""), (MENTIONS, ""), (TYPE, "")},
        ),
        (
            "ASK { ?x rdfs:label ?y FILTER(?y < 3 && NOT EXISTS { ?x schema:name [ schema:mentions -1 ] }) }",
            {(LABEL, ""), (NAME, ""), (MENTIONS, "")},
        ),
        (
            "CONSTRUCT { ?x schema:name ?y } WHERE { VALUES ?x { UNDEF } OPTIONAL { ?x rdfs:label ?y } }",
            {(LABEL, "")},
        ),
        ("SELECT * { ?x a schema:Person OPTIONAL { ?x ?p ?o } }", {(TYPE, PERSON), (OF_CLASS, PERSON)}),
        ("SELECT * { ?x ?p ?o VALUES ?o { <http://a/1> schema:C } }", {("", "http://a/1"), ("", f"{SCHEMA}C")}),
        ("SELECT * { BIND(<http://a/1> AS ?x) $x ?p ?o }", {("", "http://a/1")}),
        ("SELECT ?p WHERE { ?s ?p ?o . } LIMIT 10 OFFSET 5", {(FEW, "")}),
        ("ASK { ?s ?p ?o }", {(FEW, "")}),
        (
            "ASK { <http://a/1> (schema:name|^rdfs:label)*/a? ?o }",
            {("", "http://a/1"), (NAME, ""), (LABEL, ""), (TYPE, "")},
        ),
        (
            "SELECT * { <http://a/1> ?p ?o ; rdfs:label ?name . ?s ?q <http://a/2> , schema:C }",
            {("", "http://a/1"), (LABEL, ""), ("", "http://a/2"), ("", f"{SCHEMA}C")},
        ),
        ("DESCRIBE <http://a/1> schema:C", {("", "http://a/1"), ("", f"{SCHEMA}C")}),
        ("SELECT (COUNT(*) AS ?n) {} HAVING (?n > 1) ORDER BY DESC(?n) LIMIT 1", set()),
    ],
)
def test_what_a_query_looks_at(query: str, parts: set[tuple[str, str]]) -> None:
    assert scope.parts_for(query, PREFIXES) == {Part(*part) for part in parts}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p ?s } LIMIT 1",
        "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 1",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT 1",
        "SELECT * { { ?x ?p ?o } ?x a schema:Person }",
        "SELECT * { ?x a schema:Person { SELECT ?o { ?x ?p ?o } } }",
        "SELECT * { ?x ?p ?o VALUES ?x { <http://a/1> UNDEF } }",
        "SELECT * { ?s rdfs:label ?o FILTER EXISTS { ?o ?p ?s } }",
        "SELECT * { { ?s schema:name ?o } UNION { ?s rdfs:label [ ?p 1 ] } }",
        "SELECT * { ?s !rdfs:label ?o }",
        "SELECT * { ?s rdfs:label* ?o }",
        "SELECT * { ?s schema:name|rdfs:label? ?o }",
        "SELECT * { GRAPH ?g { ?s rdfs:label ?o } }",
        "SELECT * FROM <https://kg.example/graph/entities> { ?s rdfs:label ?o }",
        "SELECT * { ?s rdfs:label ?o { SELECT * { ?s ?p ?o } } }",
        "SELECT * { ?s \\u0061 ?o }",
        "SELECT * { ?s rdfs:label (1 2) }",
        "SELECT * { ?s rdfs:label ?o FILTER(?o <x>?s) }",
        "SELECT * { ?s ?p <http://a/1> , 'text' }",
        "DESCRIBE ?s { ?s rdfs:label 'Ada' }",
        "DESCRIBE *",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "ASK { ?s nobody:knows ?o }",
    ],
)
def test_a_query_that_may_look_at_anything_has_everything(query: str) -> None:
    assert scope.parts_for(query, PREFIXES) is None


TRIPLES = [
    ox.Triple(*map(ox.NamedNode, (f"http://a/{s}", p, f"{SCHEMA}C{o}" if p == TYPE else f"http://a/{o}")))
    for s in range(4)
    for p, o in ((NAME, s), (LABEL, (s + 1) % 4), (MENTIONS, (s + 2) % 4), (TYPE, s % 2))
]
PLAIN = ["schema:name", "rdfs:label", "schema:mentions", "a"]
PATHS = ["^rdfs:label", "^a", "schema:name/rdfs:label", "(a|schema:name)", "schema:mentions+"]
VERB = st.sampled_from([*PLAIN, *PATHS, "schema:name*", "!a", "?p"])
VARIABLE = st.sampled_from(["?x", "?y", "?z"])
NODE = st.one_of(VARIABLE, st.sampled_from(["<http://a/1>", "schema:C1", "[ rdfs:label ?y ]", "[]"]))
SUBJECT = st.one_of(VARIABLE, st.sampled_from(["<http://a/1>", "schema:C1"]))
PATTERN = st.builds("{} {} {} , {} ; {} {} .".format, SUBJECT, VERB, NODE, NODE, VERB, NODE)
SIMPLE = st.builds("{} {} {} .".format, SUBJECT, VERB, NODE)
GROUP = st.recursive(
    st.one_of(SIMPLE, PATTERN),
    lambda inner: st.one_of(
        st.builds("{} OPTIONAL {{ {} }}".format, inner, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{} MINUS {{ {} }}".format, inner, inner),
        st.builds("{} FILTER(?x != ?y || EXISTS {{ {} }})".format, inner, inner),
        st.builds("{} FILTER NOT EXISTS {{ {} }}".format, inner, inner),
        st.builds("{{ SELECT DISTINCT ?x {{ {} }} ORDER BY ?x LIMIT 3 }} {}".format, inner, inner),
        st.builds("VALUES (?x) {{ (<http://a/1>) (UNDEF) }} {}".format, inner),
        st.builds("{} VALUES ?x {{ <http://a/1> <http://a/2> }}".format, inner),
        st.builds("{{ BIND(<http://a/1> AS ?z) {} }}".format, inner),
        st.builds("?x a schema:C1 . {}".format, inner),
    ),
    max_leaves=3,
)


@settings(max_examples=150, deadline=None)
@given(group=GROUP)
def test_what_a_query_does_not_look_at_has_no_part_in_its_answer(group: str) -> None:
    query = f"SELECT ?x ?y (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?x ?y"
    parts = scope.parts_for(query, PREFIXES)
    assert (parts is None) >= ("!a" in group)
    if parts is None:
        assert re.search(r"\*[^)]|!a|\?p", group)
        return
    some = [t for t in TRIPLES if not parts.isdisjoint(parts_of(*(term.value for term in t)))]
    assert answer(some, query) == answer(TRIPLES, query)


def parts_of(subject: str, predicate: str, value: str) -> set[Part]:
    """The parts that a triple is in."""
    classes = {t.object.value for t in TRIPLES if (t.subject.value, t.predicate.value) == (subject, TYPE)}
    own = {Part(predicate), Part(predicate, value), Part("", subject), Part("", value)}
    return own | {Part(OF_CLASS, name) for name in classes}


def answer(triples: list[ox.Triple], query: str) -> list[str]:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return sorted(map(str, store.query(query, prefixes=dict(PREFIXES))))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same build twice: one of them is to hold parts, the other everything."""
    folder = tmp_path_factory.mktemp("outputs")
    build(REPO / "content", folder / "some", formats=["ttl"])
    shutil.copytree(folder / "some", folder / "all")
    return folder / "some", folder / "all"


def said(graph: embedded.Embedded, query: str, values: Mapping[str, str]) -> list[str]:
    reply = graph.ask(query, parameters={name: ox.Literal(value) for name, value in values.items()})
    return [str(reply)] if isinstance(reply, ox.QueryBoolean) else list(map(str, reply))


UNORDERED = (
    "SELECT ?name { ?x a schema:Person ; rdfs:label ?name } LIMIT 3",
    "SELECT * { ?post schema:mentions ?x ; schema:datePublished ?day . ?x rdfs:label ?name } OFFSET 5 LIMIT 9",
    "SELECT ?x (GROUP_CONCAT(?name) AS ?names) { ?x skos:altLabel|rdfs:label ?name } GROUP BY ?x LIMIT 20",
    "CONSTRUCT { ?x schema:knows ?y } WHERE { ?post schema:mentions ?x , ?y } LIMIT 7",
    "ASK { ?x kg:linksTo+ ?y . ?y a schema:BlogPosting }",
    "SELECT * { ?x a skos:Concept ; skos:definition ?text }",
    "SELECT * { ?x a ?class }",
    "SELECT * { person:ada_lovelace ?p ?o }",
    "SELECT * { ?s ?p person:ada_lovelace . ?s rdfs:label ?name } LIMIT 4",
    "SELECT * { post:talks\\/nanoseconds ?p ?o OPTIONAL { ?o ?q schema:Person } } OFFSET 3 LIMIT 9",
    "DESCRIBE person:ada_lovelace post:talks\\/nanoseconds",
)


def test_answers_are_those_of_the_whole_graph_row_by_row(outputs: tuple[Path, Path]) -> None:
    """Also where no order is asked for, so that an answer does not depend on what was asked before."""
    some, everything = outputs
    named = [(queries.get(name), optional) for name in queries.names() for optional in (False, True)]
    asked = [(q.query, {p.name: p.example for p in q.parameters if own or not p.optional}) for q, own in named]
    for query, values in [*asked, *((query, {}) for query in UNORDERED)]:
        opened = loaded.of_output(some, query)
        assert opened.reopen, f"everything is loaded for {query}"
        whole = loaded.of_output(everything, query, whole=True)
        assert whole.reopen is None
        assert said(opened, query, values) == said(whole, query, values), query
        assert (opened.prefixes, opened.base) == (whole.prefixes, whole.base)
    assert len(list((some / ".kg" / "query").glob(f"*{loaded.WITH_SOME}*"))) == 1


def test_what_was_loaded_for_one_query_is_not_asked_another(outputs: tuple[Path, Path]) -> None:
    some, everything = outputs
    opened = loaded.of_output(some, "ASK { ?x a schema:Person }")
    labels = "SELECT * { ?x rdfs:label ?name ; schema:keywords ?tag }"
    assert said(opened, labels, {}) == said(loaded.of_output(everything), labels, {}) != []
    misspelt = "SELECT * { ?x a schema:Persan }"
    assert list(why_empty(loaded.of_output(some, misspelt), misspelt)) == list(
        why_empty(loaded.of_output(everything), misspelt)
    )


def test_a_wrong_query_waits_for_nothing(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", {"a.md": "---\npeople: [Ada Lovelace]\n---\n"})
    build(tmp_path / "content", tmp_path / "output", formats=["ttl"])
    with pytest.raises(QuerySyntaxError):
        loaded.of_output(tmp_path / "output", "SELECT * { ?s ?p }").ask("SELECT * { ?s ?p }")
    assert loaded.WITH_SOME in next((tmp_path / "output" / ".kg" / "query").iterdir()).name


def test_a_file_that_somebody_has_edited_is_loaded_as_a_whole(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", {"a.md": "---\npeople: [Ada Lovelace]\n---\n"})
    build(tmp_path / "content", tmp_path / "output", formats=["ttl"])
    query = 'ASK { ?x a schema:Person ; rdfs:label "mine" }'
    assert loaded.of_output(tmp_path / "output", query).reopen
    with (tmp_path / "output" / "graph.ttl").open("a") as stream:
        stream.write('<a:a> rdfs:label "mine" . <a:a> a schema:Person .\n')
    opened = loaded.of_output(tmp_path / "output", query)
    assert opened.reopen is None
    assert opened.ask(query)
