"""What names and terms mean: which names are one thing (`kg.resolution`), which terms are one concept (`kg.glossary`).

The two are worked out side by side, each only where it may be something else than the last time: names where posts say
others (see `kg.resolution.saved`); terms where posts define or gloss others, or a name that a term goes by means
something else.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from msgspec import structs

from kg.config import Config
from kg.glossary import ConceptBuilder, Concepts, complete_draft, names_of
from kg.glossary.drafting import Draft
from kg.model import Post
from kg.resolution import Resolution, resolve
from kg.resolution.ledger import Ledger
from kg.resolution.saved import Saved, shown_by
from kg.state import NAMES, TERMS, Miss, Reason, State
from kg.state.keys import NO_KEYS, Keys

T = TypeVar("T")

PARTS = {
    NAMES: ("program", "libraries", "settings", "ledger"),
    TERMS: ("program", "libraries", "settings", "terms"),
}
"""What decides what names mean, beside what posts say, which `Saved` compares; and what terms mean, beside names (see
`kg.glossary.basis`)."""


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
        self._saved = self._load(NAMES, Saved, keys)
        self._shown = shown_by(posts, self._saved.posts if self._saved else {})
        terms = blake2b(digest_size=32)
        for path, shown in self._shown.items():
            terms.update(path.encode("utf-8", "surrogatepass") + b"\0" + shown.terms)
        self.keys = structs.replace(keys, terms=terms.digest())
        """Of the run, and of what posts say of terms."""
        draft = self._load(TERMS, Draft, self.keys)
        self._terms: Draft | ConceptBuilder = draft or ConceptBuilder(posts, config, jobs=jobs)
        self._resolution: Resolution

    def resolution(self) -> Resolution:
        """The resolution of the names; saved for the next run."""
        self._resolution = resolve(self._posts, self._config, self._ledger, last=self._saved, shown=self._shown)
        if isinstance(self._terms, ConceptBuilder):
            self._terms.set_resolution(self._resolution)
        if self._resolution.save and self._state.writes:  # while another process is still at the draft
            if self._saved:
                self._state.miss(NAMES, Reason.NAMES)
            self._state.save(NAMES, self._resolution.save(), self.keys.only(*PARTS[NAMES]))
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

    def _load(self, name: str, type_: type[T], keys: Keys) -> T | None:
        if self._state.folder is None:
            return None
        found = self._state.load(name, type_, keys.only(*PARTS[name]))
        return None if isinstance(found, Miss) else found
