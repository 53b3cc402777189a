"""Per term: which names of terms belong together, and which concepts or entities they are.

Names that a definition gives its term, and all that may come to be such names, are connected. Whatever decides about a
name is in its component, so that `kg.glossary` is run as it is, on the components of a partition.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from kg.cluster.components import EDGES
from kg.cluster.job import hashes
from kg.glossary.drafting import Draft, draft
from kg.glossary.known import VOCABULARIES, Known, also, small_words, spellings
from kg.glossary.statements import LONGEST_NAME, Keys, Statements, families, may_name
from kg.mining.phrases import has_han
from kg.model import IRI, Definition, Entity, Gloss, Post, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.cluster.job import Job
    from kg.resolution import Resolution

SENDS = ("vertices", "words", "typed", "asked-typed")
_Rank = tuple[int, str]


def send_terms(job: Job, posts: Sequence[Post]) -> int:
    """Send the names of terms, and the question which names in glosses are some; gives the number of connections."""
    found = [definition for post in posts for definition in post.definitions]
    called = {d: (d.term, *d.translations) for d in found}
    texts = {d.text for d in found if len(d.text) <= LONGEST_NAME and has_han(d.text)}
    key_of = Keys()
    key_of.add({name for names in called.values() for name in names} | texts)
    edges: set[tuple[str, str]] = set()
    for definition, names in called.items():
        keys = list(map(key_of, names))
        if may_name(definition):
            keys.append(key_of(definition.text))
            # A word in it that is written small is one only if the text is a name.
            edges |= {(keys[0], word) for word in small_words([definition.text])}
        edges |= {(keys[0], key) for key in keys}
    vertices = {key_of(name) for names in called.values() for name in names}
    edges |= {(key, key.replace("-", " ")) for key in vertices if "-" in key}
    ends = hashes([end for edge in edges for end in edge]).reshape(-1, 2)
    ends = ends[ends[:, 0] != ends[:, 1]]
    job.write("term-edges", pa.table({"node": ends[:, 0], "other": ends[:, 1]}, EDGES))
    job.send_arrays("vertices", hashes(sorted(vertices)))
    job.send_arrays("words", hashes(sorted(small_words(name for names in called.values() for name in names))))
    typed = sorted(dict(key_of.items()))
    job.send_arrays("typed", hashes([key_of(name) for name in typed]), hashes(typed))
    asked = {d.term for d in found} | {name for post in posts for g in post.glosses for name in (g.outer, g.inner)}
    job.send_arrays("asked-typed", hashes(sorted(asked)))
    return len(ends)


class Called(Record, frozen=True):
    """An entity, under one key of its names."""

    key: str
    typed: tuple[str, ...]
    """Its names with this key."""
    iri: IRI
    kind: str
    names: tuple[str, ...]
    """All of them."""
    small: bool = False
    """Whether names of terms have the key for a word in small letters."""


def send_called(job: Job, entities: Iterable[Entity]) -> None:
    """Let terms know what entities are called."""
    named = [(entity, tuple(dict.fromkeys(spellings(entity)))) for entity in entities]
    key_of = Keys()
    key_of.add({name for _entity, names in named for name in names})
    rows = []
    for entity, names in named:
        typed: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for key in also(key_of(name), entity.kind):
                typed[key] += [name] if key == key_of(name) else []
        rows += [Called(key, tuple(own), entity.iri, entity.kind, names) for key, own in typed.items()]
    for row, key in zip(rows, hashes([row.key for row in rows]).tolist(), strict=True):
        job.send("called", key % job.parts, (key, row))


def send_labels(job: Job) -> None:
    """Send the component of each name that has another one to where the name is."""
    job.send_arrays("term-labels", job.frame["node"].to_numpy(), job.frame["other"].to_numpy())


LABELLED = ("vertices", "words", "typed", "term-labels", "called")


def label(job: Job) -> None:
    """Tell the names of terms, and entities that are called as terms are, which component they belong to."""
    _senders, vertices = job.inbox_arrays("vertices", 1)
    _senders, nodes, roots = job.inbox_arrays("term-labels", 2)
    component = {key: key for key in vertices.tolist()}
    component |= {node: root for node, root in zip(nodes.tolist(), roots.tolist(), strict=True) if node in component}
    words = set(job.inbox_arrays("words", 1)[1].tolist())
    names: dict[int, int] = {}
    for key, typed in zip(*(column.tolist() for column in job.inbox_arrays("typed", 2)[1:]), strict=True):
        if key in component:
            names[typed] = component[key]
    for key, row in job.inbox("called", tuple[int, Called]):
        if key in component:
            names |= dict.fromkeys(hashes(row.typed).tolist(), component[key])
            job.send("called-so", component[key] % job.parts, msgspec.structs.replace(row, small=key in words))
    job.send_arrays("labelled", np.array(list(names), np.uint64), np.array(list(names.values()), np.uint64))


def tell(job: Job) -> None:
    """Answer the parts which of the names they asked for are names of terms, and of which component."""
    _senders, typed, labels = job.inbox_arrays("labelled", 2)
    component = dict(zip(typed.tolist(), labels.tolist(), strict=True))
    senders, asked = job.inbox_arrays("asked-typed", 1)
    known = np.isin(asked, typed)
    for part in range(job.parts):
        own = asked[known & (senders == part)]
        job.send("told-typed", part, (own.tobytes(), np.array([component[one] for one in own.tolist()], np.uint64).tobytes()))


DEFINES = ("definitions", "users")


def define(job: Job, posts: Mapping[int, Post], resolution: Resolution) -> None:
    """Send definitions, and posts that may use a term by two names, to the components of their terms."""
    component: dict[int, int] = {}
    for typed, labels in job.inbox("told-typed", tuple[bytes, bytes]):
        pairs = (np.frombuffer(column, np.uint64).tolist() for column in (typed, labels))
        component |= dict(zip(*pairs, strict=True))
    names = sorted({n for p in posts.values() for g in p.glosses for n in (g.outer, g.inner)} | {d.term for p in posts.values() for d in p.definitions})
    known = {name: component[key] for name, key in zip(names, hashes(names).tolist(), strict=True) if key in component}
    for number, post in posts.items():
        targets: dict[int, list[tuple[int, Definition]]] = defaultdict(list)
        for place, definition in enumerate(post.definitions):
            targets[known[definition.term] % job.parts].append((place, definition))
        for to, found in targets.items():
            entities = {
                resolution.entity_of(mention.kind, mention.name, post.path).iri
                for mention in post.mentions
                if mention.kind not in VOCABULARIES
            }
            job.send("definitions", to, (number, post.path, found, sorted(entities)))
        users: dict[int, list[Gloss]] = defaultdict(list)
        for gloss in post.glosses:
            if gloss.outer in known and known[gloss.outer] == known.get(gloss.inner):
                users[known[gloss.outer] % job.parts].append(gloss)
        for to, glosses in users.items():
            job.send("users", to, (number, post.path, glosses))


class Drafted(Record, frozen=True):
    """What the terms of a partition are."""

    draft: Draft
    found: list[tuple[str, Definition]]
    """What the numbers of the draft stand for."""
    users: list[tuple[str, list[Gloss]]]
    """Post path, and those of its glosses that the draft counts."""
    numbers: dict[str, int]
    """Path of a post → its number."""


def make_draft(job: Job) -> list[_Rank]:
    """Work out the terms of a partition; gives how each that may enter the graph ranks."""
    numbers: dict[str, int] = {}
    found: list[tuple[int, int, str, Definition]] = []
    named_by: set[tuple[str, IRI]] = set()
    for number, path, own, entities in job.inbox(
        "definitions", tuple[int, str, list[tuple[int, Definition]], list[IRI]]
    ):
        numbers[path] = number
        found += ((number, place, path, definition) for place, definition in own)
        named_by |= {(path, iri) for iri in entities}
    found.sort(key=lambda row: row[:2])
    users = sorted(job.inbox("users", tuple[int, str, list[Gloss]]), key=lambda row: row[0])
    numbers |= {path: number for number, path, _glosses in users}
    called = list(job.inbox("called-so", Called))
    said = Statements([(path, definition) for _number, _place, path, definition in found])
    words = {row.key for row in called if row.small}
    known = Known.of({(row.iri, row.kind, row.names) for row in called}, said, named_by, words | small_words({name for names in said.names for name in names}))
    said.key_of.add({name for _number, _path, glosses in users for g in glosses for name in (g.outer, g.inner)})
    posts = [Post(path, "", "", "", draft=False, dialect="", glosses=tuple(glosses)) for _number, path, glosses in users]
    made = draft(posts, said, families(said), known, job.plan.config)
    job.keep("drafts", [Drafted(made, said.found, [(post.path, list(post.glosses)) for post in posts], numbers)])
    return list(made.ranks)


def cut(ranks: Iterable[Sequence[_Rank]], most: int) -> set[_Rank] | None:
    """The concepts that enter the graph, of those that may; None for all of them."""
    every = [rank for part in ranks for rank in part]
    return None if len(every) <= most else set(nsmallest(most, every))


CONCEPTS = ("concepts", "attached", "defined", "uses")


def make_concepts(job: Job, chosen: set[_Rank] | None) -> None:
    """Send concepts, and what is to be added to entities, to where they are written; and to posts what they define."""
    (drafted,) = job.kept("drafts", Drafted)
    made, found, numbers = drafted.draft, drafted.found, drafted.numbers
    entered: set[IRI] = set()

    def told(iri: IRI, own: Sequence[int]) -> tuple[tuple[str, Definition], ...]:
        definitions = tuple(found[number] for number in own)
        for path, definition in definitions:
            job.send("defined", job.part_of(numbers[path]), (path, iri, definition))
        return definitions

    for (entity, own), rank in zip(made.entities, made.ranks, strict=True):
        if chosen is None or rank in chosen:
            entered.add(entity.iri)
            concept = msgspec.structs.replace(entity, definitions=told(entity.iri, own))
            job.send("concepts", job.bucket(entity.iri), concept)
    for iri, own in made.known:
        job.send("attached", job.bucket(iri), (iri, told(iri, own)))
    glosses = dict(drafted.users)
    for path, iri, number in made.uses:
        if iri in entered:
            job.send("uses", job.part_of(numbers[path]), (path, iri, glosses[path][number].line))
