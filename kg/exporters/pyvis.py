"""A small picture by pyvis (https://pyvis.readthedocs.io): the whole graph, or its best-connected part."""

from typing import BinaryIO

from kg.exporters import Exporter
from kg.graph.model import KnowledgeGraph


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the page; it says how much of the graph it shows."""
    from kg.views.pictures import picture_of

    stream.write(picture_of(graph).to_bytes())


EXPORTER = Exporter(
    title="a small picture by pyvis: the best-connected 300 nodes, offline",
    media_type="text/html",
    files=("graph.pyvis.html",),
    spec="https://pyvis.readthedocs.io/",
    write=write,
    draws=True,
    holds_graph=False,
)
