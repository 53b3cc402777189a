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

from kg.model import Diagnostic, Entity, Evidence, Post, Record, encode
from kg.resolution.deciding import decide, pairs_of_ledger
from kg.resolution.forms import Forms
from kg.resolution.ledger import Ledger
from kg.resolution.ledger_checks import check_pins, unused
from kg.resolution.ledger_lines import Decision
from kg.resolution.names import Key, collect, key_of
from kg.resolution.pairs import NOTHING, judge
from kg.resolution.saved import Saved, Shown, same_names, shown_by, updated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.config import Config
    from kg.resolution.finding import Told
    from kg.resolution.scoring import ScoredPair


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
    """Strongest first; none after an edit of a few posts."""
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
        return _as_before(posts, config, ledger, last, whole=before is None)
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
        found = msgspec.Raw(encode(judged.found))
        return Saved({**shown}, notes, [*forms.all], entities, entity_of, pairs, decisions, found)

    found = _resolution(posts, config, ledger, forms, meaning, entities, pairs, decisions, whole=before is None)
    return replace(found, renewed=renewed, save=save)


def _as_before(posts: Sequence[Post], config: Config, ledger: Ledger, last: Saved, *, whole: bool) -> Resolution:
    """The last resolution, of posts that name the same."""
    meaning = [last.entities[number] for number in last.meaning]
    forms, pairs, decisions = Forms(last.forms, {}), last.pairs, last.decisions
    found = _resolution(posts, config, ledger, forms, meaning, last.entities, pairs, decisions, whole=whole)
    return replace(found, renewed=Renewed([], [], set()))


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
        {(form.kind, typed): entity for form, entity in zip(forms.all, meaning, strict=True) for typed in form.typed},
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
    decided_by_people = ((a, b) for a, b, _note in pairs_of_ledger(forms, ledger))
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
