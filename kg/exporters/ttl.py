"""RDF 1.1 Turtle (https://www.w3.org/TR/turtle/)."""

from kg.exporters import Exporter
from kg.exporters._rdf import triples, turtle

EXPORTER = Exporter(
    title="RDF as Turtle, for people and every RDF tool",
    media_type="text/turtle",
    files=("graph.ttl",),
    spec="https://www.w3.org/TR/turtle/",
    write=triples(lambda graph, resources: turtle(graph).of(resources), head=lambda graph: turtle(graph).head()),
)
