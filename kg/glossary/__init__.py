"""The glossary that the posts wrote themselves: one concept per term, whatever its language, with every definition.

A post says which names a thing has (`**资本支出**（CAPEX: Capital Expenditure，…）`), and the posts together say which
of these statements hold in general. Terms are brought together only where they agree:

* the same key (`kg.text.folding`), simplified and traditional Chinese being one;
* a Chinese and a Latin name each of which is the other's most frequent partner, without a tie;
* an abbreviation whose uses nearly all stand for names of one concept; a plural that shares a Chinese name.

Two Chinese terms that share an English name stay apart (偏见 and 偏置 are both `bias`): a join that is missed costs a
reader a click, a wrong one his trust. Either concept still shows the names that its own posts gave it.

A term that is a known entity is that entity: its definitions are attached there, and no concept is made.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kg.glossary.drafting import Draft, draft
from kg.glossary.known import Known, Named, spellings
from kg.glossary.statements import Statements, families
from kg.machine.processes import Partner, cores, may_fork
from kg.model import IRI, Entity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.config import Config
    from kg.glossary.drafting import Numbers
    from kg.model import Definition, Post
    from kg.resolution import Resolution

Place = tuple[str, IRI, int]
"""Post path, IRI, line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """What bodies define."""

    entities: tuple[Entity, ...] = ()
    """The concepts that enter the graph, in IRI order."""
    known: tuple[Entity, ...] = ()
    """Entities of the resolution, with the definitions that bodies give them, in IRI order."""
    others: tuple[Entity, ...] = ()
    """The concepts that do not enter the graph, in IRI order; empty unless `complete` was asked for."""
    mentions: tuple[Place, ...] = ()
    """Which posts define one of `entities` or `known`, and where first."""
    uses: tuple[Place, ...] = ()
    """Which other posts use one of `entities` by two of its names: `资本支出（CAPEX）`."""

    def entries(self) -> tuple[Entity, ...]:
        """Everything that is defined, whether in the graph or not, in IRI order."""
        return tuple(sorted((*self.entities, *self.known, *self.others), key=lambda entity: entity.iri))


def concepts(posts: Sequence[Post], resolution: Resolution, config: Config, *, complete: bool = False) -> Concepts:
    """Bring together what bodies define.

    Args:
        posts: the posts, each path once.
        resolution: the entities that posts name in their metadata.
        config: `[glossary]` says how much enters the graph.
        complete: also give the concepts that do not enter the graph.
    """
    work = Glossing(posts, config, complete=complete, jobs=1)
    work.tell(resolution)
    return finished(work.draft(), posts, resolution)


class Glossing:
    """The same in three steps, the first of which needs no resolution and is done beside it, in another process."""

    def __init__(
        self, posts: Sequence[Post], config: Config, *, complete: bool = False, jobs: int | None = None
    ) -> None:
        """Begin.

        Args:
            posts: the posts, each path once.
            config: `[glossary]` says how much enters the graph.
            complete: also give the concepts that do not enter the graph.
            jobs: number of processes at most; None takes a second one where there is enough to do.
        """
        self._posts = posts
        self._config = config
        self._complete = complete
        self._resolution: Resolution
        self._partner: Partner | None = None
        self._wanted = config.glossary.enabled or complete
        self._found = _definitions(posts) if self._wanted else []
        if self._wanted and len(self._found) >= _WORTH_A_PROCESS and cores(jobs) > 1 and may_fork():
            self._partner = Partner(self._work)

    def tell(self, resolution: Resolution) -> None:
        """Hand over the entities that posts name in their metadata; does not wait."""
        self._resolution = resolution
        if self._partner:
            self._partner.tell(_encode(_named(resolution)))

    def draft(self) -> Draft:
        """The outcome, whoever worked it out; empty where none is wanted."""
        if not self._wanted:
            return Draft((), (), (), ())
        answer = self._partner.answer() if self._partner else b""
        return _decode_draft(answer) if answer else self._drafted(lambda: _named(self._resolution))

    def _drafted(self, named: Callable[[], Named]) -> Draft:
        said = Statements(self._found)
        groups = families(said)
        known = Known.of_posts(self._posts, named(), said)
        return draft(self._posts, said, groups, known, self._config, complete=self._complete)

    def _work(self, told: Callable[[], bytes]) -> bytes:
        return _encode(self._drafted(lambda: _decode_named(told())))


_WORTH_A_PROCESS = 3_000
"""Definitions; below this, a process costs more than it saves."""
_encode = msgspec.msgpack.Encoder().encode
_decode_named = msgspec.msgpack.Decoder(Named).decode
_decode_draft = msgspec.msgpack.Decoder(Draft).decode


def _named(resolution: Resolution) -> Named:
    meant: dict[str, dict[str, IRI]] = defaultdict(dict)
    for (kind, typed), entity in resolution.meant.items():
        meant[kind][typed] = entity.iri
    return Named(
        tuple((entity.iri, entity.kind, spellings(entity)) for entity in resolution.entities),
        meant,
        {
            (path, *key): meaning.iri
            for (path, key), name in resolution.moved.items()
            if (meaning := resolution.meant.get((key[0], name)))
        },
    )


def _definitions(posts: Iterable[Post]) -> list[tuple[str, Definition]]:
    return [(post.path, definition) for post in posts for definition in post.definitions]


def finished(drafted: Draft, posts: Sequence[Post], resolution: Resolution) -> Concepts:
    """Put definitions and glosses where their numbers stand.

    Args:
        drafted: a draft of these posts, or of others that differ in nothing but lines and columns.
        posts: in path order.
        resolution: of the same posts.
    """
    found = _definitions(posts)
    glosses = {post.path: post.glosses for post in posts}

    def defined(entity: Entity, numbers: Numbers) -> Entity:
        return msgspec.structs.replace(entity, definitions=tuple([found[number] for number in numbers]))

    entities = tuple(defined(entity, numbers) for entity, numbers in drafted.entities)
    by_iri = {entity.iri: entity for entity in resolution.entities} if drafted.known else {}
    enriched = tuple(defined(by_iri[iri], numbers) for iri, numbers in drafted.known)
    return Concepts(
        entities=entities,
        known=enriched,
        others=tuple(defined(entity, numbers) for entity, numbers in drafted.others),
        mentions=tuple(
            (path, entity.iri, line) for entity in (*entities, *enriched) for path, line in first_lines(entity).items()
        ),
        uses=tuple((path, iri, glosses[path][number].line) for path, iri, number in drafted.uses),
    )


def first_lines(entity: Entity) -> dict[str, int]:
    """Post path → the first line that defines the entity there."""
    lines: dict[str, int] = {}
    for path, definition in entity.definitions:
        lines.setdefault(path, definition.line)
    return lines
