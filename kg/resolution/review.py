"""Review of candidate pairs: the effect of a decision, and writing it to the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.errors import ConfigError, LedgerError
from kg.resolution import ledger
from kg.resolution.ledger import Decision
from kg.resolution.names import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.model import IRI, Entity, Post
    from kg.resolution import Candidate, Resolution
    from kg.resolution.names import Key


@dataclass(frozen=True, slots=True)
class Effect:
    """What accepting a candidate pair results in."""

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
        for post in posts:
            for mention in post.mentions:
                entity = resolution.entity_of(mention.kind, mention.name, post.path)
                posts_of.setdefault(entity.iri, set()).add(post.path)
                key = key_of("", mention.name)[1]
                self.kinds.setdefault(key, set()).add(mention.kind)
                self._mentions.setdefault(entity.iri, Counter())[key] += 1
        self._posts_of = posts_of
        self._spellings: dict[IRI, set[str]] = {}
        self._pinned: set[str] | None = None

    def candidates(self, *, kind: str = "", every: bool = False) -> list[Candidate]:
        """The undecided candidates, strongest first.

        Args:
            kind: only those of this kind; "" for all.
            every: also those applied or decided by the ledger.
        """
        return [
            candidate
            for candidate in self.resolution.candidates
            if (not kind or kind in candidate.kinds) and (every or _is_open(candidate))
        ]

    def effect(self, candidate: Candidate) -> Effect:
        """What accepting a candidate would do, or has done."""
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

    def as_dict(self, candidate: Candidate) -> dict[str, Any]:
        """A candidate and its effect, as JSON-compatible data."""
        effect = self.effect(candidate)
        return {
            "name": candidate.name,
            "other": candidate.other,
            "kind": candidate.kind,
            "other_kind": candidate.kinds[1],
            "confidence": candidate.confidence,
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
        if not found and len(one) == len(two) == 1 and (one[0][1], two[0][1]) != (name, other):
            found = [(one[0], two[0])]
        if not found:
            what = f"with the kind {kind!r}" if kind else "with one kind"
            raise ConfigError(f"no post mentions both {name!r} and {other!r} {what}")
        return [Decision(verb, a, (mine, yours), kinds=(a, b) if a != b else ()) for (a, mine), (b, yours) in found]

    def _meanings(self, typed: str, kind: str) -> list[tuple[str, str]]:
        """The kinds and the name that somebody means who types a name, or a kind and a name."""
        head, _colon, rest = typed.partition(":")
        for name, kinds in ((typed, self.kinds.get(key_of("", typed)[1], set())), (rest, {head})):
            known = kinds & self.kinds.get(key_of("", name)[1], set())
            if found := [(one, name) for one in sorted(known) if kind in ("", one)]:
                return found
        return []

    def decide(self, decision: Decision, comment: str = "") -> list[str]:
        """Append `same` or `not` to the ledger, after a `forget` of an opposite decision about the same pair.

        Returns:
            The lines added; none if the ledger has the decision already.

        Raises:
            LedgerError: it contradicts other lines, or cannot be written.
        """
        text = ledger.text_of(self.path)
        lines = _lines_for(decision, _verbs_by_names(text, self.path), comment)
        if lines:
            ledger.parse("\n".join([text, *lines]), str(self.path))
            ledger.append(self.path, lines)
        return lines

    def decide_all(self, candidates: Iterable[Candidate]) -> list[str]:
        """Accept all waiting candidates, except those that contradict the ledger or one another.

        Raises:
            LedgerError: the ledger cannot be read or written.
        """
        text = ledger.text_of(self.path)
        recorded = _verbs_by_names(text, self.path)
        wanted = [
            _lines_for(one.decision_of("same"), recorded, why(one)) for one in candidates if one.decision == "waiting"
        ]
        accepted: list[str] = []
        left = [wanted] if wanted else []
        while left:
            part = left.pop()
            lines = list(dict.fromkeys(line for own in part for line in own))
            try:
                ledger.parse("\n".join([text, *accepted, *lines]), str(self.path))
            except LedgerError:
                if len(part) > 1:  # one of them contradicts what is there, or another one
                    left += [part[len(part) // 2 :], part[: len(part) // 2]]
                continue
            accepted += lines
        if accepted:
            ledger.append(self.path, accepted)
        return accepted

    def undo(self) -> list[str]:
        """Take back the last `same` or `not`, and restore a decision it had replaced.

        Returns:
            The lines added.

        Raises:
            LedgerError: there is nothing to take back.
        """
        text = ledger.text_of(self.path)
        decided = [d for d in ledger.parse(text, str(self.path)).decisions if d.verb in ("same", "not")]
        if not decided:
            raise LedgerError(f"{self.path}: no decision to take back")
        last = decided[-1]
        lines = [ledger.line_of(replace(last, verb="forget"), _UNDO)]
        lines += [ledger.line_of(decision) for decision in self._replaced(text.split("\n"), last)]
        ledger.append(self.path, lines)
        return lines

    def _replaced(self, lines: list[str], last: Decision) -> list[Decision]:
        """The decisions that `last` replaced, if the line above it is their `forget`."""
        above = lines[last.line - 2] if last.line > 1 else ""
        if not above.startswith("forget ") or above.rstrip().endswith(f"# {_UNDO}"):
            return []
        before = ledger.parse("\n".join(lines[: last.line - 2]), str(self.path))
        return [d for d in before.decisions if d.verb in ("same", "not") and set(d.keys) == set(last.keys)]


def _verbs_by_names(text: str, path: Path) -> dict[frozenset[Key], set[str]]:
    """Set of names → the verbs (`same`, `not`) the ledger has for exactly these."""
    recorded: dict[frozenset[Key], set[str]] = {}
    for decision in ledger.parse(text, str(path)).decisions:
        if decision.verb in ("same", "not"):
            recorded.setdefault(frozenset(decision.keys), set()).add(decision.verb)
    return recorded


def _lines_for(decision: Decision, recorded: Mapping[frozenset[Key], set[str]], comment: str) -> list[str]:
    """The lines that add a decision to a ledger: none if it is there, and a `forget` first if the opposite is."""
    before = recorded.get(frozenset(decision.keys), set())
    if decision.verb in before:
        return []
    lines = [ledger.line_of(replace(decision, verb="forget"))] if before else []
    return [*lines, ledger.line_of(decision, comment)]


def _union_size(one: set[str], two: set[str]) -> int:
    """Size of the union, in time proportional to the smaller set."""
    small, large = sorted((one, two), key=len)
    return len(large) + sum(item not in large for item in small)


_UNDO = "undo"


def why(candidate: Candidate) -> str:
    """The evidence in brief: `gloss 12, context 31` (31 names mentioned with both)."""
    return ", ".join(f"{evidence.kind} {evidence.count}" for evidence in candidate.evidence)


def _is_open(candidate: Candidate) -> bool:
    return candidate.decision != "applied" and not candidate.reason.startswith("the ledger")
