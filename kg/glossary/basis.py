"""The part of a resolution that a draft of concepts depends on: whether the draft is still valid when names change.

Terms meet entities in two places: where both go by one name, and where a post that defines a term may name the entity
in its metadata. Whatever else is known about entities does not change a concept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.glossary.families import NameKeys
from kg.glossary.matching import spellings, telling
from kg.model import IRI, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.glossary.matching import EntityNames
    from kg.model import Entity, Gloss, Post
    from kg.resolution import Resolution

_Names = tuple[IRI, str, tuple[str, ...]]
"""IRI, kind, all spellings of an entity."""
_Keys = tuple[IRI, str, tuple[str, ...]]
"""IRI, kind, and the keys of those of its spellings that a term goes by: a term does not tell `AI` from `ai`."""


class Basis(Record, frozen=True):
    """The part of a resolution that a draft depends on."""

    keys: frozenset[str]
    """Of all names of terms, and these with spaces for hyphens."""
    others: frozenset[str]
    """The names of entities, as typed, that no term goes by."""
    shared: tuple[_Keys, ...]
    """The entities that go by a name of a term, in IRI order."""
    asked: dict[str, dict[IRI, bool]]
    """Post path → entity → whether the metadata of the post names it, for all pairs that were looked up."""

    def stands(self, posts: Iterable[Post], resolution: Resolution, *, stood: bool = False) -> bool:
        """Whether a draft of the same definitions and glosses would be the same with these names.

        Args:
            posts: all of them; their definitions and glosses are unchanged.
            resolution: the present meaning of their names.
            stood: whether it would have been the same with the last resolution; then only `Resolution.renewed` counts.
        """
        if stood and resolution.renewed:
            old, new = (set(self._sharing(entities)) for entities in resolution.renewed[:2])
        else:
            old, new = set(self.shared), set(self._sharing(resolution.entities))
        return old == new and all(
            answers == {iri: iri in named for iri in answers}
            for post in posts
            if (answers := self.asked.get(post.path))
            for named in ({resolution.entity_of(m.kind, m.name, post.path).iri for m in telling(post)},)
        )

    def _sharing(self, entities: Iterable[Entity]) -> Iterator[_Keys]:
        """Those of some entities that go by a name of a term."""
        named = [(entity.iri, entity.kind, spellings(entity)) for entity in entities]
        every = {name for _iri, _kind, names in named for name in names}
        return _sharing(named, _called(every - self.others, NameKeys(), self.keys))


def may_use(glosses: Sequence[Gloss], known: Basis | None) -> Iterator[int]:
    """The numbers of the glosses that may gloss a term by another name of its own, given the basis of a draft."""
    key_of = NameKeys()
    key_of.add({name for gloss in glosses for name in (gloss.outer, gloss.inner)} if known else ())
    for number, gloss in enumerate(glosses if known else ()):
        if known and key_of(gloss.outer) in known.keys and key_of(gloss.inner) in known.keys:
            yield number


def basis(
    key_of: NameKeys,
    keys: frozenset[str],
    named: EntityNames,
    named_by: Container[tuple[str, IRI]],
    asked: Mapping[IRI, Iterable[str]],
) -> Basis:
    """The basis of a draft.

    Args:
        key_of: the keys of all names of terms and entities.
        keys: those of all names of terms, with hyphens as these have them.
        named: the resolution that it was made with.
        named_by: (post path, IRI) of entities in the metadata of posts.
        asked: the posts for which this was looked up, for each entity.
    """
    keys |= {key.replace("-", " ") for key in keys if "-" in key}
    every = {name for _iri, _kind, names in named.entities for name in names}
    answers: dict[str, dict[IRI, bool]] = {}
    for iri, paths in asked.items():
        for path in paths:
            answers.setdefault(path, {})[iri] = (path, iri) in named_by
    called = _called(every, key_of, keys)
    return Basis(keys, frozenset(every - called), tuple(_sharing(named.entities, called)), answers)


def _sharing(entities: Sequence[_Names], called: AbstractSet[str]) -> Iterator[_Keys]:
    """The entities that go by one of the names `called`."""
    key_of = NameKeys()  # plurals have the keys of their singulars in that of a draft, and not in any other
    key_of.add(called)
    for iri, kind, names in entities:
        if own := {key_of(name) for name in names if name in called}:
            yield iri, kind, tuple(sorted(own))


def _called(names: Collection[str], key_of: NameKeys, keys: Container[str]) -> set[str]:
    """The names, as typed, that a term goes by; hyphens of either may stand for spaces, as in tags."""
    key_of.add(names)
    known = zip(names, key_of.of(names), strict=True)
    return {name for name, key in known if key in keys or ("-" in key and key.replace("-", " ") in keys)}
