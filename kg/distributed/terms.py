"""Per term: which names of terms belong to one family, as `kg.glossary.families` decides it.

A key is at home in one part, with its partners. What depends on other keys comes from their homes: whether a partner is
an abbreviation, whether the choice of a partner is mutual, which family a name is in. A plural and its singular meet
under their common stem, before any key is sent home.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.distributed.records import (
    AskRow,
    Body,
    EntityKeyRow,
    FactRow,
    FamilyFactRow,
    KeyRow,
    PartnerRow,
    RootRow,
    SingularRow,
    StemRow,
    TermRow,
    TypedRow,
)
from kg.glossary.families import (
    LONGEST_NAME,
    DefinitionTable,
    Keys,
    clear_partner,
    count_pairs,
    expansion,
    may_be_name,
    names_of,
    plurals,
    root_of,
    stem,
    votes,
)
from kg.glossary.matching import key_variants, lower_case_words, rank
from kg.model import IRI, Definition, Record
from kg.text.scripts import has_cjk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.distributed.exchange import Job


class Found(Record, frozen=True):
    """What a definition of a part calls its term."""

    path: str
    """Of the post."""
    names: tuple[str, ...]
    """The term first."""
    keys: tuple[str, ...]
    """Before plurals are known."""


def _definitions(job: Job) -> list[Definition]:
    return [definition for body in job.kept("bodies", Body) for definition in body.definitions]


def _own_names(found: Iterable[Definition]) -> set[str]:
    """All that definitions call their terms, or may call them."""
    names: set[str] = set()
    for definition in found:
        names.update((definition.term, *definition.translations))
        if len(definition.text) <= LONGEST_NAME and has_cjk(definition.text):
            names.add(definition.text)
    return names


def ask_terms(job: Job) -> None:
    """Say which keys are terms, and ask whether short explanations are."""
    found = _definitions(job)
    key_of = Keys()
    key_of.add(_own_names(found))
    with job.outboxes("terms") as (box,):
        for key in sorted({key_of(definition.term) for definition in found}):
            box.send(job.bucket(key), TermRow(key))
        for key in sorted({key_of(definition.text) for definition in found if may_be_name(definition)}):
            box.send(job.bucket(key), TermRow(key, job.part))


def tell_terms(job: Job) -> None:
    """Answer `ask_terms`."""
    rows = list(job.inbox("terms", TermRow))
    known = {row.key for row in rows if row.part < 0}
    with job.outboxes("told-terms") as (box,):
        for row in rows:
            if row.part >= 0 and row.key in known:
                box.send(row.part, row.key)


def name(job: Job) -> None:
    """Settle the names of each definition, and send their keys to their stems."""
    bodies = job.kept("bodies", Body)
    known = set(job.inbox("told-terms", str))
    key_of = Keys()
    mine = _own_names(definition for body in bodies for definition in body.definitions)
    key_of.add(mine)
    glossed = {name for body in bodies for gloss in body.glosses for name in (gloss.outer, gloss.inner)}
    key_of.add(glossed)
    found = []
    for body in bodies:
        for definition in body.definitions:
            names = names_of(definition, key_of, known)
            found.append(Found(body.path, names, tuple(map(key_of, names))))
    job.keep("found", found)
    partners: dict[str, set[str]] = defaultdict(set)
    for key, other in count_pairs((one.path for one in found), (one.keys for one in found)):
        partners[key].add(other)
        partners[other].add(key)
    with job.outboxes("stems", "typed") as (stems, typed):
        for key in sorted({key for one in found for key in one.keys if not has_cjk(key)}):
            across = sorted(filter(has_cjk, partners.get(key, ())))
            for other in across or [""]:
                stems.send(job.bucket(stem(key)), StemRow(key, other, job.part))
        for spellings, part in ((mine, -1), (glossed, job.part)):
            for spelt in sorted(spellings):
                key = key_of(spelt)
                typed.send(job.bucket(stem(key)), TypedRow(spelt, key, part))


def find_plurals(job: Job) -> None:
    """Find plurals; let everybody know who has one, and send the keys of entities home."""
    partners: dict[str, dict[str, None]] = defaultdict(dict)
    askers: dict[str, set[int]] = defaultdict(set)
    for row in job.inbox("stems", StemRow):
        if row.other:
            partners[row.key][row.other] = None
        askers[row.key].add(row.part)
    singular = plurals(partners, {other for others in partners.values() for other in others})
    typed = list(job.inbox("typed", TypedRow))
    called = [pair for box in ("entity-keys", "more-entity-keys") for pair in job.inbox(box, tuple[str, EntityKeyRow])]
    known = {row.name for row in typed if row.part < 0} | {name for name, _row in called}
    with job.outboxes("singulars", "told-typed", "by-key") as (singulars, told, by_key):
        for plural, single in singular.items():
            for part in sorted(askers[plural]):
                singulars.send(part, SingularRow(plural, single))
        for asked in typed:
            if asked.part >= 0 and asked.name in known:
                key = singular.get(asked.key, asked.key)
                told.send(asked.part, TypedRow(asked.name, key, -1))
        for _name, entity in called:
            key = singular.get(entity.key, entity.key)
            for spelt in key_variants(key, entity.kind):
                by_key.send(job.bucket(spelt), EntityKeyRow(spelt, entity.kind, entity.iri))


class Own(NamedTuple):
    """What the definitions of a part call their terms."""

    found: list[Found]
    keys: list[tuple[str, ...]]
    """Per definition; plurals have the keys of their singulars."""
    typed: dict[str, str]
    """Names that glosses write and somebody defines, or that entities have → key."""


def send_keys(job: Job) -> None:
    """Send what a part says of its keys home."""
    mine, singular = _own(job)
    # A post that gives a thing both `prompt` and `prompts` has said so twice.
    pairs: Counter[tuple[str, str]] = Counter()
    together = count_pairs((one.path for one in mine.found), (one.keys for one in mine.found))
    for (key, other), count in together.items():
        one, two = singular.get(key, key), singular.get(other, other)
        if one != two:
            pairs[one, two] += count
            pairs[two, one] += count
    names = {
        name: key
        for one, own in zip(mine.found, mine.keys, strict=True)
        for name, key in zip(one.names, own, strict=True)
    }
    said = votes([one.names for one in mine.found], Keys.known(names))
    terms = {own[0] for own in mine.keys}
    with job.outboxes("partners", "keys", "words") as (partners, box, words):
        for (key, other), count in sorted(pairs.items()):
            partners.send(job.bucket(key), PartnerRow(key, other, count))
        for key in sorted({*names.values(), *mine.typed.values()}):
            box.send(job.bucket(key), KeyRow(key, said[key], key in terms, job.part))
        for word in sorted(lower_case_words(names)):
            words.send(job.bucket(word), word)


def _own(job: Job) -> tuple[Own, dict[str, str]]:
    """What the definitions of this part call their terms; and plural → singular."""
    found = job.kept("found", Found)
    singular = {row.plural: row.single for row in job.inbox("singulars", SingularRow)}
    keys = [tuple(singular.get(key, key) for key in one.keys) for one in found]
    return Own(found, keys, {row.name: row.key for row in job.inbox("told-typed", TypedRow)}), singular


class Home(Record, frozen=True):
    """What the home of a key knows of it."""

    key: str
    partners: dict[str, int]
    abbreviation: bool
    is_term: bool
    parts: list[int]
    """Those that have it."""


def bring_home(job: Job) -> None:
    """Add up what parts say of their keys; tell the partners of abbreviations."""
    partners: dict[str, dict[str, int]] = defaultdict(dict)
    for row in job.inbox("partners", PartnerRow):
        partners[row.key][row.other] = partners[row.key].get(row.other, 0) + row.count
    said: dict[str, list[KeyRow]] = defaultdict(list)
    for key_row in job.inbox("keys", KeyRow):
        said[key_row.key].append(key_row)
    homes = [
        Home(
            key,
            partners.get(key, {}),
            sum(row.votes for row in rows) > 0,
            any(row.is_term for row in rows),
            [row.part for row in rows],
        )
        for key, rows in sorted(said.items())
    ]
    job.keep("homes", homes)
    with job.outboxes("abbreviations") as (box,):
        for home in homes:
            if home.abbreviation:
                for other in home.partners:
                    box.send(job.bucket(other), RootRow(other, home.key, ""))


def _said(job: Job, homes: Mapping[str, Home]) -> DefinitionTable:
    """What the keys that are at home here need to know."""
    abbreviations = {key for key, home in homes.items() if home.abbreviation}
    abbreviations |= {row.other for row in job.inbox("abbreviations", RootRow)}
    partners = {key: home.partners for key, home in homes.items() if home.partners}
    keys = Keys.known({key: key for home in homes.values() for key in (home.key, *home.partners)})
    return DefinitionTable.part((), (), keys, abbreviations=abbreviations, partners=partners)


def _homes(job: Job) -> dict[str, Home]:
    return {home.key: home for home in job.kept("homes", Home)}


def _choices(said: DefinitionTable, homes: Mapping[str, Home]) -> dict[str, str]:
    """Key → the partner in the other script that it clearly belongs to."""
    chosen = {key: clear_partner(said, key) for key in said.partners if not homes[key].abbreviation}
    return {key: other for key, other in chosen.items() if other}


def choose(job: Job) -> None:
    """Tell each key who has chosen it for its partner."""
    homes = _homes(job)
    with job.outboxes("choices") as (box,):
        for key, other in _choices(_said(job, homes), homes).items():
            box.send(job.bucket(other), RootRow(other, key, ""))


def _families(job: Job, homes: Mapping[str, Home], said: DefinitionTable) -> dict[str, str]:
    """Key → family, for all keys that are at home here and no abbreviations; abbreviations have their own."""
    family = {key: key for key, home in homes.items() if home.is_term}
    chosen_by: dict[str, set[str]] = defaultdict(set)
    for row in job.inbox("choices", RootRow):
        chosen_by[row.key].add(row.other)
    for key, other in _choices(said, homes).items():
        if other in chosen_by[key]:
            family[key] = key if has_cjk(key) else other
    return family


def pair_up(job: Job) -> None:
    """Join those that chose each other; tell abbreviations the families of their partners."""
    homes = _homes(job)
    said = _said(job, homes)
    family = _families(job, homes, said)
    with job.outboxes("partner-roots") as (box,):
        for key, home in homes.items():
            if not home.abbreviation:
                for other in sorted(said.abbreviations & home.partners.keys()):
                    box.send(job.bucket(other), RootRow(other, key, family.get(key, key)))


def expand(job: Job) -> None:
    """Find what abbreviations stand for."""
    homes = _homes(job)
    said = _said(job, homes)
    family = _families(job, homes, said)
    roots: dict[str, dict[str, str]] = defaultdict(dict)
    for row in job.inbox("partner-roots", RootRow):
        roots[row.key][row.other] = row.root
    with job.outboxes("begun") as (box,):
        for key, home in homes.items():
            if home.abbreviation and home.partners:
                whole = expansion(said, key, roots[key])
                if whole:
                    family[key] = whole
                    box.send(job.bucket(whole), whole)
    job.keep("families", sorted(family.items()))


def _facts(job: Job, homes: Mapping[str, Home], family: Mapping[str, str]) -> dict[str, FactRow]:
    """What is known of each key that is at home here."""
    entities: dict[str, EntityKeyRow] = {}
    for row in job.inbox("by-key", EntityKeyRow):
        if row.key in homes:
            entities[row.key] = min(row, entities.get(row.key, row), key=lambda one: rank(one.iri, one.kind))
    small = set(job.inbox("words", str))
    nobody = EntityKeyRow("", "", IRI(""))
    return {
        key: FactRow(
            key,
            home.abbreviation,
            family.get(key, ""),
            (entity := entities.get(key, nobody)).iri,
            entity.kind,
            key in small,
        )
        for key, home in homes.items()
    }


def tell_facts(job: Job) -> None:
    """Tell each part what is known of its keys."""
    homes = _homes(job)
    family = dict(job.kept("families", tuple[str, str]))
    for whole in job.inbox("begun", str):
        family.setdefault(whole, whole)
    facts = _facts(job, homes, family)
    job.keep("begun-families", sorted(family.items()))
    with job.outboxes("facts") as (box,):
        for key, fact in facts.items():
            for part in homes[key].parts:
                box.send(part, fact)


def settled(job: Job) -> tuple[Own, dict[str, FactRow]]:
    """What the definitions of a part call their terms, and the facts of these keys."""
    mine, _singular = _own(job)
    return mine, {fact.key: fact for fact in job.inbox("facts", FactRow)}


def ask_partners(job: Job) -> None:
    """Ask for the Latin names of Chinese families that an abbreviation may be about."""
    mine, facts = settled(job)
    roots = {facts[keys[0]].root for keys in mine.keys if facts[keys[0]].abbreviation and has_cjk(facts[keys[0]].root)}
    with job.outboxes("asked-partners") as (box,):
        for root in sorted(roots):
            box.send(job.bucket(root), AskRow(root, job.part))


def tell_partners(job: Job) -> None:
    """Answer `ask_partners`."""
    homes = _homes(job)
    said = _said(job, homes)
    with job.outboxes("told-partners") as (box,):
        for ask in job.inbox("asked-partners", AskRow):
            for other in said.partners.get(ask.what, {}):
                if not has_cjk(other) and other not in said.abbreviations:
                    box.send(ask.part, PartnerRow(ask.what, other, 1))


def roots(job: Job, mine: Own, facts: Mapping[str, FactRow], begun: Iterable[str] = ()) -> list[str]:
    """The family of each definition of a part."""
    partners: dict[str, dict[str, int]] = defaultdict(dict)
    for row in job.inbox("told-partners", PartnerRow):
        partners[row.key][row.other] = row.count
    family = {key: fact.root for key, fact in facts.items() if fact.root}
    family.update((key, key) for key in begun)
    abbreviations = {key for key, fact in facts.items() if fact.abbreviation}
    said = DefinitionTable.part((), (), Keys(), abbreviations=abbreviations, partners=partners)
    return [root_of(said, keys, family) for keys in mine.keys]


def begin(job: Job) -> None:
    """Say which names begin families of their own."""
    mine, facts = settled(job)
    fresh = {root for root in roots(job, mine, facts) if root in facts and not facts[root].root}
    with job.outboxes("fresh") as (box,):
        for root in sorted(fresh):
            box.send(job.bucket(root), root)


def tell_begun(job: Job) -> None:
    """Tell each part which of its keys have begun a family, and each family which keys it has."""
    homes = _homes(job)
    family = dict(job.kept("begun-families", tuple[str, str]))
    fresh = set(job.inbox("fresh", str))
    family.update((key, key) for key in fresh)
    facts = _facts(job, homes, family)
    with job.outboxes("told-fresh", "family-facts") as (told, box):
        for key in sorted(fresh):
            for part in homes[key].parts:
                told.send(part, key)
        for key, root in family.items():
            box.send(job.bucket(root), FamilyFactRow(root, facts[key]))


STAGES: tuple[tuple[str, Callable[[Job], None]], ...] = (
    ("ask terms", ask_terms),
    ("tell terms", tell_terms),
    ("term names", name),
    ("plurals", find_plurals),
    ("keys", send_keys),
    ("key homes", bring_home),
    ("partners", choose),
    ("mutual", pair_up),
    ("expansions", expand),
    ("facts", tell_facts),
    ("ask partners", ask_partners),
    ("tell partners", tell_partners),
    ("begun", begin),
    ("families", tell_begun),
)
"""In order."""
