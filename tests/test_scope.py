"""First answers: a store has what a query looks at and no more, and the answer is that of the whole graph."""

from __future__ import annotations

import re
import shutil
from itertools import product
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.namespaces import PREFIXES, RDF, SCHEMA
from kg.pipeline.build import build
from kg.state import QUERY, STATE
from kg.stores import embedded, loaded, queries, scope
from kg.stores.counting import without_triples
from kg.stores.cutting import cut
from kg.stores.hints import why_empty
from kg.stores.parts import ANY, FEW, NAMES, OF_CLASS, Part, Subquery
from kg.stores.syntax import QuerySyntaxError
from tests.conftest import REPO, write_posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LABEL, TYPE = "http://www.w3.org/2000/01/rdf-schema#label", RDF + "type"
NAME, MENTIONS, PERSON = SCHEMA + "name", SCHEMA + "mentions", SCHEMA + "Person"
GRAPHS = ("", "", "", NAMES)


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
        (
            "DESCRIBE ?s schema:C WHERE { ?s a schema:C ; rdfs:label 'Ada'@EN } LIMIT 3",
            {("", f"{SCHEMA}C"), (TYPE, f"{SCHEMA}C"), (LABEL, ""), (OF_CLASS, f'{LABEL} "Ada"@en')},
        ),
        (
            'SELECT * { ?s schema:mentions <http://a/1> . ?o schema:name "Ada" . ?s ?p ?o }',
            {(MENTIONS, ""), (NAME, ""), (OF_CLASS, f"{MENTIONS} <http://a/1>", f'{NAME} "Ada"')},
        ),
        ("SELECT DISTINCT ?g { GRAPH ?g {} }", {GRAPHS}),
        (
            "SELECT * { GRAPH ?g { ?s rdfs:label ?o FILTER EXISTS { <http://a/1> ?p ?s } } ?s a schema:C }",
            {GRAPHS, (LABEL, "", "", ANY), ("", "http://a/1", "", ANY), (TYPE, f"{SCHEMA}C")},
        ),
        (
            "SELECT * { GRAPH <http://g> { ?s ?p ?o } GRAPH ?g { ?s a schema:C ; ?p ?o } }",
            {GRAPHS, ("", "", "", "http://g"), (TYPE, f"{SCHEMA}C", "", ANY), (OF_CLASS, f"{SCHEMA}C", "", ANY)},
        ),
        (
            "SELECT * FROM <http://g> FROM NAMED <http://h> { ?s rdfs:label ?o GRAPH ?g { ?s ?p ?o } }",
            {GRAPHS, (LABEL, "", "", "http://g"), ("", "", "", "http://h")},
        ),
        ("ASK FROM NAMED <http://h> { ?s rdfs:label ?o }", {GRAPHS}),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 5", {(FEW, "", "", ANY)}),
        ("SELECT (COUNT(*) AS ?n) {} HAVING (?n > 1) ORDER BY DESC(?n) LIMIT 1", set()),
    ],
)
def test_what_a_query_looks_at(query: str, parts: set[tuple[str, ...]]) -> None:
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
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s rdfs:label ?o } ?g ?p ?o }",
        "SELECT * { GRAPH <https://a.example/g> { ?s rdfs:label ?o } ?s ?p ?o }",
        "SELECT * { ?s rdfs:label ?o { SELECT * { ?s ?p ?o } } }",
        "SELECT * { ?s \\u0061 ?o }",
        "SELECT * { ?s rdfs:label (1 2) }",
        "SELECT * { ?s rdfs:label ?o FILTER(?o <x>?s) }",
        "SELECT * { ?s ?p <http://a/1> , 'text' }",
        "DESCRIBE ?s { ?s rdfs:label ?name }",
        "DESCRIBE ?s ?o { ?s rdfs:label 'Ada' ; schema:name ?o }",
        "DESCRIBE ?s { { ?s rdfs:label 'Ada' } UNION { ?s rdfs:label 'Bob' } }",
        "SELECT * { ?s rdfs:label 'A\\u0064a' ; ?p ?o }",
        "SELECT * { ?s rdfs:label 'A\\tda' ; ?p ?o }",
        "SELECT * { ?s rdfs:label 'Ada'^^schema:Text ; ?p ?o }",
        "SELECT * { ?s rdfs:label 1 ; ?p ?o OPTIONAL { ?s rdfs:label 'Ada' } }",
        "SELECT * { ?s ^rdfs:label <http://a/1> ; ?p ?o }",
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
NAMED = [ox.Quad(*t, ox.NamedNode(f"http://a/g{n % 3}")) for n, t in enumerate([*TRIPLES, *TRIPLES[::2]])]
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
        st.builds("{{ SELECT ?x ?y {{ {} }} }} {}".format, inner, inner),
        st.builds("{} {{ SELECT ?z (COUNT(*) AS ?m) {{ ?x a schema:C1 ; rdfs:label ?z }} GROUP BY ?z }}".format, inner),
        st.builds("{} {{ SELECT ?z {{ VALUES ?z {{ <http://a/1> }} {} }} }}".format, inner, inner),
        st.builds("VALUES (?x) {{ (<http://a/1>) (UNDEF) }} {}".format, inner),
        st.builds("{} VALUES ?x {{ <http://a/1> <http://a/2> }}".format, inner),
        st.builds("{{ BIND(<http://a/1> AS ?z) {} }}".format, inner),
        st.builds("?x a schema:C1 . {}".format, inner),
        st.builds("GRAPH ?z {{ {} }}".format, inner),
        st.builds("{} OPTIONAL {{ GRAPH <http://a/g1> {{ {} }} }}".format, inner, inner),
    ),
    max_leaves=3,
)


