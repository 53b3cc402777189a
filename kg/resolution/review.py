"""Review of candidate pairs: the effect of a decision, and writing it to the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import ConfigError
from kg.model import IRI, Entity, Post
from kg.resolution import Candidate, Resolution, decisions, ledger, ranking
from kg.resolution.forms import bare_of
from kg.resolution.homonyms import homonyms
from kg.resolution.ledger_lines import Decision
from kg.resolution.names import Key, Place, key_of
from kg.resolution.proposals import Proposal, is_open, of_two_iris, proposals, rule_of, why
from kg.resolution.surroundings import Surroundings, ends_of


@dataclass(frozen=True, slots=True)
class Effect:
    """The consequence of accepting a candidate pair."""

    spellings: int
    """Number of distinct spellings of the merged entity."""
    posts: int
    """Number of posts that mention it."""
    iri: IRI
    """The IRI it keeps; the other becomes a former IRI."""


class Review:
    """The candidate pairs of one folder, and its ledger."""

    def __init__(self, posts: Sequence[Post], resolution: Resolution, path: Path) -> None:
        """Prepare a review.

        Args:
            posts: the resolved posts.
            resolution: their resolution.
            path: the ledger file, which need not exist yet.
        """
        self.resolution = resolution
        self.path = path
        self.kinds: dict[str, set[str]] = {}
        posts_of: dict[IRI, set[str]] = {}
        self._mentions: dict[IRI, Counter[str]] = {}
        """Entity → key of each of its names → how often it is mentioned."""
        mentioned: dict[tuple[str, str], list[str]] = defaultdict(list)
        for post in posts:
            for mention in post.mentions:
                mentioned[mention.kind, mention.name].append(post.path)
        for (kind, name), paths in mentioned.items():
            key = key_of("", name)[1]
            self.kinds.setdefault(key, set()).add(kind)
            for place in paths if resolution.splits else paths[:1]:
                own = [place] if resolution.splits else paths
                iri = resolution.entity_of(kind, name, place).iri
                posts_of.setdefault(iri, set()).update(own)
                self._mentions.setdefault(iri, Counter())[key] += len(own)
        self._posts_of = posts_of
        self._spellings: dict[IRI, set[str]] = {}
        self._pinned: set[str] | None = None
        self._posts = posts
        self._surroundings = Surroundings(posts, resolution)
        self._signals: dict[int, Mapping[str, float]] = {}
        """Identity of a candidate → its signals."""
        self.weights = ranking.trained(
            [
                (self.signals(one), one.decision == "applied")
                for one in resolution.candidates
                if one.reason == "ledger" or one.reason.startswith("the ledger")
            ]
        )
        """The weights of the ranking, adjusted to the decisions in the ledger."""

    def candidates(self, *, kind: str, every: bool = False) -> list[Candidate]:
        """The undecided candidates, likeliest first.

        Args:
            kind: only those of this kind; "" for all.
            every: also those applied or decided by the ledger.
        """
        found = [
            candidate
            for candidate in self.resolution.candidates
            if (not kind or kind in candidate.kinds) and (every or is_open(candidate, self.resolution))
        ]
        return sorted(found, key=self.likely, reverse=True)

    def likely(self, candidate: Candidate) -> float:
        """The probability, in [0, 1], that a candidate is right: see `kg.resolution.ranking`."""
        return ranking.likelihood(self.signals(candidate), self.weights)

    def signals(self, candidate: Candidate) -> Mapping[str, float]:
        """What the ranking sees in a candidate of the resolution: see `kg.resolution.ranking`."""
        found = self._signals.get(id(candidate))
        if found is None:
            found = ranking.signals(candidate, self._surroundings.signals(candidate))
            self._signals[id(candidate)] = found
        return found

    def proposals(self, *, kind: str = "") -> list[Proposal]:
        """What is to be decided, likeliest first; `kind` as in `candidates`."""
        held = ledger.read(self.path)
        settled = {(of, bare_of(name)) for of, name in held.whole()}
        found = homonyms(self._posts, self.resolution, settled, self._surroundings)
        found = [one for one in found if not kind or one.kind == kind]
        candidates = self.candidates(kind=kind)
        known = self.resolution.by_key
        outside = {
            (key[0], _typed(known[key], key)): iris
            for key, iris in held.external_iris("sameas").items()
            if key in known
        }
        named = {end for one in candidates for end in ends_of(one)}
        wanted = {key_of(*one): one for one in (*outside, *named)}
        places: dict[tuple[str, str], list[Place]] = {}
        for post in self._posts:
            for mention in post.mentions:
                if one := wanted.get(key_of(mention.kind, mention.name)):
                    places.setdefault(one, []).append((post.path, mention.line))
        asked = proposals(candidates, found, self.resolution, self.signals, self.weights, places)
        twice = of_two_iris(self.resolution, outside, places)
        return [*(one for one in twice if not kind or one.kind == kind), *asked]

    def effect(self, candidate: Candidate) -> Effect:
        """The consequence, expected or actual, of accepting a candidate."""
        one = self.resolution.entity_of(candidate.kind, candidate.name)
        two = self.resolution.entity_of(candidate.kinds[1], candidate.other)
        spellings = _union_size(self._spellings_of(one), self._spellings_of(two))
        posts = _union_size(self._posts_of[one.iri], self._posts_of[two.iri])
        return Effect(spellings, posts, self._surviving(one, two))

    def _spellings_of(self, entity: Entity) -> set[str]:
        if entity.iri not in self._spellings:
            self._spellings[entity.iri] = {text.value for text in (*entity.labels, *entity.aliases)}
        return self._spellings[entity.iri]

    def _surviving(self, one: Entity, two: Entity) -> IRI:
        from kg.iris import slug
        from kg.resolution.entities import naming_key

        if self._pinned is None:
            self._pinned = {decision.target for decision in ledger.read(self.path).with_verb("pin")}
        for entity in (one, two):
            if entity.iri in self._pinned:
                return entity.iri
        name = naming_key(one.kind, self._mentions[one.iri] + self._mentions[two.iri])
        own = (iri for entity in (one, two) for iri in (entity.iri, *entity.former))
        return next((iri for iri in own if iri.endswith(f"/{one.kind}/{slug(name)}")), one.iri)

    def as_rows(self, *, kind: str, every: bool) -> list[dict[str, Any]]:
        """All candidates, and the names with several meanings, as JSON-compatible data."""
        splits = [
            {
                "name": one.name,
                "kind": one.kind,
                "decision": "split",
                "likely": one.likely,
                "sides": [{"as": row.name, "posts": [path for path, _line in row.places]} for row in one.spellings],
            }
            for one in self.proposals(kind=kind)
            if one.verb == "split"
        ]
        return [*map(self.as_dict, self.candidates(kind=kind, every=every)), *splits]

    def as_dict(self, candidate: Candidate) -> dict[str, Any]:
        """A candidate and its effect, as JSON-compatible data."""
        effect = self.effect(candidate)
        return {
            "name": candidate.name,
            "other": candidate.other,
            "kind": candidate.kind,
            "other_kind": candidate.kinds[1],
            "confidence": candidate.confidence,
            "likely": self.likely(candidate),
            "because": dict(ranking.reasons(self.signals(candidate), self.weights)),
            "rule": rule_of(candidate),
            "decision": candidate.decision,
            "reason": candidate.reason,
            "evidence": [
                {
                    "kind": evidence.kind,
                    "count": evidence.count,
                    "places": [{"post": post, "line": line} for post, line in evidence.places],
                }
                for evidence in candidate.evidence
            ],
            "effect": {"spellings": effect.spellings, "posts": effect.posts, "iri": effect.iri},
        }

    def check_kind(self, kind: str) -> None:
        """Check that posts mention a kind.

        Raises:
            ConfigError: none does.
        """
        known = sorted(set().union(*self.kinds.values()))
        if kind not in known:
            raise ConfigError(f"no post mentions the kind {kind!r}; the kinds are {', '.join(known) or 'none'}")

    def decisions(self, verb: str, name: str, other: str, kind: str = "") -> list[Decision]:
        """A decision about two names, once for each kind under which posts mention both.

        A name may say its kind, `product:Aristotle`, so that names of two kinds can be decided about.

        Raises:
            ConfigError: there is none.
        """
        one, two = self._meanings(name, kind), self._meanings(other, kind)
        found = [(a, b) for a in one for b in two if a[0] == b[0]]
        if any(key_of(*a) == key_of(*b) for a, b in found):
            kinds = [f"'{of}:{of_name}'" for of, of_name in one]
            several = f"; it has several kinds: say which, as in {' '.join(kinds[:2])}" if len(kinds) > 1 else ""
            raise ConfigError(f"{name!r} is one name already{several}")
        if not found and len(one) == len(two) == 1 and (one[0][1], two[0][1]) != (name, other):
            found = [(one[0], two[0])]
        if not found:
            what = f"with the kind {kind!r}" if kind else "with one kind"
            hint = f"; write {one[0][0]}:NAME and {two[0][0]}:NAME for names of two kinds" if one and two else ""
            raise ConfigError(f"no post mentions both {name!r} and {other!r} {what}{hint}")
        return [Decision(verb, a, (mine, yours), kinds=(a, b) if a != b else ()) for (a, mine), (b, yours) in found]

    def _meanings(self, typed: str, kind: str) -> list[tuple[str, str]]:
        """The kinds and the name that a typed name, with or without a kind, may mean."""
        head, _colon, rest = typed.partition(":")
        for name, kinds in ((typed, self.kinds.get(key_of("", typed)[1], set())), (rest, {head})):
            known = kinds & self.kinds.get(key_of("", name)[1], set())
            if found := [(one, name) for one in sorted(known) if kind in ("", one)]:
                return found
        return []

    def decide(self, decision: Decision, comment: str = "") -> list[str]:
        """Append a decision to the ledger: see `kg.resolution.decisions.decide`."""
        return decisions.decide(self.path, [decision], comment)

    def undo(self) -> list[str]:
        """Take back the last decision: see `kg.resolution.decisions.undo`."""
        return decisions.undo(self.path)

    def pin_all(self, kind: str) -> list[str]:
        """Pin the IRI of each thing with several names, whatever later posts call it; returns the lines added.

        Raises:
            LedgerError: the ledger cannot be read or written.
        """
        by_key = self.resolution.by_key
        pinned = {by_key[key].iri for key in ledger.read(self.path).pins() if key in by_key}
        found = []
        for entity in self.resolution.entities:
            if entity.former and entity.iri not in pinned and kind in ("", entity.kind):
                spelled = (text.value for text in (*entity.labels, *entity.aliases))
                name = next(one for one in spelled if key_of(entity.kind, one) in by_key)
                found.append(Decision("pin", entity.kind, (name,), entity.iri))
        return decisions.decide(self.path, found)

    def decide_all(self, candidates: Iterable[Candidate]) -> list[str]:
        """Accept all waiting candidates, except those that contradict the ledger or one another.

        Raises:
            LedgerError: the ledger cannot be read or written.
        """
        waiting = (one for one in candidates if one.decision == "waiting")
        return decisions.decide_each(self.path, (([one.decision_of("same")], why(one)) for one in waiting))


def _typed(entity: Entity, key: Key) -> str:
    """A spelling of a name."""
    spelled = (text.value for text in (*entity.labels, *entity.aliases))
    return next((one for one in spelled if key_of(key[0], one) == key), key[1])


def _union_size(one: set[str], two: set[str]) -> int:
    """Size of the union, in time proportional to the smaller set."""
    small, large = sorted((one, two), key=len)
    return len(large) + sum(item not in large for item in small)
