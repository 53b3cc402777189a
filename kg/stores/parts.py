"""What a query can look at: parts of a graph, and subqueries that are asked first."""

from typing import NamedTuple

OF_CLASS, FEW = "class", "few"
"""What stands for a predicate in parts that hold all triples of the subjects of a class, and any few triples."""
FEW_TRIPLES = 1000
ANY, NAMES = "any", "names"
"""What stands for a graph: any named one; and each of them, of which a triple shows that it exists."""


class Part(NamedTuple):
    """The triples of one predicate; or, where that is "", all triples with one IRI as subject or object.

    All triples of one graph where nothing is given but that.
    """

    predicate: str
    """Or one of the above."""
    iri: str = ""
    """This IRI; of rdf:type, the class, or "" for all classes; of a class, this one, or "" for all.

    A class is also everything with one value of one predicate, as in `https://schema.org/name "Ada"@en`.
    """
    other: str = ""
    """Of a class: the class of the objects, or "" for all objects."""
    graph: str = ""
    """The IRI of the named graph that holds them, or one of the above; "" for the default graph, which holds all."""


class Subquery(NamedTuple):
    """A subquery that finds the same whenever it is asked of what it looks at."""

    text: str
    """SPARQL, with the declarations of the query around it."""
    variables: frozenset[str]
    """What it selects, as `?name`."""
    parts: frozenset[Part]
    """What it looks at."""
