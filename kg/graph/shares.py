"""A graph in shares: runs of nodes, each with all that any format says of them.

What is written of one share depends on no other, so that any process can write it, and what was written of a share
that is as it was can be used again. Where a share begins is told by the IRI of its first node alone, as the chunks of
LBFS are told by their content (https://pdos.csail.mit.edu/papers/lbfs:sosp01/lbfs.pdf): a node more or less changes the
share that it is in, or makes two of it, and leaves all others as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import msgspec

from kg.iris import post_iri
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Container

    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI, Commit, Definition, Edge, Node

MEAN_SIZE = 64
"""Nodes of a share, on average."""
_WIDE = frozenset({"zh", "ja", "ko"})
_SHARES = "shares"


class Said(NamedTuple):
    """A definition as a post gives it."""

    concept: IRI
    """What is defined."""
    definition: Definition
    repeated: bool
    """Whether an earlier post defines it in the same words."""


class Share(NamedTuple):
    """A run of nodes in IRI order, all of them posts or none."""

    of_posts: bool
    nodes: list[Node]
    edges: dict[IRI, list[Edge]]
    """IRI of a node → the edges that leave it, where there are any."""
    said: dict[IRI, list[Said]]
    """IRI of a post → what it defines."""
    commits: dict[IRI, Commit]
    """IRI of a post → the commit it comes from, where Git knows."""

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for all of it."""
        return blake2b(_encode(self), digest_size=16).digest()


_encode = msgspec.msgpack.Encoder().encode


def shares(graph: KnowledgeGraph) -> list[Share]:
    """All shares, in the order of their nodes; kept in `graph.derived`."""
    if _SHARES in graph.derived:
        known: list[Share] = graph.derived[_SHARES]
        return known
    said = _said(graph)
    edges = {source: list(own) for source, own in groupby(graph.edges, key=attrgetter("source"))}
    result: list[Share] = []
    share: Share | None = None
    for iri, node in graph.nodes.items():
        of_posts = node.kind == "post"
        if share is None or share.of_posts != of_posts or crc32(iri.encode()) % MEAN_SIZE == 0:
            share = Share(of_posts, [], {}, {}, {})
            result.append(share)
        share.nodes.append(node)
        if iri in edges:
            share.edges[iri] = edges[iri]
        if iri in said:
            share.said[iri] = said[iri]
        if iri in graph.commits:
            share.commits[iri] = graph.commits[iri]
    graph.derived[_SHARES] = result
    return result


def language_of_post(post: Node) -> str:
    """The language of a post's title, or ""."""
    return post.labels[0].language if post.labels else ""


@lru_cache(maxsize=1 << 16)
def language_of_definition(text: str, own: str) -> str:
    """The language of a definition, given that of its post: often the other one of two.

    Latin letters tell one only where the post is in Latin.
    """
    return language_of(text, latin="" if own.partition("-")[0] in _WIDE else own, default=own)


def _said(graph: KnowledgeGraph) -> dict[IRI, list[Said]]:
    """IRI of a post → what it defines."""
    base = graph.dataset.base
    result: defaultdict[IRI, list[Said]] = defaultdict(list)
    for node in graph.nodes.values():
        if node.kind == "post":
            continue
        repeated = _repeated(graph, node) if len(node.definitions) > 1 else ()
        for path, definition in node.definitions:
            result[post_iri(base, path)].append(Said(node.iri, definition, (path, definition.text) in repeated))
    return result


def _repeated(graph: KnowledgeGraph, node: Node) -> Container[tuple[str, str]]:
    """(path of a post, text) of the definitions that an earlier post, in the order of IRIs, gives in the same words."""
    often = Counter(definition.text for _path, definition in node.definitions)
    if len(often) == len(node.definitions):
        return ()
    found: dict[tuple[str, str], list[tuple[IRI, str]]] = defaultdict(list)
    for path, definition in node.definitions:
        if often[definition.text] > 1:
            iri = post_iri(graph.dataset.base, path)
            if post := graph.nodes.get(iri):
                found[definition.text, language_of_definition(definition.text, language_of_post(post))].append(
                    (iri, path)
                )
    return {(path, text) for (text, _), posts in found.items() for iri, path in posts if iri != min(posts)[0]}
