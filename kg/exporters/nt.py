"""RDF 1.1 N-Triples (https://www.w3.org/TR/n-triples/)."""

from kg.exporters import Exporter
from kg.exporters._rdf import triples
from kg.rdf.ntriples import document_of, statements_of

EXPORTER = Exporter(
    title="RDF, one triple a line",
    media_type="application/n-triples",
    files=("graph.nt",),
    spec="https://www.w3.org/TR/n-triples/",
    write=triples(lambda _graph, resources: document_of(statements_of(resources))),
)
