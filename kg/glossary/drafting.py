"""From statements to concepts: which terms are new, which of them enter the graph, and under which names.

A draft holds numbers instead of definitions and glosses. So it is small when it comes from another process, and still
right when they stand on other lines.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeVar

from kg.iris import entity_iri
from kg.model import IRI, Entity, Record, Text
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.glossary.known import Known
    from kg.glossary.statements import Family, Statements
    from kg.model import Gloss, Post

Meaning = TypeVar("Meaning")
Numbers = tuple[int, ...]
"""Of definitions, counted over all posts; in the order of paths and places."""


class Draft(Record, frozen=True):
    """What bodies define; see `kg.glossary.Concepts`."""

    entities: tuple[tuple[Entity, Numbers], ...]
    known: tuple[tuple[IRI, Numbers], ...]
    others: tuple[tuple[Entity, Numbers], ...]
    uses: tuple[tuple[str, IRI, int], ...]
    """Post path, IRI, and which gloss of the post it is, from 0."""
    ranks: tuple[tuple[int, str], ...] = ()
    """For each of `entities`: minus the number of its posts, and its first key; the least are chosen."""


def draft(
    posts: Sequence[Post],
    said: Statements,
    families: tuple[list[Family], dict[str, str]],
    known: Known,
    config: Config,
    *,
    complete: bool = False,
) -> Draft:
    """Tell new terms from known entities, and choose those that enter the graph."""
    groups, family_of = families
    attached: dict[IRI, list[int]] = defaultdict(list)
    new: list[Family] = []
    for family in groups:
        iri = known.recognise(family)
        if iri is None:
            new.append(family)
        else:
            attached[iri] += family.numbers
    number_of = {key: number for number, family in enumerate(new) for key in family.keys}
    users = _users(posts, {name: number_of[key] for name, key in said.key_of.items() if key in number_of})
    definers: dict[int, set[str]] = {}
    weight: dict[int, int] = {}
    least = config.glossary.min_posts
    for number, family in enumerate(new):
        use = users.get(number, {})
        if len(family.numbers) + len(use) >= least:
            definers[number] = {said.found[definition][0] for definition in family.numbers}
            weight[number] = len(definers[number] | use.keys())
    ranks = {number: (-posts, min(new[number].keys)) for number, posts in weight.items() if posts >= least}
    ranked = sorted(ranks, key=ranks.__getitem__)
    chosen = set(ranked[: config.glossary.max_concepts]) if config.glossary.enabled else set()
    made = {
        number: concept(said, new[number], family_of, config) for number in (range(len(new)) if complete else chosen)
    }

    def in_order(numbers: Iterable[int]) -> tuple[tuple[Entity, Numbers], ...]:
        ordered = sorted(numbers, key=lambda number: made[number].iri)
        return tuple((made[number], said.in_order(new[number].numbers)) for number in ordered)

    return Draft(
        entities=in_order(chosen),
        known=tuple((iri, said.in_order(attached[iri])) for iri in sorted(attached)),
        others=in_order(made.keys() - chosen),
        uses=tuple(
            sorted(
                (path, made[number].iri, gloss)
                for number in chosen
                for path, gloss in users.get(number, {}).items()
                if path not in definers[number]
            )
        ),
        ranks=tuple(ranks[number] for number in sorted(chosen, key=lambda number: made[number].iri)),
    )


_PINYIN = re.compile("[ǎěǐǒǔǚǜ]", re.IGNORECASE)


def concept(said: Statements, family: Family, family_of: Mapping[str, str], config: Config) -> Entity:
    """One entity, still without definitions, from those of a family."""
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
    roots = {family_of.get(key) for key in family.keys}
    own -= {name for name in own if family_of.get(said.key_of(name)) not in roots}
    return Entity(
        iri=iri,
        kind="concept",
        label=labels.get(config.prefer) or min(terms, key=lambda name: (-terms[name], name)),
        labels=tuple(Text(name, language) for language, name in sorted(labels.items())),
        aliases=tuple(Text(name, languages[name]) for name in sorted(set(ranked) - set(labels.values()))),
        former=tuple(sorted({entity_iri(base, "concept", name) for name in own} - {iri})),
    )


def _users(posts: Iterable[Post], meant: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """Number of a family → post path → number of the gloss, for bodies that write two names of one concept."""
    users: dict[int, dict[str, int]] = {}
    for post in posts:
        for number, gloss in used_by(post.glosses, meant):
            users.setdefault(number, {}).setdefault(post.path, gloss)
    return users


def used_by(glosses: Iterable[Gloss], meant: Mapping[str, Meaning]) -> Iterator[tuple[Meaning, int]]:
    """What a body writes by two of its names, `资本支出（CAPEX）`, and in which of its glosses, counted from 0.

    `meant` tells what a name as typed means.
    """
    for number, gloss in enumerate(glosses):
        meaning = meant.get(gloss.outer)
        if meaning is not None and meaning == meant.get(gloss.inner):
            yield meaning, number
