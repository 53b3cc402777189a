"""Three Parquet tables (https://parquet.apache.org), for DuckDB, Polars, pandas and Spark.

* `nodes.parquet`: a row for each node, with the columns that CSV has; a column in which a node has several values is a
  column of lists, one that holds only dates, or only times with their zones, has that type.
* `edges.parquet`: a row for each edge.
* `texts.parquet`: a row for each text that a node has (its names, its definitions, literals of its front matter), with
  what the first table has no room for: predicate, language, file and line.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from kg.errors import needing
from kg.exporters import Exporter
from kg.exporters._table import Cell, node_columns, typed_cells, typed_edge
from kg.fields import IDENTIFIER
from kg.graph.flat import scalar
from kg.graph.model import KnowledgeGraph, properties, value_types
from kg.model import IRI_OBJECT, Node
from kg.namespaces import RDFS, SKOS, compact

_EDGES = {"source": "string", "target": "string", "relation": "string", "field": "string", "line": "int64",
          "confidence": "float64"}  # fmt: skip
_TEXTS = {"iri": "string", "predicate": "string", "text": "string", "language": "string", "path": "string",
          "line": "int64"}  # fmt: skip
_DATES = {"date": date.fromisoformat, "dateTime": datetime.fromisoformat}
_ARROW = {"boolean": "bool_", "long": "int64", "double": "float64", "string": "string"}


def write(graph: KnowledgeGraph, nodes: BinaryIO, edges: BinaryIO, texts: BinaryIO) -> None:
    """Write the tables.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    _write(nodes, _node_types(graph), _node_rows(graph))
    _write(edges, _EDGES, map(typed_edge, graph.edges))
    _write(texts, _TEXTS, (row for node in graph.nodes.values() for row in _text_rows(node)))


def _write(stream: BinaryIO, types: dict[str, str], rows: Iterable[dict[str, Any]]) -> None:
    with needing("parquet", "parquet"):
        import pyarrow as pa
        from pyarrow import parquet

    def type_of(name: str) -> Any:
        more = {"list": pa.list_(pa.string()), "date": pa.date32(), "dateTime": pa.timestamp("us", "UTC")}
        return more[name] if name in more else getattr(pa, name)()

    schema = pa.schema({title: type_of(name) for title, name in types.items()})
    parquet.write_table(pa.Table.from_pylist(list(rows), schema), stream, compression="zstd")


def _node_types(graph: KnowledgeGraph) -> dict[str, str]:
    several = {
        name for node in graph.nodes.values() for name, value in properties(node).items() if isinstance(value, list)
    }
    types = dict.fromkeys(several, "list") | {n: t for n, t in value_types(graph).items() if t in _DATES}
    return {"iri": "string"} | {c.title: types.get(c.name, _ARROW[c.type]) for c in node_columns(graph)}


def _node_rows(graph: KnowledgeGraph) -> Iterator[dict[str, Any]]:
    columns, types = node_columns(graph), _node_types(graph)
    for node in graph.nodes.values():
        yield {"iri": node.iri} | {title: _cell(types[title], value) for title, value in typed_cells(columns, node)}


def _cell(type_: str, value: Cell) -> Cell | date:
    if type_ == "list":
        return [str(value)] if not isinstance(value, list) else value
    return _DATES[type_](str(value)) if type_ in _DATES else value


def _text_rows(node: Node) -> Iterator[dict[str, Any]]:
    own_path = node.value(IDENTIFIER)

    def row(predicate: str, text: str, language: str = "", path: str = own_path, line: int = 0) -> dict[str, Any]:
        return {"iri": node.iri, "predicate": compact(predicate), "text": scalar(text), "language": language,
                "path": scalar(path), "line": line}  # fmt: skip

    for label in node.labels:
        yield row(RDFS + "label", label.value, label.language)
    for alias in node.aliases:
        yield row(SKOS + "altLabel", alias.value, alias.language)
    for path, definition in node.definitions:
        if definition.text:
            yield row(SKOS + "definition", definition.text, "", path, definition.line)
    for own in node.attributes:
        if own.datatype != IRI_OBJECT:
            yield row(own.predicate, own.value, own.language, line=own.line)


EXPORTER = Exporter(
    title="three tables with types and lists, for DuckDB, Polars, pandas and Spark",
    media_type="application/vnd.apache.parquet",
    files=("nodes.parquet", "edges.parquet", "texts.parquet"),
    spec="https://parquet.apache.org/docs/file-format/",
    write=write,
)
