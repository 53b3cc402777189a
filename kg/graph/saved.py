"""A saved graph: its chunks are decoded when somebody looks into them, and columns tell where to look."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, chain, repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, overload

import msgspec

from kg.graph.chunks import Entry, chunks, divided
from kg.graph.model import Derived, count_by_kind
from kg.model import IRI, Edge, Node, Record
from kg.text.folding import fold

if TYPE_CHECKING:
    from kg.graph.chunks import Chunk
    from kg.graph.model import KnowledgeGraph


class Columns(Record, frozen=True):
    """What many questions ask of all nodes, which are numbered in the order of their IRIs."""

    iris: list[IRI]
    kinds: list[str]
    also: list[tuple[int, list[str]]]
    """The number of each node that has further kinds, and these kinds."""
    names: list[list[str]]
    """The label, and all others: see `names_of`."""
    keys: list[list[str]]
    """The same, folded."""
    former: list[tuple[IRI, int]]
    """Each former IRI of a node with the number of that node."""
    starts: list[int]
    """The number of edges that start at each node."""
    targets: list[int]
    """The number of the node that each edge leads to, in the order of edges."""
    predicates: list[IRI]
    """The predicates of all edges, each once."""
    relations: list[int]
    """The place of the predicate of each edge among these."""

    def sources(self) -> Iterator[int]:
        """The number of the node that each edge starts at."""
        return chain.from_iterable(map(repeat, range(len(self.starts)), self.starts))


def names_of(node: Node) -> list[str]:
    """Each spelling of the name of a node, the label first."""
    if len(node.labels) == 1 and not node.aliases and node.labels[0].value == node.label:
        return [node.label]
    return list(dict.fromkeys([node.label, *[t.value for t in node.labels], *[t.value for t in node.aliases]]))


def of_kind(known: Columns, kind: str) -> list[int]:
    """The numbers of the nodes of a kind, or of all if it is ""."""
    if not kind:
        return list(range(len(known.iris)))
    also = {number for number, kinds in known.also if kind in kinds}
    return [number for number, own in enumerate(known.kinds) if own == kind or number in also]


@Derived
def columns_of(graph: KnowledgeGraph) -> Columns:
    """The columns of a graph."""
    if isinstance(graph.nodes, SavedNodes):
        return graph.nodes.columns
    nodes = graph.nodes.values()
    numbers = dict(zip(graph.nodes, range(len(graph.nodes)), strict=True))
    predicates: dict[IRI, int] = {}
    relations = [predicates.setdefault(edge.predicate, len(predicates)) for edge in graph.edges]
    names = list(map(names_of, nodes))
    return Columns(
        list(numbers),
        [node.kind for node in nodes],
        [(number, list(node.also)) for number, node in enumerate(nodes) if node.also],
        names,
        [list(map(fold, own)) for own in names],
        [(iri, number) for number, node in enumerate(nodes) for iri in node.former],
        [len(entry.edges) for chunk in chunks(graph) for entry in chunk.entries],
        [numbers[edge.target] for edge in graph.edges],
        list(predicates),
        relations,
    )


class SavedNodes(Mapping[IRI, Node]):
    """The nodes of a saved graph by IRI, in that order."""

    def __init__(
        self, chunks: Sequence[Chunk], columns: memoryview | Columns, kept: tuple[bytes, Mapping[bytes, int]]
    ) -> None:
        """Take the chunks, the columns, which may still be encoded, and which chunks are kept on disk, and where.

        The latter is for `kg.pipeline.saved_graph` alone.
        """
        self.chunks = chunks
        self.kept = kept
        self._ends = list(accumulate(map(len, chunks)))
        self._columns = columns
        self._known: dict[int, Entry] = {}

    @cached_property
    def columns(self) -> Columns:
        """The columns."""
        return self._columns if isinstance(self._columns, Columns) else _decode(self._columns)

    def number(self, iri: IRI) -> int:
        """The number of a node.

        Raises:
            KeyError: there is no such node.
        """
        iris = self.columns.iris
        number = bisect_left(iris, iri)
        if number == len(iris) or iris[number] != iri:
            raise KeyError(iri)
        return number

    def place(self, iri: IRI) -> tuple[int, int]:
        """The number of the chunk that holds a node, and that of the node in there; raises as `number`."""
        number = self.number(iri)
        chunk = bisect_right(self._ends, number)
        return chunk, number - self._ends[chunk] + len(self.chunks[chunk])

    def entry(self, iri: IRI) -> Entry:
        """A node with what starts there; raises as `number`."""
        number = self.number(iri)
        if number not in self._known:
            chunk, at = self.place(iri)
            self._known[number] = self.chunks[chunk].entry(at)
        return self._known[number]

    def entries(self) -> Iterator[Entry]:
        """All nodes with what starts there."""
        return chain.from_iterable(chunk.entries for chunk in self.chunks)

    def __getitem__(self, iri: IRI) -> Node:
        """A node by its IRI."""
        return self.entry(iri).node

    def __len__(self) -> int:
        """The number of nodes."""
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[IRI]:
        """The IRIs of all nodes."""
        return iter(self.columns.iris)


def edited(graph: KnowledgeGraph, changes: Mapping[IRI, Entry | None]) -> KnowledgeGraph:
    """A saved graph with other entries for some nodes, those that are new included; None for a node that is no more.

    Raises:
        KeyError: an edge leads to a node that there is not.
    """
    assert isinstance(graph.nodes, SavedNodes)
    nodes = SavedNodes(_divided(graph.nodes, changes), _columns(graph.nodes, changes), graph.nodes.kept)
    result = replace(graph, nodes=nodes, edges=SavedEdges(nodes))
    result.derived[chunks] = nodes.chunks
    result.derived[count_by_kind] = dict(Counter(nodes.columns.kinds).most_common())
    return result


def _divided(nodes: SavedNodes, changes: Mapping[IRI, Entry | None]) -> list[Chunk]:
    """The chunks; those without a change are what they were."""
    firsts = [chunk.first for chunk in nodes.chunks]
    within: dict[int, dict[IRI, Entry | None]] = {}
    moved: set[int] = set()
    for iri, entry in changes.items():
        place = max(bisect_right(firsts, iri) - 1, 0)
        within.setdefault(place, {})[iri] = entry
        if entry is None or iri not in nodes:  # where chunks begin may change up to the next ones
            moved.update({place - 1, place, place + 1} & set(range(len(firsts))))
    result: list[Chunk] = []
    run: dict[IRI, Entry] = {}
    for place, chunk in enumerate(nodes.chunks):
        if place in moved or place in within:
            own = {entry.node.iri: entry for entry in chunk.entries} | within.get(place, {})
            run |= {iri: entry for iri, entry in own.items() if entry}
        if place not in moved or place + 1 not in moved:
            result += divided(run[iri] for iri in sorted(run)) if run else []
            run = {}
        if place not in moved and place not in within:
            result.append(chunk)
    return result


def _columns(nodes: SavedNodes, changes: Mapping[IRI, Entry | None]) -> Columns:
    """The columns of the nodes after some changes."""
    old = nodes.columns
    added = {iri for iri, entry in changes.items() if entry and iri not in nodes}
    gone = {iri for iri, entry in changes.items() if entry is None}
    iris = sorted([iri for iri in old.iris if iri not in gone] + list(added)) if added or gone else old.iris
    numbers = dict(zip(iris, range(len(iris)), strict=True))
    now = list(map(numbers.get, old.iris))
    starts = [0, *accumulate(old.starts)]
    places = {predicate: place for place, predicate in enumerate(old.predicates)}
    result = Columns(iris, [], [], [], [], [], [], [], [], [])
    at = 0

    def copy(to: int) -> None:
        result.kinds.extend(old.kinds[at:to])
        result.names.extend(old.names[at:to])
        result.keys.extend(old.keys[at:to])
        result.starts.extend(old.starts[at:to])
        targets = old.targets[starts[at] : starts[to]]
        result.targets.extend(map(now.__getitem__, targets) if iris is not old.iris else targets)  # type: ignore[arg-type]
        result.relations.extend(old.relations[starts[at] : starts[to]])

    for iri in sorted(changes):
        place = bisect_left(old.iris, iri)
        copy(place)
        at = place + (iri not in added)
        if entry := changes[iri]:
            result.kinds.append(entry.node.kind)
            result.names.append(names_of(entry.node))
            result.keys.append(list(map(fold, result.names[-1])))
            result.starts.append(len(entry.edges))
            result.targets.extend([numbers[edge.target] for edge in entry.edges])
            result.relations.extend([places.setdefault(edge.predicate, len(places)) for edge in entry.edges])
    copy(len(old.iris))
    if None in result.targets:
        raise KeyError("an edge leads to a node that is no more")
    kept = [(iri, entry.node) for iri, entry in changes.items() if entry]
    former = [(iri, now[number]) for iri, number in old.former if old.iris[number] not in changes]
    former += [(former_iri, numbers[iri]) for iri, node in kept for former_iri in node.former]
    result.former.extend(sorted(former, key=itemgetter(1)))  # type: ignore[arg-type]
    also = [(now[number], kinds) for number, kinds in old.also if old.iris[number] not in changes]
    also += [(numbers[iri], list(node.also)) for iri, node in kept if node.also]
    result.also.extend(sorted(also, key=itemgetter(0)))  # type: ignore[arg-type]
    every = list(places)
    used = list(dict.fromkeys(result.relations))
    if used != list(range(len(every))):
        order = dict(zip(used, range(len(used)), strict=True))
        result.relations[:] = map(order.__getitem__, result.relations)
    result.predicates.extend(every[place] for place in used)
    return result


class SavedEdges(Sequence[Edge]):
    """The edges of a saved graph in their order."""

    def __init__(self, nodes: SavedNodes) -> None:
        self._nodes = nodes

    @cached_property
    def _all(self) -> tuple[Edge, ...]:
        return tuple([edge for entry in self._nodes.entries() for edge in entry.edges])

    @overload
    def __getitem__(self, at: int) -> Edge: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Edge, ...]: ...

    def __getitem__(self, at: int | slice) -> Edge | tuple[Edge, ...]:
        """One edge, or several."""
        return self._all[at]

    def __iter__(self) -> Iterator[Edge]:
        """All of them."""
        return iter(self._all)

    def __len__(self) -> int:
        """The number of edges."""
        return len(self._nodes.columns.targets)


def decoded(graph: KnowledgeGraph) -> KnowledgeGraph:
    """The same graph with all nodes and edges at hand."""
    if not isinstance(graph.nodes, SavedNodes):
        return graph
    entries = list(graph.nodes.entries())
    result = replace(
        graph,
        nodes={entry.node.iri: entry.node for entry in entries},
        edges=tuple([edge for entry in entries for edge in entry.edges]),
        commits={entry.node.iri: entry.commit for entry in entries if entry.commit},
    )
    result.derived[chunks] = graph.nodes.chunks
    result.derived[columns_of] = graph.nodes.columns
    return result


def head(graph: KnowledgeGraph, iri: IRI) -> tuple[str, str]:
    """The kind and the label of a node."""
    if isinstance(graph.nodes, SavedNodes):
        number = graph.nodes.number(iri)
        return graph.nodes.columns.kinds[number], graph.nodes.columns.names[number][0]
    node = graph.nodes[iri]
    return node.kind, node.label


class _ByNumber(Sequence[Node]):
    """The nodes of a saved graph by their numbers."""

    def __init__(self, nodes: SavedNodes) -> None:
        self._nodes = nodes

    @overload
    def __getitem__(self, at: int) -> Node: ...

    @overload
    def __getitem__(self, at: slice) -> list[Node]: ...

    def __getitem__(self, at: int | slice) -> Node | list[Node]:
        """One node, or several."""
        iris = self._nodes.columns.iris
        return [self._nodes[iri] for iri in iris[at]] if isinstance(at, slice) else self._nodes[iris[at]]

    def __len__(self) -> int:
        """The number of nodes."""
        return len(self._nodes)


def by_number(graph: KnowledgeGraph) -> Sequence[Node]:
    """All nodes in the order of their IRIs; of a saved graph, decoded where they are looked at."""
    return _ByNumber(graph.nodes) if isinstance(graph.nodes, SavedNodes) else tuple(graph.nodes.values())


def posts_of(graph: KnowledgeGraph) -> list[Node]:
    """All posts; of a saved graph, what starts at them stays encoded."""
    if isinstance(graph.nodes, SavedNodes):
        return [node for chunk in graph.nodes.chunks if chunk.of_posts for node in chunk.nodes()]
    return [node for node in graph.nodes.values() if node.kind == "post"]


def edges_from(graph: KnowledgeGraph, iris: Collection[IRI]) -> list[Edge]:
    """The edges that start at some nodes, in their order."""
    if isinstance(graph.nodes, SavedNodes):
        return [edge for iri in sorted(iris) for edge in graph.nodes.entry(iri).edges]
    edges, source = graph.edges, attrgetter("source")
    ends = ((bisect_left(edges, iri, key=source), bisect_right(edges, iri, key=source)) for iri in sorted(iris))
    return [edge for start, end in ends for edge in edges[start:end]]


def edges_into(graph: KnowledgeGraph, iris: Collection[IRI]) -> list[Edge]:
    """The edges that lead to some nodes, in their order."""
    wanted = set(iris)
    if not isinstance(graph.nodes, SavedNodes):
        return [edge for edge in graph.edges if edge.target in wanted]
    columns = graph.nodes.columns
    numbers = set(map(graph.nodes.number, wanted))
    ends = list(accumulate(columns.starts))
    places = [place for place, target in enumerate(columns.targets) if target in numbers]
    sources = dict.fromkeys(columns.iris[bisect_right(ends, place)] for place in places)
    return [edge for edge in edges_from(graph, sources) if edge.target in wanted]


def degrees(graph: KnowledgeGraph, iris: Iterable[IRI]) -> Counter[IRI]:
    """The number of edges that start at, or lead to, each of some nodes."""
    if not isinstance(graph.nodes, SavedNodes):
        wanted = set(iris)
        return Counter(end for edge in graph.edges for end in (edge.source, edge.target) if end in wanted)
    columns = graph.nodes.columns
    numbers = {graph.nodes.number(iri): iri for iri in iris}
    found = Counter(numbers[target] for target in columns.targets if target in numbers)
    found.update({iri: columns.starts[number] for number, iri in numbers.items()})
    return found


_decode = msgspec.msgpack.Decoder(Columns).decode
