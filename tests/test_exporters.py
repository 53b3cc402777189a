"""Contracts of every format, found through the registry, checked by parsers that are not ours."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import kg
from kg import exporters
from kg.errors import ConfigError, ExportError
from kg.graph.model import KnowledgeGraph
from kg.iris import entity_iri
from kg.model import IRI, Attribute, Edge, Node, Text
from kg.namespaces import FIELD, RDF, RDFS, SCHEMA, XSD, Kind, expand
from kg.rdf import terms
from tests.conftest import BASE, absent, make_graph, make_post, program

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
NAMES = exporters.names()
PAGES = {"html", "pyvis"}
"""Their nodes are counted in a browser, in the tests of the page."""
BY_LIBRARY = {"parquet", "xlsx"}
"""Another version of a library writes other bytes."""
TABLES = [name for name in NAMES if name not in PAGES]
GOLDEN = Path(__file__).parent / "golden"
XML_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(name: str, graph: KnowledgeGraph) -> list[bytes]:
    """The files of one format."""
    exporter = exporters.get(name)
    streams = [io.BytesIO() for _file in exporter.files]
    exporter.write(graph, *streams)
    return [stream.getvalue() for stream in streams]


def save(graph: KnowledgeGraph, folder: Path, *names: str) -> dict[str, Path]:
    """Write formats of one file into a folder."""
    result = {}
    for name in names:
        result[name] = folder / exporters.get(name).files[0]
        result[name].write_bytes(export(name, graph)[0])
    return result


@pytest.fixture(scope="session")
def empty_graph() -> KnowledgeGraph:
    return make_graph([], [])


# Contracts over the registry


@pytest.mark.parametrize("name", NAMES)
def test_format_describes_itself(name: str) -> None:
    exporter = exporters.get(name)
    assert exporter.title
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", exporter.media_type)
    assert exporter.spec.startswith(("https://", "http://"))
    assert exporter.files
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+)+", file) for file in exporter.files)


def test_no_two_formats_write_one_file() -> None:
    files = Counter(file for name in NAMES for file in exporters.get(name).files)
    assert [file for file, count in files.items() if count > 1 and file != "graph.html"] == []


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ConfigError, match="no format is called 'docx'"):
        exporters.get("docx")


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_same_bytes(name: str, small_graph: KnowledgeGraph) -> None:
    assert export(name, small_graph) == export(name, small_graph)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_graph_can_be_written(name: str, empty_graph: KnowledgeGraph) -> None:
    assert all(export(name, empty_graph))


@pytest.mark.slow
def test_another_hash_seed_gives_the_same_bytes(small_graph: KnowledgeGraph) -> None:
    code = (
        "import json, sys\n"
        "from tests.test_exporters import TABLES, digests, rebuilt\n"
        "print(json.dumps(digests(rebuilt(sys.stdin.buffer.read()))))"
    )
    seen = []
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            input=_packed(small_graph),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
        )
        seen.append(json.loads(run.stdout))
    assert seen[0] == seen[1] == digests(rebuilt(_packed(small_graph)))


def _packed(graph: KnowledgeGraph) -> bytes:
    return pickle.dumps((list(graph.nodes.values()), list(graph.edges)))


def rebuilt(packed: bytes) -> KnowledgeGraph:
    return make_graph(*pickle.loads(packed), title="again")


def digests(graph: KnowledgeGraph) -> dict[str, str]:
    return {name: hashlib.sha256(b"".join(export(name, graph))).hexdigest() for name in TABLES}


@pytest.mark.parametrize("name", [name for name in TABLES if name not in BY_LIBRARY])
def test_golden_files(name: str, small_graph: KnowledgeGraph, update_golden: bool) -> None:
    for file, data in zip(exporters.get(name).files, export(name, small_graph), strict=True):
        path = GOLDEN / file
        timeless = data.replace(f"kg {kg.__version__}".encode(), b"kg VERSION")
        if update_golden:
            path.write_bytes(timeless)
        assert path.read_bytes() == timeless, f"{file} changed; if that is right, run pytest --update-golden"


# The same nodes and edges in every format, each counted by a parser of its own

Contents = tuple[dict[str, str], Counter[tuple[str, str, str]]]
"""IRI → label of each node; how often each (source, predicate in full, target) is there."""

CLASSES = {
    SCHEMA + "BlogPosting",
    SCHEMA + "Person",
    SCHEMA + "Organization",
    SCHEMA + "Product",
    SCHEMA + "CreativeWork",
    SCHEMA + "CreativeWorkSeries",
    SCHEMA + "Project",
    "http://www.w3.org/2004/02/skos/core#Concept",
}


def rdflib_contents(format_name: str, data: bytes) -> Contents:
    import rdflib

    graph = rdflib.Dataset(default_union=True) if format_name in ("nquads", "trig") else rdflib.Graph()
    graph.parse(data=data, format=format_name)
    labels: dict[str, list[str]] = {}
    for subject, rdf_class in graph.subject_objects(rdflib.URIRef(RDF + "type")):
        if str(rdf_class) in CLASSES:
            labels[str(subject)] = sorted(map(str, graph.objects(subject, rdflib.URIRef(RDFS + "label"))))
    statements = {(str(s), str(p), str(o)) for s, p, o in graph.triples((None, None, None))}
    edges = Counter(row for row in statements if row[0] in labels and row[2] in labels)
    return {iri: "|".join(names) for iri, names in labels.items()}, edges


def oxigraph_contents(extension: str, data: bytes) -> Contents:
    import pyoxigraph

    labels: dict[str, set[str]] = {}
    nodes: set[str] = set()
    links: set[tuple[str, str, str]] = set()
    for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.from_extension(extension)):
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        if predicate == RDFS + "label":
            labels.setdefault(subject, set()).add(value)
        elif predicate == RDF + "type" and value in CLASSES:
            nodes.add(subject)
        elif isinstance(quad.object, pyoxigraph.NamedNode):
            links.add((subject, predicate, value))
    edges = Counter(link for link in links if link[0] in nodes and link[2] in nodes)
    return {iri: "|".join(sorted(labels[iri])) for iri in nodes}, edges


def networkx_contents(graph: object) -> Contents:
    nodes = {node: data["label"] for node, data in graph.nodes(data=True)}
    return nodes, Counter((s, _full(data["relation"]), t) for s, t, data in graph.edges(data=True))


def graphml_networkx(data: bytes) -> Contents:
    import networkx as nx

    graph = nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    return networkx_contents(nx.relabel_nodes(graph, nx.get_node_attributes(graph, "iri")))


def graphml_rustworkx(data: bytes, folder: Path) -> Contents:
    import rustworkx as rx

    path = folder / "rx.graphml"
    path.write_bytes(data)
    (graph,) = rx.read_graphml(str(path))
    nodes = {node["iri"]: node["label"] for node in graph.nodes()}
    edges = [(graph[s]["iri"], _full(data["relation"]), graph[t]["iri"]) for s, t, data in graph.weighted_edge_list()]
    return nodes, Counter(edges)


def graphml_igraph(data: bytes, folder: Path) -> Contents:
    import igraph

    path = folder / "igraph.graphml"
    path.write_bytes(data)
    graph = igraph.Graph.Read_GraphML(str(path))
    if not graph.vcount():
        return {}, Counter()
    iris = graph.vs["iri"]
    edges = [(iris[edge.source], _full(edge["relation"]), iris[edge.target]) for edge in graph.es]
    return dict(zip(iris, graph.vs["label"], strict=True)), Counter(edges)


def gexf_networkx(data: bytes) -> Contents:
    import networkx as nx

    return networkx_contents(nx.read_gexf(io.BytesIO(data), version="1.3"))


def gexf_lxml(data: bytes) -> Contents:
    from lxml import etree

    root = etree.fromstring(data)
    gexf = "{http://gexf.net/1.3}"
    nodes = {node.get("id"): node.get("label") for node in root.iter(f"{gexf}node")}
    edges = ((edge.get("source"), _full(edge.get("kind")), edge.get("target")) for edge in root.iter(f"{gexf}edge"))
    return nodes, Counter(edges)


def json_networkx(data: bytes) -> Contents:
    import networkx as nx

    return networkx_contents(nx.node_link_graph(json.loads(data), edges="edges"))


def csv_pandas(nodes: bytes, edges: bytes) -> Contents:
    import pandas as pd

    node_table = pd.read_csv(io.BytesIO(nodes), dtype=str, keep_default_na=False)
    edge_table = pd.read_csv(io.BytesIO(edges), dtype=str, keep_default_na=False)
    labels = dict(zip(node_table["iri:ID"], node_table["label"], strict=True))
    rows = zip(edge_table[":START_ID"], map(_full, edge_table[":TYPE"]), edge_table[":END_ID"], strict=True)
    return labels, Counter(rows)


def csv_standard(nodes: bytes, edges: bytes) -> Contents:
    labels = {row["iri:ID"]: row["label"] for row in _rows(nodes)}
    return labels, Counter((row[":START_ID"], _full(row[":TYPE"]), row[":END_ID"]) for row in _rows(edges))


def _rows(data: bytes) -> csv.DictReader:
    return csv.DictReader(io.StringIO(data.decode(), newline=""))


def parquet_duckdb(data: list[bytes], folder: Path) -> Contents:
    import duckdb

    for name, content in zip(exporters.get("parquet").files, data, strict=True):
        (folder / name).write_bytes(content)
    nodes = duckdb.sql(f"SELECT iri, label FROM '{folder}/nodes.parquet'").fetchall()
    edges = duckdb.sql(f"SELECT source, relation, target FROM '{folder}/edges.parquet'").fetchall()
    return dict(nodes), Counter((s, _full(relation), t) for s, relation, t in edges)


def parquet_pyarrow(nodes: bytes, edges: bytes, _texts: bytes) -> Contents:
    from pyarrow import parquet

    node_rows, edge_rows = (parquet.read_table(io.BytesIO(data)).to_pylist() for data in (nodes, edges))
    found = Counter((row["source"], _full(row["relation"]), row["target"]) for row in edge_rows)
    return {row["iri"]: row["label"] for row in node_rows}, found


def xlsx_openpyxl(data: bytes) -> Contents:
    from openpyxl import load_workbook
    from openpyxl.utils.escape import unescape

    book = load_workbook(io.BytesIO(data), read_only=True)
    nodes, edges = (
        [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for rows in (list(book[name].iter_rows(values_only=True)) for name in ("nodes", "edges"))
    )
    labels = {row["iri"]: unescape(row["label"]) for row in nodes}
    return labels, Counter((row["source"], _full(row["relation"]), row["target"]) for row in edges)


def dot_graphviz(data: bytes) -> Contents:
    """gvpr (https://graphviz.org/docs/cli/gvpr/), which reads DOT as all of Graphviz does."""
    script = r'N{print($.name, "\x1f", $.label)} E{print($.tail.name, "\x1f", $.label, "\x1f", $.head.name)}'
    run = subprocess.run([program("gvpr"), script], input=data, capture_output=True, check=True)
    assert run.stderr == b""
    rows = [[_undot(f'"{cell}"') for cell in line.split("\x1f")] for line in run.stdout.decode().split("\n")]
    return dict(row for row in rows if len(row) == 2), Counter((r[0], _full(r[1]), r[2]) for r in rows if len(r) == 3)


def _undot(quoted: str) -> str:
    escapes = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\r": "\r", "&amp;": "&"}
    return re.sub(r'\\["\\nr]|&amp;', lambda match: escapes[match[0]], quoted[1:-1])


def cypher_contents(data: bytes) -> Contents:
    """Strings as the grammar of openCypher reads them; nothing that is not one may be in a statement's rows."""
    string = r"'((?:[^'\\]|\\.)*)'"
    escapes = {"\\n": "\n", "\\r": "\r", "\\'": "'", "\\\\": "\\"}

    def strings(row: str) -> list[str]:
        joined = re.sub(r"' \+ '", "", row)
        texts = re.findall(string, joined, re.DOTALL)
        assert re.fullmatch(r"\{[\w`.:, \[\]-]*\},?", re.sub(string, "", joined, flags=re.DOTALL)), row
        return [re.sub(r"\\.", lambda match: escapes[match[0]], text) for text in texts]

    text = data.decode()
    assert "\\u" not in text
    labels, edges = {}, Counter()
    head, *statements = text.split(";\nUNWIND [\n")
    assert head.startswith("CREATE CONSTRAINT kg_iri IF NOT EXISTS")
    for statement in statements:
        rows, _, what = statement.rpartition("\n] AS row ")
        for found in map(strings, rows.split("\n")):
            if what.startswith("MERGE (n:Node {iri: row.iri})"):
                labels[found[0]] = found[1]
            else:
                (relation,) = re.findall(r"\[r:`([^`]+)`\]", what)
                edges[found[0], _full(relation), found[1]] += 1
    return labels, edges


def _full(relation: str) -> str:
    return expand(relation)


READERS = {
    "ttl": [lambda d, _f: rdflib_contents("turtle", *d), lambda d, _f: oxigraph_contents("ttl", *d)],
    "nt": [lambda d, _f: rdflib_contents("nt", *d), lambda d, _f: oxigraph_contents("nt", *d)],
    "nq": [lambda d, _f: rdflib_contents("nquads", *d), lambda d, _f: oxigraph_contents("nq", *d)],
    "trig": [lambda d, _f: rdflib_contents("trig", *d), lambda d, _f: oxigraph_contents("trig", *d)],
    "jsonld": [lambda d, _f: rdflib_contents("json-ld", *d), lambda d, _f: oxigraph_contents("jsonld", *d)],
    "rdfxml": [lambda d, _f: rdflib_contents("xml", *d), lambda d, _f: oxigraph_contents("rdf", *d)],
    "graphml": [
        lambda d, _f: graphml_networkx(*d),
        lambda d, f: graphml_rustworkx(*d, f),
        lambda d, f: graphml_igraph(*d, f),
    ],
    "gexf": [lambda d, _f: gexf_networkx(*d), lambda d, _f: gexf_lxml(*d)],
    "json": [lambda d, _f: json_networkx(*d)],
    "csv": [lambda d, _f: csv_pandas(*d), lambda d, _f: csv_standard(*d)],
    "parquet": [lambda d, _f: parquet_pyarrow(*d), parquet_duckdb],
    "xlsx": [lambda d, _f: xlsx_openpyxl(*d)],
    "dot": [lambda d, _f: dot_graphviz(*d)],
    "cypher": [lambda d, _f: cypher_contents(*d)],
}
RDF_FORMATS = ("ttl", "nt", "nq", "trig", "jsonld", "rdfxml")
XML_FORMATS = ("graphml", "gexf", "rdfxml")


def rule(name: str, text: str) -> str:
    """What a format's documentation says becomes of a text."""
    if name in (*XML_FORMATS, "csv", "cypher", "dot", "xlsx"):
        return XML_UNFIT.sub("\ufffd", text)
    unfit = "[\ud800-\udfff]" if name in ("json", "parquet") else "[\ud800-\udfff\ufffe\uffff]"
    return re.sub(unfit, "\ufffd", text)


def expected(name: str, graph: KnowledgeGraph) -> Contents:
    labels = {}
    for node in graph.nodes.values():
        names = sorted(text.value for text in node.labels) if name in RDF_FORMATS else [node.label]
        labels[str(node.iri)] = rule(name, "|".join(names))
    return labels, Counter((str(e.source), str(e.predicate), str(e.target)) for e in graph.edges)


def test_every_format_that_holds_the_graph_is_counted() -> None:
    missing = {name for name in NAMES if exporters.get(name).holds_graph} - READERS.keys() - PAGES
    assert not missing, f"give {missing} a reader in READERS"


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in READERS for i in range(len(READERS[name]))])
def test_same_nodes_edges_and_text_in_every_format(
    name: str, number: int, small_graph: KnowledgeGraph, empty_graph: KnowledgeGraph, tmp_path: Path
) -> None:
    for graph in (small_graph, empty_graph):
        assert READERS[name][number](export(name, graph), tmp_path) == expected(name, graph)


