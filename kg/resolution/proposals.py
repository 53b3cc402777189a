"""Questions to people: groups of names that may be one thing, and names that may be several, likeliest first.

Open candidates that share a name are asked about together, as long as the group can be looked at. Groups of one rule
(plurals, country prefixes …) form a batch.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

from kg.model import IRI, Record
from kg.resolution import Candidate, Resolution
from kg.resolution.forms import bare_of
from kg.resolution.homonyms import Homonym
from kg.resolution.ledger_lines import Decision
from kg.resolution.names import MAX_PLACES, Place, is_topic
from kg.resolution.ranking import likelihood, reasons
from kg.resolution.surroundings import ends_of

MOST = 8
"""Things in one group; people cannot look at more."""
TIED = 0.35
"""Likelihood from which a candidate joins two groups."""
UNKNOWN = 0.5
"""Of questions that the ranking cannot judge."""
RULES = {
    "meaning": ("name with two meanings", "names with two meanings"),
    "kinds": ("name of several kinds", "names of several kinds"),
    "country": ("country prefix", "country prefixes"),
    "sort": ("name with a sort of thing", "names with a sort of thing"),
    "plural": ("plural", "plurals"),
    "hyphen": ("hyphen", "hyphens"),
    "order": ("word order", "word orders"),
    "subtitle": ("subtitle", "subtitles"),
    "title": ("title or middle name", "titles and middle names"),
    "affix": ("legal form or article", "legal forms and articles"),
    "pinyin": ("pinyin", "pinyin names"),
    "romanization": ("name in another script", "names in other scripts"),
    "gloss": ("translation", "translations"),
    "initials": ("set of initials", "sets of initials"),
    "surname": ("surname", "surnames"),
    "spelling": ("spelling", "spellings"),
    "sound": ("transliteration", "transliterations"),
    "other": ("other pair", "other pairs"),
}
"""Rule → the name of one proposal of its batch, and of several."""
_AFFIXES = {"person": "title", "work": "subtitle", "product": "order"}


class Spelling(Record, frozen=True):
    """One row of a proposal: a name with a check box."""

    kind: str
    name: str
    posts: int
    """How many posts mention it."""
    places: tuple[Place, ...]
    """Where to look: places of evidence, then some that mention it; for a meaning, all posts that mean it."""
    others: tuple[str, ...] = ()
    """Further names of the same thing today: a decision about it also holds for these."""

    @property
    def id(self) -> str:
        """Identifies the row in its proposal."""
        return f"{self.kind}:{self.name}"


class Proposal(Record, frozen=True):
    """A question to people."""

    id: str
    """Sixteen hexadecimal digits, a function of the question alone."""
    verb: str
    """`same`; `split` for one name with several meanings, the rows being these; or `apart` for names that are one today
    and have two IRIs elsewhere."""
    kind: str
    """`person`; `organization and tag` for names of two kinds."""
    rule: str
    """A key of `RULES`."""
    likely: float
    """The probability that accepting it is right, as far as that can be said; in [0, 1]."""
    spellings: tuple[Spelling, ...]
    name: str = ""
    """The name to split."""
    evidence: str = ""
    """In brief: `gloss 12, context 31`."""
    reasons: tuple[tuple[str, float], ...] = ()
    """The signals of the likeliest pair (see `kg.resolution.ranking.SIGNALS`), with their contributions."""
    doubt: str = ""
    """A reason against joining, for people; "" if there is none."""


def why(candidate: Candidate) -> str:
    """The evidence in brief: `gloss 12, context 31` (31 names mentioned with both)."""
    return ", ".join(f"{evidence.kind} {evidence.count}" for evidence in candidate.evidence)


def is_open(candidate: Candidate, resolution: Resolution) -> bool:
    """Whether a candidate waits for people: neither applied, nor decided, nor joined through other names."""
    if candidate.decision == "applied" or candidate.reason.startswith("the ledger"):
        return False
    one, two = (resolution.entity_of(*end) for end in ends_of(candidate))
    return one is not two


def rule_of(candidate: Candidate) -> str:
    """The rule behind a candidate: a key of `RULES`."""
    found = {evidence.kind for evidence in candidate.evidence}
    short, long = sorted((candidate.name.lower(), candidate.other.lower()), key=len)
    if "kinds" in found:
        return "kinds"
    if "qualifier" in found or (is_topic(candidate.kind) and "folding" in found):
        if sorted(_words(short)) == sorted(_words(long)):
            return "order"
        if bare_of(short) == bare_of(long):
            return "hyphen"
        if candidate.kind == "tag" or long.removesuffix("s") == short:
            return "plural"
        return "country" if long.endswith(short) else "sort"
    if "folding" in found:
        return _AFFIXES.get(candidate.kind, "affix")
    return next((rule for rule in RULES if rule in found), "other")


def _words(name: str) -> list[str]:
    return name.replace("-", " ").split()


def proposals(
    candidates: Iterable[Candidate],
    homonyms: Iterable[Homonym],
    resolution: Resolution,
    signals: Callable[[Candidate], Mapping[str, float]],
    weights: Mapping[str, float],
    places: Mapping[tuple[str, str], Sequence[Place]],
) -> list[Proposal]:
    """All questions, likeliest first.

    Args:
        candidates: the open ones.
        homonyms: names with several meanings.
        resolution: of all names, as it is today.
        signals: what the ranking sees in a candidate.
        weights: of the ranking.
        places: (kind, name as typed) → the places that mention it.
    """
    ranked = sorted(
        ((likelihood(signals(one), weights), one) for one in candidates),
        key=lambda item: (-item[0], -item[1].confidence, item[1].kind, item[1].name, item[1].other),
    )
    groups = [
        _of_pairs(group, resolution, reasons(signals(group[0][1]), weights), places)
        for group in _grouped(ranked, resolution)
    ]
    found = [*groups, *(_of_homonym(one) for one in homonyms)]
    return sorted(found, key=lambda one: (-one.likely, one.kind, one.spellings[0].name, one.id))


Ranked = tuple[float, "Candidate"]


def _grouped(ranked: Iterable[Ranked], resolution: Resolution) -> list[list[Ranked]]:
    """Candidates that share a thing, likeliest first, in groups of at most `MOST` things."""
    group_of: dict[str, list[Ranked]] = {}
    things: dict[int, set[str]] = {}
    loose: list[list[Ranked]] = []
    for item in ranked:
        likely, candidate = item
        ends = {resolution.entity_of(*end).iri for end in ends_of(candidate)}
        touched = {id(group_of[iri]): group_of[iri] for iri in sorted(ends) if iri in group_of}
        together = ends.union(*(things[number] for number in touched))
        inside = any(ends <= things[number] for number in touched)
        if touched and not inside and (likely < TIED or len(together) > MOST):
            loose.append([item])
            continue
        own: list[Ranked] = sorted((one for group in touched.values() for one in group), key=lambda one: -one[0])
        own.append(item)
        for number in touched:
            del things[number]
        things[id(own)] = together
        for iri in together:
            group_of[iri] = own
    return [*{id(group): group for group in group_of.values()}.values(), *loose]


def _of_pairs(
    group: Sequence[Ranked],
    resolution: Resolution,
    because: Sequence[tuple[str, float]],
    places: Mapping[tuple[str, str], Sequence[Place]],
) -> Proposal:
    likely, first = group[0]
    rows: dict[str, Spelling] = {}
    ends = list(dict.fromkeys(end for _likely, one in group for end in ends_of(one)))
    shown = {name for _kind, name in ends}
    for end in ends:
        entity = resolution.entity_of(*end)
        if entity.iri in rows:
            continue
        own = places.get(end, ())
        mentioned = {path for path, _line in own}
        cited = [
            place
            for _likely, one in group
            if end in ends_of(one)
            for evidence in one.evidence
            for place in evidence.places
            if evidence.kind == "gloss" or place[0] in mentioned
        ]
        others = {text.value for text in (*entity.labels, *entity.aliases)} - shown
        looked = tuple(dict.fromkeys([*sorted(set(cited)), *own]))[:MAX_PLACES]
        rows[entity.iri] = Spelling(*end, len(mentioned), looked, tuple(sorted(others)))
    spellings = tuple(sorted(rows.values(), key=lambda row: (-row.posts, row.name, row.kind)))
    doubt = next((one.reason for _likely, one in group if one.reason), "")
    identity = _id("same", *(row.id for row in spellings))
    kinds = " and ".join(dict.fromkeys(row.kind for row in spellings))
    return Proposal(
        identity,
        "same",
        kinds,
        rule_of(first),
        likely,
        spellings,
        evidence=why(first),
        reasons=tuple(because),
        doubt=doubt,
    )


def _of_homonym(found: Homonym) -> Proposal:
    """A proposal to split; its probability has not been measured, so it is ranked in the middle."""
    sides = [
        Spelling(found.kind, side.name, len(side.posts), tuple((path, 0) for path in side.posts))
        for side in found.sides
    ]
    own = _id("split", found.kind, found.name, *(side.name for side in found.sides))
    return Proposal(own, "split", found.kind, "meaning", UNKNOWN, tuple(sides), found.name)


def of_two_iris(
    resolution: Resolution,
    outside: Mapping[tuple[str, str], Sequence[IRI]],
    places: Mapping[tuple[str, str], Sequence[Place]],
) -> list[Proposal]:
    """Questions about things with two IRIs of one site, which are probably several things.

    Args:
        resolution: what names are today.
        outside: (kind, name as typed) → its IRIs elsewhere, from the ledger.
        places: (kind, name as typed) → the places that mention it.
    """
    things: dict[tuple[IRI, str], dict[tuple[str, str], list[IRI]]] = {}
    for name, iris in sorted(outside.items()):
        for iri in iris:
            own = things.setdefault((resolution.entity_of(*name).iri, urlsplit(iri).netloc), {})
            own.setdefault(name, []).append(iri)
    found = []
    for (_iri, site), named in things.items():
        iris = sorted({iri for each in named.values() for iri in each})
        if len(iris) > 1:
            kinds = " and ".join(dict.fromkeys(kind for kind, _name in named))
            rows = tuple(
                Spelling(*name, len({path for path, _line in own}), tuple(own[:MAX_PLACES]), tuple(each))
                for name, each in named.items()
                for own in [places.get(name, ())]
            )
            doubt = "" if len(named) > 1 else "the name itself has both: take one of the two lines out, or split it"
            identity = _id("apart", *(row.id for row in rows), *iris)
            found.append(Proposal(identity, "apart", kinds, "meaning", UNKNOWN, rows, evidence=site, doubt=doubt))
    return found


def _id(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def decisions_of(proposal: Proposal, answer: str, chosen: Collection[str]) -> list[Decision]:
    """An answer as decisions for the ledger.

    Args:
        proposal: the question.
        answer: `accept`: the chosen names are one; `reject`: no two of them are; `split`: they are one, and the others
            are not it. Of a name with several meanings, `accept` gives each chosen meaning but the first its posts, and
            `reject` says that there is only one.
        chosen: the ids of the rows whose boxes are checked.
    """
    rows = [row for row in proposal.spellings if row.id in chosen]
    if proposal.verb == "split":
        if answer == "reject":
            return [Decision("whole", proposal.kind, (proposal.name,))]
        return [
            Decision("split", proposal.kind, (proposal.name, row.name), posts=tuple(path for path, _line in row.places))
            for row in rows
            if row is not proposal.spellings[0] and row.places
        ]
    if proposal.verb == "apart":
        answer = {"accept": "reject", "reject": "accept"}[answer]
    if answer == "reject":
        return [_about("not", rows)] if len(rows) > 1 else []
    found = [_about("same", rows)] if len(rows) > 1 else []
    if answer == "split" and rows:
        found += [_about("not", [rows[0], row]) for row in proposal.spellings if row not in rows]
    return found


def _about(verb: str, rows: Sequence[Spelling]) -> Decision:
    kinds = tuple(row.kind for row in rows)
    return Decision(verb, kinds[0], tuple(row.name for row in rows), kinds=kinds if len(set(kinds)) > 1 else ())
