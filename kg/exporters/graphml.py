"""GraphML (http://graphml.graphdrawing.org/specification.html), written piece by piece.

Node and edge properties are typed keys; how lists and odd characters are written is told in `_table` and `_xml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.exporters import Exporter, Pieces, Section
from kg.exporters._table import EDGE_COLUMNS, edge_cells, node_cells, node_columns
from kg.exporters._xml import escape

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph
    from kg.graph.shares import Share

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def _head(graph: KnowledgeGraph) -> bytes:
    pieces = [_HEAD]
    for domain, letter, columns in (("node", "n", node_columns(graph)), ("edge", "e", EDGE_COLUMNS)):
        for number, column in enumerate(columns):
            name = escape(column.name)
            pieces.append(f'<key id="{letter}{number}" for="{domain}" attr.name="{name}" attr.type="{column.type}"/>\n')
    pieces.append('<graph id="G" edgedefault="directed">\n')
    return "".join(pieces).encode()


def _nodes(graph: KnowledgeGraph, share: Share) -> tuple[bytes, int]:
    keys = {column.name: f"n{number}" for number, column in enumerate(node_columns(graph))}
    pieces = []
    for node in share.nodes:
        cells = [f'<data key="{keys[name]}">{escape(value)}</data>' for name, value in node_cells(node)]
        pieces.append(f'<node id="{escape(node.iri)}">{"".join(cells)}</node>\n')
    return "".join(pieces).encode(), len(pieces)


def _edges(_graph: KnowledgeGraph, share: Share) -> tuple[bytes, int]:
    pieces = []
    for source, edges in share.edges.items():
        start = f'<edge source="{escape(source)}" target="'
        for edge in edges:
            relation, field, line, confidence = edge_cells(edge)
            pieces.append(
                f'{start}{escape(edge.target)}"><data key="e0">{escape(relation)}</data>'
                f'<data key="e1">{escape(field)}</data><data key="e2">{line}</data>'
                f'<data key="e3">{confidence}</data></edge>\n'
            )
    return "".join(pieces).encode(), len(pieces)


EXPORTER = Exporter(
    title="GraphML, for networkx, igraph, Gephi, yEd and Cytoscape",
    media_type="application/graphml+xml",
    files=("graph.graphml",),
    spec="http://graphml.graphdrawing.org/specification.html",
    write=Pieces(
        head=_head,
        sections=(Section(write=_nodes), Section(write=_edges)),
        tail=lambda _graph, _count: b"</graph>\n</graphml>\n",
    ),
)
