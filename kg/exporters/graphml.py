"""GraphML (http://graphml.graphdrawing.org/specification.html), written as a stream.

Node and edge properties are typed keys; how lists and odd characters are written is told in `_table` and `_xml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from kg.exporters import Exporter
from kg.exporters._table import EDGE_COLUMNS, edge_cells, node_cells, node_columns
from kg.exporters._xml import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the graph."""
    stream.writelines(piece.encode() for piece in _pieces(graph))


def _pieces(graph: KnowledgeGraph) -> Iterator[str]:
    yield _HEAD
    columns = node_columns(graph)
    keys = {column.name: f"n{number}" for number, column in enumerate(columns)}
    for domain, letter, those in (("node", "n", columns), ("edge", "e", EDGE_COLUMNS)):
        for number, column in enumerate(those):
            name = escape(column.name)
            yield f'<key id="{letter}{number}" for="{domain}" attr.name="{name}" attr.type="{column.type}"/>\n'
    yield '<graph id="G" edgedefault="directed">\n'
    for node in graph.nodes.values():
        cells = [f'<data key="{keys[name]}">{escape(value)}</data>' for name, value in node_cells(node)]
        yield f'<node id="{escape(node.iri)}">{"".join(cells)}</node>\n'
    for number, edge in enumerate(graph.edges):
        relation, field, line, confidence = edge_cells(edge)
        yield (
            f'<edge id="{number}" source="{escape(edge.source)}" target="{escape(edge.target)}">'
            f'<data key="e0">{escape(relation)}</data><data key="e1">{escape(field)}</data>'
            f'<data key="e2">{line}</data><data key="e3">{confidence}</data></edge>\n'
        )
    yield "</graph>\n</graphml>\n"


EXPORTER = Exporter(
    title="GraphML, for networkx, igraph, Gephi, yEd and Cytoscape",
    media_type="application/graphml+xml",
    files=("graph.graphml",),
    spec="http://graphml.graphdrawing.org/specification.html",
    write=write,
)
