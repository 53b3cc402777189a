"""The peculiarities of triple stores: the paths of their services, and their limits.

All speak SPARQL 1.1 (https://www.w3.org/TR/sparql11-protocol/); most also the Graph Store Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/). A store that is not in the table is described by `--query-url`,
`--update-url` and `--graph-store-url`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One kind of store. Paths are appended to ENDPOINT."""

    title: str
    endpoint: str
    """An example of an ENDPOINT."""
    query: str
    update: str = ""
    """"" if it takes no SPARQL Update."""
    graph_store: str = ""
    """"" if it has no Graph Store Protocol."""
    bulk: str = ""
    """The path to which N-Quads can be posted, to be added to the dataset; "" if there is none."""
    writes_by: str = "update"
    """`update`: many graphs in one SPARQL Update, one transaction; `graph-store`: one PUT for each graph. Of a large
    graph that changed, single triples are deleted and inserted by SPARQL Update either way."""
    batch: int = 20_000
    """Triples in one update, at most."""
    bulk_batch: int = 20_000
    """Triples in one request to `bulk`, at most."""
    page: int = 5_000
    """Rows to ask for at a time, because stores cut long answers short without saying so (Virtuoso at 10,000 rows);
    0 if an answer is known to come whole."""
    body: int = 64 << 20
    """Bytes of one request to the Graph Store, at most; a larger graph is sent in parts. A store that asks for a
    password may close the door while a large body is still on its way."""
    form_only: bool = False
    """Whether queries and updates must be sent as forms, because direct POST does not work."""
    signs: str
    """A pattern that finds the store's name in its headers or its description; stores built on another come first."""
    notes: str = ""
    """What users need to know."""
    tested: bool = False
    """Whether the project's own tests run against it."""


PRESETS: dict[str, Preset] = {
    "oxigraph": Preset(
        title="Oxigraph",
        signs="oxigraph",
        endpoint="http://127.0.0.1:7878",
        query="/query",
        update="/update",
        graph_store="/store",
        # Without a transaction it takes a third of the time. What is cut off in the middle is found by its count.
        bulk="/store?no_transaction",
        bulk_batch=200_000,
        page=0,
        notes="`oxigraph serve --location DIR`; it has no authentication, so keep it on loopback.",
        tested=True,
    ),
    "fuseki": Preset(
        title="Apache Jena Fuseki",
        signs=r"fuseki|jena\.apache",
        endpoint="http://127.0.0.1:3030/DATASET",
        query="/query",
        update="/update",
        graph_store="/data",
        bulk="/data",
        notes="The dataset must exist and be writable (`--update` or the administration page).",
    ),
    "graphdb": Preset(
        title="Ontotext GraphDB",
        signs="graphdb|ontotext",
        endpoint="http://127.0.0.1:7200/repositories/REPOSITORY",
        query="",
        update="/statements",
        graph_store="/rdf-graphs/service",
        bulk="/statements",
        notes="Choose a repository without inference, or counts will differ from the posts.",
    ),
    "rdf4j": Preset(
        title="Eclipse RDF4J",
        signs="rdf4j",
        endpoint="http://127.0.0.1:8080/rdf4j-server/repositories/REPOSITORY",
        query="",
        update="/statements",
        graph_store="/rdf-graphs/service",
        bulk="/statements",
    ),
    "virtuoso": Preset(
        title="Virtuoso",
        signs="virtuoso|openlinksw",
        endpoint="http://127.0.0.1:8890",
        query="/sparql",
        update="/sparql-auth",
        graph_store="/sparql-graph-crud-auth",
        writes_by="graph-store",
        batch=1_000,
        body=1 << 20,
        form_only=True,
        notes="Set KG_STORE_USER and KG_STORE_PASSWORD: writing needs a user with SPARQL_UPDATE, over Digest.",
        tested=True,
    ),
    "qlever": Preset(
        title="QLever",
        signs="qlever",
        endpoint="http://127.0.0.1:7001",
        query="",
        update="",
        notes="QLever takes updates at its query address; set KG_STORE_TOKEN to its access token.",
    ),
    "blazegraph": Preset(
        title="Blazegraph",
        signs=r"blazegraph|bigdata\.com",
        endpoint="http://127.0.0.1:9999/blazegraph/namespace/NAMESPACE",
        query="/sparql",
        update="/sparql",
        notes="The namespace must be in quads mode.",
    ),
    "stardog": Preset(
        title="Stardog",
        signs="stardog",
        endpoint="http://127.0.0.1:5820/DATABASE",
        query="/query",
        update="/update",
        graph_store="",
        notes="Query all named graphs with `FROM <tag:stardog:api:context:all>` or set `query.all.graphs`.",
    ),
    "neptune": Preset(
        title="Amazon Neptune",
        signs="neptune",
        endpoint="https://HOST:8182",
        query="/sparql",
        update="/sparql",
        graph_store="/sparql/gsp/",
        notes="IAM authentication needs signed requests, which kg does not make; allow access by network instead.",
    ),
}
"""By name, as `kg load --preset` takes it."""
