"""A graph divided into chunks: consecutive nodes with everything that a format says about them.

Chunks are written independently, so any process can write one, and the output of an unchanged chunk can be reused. The
IRI of a node alone decides whether a chunk begins there (content-defined chunking, as in LBFS,
https://pdos.csail.mit.edu/papers/lbfs:sosp01/lbfs.pdf): a new node changes or splits one chunk and no other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zlib import crc32

import msgspec

from kg.graph.model import Derived, Facts, KnowledgeGraph
from kg.iris import post_iri
from kg.model import IRI, Commit, Definition, Edge, Node, Record, encode
from kg.text.languages import language_of

MEAN_SIZE = 32
"""Average number of nodes in a chunk."""


class DefinedHere(NamedTuple):
    """A definition that a post gives."""

    concept: IRI
    """The node it defines."""
    definition: Definition
    repeated: bool
    """True if an earlier post defines it in the same words."""


class Entry(Record, frozen=True):
    """A node and what starts there."""

    node: Node
    edges: tuple[Edge, ...] = ()
    definitions: tuple[DefinedHere, ...] = ()
    """The definitions that a post gives."""
    commit: Commit | None = None
    """The commit a post comes from, if Git knows one."""


class _NodeOnly(Record, frozen=True):
    """An `Entry` as far as its node."""

    node: Node


class Chunk:
    """Consecutive nodes in IRI order; either all are posts or none is. A finished one does not change."""

    __slots__ = ("_count", "_digest", "_encoded", "_entries", "_facts", "_parts", "first", "of_posts")

    def __init__(self, first: IRI, entries: list[Entry] | None = None, *, of_posts: bool) -> None:
        """Begin with the IRI of the first node; entries may be added until the chunk is used."""
        self.first = first
        self.of_posts = of_posts
        self._entries = entries
        self._encoded: bytes | memoryview = b""
        self._digest = b""
        self._count = 0
        self._facts: Facts | None = None
        self._parts: list[msgspec.Raw] | None = None

    @classmethod
    def saved(cls, encoded: memoryview, about: "AboutChunk") -> "Chunk":
        """A chunk as it was saved, which is decoded when somebody looks at its entries."""
        result = cls(about.first, of_posts=about.of_posts)
        result._encoded, result._count, result._digest, result._facts = encoded, about.count, about.digest, about.facts
        return result

    @property
    def about(self) -> "AboutChunk":
        """What is saved beside its entries."""
        return AboutChunk(self.first, len(self), self.digest, self.of_posts, self.facts)

    @property
    def entries(self) -> list[Entry]:
        """Its nodes with what starts there."""
        if self._entries is None:
            self._entries = _decode(self._encoded)
        return self._entries

    def entry(self, at: int) -> Entry:
        """One of its entries; of a saved chunk, the others stay encoded."""
        if self._entries is not None:
            return self._entries[at]
        if self._parts is None:
            self._parts = _decode_parts(self._encoded)
        return _decode_entry(self._parts[at])

    def nodes(self) -> list[Node]:
        """Its nodes; of a saved chunk, the rest stays encoded."""
        return [entry.node for entry in self._entries or _decode_nodes(self._encoded)]

    def encoded(self) -> bytes | memoryview:
        """Its entries in MessagePack."""
        data = self._encoded or encode(self._entries)
        self._digest = self._digest or blake2b(data, digest_size=16).digest()
        return data

    @property
    def digest(self) -> bytes:
        """16 bytes that identify its content."""
        if not self._digest:
            self.encoded()
        return self._digest

    @property
    def facts(self) -> Facts:
        """Which properties its nodes have."""
        if self._facts is None:
            self._facts = Facts.of([entry.node for entry in self.entries])
        return self._facts

    def __len__(self) -> int:
        """The number of its nodes."""
        return self._count or len(self.entries)


class AboutChunk(Record, frozen=True):
    """What is known of a chunk before it is decoded: see its properties."""

    first: IRI
    count: int
    digest: bytes
    of_posts: bool
    facts: Facts


_decode = msgspec.msgpack.Decoder(list[Entry]).decode
_decode_entry = msgspec.msgpack.Decoder(Entry).decode
_decode_nodes = msgspec.msgpack.Decoder(list[_NodeOnly]).decode
_decode_parts = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode


@Derived
def chunks(graph: KnowledgeGraph) -> list[Chunk]:
    """All chunks of a graph, in the order of its nodes."""
    definitions = _definitions(graph)
    edges = {source: tuple(own) for source, own in groupby(graph.edges, key=attrgetter("source"))}
    return divided(
        Entry(node, edges.get(iri, ()), tuple(definitions.get(iri, ())), graph.commits.get(iri))
        for iri, node in graph.nodes.items()
    )


def divided(entries: Iterable[Entry]) -> list[Chunk]:
    """The chunks of consecutive nodes, of which the first begins one."""
    result: list[Chunk] = []
    own: list[Entry] = []
    of_posts = None
    for entry in entries:
        iri, is_post = entry.node.iri, entry.node.kind == "post"
        if is_post is not of_posts or crc32(iri.encode()) % MEAN_SIZE == 0:
            of_posts, own = is_post, []
            result.append(Chunk(iri, own, of_posts=is_post))
        own.append(entry)
    return result


@Derived
def facts(graph: KnowledgeGraph) -> Facts:
    """Which properties the nodes of a graph have."""
    return Facts.joined([chunk.facts for chunk in chunks(graph)])


def language_of_post(post: Node) -> str:
    """The language of a post's title, or ""."""
    return post.labels[0].language if post.labels else ""


def _definitions(graph: KnowledgeGraph) -> dict[IRI, list[DefinedHere]]:
    """IRI of a post → the definitions it gives."""
    by_path: defaultdict[str, list[DefinedHere]] = defaultdict(list)
    for node in graph.nodes.values():
        for path, here in defined_by(node, graph.dataset.base, graph.nodes.get):
            by_path[path].append(here)
    return {post_iri(graph.dataset.base, path): own for path, own in by_path.items()}


def defined_by(node: Node, base: IRI, post_at: Callable[[IRI], Node | None]) -> Iterator[tuple[str, DefinedHere]]:
    """Each definition of a node with the path of its post, given the nodes of posts by IRI."""
    repeated = _repeated(node, base, post_at) if len(node.definitions) > 1 else ()
    for path, definition in node.definitions:
        yield path, DefinedHere(node.iri, definition, (path, definition.text) in repeated)


def _repeated(node: Node, base: IRI, post_at: Callable[[IRI], Node | None]) -> Container[tuple[str, str]]:
    """(path of a post, text) of each definition that a post with a lower IRI gives in the same words."""
    texts = [definition.text for _path, definition in node.definitions]
    if len(set(texts)) == len(texts):
        return ()
    often = Counter(texts)
    found: dict[tuple[str, str], list[tuple[IRI, str]]] = defaultdict(list)
    for path, definition in node.definitions:
        if often[definition.text] > 1:
            iri = post_iri(base, path)
            if post := post_at(iri):
                found[definition.text, language_of(definition.text, language_of_post(post))].append((iri, path))
    return {(path, text) for (text, _), posts in found.items() for iri, path in posts if iri != min(posts)[0]}
