"""`kg query`: the embedded store, its answers, its refusals, and the named queries."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import exporters
from kg.commands.query import command, place
from kg.errors import ConfigError, QueryError, StoreError
from kg.namespaces import KG, VOID, XSD
from kg.pipeline.build import build
from kg.stores import embedded, loaded, queries, results
from kg.stores.hints import why_empty
from kg.stores.mistakes import syntax_error
from kg.stores.syntax import QueryRefused, QuerySyntaxError, check_read_only, query_form, tokens
from kg.text.table import display_width
from tests.conftest import REPO, write_posts
from tests.running import kg

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph

REPO_BASE = "https://kg.example/"
TURTLE = """
@prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix person: <https://kg.example/person/> .
@prefix post: <https://kg.example/post/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
post:1 a schema:BlogPosting ; rdfs:label "你好，世界"@zh ; schema:datePublished "2024-03-01"^^xsd:date ;
  schema:mentions person:习近平 , person:ada .
post:2 a schema:BlogPosting ; rdfs:label "Plain\\u001b[31m" ; schema:mentions person:ada .
person:习近平 a schema:Person ; rdfs:label "习近平"@zh .
person:ada a schema:Person ; rdfs:label "Ada Lovelace"@en .
"""
TRIPLES = 12
MENTIONED = (
    "SELECT ?name (COUNT(?post) AS ?posts) { ?post schema:mentions ?x . ?x rdfs:label ?name } "
    "GROUP BY ?name ORDER BY ?posts"
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + " }"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An OUTPUT with a built graph."""
    (tmp_path / "graph.ttl").write_text(TURTLE, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> embedded.Embedded:
    path = tmp_path_factory.mktemp("graph") / "graph.ttl"
    path.write_text(TURTLE, "utf-8")
    return embedded.of_file(path)


def ask(*arguments: str | Path) -> str:
    """Run the command in this process; it must succeed."""
    outcome = CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False, standalone_mode=False)
    assert outcome.return_value == 0, outcome.output
    return outcome.stdout


# --- answers


def test_table_is_aligned_where_letters_are_two_columns_wide(output: Path) -> None:
    assert ask("-o", output, MENTIONED) == (
        "name          posts\n"
        "────────────  ─────\n"
        "习近平            1\n"
        "Ada Lovelace      2\n"
    )  # fmt: skip


def test_table_keeps_the_order_of_the_query_and_shortens_iris(output: Path) -> None:
    text = ask("-o", output, "SELECT * { ?person a schema:Person ; rdfs:label ?label } ORDER BY ?label")
    assert text.splitlines()[0].split() == ["person", "label"]
    assert "person:习近平" in text


def test_table_shows_control_characters_as_escapes(output: Path) -> None:
    text = ask("-o", output, 'SELECT ?l { ?x rdfs:label ?l FILTER(STRSTARTS(?l, "Plain")) }')
    assert "\x1b" not in text
    assert "Plain\\x1b[31m" in text


def test_each_format_is_read_by_another_parser(output: Path) -> None:
    rows = json.loads(ask("-o", output, "--format", "json", MENTIONED))["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == ["习近平", "Ada Lovelace"]
    assert rows[0]["name"]["xml:lang"] == "zh"
    assert list(csv.reader(io.StringIO(ask("-o", output, "--format", "csv", MENTIONED)))) == [
        ["name", "posts"], ["习近平", "1"], ["Ada Lovelace", "2"]
    ]  # fmt: skip
    tsv = ask("-o", output, "--format", "tsv", MENTIONED).splitlines()
    assert tsv == ["?name\t?posts", '"习近平"@zh\t1', '"Ada Lovelace"@en\t2']
    from lxml import etree

    tree = etree.fromstring(ask("-o", output, "--format", "xml", MENTIONED).encode())
    assert tree.xpath("//s:literal/text()", namespaces={"s": "http://www.w3.org/2005/sparql-results#"}) == [
        "习近平", "1", "Ada Lovelace", "2"
    ]  # fmt: skip


def test_construct_and_describe_give_sorted_turtle_with_prefixes(output: Path) -> None:
    import rdflib

    text = ask("-o", output, "DESCRIBE <https://kg.example/person/ada>")
    assert "@prefix schema:" in text
    assert "@prefix skos:" not in text  # not used
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == 2
    assert text == ask("-o", output, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?s = person:ada) }")
    assert len(ask("-o", output, "--format", "nt", "CONSTRUCT WHERE { ?s ?p ?o }").splitlines()) == TRIPLES
    assert "subject" in ask("-o", output, "--format", "table", "DESCRIBE <https://kg.example/person/ada>")
    for format_ in ("ttl", "nt", "json", "xml"):
        assert ask("-o", output, "--format", format_, "DESCRIBE <https://kg.example/person/ada>")[-1] == "\n"


def test_ask_says_yes_or_no(output: Path) -> None:
    assert ask("-o", output, "ASK { ?x a schema:Person }") == "yes\n"
    assert ask("-o", output, "--format", "json", "ASK { ?x a schema:Nothing }") == '{"head":{},"boolean":false}\n'


