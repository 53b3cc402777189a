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
from kg.machine.files import read_sealed, replace_sealed
from kg.model import Record
from kg.reading import cache
from kg.resolution import resolve
from kg.resolution.packing import PackedResolution, cited_lines, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from pathlib import Path

    from kg.config import Config
    from kg.glossary import Concepts
    from kg.model import Post
    from kg.resolution import Resolution
    from kg.resolution.ledger import Ledger

FILE_NAME = "meanings"


class _Made(Record, frozen=True):
    """What was made of some posts."""

    key: bytes
    """Of all that decides: see `Meanings._key`."""
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
        *,
        jobs: int | None = None,
        path: Path | None = None,
        keep: bool = False,
    ) -> None:
        """Begin.

        Args:
            posts: in path order, each path once.
            config: the settings.
            ledger: the decisions of people.
            jobs: number of processes at most; None takes a second one where there is enough to do.
            path: the file that holds what was made of posts before; None works everything out.
            keep: whether `save` is going to be called.
        """
        self._posts = posts
        self._config = config
        self._ledger = ledger
        self._path = path
        self._keep = keep
        self._made: _Made | ConceptBuilder = self._made_before(path) or ConceptBuilder(posts, config, jobs=jobs)
        self._fresh: _Made | None = None
        self._resolution: Resolution

    def resolution(self) -> Resolution:
        """Which names are one thing."""
        if isinstance(self._made, _Made):
            self._resolution = unpack(self._made.names, self._ledger)
        else:
            self._resolution = resolve(self._posts, self._config, self._ledger)
            self._made.set_resolution(self._resolution)
        return self._resolution

    def concepts(self) -> Concepts:
        """Which terms are one concept."""
        if isinstance(self._made, _Made):
            draft = self._made.terms
        elif self._keep:
            names = pack(self._resolution)  # while another process is still at the draft
            key, lines = self._key, self._lines(cited_lines(names))
            draft = self._made.draft()
            self._fresh = _Made(key, lines, names, draft)
        else:
            draft = self._made.draft()
        return complete_draft(draft, self._posts, self._resolution)

    def save(self) -> None:
        """Keep what was made, unless it is there."""
        if self._path and self._fresh:
            replace_sealed(self._path, _encode(self._fresh))

    def _made_before(self, path: Path | None) -> _Made | None:
        """What was made of posts before, if it is what would be made of these."""
        try:
            made = _decode(read_sealed(path)) if path else None
        except msgspec.DecodeError:
            return None
        if made and made.key == self._key and made.lines == self._lines(cited_lines(made.names)):
            return made
        return None

    @cached_property
    def _key(self) -> bytes:
        settings = msgspec.json.encode(self._config.with_changes(formats=()), order="deterministic")
        digest = blake2b(cache.program() + settings + _encode(self._ledger.decisions), digest_size=32)
        for post in self._posts:
            names = [(m.kind, m.name, m.field, m.homepage) for m in post.mentions]
            glosses = [(g.outer, g.inner, g.count) for g in post.glosses]
            terms = [(d.term, d.translations, d.text) for d in post.definitions]
            digest.update(_encode((post.path, names, glosses, terms)))
        return digest.digest()

    def _lines(self, places: Mapping[str, Set[int]]) -> bytes:
        """Of the lines of all names, or of all glosses, of a post of which any is cited."""
        digest = blake2b(digest_size=32)
        for post in self._posts:
            if wanted := places.get(post.path):
                for lines in ([m.line for m in post.mentions], [g.line for g in post.glosses]):
                    digest.update(_encode([] if wanted.isdisjoint(lines) else lines))
        return digest.digest()


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Made).decode
