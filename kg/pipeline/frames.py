"""A graph as tables of pandas (https://pandas.pydata.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import needing
from kg.graph.model import edge_properties, typed_properties, value_types

if TYPE_CHECKING:
    import pandas as pd

    from kg.graph.model import KnowledgeGraph


_DTYPES = {"boolean": "boolean", "long": "Int64", "double": "Float64"}
"""Types of pandas that know cells without a value."""


class Frames(NamedTuple):
    """The tables of one graph."""

    nodes: pd.DataFrame
    """One row a node, with its IRI as index, and the columns that `kg.graph.model.typed_properties` names."""
    edges: pd.DataFrame
    """`source`, `target`, `relation`, `field`, `line`, `confidence`."""
    posts: pd.DataFrame
    """The rows of `nodes` that are posts, without empty columns; columns of dates are times in UTC."""


def frames(graph: KnowledgeGraph) -> Frames:
    """Make the tables.

    Raises:
        ConfigError: pandas is not installed.
    """
    with needing("pandas", "to_pandas"):
        import pandas as pd

    rows = [typed_properties(graph, node) for node in graph.nodes.values()]
    nodes = pd.DataFrame(rows, index=pd.Index(map(str, graph.nodes), name="iri", dtype=object), dtype=object)
    types = value_types(graph)
    nodes = nodes.astype({name: _DTYPES[types[name]] for name in nodes if types.get(name) in _DTYPES})
    named = ["source", "target", "relation", "field", "line", "confidence"]
    edges = pd.DataFrame(
        [{"source": str(edge.source), "target": str(edge.target), **edge_properties(edge)} for edge in graph.edges],
        columns=named,
    )
    posts = nodes[nodes["kind"] == "post"].dropna(axis="columns", how="all") if len(nodes) else nodes
    dates = {"datePublished", *(name for name, type_ in types.items() if type_ in ("date", "dateTime"))}
    for name in sorted(dates & set(posts)):
        posts = posts.assign(**{name: pd.to_datetime(posts[name], format="ISO8601", utc=True, errors="coerce")})
    return Frames(nodes, edges, posts)