@settings(max_examples=200, deadline=None)
@given(
    group=GROUP,
    narrows=st.booleans(),
    dataset=st.sampled_from(
        ["", "", "FROM <http://a/g0>", "FROM <http://a/g0> FROM <http://a/g2> FROM NAMED <http://a/g1>"]
    ),
)
def test_what_a_query_does_not_look_at_has_no_part_in_its_answer(group: str, narrows: bool, dataset: str) -> None:
    query = f"SELECT ?x ?y (COUNT(*) AS ?n) {dataset} {{ {group} }} GROUP BY ?x ?y"
    parts = scope.parts_for(query, PREFIXES, found if narrows else None)
    assert (parts is None) >= ("!a" in group)
    if parts is None:
        assert re.search(r"\*[^)]|!a|\?p", group)
        return
    assert answer(those_in(parts), query) == answer([*TRIPLES, *NAMED], query)


def found(subquery: Subquery) -> dict[str, set[str]]:
    """The IRIs that a subquery finds, without variables that are also unbound."""
    rows = list(solutions(those_in(subquery.parts), subquery.text))
    columns = {name: [row[name[1:]] for row in rows] for name in subquery.variables}
    return {name: {term.value for term in terms} for name, terms in columns.items() if None not in terms}


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("{ SELECT ?x { ?x rdfs:label ?z } } ?y ?p ?x", {(LABEL, ""), ("", "http://a/1")}),
        (
            "{ SELECT DISTINCT ?x { ?x rdfs:label ?z } } ?y schema:name|schema:mentions ?x",
            {(LABEL, ""), ("", "http://a/1")},
        ),
        (
            "{ SELECT ?x { ?x rdfs:label ?z } } ?y schema:name/schema:mentions ?x",
            {(LABEL, ""), (NAME, ""), (MENTIONS, "")},
        ),
        ("{ SELECT ?x { ?z rdfs:label ?q } } ?y a ?x", {(LABEL, ""), (TYPE, "http://a/1")}),
        ("{ SELECT ?x { ?x rdfs:label ?z } } ?x schema:name ?y . ?q schema:name ?r", {(LABEL, ""), (NAME, "")}),
        ("{ SELECT ?x { ?x rdfs:label ?z } LIMIT 1 } ?x schema:name ?y", {(LABEL, ""), (NAME, "")}),
        ("{ SELECT ?x { ?x rdfs:label ?z } } UNION { ?x schema:name ?y }", {(LABEL, ""), (NAME, "")}),
        ("OPTIONAL { SELECT ?x { ?x rdfs:label ?z } } ?x schema:name ?y", {(LABEL, ""), (NAME, "")}),
    ],
)
def test_what_a_query_looks_at_given_what_its_subqueries_find(query: str, parts: set[tuple[str, ...]]) -> None:
    narrowed = scope.parts_for(f"SELECT * {{ {query} }}", PREFIXES, lambda _query: {"?x": ["http://a/1"]})
    assert narrowed == {Part(*part) for part in parts}


