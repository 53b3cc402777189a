"""Finding a node by a name that a person types: exactly, else by its beginning, else by what it holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.folding import fold
from kg.vocabulary import DCTERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph
    from kg.model import IRI, Node

CLOSE = 75.0
"""Likeness, in percent, from which a name is suggested."""
IDENTIFIER = DCTERMS + "identifier"


@dataclass(frozen=True, slots=True)
class Found:
    """What answers to a name."""

    matches: tuple[IRI, ...]
    """The most linked first."""
    how: str
    """`exact` (by the folded name, the IRI, or a post's path), `prefix`, `part`, or "" where nothing matches."""
    suggestions: tuple[IRI, ...] = ()
    """Where nothing matches: nodes with a name that is spelt much alike, the closest first."""


def find(graph: KnowledgeGraph, name: str, *, kind: str = "", suggestions: int = 5) -> Found:
    """The nodes that a name may mean.

    Args:
        graph: where to look.
        name: a name in any spelling, an IRI, or the path of a post.
        kind: only nodes of this kind.
        suggestions: how many to make where nothing matches.
    """
    nodes = [node for node in graph.nodes.values() if not kind or node.kind == kind]
    key = fold(name)
    bare = name.strip()
    names = {node.iri: {fold(text) for text in _names(node)} for node in nodes}
    degree = Counter(end for edge in graph.edges for end in (edge.source, edge.target))

    def ranked(those: list[IRI]) -> tuple[IRI, ...]:
        return tuple(sorted(those, key=lambda iri: (-degree[iri], iri)))

    if not bare:
        return Found((), "")
    exact = [node.iri for node in nodes if bare in {node.iri, *node.former, path_of(node)} or key in names[node.iri]]
    if exact:
        return Found(ranked(exact), "exact")
    if key:
        for how, fits in (("prefix", str.startswith), ("part", str.__contains__)):
            found = [iri for iri, own in names.items() if any(fits(text, key) for text in own)]
            if found:
                return Found(ranked(found), how)
    return Found((), "", _close(names, key, degree, suggestions))


def path_of(node: Node) -> str:
    """The path of a post relative to CONTENT; "" for other nodes."""
    if node.kind != "post":
        return ""
    return next((attribute.value for attribute in node.attributes if attribute.predicate == IDENTIFIER), "")


def _names(node: Node) -> Iterator[str]:
    yield node.label
    for text in (*node.labels, *node.aliases):
        yield text.value


def _close(names: dict[IRI, set[str]], key: str, degree: Counter[IRI], count: int) -> tuple[IRI, ...]:
    from rapidfuzz import fuzz, process

    texts, iris = [], []
    for iri, own in names.items():
        for text in sorted(own):
            texts.append(text)
            iris.append(iri)
    close = process.extract(key, texts, scorer=fuzz.ratio, limit=4 * count, score_cutoff=CLOSE)
    close.sort(key=lambda hit: (-hit[1], -degree[iris[hit[2]]], hit[2]))
    return tuple(dict.fromkeys(iris[position] for _text, _score, position in close))[:count]
