"""Which forms are one thing, given the evidence and what people decided; and the entities that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from kg.model import Entity, Evidence, Merge
from kg.resolution.clustering import Clusters, join_all
from kg.resolution.entities import entity_of_names, plain_entity
from kg.resolution.evidence.brackets import holds_two_names
from kg.resolution.names import Key, first_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.config import Config
    from kg.resolution.forms import Form, Forms
    from kg.resolution.ledger import Ledger
    from kg.resolution.scoring import ScoredPair

STRONG = 0.9
"""Pairs of at least this confidence need no support from other pairs of their cluster."""


def decide(
    forms: Forms, pairs: list[ScoredPair], ledger: Ledger, config: Config
) -> tuple[dict[Key, Entity], dict[int, tuple[str, str]]]:
    """Cluster the forms and make an entity of each cluster.

    Args:
        forms: all forms, or one connected component of pairs and ledger decisions.
        pairs: strongest first.
        ledger: the users' decisions.
        config: for the base IRI, the languages and `[resolution]`.

    Returns:
        Name → its entity, shared by all names of a cluster; and index of a pair → (decision, reason).
    """
    clusters, joined = _ledger_clusters(forms, ledger, pairs)
    decisions = join_all(pairs, clusters, at_least=config.resolution.accept_above)
    for place, pair in enumerate(pairs):
        if (pair.a, pair.b) in joined:
            decisions[place] = ("applied", "rule" if joined[pair.a, pair.b] else "ledger")
    merges = _merges(forms, pairs, decisions, joined)
    return _entities(forms, clusters, merges, ledger, config), decisions


def _ledger_clusters(
    forms: Forms, ledger: Ledger, pairs: list[ScoredPair]
) -> tuple[Clusters, dict[tuple[int, int], str]]:
    """The clusters that the ledger decides, before any inference; and what it joins: see `pairs_of_ledger`."""
    clusters = Clusters(
        forms,
        frozenset((pair.a, pair.b) for pair in pairs if pair.confidence >= STRONG),
        frozenset((pair.a, pair.b) for pair in pairs if any(evidence.kind == "pinyin" for evidence in pair.evidence)),
        [{forms.of_name[key].number for key in group if key in forms.of_name} for group in ledger.distinct_sets()],
        {forms.of_name[key].number: iri for key, iri in ledger.pins().items() if key in forms.of_name},
    )
    joined: dict[tuple[int, int], str] = {}
    for a, b, note in pairs_of_ledger(forms, ledger):
        if not clusters.refusal(a, b):
            clusters.join(a, b)
            joined.setdefault((a, b), note)
    return clusters, joined


def pairs_of_ledger(forms: Forms, ledger: Ledger) -> Iterator[tuple[int, int, str]]:
    """Pairs of forms that the ledger or a note joins, directly or through a name that no post mentions."""
    note_of = {note.keys: note.posts[0] for note in ledger.notes}
    for group in ledger.same_groups():
        first, *rest = dict.fromkeys(forms.of_name[key].number for key in group if key in forms.of_name) or (0,)
        note = note_of.get(tuple(group), "")
        yield from ((min(first, other), max(first, other), note) for other in rest)


def _merges(
    forms: Forms, pairs: list[ScoredPair], decisions: dict[int, tuple[str, str]], joined: Mapping[tuple[int, int], str]
) -> dict[int, list[Merge]]:
    """Form → its merges with other forms, strongest first."""

    def differing(a: int, b: int) -> tuple[str, ...]:
        both = forms.at[a].kind, forms.at[b].kind
        return both if both[0] != both[1] else ()

    merges: dict[int, list[Merge]] = {}
    listed = {}
    for place, pair in enumerate(pairs):
        decision, reason = decisions[place]
        if decision == "applied":
            listed[pair.a, pair.b] = Merge(
                forms.at[pair.a].label,
                forms.at[pair.b].label,
                pair.confidence if reason == "inference" else 1.0,
                pair.evidence,
                reason,
                differing(pair.a, pair.b),
            )
    for a, b in sorted(joined.keys() - listed.keys()):
        note = joined[a, b]
        evidence = (Evidence("note", 1, ((note, 1),)) if note else Evidence("ledger", 1),)
        by = "rule" if note else "ledger"
        listed[a, b] = Merge(forms.at[a].label, forms.at[b].label, 1.0, evidence, by, differing(a, b))
    for (a, _b), merge in listed.items():
        merges.setdefault(a, []).append(merge)
    for form in forms.all:
        if len(form.keys) > 1:
            names = forms.names_of(form)
            first = max(names, key=lambda name: (name.count, name.key))
            for name in names:
                if name is not first:
                    evidence = (Evidence("folding", name.count, first_places([name])),)
                    merges.setdefault(form.number, []).append(Merge(first.label, name.label, 1.0, evidence, "rule"))
    return merges


def _entities(
    forms: Forms, clusters: Clusters, merges: dict[int, list[Merge]], ledger: Ledger, config: Config
) -> dict[Key, Entity]:
    """Name → its entity, shared by all names of a cluster."""
    pins, labels = ledger.pins(), ledger.labels()
    same_as, homepages = ledger.external_iris("sameas"), ledger.external_iris("homepage")
    by_key: dict[Key, Entity] = {}
    decided = bool(pins or labels or same_as or homepages)
    for cluster in clusters:
        members = [forms.at[number] for number in cluster]
        names = [forms.names[form.kind, key] for form in members for key in form.keys]
        if len(names) == 1 and len(names[0].spellings) == 1 and not decided:
            by_key[names[0].id] = plain_entity(names[0], config)
            continue
        keys = [name.id for name in names]
        found = [merge for number in cluster for merge in merges.get(number, ())]
        entity = entity_of_names(
            names,
            config,
            merges=_told_once(found),
            iri=next((pins[key] for key in keys if key in pins), None),
            label=next((labels[key] for key in keys if key in labels), ""),
            same_as=[iri for key in keys for iri in same_as.get(key, ())],
            homepage=next((iri for key in keys for iri in homepages.get(key, ())), ""),
            secondary=_secondary(members) if len(members) > 1 else frozenset(),
        )
        for key in keys:
            by_key[key] = entity
    return by_key


def _told_once(merges: Iterable[Merge]) -> list[Merge]:
    """One merge for two names that are joined under several kinds, with the evidence of all of these."""
    by_names: dict[tuple[str, str, tuple[str, ...]], Merge] = {}
    for merge in merges:
        key = (merge.name, merge.other, merge.kinds)
        first = by_names.setdefault(key, merge)
        if first is not merge:
            confidence = max(first.confidence, merge.confidence)
            by_names[key] = replace(first, confidence=confidence, evidence=(*first.evidence, *merge.evidence))
    return list(by_names.values())


def _secondary(members: list[Form]) -> frozenset[str]:
    """Names used as a label only for lack of a better one: bare surnames, and names with a second one in brackets."""
    full = {form.wide for form in members if len(form.words) > 1 and form.kind == "person"}
    return frozenset(
        key
        for form in members
        if holds_two_names(form) or (len(form.words) == 1 and form.wide in full)
        for key in form.keys
    )
