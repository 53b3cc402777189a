"""RDF 1.1 TriG (https://www.w3.org/TR/trig/)."""

from itertools import chain, groupby
from operator import attrgetter
from typing import BinaryIO

from kg.exporters import Exporter
from kg.exporters._rdf import turtle
from kg.graph.model import KnowledgeGraph


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the named graphs, one after another."""
    from kg.rdf import statements

    writer = turtle(graph)
    stream.write(writer.head().encode())
    for name, descriptions in groupby(statements.descriptions(graph), key=attrgetter("graph")):
        stream.write(f"<{name}> {{\n".encode())
        for one in descriptions:
            text = writer.of(chain(one.statements, one.repeated))
            indented = text.rstrip("\n").replace("\n", "\n\t")
            stream.write(f"\t{indented}\n".encode())
        stream.write(b"}\n")


EXPORTER = Exporter(
    title="RDF as Turtle with one named graph per post",
    media_type="application/trig",
    files=("graph.trig",),
    spec="https://www.w3.org/TR/trig/",
    write=write,
)
