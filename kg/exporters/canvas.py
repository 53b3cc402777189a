"""JSON Canvas 1.0 (https://jsoncanvas.org/spec/1.0/), for Obsidian: the best-connected part of the graph.

A post is a card with its file, as long as the canvas lies in the folder of posts; anything else is a card with its
name. Cards lie where the nodes are on the map, in six colours by kind.
"""

import json
from typing import Any, BinaryIO

from kg.exporters import Exporter
from kg.graph.flat import scalar
from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph
from kg.model import Node
from kg.namespaces import compact
from kg.text.markdown import escaped

_WIDTH, _HEIGHT = 260, 60
_TALL = 240
"""Size of a card with a file."""
_COLOURS = 6


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the canvas."""
    from kg.views.map import chart
    from kg.views.map.neighbourhood import best_connected

    part = best_connected(graph)
    positions = chart(part).positions
    spread = _WIDTH * 2 * max(1.0, len(part.nodes) ** 0.5)
    largest = float(abs(positions).max()) if len(part.nodes) else 1.0
    colours = {kind: str(number % _COLOURS + 1) for number, kind in enumerate(graph.kinds)}
    nodes = [
        {"id": iri, **_card(node), "x": round(x), "y": round(-y), "width": _WIDTH, "color": colours[node.kind]}
        for (iri, node), (x, y) in zip(
            part.nodes.items(), (positions * (spread / (2 * (largest or 1.0)))).tolist(), strict=True
        )
    ]
    edges = [
        {"id": f"{edge.source} {edge.predicate} {edge.target}", "fromNode": edge.source, "toNode": edge.target,
         "label": compact(edge.predicate)}
        for edge in part.edges
    ]  # fmt: skip
    text = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, indent="\t")
    stream.write(scalar(text).encode() + b"\n")


def _card(node: Node) -> dict[str, Any]:
    if path := path_of(node):
        return {"type": "file", "file": path, "height": _TALL}
    return {"type": "text", "text": escaped(node.label), "height": _HEIGHT}


EXPORTER = Exporter(
    title="JSON Canvas, for Obsidian: the best-connected 300 nodes",
    media_type="application/json",
    files=("graph.canvas",),
    spec="https://jsoncanvas.org/spec/1.0/",
    write=write,
    draws=True,
    holds_graph=False,
)
