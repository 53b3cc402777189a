"""Recognises terms that are entities of the resolution: 英伟达 is the company, not a new concept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.mining.phrases import has_han

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from kg.glossary.statements import Family, Keys, Statements
    from kg.model import IRI, Entity, Post
    from kg.resolution import Resolution

VOCABULARIES = ("tag", "category", "area")
"""Kinds whose names are words, often written with hyphens; asked last."""
_NAMED_TOGETHER = 0.2
"""Share of the posts that define a common word which must name the entity in their metadata to mean it."""


class Known:
    """The entities of a resolution, by the names of terms."""

    def __init__(
        self,
        said: Statements,
        by_key: Mapping[str, Entity],
        named_by: Container[tuple[str, IRI]],
        words: Container[str],
    ) -> None:
        """What there is to know.

        Args:
            said: the definitions.
            by_key: key → the entity of that name that comes first in the order of `rank`.
            named_by: (post path, IRI) of what posts with definitions name in their metadata, words aside.
            words: what names of terms write in small letters.
        """
        self._said = said
        self._by_key = by_key
        self._named_by = named_by
        self._words = words

    @classmethod
    def of_posts(cls, posts: Iterable[Post], resolution: Resolution, said: Statements) -> Known:
        """The entities of a resolution."""
        by_key: dict[str, Entity] = {}
        said.key_of.add({name for entity in resolution.entities for name in spellings(entity)})
        for entity in sorted(resolution.entities, key=rank):
            for key in keys_of(entity, said.key_of):
                by_key.setdefault(key, entity)
        named_by = {
            (post.path, resolution.entity_of(mention.kind, mention.name, post.path).iri)
            for post in posts if post.definitions
            for mention in post.mentions if mention.kind not in VOCABULARIES
        }  # fmt: skip
        return cls(said, by_key, named_by, small_words({name for names in said.names for name in names}))

    def recognise(self, family: Family) -> Entity | None:
        """The entity that a family of names is about, if it is one."""
        said = self._said
        terms = Counter(said.keys[number][0] for number in family.numbers)
        for key in sorted(family.keys & self._by_key.keys(), key=lambda key: (-terms[key], key)):
            if self._is_meant(self._by_key[key], key, family):
                return self._by_key[key]
        # 辉达（Nvidia: …）, where nobody else says 辉达.
        others = {key for number in family.numbers for key in said.keys[number][1:]} - family.keys - said.abbreviations
        if not others or not others <= self._by_key.keys():
            return None
        meant = {entity.iri: entity for entity in (self._by_key[key] for key in others)}
        (entity, *more) = meant.values()
        if more or entity.kind in VOCABULARIES or not all(self._is_meant(entity, key, family) for key in others):
            return None
        return entity

    def _is_meant(self, entity: Entity, key: str, family: Family) -> bool:
        """Whether a name that an entity has can be relied on to mean it here."""
        if entity.kind == "work":
            # A book and what it is about have one name; 《》 tells them apart.
            if any(self._said.names[number][0].startswith("《") for number in family.numbers):
                return True
        elif entity.kind in VOCABULARIES or has_han(key) or " " in key or key not in self._words:
            return True
        definers = {self._said.found[number][0] for number in family.numbers}
        together = sum((path, entity.iri) in self._named_by for path in definers)
        return together >= max(1, _NAMED_TOGETHER * len(definers))


def rank(entity: Entity) -> tuple[bool, str, IRI]:
    """Of two entities of one name, the lesser one is meant."""
    return entity.kind in VOCABULARIES, entity.kind, entity.iri


def keys_of(entity: Entity, key_of: Keys) -> Iterator[str]:
    """The keys of all names of an entity."""
    for name in spellings(entity):
        key = key_of(name)
        yield key
        if entity.kind in VOCABULARIES:
            yield key.replace("-", " ")


def small_words(names: Iterable[str]) -> set[str]:
    """A word that is also written small, `harness`, is not the company Harness unless the post says so."""
    return {word for name in names for word in name.split() if word.islower()}


def spellings(entity: Entity) -> list[str]:
    """All names of an entity, as typed."""
    return [entity.label, *(text.value for text in entity.labels), *(text.value for text in entity.aliases)]
