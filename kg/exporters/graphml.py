"""GraphML (http://graphml.graphdrawing.org/specification.html), written chunk by chunk.

Properties of nodes and edges are typed keys; `_table` and `_xml` describe how lists and odd characters are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.exporters import Chunked, Exporter, FileSection
from kg.exporters._table import EDGE_COLUMNS, edge_cells, node_cells, node_columns
from kg.exporters._xml import escape

if TYPE_CHECKING:
    from kg.graph.chunks import Chunk
    from kg.graph.model import KnowledgeGraph

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def _head(graph: KnowledgeGraph) -> bytes:
    lines = [_HEAD]
    for domain, letter, columns in (("node", "n", node_columns(graph)), ("edge", "e", EDGE_COLUMNS)):
        for number, column in enumerate(columns):
            name = escape(column.name)
            lines.append(f'<key id="{letter}{number}" for="{domain}" attr.name="{name}" attr.type="{column.type}"/>\n')
    lines.append('<graph id="G" edgedefault="directed">\n')
    return "".join(lines).encode()


def _nodes(graph: KnowledgeGraph, chunk: Chunk) -> tuple[bytes, int]:
    keys = {column.name: f"n{number}" for number, column in enumerate(node_columns(graph))}
    lines = []
    for node in chunk.nodes:
        cells = [f'<data key="{keys[name]}">{escape(value)}</data>' for name, value in node_cells(node)]
        lines.append(f'<node id="{escape(node.iri)}">{"".join(cells)}</node>\n')
    return "".join(lines).encode(), len(lines)


def _edges(_graph: KnowledgeGraph, chunk: Chunk) -> tuple[bytes, int]:
    lines = []
    for source, edges in chunk.edges.items():
        start = f'<edge source="{escape(source)}" target="'
        for edge in edges:
            relation, field, line, confidence = edge_cells(edge)
            lines.append(
                f'{start}{escape(edge.target)}"><data key="e0">{escape(relation)}</data>'
                f'<data key="e1">{escape(field)}</data><data key="e2">{line}</data>'
                f'<data key="e3">{confidence}</data></edge>\n'
            )
    return "".join(lines).encode(), len(lines)


EXPORTER = Exporter(
    title="GraphML, for networkx, igraph, Gephi, yEd and Cytoscape",
    media_type="application/graphml+xml",
    files=("graph.graphml",),
    spec="http://graphml.graphdrawing.org/specification.html",
    write=Chunked(
        head=_head,
        sections=(FileSection(write=_nodes), FileSection(write=_edges)),
        tail=lambda _graph, _count: b"</graph>\n</graphml>\n",
    ),
)