def test_a_form_that_a_format_cannot_hold_is_refused(output: Path) -> None:
    for arguments in (["--format", "ttl", MENTIONED], ["--format", "csv", "DESCRIBE <https://kg.example/person/ada>"]):
        with pytest.raises(ConfigError, match="use table"):
            ask("-o", output, *arguments)


def test_query_from_file_and_standard_input(output: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("\ufeff# how many\nASK { ?x a schema:Person }", "utf-8")
    assert ask("-o", output, "-f", file) == "yes\n"
    done = kg("query", "-o", output, stdin="ASK { ?x rdfs:label '习近平'@zh }")
    assert (done.returncode, done.stdout) == (0, "yes\n")


def test_other_sources(output: Path, small_graph, tmp_path: Path) -> None:
    file = tmp_path / "other.nt"
    file.write_text("<https://a.example/s> <https://a.example/p> <https://a.example/o> .\n", "utf-8")
    assert ask("--data", file, "ASK { ?s <https://a.example/p> ?o }") == "yes\n"
    with pytest.raises(ConfigError, match="not an RDF format"):
        ask("--data", __file__, "ASK {}")
    file.write_text("<https://a.example/s> <p", "utf-8")
    with pytest.raises(ConfigError, match="not valid N-Triples"):
        ask("--data", file, "ASK {}")
    with pytest.raises(ConfigError, match="no built graph"):
        ask("-o", tmp_path / "nowhere", "ASK {}")
    (tmp_path / "faulty").mkdir()
    (tmp_path / "faulty" / "graph.ttl").write_text("@prefix a: <a:> . a:b a")
    with pytest.raises(ConfigError, match="not valid Turtle"):
        ask("-o", tmp_path / "faulty", "ASK {}")
    loaded = embedded.of_graph(small_graph)
    assert bool(loaded.ask("ASK { person:习近平 a schema:Person }"))
    assert bool(loaded.ask("ASK { GRAPH ?g { ?post schema:mentions person:习近平 } }"))


def test_wide_columns_are_cut_for_a_terminal_only() -> None:
    stream = io.BytesIO()
    results.write_table(["a", "b"], [[ox.Literal("字" * 50), ox.Literal("x" * 60)]], stream, str, 40)
    lines = stream.getvalue().decode().splitlines()
    assert all(display_width(line) <= 40 for line in lines)
    assert "…" in lines[2]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=8), st.integers(10, 300))
def test_columns_are_narrowed_no_more_than_needed(widths: list[int], room: int) -> None:
    fitted = results.fit(widths, room)
    assert all(new <= old for new, old in zip(fitted, widths, strict=True))
    if sum(widths) <= room:
        assert fitted == widths
    if sum(fitted) > room:
        assert all(new <= 8 or new == old for new, old in zip(fitted, widths, strict=True))


# --- mistakes


