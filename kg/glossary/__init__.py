"""The glossary that the posts wrote themselves: one concept per term, whatever its language, with every definition.

A post says which names a thing has (`**资本支出**（CAPEX: Capital Expenditure，…）`), and the posts together say which
of these statements hold in general. Terms are brought together only where they agree:

* the same key (`kg.folding`), simplified and traditional Chinese being one;
* a Chinese and a Latin name each of which is the other's most frequent partner, without a tie;
* an abbreviation whose uses nearly all stand for names of one concept; a plural that shares a Chinese name.

Two Chinese terms that share an English name stay apart (偏见 and 偏置 are both `bias`): a join that is missed costs a
reader a click, a wrong one his trust. Either concept still shows the names that its own posts gave it.

A term that is a known entity is that entity: its definitions are attached there, and no concept is made.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kg.glossary.known import Known
from kg.glossary.statements import Family, Statements, families
from kg.iris import entity_iri
from kg.languages import language_of
from kg.model import IRI, Entity, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.model import Gloss, Post
    from kg.resolution import Resolution

Meaning = TypeVar("Meaning")
Place = tuple[str, IRI, int]
"""Post path, IRI, line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """What bodies define."""

    entities: tuple[Entity, ...] = ()
    """The concepts that enter the graph, in IRI order."""
    known: tuple[Entity, ...] = ()
    """Entities of the resolution, with the definitions that bodies give them, in IRI order."""
    others: tuple[Entity, ...] = ()
    """The concepts that do not enter the graph, in IRI order; empty unless `complete` was asked for."""
    mentions: tuple[Place, ...] = ()
    """Which posts define one of `entities` or `known`, and where first."""
    uses: tuple[Place, ...] = ()
    """Which other posts use one of `entities` by two of its names: `资本支出（CAPEX）`."""

    def entries(self) -> tuple[Entity, ...]:
        """Everything that is defined, whether in the graph or not, in IRI order."""
        return tuple(sorted((*self.entities, *self.known, *self.others), key=lambda entity: entity.iri))


def concepts(posts: Sequence[Post], resolution: Resolution, config: Config, *, complete: bool = False) -> Concepts:
    """Bring together what bodies define.

    Args:
        posts: the posts, each path once.
        resolution: the entities that posts name in their metadata.
        config: `[glossary]` says how much enters the graph.
        complete: also give the concepts that do not enter the graph.
    """
    if not config.glossary.enabled and not complete:
        return Concepts()
    said = Statements(posts)
    groups, family_of = families(said)
    known = Known.of_posts(posts, resolution, said)
    entity_of = {entity.iri: entity for entity in resolution.entities}
    attached: dict[IRI, list[int]] = defaultdict(list)
    new: list[Family] = []
    for family in groups:
        entity = known.recognise(family)
        if entity is None:
            new.append(family)
        else:
            attached[entity.iri] += family.numbers
    number_of = {key: number for number, family in enumerate(new) for key in family.keys}
    users = _users(posts, {name: number_of[key] for name, key in said.key_of.items() if key in number_of})
    definers = [{said.found[number][0] for number in family.numbers} for family in new]
    weight = [len(definers[number] | users.get(number, {}).keys()) for number in range(len(new))]
    ranked = sorted(
        (number for number in range(len(new)) if weight[number] >= config.glossary.min_posts),
        key=lambda number: (-weight[number], min(new[number].keys)),
    )
    chosen = set(ranked[: config.glossary.max_concepts]) if config.glossary.enabled else set()
    made = {
        number: concept(said, new[number], family_of, config) for number in (range(len(new)) if complete else chosen)
    }
    entities = sorted((made[number] for number in chosen), key=lambda entity: entity.iri)
    enriched = [
        msgspec.structs.replace(entity_of[iri], definitions=said.definitions(attached[iri])) for iri in sorted(attached)
    ]
    return Concepts(
        entities=tuple(entities),
        known=tuple(enriched),
        others=tuple(sorted((made[n] for n in made if n not in chosen), key=lambda entity: entity.iri)),
        mentions=tuple(
            (path, entity.iri, line) for entity in (*entities, *enriched) for path, line in first_lines(entity).items()
        ),
        uses=tuple(
            sorted(
                (path, made[number].iri, line)
                for number in chosen
                for path, line in users.get(number, {}).items()
                if path not in definers[number]
            )
        ),
    )


def first_lines(entity: Entity) -> dict[str, int]:
    """Post path → the first line that defines the entity there."""
    lines: dict[str, int] = {}
    for path, definition in entity.definitions:
        lines.setdefault(path, definition.line)
    return lines


_PINYIN = re.compile("[ǎěǐǒǔǚǜ]", re.IGNORECASE)


def concept(said: Statements, family: Family, family_of: Mapping[str, str], config: Config) -> Entity:
    """One entity from the definitions of a family."""
    base = IRI(config.base)
    terms: Counter[str] = Counter()
    spelt: Counter[tuple[int, str]] = Counter()
    for number in family.numbers:
        terms[said.names[number][0]] += 1
        for name, key in zip(said.names[number], said.keys[number], strict=True):
            # Names of this concept alone, then names that others have too, then abbreviations.
            rank = 2 if key in said.abbreviations else key not in family.keys
            spelt[rank, name] += 1
    ranked = [name for _rank, name in sorted(spelt, key=lambda item: (item[0], -spelt[item], item[1]))]
    languages = {
        name: "zh-Latn-pinyin"
        if _PINYIN.search(name)
        else language_of(name, latin=config.latin, default=config.language)
        for name in ranked
    }
    labels: dict[str, str] = {}
    for name in ranked:
        labels.setdefault(languages[name], name)
    # Decided by the names alone, so that no count can change it: in full before short, Latin before Chinese.
    iri = entity_iri(
        base, "concept", min(family.keys, key=lambda k: (k in said.abbreviations, not k.isascii(), len(k), k))
    )
    own = family.keys | {name for name in ranked if said.key_of(name) in family.keys}
    own -= {name for name in own if family_of.get(said.key_of(name)) not in {family_of.get(key) for key in family.keys}}
    return Entity(
        iri=iri,
        kind="concept",
        label=labels.get(config.prefer) or min(terms, key=lambda name: (-terms[name], name)),
        labels=tuple(Text(name, language) for language, name in sorted(labels.items())),
        aliases=tuple(Text(name, languages[name]) for name in sorted(set(ranked) - set(labels.values()))),
        former=tuple(sorted({entity_iri(base, "concept", name) for name in own} - {iri})),
        definitions=said.definitions(family.numbers),
    )


def _users(posts: Iterable[Post], meant: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """Number of a family → post path → line, for bodies that write two names of one concept."""
    users: dict[int, dict[str, int]] = {}
    for post in posts:
        for number, line in used_by(post.glosses, meant):
            users.setdefault(number, {}).setdefault(post.path, line)
    return users


def used_by(glosses: Iterable[Gloss], meant: Mapping[str, Meaning]) -> Iterator[tuple[Meaning, int]]:
    """What a body writes by two of its names, `资本支出（CAPEX）`, and on which line.

    `meant` tells what a name as typed means.
    """
    for gloss in glosses:
        meaning = meant.get(gloss.outer)
        if meaning is not None and meaning == meant.get(gloss.inner):
            yield meaning, gloss.line
