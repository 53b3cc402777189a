"""Per family: the concept that its definitions are about, or the entity that they are about if there is one.

What enters the graph is a choice among all families: how many there are of each weight is added up, and the weight
that the last one chosen has is told to all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg.distributed import terms
from kg.distributed.records import (
    Body,
    ConceptRow,
    DefinedRow,
    DefinitionRow,
    FactRow,
    FamilyFactRow,
    IriRow,
    NamedRow,
    Numbered,
    UseRow,
    UserRow,
)
from kg.glossary.drafting import concept, used_by
from kg.glossary.families import DefinitionTable, Family, Keys
from kg.glossary.matching import VOCABULARIES, EntityMatcher
from kg.model import IRI, Entity
from kg.resolution import Resolution

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from kg.distributed.engine import Stages
    from kg.distributed.exchange import Job
    from kg.model import Definition

_Named = tuple[str, IRI]
"""(post path, an entity it names)."""


def send(job: Job) -> None:
    """Send each definition, and each post that uses a term by two names, to its family."""
    mine, facts = terms.settled(job)
    begun = set(job.inbox("told-fresh", str))
    with job.outboxes("definitions", "users") as (definitions, users):
        bodies = job.kept("bodies", Body)
        roots = terms.roots(job, mine, facts, begun)
        called = zip(mine.found, mine.keys, roots, strict=True)
        for body in bodies:
            for definition in body.definitions:
                found, keys, root = next(called)
                known = [facts[key] for key in keys]
                row = DefinitionRow(root, body.number, body.path, definition, found.names, known)
                definitions.send(job.bucket(root), row)
        root_of = {name: key if key in begun else facts[key].root for name, key in mine.typed.items()}
        root_of = {name: root for name, root in root_of.items() if root}
        for body in bodies:
            lines: dict[str, int] = {}
            for root, gloss in used_by(body.glosses, root_of):
                lines.setdefault(root, body.glosses[gloss].line)
            for root, line in lines.items():
                users.send(job.bucket(root), UserRow(root, body.number, body.path, line))


class _Group(NamedTuple):
    """A family, and all that decides about it."""

    root: str
    rows: list[DefinitionRow]
    family: Family
    said: DefinitionTable
    by_key: dict[str, tuple[IRI, str]]
    small: set[str]
    users: list[UserRow]

    def known(self, named_by: Container[_Named]) -> IRI | None:
        """The entity that it is about, if it is one."""
        return EntityMatcher(self.said, self.by_key, named_by, self.small).match(self.family)

    @property
    def definitions(self) -> tuple[tuple[str, Definition], ...]:
        """(post path, definition), by path and place."""
        return tuple(self.said.found[number] for number in self.said.in_order(self.family.numbers))

    @property
    def definers(self) -> set[str]:
        """Paths of the posts that define it."""
        return {row.path for row in self.rows}

    @property
    def weight(self) -> int:
        """Number of posts that define it or use it."""
        return len(self.definers.union(row.path for row in self.users))

    @property
    def least(self) -> str:
        """Its first key."""
        return min(self.family.keys)


def _groups(job: Job) -> Iterator[_Group]:
    """The families of a part."""
    rows: dict[str, list[DefinitionRow]] = defaultdict(list)
    for row in job.inbox("definitions", DefinitionRow):
        rows[row.root].append(row)
    keys: dict[str, list[FactRow]] = defaultdict(list)
    for family_fact in job.inbox("family-facts", FamilyFactRow):
        keys[family_fact.root].append(family_fact.fact)
    users: dict[str, list[UserRow]] = defaultdict(list)
    for user in job.inbox("users", UserRow):
        users[user.root].append(user)
    for root, found in sorted(rows.items()):
        facts = [*keys[root], *(fact for row in found for fact in row.facts)]
        key_of = Keys.known({name: fact.key for row in found for name, fact in zip(row.names, row.facts, strict=True)})
        said = DefinitionTable.part(
            [(row.path, row.definition) for row in found],
            [row.names for row in found],
            key_of,
            abbreviations={fact.key for fact in facts if fact.abbreviation},
        )
        by_key = {fact.key: (fact.entity, fact.kind) for fact in facts if fact.entity}
        family = Family({root, *(fact.key for fact in keys[root])}, list(range(len(found))))
        yield _Group(root, found, family, said, by_key, {fact.key for fact in facts if fact.small}, users[root])


class _Questions(set[_Named]):
    """What nobody names, and who is asked about."""

    def __contains__(self, item: object) -> bool:
        self.add(item)  # type: ignore[arg-type]
        return False


def ask_named(job: Job) -> None:
    """Ask which posts that define a term name the entity that it may be."""
    with job.outboxes("asked-named") as (box,):
        for group in _groups(job):
            asked = _Questions()
            group.known(asked)
            numbers = {row.path: row.number for row in group.rows}
            for path, iri in sorted(asked):
                box.send(job.part_of(numbers[path]), NamedRow(numbers[path], path, iri, job.part))


def tell_named(job: Job) -> None:
    """Answer `ask_named`."""
    resolution = entities_of(job)
    posts = {one.number: one.post for one in job.kept("posts", Numbered)}
    named: dict[int, set[IRI]] = {}
    with job.outboxes("told-named") as (box,):
        for ask in job.inbox("asked-named", NamedRow):
            if ask.number not in named:
                post = posts[ask.number]
                named[ask.number] = {
                    resolution.entity_of(mention.kind, mention.name, post.path).iri
                    for mention in post.mentions
                    if mention.kind not in VOCABULARIES
                }
            if ask.entity in named[ask.number]:
                box.send(ask.part, ask)


def entities_of(job: Job) -> Resolution:
    """What the posts of a part need to know: which entity each of their names stands for."""
    by_key = {
        (row.kind, row.key): Entity(row.iri, row.kind, "", ())
        for name in ("iris", "more-iris")
        for row in job.inbox(name, IriRow)
    }
    return Resolution((), (), (), by_key, job.ledger.splits())


def recognise(job: Job) -> Counter[int]:
    """Give definitions to the entities they are about; give how many other families there are of each weight."""
    named = {(row.path, row.entity) for row in job.inbox("told-named", NamedRow)}
    weights: Counter[int] = Counter()
    new: list[str] = []
    with job.outboxes("attached", "defined") as (attached, defined):
        for group in _groups(job):
            iri = group.known(named)
            if iri is None:
                new.append(group.root)
                weights[group.weight] += 1
                continue
            attached.send(job.bucket(iri), ConceptRow(iri, None, group.definitions))
            for row in group.rows:
                defined.send(job.part_of(row.number), DefinedRow(row.path, iri, row.definition))
    job.keep("new", new)
    return weights


def _new(job: Job) -> Iterator[_Group]:
    new = set(job.kept("new", str))
    return (group for group in _groups(job) if group.root in new)


def ties(job: Job, weight: int, count: int) -> list[str]:
    """The first keys of the families of one weight, in order, and no more than are needed."""
    return nsmallest(count, (group.least for group in _new(job) if group.weight == weight))


def make(job: Job, weight: int, last: str) -> None:
    """Make the concepts that enter the graph: all above a weight, and those of that weight up to a key."""
    with job.outboxes("concepts", "more-defined", "uses") as (concepts, defined, uses):
        for group in _new(job):
            if group.weight < weight or (group.weight == weight and group.least > last):
                continue
            family_of = dict.fromkeys(group.family.keys, group.root)
            drafted = concept(group.said, group.family, family_of, job.plan.config)
            made = msgspec.structs.replace(drafted, definitions=group.definitions)
            concepts.send(job.bucket(made.iri), ConceptRow(made.iri, made, ()))
            for row in group.rows:
                defined.send(job.part_of(row.number), DefinedRow(row.path, made.iri, row.definition))
            definers = group.definers
            for user in group.users:
                if user.path not in definers:
                    uses.send(job.part_of(user.number), UseRow(user.path, made.iri, user.line))


def run(stages: Stages) -> None:
    """From families to concepts."""
    stages("definitions", send)
    stages("ask named", ask_named)
    stages("tell named", tell_named)
    weights: Counter[int] = Counter()
    for part in stages("recognise", recognise):
        weights.update(part)
    settings = stages.plan.config.glossary
    left, least, last = settings.max_concepts, settings.min_posts, _LAST
    for weight in sorted((weight for weight in weights if weight >= settings.min_posts), reverse=True):
        if weights[weight] > left:
            tied = stages("ties", partial(ties, weight=weight, count=left))
            first = nsmallest(left, (key for part in tied for key in part))
            least, last = weight, first[-1] if first else ""
            break
        left -= weights[weight]
    stages("concepts", partial(make, weight=least, last=last))


_LAST = chr(0x10FFFF)
"""No key comes after it."""
