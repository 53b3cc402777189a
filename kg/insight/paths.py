"""How two nodes are tied: the shortest ways between them, over what says most.

A way over something rare says more than one over what everything is linked to. So a step costs 1, and a node between
costs the logarithm of its degree besides; the cheapest way is found by Dijkstra's algorithm
(https://doi.org/10.1007/BF01386390). Each further way avoids the nodes that the ways before it went over. Every step is
proven by the edges that make it, with field and line.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI, Edge

CREDITS = frozenset({SCHEMA + "author", SCHEMA + "contributor"})
"""Predicates that tie everything to its writer; no way goes over them unless it begins or ends there."""
LONGEST = 8
"""Steps of a way; a longer one ties nothing."""


class GraphPath(NamedTuple):
    """One way between two nodes."""

    nodes: tuple[IRI, ...]
    """From the one to the other, both included."""
    proof: tuple[tuple[Edge, ...], ...]
    """For each step, the edges that make it, in either direction."""
    cost: float
    """Less is stronger."""


def ways(
    graph: KnowledgeGraph, start: IRI, end: IRI, *, limit: int = 3, shortest: bool = False, avoid: Container[IRI] = ()
) -> list[GraphPath]:
    """The strongest ways between two nodes, the strongest first; none where they are not tied.

    Args:
        graph: the graph.
        start: a node of it.
        end: another.
        limit: how many ways at most; no two share a node between.
        shortest: whether only the number of steps counts.
        avoid: nodes that no way goes over.

    Raises:
        KeyError: the graph has no such node.
    """
    for iri in (start, end):
        graph.nodes[iri]
    edges: dict[IRI, dict[IRI, list[Edge]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.edges:
        if edge.source == edge.target or (edge.predicate in CREDITS and edge.target not in (start, end)):
            continue
        edges[edge.source][edge.target].append(edge)
        edges[edge.target][edge.source].append(edge)
    toll = {iri: 0.0 if shortest else log(1 + len(near)) for iri, near in edges.items()}
    result: list[GraphPath] = []
    closed: set[IRI] = set()
    while len(result) < limit and start != end:
        found = _cheapest(edges, toll, start, end, closed, avoid)
        if found is None:
            break
        cost, nodes = found
        steps = list(pairwise(nodes))
        result.append(GraphPath(nodes, tuple(tuple(edges[a][b]) for a, b in steps), cost))
        closed.update(nodes[1:-1])
        if len(nodes) == 2:
            edges[start].pop(end)  # said once
            edges[end].pop(start)
    return result


def _cheapest(
    edges: Mapping[IRI, Mapping[IRI, Sequence[Edge]]],
    toll: Mapping[IRI, float],
    start: IRI,
    end: IRI,
    closed: set[IRI],
    avoid: Container[IRI],
) -> tuple[float, tuple[IRI, ...]] | None:
    """The cheapest way, and its cost; of several, the one whose IRIs come first."""
    queue: list[tuple[float, int, IRI, IRI | None]] = [(0.0, 0, start, None)]
    came_from: dict[IRI, IRI | None] = {}
    best: dict[IRI, float] = {}
    while queue:
        cost, steps, iri, before = heappop(queue)
        if iri in came_from:
            continue
        came_from[iri] = before
        if iri == end:
            nodes = [iri]
            while (previous := came_from[nodes[-1]]) is not None:
                nodes.append(previous)
            return cost, tuple(reversed(nodes))
        if steps == LONGEST:
            continue
        for near in edges.get(iri, ()):
            if near in came_from or near in closed or near in avoid:
                continue
            reached = cost + 1 + (toll[near] if near != end else 0.0)
            if reached <= best.get(near, reached):
                best[near] = reached
                heappush(queue, (reached, steps + 1, near, iri))
    return None
