"""Known entities that a body names but its metadata does not list.

Proposals, never facts: `kg suggest` shows them with the sentence and writes them into the front matter only when told
to. A name is proposed only where the posts themselves show that it means the entity (`kg.suggest.evidence`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log2
from pathlib import Path
from typing import NamedTuple

from kg.config import Config
from kg.fields import MENTIONS, plain_key, table
from kg.iris import post_iri
from kg.model import IRI, Edge, Entity, Post
from kg.namespaces import SCHEMA
from kg.resolution import Resolution
from kg.suggest.bodies import Place, Span, reading
from kg.suggest.evidence import Attestation, attest, is_doubtful, overlapping, proves
from kg.text.folding import fold

PREDICATES = (MENTIONS, IRI(SCHEMA + "citation"))
"""Fields of other predicates (author, category …) say more than that something is named."""


class Suggestion(NamedTuple):
    """One proposal for one post."""

    path: str
    """Of the post, relative to CONTENT."""
    field: str
    """The front matter field that should list it."""
    name: str
    """The name that the field should list: the entity's label."""
    entity: IRI
    predicate: IRI
    confidence: float
    """How often posts that write the name list the entity, in [0, 1)."""
    found: str
    """The name as it stands in the body."""
    times: int
    """How often the body names the entity."""
    line: int
    column: int
    """The column of the first occurrence, 1-based."""
    sentence: str


def suggest(
    content: Path,
    posts: Sequence[Post],
    resolution: Resolution,
    config: Config,
    *,
    only: Collection[str] | None = None,
    jobs: int | None = None,
) -> list[Suggestion]:
    """Find what bodies name but metadata does not list, by post and place.

    All bodies are read again: a single post cannot show which names are evidence.

    Args:
        content: the folder of the posts.
        posts: all posts.
        resolution: of the same posts.
        config: of the same build.
        only: paths of the posts to propose for; None takes all.
        jobs: number of processes; None decides by the number of posts.
    """
    by_field = fields_of(config)
    meanings = _meanings(resolution)
    kinds = {kind for kind, _predicate in by_field.values()}
    wanted = [name for name, entities in meanings.items() if any(entity.is_a(kinds) for entity in entities)]
    listed, listed_kinds = _listed(posts, resolution)
    with reading(content, list(meanings), wanted, posts=len(posts), jobs=jobs) as bodies:
        paths = [post.path for post in posts]
        found = dict(zip(paths, bodies.find(paths), strict=True))
        evidence = attest(found, meanings, listed, listed_kinds)
        named = {
            name: e for name, known in meanings.items() if (e := _entity_of(name, known, evidence, kinds)) is not None
        }
        usual = _usual_fields(posts, by_field)
        proposals: dict[str, list[_Proposal]] = {}
        for post in posts:
            if only is not None and post.path not in only:
                continue
            own = _own_fields(post, by_field)
            for entity, names in _missing(post, found[post.path], named, meanings, listed[post.path], evidence):
                field = next((field for kind in entity.kinds for of in (own, usual) if (field := of.get(kind))), "")
                if field:
                    proposal = _Proposal(post.path, entity, names, field, by_field[plain_key(field)][1])
                    proposals.setdefault(post.path, []).append(proposal)
        asked = [(path, [proposal.span for proposal in those]) for path, those in proposals.items()]
        return [
            proposal.at(place, evidence)
            for those, places in zip(proposals.values(), bodies.show(asked), strict=True)
            for proposal, place in zip(those, places, strict=True)
        ]


def fields_of(config: Config) -> dict[str, tuple[str, IRI]]:
    """`plain_key` of a field → kind and predicate, of all fields that something may be proposed for."""
    return {k: (m.kind, m.predicate) for k, m in table(config).items() if m.predicate in PREDICATES and m.kind}


def inferred_edges(suggestions: Iterable[Suggestion], config: Config) -> list[Edge]:
    """The proposals as edges of the graph; their confidence says that nobody wrote them."""
    base = IRI(config.base)
    return [Edge(post_iri(base, s.path), s.predicate, s.entity, "body", s.line, s.confidence) for s in suggestions]


def _meanings(resolution: Resolution) -> dict[str, list[Entity]]:
    """Name as typed → the entities that have it."""
    meanings: dict[str, list[Entity]] = defaultdict(list)
    for entity in resolution.entities:
        for name in {entity.label, *(text.value for text in (*entity.labels, *entity.aliases))}:
            meanings[name].append(entity)
    return meanings


