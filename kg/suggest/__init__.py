"""Known entities that a body names and its metadata does not list.

Proposals, never facts: `kg suggest` shows them with the sentence and writes them into the front matter only when told
to. A name is proposed only where the posts themselves show that it means the entity (`kg.suggest.evidence`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.folding import fold
from kg.iris import post_iri
from kg.model import IRI, Edge
from kg.reading.dialects import DIALECTS
from kg.reading.fields import table
from kg.reading.files import decode
from kg.suggest.evidence import Attestation, Finder, attest, is_doubtful, proves
from kg.vocabulary import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.config import Config
    from kg.model import Entity, Post
    from kg.resolution import Resolution

PREDICATES = (IRI(SCHEMA + "mentions"), IRI(SCHEMA + "citation"))
"""Fields of other predicates (author, category …) say more than that something is named."""
_SENTENCE_END = "。！？!?\n"
_LONGEST_SENTENCE = 120


class Suggestion(NamedTuple):
    """One proposal for one post."""

    path: str
    """Of the post, relative to CONTENT."""
    field: str
    """The front matter field that should list it."""
    name: str
    """As the field should have it: the entity's label."""
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
    """Where it does first, 1-based."""
    sentence: str


def suggest(
    content: Path, posts: Sequence[Post], resolution: Resolution, config: Config, *, only: Collection[str] | None = None
) -> list[Suggestion]:
    """Find what bodies name and metadata does not list, by post and place.

    All bodies are read again: one post alone cannot show which names prove something.

    Args:
        content: the folder of the posts.
        posts: all posts.
        resolution: of the same posts.
        config: of the same build.
        only: paths of the posts to propose for; None takes all.
    """
    by_field = {k: (m.kind, m.predicate) for k, m in table(config).items() if m.predicate in PREDICATES and m.kind}
    meanings = _meanings(resolution)
    kinds = {kind for kind, _predicate in by_field.values()}
    finder = Finder(meanings, lambda name: any(entity.kind in kinds for entity in meanings[name]))
    listed, listed_kinds = _listed(posts, resolution)
    found = {post.path: finder.find(body_of(content, post.path)[0]) for post in posts}
    evidence = attest(found, meanings, listed, listed_kinds)
    meant = {name: e for name, known in meanings.items() if (e := _meant(name, known, evidence, kinds)) is not None}
    usual = _usual_fields(posts, by_field)
    result: list[Suggestion] = []
    for post in posts:
        if only is not None and post.path not in only:
            continue
        missing = _missing(post, found[post.path], meant, meanings, listed[post.path], evidence)
        if missing:
            own = _own_fields(post, by_field)
            body, first_line = body_of(content, post.path)
            for entity, names in missing:
                field = own.get(entity.kind) or usual.get(entity.kind, "")
                if field:
                    result.append(
                        _suggestion(
                            entity, names, evidence, path=post.path, field=field, predicate=by_field[field.lower()][1],
                            body=body, first_line=first_line,
                        )
                    )  # fmt: skip
    return result


def inferred_edges(suggestions: Iterable[Suggestion], config: Config) -> list[Edge]:
    """The proposals as edges of the graph; their confidence says that nobody wrote them."""
    base = IRI(config.base)
    return [Edge(post_iri(base, s.path), s.predicate, s.entity, "body", s.line, s.confidence) for s in suggestions]


def body_of(content: Path, path: str) -> tuple[str, int]:
    """The body of a post and the line it begins in; empty where the file is gone or is no text any more."""
    try:
        text, _diagnostics = decode((content / path).read_bytes(), path)
    except OSError:
        text = None
    if text is None:
        return "", 1
    start = next((block.body for dialect in DIALECTS if (block := dialect.locate(text))), 0)
    return text[start:], text.count("\n", 0, start) + 1


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