def those_in(parts: frozenset[Part]) -> list[ox.Triple | ox.Quad]:
    """The triples and the quads that are in some parts."""
    found: list[ox.Triple | ox.Quad] = [t for t in TRIPLES if not parts.isdisjoint(parts_of(t))]
    for quad in NAMED:
        graphs = ("any", quad.graph_name.value)
        own = {part._replace(graph=graph) for graph in graphs for part in {Part(""), *parts_of(quad.triple)}}
        if not parts.isdisjoint(own):
            found.append(quad)
    return [*found, *(NAMED[:3] if Part("", graph=NAMES) in parts else [])]


def parts_of(triple: ox.Triple) -> set[Part]:
    """The parts that a triple is in."""
    subject, predicate, value = (cast("ox.NamedNode", term).value for term in triple)
    own = {Part(predicate), Part(predicate, value), Part("", subject), Part("", value)}
    return own | {Part(OF_CLASS, *pair) for pair in product(("", *classes_of(subject)), ("", *classes_of(value)))}


def classes_of(iri: str) -> list[str]:
    own = [t for t in TRIPLES if str(t.subject) == f"<{iri}>"]
    return [
        *(t.object.value for t in own if t.predicate.value == TYPE),
        *(f"{t.predicate.value} {t.object}" for t in own),
    ]


def answer(triples: Iterable[ox.Triple | ox.Quad], query: str) -> list[str]:
    return sorted(map(str, solutions(triples, query)))


def solutions(triples: Iterable[ox.Triple | ox.Quad], query: str) -> ox.QuerySolutions:
    store = ox.Store()
    store.extend(t if isinstance(t, ox.Quad) else ox.Quad(*t) for t in triples)
    return cast("ox.QuerySolutions", store.query(query, prefixes=dict(PREFIXES)))


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