def _listed(
    posts: Iterable[Post], resolution: Resolution
) -> tuple[dict[str, frozenset[IRI]], dict[str, frozenset[str]]]:
    """Post path → what its metadata lists, and of which kinds."""
    entities = {
        post.path: frozenset(resolution.entity_of(m.kind, m.name, post.path).iri for m in post.mentions)
        for post in posts
    }
    return entities, {post.path: frozenset(mention.kind for mention in post.mentions) for post in posts}


def _entity_of(
    name: str, known: Sequence[Entity], evidence: Mapping[tuple[str, IRI], Attestation], kinds: Collection[str]
) -> Entity | None:
    """The one entity that finding a name proves, if it does."""
    attested = [(evidence[name, e.iri], e) for e in known if e.is_a(kinds) and (name, e.iri) in evidence]
    attested.sort(key=lambda pair: (-pair[0].listed, pair[1].iri))
    if not attested or not proves(name, attested[0][1].kind, attested[0][0]):
        return None
    if len(attested) > 1 and attested[1][0].listed * 4 > attested[0][0].listed:
        return None  # a person and a firm of one name
    return attested[0][1]


def _missing(
    post: Post,
    found: Mapping[str, tuple[int, int]],
    entity_of: Mapping[str, Entity],
    meanings: Mapping[str, Sequence[Entity]],
    listed: Collection[IRI],
    evidence: Mapping[tuple[str, IRI], Attestation],
) -> list[tuple[Entity, dict[str, tuple[int, int]]]]:
    """The entities that a post names without listing them, in the order of the body, with their names there."""
    proved: list[tuple[str, Entity]] = []
    for name, place in sorted(found.items(), key=lambda item: item[1]):
        entity = entity_of.get(name)
        if entity is None or any(other.iri in listed for other in meanings[name]):
            continue
        if not is_doubtful(name, place[1], evidence[name, entity.iri]):
            proved.append((name, entity))
    mentioned = {fold(mention.name) for mention in post.mentions} if proved else ()
    known = overlapping((fold(name) for name, _entity in proved), mentioned)  # Meta, where Meta Platforms is listed
    missing: dict[IRI, tuple[Entity, dict[str, tuple[int, int]]]] = {}
    for name, entity in proved:
        if fold(name) not in known:
            missing.setdefault(entity.iri, (entity, {}))[1][name] = found[name]
    return list(missing.values())


def most_helpful(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Suggestions, the most useful first: by confidence times the logarithm of how often the body names the thing."""
    return sorted(found, key=lambda one: (-one.confidence * log2(1 + one.times), one.path, one.line, one.column))


class _Proposal(NamedTuple):
    """A suggestion without its sentence, which is looked up later."""

    path: str
    entity: Entity
    names: dict[str, tuple[int, int]]
    """Name in the body → its first place, and the number of occurrences."""
    field: str
    predicate: IRI

    @property
    def first(self) -> str:
        """The name that occurs first."""
        return min(self.names, key=lambda name: self.names[name])

    @property
    def span(self) -> Span:
        """Its place."""
        start, _count = self.names[self.first]
        return start, start + len(self.first)

    def at(self, place: Place, evidence: Mapping[tuple[str, IRI], Attestation]) -> Suggestion:
        """The suggestion."""
        return Suggestion(
            path=self.path,
            field=self.field,
            name=self.entity.label,
            entity=self.entity.iri,
            predicate=self.predicate,
            confidence=round(max(evidence[one, self.entity.iri].share for one in self.names), 3),
            found=self.first,
            times=sum(times for _offset, times in self.names.values()),
            line=place.line,
            column=place.column,
            sentence=place.sentence,
        )


def _own_fields(post: Post, by_field: Mapping[str, tuple[str, IRI]]) -> dict[str, str]:
    """Kind → the field that this post lists such things in."""
    own: dict[str, str] = {}
    for mention in post.mentions:
        if plain_key(mention.field) in by_field:
            own.setdefault(mention.kind, mention.field)
    return own


def _usual_fields(posts: Iterable[Post], by_field: Mapping[str, tuple[str, IRI]]) -> dict[str, str]:
    """Kind → the field that most posts list such things in."""
    counts = Counter((m.kind, m.field) for post in posts for m in post.mentions if plain_key(m.field) in by_field)
    usual: dict[str, str] = {}
    for kind, field in sorted(counts, key=lambda item: (-counts[item], item)):
        usual.setdefault(kind, field)
    return usual
