"""Connected components by alternating large-star and small-star.

R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi, S. Vassilvitskii: Connected Components in MapReduce and Beyond, SoCC
2014 (https://doi.org/10.1145/2670979.2670997). Each step is one shuffle of the edges by one of their ends; at worst
their number is about the square of the logarithm of the number of nodes, in practice a handful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.cluster.flow import Flow

_META = pd.DataFrame({"node": pd.Series(dtype="uint64"), "other": pd.Series(dtype="uint64")})


def components(flow: Flow, tables: Iterable[str], more: Iterable[tuple[int, int]] = ()) -> Any:
    """The component of each node of a graph.

    Args:
        flow: does the work.
        tables: of edges between a `node` and an `other`, in either direction; one without any has one to itself.
        more: more edges.

    Returns:
        A Dask dataframe with one edge from each node, to the least node of its component.
    """
    import dask.dataframe as dd

    def shuffled(edges: Any, by: list[str], step: Callable[[pd.DataFrame], pd.DataFrame]) -> Any:
        return (edges.shuffle(by) if edges.npartitions > 1 else edges).map_partitions(step, meta=_META)

    own = dd.from_pandas(pd.DataFrame(list(more) or None, columns=_META.columns, dtype="uint64"), npartitions=1)
    frames = [*map(flow.table, tables), own]
    edges = dd.concat(frames).repartition(npartitions=max(frame.npartitions for frame in frames))
    before = None
    while True:
        edges = shuffled(edges.map_partitions(_both_ways, meta=_META), ["node"], large_star)
        edges = shuffled(edges, ["node"], small_star)
        edges = shuffled(edges, ["node", "other"], pd.DataFrame.drop_duplicates).persist()
        # A sum of hashes identifies a set of edges in any order.
        hashes = edges.map_partitions(pd.util.hash_pandas_object, index=False, meta=pd.Series(dtype="uint64"))
        (after,) = flow.compute("components", [hashes.sum()])
        if after == before:
            return edges
        before = after


def _both_ways(edges: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([edges, _edges(edges["other"], edges["node"])])


def large_star(edges: pd.DataFrame) -> pd.DataFrame:
    """Connect the larger neighbours of each node, and a node to itself, with the least of it and its neighbours.

    Edges are given both ways, and go from larger to smaller nodes afterwards.
    """
    least = edges.groupby("node")["other"].transform("min")
    least = least.where(least < edges["node"], edges["node"])
    larger = edges["other"] >= edges["node"]
    return _edges(edges["other"][larger], least[larger])


def small_star(edges: pd.DataFrame) -> pd.DataFrame:
    """Connect each node and its smaller neighbours with the least of these, which is connected with itself."""
    least = edges.groupby("node")["other"].transform("min")
    return pd.concat([_edges(edges["node"], least), _edges(edges["other"], least)]).drop_duplicates()


def _edges(node: Any, other: Any) -> pd.DataFrame:
    return pd.DataFrame({"node": node.to_numpy(), "other": other.to_numpy()}).drop_duplicates()
