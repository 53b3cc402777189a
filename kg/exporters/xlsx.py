"""A workbook for Excel, LibreOffice and others, by XlsxWriter (https://xlsxwriter.readthedocs.io).

Two sheets, `nodes` and `edges`, with the columns that CSV has. Text is always text, never a formula or a link, so it
needs no guard. A cell holds at most 32,767 characters, and what is longer ends in `…`; a number of more than 15 digits
is text, because Excel would round it. Characters that XML forbids become U+FFFD.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from kg.errors import ExportError, needing
from kg.exporters import Exporter
from kg.exporters._table import EDGE_COLUMNS, Cell, node_columns, typed_cells, typed_edge
from kg.exporters._xml import UNFIT
from kg.graph.flat import flat
from kg.graph.model import KnowledgeGraph

_LONGEST = 32_767
_ROWS = 1_048_576
"""Of a sheet: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3."""
_EXACT = 10**15
_WIDTHS = {"iri": 40, "source": 40, "target": 40, "label": 40}


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the workbook.

    Raises:
        ConfigError: XlsxWriter is not installed.
        ExportError: there are more nodes or edges than a sheet has rows.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with needing("xlsx", "xlsx"):
        import xlsxwriter
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"title": "", "created": datetime(1980, 1, 1, tzinfo=UTC)})  # the same bytes every time
    nodes = ["iri", *(column.title for column in node_columns(graph))]
    edges = ["source", "target", *(column.title for column in EDGE_COLUMNS)]
    for name, titles, rows, count in (
        ("nodes", nodes, _nodes(graph), len(graph.nodes)),
        ("edges", edges, map(typed_edge, graph.edges), len(graph.edges)),
    ):
        if count >= _ROWS:
            raise ExportError(
                f"{count:,} {name} are more than the {_ROWS - 1:,} that a sheet has room for; take csv or parquet"
            )
        _write_sheet(book, name, titles, rows, count)
    book.close()


def _write_sheet(book: Any, name: str, titles: list[str], rows: Iterable[dict[str, Cell]], count: int) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for number, title in enumerate(titles):
        sheet.write_string(0, number, title, bold)
        sheet.set_column(number, number, _WIDTHS.get(title, 18))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(titles) - 1)
    places = {title: number for number, title in enumerate(titles)}
    for row, cells in enumerate(rows, 1):
        for title, value in cells.items():
            if isinstance(value, bool):
                sheet.write_boolean(row, places[title], value)
            elif isinstance(value, int | float) and abs(value) < _EXACT:
                sheet.write_number(row, places[title], value)
            else:
                sheet.write_string(row, places[title], _text(value if title == "label" else _flat(value)))


def _nodes(graph: KnowledgeGraph) -> Iterator[dict[str, Cell]]:
    columns = node_columns(graph)
    for node in graph.nodes.values():
        yield {"iri": node.iri, **dict(typed_cells(columns, node))}


def _flat(value: Cell) -> str:
    return flat(value) if isinstance(value, str | list) else repr(value)


def _text(value: Cell) -> str:
    text = UNFIT.sub("\ufffd", str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


EXPORTER = Exporter(
    title="a workbook, for Excel and other spreadsheets",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    files=("graph.xlsx",),
    spec="https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    write=write,
)
