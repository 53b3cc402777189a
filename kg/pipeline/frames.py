"""A graph as tables of pandas (https://pandas.pydata.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import needing
from kg.graph.model import edge_properties, properties

if TYPE_CHECKING:
    import pandas as pd

    from kg.graph.model import KnowledgeGraph


class Frames(NamedTuple):
    """The tables of one graph."""

    nodes: pd.DataFrame
    """One row a node, with its IRI as index, and the columns that `kg.graph.model.properties` names."""
    edges: pd.DataFrame
    """`source`, `target`, `relation`, `field`, `line`, `confidence`."""
    posts: pd.DataFrame
    """The rows of `nodes` that are posts, without empty columns; `datePublished` is a time in UTC."""


def frames(graph: KnowledgeGraph) -> Frames:
    """Make the tables.

    Raises:
        ConfigError: pandas is not installed.
    """
    with needing("pandas", "to_pandas"):
        import pandas as pd

    rows = [properties(node) for node in graph.nodes.values()]
    nodes = pd.DataFrame(rows, index=pd.Index(map(str, graph.nodes), name="iri", dtype=object), dtype=object)
    named = ["source", "target", "relation", "field", "line", "confidence"]
    edges = pd.DataFrame(
        [{"source": str(edge.source), "target": str(edge.target), **edge_properties(edge)} for edge in graph.edges],
        columns=named,
    )
    posts = nodes[nodes["kind"] == "post"].dropna(axis="columns", how="all") if len(nodes) else nodes
    if "datePublished" in posts:
        dates = pd.to_datetime(posts["datePublished"], format="ISO8601", utc=True, errors="coerce")
        posts = posts.assign(datePublished=dates)
    return Frames(nodes, edges, posts)