# Checkers from outside


def by_serdi(paths: dict[str, Path]) -> dict[str, int]:
    """serdi (https://drobilla.net/software/serd): the number of statements in each file; no complaint is allowed."""
    result = {}
    for name in ("ttl", "nt", "nq", "trig"):
        run = subprocess.run([program("serdi"), "-o", "nquads", paths[name]], capture_output=True, check=False)
        assert (run.returncode, run.stderr) == (0, b""), name
        result[name] = run.stdout.count(b"\n")
    return result


def by_rapper(paths: dict[str, Path]) -> dict[str, int]:
    """rapper (https://librdf.org/raptor/rapper.html)."""
    result = {}
    for name, syntax in {"ttl": "turtle", "nt": "ntriples", "rdfxml": "rdfxml"}.items():
        run = subprocess.run([program("rapper"), "-q", "-i", syntax, paths[name]], capture_output=True, check=False)
        assert (run.returncode, run.stderr) == (0, b""), name
        result[name] = run.stdout.count(b"\n")
    return result


def by_n3js(paths: dict[str, Path]) -> dict[str, int]:
    """N3.js (https://github.com/rdfjs/N3.js), installed on first use as tests/n3/package-lock.json says."""
    folder = Path(__file__).parent / "n3"
    node = program("node")
    if not (folder / "node_modules" / "n3").is_dir():
        install = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(install, cwd=folder, capture_output=True, check=False).returncode:
            absent("N3.js (npm ci in tests/n3)")
    names = {paths[name].name: name for name in ("ttl", "nt", "nq", "trig")}
    files = [paths[name] for name in names.values()]
    run = subprocess.run([node, folder / "count.js", *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return {names[file]: number for file, number in json.loads(run.stdout).items()}


CHECKERS = {"serdi": by_serdi, "rapper": by_rapper, "N3.js": by_n3js}


@pytest.mark.parametrize("checker", CHECKERS)
def test_rdf_is_accepted_by_other_parsers(checker: str, small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    found = CHECKERS[checker](save(small_graph, tmp_path, *RDF_FORMATS))
    counts = statements(small_graph)
    assert found == {name: counts[name in QUADS] for name in found}


QUADS = ("nq", "trig")


def statements(graph: KnowledgeGraph) -> tuple[int, int]:
    """How many triples and how many quads there are."""
    return sum(1 for _ in terms.triples(graph)), sum(1 for _ in terms.quads(graph))


# Real posts: the same contracts


def test_real_posts_give_the_same_graph_in_every_format(real_graph: KnowledgeGraph, tmp_path: Path) -> None:
    for name, readers in READERS.items():
        if name == "xlsx":  # openpyxl takes as long as all others together
            continue
        # rdflib and networkx take ten times as long as the others: rdflib reads the Turtle, and that is all.
        for read in readers if name == "ttl" else readers[1:2] or readers:
            assert read(export(name, real_graph), tmp_path) == expected(name, real_graph), name


def test_real_posts_are_accepted_by_other_parsers(real_graph: KnowledgeGraph, tmp_path: Path) -> None:
    paths = save(real_graph, tmp_path, *RDF_FORMATS)
    counts = statements(real_graph)
    for check in CHECKERS.values():
        found = check(paths)
        assert found == {name: counts[name in QUADS] for name in found}


# Single promises of single formats


def test_json_is_the_networkx_graph(small_graph: KnowledgeGraph) -> None:
    import networkx as nx

    from kg.graph.flat import flat

    (data,) = export("json", small_graph)
    ours = nx.node_link_graph(json.loads(data), edges="edges")
    theirs = small_graph.to_networkx()
    for values in ours.nodes.values():
        values.update({k: flat(v) for k, v in values.items() if k != "label" and isinstance(v, str | list)})
    assert dict(ours.nodes(data=True)) == dict(theirs.nodes(data=True))
    assert list(ours.edges(keys=True, data=True)) == list(theirs.edges(keys=True, data=True))
    assert ours.graph == theirs.graph


def test_booleans_are_booleans_in_python_and_json() -> None:
    posts = [
        make_post(f"{value}.md", Text(value), Attribute(IRI(f"{FIELD}draft"), value, f"{XSD}boolean"))
        for value in ("true", "false", "maybe")
    ]
    graph = make_graph(posts, [])
    found = [data["field_draft"] for _node, data in graph.to_networkx().nodes(data=True)]
    written = [node["field_draft"] for node in json.loads(export("json", graph)[0])["nodes"]]
    assert found == written == [False, "maybe", True]
    two = make_post("a.md", Text("a"), *(a for post in posts[:2] for a in post.attributes if "draft" in a.predicate))
    assert json.loads(export("json", make_graph([two], []))[0])["nodes"][0]["field_draft"] == ["true", "false"]


@pytest.mark.parametrize(
    ("values", "datatype", "expected"),
    [
        (["5", "-7"], "integer", [5, -7]),
        (["1.5", "6"], "decimal", [1.5, 6.0]),
        (["5", "n/a"], "integer", ["5", "n/a"]),
        (["5", "9007199254740993"], "integer", ["5", "9007199254740993"]),
        (["5", "1" * 30], "integer", ["5", "1" * 30]),
        (["0.1", "3.14159265358979323846"], "decimal", ["0.1", "3.14159265358979323846"]),
        (["1", "INF"], "double", ["1", "INF"]),
        (["2026-01-02", "2026-01-03"], "date", ["2026-01-02", "2026-01-03"]),
    ],
)
def test_numbers_are_numbers_where_all_of_a_property_are(
    values: list[str], datatype: str, expected: list[object]
) -> None:
    graph = make_graph(
        [make_post(f"{v}.md", Text(v), Attribute(IRI(f"{FIELD}x"), v, XSD + datatype, "", "x", 2, 4)) for v in values],
        [],
    )
    nodes = json.loads(export("json", graph)[0])["nodes"]
    for data in (nodes, [data for _node, data in graph.to_networkx().nodes(data=True)]):
        found = {node["label"]: node["field_x"] for node in data}
        assert [(found[v], type(found[v])) for v in values] == [(e, type(e)) for e in expected]


def test_what_was_typed_is_no_second_value() -> None:
    """`6.0` is the decimal `6`, which RDF has beside it."""
    typed, text = (
        Attribute(IRI(f"{FIELD}x"), v, XSD + t, "", "x", 2, 4) for v, t in (("6", "decimal"), ("6.0", "string"))
    )
    graph = make_graph([make_post("a.md", Text("a"), text, typed)], [])
    assert json.loads(export("json", graph)[0])["nodes"][0]["field_x"] == 6
    assert export("ttl", graph)[0].count(b'"6.0"') == 1


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networkx_writes_the_graph_of_a_build(name: str) -> None:
    import networkx as nx

    graph = kg.build(Path(__file__).parent.parent / "content").graph
    file = io.BytesIO()
    getattr(nx, f"write_{name}")(graph, file)
    file.seek(0)
    again = nx.read_graphml(file, force_multigraph=True) if name == "graphml" else nx.read_gexf(file)
    assert {(s, t) for s, t, _key in again.edges} == {(s, t) for s, t, _key in graph.edges}
    assert [again.nodes[node]["label"] for node in graph] == [graph.nodes[node]["label"] for node in graph]


def test_graphml_is_well_formed_typed_and_complete(small_graph: KnowledgeGraph) -> None:
    from lxml import etree

    (data,) = export("graphml", small_graph)
    root = etree.fromstring(data)
    ns = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("id"): key for key in root.iter(f"{ns}key")}
    types = {key.get("attr.name"): key.get("attr.type") for key in keys.values()}
    assert types["draft"] == "boolean"
    assert types["field_rating"] == "long"
    assert types["alias"] == "string"
    for item in root.iter(f"{ns}data"):
        key = keys[item.get("key")]
        assert key.get("for") == item.getparent().tag.removeprefix(ns)
        if key.get("attr.type") == "boolean":
            assert item.text in ("true", "false")
    ids = [element.get("id") for tag in ("node", "edge") for element in root.iter(f"{ns}{tag}")]
    assert len(set(ids)) == len(small_graph.nodes) + len(small_graph.edges)
    assert all(re.fullmatch(r"[\w.-]+", name) for name in (*ids, *types)), "the schema wants name tokens"
    yed = "{http://www.yworks.com/xml/graphml}"
    shown = [node.findtext(f".//{yed}ShapeNode/{yed}NodeLabel") for node in root.iter(f"{ns}node")]
    assert shown == [rule("graphml", node.label) for node in small_graph.nodes.values()]


def test_graphml_keeps_what_its_ids_are_made_of(small_graph: KnowledgeGraph) -> None:
    """The id of a node or an edge is the same in every graph, and igraph shows its IRI as it is."""
    import igraph
    import networkx as nx

    iri = IRI(f"{BASE}post/a&b")
    post = make_post("a&b.md", Text("a"))
    assert post.iri == iri
    tag = next(node for node in small_graph.nodes.values() if node.kind == "tag")
    edges = [Edge(iri, IRI(SCHEMA + name), tag.iri, "x") for name in ("keywords", "mentions")]
    (small,), (large,) = (
        export("graphml", make_graph([*nodes, tag, post], [*more, *edges]))
        for nodes, more in (([], []), ([n for n in small_graph.nodes.values() if n != tag], list(small_graph.edges)))
    )
    graph, whole = nx.read_graphml(io.BytesIO(small)), nx.read_graphml(io.BytesIO(large))
    assert graph.number_of_edges() == 2
    assert set(graph.edges(keys=True)) < set(whole.edges(keys=True))
    with tempfile.NamedTemporaryFile(suffix=".graphml") as file:
        Path(file.name).write_bytes(small)
        assert iri in igraph.Graph.Read_GraphML(file.name).vs["iri"]


@pytest.mark.parametrize("name", ["graphml", "gexf", "csv"])
def test_no_two_columns_differ_by_case_alone(name: str) -> None:
    def own(local: str) -> Attribute:
        return Attribute(IRI(local), "x", XSD + "string")

    predicates = (f"{FIELD}Rating", f"{FIELD}rating", "https://example.org/a/b?c", f"{SCHEMA}iri", f"{SCHEMA}Kind")
    post = make_post("a.md", Text("a"), *map(own, predicates))
    data = export(name, make_graph([post], []))[0].decode()
    if name == "csv":
        titles = [cell.partition(":")[0] for cell in data.split("\n", 1)[0].split(",")[:-1]]
    else:
        titles = re.findall(r'for="node" attr.name="([^"]+)"' if name == "graphml" else r' title="([^"]+)"', data)
    found = {"field_Rating", "field_rating_2", "https_example.org_a_b_c", "iri_2", "Kind_2"}
    assert found <= set(titles)
    assert len({title.casefold() for title in titles}) == len(titles)


def test_lists_come_back_from_flat_formats(small_graph: KnowledgeGraph) -> None:
    import networkx as nx

    from kg.graph.flat import unflat

    graph = nx.read_graphml(io.BytesIO(export("graphml", small_graph)[0]))
    graph = nx.relabel_nodes(graph, nx.get_node_attributes(graph, "iri"))
    node = graph.nodes[entity_iri(BASE, "organization", "Nvidia")]
    assert unflat(node["aliases"]) == ["NVIDIA", "輝達", "'nvidia"]
    assert node["label_zh"] == "英伟达"
    hostile = next(data for _node, data in graph.nodes(data=True) if "abstract" in data)
    assert hostile["description"] == "[looks like a list]", "what is no array of strings stays as it is"
    assert hostile["alias"] == '["[\\"one\\"]"]', "what is one is wrapped"
    assert unflat(hostile["alias"]) == ['["one"]']


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠'"))
def test_csv_cells_are_formulas_only_where_excel_was_not_asked_for(start: str, tmp_path: Path) -> None:
    import pandas as pd

    from kg.exporters.csv import write_for_excel

    text = f"{start}cmd|' /C calc'!A0"
    post = make_post("a.md", Text(text), Attribute(IRI(FIELD + "rating"), "-5", XSD + "integer"))
    graph = make_graph([post], [])
    plain, guarded = tmp_path / "plain.csv", io.BytesIO()
    plain.write_bytes(export("csv", graph)[0])
    write_for_excel(graph, guarded, io.BytesIO())
    assert pd.read_csv(plain).loc[0, ["label", "headline"]].tolist() == [text, text], "as it is, for programs"
    assert guarded.getvalue().startswith(b"\xef\xbb\xbfiri:ID,"), "Excel takes no other file for UTF-8"
    (row,) = _rows(guarded.getvalue().removeprefix(b"\xef\xbb\xbf"))
    assert (row["label"], row["headline"]) == ("'" + text, "'" + text)
    assert row["field_rating:long"] == "-5", "a number is no formula, and a database wants it bare"


def test_excel_is_an_option_of_csv(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text("---\ntitle: '=1+1'\n---\n", "utf-8")
    arguments = ["export", "csv", str(tmp_path / "content"), "--excel", "-o", str(tmp_path / "tables")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert "'=1+1," in (tmp_path / "tables" / "nodes.csv").read_text("utf-8-sig")
    refused = CliRunner().invoke(app, ["export", "ttl", str(tmp_path / "content"), "--excel"])
    assert refused.exit_code == 2
    assert "--excel goes with csv" in refused.output


def test_csv_headers_are_those_of_neo4j(small_graph: KnowledgeGraph) -> None:
    nodes, edges = (data.decode().split("\n", 1)[0].split(",") for data in export("csv", small_graph))
    assert (nodes[0], nodes[-1]) == ("iri:ID", ":LABEL")
    assert edges == [":START_ID", ":END_ID", ":TYPE", "field", "line:long", "confidence:double"]
    known = {"ID", "LABEL", "boolean", "long", "double"}
    assert {name.partition(":")[2] for name in nodes if ":" in name} <= known


def test_gexf_has_the_dates_of_posts(small_graph: KnowledgeGraph) -> None:
    import networkx as nx

    graph = nx.read_gexf(io.BytesIO(export("gexf", small_graph)[0]), version="1.3")
    starts = {node: data.get("start") for node, data in graph.nodes(data=True)}
    assert starts[entity_iri(BASE, "tag", "C++")] == "2024-02-29", "the first post that has the tag"
    assert starts[entity_iri(BASE, "person", "习近平")] == "2024-03-01"
    assert starts[f"{BASE}post/plain"] is None, "no date is invented"


GEXF: dict[str, tuple[set[str], list[str]]] = {
    "gexf": ({"version"}, ["meta", "graph"]),
    "meta": ({"lastmodifieddate"}, ["creator", "description"]),
    "creator": (set(), []),
    "description": (set(), []),
    "graph": ({"timeformat", "mode", "timerepresentation", "defaultedgetype"}, ["attributes", "nodes", "edges"]),
    "attributes": ({"class", "mode"}, ["attribute"]),
    "attribute": ({"id", "title", "type"}, []),
    "nodes": (set(), ["node"]),
    "edges": (set(), ["edge"]),
    "node": ({"id", "label", "start"}, ["attvalues", "size", "position", "color"]),
    "edge": ({"id", "source", "target", "kind", "label", "start"}, ["attvalues"]),
    "attvalues": (set(), ["attvalue"]),
    "attvalue": ({"for", "value"}, []),
    "size": ({"value"}, []),
    "position": ({"x", "y", "z"}, []),
    "color": ({"r", "g", "b"}, []),
}
"""What https://gexf.net/1.3/gexf.xsd allows, as far as we write it: element → (attributes, children in their order)."""


def test_gexf_is_what_its_schema_allows(small_graph: KnowledgeGraph) -> None:
    from dataclasses import replace

    from lxml import etree

    graph = replace(small_graph, hints={entity_iri(BASE, "tag", "C++"): (1.25, -3)})
    seen = set()
    for element in etree.fromstring(export("gexf", graph)[0]).iter():
        namespace, _, name = element.tag[1:].partition("}")
        assert namespace == "http://gexf.net/1.3", "the schema has colours, sizes and positions in it too"
        attributes, children = GEXF[name]
        assert {key for key in element.attrib if not key.startswith("{")} <= attributes
        order = [children.index(etree.QName(child).localname) for child in element]
        assert order == sorted(order)
        seen.add(name)
    assert GEXF.keys() - seen == set()


def test_positions_of_the_last_map_are_in_gexf(small_graph: KnowledgeGraph) -> None:
    iri = entity_iri(BASE, "tag", "C++")
    graph = KnowledgeGraph(
        dataset=small_graph.dataset, nodes=small_graph.nodes, edges=small_graph.edges, hints={iri: (1.25, -3)}
    )
    assert b'<viz:position x="1.25" y="-3.00" z="0.0"/>' in export("gexf", graph)[0]


def test_rdfxml_refuses_a_predicate_that_is_no_element_name(tmp_path: Path) -> None:
    post = make_post("a.md", Text("a"), Attribute(IRI("https://example.org/1"), "x"))
    with pytest.raises(ExportError, match=re.escape("https://example.org/1")):
        export("rdfxml", make_graph([post], []))


def test_jsonld_has_one_object_for_each_subject(small_graph: KnowledgeGraph) -> None:
    objects = json.loads(export("jsonld", small_graph)[0])["@graph"]
    ids = Counter(item["@id"] for item in objects)
    assert ids.most_common(1)[0][1] == 1
    (concept,) = (item for item in objects if item["@id"] == "concept:资本支出")
    assert len(concept["skos:definition"]) == 3, "two posts define it, in two languages and one of their regions"
    assert {"rdfs:label", "@type"} <= concept.keys()


def test_jsonld_keeps_an_iri_whose_scheme_is_also_a_prefix() -> None:
    node = Node(entity_iri(BASE, "tag", "x"), "tag", "x", (Text("x"),), same_as=(IRI("tag:example.org,2020:x"),))
    data = export("jsonld", make_graph([node], []))[0]
    import rdflib

    graph = rdflib.Graph().parse(data=data, format="json-ld")
    assert rdflib.URIRef("tag:example.org,2020:x") in set(graph.objects())


def test_shapes_cover_classes_of_the_user(small_graph: KnowledgeGraph) -> None:
    place = Kind("place", IRI(SCHEMA + "Place"), "place", "place")
    kinds = {**small_graph.kinds, "place": place}
    graph = KnowledgeGraph(dataset=small_graph.dataset, nodes={}, edges=(), kinds=kinds)
    assert b"kg:NamedShape sh:targetClass <https://schema.org/Place> ." in export("shapes", graph)[0]


# Any text, any name

hostile_text = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("=+-@[]'\"<>&\\\r\n\t\x00\x0b\x85\u2028\ufffe\ud800 ,;:%#")),
    min_size=1,
    max_size=30,
)


@pytest.mark.slow
@settings(max_examples=150)
@given(hostile_text, hostile_text)
def test_any_text_and_any_name_round_trips(name: str, value: str) -> None:
    iri = entity_iri(BASE, "tag", name)
    tag = Node(iri, "tag", name, (Text(name),), aliases=(Text(value, "en"),))
    post = make_post("p.md", Text(value, "en"), Attribute(IRI(FIELD + "x"), value, XSD + "string"))
    graph = make_graph([tag, post], [Edge(post.iri, IRI(SCHEMA + "keywords"), iri, value)])
    readers = {
        "ttl": lambda d: oxigraph_contents("ttl", *d),
        "nt": lambda d: oxigraph_contents("nt", *d),
        "nq": lambda d: oxigraph_contents("nq", *d),
        "trig": lambda d: oxigraph_contents("trig", *d),
        "jsonld": lambda d: oxigraph_contents("jsonld", *d),
        "rdfxml": lambda d: oxigraph_contents("rdf", *d),
        "graphml": lambda d: graphml_networkx(*d),
        "gexf": lambda d: gexf_lxml(*d),
        "json": lambda d: json_networkx(*d),
        "csv": lambda d: csv_standard(*d),
    }
    for format_name, read in readers.items():
        assert read(export(format_name, graph)) == expected(format_name, graph), format_name


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.one_of(hostile_text, hostile_text.map(lambda name: f"{name}."), hostile_text), max_size=20))
@example(["Ltd.", "a.b", "...", ".", "x\\. y", 'x". ', "c++.", "a_.", "%2e.", "-.", "1."])
def test_names_in_turtle_are_read_alike_by_rdflib(names: list[str]) -> None:
    """Names become prefixed names with escapes, in which parsers differ most."""
    tags = {entity_iri(BASE, "tag", name): name for name in names}
    nodes = [Node(iri, "tag", name, (Text(name),), aliases=(Text(f"{name}\\. "),)) for iri, name in tags.items()]
    post = make_post("a..md", Text("a"))
    graph = make_graph([post, *nodes], [Edge(post.iri, IRI(SCHEMA + "keywords"), iri, "tags") for iri in tags])
    for name, syntax in (("ttl", "turtle"), ("trig", "trig")):
        assert rdflib_contents(syntax, *export(name, graph)) == expected(name, graph)


