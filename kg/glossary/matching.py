"""Matches terms to entities of the resolution: 英伟达 is the company, not a new concept."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping

from kg.glossary.families import DefinitionTable, Family
from kg.model import IRI, Entity, Mention, Post, Record
from kg.resolution.names import key_of
from kg.text.scripts import has_cjk

VOCABULARIES = ("tag", "category", "area")
"""Kinds whose names are common words, often hyphenated; matched last."""
_NAMED_TOGETHER = 0.2
"""Of the posts that define a common word, the share that must name the entity in their metadata."""


class EntityNames(Record, frozen=True):
    """The part of a resolution that a glossary needs; small enough to send to another process."""

    entities: tuple[tuple[IRI, str, tuple[str, ...]], ...]
    """(IRI, kind, all spellings) in IRI order."""
    by_spelling: dict[str, dict[str, IRI]]
    """Kind → name as typed → its entity, without `VOCABULARIES`."""
    splits: dict[tuple[str, str, str], IRI]
    """(post path, kind, folded name) → its entity in that post, from the ledger's `split` lines."""

    def iri_of(self, kind: str, name: str, path: str) -> IRI:
        """The entity a mention refers to."""
        if self.splits and (iri := self.splits.get((path, *key_of(kind, name)))):
            return iri
        return self.by_spelling[kind][name]

    def named_in(self, post: Post) -> set[IRI]:
        """The entities in the metadata of a post, without what only its `VOCABULARIES` name."""
        return {self.iri_of(m.kind, m.name, post.path) for m in telling(post)}


def telling(post: Post) -> list[Mention]:
    """What a post mentions, without `VOCABULARIES`."""
    return [mention for mention in post.mentions if mention.kind not in VOCABULARIES]


class EntityMatcher:
    """Finds the entity that a family of terms names."""

    def __init__(
        self,
        table: DefinitionTable,
        by_key: Mapping[str, tuple[IRI, str]],
        named_by: Container[tuple[str, IRI]],
        words: Container[str],
    ) -> None:
        """Take the data that matching needs.

        Args:
            table: the definitions.
            by_key: key → IRI and kind of the entity with that name, the first by `rank`.
            named_by: (post path, IRI) of entities in the metadata of posts with definitions, without `VOCABULARIES`.
            words: lower-case words in names of terms.
        """
        self._table = table
        self._by_key = by_key
        keys = ((key, key if key in by_key else key.replace("-", " ")) for key in table.terms | table.partners.keys())
        self._called = {key: called for key, called in keys if called in by_key}
        """Key of a term → that of the entity it names: the tag `product-market-fit` is named Product-Market Fit."""
        self.named_by = named_by
        self._words = words
        self.asked: dict[IRI, set[str]] = {}
        """Entity → the posts whose metadata was searched for it."""

    @classmethod
    def of_posts(
        cls, posts: Iterable[Post], named: EntityNames, table: DefinitionTable, words: Container[str]
    ) -> "EntityMatcher":
        """A matcher for all posts."""
        named_by = {(post.path, iri) for post in posts if post.definitions for iri in named.named_in(post)}
        return cls.of(named.entities, table, named_by, words)

    @classmethod
    def of(
        cls,
        entities: Iterable[tuple[IRI, str, tuple[str, ...]]],
        table: DefinitionTable,
        named_by: Container[tuple[str, IRI]],
        words: Container[str],
    ) -> "EntityMatcher":
        """A matcher for some entities (IRI, kind, all spellings): at least for those that are called as terms are."""
        by_key: dict[str, tuple[IRI, str]] = {}
        ranked = sorted((rank(iri, kind), names) for iri, kind, names in entities)
        table.key_of.add({name for _rank, names in ranked for name in names})
        for (_, kind, iri), names in ranked:
            for key in table.key_of.of(names):
                for spelt in key_variants(key, kind):
                    by_key.setdefault(spelt, (iri, kind))
        return cls(table, by_key, named_by, words)

    def match(self, family: Family) -> IRI | None:
        """The entity that a family names, or None."""
        table = self._table
        called = self._called
        if shared := {called[key] for key in family.keys if key in called}:
            terms = Counter(called.get(table.keys[number][0]) for number in family.numbers)
            definers = self._definers(family)
            for key in sorted(shared, key=lambda key: (-terms[key], key)):
                if self._is_meant(key, family, definers):
                    return self._by_key[key][0]
        # 辉达（Nvidia: …）, where no other post uses 辉达.
        others = {key for number in family.numbers for key in table.keys[number][1:]}
        others = others - family.keys - table.abbreviations
        if not others or not others <= self._by_key.keys():
            return None
        ((iri, kind), *more) = {self._by_key[key] for key in others}
        definers = self._definers(family)
        if more or kind in VOCABULARIES or not all(self._is_meant(key, family, definers) for key in others):
            return None
        return iri

    def _definers(self, family: Family) -> set[str]:
        """The posts that define a family."""
        return {self._table.found[number][0] for number in family.numbers}

    def _is_meant(self, key: str, family: Family, definers: Collection[str]) -> bool:
        """Whether a key refers to the entity of that name, and not just to a common word."""
        iri, kind = self._by_key[key]
        if kind == "work":
            # A book and what it is about have one name; 《》 tells them apart.
            if any(self._table.names[number][0].startswith("《") for number in family.numbers):
                return True
        elif kind in VOCABULARIES or has_cjk(key) or " " in key or key not in self._words:
            return True
        self.asked.setdefault(iri, set()).update(definers)
        together = sum((path, iri) in self.named_by for path in definers)
        return together >= max(1, _NAMED_TOGETHER * len(definers))


def rank(iri: IRI, kind: str) -> tuple[bool, str, IRI]:
    """Sort key: of entities with the same name, the first is matched."""
    return kind in VOCABULARIES, kind, iri


def key_variants(key: str, kind: str) -> tuple[str, ...]:
    """The keys that match an entity whose name has this key."""
    return (key, key.replace("-", " ")) if "-" in key and kind in VOCABULARIES else (key,)


def lower_case_words(names: Iterable[str]) -> set[str]:
    """Lower-case words in names; `harness` is not the company Harness unless the post names it."""
    return set(filter(str.islower, " ".join(names).split()))


def spellings(entity: Entity) -> tuple[str, ...]:
    """All names of an entity, as typed."""
    return tuple([text.value for text in (*entity.labels, *entity.aliases)])
