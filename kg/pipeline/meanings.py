"""What names and terms mean: which names are one thing (`kg.resolution`), which terms are one concept (`kg.glossary`).

The two are worked out side by side, each only where it may be something else than the last time: names where the posts
say other names or gloss them otherwise; terms where posts define or gloss others, or a name that a term goes by means
something else. On which lines they do matters only where a place is cited as evidence.
"""

from collections.abc import Container, Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import TypeVar

import msgspec

from kg.config import Config
from kg.glossary import ConceptBuilder, Concepts, complete_draft, names_of
from kg.glossary.drafting import Draft
from kg.model import Post, Record
from kg.resolution import Resolution, resolve
from kg.resolution.ledger import Ledger
from kg.resolution.packing import PackedResolution, cited, pack, unpack, with_lines
from kg.resolution.pairs import Judged
from kg.state import NAMES, PAIRS, TERMS, Miss, Reason, State
from kg.state.keys import NO_KEYS, Keys

T = TypeVar("T")

PARTS = {
    NAMES: ("program", "libraries", "settings", "ledger", "names"),
    PAIRS: ("program", "libraries", "settings", "ledger"),
    TERMS: ("program", "libraries", "settings", "terms"),
}
"""What decides what names mean; which pairs of names were judged, beside names (see `kg.resolution.pairs`); and what
terms mean, beside names (see `kg.glossary.basis`)."""


class _Known(Record, frozen=True):
    """The saved resolution of some names."""

    lines: dict[str, list[int]]
    """Path of a post that is cited as evidence → the lines of its names, then of its glosses, in their order."""
    names: PackedResolution


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
            state: where earlier results are saved; None computes everything.
            keys: of the run.
            jobs: maximum number of processes; None starts a second one if there is enough to do.
        """
        self._posts = posts
        self._config = config
        self._ledger = ledger
        self._state = state or State()
        self._run_keys = keys
        self._known = self._known_names()
        draft = self._load(TERMS, Draft)
        self._terms: Draft | ConceptBuilder = draft or ConceptBuilder(posts, config, jobs=jobs)
        self._resolution: Resolution

    def resolution(self) -> Resolution:
        """The resolution of the names; saved for the next run."""
        if self._known:
            self._resolution = unpack(self._known.names, self._ledger)
        else:
            self._resolution = resolve(self._posts, self._config, self._ledger, last=self._load(PAIRS, Judged))
        if isinstance(self._terms, ConceptBuilder):
            self._terms.set_resolution(self._resolution)
        if not self._known and self._state.writes:
            names = pack(self._resolution)  # while another process is still at the draft
            self._state.save(NAMES, _Known(self._lines(cited(names)), names), self.keys.only(*PARTS[NAMES]))
            if self._resolution.judged:
                self._state.save(PAIRS, self._resolution.judged, self.keys.only(*PARTS[PAIRS]))
        return self._resolution

    def concepts(self) -> Concepts:
        """The concepts of the terms; saved for the next run."""
        draft = self._terms if isinstance(self._terms, Draft) and self._stands(self._terms) else None
        if draft is None:
            builder = self._terms
            if isinstance(builder, Draft):
                builder = ConceptBuilder(self._posts, self._config, jobs=1)
                builder.set_resolution(self._resolution)
            draft = builder.draft()
            self._state.save(TERMS, draft, self.keys.only(*PARTS[TERMS]))
        return complete_draft(draft, self._posts, self._resolution)

    def _stands(self, draft: Draft) -> bool:
        """Whether the names that terms go by still have the meanings that the draft was made with."""
        if draft.basis is None or draft.basis.stands(self._posts, names_of(self._resolution)):
            return True
        self._state.miss(TERMS, Reason.SHARED)
        return False

    def _known_names(self) -> _Known | None:
        """The saved resolution, if it would be the same for these posts."""
        known = self._load(NAMES, _Known)
        if known is None:
            return None
        moved = {}
        for path, lines in self._lines(known.lines).items():
            if lines != known.lines[path]:
                moves = sorted(set(zip(known.lines[path], lines, strict=True)))
                if any(a >= c or b >= d for (a, b), (c, d) in pairwise(moves)):
                    self._state.miss(NAMES, Reason.LINES)  # in another order, and others may come first
                    return None
                moved[path] = dict(moves)
        return _Known(known.lines, with_lines(known.names, moved)) if moved else known

    def _load(self, name: str, type_: type[T]) -> T | None:
        if self._state.folder is None:
            return None
        found = self._state.load(name, type_, self.keys.only(*PARTS[name]))
        return None if isinstance(found, Miss) else found

    @cached_property
    def keys(self) -> Keys:
        """The keys of everything that decides: see `PARTS`."""
        of_names, of_terms = blake2b(digest_size=32), blake2b(digest_size=32)
        for post in self._posts:
            names = [(m.kind, m.name, m.field, m.homepage) for m in post.mentions]
            glosses = _encode((post.path, [(g.outer, g.inner, g.count) for g in post.glosses]))
            of_names.update(_encode((post.language, names)))
            of_names.update(glosses)
            of_terms.update(_encode([(d.term, d.translations, d.text) for d in post.definitions]))
            of_terms.update(glosses)
        return msgspec.structs.replace(self._run_keys, names=of_names.digest(), terms=of_terms.digest())

    def _lines(self, paths: Container[str]) -> dict[str, list[int]]:
        """Path of a post among these → the lines of its names, then of its glosses."""
        found = [post for post in self._posts if post.path in paths]
        return {post.path: [m.line for m in post.mentions] + [g.line for g in post.glosses] for post in found}


_encode = msgspec.msgpack.Encoder().encode
