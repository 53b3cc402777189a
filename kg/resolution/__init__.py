"""One entity per real thing: which names belong together, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import Diagnostic, Entity, Evidence, Post, Record
from kg.resolution.entities import entity_of_names
from kg.resolution.names import Key, collect, key_of

if TYPE_CHECKING:
    from kg.config import Config
    from kg.resolution.ledger import Ledger


class Candidate(Record, frozen=True):
    """Two names of one kind that may be one, and what was made of it."""

    name: str
    other: str
    kind: str
    confidence: float
    """In [0, 1]."""
    evidence: tuple[Evidence, ...]
    decision: str
    """`applied`, `waiting` or `refused`."""
    reason: str = ""
    """Why it was refused, or who decided: `rule`, `inference`, `ledger`."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolving the names of all posts gives."""

    entities: tuple[Entity, ...]
    """In IRI order."""
    candidates: tuple[Candidate, ...] = ()
    """Strongest first."""
    diagnostics: tuple[Diagnostic, ...] = ()
    _by_key: dict[Key, Entity] = field(default_factory=dict, repr=False)
    _moved: dict[tuple[str, Key], str] = field(default_factory=dict, repr=False)

    def entity_of(self, kind: str, name: str, post_path: str = "") -> Entity:
        """The entity that a name stands for.

        Args:
            kind: the kind of the mention.
            name: in any spelling that folds to a name of the posts.
            post_path: where it stands, for names that the ledger splits by post.

        Raises:
            KeyError: no post mentions the name with that kind.
        """
        key = key_of(kind, name)
        if self._moved and (post_path, key) in self._moved:
            key = key_of(kind, self._moved[post_path, key])
        return self._by_key[key]


def resolve(posts: Sequence[Post], config: Config, ledger: Ledger | None = None) -> Resolution:
    """Find out which names are names of one thing.

    Args:
        posts: all posts, in path order.
        config: for the IRIs, the languages and `[resolution]`.
        ledger: the decisions of people; None where there are none.
    """
    del ledger
    names = collect(posts)
    by_key = {key: entity_of_names([name], config) for key, name in names.items()}
    return Resolution(tuple(sorted(by_key.values(), key=lambda entity: entity.iri)), (), (), by_key)
