"""Entity resolution: which names are names of one thing, on what evidence, and with what confidence.

    posts ─names─▶ FoldedName ─forms─▶ Form ─evidence─▶ Clue ─scoring─▶ ScoredPair ─clustering─▶ cluster
          ─entities─▶ Entity

Decisions in the ledger (`kg.resolution.ledger`) override all evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import structs

from kg.diagnostics import diagnose
from kg.errors import LedgerError
from kg.fields import RESERVED_KINDS
from kg.model import IRI, Diagnostic, Entity, Evidence, Merge, Post, Record
from kg.namespaces import KG
from kg.resolution.clustering import Clusters, join_all
from kg.resolution.entities import entity_of_names, plain_entity
from kg.resolution.evidence.brackets import holds_two_names
from kg.resolution.forms import Form, Forms
from kg.resolution.ledger import Decision, Ledger, quoted
from kg.resolution.names import Key, collect, first_places, key_of
from kg.resolution.pairs import NOTHING, judge
from kg.resolution.saved import Saved, Shown, same_names, shown_by, updated

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from kg.config import Config
    from kg.resolution.finding import Told
    from kg.resolution.scoring import ScoredPair

NOT_ENTITIES = RESERVED_KINDS | {"post", "concept", "page"}
"""First path segments, below the base IRI, of IRIs that are not those of entities."""
STRONG = 0.9
"""Pairs of at least this confidence need no support from other pairs of their cluster."""
_encode = msgspec.msgpack.Encoder().encode


class Candidate(Record, frozen=True):
    """A candidate pair: two names that may be one, and the decision about them."""

    name: str
    other: str
    kind: str
    """Of the name; and of the other one, unless `other_kind` is given."""
    confidence: float
    """In [0, 1]."""
    evidence: tuple[Evidence, ...]
    decision: str
    """`applied`, `waiting` or `refused`."""
    reason: str = ""
    """What decided (`rule`, `inference`, `ledger`), or why the pair waits or was refused."""
    other_kind: str = ""
    mentions: tuple[int, int] = (0, 0)
    """How often posts mention either name."""

    @property
    def kinds(self) -> tuple[str, str]:
        """The kinds of both names."""
        return self.kind, self.other_kind or self.kind

    def decision_of(self, verb: str) -> Decision:
        """The line of the ledger that decides about it."""
        return Decision(verb, self.kind, (self.name, self.other), kinds=self.kinds if self.other_kind else ())


class Renewed(NamedTuple):
    """What is otherwise than in the last resolution."""

    old: list[Entity]
    """The entities that are no more, or have changed."""
    new: list[Entity]
    """Those that are new, or have changed."""
    posts: set[int]
    """The posts with a name that means a thing of another IRI; of changed posts, not all."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of resolving the names of all posts."""

    entities: tuple[Entity, ...]
    """In IRI order."""
    candidates: tuple[Candidate, ...] = ()
    """Strongest first; none after an edit of a few posts, and so of `by_spelling`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    by_key: Mapping[Key, Entity] = field(default_factory=dict, repr=False)
    splits: dict[tuple[str, Key], str] = field(default_factory=dict, repr=False)
    """(post path, name) → the name it stands for in that post, from the ledger's `split` lines."""
    by_spelling: dict[tuple[str, str], Entity] = field(default_factory=dict, repr=False)
    """(kind, name as typed) → its entity, in all posts without a split for it."""
    renewed: Renewed | None = field(default=None, repr=False, compare=False)
    """What has changed since the last resolution; None if that is not known."""
    save: Callable[[Mapping[str, Shown]], Saved] | None = field(default=None, repr=False, compare=False)
    """Gives what the next resolution is to be told, given `shown_by`; None if it would be what this one was told."""

    def entity_of(self, kind: str, name: str, post_path: str = "") -> Entity:
        """The entity a mention refers to.

        Args:
            kind: the kind of the mention.
            name: any spelling that folds to a name of the posts.
            post_path: the post that mentions it, for names the ledger splits by post.

        Raises:
            KeyError: no post mentions the name with that kind.
        """
        if not self.splits and (entity := self.by_spelling.get((kind, name))):
            return entity
        key = key_of(kind, name)
        if (post_path, key) in self.splits:
            key = key_of(kind, self.splits[post_path, key])
        return self.by_key[key]


