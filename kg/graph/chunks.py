"""A graph divided into chunks: consecutive nodes with everything that a format says about them.

Chunks are written independently, so any process can write one, and the output of an unchanged chunk can be reused. The
IRI of a node alone decides whether a chunk begins there (content-defined chunking, as in LBFS,
https://pdos.csail.mit.edu/papers/lbfs:sosp01/lbfs.pdf): a new node changes or splits one chunk and no other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import msgspec

from kg.graph.model import Derived
from kg.iris import post_iri
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Container

    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI, Commit, Definition, Edge, Node

MEAN_SIZE = 64
"""Average number of nodes in a chunk."""


class DefinedHere(NamedTuple):
    """A definition that a post gives."""

    concept: IRI
    """The node it defines."""
    definition: Definition
    repeated: bool
    """True if an earlier post defines it in the same words."""


@dataclass(slots=True)
class Chunk:
    """Consecutive nodes in IRI order; either all are posts or none is. A finished one does not change."""

    of_posts: bool
    nodes: list[Node] = field(default_factory=list)
    edges: dict[IRI, list[Edge]] = field(default_factory=dict)
    """IRI of a node → the edges that start there, if any."""
    definitions: dict[IRI, list[DefinedHere]] = field(default_factory=dict)
    """IRI of a post → the definitions it gives."""
    commits: dict[IRI, Commit] = field(default_factory=dict)
    """IRI of a post → the commit it comes from, if Git knows one."""
    _digest: bytes = b""

    def encoded(self) -> bytes:
        """Its nodes and its edges, in MessagePack."""
        data = _encode((self.nodes, list(chain.from_iterable(self.edges.values()))))
        rest = _encode((self.of_posts, self.definitions, self.commits))
        self._digest = blake2b(data + rest, digest_size=16).digest()
        return data

    @property
    def digest(self) -> bytes:
        """16 bytes that identify its content."""
        if not self._digest:
            self.encoded()
        return self._digest


_encode = msgspec.msgpack.Encoder().encode


@Derived
def chunks(graph: KnowledgeGraph) -> list[Chunk]:
    """All chunks of a graph, in the order of its nodes."""
    definitions = _definitions(graph)
    edges = {source: list(own) for source, own in groupby(graph.edges, key=attrgetter("source"))}
    result: list[Chunk] = []
    chunk: Chunk | None = None
    for iri, node in graph.nodes.items():
        of_posts = node.kind == "post"
        if chunk is None or chunk.of_posts != of_posts or crc32(iri.encode()) % MEAN_SIZE == 0:
            chunk = Chunk(of_posts)
            result.append(chunk)
        chunk.nodes.append(node)
        if iri in edges:
            chunk.edges[iri] = edges[iri]
        if iri in definitions:
            chunk.definitions[iri] = definitions[iri]
        if iri in graph.commits:
            chunk.commits[iri] = graph.commits[iri]
    return result


def language_of_post(post: Node) -> str:
    """The language of a post's title, or ""."""
    return post.labels[0].language if post.labels else ""


def _definitions(graph: KnowledgeGraph) -> dict[IRI, list[DefinedHere]]:
    """IRI of a post → the definitions it gives."""
    base = graph.dataset.base
    result: defaultdict[IRI, list[DefinedHere]] = defaultdict(list)
    for node in graph.nodes.values():
        if node.kind == "post":
            continue
        repeated = _repeated(graph, node) if len(node.definitions) > 1 else ()
        for path, definition in node.definitions:
            result[post_iri(base, path)].append(DefinedHere(node.iri, definition, (path, definition.text) in repeated))
    return result


def _repeated(graph: KnowledgeGraph, node: Node) -> Container[tuple[str, str]]:
    """(path of a post, text) of each definition that a post with a lower IRI gives in the same words."""
    texts = [definition.text for _path, definition in node.definitions]
    if len(set(texts)) == len(texts):
        return ()
    often = Counter(texts)
    found: dict[tuple[str, str], list[tuple[IRI, str]]] = defaultdict(list)
    for path, definition in node.definitions:
        if often[definition.text] > 1:
            iri = post_iri(graph.dataset.base, path)
            if post := graph.nodes.get(iri):
                found[definition.text, language_of(definition.text, language_of_post(post))].append((iri, path))
    return {(path, text) for (text, _), posts in found.items() for iri, path in posts if iri != min(posts)[0]}
