"""The nodes and edges of a saved graph: a chunk is decoded when somebody looks at what it holds."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import overload

from kg.graph.chunks import Chunk, Entry
from kg.model import IRI, Edge, Node


class SavedNodes(Mapping[IRI, Node]):
    """The nodes of a saved graph by IRI, in that order."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks
        self._first = [chunk.first for chunk in chunks]

    def place(self, iri: IRI) -> int:
        """The number of the chunk that holds a node, if there is such a node."""
        return max(bisect_right(self._first, iri) - 1, 0)

    def __getitem__(self, iri: IRI) -> Node:
        """A node by its IRI."""
        found = self.chunks[self.place(iri)].entries if self.chunks else ()
        for entry in found:
            if entry.node.iri == iri:
                return entry.node
        raise KeyError(iri)

    def __len__(self) -> int:
        """The number of nodes."""
        return sum(map(len, self.chunks))

    def __iter__(self) -> Iterator[IRI]:
        """The IRIs of all nodes."""
        return (entry.node.iri for entry in self.entries())

    def entries(self) -> Iterator[Entry]:
        """All nodes with what starts there."""
        return chain.from_iterable(chunk.entries for chunk in self.chunks)


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

    def __len__(self) -> int:
        """The number of edges."""
        return len(self._all)
