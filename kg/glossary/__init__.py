"""The glossary of the posts: one concept per term, across languages, with all its definitions.

A definition gives its term several names (`**资本支出**（CAPEX: Capital Expenditure，…）`). Terms are joined into one
concept if they have

* the same key (`kg.text.folding`), after simplifying Chinese characters;
* a Chinese and a Latin name, each clearly the most frequent partner of the other;
* an abbreviation nearly always used for names of one concept, or a plural that shares a Chinese name.

Two Chinese terms that share an English name stay separate (偏见 and 偏置 are both `bias`): a missed join costs the
reader a click, a wrong one their trust. Each concept still lists the names its own posts give it.

A term that names a known entity is not a concept of its own: its definitions are attached to the entity.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from kg.glossary.basis import basis
from kg.glossary.drafting import Draft, draft, glossed
from kg.glossary.families import DefinitionTable, families
from kg.glossary.matching import VOCABULARIES, EntityMatcher, EntityNames, lower_case_words, spellings, telling
from kg.machine.cores import cores, may_fork
from kg.model import IRI, Entity, Post, encode
from kg.resolution.finding import Told, told
from kg.resolution.forms import Form, Forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.config import Config
    from kg.glossary.drafting import Numbers
    from kg.machine.processes import Partner
    from kg.model import Definition
    from kg.resolution import Resolution

Place = tuple[str, IRI, int]
"""Post path, IRI, line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """The terms defined in bodies, as concepts and entities."""

    entities: tuple[Entity, ...] = ()
    """Concepts that enter the graph, in IRI order."""
    known: tuple[Entity, ...] = ()
    """Entities of the resolution with definitions, in IRI order."""
    others: tuple[Entity, ...] = ()
    """Concepts that do not enter the graph, in IRI order; empty unless `complete`."""
    mentions: tuple[Place, ...] = ()
    """The posts that define one of `entities` or `known`, with the first line that does."""
    uses: tuple[Place, ...] = ()
    """Other posts that gloss one of `entities` by two of its names: `资本支出（CAPEX）`."""

    def entries(self) -> tuple[Entity, ...]:
        """All concepts and defined entities, in the graph or not, in IRI order."""
        return tuple(sorted((*self.entities, *self.known, *self.others), key=lambda entity: entity.iri))


def concepts(posts: Sequence[Post], resolution: Resolution, config: Config, *, complete: bool = False) -> Concepts:
    """Build the concepts of all posts.

    Args:
        posts: the posts, in path order.
        resolution: the entities of the same posts.
        config: `[glossary]` sets how much enters the graph.
        complete: whether to return the concepts that do not enter the graph, too.
    """
    builder = ConceptBuilder(posts, config, complete=complete, jobs=1)
    builder.set_resolution(resolution)
    return complete_draft(builder.draft(), posts, resolution)


class ConceptBuilder:
    """Builds concepts in a process of its own, while the resolution is still being computed.

    That process has all glosses, so it also finds what they tell of names.
    """

    def __init__(
        self,
        posts: Sequence[Post],
        config: Config,
        *,
        complete: bool = False,
        jobs: int | None = None,
        partner: Partner | None = None,
    ) -> None:
        """Hand the posts to the process: to `partner`, or to a new one if there is enough to do.

        Args:
            posts: as for `concepts`, and so are the next two.
            config: the settings.
            complete: whether all concepts are wanted.
            jobs: maximum number of processes; None decides by the number of cores.
            partner: what `drafting_beside` gave for the same settings.
        """
        self.posts = posts
        self._config = config
        self._complete = complete
        self._resolution: Resolution
        self._partner = partner
        self._is_told = False
        """Whether the process has got the forms of all names, or knows that there are none for it."""
        self._wanted = config.glossary.enabled or complete
        self._found = _definitions(posts) if self._wanted else []
        if not partner and len(self._found) >= _WORTH_A_PROCESS and cores(jobs) > 1 and may_fork():
            self._partner = drafting_beside(config, complete=complete)
        if self._partner:
            self._partner.send(encode([_of_terms(post) for post in posts]))

    def tell(self, forms: Forms) -> Callable[[], Told]:
        """Begin to find what the glosses tell of all names; gives a function that waits for it."""
        partner, self._is_told = None if self._is_told else self._partner, True
        if partner:
            partner.send(encode(forms.all))

        def answer() -> Told:
            found = partner.receive() if partner else b""
            return _decode_told(found) if found else told(forms, self.posts)

        return answer

    def set_resolution(self, resolution: Resolution) -> None:
        """Pass on the entities of the posts, without waiting."""
        self._resolution = resolution
        if self._partner:
            if not self._is_told:
                self._partner.send(b"")
            self._partner.send(encode(names_of(resolution)))

    def draft(self) -> Draft:
        """Wait for the draft; if the process dies, the caller does the work. Empty if the glossary is off."""
        if not self._wanted:
            return Draft((), (), (), ())
        if answer := self._partner.answer() if self._partner else b"":
            return _decode_draft(answer)
        table = DefinitionTable(self._found)
        return _draft_of(self.posts, table, self._config, lambda: names_of(self._resolution), complete=self._complete)


