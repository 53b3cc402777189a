"""Nodes, edges and diagnostics as Parquet (https://parquet.apache.org), for Spark, DuckDB, Polars and pandas.

Each column is a field of the record of `kg.model` it comes from; lists stay lists. Text is as in the RDF: what no
UTF-8 can hold is U+FFFD.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa

from kg.model import Diagnostic, Edge, Node
from kg.namespaces import compact
from kg.rdf.ntriples import text

_TEXT, _WHOLE, _REAL = pa.string(), pa.int64(), pa.float64()


def _lists(**fields: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct(list(fields.items())))


_TEXTS = _lists(value=_TEXT, language=_TEXT)
_EVIDENCE = _lists(kind=_TEXT, count=_WHOLE, places=_lists(post=_TEXT, line=_WHOLE), shares=pa.list_(_REAL))
NODES = pa.schema(
    {
        "iri": _TEXT,
        "kind": _TEXT,
        "label": _TEXT,
        "labels": _TEXTS,
        "aliases": _TEXTS,
        "attributes": _lists(
            predicate=_TEXT, value=_TEXT, datatype=_TEXT, language=_TEXT, field=_TEXT, line=_WHOLE, column=_WHOLE
        ),
        "former": pa.list_(_TEXT),
        "same_as": pa.list_(_TEXT),
        "merges": _lists(
            name=_TEXT, other=_TEXT, confidence=_REAL, evidence=_EVIDENCE, decided_by=_TEXT, kinds=pa.list_(_TEXT)
        ),
        "definitions": _lists(
            post=_TEXT, term=_TEXT, translations=pa.list_(_TEXT), text=_TEXT, line=_WHOLE, column=_WHOLE
        ),
        "also": pa.list_(_TEXT),
    }
)
EDGES = pa.schema(
    {
        "source": _TEXT,
        "predicate": _TEXT,
        "target": _TEXT,
        "field": _TEXT,
        "line": _WHOLE,
        "confidence": _REAL,
        "relation": _TEXT,
    }
)
"""`relation` is the prefixed predicate."""
DIAGNOSTICS = pa.schema(
    {"path": _TEXT, "line": _WHOLE, "column": _WHOLE, "code": _TEXT, "severity": _TEXT, "message": _TEXT}
)


def _table(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema)


def _plain(value: Any) -> Any:
    """A record as Arrow takes it: tuples of tuples."""
    if isinstance(value, str):
        return text(value)
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value


def node_rows(nodes: Iterable[Node]) -> pa.Table:
    """The table `NODES`."""
    rows = (_plain(msgspec.to_builtins(node)) for node in nodes)
    return _table(
        ((*row, tuple((path, *own) for path, own in definitions), also) for *row, definitions, also in rows), NODES
    )


def edge_rows(edges: Iterable[Edge]) -> pa.Table:
    """The table `EDGES`."""
    return _table(
        ((e.source, e.predicate, e.target, text(e.field), e.line, e.confidence, compact(e.predicate)) for e in edges),
        EDGES,
    )


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> pa.Table:
    """The table `DIAGNOSTICS`."""
    return _table((_plain(msgspec.to_builtins(diagnostic)) for diagnostic in diagnostics), DIAGNOSTICS)
