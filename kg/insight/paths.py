"""How two nodes are connected: the strongest paths between them.

A path through something rare says more than one through what everything is linked to. So a step costs 1, and each inner
node adds the logarithm of its degree; the cheapest path is found by Dijkstra's algorithm
(https://doi.org/10.1007/BF01386390). Each further path avoids the inner nodes of those before it. Every step is
proven by the edges that make it, with field and line.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import log
from typing import NamedTuple

from kg.graph.model import Derived, KnowledgeGraph
from kg.insight.incidence import day_of, within
from kg.model import IRI, Edge
from kg.namespaces import SCHEMA

CREDITS = frozenset({SCHEMA + "author", SCHEMA + "contributor"})
"""Predicates that tie everything to its author; no path uses them unless it begins or ends there."""
LONGEST = 8
"""Steps of a path; a longer one connects nothing."""


class GraphPath(NamedTuple):
    """One path between two nodes."""

    nodes: tuple[IRI, ...]
    """From one to the other, both included."""
    proof: tuple[tuple[Edge, ...], ...]
    """For each step, the edges that make it, in either direction."""
    cost: float
    """The lower, the stronger."""


def ways(
    graph: KnowledgeGraph, start: IRI, end: IRI, *, limit: int = 3, shortest: bool = False, avoid: Container[IRI] = ()
) -> list[GraphPath]:
    """The strongest paths between two nodes, the strongest first; none if they are not connected.

    Args:
        graph: the graph.
        start: a node of it.
        end: another.
        limit: how many paths at most, 0 for all; no two share an inner node.
        shortest: whether only the number of steps counts.
        avoid: nodes that no path may pass through; it may begin and end at one.

    Raises:
        KeyError: the graph has no such node.
    """
    for iri in (start, end):
        graph.nodes[iri]
    near = dict(_neighbours(graph))
    for edge in graph.edges:
        if edge.predicate in CREDITS and edge.target in (start, end):
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                near[one] = near.get(one, set()) | {other}
    # From the one with fewer neighbours, where the search ends sooner; so A to B is B to A, turned round.
    turned = (len(near.get(end, ())), end) < (len(near.get(start, ())), start)
    if turned:
        start, end = end, start
    found: list[tuple[float, tuple[IRI, ...]]] = []
    closed: set[IRI] = set()
    while start != end and (not limit or len(found) < limit):
        way = _cheapest(near, start, end, closed, avoid, shortest=shortest)
        if way is None:
            break
        found.append(way)
        closed.update(way[1][1:-1])
        if len(way[1]) == 2:
            near[start] = near[start] - {end}  # said once
    if turned:
        found = [(cost, nodes[::-1]) for cost, nodes in found]
    proof = _proof(graph, found, {start, end})
    return [GraphPath(nodes, tuple(proof[step] for step in pairwise(nodes)), cost) for cost, nodes in found]


def left_out(graph: KnowledgeGraph, kind: str = "", since: str = "", until: str = "") -> frozenset[IRI]:
    """The nodes that paths have to `avoid`: posts of other days, and things of other kinds."""
    if not (kind or since or until):
        return frozenset()
    return frozenset(
        node.iri
        for node in graph.nodes.values()
        if not (within(day_of(node), since, until) if node.kind == "post" else node.is_a((kind,) if kind else ()))
    )


def _proof(
    graph: KnowledgeGraph, found: Sequence[tuple[float, tuple[IRI, ...]]], ends: Container[IRI]
) -> dict[tuple[IRI, IRI], tuple[Edge, ...]]:
    """Each step of some paths → the edges that make it, in either direction."""
    edges: dict[tuple[IRI, IRI], list[Edge]] = {step: [] for _cost, nodes in found for step in pairwise(nodes)}
    for edge in graph.edges:
        if edge.predicate not in CREDITS or edge.target in ends:
            for step in ((edge.source, edge.target), (edge.target, edge.source)):
                if step in edges:
                    edges[step].append(edge)
    return {step: tuple(made_of) for step, made_of in edges.items()}


@Derived
def _neighbours(graph: KnowledgeGraph) -> dict[IRI, set[IRI]]:
    """IRI of a node → its neighbours, without authors."""
    near: dict[IRI, set[IRI]] = {}
    for edge in graph.edges:
        if edge.source != edge.target and edge.predicate not in CREDITS:
            near.setdefault(edge.source, set()).add(edge.target)
            near.setdefault(edge.target, set()).add(edge.source)
    return near


def _cheapest(
    neighbours: Mapping[IRI, Collection[IRI]],
    start: IRI,
    end: IRI,
    closed: set[IRI],
    avoid: Container[IRI],
    *,
    shortest: bool,
) -> tuple[float, tuple[IRI, ...]] | None:
    """The cheapest path, and its cost; of several, the one whose IRIs come first."""
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
        for near in neighbours.get(iri, ()):
            if near in came_from or near in closed or (near in avoid and near != end):
                continue
            reached = cost + 1 + (0.0 if shortest or near == end else log(1 + len(neighbours[near])))
            if reached <= best.get(near, reached):
                best[near] = reached
                heappush(queue, (reached, steps + 1, near, iri))
    return None
