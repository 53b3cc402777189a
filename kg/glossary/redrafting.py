"""What is otherwise in a new draft of terms: which concepts and defined entities, and in which posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from kg.glossary.drafting import Draft
    from kg.model import IRI, Definition, Entity, Post


class Defined(NamedTuple):
    """A concept, or an entity of the resolution, with its definitions."""

    concept: Entity | None
    """None for an entity of the resolution."""
    definitions: tuple[tuple[str, Definition], ...]
    """(post path, definition), as in `Entity`."""


class Redrafted(NamedTuple):
    """What is otherwise."""

    defined: dict[IRI, Defined | None]
    """The concepts and entities that are new or otherwise; None for those without a definition now."""
    paths: set[str]
    """The posts that define one of them, or gloss others than before."""


def redrafted(
    before: Draft, posts_before: Iterable[Post], now: Draft, posts_now: Iterable[Post], again: Container[str]
) -> Redrafted:
    """What is otherwise.

    Args:
        before: the last draft.
        posts_before: the posts that it was made of, as far as they define terms, in path order.
        now: the new draft.
        posts_now: the posts that it was made of, in the same way.
        again: the paths of posts whose definitions are to be taken as otherwise.
    """
    one, two = _defined(before, posts_before), _defined(now, posts_now)
    changed = {
        iri
        for iri in one.keys() | two.keys()
        if one.get(iri) != two.get(iri) or any(path in again for path, _definition in one[iri].definitions)
    }
    rows = [row for iri in changed for row in (one.get(iri), two.get(iri)) if row]
    paths = {path for row in rows for path, _definition in row.definitions}
    paths.update(path for path, _iri, _number in {*before.uses} ^ {*now.uses})
    return Redrafted({iri: two.get(iri) for iri in changed}, paths)


def _defined(draft: Draft, posts: Iterable[Post]) -> dict[IRI, Defined]:
    """All that is defined in the graph."""
    found = [(post.path, definition) for post in posts for definition in post.definitions]
    result = {e.iri: Defined(e, tuple([found[number] for number in numbers])) for e, numbers in draft.entities}
    known = {iri: Defined(None, tuple([found[number] for number in numbers])) for iri, numbers in draft.known}
    return result | known