def resolve(
    posts: Sequence[Post],
    config: Config,
    ledger: Ledger | None = None,
    *,
    last: Saved | None = None,
    shown: Mapping[str, Shown] | None = None,
    before: Mapping[str, Post] | None = None,
    tell: Callable[[Forms], Callable[[], Told]] | None = None,
) -> Resolution:
    """Resolve the names of all posts to entities.

    Args:
        posts: all posts, in path order.
        config: for the base IRI, the languages and `[resolution]`.
        ledger: the users' decisions; None if there are none.
        last: what was saved the last time, with the same settings and decisions; it is used up.
        shown: what `shown_by` gives for the posts; None if nobody has asked yet.
        before: path → changed posts as they were, as far as they are known; None tells everything about all names.
        tell: how to do what `kg.resolution.finding.told` does; None does it here.

    Raises:
        LedgerError: as `check_pins`.
    """
    ledger = ledger or Ledger()
    splits = ledger.splits()
    shown = shown_by(posts, last.posts) if last and shown is None else shown or {}
    notes = [(note.kind, note.names, note.posts[0]) for note in ledger.notes]
    if last and last.notes == notes and same_names(shown, last):
        meaning = [last.entities[number] for number in last.meaning]
        found = _resolution(
            posts,
            config,
            ledger,
            Forms(last.forms, {}),
            meaning,
            last.entities,
            last.pairs,
            last.decisions,
            whole=before is None,
        )
        return replace(found, renewed=Renewed([], [], set()))
    change = renewed = None
    if last is None or splits:
        # A name that the ledger splits off is in the company of others where it does not count.
        last, forms = None, Forms.of_names(collect(posts, splits), ledger.distinct_sets())
    else:
        forms, change = updated(last, posts, shown, list(ledger.distinct_sets()), before or {})
    numbers = {path: number for number, path in enumerate(shown or [post.path for post in posts])}
    judged = judge(forms, posts, numbers, config, last, change, tell) if config.resolution.infer else NOTHING
    pairs = judged.pairs
    if last and change:
        groups = [group for group in ledger.same_groups() if not change.gone.isdisjoint(group)]
        groups += ([key_of(kind, name) for name in names] for kind, names, _path in {*notes} ^ {*last.notes})
        again = change.numbers | judged.unlike
        again |= {forms.of_name[key].number for group in groups for key in group if key in forms.of_name}
        meaning, decisions, renewed = _decide_again(forms, pairs, ledger, config, last, change.now, again)
    else:
        by_key, decided = decide(forms, pairs, ledger, config)
        meaning = [by_key[form.kind, form.keys[0]] for form in forms.all]
        decisions = [decided[place] for place in range(len(pairs))]
        forms = Forms(forms.all, {})  # the records of names are large, and needed no more
    check_pins(meaning, ledger, config)
    unique = {entity.iri: entity for entity in meaning}
    entities = [unique[iri] for iri in sorted(unique)]

    def save(shown: Mapping[str, Shown]) -> Saved:
        place = {entity.iri: number for number, entity in enumerate(entities)}
        entity_of = [place[entity.iri] for entity in meaning]
        found = msgspec.Raw(_encode(judged.found))
        return Saved({**shown}, notes, [*forms.all], entities, entity_of, pairs, decisions, found)

    found = _resolution(posts, config, ledger, forms, meaning, entities, pairs, decisions, whole=before is None)
    return replace(found, renewed=renewed, save=save)


