"""Recognises terms that are entities of the resolution: 英伟达 is the company, not a new concept."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from kg.model import IRI, Record
from kg.reading.mining.phrases import has_han
from kg.resolution.names import key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping

    from kg.glossary.statements import Family, Statements
    from kg.model import Entity, Post

VOCABULARIES = ("tag", "category", "area")
"""Kinds whose names are words, often written with hyphens; asked last."""
_NAMED_TOGETHER = 0.2
"""Share of the posts that define a common word which must name the entity in their metadata to mean it."""


class Named(Record, frozen=True):
    """What a resolution says of names, as far as a glossary asks; small enough to be handed to another process."""

    entities: tuple[tuple[IRI, str, tuple[str, ...]], ...]
    """IRI, kind and all spellings, in IRI order."""
    meant: dict[str, dict[str, IRI]]
    """Kind → name as typed → the entity it stands for."""
    moved: dict[tuple[str, str, str], IRI]
    """(post path, kind, folded name) → the entity that the ledger says is meant there instead."""

    def iri_of(self, kind: str, name: str, path: str) -> IRI:
        """The entity that a mention stands for."""
        if self.moved and (iri := self.moved.get((path, *key_of(kind, name)))):
            return iri
        return self.meant[kind][name]


class Known:
    """The entities of a resolution, by the names of terms."""

    def __init__(
        self,
        said: Statements,
        by_key: Mapping[str, tuple[IRI, str]],
        named_by: Container[tuple[str, IRI]],
        words: Container[str],
    ) -> None:
        """What there is to know.

        Args:
            said: the definitions.
            by_key: key → IRI and kind of the entity of that name that comes first by `rank`.
            named_by: (post path, IRI) of what posts with definitions name in their metadata, words aside.
            words: what names of terms write in small letters.
        """
        self._said = said
        self._by_key = by_key
        self._named_by = named_by
        self._words = words

    @classmethod
    def of_posts(cls, posts: Iterable[Post], named: Named, said: Statements) -> Known:
        """The entities of a whole resolution."""
        named_by = {
            (post.path, named.iri_of(mention.kind, mention.name, post.path))
            for post in posts if post.definitions
            for mention in post.mentions if mention.kind not in VOCABULARIES
        }  # fmt: skip
        return cls.of(named.entities, said, named_by, small_words(set(chain.from_iterable(said.names))))

    @classmethod
    def of(
        cls,
        entities: Iterable[tuple[IRI, str, tuple[str, ...]]],
        said: Statements,
        named_by: Container[tuple[str, IRI]],
        words: Container[str],
    ) -> Known:
        """Some entities: IRI, kind and all spellings of each; at least those that are called as terms are."""
        by_key: dict[str, tuple[IRI, str]] = {}
        ranked = sorted((rank(iri, kind), names) for iri, kind, names in entities)
        said.key_of.add({name for _rank, names in ranked for name in names})
        for (_, kind, iri), names in ranked:
            for key in said.key_of.of(names):
                for spelt in also(key, kind):
                    by_key.setdefault(spelt, (iri, kind))
        return cls(said, by_key, named_by, words)

    def recognise(self, family: Family) -> IRI | None:
        """The entity that a family of names is about, if it is one."""
        said = self._said
        if shared := [key for key in family.keys if key in self._by_key]:
            terms = Counter(said.keys[number][0] for number in family.numbers)
            definers = self._definers(family)
            for key in sorted(shared, key=lambda key: (-terms[key], key)):
                if self._is_meant(key, family, definers):
                    return self._by_key[key][0]
        # 辉达（Nvidia: …）, where nobody else says 辉达.
        others: set[str] = set()
        for number in family.numbers:
            for key in said.keys[number][1:]:
                if key not in family.keys and key not in said.abbreviations:
                    if key not in self._by_key:
                        return None
                    others.add(key)
        if not others:
            return None
        ((iri, kind), *more) = {self._by_key[key] for key in others}
        definers = self._definers(family)
        if more or kind in VOCABULARIES or not all(self._is_meant(key, family, definers) for key in others):
            return None
        return iri

    def _definers(self, family: Family) -> set[str]:
        """The posts that define a family."""
        return {self._said.found[number][0] for number in family.numbers}

    def _is_meant(self, key: str, family: Family, definers: Collection[str]) -> bool:
        """Whether a name that an entity has can be relied on to mean it here."""
        iri, kind = self._by_key[key]
        if kind == "work":
            # A book and what it is about have one name; 《》 tells them apart.
            if any(self._said.names[number][0].startswith("《") for number in family.numbers):
                return True
        elif kind in VOCABULARIES or has_han(key) or " " in key or key not in self._words:
            return True
        together = sum((path, iri) in self._named_by for path in definers)
        return together >= max(1, _NAMED_TOGETHER * len(definers))


def rank(iri: IRI, kind: str) -> tuple[bool, str, IRI]:
    """Of two entities of one name, the lesser one is meant."""
    return kind in VOCABULARIES, kind, iri


def also(key: str, kind: str) -> tuple[str, ...]:
    """The keys under which an entity is known that has a name with this key."""
    return (key, key.replace("-", " ")) if "-" in key and kind in VOCABULARIES else (key,)


def small_words(names: Iterable[str]) -> set[str]:
    """A word that is also written small, `harness`, is not the company Harness unless the post says so."""
    return set(filter(str.islower, " ".join(names).split()))


def spellings(entity: Entity) -> tuple[str, ...]:
    """All names of an entity, as typed."""
    return tuple([text.value for text in (*entity.labels, *entity.aliases)])
