"""Nodes, edges and diagnostics as Parquet (https://parquet.apache.org), for Spark, DuckDB, Polars and pandas.

Each column is a field of the record of `kg.model` it comes from; lists stay lists. Text is as in the RDF: what no
UTF-8 can hold is U+FFFD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.namespaces import compact
from kg.rdf.ntriples import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from kg.model import Diagnostic, Edge, Node

_STRING = pa.string()
_TEXTS = pa.list_(pa.struct([("value", _STRING), ("language", _STRING)]))
_PLACES = pa.list_(pa.struct([("post", _STRING), ("line", pa.int64())]))
NODES = pa.schema(
    [
        ("iri", _STRING),
        ("kind", _STRING),
        ("label", _STRING),
        ("labels", _TEXTS),
        ("aliases", _TEXTS),
        (
            "attributes",
            pa.list_(
                pa.struct(
                    [
                        ("predicate", _STRING),
                        ("value", _STRING),
                        ("datatype", _STRING),
                        ("language", _STRING),
                        ("field", _STRING),
                        ("line", pa.int64()),
                        ("column", pa.int64()),
                    ]
                )
            ),
        ),
        ("former", pa.list_(_STRING)),
        ("same_as", pa.list_(_STRING)),
        (
            "merges",
            pa.list_(
                pa.struct(
                    [
                        ("name", _STRING),
                        ("other", _STRING),
                        ("confidence", pa.float64()),
                        (
                            "evidence",
                            pa.list_(pa.struct([("kind", _STRING), ("count", pa.int64()), ("places", _PLACES)])),
                        ),
                        ("decided_by", _STRING),
                    ]
                )
            ),
        ),
        (
            "definitions",
            pa.list_(
                pa.struct(
                    [
                        ("post", _STRING),
                        ("term", _STRING),
                        ("translations", pa.list_(_STRING)),
                        ("text", _STRING),
                        ("line", pa.int64()),
                        ("column", pa.int64()),
                    ]
                )
            ),
        ),
    ]
)
EDGES = pa.schema(
    [
        ("source", _STRING),
        ("predicate", _STRING),
        ("target", _STRING),
        ("relation", _STRING),
        ("field", _STRING),
        ("line", pa.int64()),
        ("confidence", pa.float64()),
    ]
)
DIAGNOSTICS = pa.schema(
    [
        ("path", _STRING),
        ("line", pa.int64()),
        ("column", pa.int64()),
        ("code", _STRING),
        ("severity", _STRING),
        ("message", _STRING),
    ]
)


def write(rows: list[dict[str, Any]], schema: pa.Schema, file: BinaryIO) -> None:
    """Write rows; the same rows give the same bytes."""
    pq.write_table(pa.Table.from_pylist(rows, schema), file, compression="zstd")


def node_rows(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """Rows of `NODES`."""
    return [
        {
            "iri": node.iri,
            "kind": node.kind,
            "label": text(node.label),
            "labels": [{"value": text(one.value), "language": one.language} for one in node.labels],
            "aliases": [{"value": text(one.value), "language": one.language} for one in node.aliases],
            "attributes": [
                {
                    "predicate": a.predicate,
                    "value": text(a.value),
                    "datatype": a.datatype,
                    "language": text(a.language),
                    "field": text(a.field),
                    "line": a.line,
                    "column": a.column,
                }
                for a in node.attributes
            ],
            "former": node.former,
            "same_as": node.same_as,
            "merges": [
                {
                    "name": text(merge.name),
                    "other": text(merge.other),
                    "confidence": merge.confidence,
                    "evidence": [
                        {
                            "kind": one.kind,
                            "count": one.count,
                            "places": [{"post": text(path), "line": line} for path, line in one.places],
                        }
                        for one in merge.evidence
                    ],
                    "decided_by": merge.decided_by,
                }
                for merge in node.merges
            ],
            "definitions": [
                {
                    "post": text(path),
                    "term": text(d.term),
                    "translations": [text(name) for name in d.translations],
                    "text": text(d.text),
                    "line": d.line,
                    "column": d.column,
                }
                for path, d in node.definitions
            ],
        }
        for node in nodes
    ]


def edge_rows(edges: Iterable[Edge]) -> list[dict[str, Any]]:
    """Rows of `EDGES`; `relation` is the prefixed predicate."""
    return [
        {
            "source": edge.source,
            "predicate": edge.predicate,
            "target": edge.target,
            "relation": compact(edge.predicate),
            "field": text(edge.field),
            "line": edge.line,
            "confidence": edge.confidence,
        }
        for edge in edges
    ]


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Rows of `DIAGNOSTICS`."""
    return [
        {
            "path": text(d.path),
            "line": d.line,
            "column": d.column,
            "code": d.code,
            "severity": d.severity,
            "message": text(d.message),
        }
        for d in diagnostics
    ]