def test_parts_that_are_cut_out_have_their_triples(outputs: tuple[Path, Path]) -> None:
    data = (outputs[0] / "graph.ttl").read_bytes()
    everything = {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)}
    classes: dict[str, set[str]] = {"": {str(end) for triple in everything for end in (triple.subject, triple.object)}}
    for triple in everything:
        if triple.predicate.value == TYPE:
            classes.setdefault(triple.object.value, set()).add(str(triple.subject))
        elif triple.predicate.value == LABEL and "\\" not in str(triple.object):
            classes.setdefault(f"{LABEL} {triple.object}", set()).add(str(triple.subject))
    parts = {
        *(Part(triple.predicate.value) for triple in everything),
        *(Part("", triple.subject.value) for triple in everything),
        *(Part(TYPE, name) for name in classes if name and " " not in name),
        *(Part(OF_CLASS, *names) for names in product(list(classes)[::5], list(classes)[::7])),
    }
    prefixes = dict(re.findall(r"@prefix (\S*): <(.*)> .\n", data.decode()))
    for part in sorted(parts)[:: max(1, len(parts) // 300)]:
        given = {quad.triple for quad in ox.parse(b"".join(cut(data, [part], prefixes)), format=ox.RdfFormat.TURTLE)}
        assert given <= everything
        assert {triple for triple in everything if is_in(triple, part, classes)} <= given, part


def is_in(triple: ox.Triple, part: Part, classes: Mapping[str, set[str]]) -> bool:
    subject, predicate, value = str(triple.subject), triple.predicate.value, str(triple.object)
    if part.predicate == OF_CLASS:
        return subject in classes[part.iri] and value in classes[part.other]
    return part.predicate in ("", predicate) and (not part.iri or f"<{part.iri}>" in (subject, value))


ALL_TRIPLES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "PREFIX rdf: <urn:x:> SELECT (COUNT( $s ) + COUNT(?p) AS ?triples) (COUNT(DISTINCT ?p) AS ?m) WHERE { ?s ?p ?o . }",
    "SELECT ?p (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING(COUNT(*) > 3) ORDER BY DESC(?n) ?p LIMIT 9 OFFSET 2",
    "SELECT (STR(?p) AS ?q) (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p LIMIT 5",
    "SELECT DISTINCT ?p { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p LIMIT 1000",
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 10",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY DESC(?n) ?g",
    "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?graphs) WHERE { GRAPH ?g { ?s ?p ?o . } }",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
)


@pytest.mark.parametrize("query", ALL_TRIPLES)
def test_triples_are_counted_without_a_store(outputs: tuple[Path, Path], query: str) -> None:
    some, everything = outputs
    shutil.rmtree(some / STATE / QUERY, ignore_errors=True)
    opened = loaded.of_output(some, query, parameters={})
    assert opened.instead
    whole = loaded.of_output(everything, query, whole=True)
    told, expected = said(opened, query, {}), said(whole, query, {})
    assert (told if "ORDER" in query else sorted(told)) == (expected if "ORDER" in query else sorted(expected))
    assert not (some / STATE / QUERY).exists()
    assert not opened.ask("ASK { ?s schema:nothing ?o }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ORDER BY ?s",
        "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(STR(?p)) AS ?n) (COUNT(*) AS ?m) { ?s ?p ?o }",
        "SELECT DISTINCT ?p ?s { ?s ?p ?o }",
        "SELECT DISTINCT * { ?s ?p ?o }",
        "SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } ?g ?q ?r }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p 'x' }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o , ?q }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o = 1) }",
        "SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) (SAMPLE(?o) AS ?any) { ?s ?p ?o }",
        "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o ORDER BY ?o",
        "SELECT (COUNT(*) AS ?n) { GRAPH <urn:x:g> { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) FROM <urn:x:g> { ?s ?p ?o }",
    ],
)
def test_queries_that_ask_for_more_than_numbers_are_left_alone(query: str) -> None:
    assert without_triples(query, lambda _by: {}) is None


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
    'DESCRIBE ?x WHERE { ?x rdfs:label "Ada Lovelace"@EN }',
    'SELECT * { ?x rdfs:label "Ada Lovelace"@en ; ?p ?o OPTIONAL { ?o ?q ?x } }',
    "SELECT ?p (COUNT(*) AS ?n) { ?post schema:mentions person:ada_lovelace ; ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT DISTINCT ?g { GRAPH ?g {} }",
    "SELECT * { GRAPH ?g { ?post schema:mentions ?who } OPTIONAL { ?who rdfs:label ?name } }",
    "SELECT * { GRAPH ?g { ?term skos:definition ?text } }",
    "SELECT * { GRAPH ?g { person:ada_lovelace ?p ?o } }",
    "SELECT * { GRAPH <https://kg.example/graph/post/talks/nanoseconds> { ?s ?p ?o } }",
    "SELECT * { GRAPH <https://kg.example/graph/entities> { ?s ?p ?o } } LIMIT 9",
    "SELECT * FROM <https://kg.example/graph/vocabulary> FROM <https://kg.example/graph/entities> { ?s a ?class }",
)


def test_answers_are_those_of_the_whole_graph_row_by_row(outputs: tuple[Path, Path]) -> None:
    """Also where no order is asked for, so that an answer does not depend on what was asked before."""
    some, everything = outputs
    named = [(queries.get(name), optional) for name in queries.names() for optional in (False, True)]
    asked = [(q.query, {p.name: p.example for p in q.parameters if own or not p.optional}) for q, own in named]
    for query, values in [*asked, *((query, {}) for query in UNORDERED)]:
        whole = loaded.of_output(everything, query, whole=True)
        assert whole.reopen is None
        known = {name: ox.Literal(value) for name, value in values.items()}
        for parameters in (known, None):
            (some / STATE / QUERY / "asked").unlink(missing_ok=True)
            opened = loaded.of_output(some, query, parameters=parameters)
            assert opened.reopen, f"everything is loaded for {query}"
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
