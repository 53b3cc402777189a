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
    if other is ...:
        arrow, python = _types(first)
        return pa.list_(arrow), tuple[python, ...]  # type: ignore[valid-type]
    arrow, python = _types(other)
    more = [("line", arrow)] if other is int else list(arrow)
    return pa.struct([("post", pa.string()), *more]), tuple[str, python]  # type: ignore[valid-type]


def _rows(records: Iterable[Record], kind: type[Record]) -> Any:
    """Records of one kind as Arrow takes them: tuples of tuples."""
    records = list(records)
    try:
        data = _encode(records)
    except UnicodeEncodeError:  # a lone surrogate
        data = b""
    if not data or _MAY_BE_ODD(data):
        return _as_in_rdf(msgspec.to_builtins(records))
    return msgspec.msgpack.decode(data, type=list[_types(kind)[1]])  # type: ignore[misc]


def _as_in_rdf(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    return tuple(map(_as_in_rdf, value)) if isinstance(value, list | tuple) else value


_encode = msgspec.msgpack.Encoder().encode
_MAY_BE_ODD = re.compile(b"\xef\xbf[\xbe\xbf]").search
"""U+FFFE and U+FFFF, for which RDF has U+FFFD, too."""


def _table(rows: Iterable[Any], kind: pa.DataType) -> pa.Table:
    return pa.Table.from_struct_array(pa.array(list(rows), kind))


def node_rows(nodes: Iterable[Node]) -> pa.Table:
    """A row for each node."""
    rows = _rows(nodes, Node)
    flat = ((*row, tuple((path, *own) for path, own in definitions), also) for *row, definitions, also in rows)
    return _table(flat, _types(Node)[0])


def edge_rows(edges: Iterable[Edge]) -> pa.Table:
    """A row for each edge, with its prefixed predicate as `relation`."""
    kind = pa.struct([*_types(Edge)[0], ("relation", pa.string())])
    return _table(((*row, compact(row[1])) for row in _rows(edges, Edge)), kind)


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> pa.Table:
    """A row for each finding."""
    return _table(_rows(diagnostics, Diagnostic), _types(Diagnostic)[0])
