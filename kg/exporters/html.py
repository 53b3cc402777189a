"""The page `graph.html`: the whole graph in one file, to be opened in a browser (kg.views.page)."""

from typing import BinaryIO

from kg.exporters import Exporter
from kg.graph.model import KnowledgeGraph


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the page; it needs no network and no other file."""
    from kg.views.page import assemble

    stream.write(assemble(graph))


EXPORTER = Exporter(
    title="one page to explore the whole graph, offline",
    media_type="text/html",
    files=("graph.html",),
    spec="https://html.spec.whatwg.org/",
    write=write,
    draws=True,
)
