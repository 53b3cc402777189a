"""RDF 1.1 TriG (https://www.w3.org/TR/trig/)."""

from __future__ import annotations

from kg.exporters import Exporter
from kg.exporters._rdf import quads_as

EXPORTER = Exporter(
    title="RDF as Turtle with one named graph per post",
    media_type="application/trig",
    files=("graph.trig",),
    spec="https://www.w3.org/TR/trig/",
    write=quads_as("TRIG"),
)