def _resolution(
    posts: Sequence[Post],
    config: Config,
    ledger: Ledger,
    forms: Forms,
    meaning: Sequence[Entity],
    entities: Sequence[Entity],
    pairs: Iterable[ScoredPair],
    decisions: Iterable[tuple[str, str]],
    *,
    whole: bool,
) -> Resolution:
    """The resolution, given the entity of each form, and a decision for each pair; all that it tells, if `whole`."""
    by_key = _ByName(forms, meaning)
    splits = ledger.splits()
    mentioned = {(post.path, key_of(m.kind, m.name)) for post in posts for m in post.mentions} if splits else set()
    return Resolution(
        tuple(entities),
        tuple(
            Candidate(
                one.label, two.label, one.kind, pair.confidence, pair.evidence, *decision,
                two.kind if two.kind != one.kind else "", (one.count, two.count),
            )
            for pair, decision in (zip(pairs, decisions, strict=True) if whole else ())
            for one, two in [(forms.at[pair.a], forms.at[pair.b])]
        ),
        unused(ledger, by_key, mentioned, config),
        by_key,
        splits,
        {(form.kind, typed): entity for form, entity in zip(forms.all, meaning, strict=True) for typed in form.typed}
        if whole
        else {},
    )  # fmt: skip


class _ByName(Mapping[Key, Entity]):
    """Name → its entity, by its form."""

    def __init__(self, forms: Forms, meaning: Sequence[Entity]) -> None:
        self._forms = forms
        self._meaning = meaning

    def __getitem__(self, name: Key) -> Entity:
        return self._meaning[self._forms.of_name[name].number]

    def __iter__(self) -> Iterator[Key]:
        return ((form.kind, key) for form in self._forms.all for key in form.keys)

    def __len__(self) -> int:
        return len(self._forms.of_name)


def _decide_again(
    forms: Forms,
    pairs: Sequence[ScoredPair],
    ledger: Ledger,
    config: Config,
    last: Saved,
    now: Sequence[int],
    again: Iterable[int],
) -> tuple[list[Entity], list[tuple[str, str]], Renewed]:
    """As `decide`, which is asked only for what is connected with the forms `again`; the rest is what it was.

    Returns:
        The entity of each form, the decision about each pair, and `Resolution.renewed`.
    """
    decided_by_people = ((a, b) for a, b, _note in _ledger_pairs(forms, ledger))
    members = _connected(again, ((pair.a, pair.b) for pair in pairs), decided_by_people)
    some = [place for place, pair in enumerate(pairs) if pair.a in members]
    by_key, decided = decide(forms.some(sorted(members)), [pairs[place] for place in some], ledger, config)
    before = {
        (now[pair.a], now[pair.b]): decision for pair, decision in zip(last.pairs, last.decisions, strict=True)
    } | {(pairs[place].a, pairs[place].b): decided[number] for number, place in enumerate(some)}
    meant = {number: last.entities[place] for number, place in zip(now, last.meaning, strict=True)}
    decided_now = {number: by_key[form.kind, form.keys[0]] for number in members for form in [forms.at[number]]}
    moved = [number for number, e in decided_now.items() if number not in meant or meant[number].iri != e.iri]
    old = {
        last.entities[place].iri: last.entities[place]
        for number, place in zip(now, last.meaning, strict=True)
        if number < 0 or number in members
    }
    new = {entity.iri: entity for entity in by_key.values()}
    renewed = Renewed(
        [entity for iri, entity in old.items() if new.get(iri) != entity],
        [entity for iri, entity in new.items() if old.get(iri) != entity],
        {post for number in moved for post in forms.at[number].posts},
    )
    meant |= decided_now
    return [meant[form.number] for form in forms.all], [before[pair.a, pair.b] for pair in pairs], renewed