@pytest.mark.parametrize(
    ("query", "at", "message", "hint"),
    [
        ("", (1, 1), "the query is empty", "SELECT"),
        ("SELCT ?x {}", (1, 1), "does not begin with 'SELCT'", "did you mean SELECT?"),
        ("SELECT ?x {\n ?x foaf:name ?y }", (2, 5), "no prefix is called 'foaf:'", "PREFIX foaf: <http://xmlns.com"),
        ("SELECT ?x { ?x shema:name ?y }", (1, 16), "no prefix is called 'shema:'", "did you mean 'schema:'?"),
        ("SELECT ?x { '习近平' a ?x . ?x a y:z }", (1, 31), "no prefix is called 'y:'", "known are"),
        ("SELECT ?x { ?x a ?y ", (1, 11), "this '{' is never closed", "add '}' at the end"),
        ("SELECT ?x { ?x a ?y }}", (1, 22), "nothing is open", ""),
        ("SELECT ?x { FILTER(?x > 1 }", (1, 27), "'}' where ')' should come first", ""),
        ('SELECT ?x { ?x a "y }', (1, 18), "this string is not closed", 'add a closing "'),
        ("SELECT ?x { ?x a ?y FLITER(?y > 1) }", (1, 21), "'FLITER' is not a SPARQL keyword", "did you mean FILTER?"),
        ("SELECT ?x { ?x a 人物 }", (1, 18), "'人物' is not a SPARQL keyword", "?人物"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?y }", (1, 8), "?x has no single value", "GROUP BY ?x"),
        ("SELECT ?x { ?x schema:mentions }", (1, 32), "'}' cannot stand here", ""),
        ("ASK " + "{" * 5000, (1, 261), "nested deeper than 256", ""),
        ("SELECT ?x WHERE ?x schema:mentions ?y", (1, 17), "WHERE needs braces", "WHERE { ... }"),
        ("SELECT ?x { ?x a ?y } UNION { ?x a ?z }", (1, 23), "UNION stands outside the braces", ""),
        ("SELECT ?x { GRAPH { ?x a ?y } }", (1, 19), "GRAPH needs a name", "GRAPH ?g"),
        ("SELECT ?x { ?x rdfs:label ?l@zh }", (1, 29), "'@zh' follows a text alone", 'LANG(?x) = "zh"'),
        ("SELECT ?x { ?x a ?y FILTER(?y == 1) }", (1, 31), "'==' is not a SPARQL operator", "write '='"),
        ("SELECT ?x { ?x a ?y } LIMIT", (1, 23), "nothing follows 'LIMIT'", ""),
        ("SELECT ?x { ?x a ?y } ORDER ?x", (1, 29), "'?x' cannot stand here", "expected BY"),
        ("PREFIX s <https://schema.org/> ASK {}", (1, 8), "a prefix ends in a colon", "PREFIX s:"),
        ("SELECT ?x { ?x a https://schema.org/Person }", (1, 18), "in angle brackets", "<https://schema.org/Person>"),
        ("SELECT ?x { ?x a <https://schema.org/Person }", (1, 18), "this IRI is not closed", "'>'"),
        ("SELECT ?x { ?x rdfs:label “Ada” }", (1, 27), "'“' is not a quotation mark", ""),
        ("SELECT ?x { ?x a ?y FILTER(CONTAINS(?y 'a')) }", (1, 40), "needs a comma before it", "',' after '?y'"),
        ("SELECT ?x { ?x a ?y FILTER(?x = 1 AND ?y) }", (1, 35), "'AND' is not a SPARQL keyword", "&&"),
        ("SELECT ?x { ?x a ?y FILTER lang(?y) = 'zh' }", (1, 37), "'=' is outside the brackets of FILTER", ""),
        ("SELECT ?x { ?x ?y post:notes/pump }", (1, 30), "'pump' is not a SPARQL keyword", "post:notes\\/pump"),
        ("SELECT (?x + 1) { ?x a ?y }", (1, 15), "what is in these brackets has no name", "(... AS ?name)"),
        ("SELECT ?n (AVG(?x) AS ?n) { ?x a ?y }", (1, 23), "?n has a value here already", "a name of its own"),
        ("SELECT ?x {\n ?x a ?y\n ?x schema:name ?z }", (3, 2), "'?x' begins another triple", "'.' after '?y'"),
        ("SELECT ?x { ?x a ?y ; schema:a/^schema:b ?z ?x ?p 'x'@en }", (1, 45), "'?x' begins another triple", "'?z'"),
        ("SELECT ?x { { ?x a [ a ?y ] } OPTIONAL { ?x a ?y ?z } }", (1, 50), "'?z' begins another", "'.' after '?y'"),
        (
            "SELECT ?x { VALUES (?x ?y) { (1 2) (3 4) } ?x a ?y FILTER(?x > 1 && ?y) ?x a ?y ?z a ?y }",
            (1, 81),
            "?z",
            "'?y'",
        ),
        ("SELECT ?x { ?x a ?y BIND(1 AS ?y) }", (1, 31), "?y has a value here already", "a name of its own"),
        ("SELECT ?x, ?y { ?x a ?y }", (1, 10), "',' cannot stand here", "blanks"),
        ("SELECT DISTINCT COUNT(?x) { ?x a ?y }", (1, 22), "what COUNT gives has no name", "(COUNT(...) AS ?name)"),
        ("SELECT (STR(?x) AS ?s) (MAX(?y) AS ?m) { ?x a ?y }", (1, 13), "?x has no single value", "GROUP BY ?x"),
        ("SELECT ?x { ?x a ?y FILTER ?y = 1 }", (1, 28), "FILTER needs brackets", "FILTER(?y ...)"),
        ("SELECT (1 AS ?x) { ?x a ?y }", (1, 14), "?x has a value here already", "a name of its own"),
        ("SELECT ?x { ?x rdfs:label ?y FILTER(REGEX(?y, '\\d+')) }", (1, 48), "'\\d' is not an escape", "'\\\\d'"),
        (
            "SELECT ?x { { SELECT ?x ?z (COUNT(?y) AS ?n) { ?x ?z ?y } GROUP BY ?x } }",
            (1, 25),
            "?z has no single value",
            "GROUP BY ?z",
        ),
    ],
)
def test_syntax_errors_show_the_place_and_a_hint(
    graph: embedded.Embedded, query: str, at: tuple[int, int], message: str, hint: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        graph.ask(query)
    error = caught.value
    assert (error.line, error.column) == at
    assert message in error.message
    assert hint in error.hint
    assert error.exit_status == 2


CHAINS = {
    "+": "ASK {{ FILTER(1{} > 0) }}", "||true": "ASK {{ FILTER(true{}) }}", "!": "ASK {{ FILTER({}true) }}",
    "/<a:b>": "ASK {{ ?s <a:b>{} ?o }}", " UNION {}": "ASK {{ {{}}{} }}", " MINUS {}": "ASK {{ ?s ?p ?o{} }}",
    " BIND(1 AS ?x)": "ASK {{ {} }}", ", ?o": "ASK {{ ?s ?p ?o{} }}", " (?s)": "SELECT * {{}} GROUP BY ?s HAVING{}",
}  # fmt: skip


@pytest.mark.parametrize("link", CHAINS)
def test_no_chain_ends_the_process(link: str) -> None:
    """Tens of thousands of any link are more than the stack of the engine; a thousand words are not too many."""
    with pytest.raises(QuerySyntaxError, match="more than 4,000 words and marks"):
        check_read_only(CHAINS[link].format(("+1" if link == "+" else link) * 20_000))
    check_read_only(CHAINS[link].format(("+1" if link == "+" else link) * 200))


def test_lists_of_values_may_be_long(graph: embedded.Embedded) -> None:
    many = range(20_000)
    assert graph.ask(f"ASK {{ FILTER(7 IN ({', '.join(map(str, many))})) }}")
    assert graph.ask(f"ASK {{ VALUES (?a ?b) {{ {' '.join(f'({n} 1)' for n in many)} }} FILTER(?a = 7) }}")


def test_named_queries_answer_on_a_vault(tmp_path: Path) -> None:
    """Notes, links and days of making: no person, no organization, nothing published."""
    days = ("2026-01-01", "2026-02-01", "2026-06-01", "2026-07-01")
    notes = {
        f"{n}.md": f"---\ncreated: {day}\ntags: [x]\n---\n[[Hub]] [[Maps]] [[Roads]]\n" for n, day in enumerate(days)
    }
    write_posts(tmp_path, notes | {"Hub.md": "[[Maps]] [[0]]\n", "Maps.md": "\n", "old/Maps.md": "\n"})
    vault = embedded.of_graph(build(tmp_path).knowledge_graph)
    given = {"name": "Hub", "one": "Hub", "other": "maps", "category": "Hub"}
    for name in set(queries.names()) - {"orphans", "projects-by-people", "who-speaks-about", "newcomers"}:
        example = queries.get(name)
        bound = {p.name: ox.Literal(given[p.name]) for p in example.parameters if not p.optional}
        assert list(cast("ox.QuerySolutions", vault.ask(example.query, parameters=bound))), name


def test_an_empty_answer_says_which_word_is_not_there(tmp_path: Path) -> None:
    write_posts(tmp_path, {"a.md": "[[b]]\n", "b.md": "---\ntags: [x]\n---\n[[a]] and [[c]]\n", "c.md": "\n"})
    vault = embedded.of_graph(build(tmp_path).knowledge_graph)
    said = {
        "SELECT * { ?x schema:mentions ?y }": "no post here has schema:mentions, but there are 3 links: ask for",
        "SELECT * { ?x schema:ore/schema:xyz ?z }": "the property schema:ore or the property schema:xyz; the most",
        "SELECT * { ?x schema:keyword ?y }": "has the property schema:keyword; did you mean schema:keywords?",
        "SELECT * { ?x a schema:BlogPostings }": "did you mean schema:BlogPosting?",
        "SELECT * { ?x a schema:Person }": "nothing here has the class schema:Person; the most frequent are ",
        "SELECT * { tag:y ?p ?o }": "nothing here is tag:y; kg find NAME says",
        "SELECT * { tag:y ?p ?o OPTIONAL { ?o schema:ore ?z } }": "nothing here is tag:y; kg find NAME says",
    }
    for text, wanted in said.items():
        (line,) = why_empty(vault, text)
        assert wanted in line
    assert not list(
        why_empty(vault, "SELECT * { ?x kg:linksTo ?y ; schema:keywords tag:x FILTER(xsd:integer('1') > 2) }")
    )
    bare = embedded.Embedded(ox.Store())
    assert "there are no named graphs here; leave GRAPH and FROM out" in list(why_empty(bare, "ASK { GRAPH ?g {} }"))


def test_the_caret_stands_under_the_mistake_whatever_the_letters_are() -> None:
    error = syntax_error("SELECT ?x { '习近平' a ?x . ?x a y:z }", "", {"schema": "https://schema.org/"})
    _first, source, caret, _hint = place(error).splitlines()
    before = source[: source.index("y:z")]
    assert display_width(before) == caret.index("^")


@given(st.text(max_size=80))
def test_no_text_makes_the_diagnosis_fail(text: str) -> None:
    list(tokens(text))
    assert syntax_error(text, "error at 1:9: expected CONSTRUCT", {}).line >= 1


def test_a_mistake_is_exit_2_without_a_traceback(output: Path) -> None:
    done = kg("query", "-o", output, "SELECT ?x { ?x a ")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == "kg: query:1:11: this '{' is never closed"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX a: <a:a> DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { # SERVICE\n service silent ?x { ?s ?p ?o } }",
    ],
)
def test_updates_and_federation_are_refused(graph: embedded.Embedded, query: str) -> None:
    with pytest.raises(QueryRefused):
        graph.ask(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s rdfs:label "SERVICE" }',
        "SELECT * { ?service ?p ?o } # SERVICE",
        "SELECT * { ?s <https://a.example/SERVICE> 'at your SERVICE'@en }",
    ],
)
def test_the_word_service_may_be_spoken(graph: embedded.Embedded, query: str) -> None:
    assert list(graph.ask(query)) is not None


