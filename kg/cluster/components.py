"""Connected components by large-star and small-star in turn.

R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi, S. Vassilvitskii: Connected Components in MapReduce and Beyond, SoCC
2014 (https://doi.org/10.1145/2670979.2670997). Each step is one shuffle of the edges by one of their ends; the number of
steps grows with the square of the logarithm of the nodes at most, and is a handful in practice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.cluster.flow import Flow
    from kg.cluster.workers import Cluster

EDGES = pa.schema([("node", pa.uint64()), ("other", pa.uint64())])
PER_PARTITION = 1 << 18
"""Edges; fewer of them are not worth a shuffle."""
META = pd.DataFrame({"node": pd.Series(dtype="uint64"), "other": pd.Series(dtype="uint64")})


def large_star(edges: pd.DataFrame) -> pd.DataFrame:
    """Connect each larger neighbour of a node with the least of the node and its neighbours.

    `edges` are given in both directions, and all those of a node are there.
    """
    least = edges.groupby("node")["other"].transform("min")
    least = least.where(least < edges["node"], edges["node"])
    larger = edges["other"] > edges["node"]
    return _edges(edges["other"][larger], least[larger])


def small_star(edges: pd.DataFrame) -> pd.DataFrame:
    """Connect a node, and each smaller neighbour of it, with the least of these; edges go from larger to smaller."""
    least = edges.groupby("node")["other"].transform("min")
    own = _edges(edges["node"], least)
    others = _edges(edges["other"], least)
    return pd.concat([own, others[others["node"] != others["other"]]]).drop_duplicates()


def _edges(node: Any, other: Any) -> pd.DataFrame:
    return pd.DataFrame({"node": node.to_numpy(), "other": other.to_numpy()}).drop_duplicates()


def find_components(flow: Flow, table: str, count: int, more: Sequence[tuple[int, int]] = ()) -> Any:
    """The components that the edges in a table, so many of them, make with some more edges."""
    import dask.dataframe as dd

    edges = dd.from_pandas(pd.DataFrame(more or None, columns=list(META.columns), dtype="uint64"), npartitions=1)
    if count:
        edges = dd.concat([flow.table(table), edges])
    return components(flow.cluster, edges.repartition(npartitions=min(flow.parts, -(-(count + 1) // PER_PARTITION))))


def components(cluster: Cluster, edges: Any) -> Any:
    """The component of each node that has an edge.

    Args:
        cluster: who does the work.
        edges: a Dask dataframe of `META`, each edge in any direction, of two different nodes.

    Returns:
        A Dask dataframe, too: from each node but the least of its component, to that one.
    """
    def both(edges: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([edges, edges.rename(columns={"node": "other", "other": "node"})[["node", "other"]]])

    def together(edges: Any, by: str | list[str], step: Any) -> Any:
        if edges.npartitions > 1:
            edges = edges.shuffle(by, shuffle_method=cluster.shuffle_method)
        return edges.map_partitions(step, meta=META)

    before = None
    while True:
        edges = together(edges.map_partitions(both, meta=META), "node", large_star)
        edges = together(edges, "node", small_star)  # large-star leaves them from larger to smaller
        edges = cluster.persist(together(edges, ["node", "other"], pd.DataFrame.drop_duplicates))
        marks = edges.map_partitions(_mark, meta=pd.DataFrame({"mark": pd.Series(dtype="uint64")}))
        (after,) = cluster.compute("components", [marks["mark"].sum()])
        if after == before:
            return edges
        before = after


def _mark(edges: pd.DataFrame) -> pd.DataFrame:
    """A number that stands for a set of edges: a sum, so that their order is nothing to it."""
    hashed = pd.util.hash_pandas_object(edges, index=False).to_numpy()
    return pd.DataFrame({"mark": [hashed.sum(dtype="uint64")]})

