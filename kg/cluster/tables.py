"""Nodes, edges and diagnostics as Parquet (https://parquet.apache.org), for Spark, DuckDB, Polars and pandas.

The columns are the fields of the records of `kg.model`; lists stay lists, and a pair of the path of a post and
something in it is one struct. As in RDF, noncharacters become U+FFFD.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from kg.model import IRI, Diagnostic, Edge, Node, Record
from kg.namespaces import compact

_PLAIN = {str: pa.string(), IRI: pa.string(), int: pa.int64(), float: pa.float64()}


@cache
def _types(kind: Any) -> tuple[pa.DataType, Any]:
    """The type of a field in Arrow, and in Python with tuples in place of all records."""
    if kind in _PLAIN:
        return _PLAIN[kind], kind
    if get_origin(kind) is not tuple:
        hints = get_type_hints(kind)
        arrow, python = zip(*(_types(hints[name]) for name in kind.__struct_fields__), strict=True)
        return pa.struct(zip(kind.__struct_fields__, arrow, strict=True)), tuple[python]  # type: ignore[valid-type]
    first, other = get_args(kind)
    arrow, python = _types(first if other is ... else other)
    if other is ...:
        return pa.list_(arrow), tuple[python, ...]  # type: ignore[valid-type]
    more = [("line", arrow)] if other is int else list(arrow)
    return pa.struct([("post", pa.string()), *more]), tuple[str, python]  # type: ignore[valid-type]


def _rows(records: Iterable[Record], kind: type[Record]) -> Any:
    """Records of one kind as Arrow takes them: tuples of tuples."""
    data = msgspec.json.encode(list(records))
    for noncharacter in ("\ufffe", "\uffff"):
        data = data.replace(noncharacter.encode(), "\ufffd".encode())
    return msgspec.json.decode(data, type=list[_types(kind)[1]])  # type: ignore[misc]


def _table(rows: Iterable[Any], kind: pa.DataType) -> pa.Table:
    return pa.Table.from_struct_array(pa.array(list(rows), kind))


def node_rows(nodes: Iterable[Node]) -> pa.Table:
    """A row for each node."""
    flat = ((*row, tuple((path, *own) for path, own in found), also) for *row, found, also in _rows(nodes, Node))
    return _table(flat, _types(Node)[0])


def edge_rows(edges: Iterable[Edge]) -> pa.Table:
    """A row for each edge, with its prefixed predicate as `relation`."""
    kind = pa.struct([*_types(Edge)[0], ("relation", pa.string())])
    return _table(((*row, compact(row[1])) for row in _rows(edges, Edge)), kind)


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> pa.Table:
    """A row for each finding."""
    return _table(_rows(diagnostics, Diagnostic), _types(Diagnostic)[0])