# What could hide the keyword from us and not from the engine: comparisons that look like IRIs, quotes, comments, words
# that run together.
_PIECES = ["SERVICE", "service", " ", "<", ">", "<@>", "?x", "1", "true", "(", ")", "'", '"', "#", "\n", "{", "}", ".",
           "FILTER", "a:b", "SILENT", "{?s ?p ?o}", "<b)", "?x<", ">'", "\\", "_:b", "@en", "1<2)"]  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_no_text_that_passes_the_check_reaches_another_server(pieces: list[str]) -> None:
    text = "".join(pieces).replace("<@>", f"<http://127.0.0.1:{_LISTENER.port}/>")
    for query in (
        f"SELECT * {{ {text} }}",
        f"SELECT * {{ FILTER(1{text} }}",
        f"SELECT * {{ {text}<{_LISTENER.url}>{{?s ?p ?o}} }}",
    ):
        try:
            check_read_only(query)
            reply = ox.Store().query(query, prefixes={"a": "http://a.example/"})
            list(reply) if not isinstance(reply, ox.QueryBoolean) else None
        except (QueryError, SyntaxError, RuntimeError, OSError, ValueError):
            pass
    assert _LISTENER.calls == 0


class _Listener:
    """Counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            caller, _address = self._socket.accept()
            self.calls += 1
            caller.close()


_LISTENER = _Listener()


def test_the_listener_would_notice() -> None:
    listener = _Listener()
    with pytest.raises((OSError, RuntimeError)):
        list(ox.Store().query(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"))
    assert listener.calls > 0


def test_a_query_that_never_ends_is_ended(output: Path) -> None:
    done = kg("query", "-o", output, "--timeout", "0.5", ENDLESS)
    assert done.returncode == 2
    assert "no answer within 0.5 s" in done.stderr


@pytest.mark.parametrize("format_", ["table", "csv", "json"])
def test_a_reader_that_has_enough_is_no_error(tmp_path: Path, format_: str) -> None:
    data = tmp_path / "many.nt"
    data.write_text("".join(f'<https://a.example/{i}> <https://a.example/p> "{"x" * 99}" .\n' for i in range(5000)))
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "--data", str(data), "--format", format_, "SELECT * { ?s ?p ?o }"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141, "as a program that SIGPIPE ends"


# --- the store on disk


def stored(output: Path) -> list[str]:
    return sorted(path.name for path in (output / ".kg" / "query").iterdir())


def test_the_store_is_loaded_once_and_follows_the_graph(output: Path) -> None:
    first = loaded.of_output(output)
    assert first.folder is not None
    before = stored(output)
    stamp = (first.folder / "CURRENT").stat().st_mtime_ns
    assert len(loaded.of_output(output)) == len(first) == TRIPLES
    assert stored(output) == before
    assert (first.folder / "CURRENT").stat().st_mtime_ns == stamp
    (output / "graph.ttl").write_text(TURTLE + "person:bob a schema:Person .\n", "utf-8")
    assert len(loaded.of_output(output)) == TRIPLES + 1
    assert len(stored(output)) == 1  # that of the earlier build is gone
    assert stored(output) != before


def test_named_graphs_are_sorted_out_once_a_query_may_name_them(tmp_path: Path, small_graph: KnowledgeGraph) -> None:
    with (tmp_path / "graph.ttl").open("wb") as stream:
        exporters.get("ttl").write(small_graph, stream)
    graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    for query, named in (
        ("SELECT * {}", False),
        (graphs, True),
        ("SELECT * {}", True),
        (r"SELECT * { \u0047RAPH ?g {} }", True),
    ):
        graph = loaded.of_output(tmp_path, query)
        assert (next(iter(graph.store.named_graphs()), None) is not None) == named
    assert len(stored(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "# one .\na:s a:p a:o .\n",
        "@prefix a: <b:> .\na:s a:p a:o .\n",
        "_:x a:p a:o .\na:s a:p _:x .\n",
        'a:s a:p """one .\ntwo""" .\n',
        "PREFIX a: <b:>\na:s a:p a:o .\n",
        "@base <http://b.example/> .\n<s> a:p <o> .\n",
    ],
)
def test_a_file_is_loaded_in_parts_only_where_that_gives_the_same(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_PIECE", 1)
    (tmp_path / "graph.ttl").write_text("@prefix a: <a:> .\na:s a:p 1 .\na:s a:p 2 .\n" + text + "a:s a:p 3 .\n")
    pieces, whole = loaded.of_output(tmp_path, "SELECT * {}").store, embedded.of_file(tmp_path / "graph.ttl").store
    assert len(list(pieces.query("SELECT * { ?s ?p ?o }"))) == len(list(whole.query("SELECT * { ?s ?p ?o }"))) >= 4
    ask = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } ORDER BY ?s ?p ?o"
    assert list(map(str, pieces.query(ask))) == list(map(str, whole.query(ask)))


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "no prefixes", "a file"])
def test_a_damaged_store_is_made_again_and_never_believed(output: Path, harm: str) -> None:
    good = loaded.of_output(output)
    folder = good.folder
    assert folder is not None
    del good
    tables = sorted(folder.glob("*.sst"))
    if harm == "cut":
        tables[0].write_bytes(tables[0].read_bytes()[:20])
    elif harm == "flip":
        for table in tables:
            data = bytearray(table.read_bytes())
            data[: len(data) // 2] = bytes(len(data) // 2)
            table.write_bytes(data)
    elif harm == "no prefixes":
        (folder / "prefixes.tsv").unlink()
    else:
        import shutil

        shutil.rmtree(folder)
        folder.mkdir() if harm == "empty" else folder.write_text("")
    for _attempt in range(2):
        try:
            found = list(loaded.of_output(output).ask("SELECT * { ?s ?p ?o }"))
            break
        except StoreError:
            continue  # found while reading: told, thrown away
        except RuntimeError as error:
            with pytest.raises(StoreError):
                raise loaded.of_output(output).trouble(error) from error
    assert len(found) == TRIPLES


def test_what_a_crash_left_behind_is_not_used_and_is_removed(output: Path) -> None:
    left = output / ".kg" / "query" / "loading-crashed"
    left.mkdir(parents=True)
    (left / "store").mkdir()
    os.utime(left, (1, 1))
    fresh = output / ".kg" / "query" / "loading-still-going"
    fresh.mkdir()
    assert len(loaded.of_output(output)) == TRIPLES
    assert not left.exists()
    assert fresh.exists()  # somebody may be writing there right now


def test_two_at_once(output: Path) -> None:
    line = [sys.executable, "-m", "kg", "query", "-o", str(output), MENTIONED]
    running = [subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    answers = [process.communicate(timeout=60) for process in running]
    assert len({out for out, _err in answers}) == 1
    assert all(err == b"" for _out, err in answers)
    assert len(stored(output)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there, processes do not wait for each other")
def test_a_graph_is_loaded_once_however_many_need_it(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []
    load = loaded.load
    monkeypatch.setattr(loaded, "load", lambda *given, **more: (loads.append(given[1]), load(*given, **more))[1])
    everything = "SELECT * { ?s ?p ?o }"
    with ThreadPoolExecutor(4) as threads:  # each has its own lock, as processes have
        opened = list(threads.map(lambda query: loaded.of_output(output, query), [None, everything] * 2))
    assert loads == [output / "graph.ttl"]
    assert {len(each) for each in opened} == {TRIPLES}
    assert [name.endswith(loaded.WITH_GRAPHS) for name in stored(output)] == [True]


def test_an_output_that_cannot_be_written_is_asked_all_the_same(output: Path) -> None:
    (output / ".kg").write_text("a file where the folder should be")
    graph = loaded.of_output(output)
    assert graph.folder is None
    assert len(graph) == TRIPLES


def test_the_store_cannot_be_changed(output: Path) -> None:
    store = loaded.of_output(output).store
    with pytest.raises(RuntimeError):
        store.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:a"), ox.NamedNode("a:a")))


# --- explain


def test_explain_points_at_the_pattern_that_matches_nothing(output: Path) -> None:
    text = ask("-o", output, "--explain", "SELECT ?x { ?x a schema:Persan ; rdfs:label ?l . FILTER(STRLEN(?l) > 2) }")
    line = next(line for line in text.splitlines() if "schema:Persan" in line)
    assert "0 matches   <- nothing in the graph" in line
    assert "4 matches" in next(line for line in text.splitlines() if "rdfs:label" in line)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?x a schema:Person }",
        "CONSTRUCT { ?x a ?y } WHERE { { ?x a ?y } UNION { GRAPH ?g { ?x ?p ?y } } MINUS { ?x rdfs:label 'x'@zh } }",
        "DESCRIBE ?x { ?x schema:mentions/rdfs:label|^rdfs:label ?y . VALUES ?y { 1 2 } BIND(1 AS ?z) }",
        "DESCRIBE <https://kg.example/person/ada>",
        "SELECT ?x (COUNT(*) AS ?n) { ?x a [ ] . FILTER NOT EXISTS { ?x ?p 3 } } GROUP BY ?x HAVING(?n > 1) LIMIT 3",
    ],
)
def test_every_form_can_be_explained(output: Path, query: str) -> None:
    assert "triples in the graph" in ask("-o", output, "--explain", query)


# --- named graphs


@pytest.mark.parametrize("format_", ["ttl", "nt", "jsonld", "rdfxml", "nq"])
def test_every_file_of_a_build_has_its_named_graphs(small_graph: KnowledgeGraph, format_: str, tmp_path: Path) -> None:
    from kg.exporters import get
    from kg.pipeline.writing import write_file
    from kg.rdf import terms

    written = small_graph
    if format_ == "rdfxml":  # which holds no control characters
        nodes = {iri: node for iri, node in small_graph.nodes.items() if "hostile" not in iri}
        written = replace(small_graph, nodes=nodes, edges=tuple(e for e in small_graph.edges if e.source in nodes))
    (file,) = write_file(written, get(format_), tmp_path / get(format_).files[0])
    store = embedded.of_file(file).store
    named = {quad for quad in store if quad.graph_name != ox.DefaultGraph()}
    assert named == set(terms.quads(written))


def test_a_default_build_has_its_named_graphs(tmp_path: Path) -> None:
    post = f"{REPO_BASE}graph/post/essays/note-g"
    assert kg("build", "-q", REPO / "content", "-o", tmp_path).returncode == 0
    counted = "SELECT (COUNT(*) AS ?n) {} {{ {} }}"
    for query in (
        counted.format("", f"GRAPH <{post}> {{ ?s ?p ?o }}"),
        counted.format(f"FROM <{post}>", "?s ?p ?o"),
        counted.format(f"FROM NAMED <{post}>", "GRAPH ?g { ?s ?p ?o }"),
    ):
        done = kg("query", "-o", tmp_path, "--format", "json", query)
        assert done.stderr == ""
        assert int(json.loads(done.stdout)["results"]["bindings"][0]["n"]["value"]) > 5
    for query in ("ASK FROM x:none { ?s ?p ?o }", "ASK { GRAPH x:none { ?s ?p ?o } }", "ASK FROM NAMED x:none {}"):
        done = kg("query", "-o", tmp_path, f"PREFIX x: <https://none.example/> {query}")
        assert done.returncode == 0
        assert "there is no graph <https://none.example/none>; 'SELECT DISTINCT" in done.stderr


def test_graphs_of_others_are_left_alone(tmp_path: Path) -> None:
    """What is no build of ours, or claims to be one under a base that is none, gets no named graphs."""
    dataset = f'<a:d> a <{VOID}Dataset> ; <{VOID}builtWith> "x" ; <{VOID}uriSpace> "a:\\") }} CLEAR ALL #" .'
    for text in (TURTLE, dataset.replace(f"{VOID}builtWith", f"{KG}builtWith")):
        (tmp_path / "a.ttl").write_text(text, "utf-8")
        store = embedded.of_file(tmp_path / "a.ttl").store
        assert len(store) > 0
        assert list(store.named_graphs()) == []


# --- relative IRIs, and functions that are not there


def test_relative_iris_belong_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a b.ttl"
    file.write_text("<#me> <p> <other> .", "utf-8")
    graph = embedded.of_file(file)
    assert bool(graph.ask("ASK { <#me> <p> <other> }"))
    assert bool(graph.ask(f"ASK {{ <{file.as_uri()}#me> ?p ?o }}"))
    assert bool(graph.ask("BASE <x:y/> ASK { FILTER(<z> = <x:y/z>) }"))


def test_relative_iris_belong_to_the_site(small_graph: KnowledgeGraph) -> None:
    graph = embedded.of_graph(small_graph)
    assert bool(graph.ask("ASK { <person/习近平> a schema:Person }"))
    (note,) = graph.answer("ASK { GRAPH <graph/entities> {} GRAPH <graph/none> {} }")[1]
    assert note.startswith(f"there is no graph <{REPO_BASE}graph/none>;")


def test_a_function_that_is_not_there_is_an_error_of_its_row(graph: embedded.Embedded, output: Path) -> None:
    query = "SELECT ?l (x:f(?l) AS ?none) { ?x rdfs:label ?l FILTER(x:g(?l) || xsd:odd(?l) || ISLITERAL(?l)) }"
    query = f"PREFIX x: <https://none.example/> {query}"
    rows, notes = graph.answer(query)
    found = list(rows)
    assert len(found) > 1
    assert all(row["l"] and row["none"] is None for row in found)
    absent = [f"{XSD}odd", *(f"https://none.example/{n}" for n in "fg")]
    assert sorted(notes) == [f"there is no function <{iri}>: it gives no value" for iri in absent]
    assert not list(graph.ask(query.replace(" || ISLITERAL(?l)", "")))
    done = kg("query", "-o", output, query)
    assert done.returncode == 0
    assert "kg: there is no function <https://none.example/f>: it gives no value" in done.stderr


# --- named queries


def test_every_named_query_is_described_and_can_be_asked(graph: embedded.Embedded) -> None:
    listing = ask("--examples")
    assert len(queries.names()) >= 12
    for name in queries.names():
        example = queries.get(name)
        assert name in listing
        assert example.title
        assert example.text.endswith(".")
        values = {p.name: ox.Literal(p.example) for p in example.parameters}
        graph.ask(example.query, parameters=values)  # it would raise
        assert all(f"?{p.name}" in example.query for p in example.parameters)


def test_run_with_parameters(output: Path) -> None:
    text = ask("-o", output, "--run", "who-appears-with", "--set", "name=ada lovelace")
    assert text.splitlines()[0].split() == ["with", "label", "posts"]  # what was set is not repeated in every row
    assert "习近平" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["posts-about", "--set", "name=没有这个"], "kg: --set name: nothing is called '没有这个'\n"),
        (
            ["posts-about", "--set", "name=没有这个", "--format", "csv"],
            "kg: --set name: nothing is called '没有这个'\n",
        ),
        (["posts-about", "--set", "name=ADA lovelace"], ""),
        (["posts-about", "--set", "name=ada lovelace", "--format", "json"], ""),
        (["most-mentioned", "--set", "kind=person"], "kg: --set kind: nothing is of the class 'person'; there are "),
        (["most-mentioned", "--set", "kind=Person"], ""),
        (
            ["posts-about-two-things", "--set", "one=x\x1b", "--set", "other=习近平"],
            "one: nothing is called 'x\\x1b'\n",
        ),
    ],
)
def test_an_empty_answer_says_which_value_names_nothing(output: Path, arguments: list[str], said: str) -> None:
    words = ["-o", str(output), "--run", *arguments]
    outcome = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    assert outcome.return_value == 0
    assert said in outcome.stderr
    assert bool(outcome.stderr) == bool(said)


@pytest.mark.parametrize(
    "value",
    ['x" . ?a ?b ?c . "', "' } SERVICE <http://127.0.0.1:1/> {", "}} #", "\\", '"""', "?name", "$(id)", "\u202e\x00"],
)
def test_parameters_are_bound_and_never_parsed(graph: embedded.Embedded, value: str) -> None:
    example = queries.get("posts-about")
    assert list(graph.ask(example.query, parameters={"name": ox.Literal(value)})) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--run", "nothing"], "no example query is called"),
        (["--run", "who-appears-with"], "needs name"),
        (["--run", "who-appears-with", "--set", "nome=x"], "has no parameter 'nome'"),
    ],
)
def test_wrong_use_of_named_queries(output: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ask("-o", output, *arguments)


@pytest.mark.parametrize("text", ["SELECT", "# Title\n# @name\nSELECT"])
def test_a_header_that_breaks_the_rules_is_noticed(text: str) -> None:
    with pytest.raises(ValueError, match="x: "):
        queries.parse("x", text)


def test_the_text_for_editors_gives_the_same_answers(graph: embedded.Embedded) -> None:
    for name in queries.names():
        example = queries.get(name)
        needed = [p for p in example.parameters if not p.optional]
        values = {p.name: ox.Literal("Ada Lovelace") for p in needed}
        bound = graph.ask(example.query, parameters=values)
        text = example.with_examples()
        for parameter in needed:
            text = text.replace(f'"{parameter.example}"', '"Ada Lovelace"')
            assert f"?{parameter.name}" not in [token.text for token in tokens(text)]
        plain = graph.ask(text)
        shown = [variable.value for variable in plain.variables]
        assert not {p.name for p in example.parameters} & set(shown)
        assert [[row[n] for n in shown] for row in plain] == [[row[n] for n in shown] for row in bound], name


# --- real posts


def rows(graph: embedded.Embedded, name: str, values: dict[str, str]) -> list[tuple[str, ...]]:
    answer = graph.ask(queries.get(name).query, parameters={key: ox.Literal(value) for key, value in values.items()})
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [tuple(row[n].value if row[n] is not None else "" for n in names) for row in answer]


def examples(*, optional: bool) -> list[tuple[str, dict[str, str]]]:
    found = []
    for name in queries.names():
        parameters = queries.get(name).parameters
        found.append((name, {p.name: p.example for p in parameters if not p.optional}))
        if optional and any(p.optional for p in parameters):
            found.append((name, {p.name: p.example for p in parameters}))
    return found


@pytest.mark.parametrize(
    ("text", "form", "following"),
    [
        ("PREFIX a: <http://a/> BASE <http://b/> construct { }", "CONSTRUCT", "{"),
        ('PREFIX "\\"\\ select', "", "\\"),
        ("PREFIX.-PREFIX.-PREFIX", "", "-"),
        ('"\\"\\', "", "\\"),
    ],
)
def test_the_form_of_a_query_is_told_by_its_beginning_alone(text: str, form: str, following: str) -> None:
    """What stands after it may take long to read; `kg serve` asks for the form where nothing may take long."""
    found = tokens(text)
    assert query_form(found) == form
    assert next(found).text == following


def test_named_queries_have_answers_on_real_posts(corpus_output: Path) -> None:
    """How quickly they come is shown by benchmarks/queries.py."""
    graph = loaded.of_output(corpus_output)
    assert [(name, values) for name, values in examples(optional=True) if not rows(graph, name, values)] == []


def test_named_queries_have_the_same_answers_in_rdflib(real_posts: Path, tmp_path: Path) -> None:
    """On a few posts, since rdflib takes the square of their number; `python -m benchmarks.queries` takes them all."""
    import rdflib

    paths = sorted(real_posts.rglob("*.md"))[::3]
    few = {path.relative_to(real_posts).as_posix(): path.read_text("utf-8") for path in paths}
    content, output = write_posts(tmp_path / "content", few), tmp_path / "output"
    assert kg("build", content, "-o", output, "--format", "nt", "-q", timeout=120).returncode in (0, 1)
    ours = loaded.of_output(output)
    theirs = rdflib.Graph().parse(output / "graph.nt", format="nt")
    assert len(ours) == len(theirs)
    answered = 0
    for name, values in examples(optional=True):
        mine = rows(ours, name, values)
        if not mine:
            continue  # rdflib invents a row for GROUP BY over nothing
        bound = {key: rdflib.Literal(value) for key, value in values.items()}
        reply = theirs.query(queries.get(name).query, initNs=dict(ours.prefixes), initBindings=bound)
        names = [str(variable) for variable in reply.vars or ()]
        other = [tuple(str(row.get(n)) if row.get(n) is not None else "" for n in names) for row in reply.bindings]
        assert mine == other, name
        answered += 1
    assert answered >= 16


def test_the_biggest_change_comes_first_whether_it_rises_or_fades(tmp_path: Path) -> None:
    named = {"2026-02": ["Fading"] * 5 + ["Steady"], "2026-05": ["Rising"] * 3 + ["Steady"]}
    for month, people in named.items():
        for number, person in enumerate(people):
            text = f"---\ndate: {month}-0{number + 1}\npeople: [{person}]\n---\n"
            (tmp_path / f"{month}-{number}.md").write_text(text, "utf-8")
    graph = embedded.of_graph(build(tmp_path).knowledge_graph)
    rows = graph.ask(queries.get("rising-and-fading").query)
    assert [(row["label"].value, row["change"].value) for row in rows] == [
        ("Fading", "-5"),
        ("Rising", "3"),
        ("Steady", "0"),
    ]
