"""GEXF 1.3 (https://gexf.net/), dynamic: Gephi's timeline shows the graph grow.

A post and its edges start on its date, everything else on the date of the first post that names it; whatever has no
date is there from the start. Colours show kinds, and sizes the number of edges; positions are those of the previous
map, if there is one. `_table` and `_xml` describe how lists and odd characters are written.

The schema (https://gexf.net/1.3/gexf.xsd) has colours, sizes and positions in GEXF's own namespace, its examples in one
called viz. Here the prefix `viz` stands for GEXF's own: valid by the schema, and read by programs that look at local
names, as Gephi does, or at names with their prefix.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import sqrt

from kg.exporters import Exporter, from_text
from kg.exporters._table import EDGE_COLUMNS, edge_cells, node_cells, node_columns
from kg.exporters._xml import escape
from kg.fields import PUBLISHED
from kg.graph.flat import scalar
from kg.graph.model import KnowledgeGraph

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
"""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COLOURS = tuple("4e79a7 f28e2b e15759 76b7b2 59a14f edc948 b07aa1 ff9da7 9c755f bab0ac 86bcb6".split())  # noqa: SIM905
"""Colours of the kinds in order; with more kinds, they repeat."""


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    columns = [column for column in node_columns(graph) if column.name != "label"]  # GEXF has a place of its own for it
    keys = {column.name: str(number) for number, column in enumerate(columns)}
    begins = _beginnings(graph)
    degree = Counter(end for edge in graph.edges for end in (edge.source, edge.target))
    colours = {kind: _colour(number) for number, kind in enumerate(graph.kinds)}
    yield _HEAD
    day = _DAY.match(graph.dataset.newest)
    modified = f' lastmodifieddate="{day[0]}"' if day else ""
    yield f"<meta{modified}><creator>kg</creator>"
    yield f"<description>{escape(scalar(graph.dataset.title))}</description></meta>\n"
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval">\n'
    for name, those in (("node", columns), ("edge", EDGE_COLUMNS)):
        yield f'<attributes class="{name}" mode="static">\n'
        for number, column in enumerate(those):
            yield f'<attribute id="{number}" title="{column.title}" type="{column.type}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for node in graph.nodes.values():
        values = "".join(
            f'<attvalue for="{keys[name]}" value="{escape(value)}"/>'
            for name, value in node_cells(node)
            if name != "label"
        )
        place = graph.hints.get(node.iri)
        at = f'<viz:position x="{place[0]:.2f}" y="{place[1]:.2f}" z="0.0"/>' if place else ""
        yield (
            f'<node id="{escape(node.iri)}" label="{escape(node.label)}"{_start(begins.get(node.iri))}>'
            f"<attvalues>{values}</attvalues>"
            f'<viz:size value="{2 + sqrt(degree[node.iri]):.2f}"/>{at}{colours[node.kind]}</node>\n'
        )
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(graph.edges):
        cells = edge_cells(edge)
        values = "".join(f'<attvalue for="{key}" value="{escape(value)}"/>' for key, value in enumerate(cells))
        relation = escape(cells[0])
        yield (
            f'<edge id="{number}" source="{escape(edge.source)}" target="{escape(edge.target)}" kind="{relation}" '
            f'label="{relation}"{_start(begins.get(edge.source))}><attvalues>{values}</attvalues></edge>\n'
        )
    yield "</edges>\n</graph>\n</gexf>\n"


def _beginnings(graph: KnowledgeGraph) -> dict[str, str]:
    """IRI of a node → the date on which it starts, YYYY-MM-DD."""
    result: dict[str, str] = {}
    for node in graph.nodes.values():
        days = (_DAY.match(a.value) for a in node.attributes if a.predicate == PUBLISHED)
        first = min((day[0] for day in days if day), default="")
        if first:
            result[node.iri] = first
    posts = dict(result)
    for edge in graph.edges:
        day = posts.get(edge.source)
        if day and edge.target not in posts:
            result[edge.target] = min(day, result.get(edge.target, day))
    return result


def _start(day: str | None) -> str:
    return f' start="{day}"' if day else ""


def _colour(number: int) -> str:
    red, green, blue = bytes.fromhex(_COLOURS[number % len(_COLOURS)])
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


EXPORTER = Exporter(
    title="GEXF with dates and colours, for Gephi",
    media_type="application/gexf+xml",
    files=("graph.gexf",),
    spec="https://gexf.net/",
    write=from_text(_document),
)
