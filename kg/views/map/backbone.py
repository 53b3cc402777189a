"""The backbone of a graph: which things go together, and how surely.

Two nodes are tied if posts name both more often than by chance, by the log-likelihood ratio G² of
`kg.insight.relatedness`; what lies below `SURE` is left out. Of the rest every node keeps its strongest few, as the
disparity filter does (Serrano et al. 2009, doi:10.1073/pnas.0808904106): so the ties of hubs do not drown all others.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, diags, triu

from kg.graph.model import KnowledgeGraph
from kg.insight.relatedness import g_squared
from kg.insight.topology import Floats, Integers, edge_ends

SURE = 10.83
"""G² that chance exceeds once in a thousand times (χ² with one degree of freedom)."""
STRONGEST = 4
"""Number of ties that every node keeps; it may have more, which their other ends keep."""
MOST = 12_000
"""Maximum number of ties in a graph: those whose less frequent end is named most often."""
PAIRS = 12_000_000
"""Maximum number of pairs that are counted. Posts that name the most are left out first: a list of everything ties
nothing."""
FEW = 500
"""Up to this many nodes, one shared post makes a tie; in a larger graph it takes two."""


class Backbone(NamedTuple):
    """Ties between nodes, those of the most important first: a prefix is the backbone of a smaller map."""

    ends: Integers
    """int64, shape (k, 2): the smaller index first."""
    posts: Integers
    """int64, shape (k,): how many posts name both."""
    strengths: Floats
    """float64, shape (k,): G²."""


def backbone(graph: KnowledgeGraph) -> Backbone:
    """The backbone of a graph; nodes in its order.

    A post names what it links to; where others link to it, also itself: so notes that link to each other, or are linked
    from the same ones, are tied as well.
    """
    posts = np.array([number for number, node in enumerate(graph.nodes.values()) if node.kind == "post"], np.int64)
    return ties(len(graph.nodes), posts, *edge_ends(graph).T)


def ties(n: int, posts: Integers, source: Integers, target: Integers) -> Backbone:
    """The backbone of n nodes.

    Args:
        n: how many nodes there are.
        posts: which of them are posts.
        source: where each edge begins; those that begin elsewhere than at a post are not looked at.
        target: where each edge ends.
    """
    least = 1 if n <= FEW else 2
    table, total = _table(n, posts, source, target, least)
    named = np.asarray(table.sum(axis=0)).ravel()
    both = triu(table.T @ table, k=1).tocoo()
    kept = both.data >= least
    a, b, shared = both.row[kept].astype(np.int64), both.col[kept].astype(np.int64), both.data[kept].astype(np.int64)
    strength = g_squared(shared, named[a], named[b], total)
    sure = strength > (SURE if n > FEW else 1e-6)
    a, b, shared, strength = a[sure], b[sure], shared[sure], strength[sure]
    wanted = _place(a, b, strength, n)
    wanted = np.minimum(wanted, _place(b, a, strength, n)) < STRONGEST
    a, b, shared, strength = a[wanted], b[wanted], shared[wanted], strength[wanted]
    order = np.lexsort((b, a, -strength, -np.minimum(named[a], named[b])))[:MOST]
    return Backbone(np.stack([a[order], b[order]], axis=1), shared[order], strength[order])


def _table(n: int, posts: Integers, source: Integers, target: Integers, least: int) -> tuple[csr_matrix, int]:
    """Which post names which node, int32 of shape (posts, n), without what can have no tie; and the number of posts."""
    row = np.full(n, -1)
    row[posts] = np.arange(len(posts))
    from_posts = (row[source] >= 0) & (source != target)
    linked = posts[np.isin(posts, target[from_posts])]
    rows, columns = np.concatenate([row[source[from_posts]], row[linked]]), np.concatenate([target[from_posts], linked])
    table = csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape=(len(posts), n))
    table.data[:] = 1  # a post may name a node by several of its fields
    named = np.asarray(table.sum(axis=0)).ravel()
    table = table @ diags((named >= least).astype(np.int32), dtype=np.int32)
    table.eliminate_zeros()
    sizes = np.diff(table.indptr).astype(np.int64)
    order = np.argsort(sizes, kind="stable")
    enough = np.zeros(len(posts), np.int32)
    enough[order[np.cumsum(sizes[order] ** 2) <= PAIRS]] = 1
    return (diags(enough, dtype=np.int32) @ table).tocsr(), len(posts)


def _place(those: Integers, others: Integers, strength: Floats, n: int) -> Integers:
    """The rank of each tie among those of the node at one of its ends; 0 is the strongest."""
    order = np.lexsort((others, -strength, those))
    counts = np.bincount(those, minlength=n)
    place = np.empty(len(those), np.int64)
    place[order] = np.arange(len(those)) - np.repeat(np.cumsum(counts) - counts, counts)
    return place
