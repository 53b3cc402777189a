"""The rival: python-frontmatter, networkx and rdflib used the way their documentation shows, with no code of `kg`.

    python -m benchmarks.straight CONTENT OUTPUT

It reads every post, makes one node per (field, name), links them, and writes graph.graphml and graph.ttl.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

import frontmatter
import networkx as nx
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS, SDO, SKOS

BASE = "https://kg.example/"
NAMES = {
    "people": ("person", SDO.mentions, SDO.Person),
    "companies_orgs": ("organization", SDO.mentions, SDO.Organization),
    "products_models": ("product", SDO.mentions, SDO.Product),
    "media_books": ("work", SDO.citation, SDO.CreativeWork),
    "tags": ("tag", SDO.keywords, SKOS.Concept),
    "category": ("category", DCTERMS.subject, SKOS.Concept),
    "area": ("area", DCTERMS.subject, SKOS.Concept),
    "project": ("project", SDO.isPartOf, SDO.Project),
    "series": ("series", SDO.isPartOf, SDO.CreativeWorkSeries),
    "author": ("person", SDO.author, SDO.Person),
    "speaker": ("person", SDO.contributor, SDO.Person),
    "guest": ("person", SDO.contributor, SDO.Person),
    "host": ("person", SDO.contributor, SDO.Person),
}


def main(content: Path, output: Path) -> None:
    graph = nx.MultiDiGraph()
    triples = rdflib.Graph()
    for path in sorted(content.rglob("*.md")):
        try:
            post = frontmatter.load(str(path))
        except Exception as error:  # noqa: BLE001  the rival loses what its parser cannot read
            print(f"{path}: {error}", file=sys.stderr)
            continue
        node = rdflib.URIRef(BASE + "post/" + quote(path.relative_to(content).as_posix()))
        literals = {
            key: str(value) for key, value in post.metadata.items() if key not in NAMES and value not in (None, "", [])
        }
        graph.add_node(str(node), label=str(post.get("title") or path.stem), kind="post", **literals)
        triples.add((node, RDF.type, SDO.BlogPosting))
        triples.add((node, RDFS.label, rdflib.Literal(str(post.get("title") or path.stem))))
        for key, value in literals.items():
            triples.add((node, rdflib.URIRef(BASE + "field/" + quote(key)), rdflib.Literal(value)))
        for key, (kind, predicate, rdf_class) in NAMES.items():
            values = post.get(key) or []
            for name in [values] if isinstance(values, str) else values:
                entity = rdflib.URIRef(BASE + kind + "/" + quote(str(name).strip().lower().replace(" ", "_")))
                graph.add_node(str(entity), label=str(name), kind=kind)
                graph.add_edge(str(node), str(entity), relation=key)
                triples.add((entity, RDF.type, rdf_class))
                triples.add((entity, RDFS.label, rdflib.Literal(str(name))))
                triples.add((node, predicate, entity))
    output.mkdir(parents=True, exist_ok=True)
    nx.write_graphml(graph, output / "graph.graphml")
    triples.serialize(output / "graph.ttl", format="turtle")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
