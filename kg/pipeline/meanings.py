"""What names and terms mean: which names are one thing (`kg.resolution`), which terms are one concept (`kg.glossary`).

The two are worked out side by side; and not at all where the posts say the same names and define the same terms as the
last time, in the same order. On which lines they do matters only where a place is cited as evidence.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from kg.glossary import ConceptBuilder, complete_draft
from kg.glossary.drafting import Draft
from kg.model import Record
from kg.resolution import resolve
from kg.resolution.packing import PackedResolution, cited_lines, pack, unpack
from kg.state import NAMES, Miss, Reason, State
from kg.state.keys import NO_KEYS, Keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from kg.config import Config
    from kg.glossary import Concepts
    from kg.model import Post
    from kg.resolution import Resolution
    from kg.resolution.ledger import Ledger


PARTS = ("program", "libraries", "settings", "ledger", "names")
"""What decides what names and terms mean."""


class _Known(Record, frozen=True):
    """What was worked out for some posts."""

    lines: bytes
    """Of the posts that are cited as evidence."""
    names: PackedResolution
    terms: Draft


class Meanings:
    """What the names and terms of some posts mean. To be asked for the resolution first, and for the concepts later."""

    def __init__(
        self,
        posts: Sequence[Post],
        config: Config,
        ledger: Ledger,
        state: State | None = None,
        keys: Keys = NO_KEYS,
        *,
        jobs: int | None = None,
    ) -> None:
        """Begin.

        Args:
            posts: in path order, each path once.
            config: the settings.
            ledger: the decisions of people.
            state: what was worked out before; None works everything out.
            keys: of the run.
            jobs: number of processes at most; None takes a second one where there is enough to do.
        """
        self._posts = posts
        self._config = config
        self._ledger = ledger
        self._state = state or State()
        self._run_keys = keys
        self._work: _Known | ConceptBuilder = self._known_before() or ConceptBuilder(posts, config, jobs=jobs)
        self._resolution: Resolution

    def resolution(self) -> Resolution:
        """Which names are one thing."""
        if isinstance(self._work, _Known):
            self._resolution = unpack(self._work.names, self._ledger)
        else:
            self._resolution = resolve(self._posts, self._config, self._ledger)
            self._work.set_resolution(self._resolution)
        return self._resolution

    def concepts(self) -> Concepts:
        """Which terms are one concept; what was worked out is kept for the next run."""
        if isinstance(self._work, _Known):
            draft = self._work.terms
        elif self._state.writes:
            names = pack(self._resolution)  # while another process is still at the draft
            lines = self._lines(cited_lines(names))
            draft = self._work.draft()
            self._state.save(NAMES, _Known(lines, names, draft), self.keys)
        else:
            draft = self._work.draft()
        return complete_draft(draft, self._posts, self._resolution)

    def _known_before(self) -> _Known | None:
        """What was worked out for posts before, if it is what would be worked out for these."""
        if self._state.folder is None:
            return None
        known = self._state.load(NAMES, _Known, self.keys)
        if isinstance(known, Miss):
            return None
        if known.lines != self._lines(cited_lines(known.names)):
            self._state.miss(NAMES, Reason.LINES)
            return None
        return known

    @cached_property
    def keys(self) -> Keys:
        """Everything that decides: see `PARTS`."""
        digest = blake2b(digest_size=32)
        for post in self._posts:
            names = [(m.kind, m.name, m.field, m.homepage) for m in post.mentions]
            glosses = [(g.outer, g.inner, g.count) for g in post.glosses]
            terms = [(d.term, d.translations, d.text) for d in post.definitions]
            digest.update(_encode((post.path, post.language, names, glosses, terms)))
        return msgspec.structs.replace(self._run_keys, names=digest.digest()).only(*PARTS)

    def _lines(self, places: Mapping[str, Set[int]]) -> bytes:
        """Of the lines of all names, or of all glosses, of a post of which any is cited."""
        digest = blake2b(digest_size=32)
        for post in self._posts:
            if wanted := places.get(post.path):
                for lines in ([m.line for m in post.mentions], [g.line for g in post.glosses]):
                    digest.update(_encode([] if wanted.isdisjoint(lines) else lines))
        return digest.digest()


_encode = msgspec.msgpack.Encoder().encode
