"""How two nodes are connected: the strongest paths between them.

A path through something rare says more than one through what everything is linked to. So a step costs 1, and each inner
node adds the logarithm of its degree; the cheapest path is found by Dijkstra's algorithm
(https://doi.org/10.1007/BF01386390). Each further path avoids the inner nodes of those before it. Every step is
proven by the edges that make it, with field and line.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from math import log
from typing import NamedTuple

from kg.fields import AUTHOR
from kg.graph.model import Derived, KnowledgeGraph
from kg.graph.saved import columns_of, edges_from, of_kind, posts_of
from kg.insight.days import day_of, within
from kg.model import IRI, Edge
from kg.namespaces import SCHEMA

CREDITS = frozenset({AUTHOR, SCHEMA + "contributor"})
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
    iris = columns_of(graph).iris
    ends = {bisect_left(iris, iri) for iri in (start, end)}
    near = dict(_neighbours(graph))
    for one, other in _ends(graph, credits=True):
        if other in ends:
            near[one], near[other] = near.get(one, set()) | {other}, near.get(other, set()) | {one}
    # From the one with fewer neighbours, where the search ends sooner; so A to B is B to A, turned round.
    first, last = sorted(ends, key=lambda number: (len(near.get(number, ())), number)) if len(ends) == 2 else (0, 0)
    found: list[tuple[float, tuple[IRI, ...]]] = []
    closed = {number for number, iri in enumerate(iris) if iri in avoid} - ends
    while first != last and (not limit or len(found) < limit):
        way = _cheapest(near, first, last, closed, shortest=shortest)
        if way is None:
            break
        cost, numbers = way
        closed.update(numbers[1:-1])
        if len(numbers) == 2:
            near[first] = near[first] - {last}  # said once
        nodes = tuple(iris[number] for number in numbers)
        found.append((cost, nodes if nodes[0] == start else nodes[::-1]))
    proof = _proof(graph, found, {start, end})
    return [GraphPath(nodes, tuple(proof[step] for step in pairwise(nodes)), cost) for cost, nodes in found]


def left_out(graph: KnowledgeGraph, kind: str = "", since: str = "", until: str = "") -> frozenset[IRI]:
    """The nodes that paths have to `avoid`: posts of other days, and things of other kinds."""
    if not (kind or since or until):
        return frozenset()
    known = columns_of(graph)
    others = set(range(len(known.iris))).difference(of_kind(known, kind)) if kind else ()
    things = {known.iris[number] for number in others if known.kinds[number] != "post"}
    return frozenset(things.union(post.iri for post in posts_of(graph) if not within(day_of(post), since, until)))


def _proof(
    graph: KnowledgeGraph, found: Sequence[tuple[float, tuple[IRI, ...]]], ends: Container[IRI]
) -> dict[tuple[IRI, IRI], tuple[Edge, ...]]:
    """Each step of some paths → the edges that make it, in either direction."""
    edges: dict[tuple[IRI, IRI], list[Edge]] = {step: [] for _cost, nodes in found for step in pairwise(nodes)}
    for edge in edges_from(graph, {iri for step in edges for iri in step}):
        if edge.predicate not in CREDITS or edge.target in ends:
            for step in ((edge.source, edge.target), (edge.target, edge.source)):
                if step in edges:
                    edges[step].append(edge)
    return {step: tuple(made_of) for step, made_of in edges.items()}


@Derived
def _neighbours(graph: KnowledgeGraph) -> dict[int, set[int]]:
    """Number of a node → its neighbours, without authors."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for source, target in _ends(graph, credits=False):
        if source != target:
            near[source].add(target)
            near[target].add(source)
    return near


def _ends(graph: KnowledgeGraph, *, credits: bool) -> Iterator[tuple[int, int]]:  # noqa: A002
    """The numbers of both ends of each edge that ties something to its author, or of all others."""
    known = columns_of(graph)
    wanted = [(predicate in CREDITS) is credits for predicate in known.predicates]
    ends = zip(known.sources(), known.targets, known.relations, strict=True)
    return ((source, target) for source, target, relation in ends if wanted[relation])


def _cheapest(
    neighbours: Mapping[int, Collection[int]], start: int, end: int, closed: Container[int], *, shortest: bool
) -> tuple[float, tuple[int, ...]] | None:
    """The cheapest path, and its cost; of several, the one whose IRIs come first."""
    queue: list[tuple[float, int, int, int | None]] = [(0.0, 0, start, None)]
    came_from: dict[int, int | None] = {}
    best: dict[int, float] = {}
    while queue:
        cost, steps, number, before = heappop(queue)
        if number in came_from:
            continue
        came_from[number] = before
        if number == end:
            nodes = [number]
            while (previous := came_from[nodes[-1]]) is not None:
                nodes.append(previous)
            return cost, tuple(reversed(nodes))
        if steps == LONGEST:
            continue
        for near in neighbours.get(number, ()):
            if near in came_from or near in closed:
                continue
            reached = cost + 1 + (0.0 if shortest or near == end else log(1 + len(neighbours[near])))
            if reached <= best.get(near, reached):
                best[near] = reached
                heappush(queue, (reached, steps + 1, near, number))
    return None
