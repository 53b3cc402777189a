"""Recognises terms that are entities of the resolution: 英伟达 is the company, not a new concept."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from kg.mining.phrases import has_han

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.glossary.statements import Family, Statements
    from kg.model import Entity, Post
    from kg.resolution import Resolution

_VOCABULARIES = ("tag", "category", "area")
"""Kinds whose names are words, often written with hyphens; asked last."""
_NAMED_TOGETHER = 0.2
"""Share of the posts that define a common word which must name the entity in their metadata to mean it."""


class Known:
    """The entities of a resolution, by the names of terms."""

    def __init__(self, posts: Iterable[Post], resolution: Resolution, said: Statements) -> None:
        self._said = said
        self.entities = {entity.iri: entity for entity in resolution.entities}
        self._by_key: dict[str, Entity] = {}
        spelt = {iri: spellings(entity) for iri, entity in self.entities.items()}
        said.key_of.add(set(chain.from_iterable(spelt.values())))
        for entity in sorted(resolution.entities, key=lambda e: (e.kind in _VOCABULARIES, e.kind, e.iri)):
            for key in said.key_of.of(spelt[entity.iri]):
                self._by_key.setdefault(key, entity)
                if "-" in key and entity.kind in _VOCABULARIES:
                    self._by_key.setdefault(key.replace("-", " "), entity)
        self._named_by = {
            (post.path, resolution.entity_of(mention.kind, mention.name, post.path).iri)
            for post in posts if post.definitions
            for mention in post.mentions if mention.kind not in _VOCABULARIES
        }  # fmt: skip
        # A word that is also written small, `harness`, is not the company Harness unless the post says so.
        self._words = set(filter(str.islower, " ".join(set(chain.from_iterable(said.names))).split()))

    def recognise(self, family: Family) -> Entity | None:
        """The entity that a family of names is about, if it is one."""
        said = self._said
        if shared := [key for key in family.keys if key in self._by_key]:
            terms = Counter(said.keys[number][0] for number in family.numbers)
            for key in sorted(shared, key=lambda key: (-terms[key], key)):
                if self._is_meant(self._by_key[key], key, family):
                    return self._by_key[key]
        # 辉达（Nvidia: …）, where nobody else says 辉达.
        others = {key for number in family.numbers for key in said.keys[number][1:]} - family.keys - said.abbreviations
        if not others or not others <= self._by_key.keys():
            return None
        meant = {entity.iri: entity for entity in (self._by_key[key] for key in others)}
        (entity, *more) = meant.values()
        if more or entity.kind in _VOCABULARIES or not all(self._is_meant(entity, key, family) for key in others):
            return None
        return entity

    def _is_meant(self, entity: Entity, key: str, family: Family) -> bool:
        """Whether a name that an entity has can be relied on to mean it here."""
        if entity.kind == "work":
            # A book and what it is about have one name; 《》 tells them apart.
            if any(self._said.names[number][0].startswith("《") for number in family.numbers):
                return True
        elif entity.kind in _VOCABULARIES or has_han(key) or " " in key or key not in self._words:
            return True
        definers = {self._said.found[number][0] for number in family.numbers}
        together = sum((path, entity.iri) in self._named_by for path in definers)
        return together >= max(1, _NAMED_TOGETHER * len(definers))


def spellings(entity: Entity) -> list[str]:
    """All names of an entity, as typed; the label is among its labels."""
    return [text.value for text in (*entity.labels, *entity.aliases)]
