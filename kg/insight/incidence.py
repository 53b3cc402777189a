"""Which post names which thing, as a matrix: the table from which every measure of this folder is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from kg.graph.model import KnowledgeGraph
from kg.graph.saved import by_number, columns_of, posts_of
from kg.insight.days import day_of, within
from kg.insight.topology import edge_ends
from kg.model import IRI, Node

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Incidence:
    """The posts of a graph, its nodes, and which post names or links to which node."""

    iris: Sequence[IRI]
    """The IRIs of all nodes, ascending; each node has a column of the matrix."""
    nodes: Sequence[Node]
    """All nodes in this order."""
    posts: Numbers
    """int64, shape (p,): the column of each post, ascending; each has a row of the matrix."""
    matrix: csr_matrix
    """int64 0 or 1, shape (p, n): whether a post names a node, or is that node."""
    days: tuple[str, ...]
    """The day of each post: see `day_of`."""

    @classmethod
    def of(cls, graph: KnowledgeGraph, *, since: str = "", until: str = "") -> "Incidence":
        """The matrix of a graph, or of the posts between two days, both included.

        >>> table = Incidence.of(kg.build("content").knowledge_graph, since="2026-06-01")  # doctest: +SKIP

        Args:
            graph: the graph.
            since: the first day, or a beginning of one: `2026`, `2026-06`. Undated posts are then left out.
            until: the last day, or a beginning of one.
        """
        nodes, iris = by_number(graph), list(graph.nodes)
        numbers = (number for number, kind in enumerate(columns_of(graph).kinds) if kind == "post")
        dated = list(zip(numbers, map(day_of, posts_of(graph)), strict=True))
        chosen = [(number, day) for number, day in dated if within(day, since, until)]
        posts = np.array([number for number, _day in chosen], np.int64)
        row = np.full(len(nodes), -1)
        row[posts] = np.arange(len(posts))
        sources, targets = edge_ends(graph).T
        rows, columns = np.append(row[sources], row[posts]), np.append(targets, posts)
        named = np.unique(rows[rows >= 0] * len(nodes) + columns[rows >= 0])
        rows, columns = np.divmod(named, max(len(nodes), 1))
        matrix = csr_matrix((np.ones(len(rows), np.int64), (rows, columns)), shape=(len(posts), len(nodes)))
        return cls(iris, nodes, posts, matrix, tuple(day for _number, day in chosen))

    @cached_property
    def counts(self) -> Numbers:
        """int64, shape (n,): how many posts name each node; a post counts itself."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    @cached_property
    def by_node(self) -> csr_matrix:
        """The transposed matrix: row of a node → the posts that name it."""
        return self.matrix.T.tocsr()

    @cached_property
    def column(self) -> dict[IRI, int]:
        """IRI of a node → its column."""
        return {iri: number for number, iri in enumerate(self.iris)}

    @cached_property
    def row(self) -> dict[IRI, int]:
        """IRI of a post → its row."""
        return {self.iris[number]: place for place, number in enumerate(self.posts.tolist())}

    def posts_of(self, iri: IRI) -> Numbers:
        """The rows of the posts that name a node, ascending; a post is not among its own."""
        number = self.column[iri]
        rows = self.by_node.indices[self.by_node.indptr[number] : self.by_node.indptr[number + 1]]
        return np.sort(rows[self.posts[rows] != number])
