"""Per term: which names of terms belong together, and which concepts or entities they are.

The names that a definition gives its term are connected, and so is everything that may become such a name. Everything
that decides about a name is in its component, so `kg.glossary` runs unchanged on the components of a partition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest

import msgspec
import numpy as np

from kg.cluster.components import EDGES
from kg.cluster.job import Job, hashes
from kg.glossary.drafting import draft
from kg.glossary.families import LONGEST_NAME, DefinitionTable, NameKeys, families, may_be_name
from kg.glossary.matching import VOCABULARIES, EntityMatcher, key_variants, lower_case_words, spellings
from kg.model import IRI, Definition, Entity, Gloss, Post, Record
from kg.resolution import Resolution
from kg.text.scripts import has_cjk

Rank = tuple[int, str]
"""See `kg.glossary.drafting.Draft.ranks`."""


class EntityKey(Record, frozen=True):
    """An entity, under one key of its names."""

    key: str
    typed: tuple[str, ...]
    """Its names with this key."""
    iri: IRI
    kind: str
    names: tuple[str, ...]
    """All of them."""
    small: bool = False
    """Whether the key is a lower-case word in names of terms."""


SENDS = ("keys", "words", "typed", "asked-names")


def send_terms(job: Job, posts: Sequence[Post]) -> int:
    """Send the names of terms, and ask which names in glosses are some; returns the number of connections."""
    names_of = {d: (d.term, *d.translations) for post in posts for d in post.definitions}
    names = {name for own in names_of.values() for name in own}
    texts = {d.text for d in names_of if len(d.text) <= LONGEST_NAME and has_cjk(d.text)}
    glossed = {name for post in posts for gloss in post.glosses for name in (gloss.outer, gloss.inner)}
    key_of = NameKeys()
    key_of.add(names | texts | glossed)
    key = dict(key_of.items())
    keys = {key[name] for name in names}
    edges = {(one, one.replace("-", " ")) for one in keys if "-" in one}
    for definition, own in names_of.items():
        if len(own) > 1:
            edges |= {(key[own[0]], key[name]) for name in own[1:]}
        if may_be_name(definition):  # if so, it also tells which words are in lower case
            edges |= {(key[own[0]], other) for other in (key[definition.text], *lower_case_words([definition.text]))}
    ends = hashes(end for edge in edges for end in edge if edge[0] != edge[1]).reshape(-1, 2)
    job.write("term-edges", {"node": ends[:, 0], "other": ends[:, 1]}, EDGES)
    job.send_numbers("keys", hashes(keys | {one.replace("-", " ") for one in keys}))
    job.send_numbers("words", hashes(lower_case_words(names)))
    typed, hashed = hashes(key), hashes(key.values())
    for table, wanted in (("typed", names | texts), ("asked-names", names | glossed)):
        chosen = np.fromiter((name in wanted for name in key), bool, len(key))
        job.send_numbers(table, hashed[chosen], typed[chosen])
    return len(ends)


def send_called(job: Job, entities: Iterable[Entity]) -> None:
    """Send the names of entities to the terms that they may be the same as."""
    named = {entity: tuple(dict.fromkeys(spellings(entity))) for entity in entities}
    key_of = NameKeys()
    key_of.add({name for names in named.values() for name in names})
    rows = []
    for entity, names in named.items():
        typed: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for key in key_variants(key_of(name), entity.kind):
                typed[key] += [name] if key == key_of(name) else []
        rows += [EntityKey(key, tuple(own), entity.iri, entity.kind, names) for key, own in typed.items()]
    for row, key in zip(rows, hashes(row.key for row in rows).tolist(), strict=True):
        job.send("called", key % job.parts, (key, row))


def send_labels(job: Job) -> None:
    """Send the component of each name to where the name is, unless the name is the least one of it."""
    job.send_numbers("term-labels", job.frame["node"].to_numpy(), job.frame["other"].to_numpy())


LABELLED = (*SENDS, "term-labels", "called")


def label(job: Job) -> None:
    """Tell parts which of their names are names of terms, and which entities have such names, with the component."""
    component = {key: key for _part, rows in job.inbox_numbers("keys") for (key,) in rows}
    for _part, rows in job.inbox_numbers("term-labels"):
        component |= {key: root for key, root in rows if key in component}
    words = {word for _part, rows in job.inbox_numbers("words") for (word,) in rows}
    known = {typed for _part, rows in job.inbox_numbers("typed") for key, typed in rows if key in component}
    for key, row in job.inbox("called", tuple[int, EntityKey]):
        if key in component:
            known.update(hashes(row.typed).tolist())
            job.send("called-so", component[key] % job.parts, msgspec.structs.replace(row, small=key in words))
    for part, rows in job.inbox_numbers("asked-names"):
        job.send("labels-of-names", part, [(typed, component[key]) for key, typed in rows if typed in known])


DEFINES = ("definitions", "users")
CONCEPTS = ("concepts", "attached", "defined", "uses")


def define(job: Job, posts: Mapping[int, Post], resolution: Resolution) -> None:
    """Send definitions, and glosses that may be of two names of one term, to the components of their terms."""
    component = {typed: root for rows in job.inbox("labels-of-names", list[tuple[int, int]]) for typed, root in rows}
    names = {definition.term for post in posts.values() for definition in post.definitions}
    names |= {name for post in posts.values() for gloss in post.glosses for name in (gloss.outer, gloss.inner)}
    known = {name: component.get(key) for name, key in zip(names, hashes(names).tolist(), strict=True)}
    for number, post in posts.items():
        targets: dict[int, list[tuple[int, Definition]]] = defaultdict(list)
        for place, definition in enumerate(post.definitions):
            targets[(known[definition.term] or 0) % job.parts].append((place, definition))
        named = [mention for mention in post.mentions if mention.kind not in VOCABULARIES] if targets else []
        entities = sorted({resolution.entity_of(mention.kind, mention.name, post.path).iri for mention in named})
        for to, found in targets.items():
            job.send("definitions", to, (number, post.path, found, entities))
        users: dict[int, list[Gloss]] = defaultdict(list)
        for gloss in post.glosses:
            root = known[gloss.outer]
            if root is not None and root == known[gloss.inner]:
                users[root % job.parts].append(gloss)
        for to, glosses in users.items():
            job.send("users", to, (number, post.path, glosses))


def make_draft(job: Job) -> list[Rank]:
    """Work out the terms of a partition, and send them to where they are written, and to the posts that define them.

    Returns the ranks of those that may enter the graph; whatever is sent about one carries its rank.
    """
    numbers: dict[str, int] = {}
    found: list[tuple[int, int, str, Definition]] = []
    named_by: set[tuple[str, IRI]] = set()
    row = tuple[int, str, list[tuple[int, Definition]], list[IRI]]
    for number, path, own, entities in job.inbox("definitions", row):
        numbers[path] = number
        found += ((number, place, path, definition) for place, definition in own)
        named_by |= {(path, iri) for iri in entities}
    found.sort(key=lambda row: row[:2])
    table = DefinitionTable([(path, definition) for _number, _place, path, definition in found])
    groups = families(table)
    called = list(job.inbox("called-so", EntityKey))
    words = lower_case_words({name for names in table.names for name in names}) | {
        row.key for row in called if row.small
    }
    known = EntityMatcher.of({(row.iri, row.kind, row.names) for row in called}, table, named_by, words)
    users: list[tuple[str, list[Gloss]]] = []
    for number, path, glosses in sorted(job.inbox("users", tuple[int, str, list[Gloss]]), key=lambda row: row[0]):
        numbers[path] = number
        users.append((path, glosses))
        table.key_of.add([name for gloss in glosses for name in (gloss.outer, gloss.inner)])
    posts = [Post(path, "", "", "", draft=False, dialect="", glosses=tuple(own)) for path, own in users]
    made = draft(posts, table, groups, known, job.config)

    def defined_by(iri: IRI, own: Sequence[int], rank: Rank | None) -> tuple[tuple[str, Definition], ...]:
        definitions = tuple(table.found[number] for number in own)
        for path, definition in definitions:
            job.send("defined", job.part_of(numbers[path]), (rank, path, iri, definition))
        return definitions

    rank_of: dict[IRI, Rank] = {}
    for (entity, own), rank in zip(made.entities, made.ranks, strict=True):
        rank_of[entity.iri] = rank
        concept = msgspec.structs.replace(entity, definitions=defined_by(entity.iri, own, rank))
        job.send("concepts", job.bucket(entity.iri), (rank, concept))
    for iri, own in made.known:
        job.send("attached", job.bucket(iri), (iri, defined_by(iri, own, None)))
    glosses_of = dict(users)
    for path, iri, number in made.uses:
        job.send("uses", job.part_of(numbers[path]), (rank_of[iri], path, iri, glosses_of[path][number].line))
    return list(made.ranks)


def cut(ranks: Iterable[Sequence[Rank]], most: int) -> set[Rank]:
    """Which concepts enter the graph, of those that may."""
    return set(nsmallest(most, (rank for part in ranks for rank in part)))
