"""Nodes, edges and diagnostics as Parquet (https://parquet.apache.org), for Spark, DuckDB, Polars and pandas.

The columns are the fields of the records of `kg.model`; lists stay lists, and a pair of the path of a post and
something in it is one struct. As in RDF, text that UTF-8 cannot hold becomes U+FFFD.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from kg.model import IRI, Diagnostic, Edge, Node, Record
from kg.namespaces import compact
from kg.rdf.ntriples import text

_TYPES = {str: pa.string(), IRI: pa.string(), int: pa.int64(), float: pa.float64()}


def _fields(record: type[Record]) -> list[tuple[str, pa.DataType]]:
    hints = get_type_hints(record)
    return [(name, _type(hints[name])) for name in record.__struct_fields__]


def _type(kind: Any) -> pa.DataType:
    if kind in _TYPES:
        return _TYPES[kind]
    if get_origin(kind) is not tuple:
        return pa.struct(_fields(kind))
    first, other = get_args(kind)
    if other is ...:
        return pa.list_(_type(first))
    return pa.struct([("post", pa.string()), *([("line", pa.int64())] if other is int else _fields(other))])


NODES, DIAGNOSTICS = pa.schema(_fields(Node)), pa.schema(_fields(Diagnostic))
EDGES = pa.schema([*_fields(Edge), ("relation", pa.string())])
"""`relation` is the prefixed predicate."""


def _table(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_struct_array(pa.array(list(rows), pa.struct(list(schema))))


def _plain(records: Iterable[Record], kind: type[Record]) -> Any:
    """Records of one kind as Arrow takes them: tuples of tuples."""
    records = list(records)
    try:
        data = _encode(records)
    except UnicodeEncodeError:  # a lone surrogate
        data = b""
    if not data or _MAY_BE_ODD(data):
        return _as_in_rdf(msgspec.to_builtins(records))
    return msgspec.msgpack.decode(data, type=list[_tuples(kind)])  # type: ignore[misc]


def _as_in_rdf(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    return tuple(map(_as_in_rdf, value)) if isinstance(value, list | tuple) else value


@cache
def _tuples(kind: Any) -> Any:
    """The type of a record, with tuples in place of all records."""
    if isinstance(kind, type) and issubclass(kind, Record):
        hints = get_type_hints(kind)
        return tuple[*(_tuples(hints[name]) for name in kind.__struct_fields__)]  # type: ignore[misc]
    return tuple[*map(_tuples, get_args(kind))] if get_args(kind) else kind  # type: ignore[misc]


_encode = msgspec.msgpack.Encoder().encode
_MAY_BE_ODD = re.compile(b"\xef\xbf[\xbe\xbf]").search
"""U+FFFE and U+FFFF, for which RDF has U+FFFD, too."""


def node_rows(nodes: Iterable[Node]) -> pa.Table:
    """The table `NODES`."""
    rows = _plain(nodes, Node)
    return _table(
        ((*row, tuple((path, *own) for path, own in definitions), also) for *row, definitions, also in rows), NODES
    )


def edge_rows(edges: Iterable[Edge]) -> pa.Table:
    """The table `EDGES`."""
    return _table(((*row, compact(row[1])) for row in _plain(edges, Edge)), EDGES)


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> pa.Table:
    """The table `DIAGNOSTICS`."""
    return _table(_plain(diagnostics, Diagnostic), DIAGNOSTICS)
