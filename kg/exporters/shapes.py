"""Constraints on a graph as SHACL shapes (https://www.w3.org/TR/shacl): `kg/rdf/shapes.ttl` and the user's classes."""

from importlib.resources import files
from typing import BinaryIO

from kg.exporters import Exporter
from kg.graph.model import KnowledgeGraph
from kg.namespaces import KINDS


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the shapes."""
    stream.write(files("kg.rdf").joinpath("shapes.ttl").read_bytes())
    known = {kind.rdf_class for kind in KINDS.values()}
    own = sorted({kind.rdf_class for kind in graph.kinds.values()} - known)
    if own:
        stream.write(b"\n# The classes of your kg.toml.\n")
    stream.writelines(f"kg:NamedShape sh:targetClass <{rdf_class}> .\n".encode() for rdf_class in own)


EXPORTER = Exporter(
    title="SHACL shapes: what a good graph is",
    media_type="text/turtle",
    files=("shapes.ttl",),
    spec="https://www.w3.org/TR/shacl/",
    write=write,
    holds_graph=False,
)
