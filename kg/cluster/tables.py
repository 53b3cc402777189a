"""Nodes, edges and diagnostics as Parquet (https://parquet.apache.org), for Spark, DuckDB, Polars and pandas.

The columns are the fields of the records of `kg.model`; lists stay lists, and a pair of the path of a post and
something in it is one struct. As in RDF, text that UTF-8 cannot hold becomes U+FFFD.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from kg.model import IRI, Diagnostic, Edge, Node, Record
from kg.namespaces import compact
from kg.rdf.ntriples import text

_PLAIN = {str: pa.string(), IRI: pa.string(), int: pa.int64(), float: pa.float64()}


@cache
def _type(kind: Any) -> pa.DataType:
    """The type in Arrow of a record, or of a field of one."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is not tuple:
        hints = get_type_hints(kind)
        return pa.struct([(name, _type(hints[name])) for name in kind.__struct_fields__])
    first, other = get_args(kind)
    if other is ...:
        return pa.list_(_type(first))
    return pa.struct([("post", pa.string()), *([("line", pa.int64())] if other is int else _type(other))])


def _rows(records: Iterable[Record]) -> Iterable[Any]:
    """Records as Arrow takes them: tuples of tuples."""
    return map(_as_in_rdf, msgspec.to_builtins(list(records)))


def _as_in_rdf(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    return tuple(map(_as_in_rdf, value)) if isinstance(value, list | tuple) else value


def _table(rows: Iterable[Any], kind: pa.DataType) -> pa.Table:
    return pa.Table.from_struct_array(pa.array(list(rows), kind))


def node_rows(nodes: Iterable[Node]) -> pa.Table:
    """A row for each node."""
    flat = ((*row, tuple((path, *own) for path, own in found), also) for *row, found, also in _rows(nodes))
    return _table(flat, _type(Node))


def edge_rows(edges: Iterable[Edge]) -> pa.Table:
    """A row for each edge, with its prefixed predicate as `relation`."""
    kind = pa.struct([*_type(Edge), ("relation", pa.string())])
    return _table(((*row, compact(row[1])) for row in _rows(edges)), kind)


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> pa.Table:
    """A row for each finding."""
    return _table(_rows(diagnostics), _type(Diagnostic))
