"""Parts of a graph, small enough for one picture."""

import heapq
from dataclasses import replace

import numpy as np

from kg.graph.model import KnowledgeGraph
from kg.insight.topology import Integers, Topology
from kg.model import IRI, Edge
from kg.views.map.chart import chart

MAX_NODES = 300
MAX_EDGES = 1_500


def best_connected(graph: KnowledgeGraph) -> KnowledgeGraph:
    """The best-connected nodes of every region of the map; a graph that is small enough stays whole.

    In each region, the least linked node is removed again and again (Batagelj and Zaveršnik 2003, arXiv:cs/0310049),
    until the region has its share of the nodes. Links to what everything is linked to count less.
    """
    if len(graph.nodes) <= MAX_NODES and len(graph.edges) <= MAX_EDGES:
        return graph
    topology = Topology.of(graph)
    membership = chart(graph).communities
    counts = np.bincount(membership)
    entitled = np.floor(MAX_NODES * np.cumsum(counts) / counts.sum() + 1e-9).astype(int)
    cores = []
    for number, quota in enumerate(np.diff(entitled, prepend=0).tolist()):
        members = np.flatnonzero(membership == number)
        cores.append(members[_peeled(topology.part(members), quota)])
    return _part(graph, topology, np.sort(np.concatenate(cores)), MAX_EDGES)


def around(graph: KnowledgeGraph, iri: IRI, *, nodes: int = MAX_NODES, edges: int = MAX_EDGES) -> KnowledgeGraph:
    """The surroundings of a node: its neighbours, then theirs, those that have most in common with it first.

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
    first = _best(np.flatnonzero(near > 0), shared, nodes * 2 // 5)
    # The next ring: what at least two of the first are linked with, by how much weight.
    inside = np.zeros(topology.n)
    inside[first] = 1
    several = (links > 0).astype(float) @ inside >= 2
    several[[center, *first]] = False
    second = _best(np.flatnonzero(several), links @ inside, nodes - 1 - len(first))
    priority = {center: -1} | {node: place for ring in (first, second) for place, node in enumerate(ring)}
    return _part(graph, topology, np.array(sorted(priority)), edges, priority)


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
    graph: KnowledgeGraph, topology: Topology, members: Integers, most: int, priority: dict[int, int] | None = None
) -> KnowledgeGraph:
    """The graph of some nodes and the links among them.

    If there are too many links, those of the nodes with the highest priority stay, or the most specific ones if no
    priorities are given. Nodes without links are left out, except the first.
    """
    index = {iri: number for number, iri in enumerate(graph.nodes)}
    kept = set(members.tolist())
    rows = [(index[edge.source], index[edge.target], edge) for edge in graph.edges]
    inside = [row for row in rows if row[0] in kept and row[1] in kept]
    if len(inside) > most:
        degrees = topology.degrees.tolist()

        def rank(row: tuple[int, int, Edge]) -> tuple[int, int]:
            a, b, _edge = row
            if priority is None:
                return 0, max(degrees[a], degrees[b])
            return min(priority[a], priority[b], 0), max(priority[a], priority[b])

        inside = sorted(inside, key=rank)[:most]
        inside.sort(key=lambda row: (row[2].source, row[2].predicate, row[2].target))
    linked = {end for row in inside for end in row[:2]} or kept
    if priority is not None:
        linked.add(min(priority, key=priority.__getitem__))
    nodes = {iri: node for iri, node in graph.nodes.items() if index[iri] in linked}
    return replace(graph, nodes=nodes, edges=tuple(row[2] for row in inside), hints={})
