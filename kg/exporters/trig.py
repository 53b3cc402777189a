"""RDF 1.1 TriG (https://www.w3.org/TR/trig/)."""

from collections.abc import Iterator
from itertools import chain, groupby
from operator import attrgetter

from kg.exporters import Exporter, from_text
from kg.exporters._rdf import turtle
from kg.graph.model import KnowledgeGraph


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    """The named graphs, one after another."""
    from kg.rdf import statements

    writer = turtle(graph)
    yield writer.head()
    for name, descriptions in groupby(statements.descriptions(graph), key=attrgetter("graph")):
        yield f"<{name}> {{\n"
        for one in descriptions:
            text = writer.of(chain(one.resources, one.also))
            indented = text.rstrip("\n").replace("\n", "\n\t")
            yield f"\t{indented}\n"
        yield "}\n"


EXPORTER = Exporter(
    title="RDF as Turtle with one named graph per post",
    media_type="application/trig",
    files=("graph.trig",),
    spec="https://www.w3.org/TR/trig/",
    write=from_text(_document),
)
