"""Nested tags: `skos:broader` from the tag `a/b/c` to `a/b` to `a`, where one of these is a tag by itself.

A slash alone means nothing: `TCP/IP` is not part of `TCP`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from kg.iris import entity_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Node, Text
from kg.namespaces import SKOS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from kg.model import Entity

BROADER = IRI(SKOS + "broader")
_DEEPEST = 20
"""Parts of a nested tag that count."""


class Nesting(NamedTuple):
    """How tags are nested."""

    broader: Mapping[IRI, IRI]
    """A tag → the one above it."""
    between: tuple[Node, ...]
    """Tags that only stand between others: no post names them."""


def may_be_nested(tag: Node | Entity) -> bool:
    """Whether something is a tag with a slash."""
    return "tag" in tag.kinds and "/" in tag.label


def above(tag: Node | Entity, base: IRI) -> list[tuple[IRI, str]]:
    """The IRIs and names of the tags that may be above one, the nearest first."""
    parts = tag.label.split("/")[:_DEEPEST]
    names = ("/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return [(entity_iri(base, "tag", name), name) for name in names if name.strip("/ ")]


def known_tags(found: Iterable[Node | Entity], wanted: Container[IRI] | None = None) -> dict[IRI, IRI]:
    """Each IRI that a tag has or had, or those that are wanted → the one that it has."""
    tags = ((iri, each.iri) for each in found if "tag" in each.kinds for iri in (*each.former, each.iri))
    return {iri: now for iri, now in tags if wanted is None or iri in wanted}


def nesting(tags: Iterable[Node | Entity], known: Mapping[IRI, IRI], base: IRI) -> Nesting:
    """How some tags are nested, given those that are `known_tags` among all that may be above them."""
    between: dict[IRI, str] = {}
    broader: dict[IRI, IRI] = {}
    for tag in filter(may_be_nested, tags):
        steps = above(tag, base)
        if not any(iri in known for iri, _name in steps):
            continue
        child = tag.iri
        for iri, name in steps:
            parent = known.get(iri, iri)
            if iri not in known:
                between.setdefault(parent, name)
            if child != parent:
                broader.setdefault(child, parent)
            child = parent
    return Nesting(broader, tuple(Node(iri, "tag", name, (Text(name),)) for iri, name in between.items()))


def nested(nodes: Iterable[Node], found: Nesting) -> Iterator[Node]:
    """The nodes, and those between them, each with the tag above it."""
    for node in (*nodes, *found.between):
        if node.iri in found.broader:
            yield replace(node, attributes=(*node.attributes, Attribute(BROADER, found.broader[node.iri], IRI_OBJECT)))
        else:
            yield node
