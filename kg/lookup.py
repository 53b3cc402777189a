"""Finding a node by a name that a person types: exactly, else by its beginning, else by what it holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.folding import fold
from kg.reading.fields import IDENTIFIER
from kg.resolution.forms import is_wide, simplified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph
    from kg.model import IRI, Node

CLOSE = 75.0
"""Likeness, in percent, from which a name is suggested."""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers to a name."""

    matches: tuple[IRI, ...]
    """The most linked first."""
    how: str
    """`exact` (by the folded name, its simplified characters, the IRI, or a post's path), `prefix`, `part`, or "" where
    nothing matches."""
    suggestions: tuple[IRI, ...] = ()
    """Where nothing matches: nodes with a name that is spelt much alike, the closest first."""
    others: tuple[IRI, ...] = ()
    """Nodes that go by this name too, but are mainly called something else."""


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
    names = {node.iri: {fold(text) for text in _spellings(node)} for node in nodes}
    variants: dict[str, str] = {}
    """Traditional Chinese names → simplified; looked at only where the name as typed is nowhere."""
    degree = Counter(end for edge in graph.edges for end in (edge.source, edge.target))

    def ranked(those: list[IRI]) -> tuple[IRI, ...]:
        return tuple(sorted(those, key=lambda iri: (-degree[iri], iri)))

    if not bare:
        return Found((), "")
    exact = ranked([n.iri for n in nodes if bare in {n.iri, *n.former, path_of(n)} or key in names[n.iri]])
    if not exact and is_wide(key):
        variants = simplified([key, *(text for own in names.values() for text in own)])
        key = variants.get(key, key)
        names = {iri: {variants.get(text, text) for text in own} for iri, own in names.items()}
        exact = ranked([iri for iri, own in names.items() if key in own])
    if exact:
        mainly = {iri: {variants.get(text, text) for text in map(fold, _labels(graph.nodes[iri]))} for iri in exact}
        chosen = tuple(iri for iri in exact if bare == iri or key in mainly[iri]) or exact
        return Found(chosen, "exact", others=tuple(iri for iri in exact if iri not in chosen))
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


def _labels(node: Node) -> Iterator[str]:
    yield node.label
    yield from (text.value for text in node.labels)


def _spellings(node: Node) -> Iterator[str]:
    yield from _labels(node)
    yield from (text.value for text in node.aliases)


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
