"""The named graphs of a build, found again in a file that has none (Turtle, N-Triples, RDF/XML, JSON-LD).

Which graph a statement is from follows from the statement and from what is said of its subject, because every graph
describes one post, or the entities, or the vocabulary: see `kg.rdf.statements`.
"""

from typing import cast

import pyoxigraph as ox

from kg.namespaces import DCTERMS, KG, OWL, RDF, SKOS, VOID

_BASE = f"SELECT ?base {{ ?whole a <{VOID}Dataset> ; <{VOID}uriSpace> ?base ; <{KG}builtWith> ?program }}"
_PREFIXES = f"PREFIX rdf: <{RDF}> PREFIX dcterms: <{DCTERMS}> PREFIX skos: <{SKOS}> PREFIX kg: <{KG}> "
_GRAPH_OF_POST = (
    'FILTER(STRSTARTS(STR(?post), "BASEpost/")) BIND(IRI(CONCAT("BASEgraph/", STRAFTER(STR(?post), "BASE"))) AS ?g)'
)
_OF_POSTS = (
    "BIND(?s AS ?post)",  # the post itself
    "?s dcterms:isReplacedBy ?post .",  # a former IRI
    "?s a rdf:Statement ; rdf:subject ?post .",
    "?s a kg:Definition ; dcterms:source ?post .",
)
_VOCABULARY = (
    f"<{OWL}Ontology> <{OWL}Class> <{OWL}ObjectProperty> <{OWL}DatatypeProperty> <{RDF}Property> "
    f"<{SKOS}ConceptScheme> <{VOID}Dataset>"
)


def base_of(store: ox.Store) -> str | None:
    """The base of the site whose graph is in a store, if a build of ours is in it."""
    bases = [row["base"].value for row in cast("ox.QuerySolutions", store.query(_BASE))]
    if len(bases) != 1:
        return None
    try:
        ox.NamedNode(bases[0])  # no IRI can end the text that it is put into
    except ValueError:
        return None
    return str(bases[0])


def sort_into_graphs(store: ox.Store) -> None:
    """Put every statement of the default graph into its named graph as well, if a build of ours is in it."""
    base = base_of(store)
    if base is None:
        return
    of_post = _GRAPH_OF_POST.replace("BASE", base)
    graph = f"{base}graph/"
    for subjects in _OF_POSTS:
        where = (
            f"?s ?p ?o . {subjects} {of_post}" if subjects.startswith("BIND") else f"{subjects} ?s ?p ?o . {of_post}"
        )
        store.update(f"{_PREFIXES} INSERT {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ {where} }}")
    store.update(
        f"{_PREFIXES} INSERT {{ GRAPH ?g {{ ?s skos:definition ?o }} }} WHERE {{ "
        f"?d a kg:Definition ; kg:defines ?s ; kg:definitionText ?o ; dcterms:source ?post . {of_post} }}"
    )
    store.update(
        f'INSERT {{ GRAPH ?s {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{graph}post/")) }}'
    )
    vocabulary, entities = (ox.NamedNode(f"{graph}{name}") for name in ("vocabulary", "entities"))
    absent = "FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }"
    for name, which in ((vocabulary, f"VALUES ?c {{ {_VOCABULARY} }} ?s a ?c ."), (entities, "")):
        store.update(f"INSERT {{ GRAPH {name} {{ ?s ?p ?o }} }} WHERE {{ {which} ?s ?p ?o {absent} }}")