def _meant(
    name: str, known: Sequence[Entity], evidence: Mapping[tuple[str, IRI], Attestation], kinds: Collection[str]
) -> Entity | None:
    """The one entity that finding a name proves, if it does."""
    attested = [(evidence[name, e.iri], e) for e in known if e.kind in kinds and (name, e.iri) in evidence]
    attested.sort(key=lambda pair: (-pair[0].listed, pair[1].iri))
    if not attested or not proves(name, attested[0][1].kind, attested[0][0]):
        return None
    if len(attested) > 1 and attested[1][0].listed * 4 > attested[0][0].listed:
        return None  # a person and a firm of one name
    return attested[0][1]


def _missing(
    post: Post,
    found: Mapping[str, tuple[int, int]],
    meant: Mapping[str, Entity],
    meanings: Mapping[str, Sequence[Entity]],
    listed: Collection[IRI],
    evidence: Mapping[tuple[str, IRI], Attestation],
) -> list[tuple[Entity, dict[str, tuple[int, int]]]]:
    """What a post names without listing it, in the order of the body, with its names there."""
    said = [fold(name) for name in {mention.name for mention in post.mentions}]
    missing: dict[IRI, tuple[Entity, dict[str, tuple[int, int]]]] = {}
    for name, place in sorted(found.items(), key=lambda item: item[1]):
        entity = meant.get(name)
        if entity is None or any(other.iri in listed for other in meanings[name]):
            continue
        if is_doubtful(name, place[1], evidence[name, entity.iri]):
            continue
        key = fold(name)
        if any(key in other or other in key for other in said):
            continue  # Meta, where Meta Platforms is listed
        missing.setdefault(entity.iri, (entity, {}))[1][name] = place
    return list(missing.values())


def _suggestion(
    entity: Entity,
    names: Mapping[str, tuple[int, int]],
    evidence: Mapping[tuple[str, IRI], Attestation],
    *,
    path: str,
    field: str,
    predicate: IRI,
    body: str,
    first_line: int,
) -> Suggestion:
    name, (offset, _count) = min(names.items(), key=lambda item: item[1])
    return Suggestion(
        path=path,
        field=field,
        name=entity.label,
        entity=entity.iri,
        predicate=predicate,
        confidence=round(max(evidence[one, entity.iri].share for one in names), 3),
        found=name,
        times=sum(times for _offset, times in names.values()),
        line=first_line + body.count("\n", 0, offset),
        column=offset - body.rfind("\n", 0, offset),
        sentence=_sentence(body, offset, offset + len(name)),
    )


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a name, cut where it is long."""
    first = max((text.rfind(mark, max(0, start - _LONGEST_SENTENCE), start) for mark in _SENTENCE_END), default=-1) + 1
    first = max(first, start - _LONGEST_SENTENCE // 2)
    last = min(
        (at + 1 for mark in _SENTENCE_END if (at := text.find(mark, end, end + _LONGEST_SENTENCE)) >= 0),
        default=len(text),
    )
    last = min(last, end + _LONGEST_SENTENCE // 2)
    cut = (
        "…" if text[first - 1 : first] not in ("", *_SENTENCE_END) else "",
        "…" if text[last - 1] not in _SENTENCE_END else "",
    )
    return cut[0] + " ".join(text[first:last].split()) + cut[1]


def _own_fields(post: Post, by_field: Mapping[str, tuple[str, IRI]]) -> dict[str, str]:
    """Kind → the field that this post lists such things in."""
    own: dict[str, str] = {}
    for mention in post.mentions:
        if mention.field.lower() in by_field:
            own.setdefault(mention.kind, mention.field)
    return own


def _usual_fields(posts: Iterable[Post], by_field: Mapping[str, tuple[str, IRI]]) -> dict[str, str]:
    """Kind → the field that most posts list such things in."""
    counts = Counter((m.kind, m.field) for post in posts for m in post.mentions if m.field.lower() in by_field)
    usual: dict[str, str] = {}
    for kind, field in sorted(counts, key=lambda item: (-counts[item], item)):
        usual.setdefault(kind, field)
    return usual
