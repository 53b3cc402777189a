"""From families of names to concepts: which are new, which enter the graph, and their labels.

A draft refers to definitions and glosses by number. So it is cheap to send between processes, and stays valid when they
move to other lines.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kg.config import Config
from kg.glossary.basis import Basis
from kg.glossary.families import DefinitionTable, Family
from kg.glossary.matching import EntityMatcher
from kg.iris import entity_iri
from kg.model import IRI, Entity, Gloss, Post, Record
from kg.resolution.entities import labelled
from kg.text.languages import language_of, preferred

Meaning = TypeVar("Meaning")
Numbers = tuple[int, ...]
"""Indices of definitions, counted over all posts; in order of path and position."""


class Draft(Record, frozen=True):
    """`kg.glossary.Concepts`, with numbers instead of definitions and glosses."""

    entities: tuple[tuple[Entity, Numbers], ...]
    known: tuple[tuple[IRI, Numbers], ...]
    others: tuple[tuple[Entity, Numbers], ...]
    uses: tuple[tuple[str, IRI, int], ...]
    """Post path, IRI, 0-based index of the gloss in the post."""
    ranks: tuple[tuple[int, str], ...] = ()
    """For each of `entities`: minus the number of its posts, and its first key; the least are chosen."""
    basis: Basis | None = None
    """The meanings of names that it depends on; None if they are not needed."""
    made_from: bytes = b""
    """A digest of everything that it was made from."""


def draft(
    posts: Sequence[Post],
    table: DefinitionTable,
    families: tuple[list[Family], dict[str, str]],
    known: EntityMatcher,
    config: Config,
    *,
    complete: bool = False,
) -> Draft:
    """Separate new terms from known entities, and choose the terms that enter the graph.

    The keys of the names that posts gloss are in `table.key_of`: see `glossed`.
    """
    groups, family_of = families
    attached: dict[IRI, list[int]] = defaultdict(list)
    new: list[Family] = []
    for family in groups:
        iri = known.match(family)
        if iri is None:
            new.append(family)
        else:
            attached[iri] += family.numbers
    number_of = {key: number for number, family in enumerate(new) for key in family.keys}
    users = _users(posts, {name: number_of[key] for name, key in table.key_of.items() if key in number_of})
    least = config.glossary.min_posts
    ranks: dict[int, tuple[int, str]] = {}
    for number, family in enumerate(new):
        use = users.get(number, {})
        if len(family.numbers) + len(use) >= least:  # most have fewer, and nobody need look where they are
            count = len(_definers(table, family) | use.keys())
            if count >= least:
                ranks[number] = -count, min(family.keys)
    ranked = sorted(ranks, key=ranks.__getitem__)
    chosen = set(ranked[: config.glossary.max_concepts]) if config.glossary.enabled else set()
    made = {
        number: concept(table, new[number], family_of, config) for number in (range(len(new)) if complete else chosen)
    }

    def in_order(numbers: Iterable[int]) -> tuple[tuple[Entity, Numbers], ...]:
        ordered = sorted(numbers, key=lambda number: made[number].iri)
        return tuple((made[number], table.in_order(new[number].numbers)) for number in ordered)

    return Draft(
        entities=in_order(chosen),
        known=tuple((iri, table.in_order(attached[iri])) for iri in sorted(attached)),
        others=in_order(made.keys() - chosen),
        uses=tuple(
            sorted(
                (path, made[number].iri, gloss)
                for number in chosen
                for definers in [_definers(table, new[number])]
                for path, gloss in users.get(number, {}).items()
                if path not in definers
            )
        ),
        ranks=tuple(ranks[number] for number in sorted(chosen, key=lambda number: made[number].iri)),
    )


def glossed(posts: Iterable[Post]) -> set[str]:
    """All names that bodies gloss, as typed."""
    return {name for post in posts for gloss in post.glosses for name in (gloss.outer, gloss.inner)}


def _definers(table: DefinitionTable, family: Family) -> set[str]:
    """The paths of the posts that define a term."""
    return {table.found[definition][0] for definition in family.numbers}


_PINYIN = re.compile("[ǎěǐǒǔǚǜ]", re.IGNORECASE)


def concept(table: DefinitionTable, family: Family, family_of: Mapping[str, str], config: Config) -> Entity:
    """The concept of a family, without its definitions."""
    base = IRI(config.base)
    terms: dict[str, int] = defaultdict(int)
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for number in family.numbers:
        terms[table.names[number][0]] += 1
        for name, key in zip(table.names[number], table.keys[number], strict=True):
            # Prefer names of this concept alone to names shared with others, and those to abbreviations.
            rank = 2 if key in table.abbreviations else key not in family.keys
            counts[rank, name] += 1
    ranked = [name for _rank, name in sorted(counts, key=lambda item: (item[0], -counts[item], item[1]))]
    languages = {
        name: "zh-Latn-pinyin" if _PINYIN.search(name) else language_of(name, config.language, latin=config.latin)
        for name in ranked
    }
    chosen = labelled(languages)
    # From the names alone, so that counts cannot change it: full names before abbreviations, Latin before Chinese.
    iri = entity_iri(
        base, "concept", min(family.keys, key=lambda k: (k in table.abbreviations, not k.isascii(), len(k), k))
    )
    own = family.keys | {name for name in ranked if table.key_of(name) in family.keys}
    roots = {family_of.get(key) for key in family.keys}
    own -= {name for name in own if family_of.get(table.key_of(name)) not in roots}
    return Entity(
        iri=iri,
        kind="concept",
        label=preferred(chosen.by_language, config.prefer) or min(terms, key=lambda name: (-terms[name], name)),
        labels=chosen.labels,
        aliases=chosen.aliases,
        former=tuple(sorted({entity_iri(base, "concept", name) for name in own} - {iri})),
    )


def _users(posts: Iterable[Post], meaning_of: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """Index of a family → post path → index of the gloss that has two of its names."""
    users: dict[int, dict[str, int]] = {}
    for post in posts:
        for number, gloss in used_by(post.glosses, meaning_of):
            users.setdefault(number, {}).setdefault(post.path, gloss)
    return users


def used_by(glosses: Iterable[Gloss], meaning_of: Mapping[str, Meaning]) -> Iterator[tuple[Meaning, int]]:
    """The concepts a body glosses by two of their names, `资本支出（CAPEX）`, with the 0-based index of the gloss.

    `meaning_of` maps a name as typed to its concept.
    """
    for number, gloss in enumerate(glosses):
        meaning = meaning_of.get(gloss.outer)
        if meaning is not None and meaning == meaning_of.get(gloss.inner):
            yield meaning, number
