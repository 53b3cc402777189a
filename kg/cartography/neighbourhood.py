"""Parts of a graph that are small enough for one picture."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kg.cartography.map import chart
from kg.cartography.topology import Topology

if TYPE_CHECKING:
    from kg.cartography.topology import Integers
    from kg.graph import KnowledgeGraph
    from kg.model import IRI, Edge

MAX_NODES = 300
MAX_EDGES = 1_500


def best_connected(graph: KnowledgeGraph, *, nodes: int = MAX_NODES, edges: int = MAX_EDGES) -> KnowledgeGraph:
    """The best-connected nodes of every region of the map; a graph that is small enough stays whole.

    In each region the node that is linked least is taken away again and again (Batagelj and Zaveršnik 2003,
    arXiv:cs/0310049), until as many are left as the region's size entitles it to. Links to what everything is linked
    to count less.
    """
    if len(graph.nodes) <= nodes and len(graph.edges) <= edges:
        return graph
    topology = Topology.of(graph)
    membership = chart(graph).communities
    counts = np.bincount(membership)
    entitled = np.floor(nodes * np.cumsum(counts) / counts.sum() + 1e-9).astype(int)
    cores = []
    for number, quota in enumerate(np.diff(entitled, prepend=0).tolist()):
        members = np.flatnonzero(membership == number)
        cores.append(members[_peeled(topology.part(members), quota)])
    return _part(graph, topology, np.sort(np.concatenate(cores)), edges)


def around(graph: KnowledgeGraph, iri: IRI, *, nodes: int = MAX_NODES, edges: int = MAX_EDGES) -> KnowledgeGraph:
    """What lies round a node: its neighbours, then theirs, those that share most with it first.

    Raises:
        KeyError: the graph has no such node.
    """
    if iri not in graph.nodes:
        raise KeyError(iri)
    topology = Topology.of(graph)
    center = list(graph.nodes).index(iri)
    links = topology.adjacency
    near = links[[center]].toarray().ravel()
    # How much flows from the centre to a node in two steps, if it is shared out by the weight of the links.
    strength = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1e-12)
    shared = (links @ ((links @ near) / strength)) * near + (links @ near) * 1e-3
    direct = np.flatnonzero(near > 0)
    chosen = {center, *_best(direct, shared, nodes * 2 // 3)}
    # The next ring: what at least two of the chosen are linked with, by how much weight.
    inside = np.zeros(topology.n)
    inside[list(chosen - {center})] = 1
    weight = links @ inside
    several = (links > 0).astype(float) @ inside >= 2
    ring = [node for node in np.flatnonzero(several).tolist() if node not in chosen]
    chosen.update(_best(np.array(ring, np.int64), weight, min(nodes - len(chosen), max(20, len(chosen)))))
    return _part(graph, topology, np.array(sorted(chosen)), edges, center)


def _best(candidates: Integers, scores: Integers, count: int) -> list[int]:
    """The candidates with the highest scores."""
    order = np.lexsort((candidates, -scores[candidates]))
    best: list[int] = candidates[order[: max(count, 0)]].tolist()
    return best


def _peeled(topology: Topology, nodes: int) -> Integers:
    matrix = topology.adjacency
    strength = np.asarray(matrix.sum(axis=1)).ravel().tolist()
    queue = [(value, number) for number, value in enumerate(strength)]
    heapq.heapify(queue)
    left = set(range(topology.n))
    while len(left) > nodes:
        value, number = heapq.heappop(queue)
        if number not in left or value > strength[number] + 1e-12:
            continue
        left.discard(number)
        start, end = matrix.indptr[number], matrix.indptr[number + 1]
        for other, weight in zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True):
            if other in left:
                strength[other] -= weight
                heapq.heappush(queue, (strength[other], other))
    return np.array(sorted(left), np.int64)


def _part(
    graph: KnowledgeGraph, topology: Topology, members: Integers, most: int, center: int | None = None
) -> KnowledgeGraph:
    """The graph of some nodes and the links among them: those of the centre first, then the most telling ones."""
    iris = list(graph.nodes)
    kept = {iris[number] for number in members.tolist()}
    edges = [edge for edge in graph.edges if edge.source in kept and edge.target in kept]
    if len(edges) > most:
        degrees = dict(zip(iris, topology.degrees.tolist(), strict=True))
        middle = iris[center] if center is not None else None

        def rank(edge: Edge) -> tuple[bool, int]:
            return middle not in {edge.source, edge.target}, max(degrees[edge.source], degrees[edge.target])

        edges = sorted(sorted(edges, key=rank)[:most], key=lambda e: (e.source, e.predicate, e.target))
    linked: dict[IRI, int] = defaultdict(int)
    for edge in edges:
        linked[edge.source] += 1
        linked[edge.target] += 1
    if center is not None:
        linked[iris[center]] += 1
    nodes = {iri: node for iri, node in graph.nodes.items() if iri in kept and iri in linked}
    return replace(graph, nodes=nodes, edges=tuple(edges), hints={}, derived={})
