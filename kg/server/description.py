"""The SPARQL service description of the endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from collections.abc import Iterable

from kg.namespaces import PREFIXES, RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
           "N-Triples", "JSON-LD", "RDF_XML")  # fmt: skip


def service_description(url: str, format_: str, graphs: Iterable[str]) -> bytes:
    """The description of an endpoint.

    Args:
        url: of the endpoint.
        format_: a key of `kg.stores.results.TRIPLES`.
        graphs: the IRIs of the named graphs.
    """
    from pyoxigraph import NamedNode, Triple

    from kg.stores.results import TRIPLES, serialize

    service, dataset, graph = (NamedNode(url + suffix) for suffix in ("", "#dataset", "#graph"))
    rows = [
        (service, RDF + "type", SD + "Service"),
        (service, SD + "endpoint", url),
        (service, SD + "supportedLanguage", SD + "SPARQL11Query"),
        (service, SD + "defaultDataset", dataset.value),
        (dataset, RDF + "type", SD + "Dataset"),
        (dataset, SD + "defaultGraph", graph.value),
        (graph, RDF + "type", SD + "Graph"),
        *(
            row
            for name in graphs
            for row in (
                (dataset, SD + "namedGraph", name),
                (NamedNode(name), RDF + "type", SD + "NamedGraph"),
                (NamedNode(name), SD + "name", name),
            )
        ),
        *((service, SD + "resultFormat", FORMATS + name) for name in RESULTS),
    ]
    triples = [Triple(subject, NamedNode(predicate), NamedNode(value)) for subject, predicate, value in rows]
    return serialize(triples, TRIPLES[format_], {**PREFIXES, "sd": SD, "format": FORMATS})
