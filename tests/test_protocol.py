"""The W3C's tests of the SPARQL 1.1 Protocol that apply to a read-only endpoint, as a table.

https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/: the names are theirs. The updates among them must be
refused here, whatever their form.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from kg.server.protocol import BadRequest, negotiate, read_request
from tests.serving import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = "http://kasei.example/data"
QUADS = "".join(f"<{DATA}{n}.rdf#s> <http://a.example/p> <http://a.example/o> <{DATA}{n}.rdf> .\n" for n in (1, 2, 3))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
ASK = "ASK {}"


def here(*numbers: int, graph: bool = False) -> str:
    """ASK for the triples of some of the data files; each of them is about another thing."""
    patterns = (f"<{DATA}{n}.rdf#s> ?p{n} ?o{n} ." for n in numbers)
    return " ".join(f"GRAPH ?g{i} {{ {pattern} }}" if graph else pattern for i, pattern in enumerate(patterns))


def to(*parameters: tuple[str, str]) -> str:
    return "/sparql?" + urlencode(parameters)


def default(*numbers: int) -> list[tuple[str, str]]:
    return [("default-graph-uri", f"{DATA}{n}.rdf") for n in numbers]


def named(*numbers: int) -> list[tuple[str, str]]:
    return [("named-graph-uri", f"{DATA}{n}.rdf") for n in numbers]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    output = tmp_path_factory.mktemp("protocol")
    (output / "graph.nq").write_text(QUADS, "utf-8")
    with serve("--no-build", "-o", output) as served:
        yield served


BOTH = f"ASK {{ {here(1, 2)} }}"
NAMED = f"ASK {{ {here(1, 2, graph=True)} }}"
FULL = f"ASK {{ {here(3)} {here(1, 2, graph=True)} }}"
NOT_FULL = f"ASK {{ {here(1)} }}"
CLAUSES = f"ASK FROM <{DATA}1.rdf> {{ {here(1)} }}"

GOOD = [
    ("query_get", "GET", to(("query", ASK)), {}, None, True),
    ("query_post_form", "POST", "/sparql", FORM, urlencode({"query": ASK}), True),
    ("query_post_direct", "POST", "/sparql", DIRECT, ASK, True),
    ("query_dataset_default_graph", "POST", to(*default(1)), DIRECT, f"ASK {{ {here(1)} }}", True),
    ("query_dataset_default_graph, others unseen", "POST", to(*default(1)), DIRECT, f"ASK {{ {here(2)} }}", False),
    ("query_dataset_default_graphs_get", "GET", to(("query", BOTH), *default(1, 2)), {}, None, True),
    ("query_dataset_default_graphs_post", "POST", "/sparql", FORM, urlencode([("query", BOTH), *default(1, 2)]), True),
    ("query_dataset_named_graphs_get", "GET", to(("query", NAMED), *named(1, 2)), {}, None, True),
    ("query_dataset_named_graphs_post", "POST", "/sparql", FORM, urlencode([("query", NAMED), *named(1, 2)]), True),
    ("query_dataset_named_graphs, default empty", "GET", to(("query", BOTH), *named(1, 2)), {}, None, False),
    ("query_dataset_full", "GET", to(("query", FULL), *default(3), *named(1, 2)), {}, None, True),
    ("query_dataset_full, only those", "GET", to(("query", NOT_FULL), *default(3), *named(1, 2)), {}, None, False),
    ("query_multiple_dataset", "POST", to(*default(1)), DIRECT, CLAUSES, True),
    ("query_multiple_dataset, the protocol wins", "POST", to(*default(2)), DIRECT, CLAUSES, False),
    ("charset is named", "POST", "/sparql", {"Content-Type": "application/sparql-query; charset=UTF-8"}, ASK, True),
]

BAD = [
    ("bad_query_method", "PUT", "/sparql", FORM, urlencode({"query": ASK}), 405),
    ("bad_query_method, DELETE", "DELETE", to(("query", ASK)), {}, None, 405),
    ("bad_multiple_queries", "GET", to(("query", ASK), ("query", "SELECT * {}")), {}, None, 400),
    ("bad_multiple_queries, form", "POST", "/sparql", FORM, urlencode([("query", ASK)] * 2), 400),
    ("bad_multiple_queries, direct", "POST", to(("query", ASK)), DIRECT, ASK, 400),
    ("bad_query_wrong_media_type", "POST", "/sparql", {"Content-Type": "text/plain"}, ASK, 415),
    ("bad_query_missing_form_type", "POST", "/sparql", {}, urlencode({"query": ASK}), 415),
    ("bad_query_missing_direct_type", "POST", "/sparql", {}, ASK, 415),
    ("bad_query_non_utf8", "POST", "/sparql", {"Content-Type": "application/sparql-query; charset=UTF-16"},
     ASK.encode("utf-16"), 415),
    ("bad_query_non_utf8, unsaid", "POST", "/sparql", DIRECT, "ASK { ?x ?y 'é' }".encode("latin-1"), 400),
    ("bad_query_non_utf8, in the address", "GET", "/sparql?query=ASK%20%7B%20%FF%20%7D", {}, None, 400),
    ("bad_query_syntax", "GET", to(("query", "ASK {")), {}, None, 400),
    ("no query in a form", "POST", "/sparql", FORM, "a=b", 400),
    ("a graph that is no IRI", "GET", to(("query", ASK), ("default-graph-uri", "no iri")), {}, None, 400),
    ("update_post_form", "POST", "/sparql", FORM, urlencode({"update": "CLEAR ALL"}), 403),
    ("update_post_direct", "POST", "/sparql", UPDATE, "CLEAR ALL", 403),
    ("update_dataset_default_graph", "POST", "/sparql?using-graph-uri=x:y", UPDATE, "CLEAR ALL", 403),
    ("bad_update_get", "GET", to(("update", "CLEAR ALL")), {}, None, 403),
    ("bad_multiple_updates", "POST", "/sparql", FORM, urlencode([("update", "CLEAR ALL")] * 2), 403),
    ("an update in the place of a query", "GET", to(("query", "CLEAR ALL")), {}, None, 403),
    ("an update sent as a query", "POST", "/sparql", DIRECT, "DELETE WHERE { ?s ?p ?o }", 403),
]  # fmt: skip

rdflib_warns = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
"""rdflib's JSON-LD parser, of its own use of it."""
SELECT = "SELECT (1 AS ?x) {}"
CONSTRUCT = "CONSTRUCT { <http://a.example/s> <http://a.example/p> 1 } {}"
DESCRIBE = f"DESCRIBE <{DATA}1.rdf#s>"
ROWS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
TRIPLES = ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
TYPES = [
    *((f"query_content_type_select, {t}", SELECT, t, t) for t in ROWS),
    *((f"query_content_type_ask, {t}", ASK, t, t) for t in ROWS[:2]),
    *((f"query_content_type_construct, {t}", CONSTRUCT, t, t) for t in TRIPLES),
    *((f"query_content_type_describe, {t}", DESCRIBE, t, t) for t in TRIPLES),
    ("nothing asked for, rows", SELECT, "", ROWS[0]),
    ("nothing asked for, triples", CONSTRUCT, "", TRIPLES[0]),
    ("anything, rows", SELECT, "*/*", ROWS[0]),
    ("quality decides", SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.9, */*;q=0.1", ROWS[1]),
    ("what is wanted at no price", SELECT, "application/sparql-results+json;q=0, */*", "application/json"),
    ("a range", CONSTRUCT, "text/*", TRIPLES[0]),
    ("a browser", SELECT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "truth"), [c[1:] for c in GOOD], ids=[c[0] for c in GOOD]
)
def test_good_requests(endpoint: Served, method, path, headers, body, truth) -> None:
    reply = endpoint.ask(method, path, {"Accept": ROWS[0], **headers}, body)
    assert reply.status == 200, reply.text
    assert json.loads(reply.text)["boolean"] is truth


@pytest.mark.parametrize(
    "path",
    [
        to(("query", "ASK { GRAPH <https://none.example/图> {} }")),
        to(("query", "ASK FROM <https://none.example/图> {}")),
        to(("query", "ASK {}"), ("default-graph-uri", "https://none.example/图")),
    ],
)
def test_a_graph_that_is_not_there_is_named_beside_the_answer(endpoint: Served, path: str) -> None:
    reply = endpoint.get(path)
    assert reply.status == 200
    assert reply.headers["Kg-Note"].startswith("there is no graph <https://none.example/%E5%9B%BE>; 'SELECT DISTINCT")
    assert "Kg-Note" not in endpoint.get(to(("query", BOTH), *default(1, 2))).headers


@pytest.mark.parametrize(("method", "path", "headers", "body", "status"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_bad_requests(endpoint: Served, method, path, headers, body, status) -> None:
    reply = endpoint.ask(method, path, headers, body)
    assert reply.status == status, reply.text
    assert reply.text.strip()
    if status == 405:
        assert reply.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(("query", "accept", "media_type"), [c[1:] for c in TYPES], ids=[c[0] for c in TYPES])
def test_content_types(endpoint: Served, query: str, accept: str, media_type: str) -> None:
    reply = endpoint.query(query, accept)
    assert reply.status == 200, reply.text
    assert reply.type == media_type
    assert reply.headers["Vary"] == "Accept"
    assert reply.body


def test_what_nobody_has_is_not_acceptable(endpoint: Served) -> None:
    reply = endpoint.query(SELECT, "image/png")
    assert reply.status == 406
    assert "text/csv" in reply.text
    assert endpoint.query(SELECT, "text/turtle").status == 406
    assert endpoint.query(CONSTRUCT, "text/csv").status == 406


def test_graphs_given_twice_hold_each_triple_once(endpoint: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    path = to(("query", query), *default(1, 1, 2))
    assert endpoint.get(path, "text/csv").text.split() == ["n", "2"]


@rdflib_warns
def test_results_are_what_they_say(endpoint: Served) -> None:
    import rdflib
    from lxml import etree

    for media_type, format_ in zip(TRIPLES, ("turtle", "nt", "json-ld", "xml"), strict=True):
        data = endpoint.query(DESCRIBE, media_type).text
        assert len(rdflib.Graph().parse(data=data, format=format_)) == 1, media_type
    assert etree.fromstring(endpoint.query(SELECT, ROWS[1]).body).tag.endswith("sparql")
    assert endpoint.query(SELECT, "text/csv").text.split() == ["x", "1"]


@rdflib_warns
def test_service_description(endpoint: Served) -> None:
    import rdflib

    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    for media_type, format_ in zip(TRIPLES, ("turtle", "nt", "json-ld", "xml"), strict=True):
        reply = endpoint.get("/sparql", media_type)
        assert (reply.status, reply.type) == (200, media_type)
        graph = rdflib.Graph().parse(data=reply.text, format=format_)
        (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
        assert str(graph.value(service, sd.endpoint)) == f"http://127.0.0.1:{endpoint.port}/sparql"
        assert graph.value(service, sd.supportedLanguage) == sd.SPARQL11Query
        assert not list(graph.triples((None, None, sd.SPARQL11Update)))
        dataset = graph.value(service, sd.defaultDataset)
        names = {str(graph.value(named, sd.name)) for named in graph.objects(dataset, sd.namedGraph)}
        rows = json.loads(endpoint.query("SELECT DISTINCT ?g { GRAPH ?g {} }", ROWS[0]).text)["results"]["bindings"]
        assert names == {row["g"]["value"] for row in rows}


def test_head_is_get_without_the_body(endpoint: Served) -> None:
    reply = endpoint.ask("HEAD", to(("query", ASK)), {"Accept": ROWS[0]})
    assert (reply.status, reply.type, reply.body) == (200, ROWS[0], b"")


@pytest.mark.parametrize(
    ("accept", "offered", "taken"),
    [
        ("", ("a/b", "c/d"), "a/b"),
        ("c/d", ("a/b", "c/d"), "c/d"),
        ("c/*", ("a/b", "c/d"), "c/d"),
        ("a/b;q=0, */*", ("a/b", "c/d"), "c/d"),
        ("a/b;q=0.1, c/d;q=0.2", ("a/b", "c/d"), "c/d"),
        ("A/B ; Q=1", ("a/b",), "a/b"),
        ("a/b;q=nonsense", ("a/b",), None),
        ("x/y", ("a/b",), None),
        (",,", ("a/b",), "a/b"),
    ],
)
def test_negotiation(accept: str, offered: tuple[str, ...], taken: str | None) -> None:
    assert negotiate(accept, offered) == taken


def test_a_request_of_a_thousand_parameters_is_refused() -> None:
    with pytest.raises(BadRequest):
        read_request("GET", "query=x" + "&a=b" * 2000, "", b"")
