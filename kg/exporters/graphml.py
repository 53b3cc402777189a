"""GraphML (http://graphml.graphdrawing.org/specification.html), written chunk by chunk.

Properties of nodes and edges are typed keys; `_table` and `_xml` describe how lists and odd characters are written.

Ids are name tokens, as the schema wants them, so they are digests: of the IRI of a node, which is its property `iri`,
and of both ends and the relation of an edge. Names come twice, because yEd shows only its own labels
(https://yed.yworks.com/support/manual/graphml.html).
"""

from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

from kg.exporters import Chunked, Exporter, FileSection
from kg.exporters._table import EDGE_COLUMNS, edge_cells, node_cells, node_columns
from kg.exporters._xml import escape
from kg.graph.chunks import Chunk
from kg.graph.model import KnowledgeGraph

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
<key id="iri" for="node" attr.name="iri" attr.type="string"/>
<key id="y" for="node" attr.name="graphics" attr.type="string" yfiles.type="nodegraphics"/>
"""


def _head(graph: KnowledgeGraph) -> bytes:
    lines = [_HEAD]
    for domain, letter, columns in (("node", "n", node_columns(graph)), ("edge", "e", EDGE_COLUMNS)):
        for number, column in enumerate(columns):
            name, of_type = column.title, column.type
            lines.append(f'<key id="{letter}{number}" for="{domain}" attr.name="{name}" attr.type="{of_type}"/>\n')
    lines.append('<graph id="G" edgedefault="directed">\n')
    return "".join(lines).encode()


def _nodes(graph: KnowledgeGraph, chunk: Chunk) -> tuple[bytes, int]:
    keys = {column.name: f"n{number}" for number, column in enumerate(node_columns(graph))}
    lines = []
    for node in (entry.node for entry in chunk.entries):
        cells = [f'<data key="{keys[name]}">{escape(value)}</data>' for name, value in node_cells(node)]
        label = escape(node.label)
        lines.append(
            f'<node id="{_node_id(node.iri)}"><data key="iri">{escape(node.iri)}</data>{"".join(cells)}'
            f'<data key="y"><y:ShapeNode><y:NodeLabel>{label}</y:NodeLabel></y:ShapeNode></data></node>\n'
        )
    return "".join(lines).encode(), len(lines)


def _edges(_graph: KnowledgeGraph, chunk: Chunk) -> tuple[bytes, int]:
    lines = []
    for entry in filter(attrgetter("edges"), chunk.entries):
        start = _node_id(entry.node.iri)
        for edge in entry.edges:
            relation, field, line, confidence = edge_cells(edge)
            lines.append(
                f'<edge id="{_id("e", edge.source, edge.predicate, edge.target)}" source="{start}" '
                f'target="{_node_id(edge.target)}">{_stated(relation, field)}<data key="e2">{line}</data>'
                f'<data key="e3">{confidence}</data></edge>\n'
            )
    return "".join(lines).encode(), len(lines)


@lru_cache(maxsize=1 << 10)
def _stated(relation: str, field: str) -> str:
    """The cells in which nearly all edges agree with others."""
    return f'<data key="e0">{escape(relation)}</data><data key="e1">{escape(field)}</data>'


@lru_cache(maxsize=1 << 16)
def _node_id(iri: str) -> str:
    return _id("n", iri)


def _id(letter: str, *iris: str) -> str:
    """A name token of 17 characters: the same for the same IRIs in every file."""
    return letter + blake2b("\n".join(iris).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


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
