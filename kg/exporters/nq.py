"""RDF 1.1 N-Quads (https://www.w3.org/TR/n-quads/)."""

from __future__ import annotations

from kg.exporters import Exporter
from kg.exporters._rdf import quads_as

EXPORTER = Exporter(
    title="RDF, one triple a line with its named graph",
    media_type="application/n-quads",
    files=("graph.nq",),
    spec="https://www.w3.org/TR/n-quads/",
    write=quads_as("N_QUADS"),
)