def test_a_name_that_ends_in_a_full_stop_is_a_whole_iri() -> None:
    tag = Node(entity_iri(BASE, "tag", "Ltd."), "tag", "Ltd.", (Text("\\. tag:ltd\\. "),))
    (data,) = export("ttl", make_graph([tag], []))
    assert b"\n<https://kg.example/tag/ltd.> a skos:Concept ;" in data
    assert b'rdfs:label "\\\\. tag:ltd\\\\. " ;' in data, "text is left alone"


@settings(max_examples=300)
@given(st.one_of(hostile_text, st.lists(hostile_text, min_size=1, max_size=3)))
def test_flat_cells_can_be_undone(value: str | list[str]) -> None:
    from kg.graph.flat import flat, unflat

    values = [value] if isinstance(value, str) else value
    assert unflat(flat(value)) == [rule("json", item) for item in values]


# Formats that have types


def test_parquet_has_dates_and_times(tmp_path: Path) -> None:
    import duckdb

    def own(name: str, value: str, datatype: str) -> Attribute:
        return Attribute(IRI(FIELD + name), value, XSD + datatype, "", name, 2, 4)

    posts = [
        make_post(f"{day}.md", Text(day), own("day", day, "date"), own("at", f"{day}T08:00:00+08:00", "dateTime"),
                  own("no", f"{day}{zone}", "date"))
        for day, zone in (("2026-01-02", ""), ("2026-01-03", "Z"))
    ]  # fmt: skip
    (tmp_path / "nodes.parquet").write_bytes(export("parquet", make_graph(posts, []))[0])
    rows = duckdb.sql(
        f"SELECT day(field_day), epoch(field_at), field_no FROM '{tmp_path}/nodes.parquet' ORDER BY iri"
    ).fetchall()
    assert rows == [(2, 1767312000, "2026-01-02"), (3, 1767398400, "2026-01-03Z")]


