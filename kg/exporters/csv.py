"""Two CSV tables (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), with the headers that `neo4j-admin import` reads.

https://neo4j.com/docs/operations-manual/current/tools/neo4j-admin/neo4j-admin-import/ (call it with
`--multiline-fields=true`); `pandas.read_csv` reads them as well. UTF-8, line ends of a single line feed, and:

* Text is as it is, with commas, quotes and line ends in quotes; only control characters other than tabs and line ends
  become U+FFFD, because spreadsheets and databases end a cell there.
* Lists are JSON arrays, as described in `_table`.

For Excel (`write_for_excel`) there are two differences. The files begin with a byte order mark, without which it does
not take them for UTF-8. And because it would compute what looks like a formula
(https://owasp.org/www-community/attacks/CSV_Injection), a text cell that begins with `=`, `+`, `-`, `@`, a tab, a
carriage return, a line feed, one of the wide `＝＋－＠` or an apostrophe gets an apostrophe in front; remove one from
each cell to undo it. Cells of typed columns are numbers or booleans.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from itertools import chain
from typing import BinaryIO

from kg.exporters import Exporter
from kg.exporters._table import EDGE_COLUMNS, Column, edge_cells, neo4j_label, node_cells, node_columns
from kg.exporters._xml import UNFIT
from kg.graph.model import KnowledgeGraph
from kg.text.cells import guarded

_SPECIAL = re.compile('[",\r\n]')


def write(graph: KnowledgeGraph, nodes: BinaryIO, edges: BinaryIO) -> None:
    """Write nodes.csv and edges.csv."""
    _write_nodes(graph, nodes, _text)
    _write_edges(graph, edges, _text)


def write_for_excel(graph: KnowledgeGraph, nodes: BinaryIO, edges: BinaryIO) -> None:
    """Write nodes.csv and edges.csv for Excel and other spreadsheets, as described above."""
    for stream in (nodes, edges):
        stream.write(BOM_UTF8)
    _write_nodes(graph, nodes, _guarded)
    _write_edges(graph, edges, _guarded)


def _write_nodes(graph: KnowledgeGraph, stream: BinaryIO, text: Callable[[str], str]) -> None:
    columns = node_columns(graph)
    header = ["iri:ID", *map(_header, columns), ":LABEL"]
    kept = [(column.name, text if column.type == "string" else str) for column in columns]
    rows = (
        [node.iri, *(cell(cells.get(name, "")) for name, cell in kept), ";".join(map(neo4j_label, node.kinds))]
        for node in graph.nodes.values()
        for cells in [dict(node_cells(node))]
    )
    _write(stream, header, rows)


def _write_edges(graph: KnowledgeGraph, stream: BinaryIO, text: Callable[[str], str]) -> None:
    header = [":START_ID", ":END_ID", ":TYPE", *map(_header, EDGE_COLUMNS[1:])]
    rows = (
        [edge.source, edge.target, relation, text(field), line, confidence]
        for edge in graph.edges
        for relation, field, line, confidence in [edge_cells(edge)]
    )
    _write(stream, header, rows)


def _write(stream: BinaryIO, header: list[str], rows: Iterable[list[str]]) -> None:
    stream.writelines((",".join(map(_quote, row)) + "\n").encode() for row in chain([header], rows))


def _quote(cell: str) -> str:
    # Not the csv module: it leaves a lone carriage return bare, which ends a row for everyone else.
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell


def _header(column: Column) -> str:
    return column.title if column.type == "string" else f"{column.title}:{column.type}"


def _text(text: str) -> str:
    return UNFIT.sub("\ufffd", text)


def _guarded(text: str) -> str:
    return guarded(_text(text))


EXPORTER = Exporter(
    title="two tables, for neo4j-admin import, pandas and spreadsheets",
    media_type="text/csv",
    files=("nodes.csv", "edges.csv"),
    spec="https://www.rfc-editor.org/rfc/rfc4180",
    write=write,
    write_for_excel=write_for_excel,
)
