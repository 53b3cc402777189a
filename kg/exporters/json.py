"""Node-link JSON, as networkx reads it (https://networkx.org/documentation/stable/reference/readwrite/json_graph.html).

`networkx.node_link_graph(json.load(file), edges="edges")` gives the graph that `kg.build(...).graph` is, except that
several values are a list here.
One node or edge a line, so that two versions can be compared line by line.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kg.exporters import Exporter, from_text
from kg.graph.flat import scalar
from kg.graph.model import KnowledgeGraph, edge_properties, typed_properties


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    about = _encode({"base": graph.dataset.base, "title": graph.dataset.title})
    yield f'{{"directed": true, "multigraph": true, "graph": {about},\n"nodes": ['
    yield from _lines({"id": node.iri, **typed_properties(graph, node)} for node in graph.nodes.values())
    yield '],\n"edges": ['
    yield from _lines(
        {"source": edge.source, "target": edge.target, "key": own["relation"], **own}
        for edge in graph.edges
        for own in [edge_properties(edge)]
    )
    yield "]}\n"


def _lines(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for item in items:
        yield separator + _encode(item)
        separator = ",\n"


def _encode(value: Any) -> str:
    return scalar(json.dumps(value, ensure_ascii=False, allow_nan=False))


EXPORTER = Exporter(
    title="node-link JSON, for networkx and JavaScript",
    media_type="application/json",
    files=("graph.json",),
    spec="https://networkx.org/documentation/stable/reference/readwrite/json_graph.html",
    write=from_text(_document),
)