def test_parquet_has_types_lists_and_every_text_with_its_language(small_graph: KnowledgeGraph, tmp_path: Path) -> None:
    import duckdb

    for name, data in zip(exporters.get("parquet").files, export("parquet", small_graph), strict=True):
        (tmp_path / name).write_bytes(data)
    row = duckdb.sql(f"SELECT draft, field_rating, alias FROM '{tmp_path}/nodes.parquet' WHERE draft").fetchall()
    assert row == [(True, 5, None)]
    aliases = duckdb.sql(f"SELECT unnest(alias) FROM '{tmp_path}/nodes.parquet' ORDER BY 1").fetchall()
    assert aliases == [("-x",), ("@y;z",), ('["one"]',)]
    texts = duckdb.sql(
        f"SELECT predicate, text, language, path, line FROM '{tmp_path}/texts.parquet' "
        "WHERE text IN ('輝達', 'Money spent on what lasts.', '42') ORDER BY text"
    ).fetchall()
    assert texts == [
        ("field:my_x0020_key", "42", "", "2024/你好 世界.md", 0),
        ("skos:definition", "Money spent on what lasts.", "", "plain.md", 9),
        ("skos:altLabel", "輝達", "zh-Hant", "", 0),
    ]


def test_a_workbook_has_types_and_no_formula(small_graph: KnowledgeGraph) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(export("xlsx", small_graph)[0]))
    titles, *rows = book["nodes"].iter_rows()
    cells = [dict(zip([title.value for title in titles], row, strict=True)) for row in rows]
    assert {cell.data_type for row in cells for cell in row.values()} == {"s", "n", "b"}, "no formula, no error"
    (draft,) = (row for row in cells if row["draft"].value is not None)
    assert (draft["draft"].value, draft["field_rating"].value) == (True, 5)
    assert '=HYPERLINK("https://example.org")' in [row["abstract"].value for row in cells]


