r"""Graphviz's DOT (https://graphviz.org/doc/info/lang.html).

Characters that SVG cannot hold become U+FFFD. Backslashes come twice, as Graphviz wants them, and `&` in a label, where
it would begin the name of a character, is `&amp;`.
"""

from collections.abc import Iterator

from kg.exporters import Exporter, from_text
from kg.exporters._table import edge_cells
from kg.exporters._xml import UNFIT
from kg.graph.model import KnowledgeGraph

_HEAD = """digraph {
graph [charset="UTF-8", overlap=false]
node [shape=box, style=rounded, fontname="sans-serif"]
edge [fontname="sans-serif", fontsize=9]
"""


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    yield _HEAD
    for node in graph.nodes.values():
        yield f"{_quoted(node.iri)} [label={_label(node.label)}, kind={_quoted(node.kind)}]\n"
    for edge in graph.edges:
        relation, field, line, confidence = edge_cells(edge)
        yield (
            f"{_quoted(edge.source)} -> {_quoted(edge.target)} [label={_label(relation)}, field={_quoted(field)}, "
            f"line={line}, confidence={confidence}]\n"
        )
    yield "}\n"


def _label(text: str) -> str:
    return _quoted(text.replace("&", "&amp;")).replace("\r", "\\r").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return '"' + UNFIT.sub("\ufffd", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


EXPORTER = Exporter(
    title="DOT, for Graphviz",
    media_type="text/vnd.graphviz",
    files=("graph.dot",),
    spec="https://graphviz.org/doc/info/lang.html",
    write=from_text(_document),
)