def drafting_beside(config: Config, *, complete: bool = False) -> Partner:
    """A process that drafts the concepts of the posts that a `ConceptBuilder` hands to it, and reads their glosses."""
    from kg.machine.processes import Partner

    kept: list[tuple[Sequence[Post], DefinitionTable]] = []
    """Until the process ends: freeing them takes a quarter as long as making them."""

    def work(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> bytes:
        posts = _decode_posts(receive())
        if forms := receive():
            send(encode(told(Forms(_decode_forms(forms), {}), posts)))
        table = DefinitionTable(_definitions(posts))
        kept.append((posts, table))
        return encode(_draft_of(posts, table, config, lambda: _decode_named(receive()), complete=complete))

    return Partner(work)


def _draft_of(
    posts: Sequence[Post], table: DefinitionTable, config: Config, named: Callable[[], EntityNames], *, complete: bool
) -> Draft:
    """The draft of some posts and what they define; `named` waits for the resolution."""
    groups = families(table)
    keys = table.key_of.every()
    table.key_of.add(glossed(posts))  # before it waits
    words = lower_case_words(set(chain.from_iterable(table.names)))
    entities = named()
    known = EntityMatcher.of_posts(posts, entities, table, words)
    made = draft(posts, table, groups, known, config, complete=complete)
    return msgspec.structs.replace(made, basis=basis(table.key_of, keys, entities, known.named_by, known.asked))


def _of_terms(post: Post) -> Post:
    """What a draft needs of a post."""
    return Post(
        post.path, "", "", "", draft=False, dialect="",
        mentions=tuple(telling(post)) if post.definitions else (), glosses=post.glosses, definitions=post.definitions,
    )  # fmt: skip


_WORTH_A_PROCESS = 3_000
"""Definitions; with fewer, a process costs more than it saves."""
_decode_posts = msgspec.msgpack.Decoder(list[Post]).decode
_decode_forms = msgspec.msgpack.Decoder(list[Form]).decode
_decode_told = msgspec.msgpack.Decoder(Told).decode
_decode_named = msgspec.msgpack.Decoder(EntityNames).decode
_decode_draft = msgspec.msgpack.Decoder(Draft).decode


def names_of(resolution: Resolution) -> EntityNames:
    """The part of a resolution that a glossary needs."""
    by_spelling: dict[str, dict[str, IRI]] = defaultdict(dict)
    for (kind, typed), entity in resolution.by_spelling.items():
        if kind not in VOCABULARIES:
            by_spelling[kind][typed] = entity.iri
    return EntityNames(
        tuple((entity.iri, entity.kind, spellings(entity)) for entity in resolution.entities),
        by_spelling,
        {
            (path, *key): meaning.iri
            for (path, key), name in resolution.splits.items()
            if (meaning := resolution.by_spelling.get((key[0], name)))
        },
    )


def _definitions(posts: Iterable[Post]) -> list[tuple[str, Definition]]:
    return [(post.path, definition) for post in posts for definition in post.definitions]


def complete_draft(drafted: Draft, posts: Sequence[Post], resolution: Resolution) -> Concepts:
    """Replace the numbers in a draft by definitions and glosses.

    Args:
        drafted: a draft of these posts, or of posts that differ only in line and column numbers.
        posts: in path order.
        resolution: the resolution of the same posts.
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
