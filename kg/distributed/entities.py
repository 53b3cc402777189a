"""Per component: forms that evidence or people connect, directly or in a chain, become entities.

Components are found by spreading labels: every form begins with its own name for a label and takes over the least one
of its neighbours, until nobody has anything new to say. Then each component is decided in one place, by the same
function that locally decides all of them. Components are small: what names one thing is not often said to name another.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.distributed.forms import home, some
from kg.distributed.records import (
    ComponentPairRow,
    EdgeRow,
    EntityKeyRow,
    FormRow,
    IriRow,
    LabelRow,
    MemberRow,
    PairRow,
)
from kg.glossary.families import Keys, stem
from kg.glossary.matching import spellings
from kg.resolution import decide
from kg.resolution.scoring import ScoredPair, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.distributed.exchange import Job, Outbox
    from kg.model import IRI, Entity


class Labelled(NamedTuple):
    """A form, the least form that it is known to be connected with, and its neighbours."""

    form: str
    label: str
    neighbours: list[str]


def begin(job: Job) -> int:
    """Give each form that has a neighbour its own name for a label."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for edge in job.inbox("edges", EdgeRow):
        neighbours[edge.form].add(edge.other)
    for a, b in job.told("joined", tuple[str, str]):
        for one, two in ((a, b), (b, a)):
            if home(one) == job.part:
                neighbours[one].add(two)
    held = [Labelled(form, form, sorted(others)) for form, others in sorted(neighbours.items())]
    return _spread(job, 0, held, held)


def go_on(job: Job, rounds: int) -> int:
    """Take over the least label that was sent, and send it on where it is new; gives the number of these forms."""
    least: dict[str, str] = {}
    for row in job.inbox(f"labels-{rounds - 1}", LabelRow):
        least[row.form] = min(row.label, least.get(row.form, row.label))
    held = job.kept(f"labelled-{rounds - 1}", Labelled)
    now = [one._replace(label=min(one.label, least.get(one.form, one.label))) for one in held]
    return _spread(job, rounds, now, [new for old, new in zip(held, now, strict=True) if old != new])


def _spread(job: Job, number: int, held: Iterable[Labelled], new: Sequence[Labelled]) -> int:
    job.keep(f"labelled-{number}", held)
    with job.outboxes(f"labels-{number}") as (box,):
        for one in new:
            for other in one.neighbours:
                box.send(home(other), LabelRow(other, one.label))
    return len(new)


def gather(job: Job, rounds: int) -> list[Entity]:
    """Send the forms of each component, and its pairs, to one place; a form that is alone is an entity already.

    Gives the entities whose IRI is one that the ledger pins.
    """
    label = {one.form: one.label for one in job.kept(f"labelled-{rounds}", Labelled)}
    alone = []
    with job.outboxes("members", "component-pairs", "iris", "entities", "entity-keys") as boxes:
        members, pairs, *rest = boxes
        for row in job.kept("forms", FormRow):
            if row.id in label:
                members.send(job.bucket(label[row.id]), MemberRow(label[row.id], row))
            else:
                alone.append(row)
        for pair in job.inbox("pairs", PairRow):
            pairs.send(job.bucket(label[pair.a]), ComponentPairRow(label[pair.a], pair))
        return _decide(job, alone, [], rest)


def settle(job: Job) -> list[Entity]:
    """Decide the components of a part; gives the entities whose IRI is one that the ledger pins."""
    rows = [row.form for row in job.inbox("members", MemberRow)]
    pairs = [row.pair for row in job.inbox("component-pairs", ComponentPairRow)]
    with job.outboxes("more-iris", "more-entities", "more-entity-keys") as boxes:
        return _decide(job, rows, pairs, boxes)


def _decide(job: Job, rows: Sequence[FormRow], found: Iterable[PairRow], boxes: Sequence[Outbox]) -> list[Entity]:
    iris, entities, keys = boxes
    forms, by_id, _ids = some(rows)
    names = {name.id: name for form in forms.all for name in form.names}
    pairs = [
        ScoredPair(by_id[row.a].number, by_id[row.b].number, row.confidence, row.evidence, row.objection)
        for row in found
    ]
    by_key, _decisions = decide(forms, names, in_order(pairs, forms), job.ledger, job.plan.config)
    asked = {(name.kind, name.key): name.parts for row in rows for name in row.names}
    for (kind, key), entity in by_key.items():
        for part in asked[kind, key]:
            iris.send(part, IriRow(kind, key, entity.iri))
    unique = {entity.iri: entity for entity in by_key.values()}
    for iri, entity in unique.items():
        entities.send(job.bucket(iri), entity)
    if job.plan.config.glossary.enabled:
        _send_keys(job, unique, keys)
    pinned = set(job.ledger.pins().values())
    return [entity for iri, entity in unique.items() if iri in pinned]


def _send_keys(job: Job, unique: Mapping[IRI, Entity], box: Outbox) -> None:
    """Let the glossary know what entities are called."""
    key_of = Keys()
    key_of.add({name for entity in unique.values() for name in spellings(entity)})
    for entity in unique.values():
        for name in dict.fromkeys(spellings(entity)):
            key = key_of(name)
            box.send(job.bucket(stem(key)), [name, EntityKeyRow(key, entity.kind, entity.iri)])
