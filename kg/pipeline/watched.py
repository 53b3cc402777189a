"""What a build has to know of all posts, so that the next one can tell what an edit of a few of them touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.diagnostics.habits import Use
from kg.graph import nesting
from kg.linking import own_names
from kg.linking.links import Followed
from kg.linking.notes import Notes
from kg.model import IRI, Entity, Post, Record
from kg.reading import authors
from kg.reading.people import People
from kg.resolution.names import key_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.meanings import Meanings


class MoreChanged(Exception):
    """An edit touches more than the short way can tell, or may."""


class EditedPost(NamedTuple):
    """A post as it was and is, each with the names that are meant; None where there was or is none in the graph."""

    before: Post | None
    now: Post | None


class Watched(Record, frozen=True):
    """What a build finds out about all posts, as far as it tells what an edit of one of them touches."""

    names: bytes
    terms: bytes
    """Digests of what all posts say of names, and of terms."""
    people: People
    followed: Followed
    notes: Notes
    nested: frozenset[IRI]
    """The IRIs that decide how tags are nested: see `kg.graph.nesting.decisive`."""
    stated: frozenset[tuple[IRI, IRI]]
    """What posts state about that: see `kg.graph.nesting.stated`."""
    between: frozenset[IRI]
    """The tags that no post names, and which are only between others."""
    uses: dict[Use, int]
    """See `kg.diagnostics.habits.counted`."""

    @classmethod
    def of(
        cls,
        meant: Meanings,
        people: People,
        followed: Followed,
        noted: Notes,
        posts: Sequence[Post],
        graph: KnowledgeGraph,
        uses: dict[Use, int],
        entities: Iterable[Entity],
    ) -> Watched:
        """What is to be known of all posts, their entities and their graph."""
        base, tags = graph.dataset.base, [node for node in graph.nodes.values() if node.kind == "tag"]
        stated = frozenset(nesting.stated(posts, base))
        nested = frozenset(nesting.decisive(graph.nodes.values(), base, stated))
        between = frozenset({tag.iri for tag in tags}.difference([entity.iri for entity in entities]) if nested else ())
        return cls(meant.names, meant.keys.terms, people, followed, noted, nested, stated, between, uses)

    def wanted(self) -> set[str]:
        """The names of pages that are not written, folded."""
        return {key_of("", link.name)[1] for link in self.followed.unwritten}


def keeps_others(path: str, edit: EditedPost, watched: Watched, wanted: AbstractSet[str]) -> bool:
    """Whether an edit of a post changes nothing about others, except through its links and what its names mean.

    It is no page of an author, and a note about a thing only if it was, by the same names. `wanted` is what
    `Watched.wanted` tells.
    """
    if authors.has_page(path) or len({_rests_on(post, watched.notes.noted) for post in edit}) > 1:
        return False
    one, two = ({(m.kind, m.name) for m in post.mentions} if post else set() for post in edit)
    folded = {key_of(*name)[1] for name in one ^ two}
    return folded.isdisjoint(watched.notes.called) and folded.isdisjoint(wanted)


_ANY = IRI("https://any.example/")


def _rests_on(post: Post | None, noted: Container[str]) -> object:
    """All that others see of a post, but for its names, its terms, its links and its date."""
    if post is None:
        return (), ()
    return tuple(own_names.own_names([post], noted)), tuple(sorted(nesting.stated([post], _ANY)))