def test_a_canvas_follows_its_specification(small_graph: KnowledgeGraph) -> None:
    """https://jsoncanvas.org/spec/1.0/: what each node and edge must have, and of which type."""
    (data,) = export("canvas", small_graph)
    canvas = json.loads(data)
    assert len(canvas["nodes"]) == len(small_graph.nodes)
    for node in canvas["nodes"]:
        assert all(type(node[name]) is int for name in ("x", "y", "width", "height"))
        assert node["color"] in "123456"
        post = small_graph.nodes[node["id"]].kind == "post"
        assert node["type"] == ("file" if post else "text")
        assert isinstance(node["file" if post else "text"], str)
    ids = [item["id"] for item in (*canvas["nodes"], *canvas["edges"])]
    assert len(set(ids)) == len(ids)
    assert {edge[end] for edge in canvas["edges"] for end in ("fromNode", "toNode")} <= set(ids)
    texts = {node["text"] for node in canvas["nodes"] if node["type"] == "text"}
    assert "C++" in texts


def test_text_that_could_end_a_string_of_cypher_or_dot_does_not() -> None:
    """`\\u0027` is a quote where a program decodes it before it reads strings."""
    names = ["\\u0027}) DETACH DELETE n //", "\\", '\\"]', "a\\\\u0027", "'", "&#34;]"]
    posts = [make_post(f"{number}.md", Text(name)) for number, name in enumerate(names)]
    graph = make_graph(posts, [])
    for name in ("cypher", "dot"):
        read = READERS[name][0]
        assert read(export(name, graph), Path()) == expected(name, graph)


def test_a_format_whose_library_is_missing_says_what_to_install(
    small_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ConfigError, match=r"pip install '.*\[xlsx\]'"):
        export("xlsx", small_graph)