def _connected(items: Iterable[int], *pairs: Iterable[tuple[int, int]]) -> set[int]:
    """Some forms, and all that pairs connect with them."""
    beside: dict[int, list[int]] = {}
    for a, b in chain.from_iterable(pairs):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    found: set[int] = set()
    left = list(items)
    while left:
        number = left.pop()
        if number not in found:
            found.add(number)
            left += beside.get(number, ())
    return found


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
    """The clusters that the ledger decides, before any inference; and what it joins: see `_ledger_pairs`."""
    clusters = Clusters(
        forms,
        frozenset((pair.a, pair.b) for pair in pairs if pair.confidence >= STRONG),
        frozenset((pair.a, pair.b) for pair in pairs if any(evidence.kind == "pinyin" for evidence in pair.evidence)),
        [{forms.of_name[key].number for key in group if key in forms.of_name} for group in ledger.distinct_sets()],
        {forms.of_name[key].number: iri for key, iri in ledger.pins().items() if key in forms.of_name},
    )
    joined: dict[tuple[int, int], str] = {}
    for a, b, note in _ledger_pairs(forms, ledger):
        if not clusters.refusal(a, b):
            clusters.join(a, b)
            joined.setdefault((a, b), note)
    return clusters, joined


def _ledger_pairs(forms: Forms, ledger: Ledger) -> Iterator[tuple[int, int, str]]:
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
            by_names[key] = structs.replace(first, confidence=confidence, evidence=(*first.evidence, *merge.evidence))
    return list(by_names.values())


def check_pins(entities: Iterable[Entity], ledger: Ledger, config: Config) -> None:
    """Make sure that each pinned IRI belongs to one entity.

    Raises:
        LedgerError: another entity has it, or it is reserved for something that is not an entity.
    """
    if not ledger.pins():
        return
    for decision in ledger.with_verb("pin"):
        below = decision.target.removeprefix(config.base) if decision.target.startswith(config.base) else ""
        first = below.partition("/")[0]
        own = f"{config.base}{first}" if first in NOT_ENTITIES else KG if decision.target.startswith(KG) else ""
        if own:
            what = f"<{decision.target}> cannot be pinned: kg reserves {own} for its own IRIs"
            raise LedgerError(f"{ledger.path}:{decision.line}:1: {what}")
    taken: dict[IRI, Entity] = {}
    for entity in entities:
        other = taken.setdefault(entity.iri, entity)
        if other is not entity:
            both = " and ".join(sorted(map(quoted, (entity.label, other.label))))
            raise LedgerError(
                f"{ledger.path}: {both} would both be <{entity.iri}>; pin another IRI, or join them with `same`"
            )


def _secondary(members: list[Form]) -> frozenset[str]:
    """Names used as a label only for lack of a better one: bare surnames, and names with a second one in brackets."""
    full = {form.wide for form in members if len(form.words) > 1 and form.kind == "person"}
    return frozenset(
        key
        for form in members
        if holds_two_names(form) or (len(form.words) == 1 and form.wide in full)
        for key in form.keys
    )


def unused(
    ledger: Ledger, names: Container[Key], mentioned: Container[tuple[str, Key]], config: Config
) -> tuple[Diagnostic, ...]:
    """Warnings about ledger lines whose names no post mentions, or not the posts that a `split` lists.

    `mentioned` holds (post path, name) for the posts listed by `split` lines.
    """
    path = config.resolution.ledger
    found = [
        diagnose(path, decision.line, 1, "KG203", f"no post mentions {name!r} as {key[0]}")
        for decision in ledger.decisions
        for key, name in zip(decision.keys, decision.names, strict=True)
        if key not in names
        and decision.verb != "split"
        and not (decision.verb == "rename" and name == decision.names[-1])
    ]
    found += (
        diagnose(path, decision.line, 1, "KG203", f"{post} does not mention {decision.names[0]!r} as {decision.kind}")
        for decision in ledger.with_verb("split")
        for post in decision.posts
        if (post, decision.keys[0]) not in mentioned
    )
    return tuple(found)
