r"""A script in Cypher (https://opencypher.org), for Neo4j and other property graphs.

`cypher-shell --file graph.cypher` loads it, and may do so again to update what is there. A node has the
labels `Node` and that of its kind, and the properties that CSV has, with lists as lists; an edge has its relation as
type. Control characters other than tabs and line ends become U+FFFD. Some versions of Cypher read `\u0041` before they
read strings, so no backslash is followed by a `u`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from kg.exporters import Exporter, from_text
from kg.exporters._table import Cell, edge_cells, neo4j_label, node_columns, typed_cells
from kg.exporters._xml import UNFIT
from kg.graph.model import KnowledgeGraph

_AT_ONCE = 500
"""Nodes or edges in one statement."""
_SPECIAL = re.compile(r"[\\'\n\r]")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"}
_PLAIN = re.compile(r"[A-Za-z]\w*\Z", re.ASCII)


def _script(graph: KnowledgeGraph) -> Iterator[str]:
    yield "CREATE CONSTRAINT kg_iri IF NOT EXISTS FOR (n:Node) REQUIRE n.iri IS UNIQUE;\n"
    columns = node_columns(graph)
    nodes = sorted(graph.nodes.values(), key=lambda node: node.kinds)
    for kinds, some in groupby(nodes, key=lambda node: node.kinds):
        rows = (_map([("iri", node.iri), *typed_cells(columns, node)]) for node in some)
        labels = ":".join(_name(neo4j_label(kind)) for kind in kinds)
        yield from _unwound(rows, f"MERGE (n:Node {{iri: row.iri}}) SET n = row, n:{labels}")
    edges = ((relation, edge, field) for edge in graph.edges for relation, field, *_rest in [edge_cells(edge)])
    for relation, found in groupby(sorted(edges, key=lambda item: item[0]), key=lambda item: item[0]):
        rows = (
            _map([("s", edge.source), ("t", edge.target), ("field", field), ("line", edge.line),
                  ("confidence", float(edge.confidence))])
            for _relation, edge, field in found
        )  # fmt: skip
        yield from _unwound(
            rows,
            f"MATCH (s:Node {{iri: row.s}}), (t:Node {{iri: row.t}}) MERGE (s)-[r:{_name(relation)}]->(t) "
            "SET r.field = row.field, r.line = row.line, r.confidence = row.confidence",
        )


def _unwound(rows: Iterator[str], what: str) -> Iterator[str]:
    """Statements that do something for every row."""
    while some := ",\n".join(islice(rows, _AT_ONCE)):
        yield f"UNWIND [\n{some}\n] AS row {what};\n"


def _map(pairs: Iterable[tuple[str, Cell]]) -> str:
    return "{" + ", ".join(f"{_name(key)}: {_value(value)}" for key, value in pairs) + "}"


def _name(text: str) -> str:
    return text if _PLAIN.match(text) else "`" + text.replace("`", "``") + "`"


def _value(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = _SPECIAL.sub(lambda match: _ESCAPES[match[0]], UNFIT.sub("\ufffd", value))
        return "'" + text.replace("\\u", "\\' + 'u") + "'" if "\\u" in text else f"'{text}'"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return repr(value)


EXPORTER = Exporter(
    title="a script for Neo4j, Memgraph and others that speak Cypher",
    media_type="application/x-cypher-query",
    files=("graph.cypher",),
    spec="https://opencypher.org/resources/",
    write=from_text(_script),
)
