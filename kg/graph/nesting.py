"""Tags above tags: `skos:broader` from `a/b/c` to `a/b` to `a`, and between categories that a post nests.

A slash alone means nothing: `TCP/IP` is not part of `TCP`, so one of the tags above has to be a tag by itself, unless
the posts say that it nests, as those of vaults do.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from kg.iris import entity_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Entity, Node, Post, Text
from kg.namespaces import SKOS

BROADER = IRI(SKOS + "broader")
_DEEPEST = 20
"""Parts of a nested tag that count."""
NESTED = frozenset({"category", "tag"})
"""The kinds that may be nested."""


class Nesting(NamedTuple):
    """How tags and categories are nested."""

    broader: Mapping[IRI, Iterable[IRI]]
    """A tag or category → those above it."""
    between: tuple[Node, ...]
    """Tags that only connect others: no post names them."""


def may_be_nested(tag: Node | Entity) -> bool:
    """Whether something is a tag with a slash."""
    return "/" in tag.label and "tag" in tag.kinds


def above(tag: Node | Entity, base: IRI) -> list[tuple[IRI, str]]:
    """The IRIs and names of the tags that may be above one, the nearest first."""
    parts = tag.label.split("/")[:_DEEPEST]
    names = ("/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return [(entity_iri(base, "tag", name), name) for name in names if name.strip("/ ")]


def stated(posts: Iterable[Post], base: IRI) -> set[tuple[IRI, IRI]]:
    """(narrower, broader): the IRIs of names that posts nest themselves."""
    return {
        (entity_iri(base, mention.kind, mention.name), entity_iri(base, mention.kind, mention.above))
        for post in posts
        for mention in post.mentions
        if mention.above
    }


def decisive(nodes: Iterable[Node | Entity], base: IRI, pairs: Iterable[tuple[IRI, IRI]]) -> set[IRI]:
    """The IRIs that decide how some nodes are nested, and what is `stated`."""
    return {iri for tag in filter(may_be_nested, nodes) for iri, _name in above(tag, base)}.union(*pairs)


def known_tags(found: Iterable[Node | Entity]) -> dict[IRI, IRI]:
    """Each present or former IRI of a tag or category → its present one."""
    return {iri: each.iri for each in found if each.is_a(NESTED) for iri in (*each.former, each.iri)}


def nesting(
    tags: Iterable[Node | Entity], known: Mapping[IRI, IRI], base: IRI, pairs: Iterable[tuple[IRI, IRI]]
) -> Nesting:
    """How some tags are nested, given `known_tags` among all that may be above them, and what is `stated`."""
    between: dict[IRI, str] = {}
    broader: dict[IRI, list[IRI]] = {}
    pairs = sorted(pairs)
    certain = {known.get(lower, lower) for lower, _upper in pairs}
    for tag in filter(may_be_nested, tags):
        steps = above(tag, base)
        if tag.iri not in certain and not any(iri in known for iri, _name in steps):
            continue
        child = tag.iri
        for iri, name in steps:
            parent = known.get(iri, iri)
            if iri not in known:
                between.setdefault(parent, name)
            if child != parent:
                broader.setdefault(child, [parent])
            child = parent
    for lower, upper in pairs:
        if lower in known and upper in known and known[lower] != known[upper]:
            over = broader.setdefault(known[lower], [])
            over += [known[upper]] if known[upper] not in over else []
    return Nesting(broader, tuple(Node(iri, "tag", name, (Text(name),)) for iri, name in between.items()))


def nested(nodes: Iterable[Node], found: Nesting) -> Iterator[Node]:
    """The nodes, and those between them, each with the tag above it."""
    for node in (*nodes, *found.between):
        yield below(node, found.broader[node.iri]) if node.iri in found.broader else node


def below(node: Node, tags: Iterable[IRI]) -> Node:
    """A node with these tags above it, and no others."""
    own = [attribute for attribute in node.attributes if attribute.predicate != BROADER]
    return replace(node, attributes=(*own, *(Attribute(BROADER, iri, IRI_OBJECT) for iri in tags)))
