"""Centrality: which nodes hold a graph together.

*Central* is PageRank (Brin and Page 1998, https://doi.org/10.1016/S0169-7552(98)00110-X) on the undirected graph: how
likely a reader who follows links at random, and starts again at one step in seven, is at each node. Things that tie
themes are found by `kg.insight.bridges`.
"""

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from kg.insight.incidence import Incidence, Numbers
from kg.model import Node

DAMPING = 0.85
_ROUNDS = 100
_CLOSE = 1e-10


def pagerank(adjacency: csr_matrix) -> Numbers:
    """The probability that a reader who follows links at random is at each node, float64 of shape (n,); the sum is 1.

    Args:
        adjacency: symmetric, weights of at least 0, shape (n, n).
    """
    n = adjacency.shape[0]
    if not n:
        return np.zeros(0)
    strength = np.asarray(adjacency.sum(axis=1)).ravel()
    share = np.divide(1.0, strength, out=np.zeros(n), where=strength > 0)
    rank = np.full(n, 1 / n)
    for _ in range(_ROUNDS):
        lost = rank[strength == 0].sum()
        fresh = DAMPING * (adjacency.T @ (rank * share) + lost / n) + (1 - DAMPING) / n
        if np.abs(fresh - rank).sum() < _CLOSE:
            break
        rank = fresh
    return np.asarray(rank)


def adjacency(table: Incidence) -> csr_matrix:
    """The undirected graph of a table, shape (n, n): 1 where a post names a node, 0 on the diagonal."""
    n = len(table.nodes)
    cells = table.matrix.tocoo()
    rows, columns = table.posts[cells.row], cells.col
    proper = rows != columns
    there, back = np.stack([rows[proper], columns[proper]]), np.stack([columns[proper], rows[proper]])
    ends = np.concatenate([there, back], axis=1)
    result = coo_matrix((np.ones(ends.shape[1]), ends), shape=(n, n)).tocsr()
    result.data[:] = 1  # a pair that links both ways counts once
    return result


def ranked(table: Incidence, *, kind: str = "", limit: int = 10) -> list[tuple[Node, float, int]]:
    """(node, its PageRank, how many posts name it), the most central first.

    Args:
        table: who names what.
        kind: only nodes of this kind; "" for all except posts.
        limit: how many at most; 0 for all.
    """
    scores = pagerank(adjacency(table)).tolist()
    found = [
        (-score, node.iri, number)
        for number, (node, score) in enumerate(zip(table.nodes, scores, strict=True))
        if table.counts[number] and node.is_a((kind,) if kind else ())
    ]
    found.sort()
    return [
        (table.nodes[number], -score, len(table.posts_of(table.nodes[number].iri)))
        for score, _iri, number in found[: limit or None]
    ]
