"""What names and terms mean: which names are one thing (`kg.resolution`), which terms are one concept (`kg.glossary`).

The two are worked out side by side, each only where it may be something else than the last time: names where posts say
others (see `kg.resolution.saved`); terms where posts define or gloss others, or a name that a term goes by means
something else.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

from msgspec import structs

from kg.config import Config
from kg.glossary import ConceptBuilder, Concepts, complete_draft
from kg.glossary.drafting import Draft
from kg.machine.processes import Partner
from kg.model import Post
from kg.resolution import Resolution, resolve
from kg.resolution.ledger import Ledger
from kg.resolution.saved import Saved, Shown, shown_by
from kg.state import NAMES, TERMS, Miss, Reason, State
from kg.state.keys import NO_KEYS, Keys, digest

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
        partner: Partner | None = None,
    ) -> None:
        """Begin.

        Args:
            posts: in path order, each path once.
            config: the settings.
            ledger: the decisions of people.
            state: where earlier results are saved; None computes everything.
            keys: of the run.
            jobs: maximum number of processes; None starts a second one if there is enough to do.
            partner: as for `ConceptBuilder`.
        """
        self._posts = posts
        self._config = config
        self._ledger = ledger
        self._state = state or State()
        self._keys = keys
        self._saved = self._load(NAMES, Saved, lambda: keys)
        """Until names are resolved."""
        draft = self._load(TERMS, Draft, lambda: self.keys)
        self._terms: Draft | ConceptBuilder = draft or ConceptBuilder(posts, config, jobs=jobs, partner=partner)
        self._resolution: Resolution

    @cached_property
    def _shown(self) -> dict[str, Shown]:
        """What posts show; if nothing was saved, nobody asks before the next run is thought of."""
        return shown_by(self._posts, self._saved.posts if self._saved else {})

    @cached_property
    def keys(self) -> Keys:
        """The keys of the run, and of what posts say of terms."""
        terms = blake2b(digest_size=32)
        for path, shown in self._shown.items():
            terms.update(path.encode("utf-8", "surrogatepass") + b"\0" + shown.terms)
        return structs.replace(self._keys, terms=terms.digest())

    @cached_property
    def _made_from(self) -> bytes:
        """A digest of everything that a draft is made from."""
        everything = blake2b(self._keys.ledger + digest(*self._ledger.notes), digest_size=32)
        for shown in self._shown.values():
            everything.update(shown.everything)
        return everything.digest()

    def resolution(self) -> Resolution:
        """The resolution of the names; saved for the next run."""
        shown = self._shown if self._saved else None
        known, self._saved = self._saved, None
        found = resolve(self._posts, self._config, self._ledger, last=known, shown=shown)
        self._resolution = replace(found, save=None)  # which holds everything that was looked at
        if isinstance(self._terms, ConceptBuilder):
            self._terms.set_resolution(self._resolution)
        draft = self._terms if isinstance(self._terms, Draft) else None
        stood = known is not None and draft is not None and known.draft == draft.made_from
        if draft and draft.basis and not draft.basis.stands(self._posts, self._resolution, stood=stood):
            self._state.miss(TERMS, Reason.SHARED)
            draft, self._terms = None, ConceptBuilder(self._posts, self._config, jobs=1)
            self._terms.set_resolution(self._resolution)
        if found.save and self._state.writes:  # while another process is still at the draft
            if known:
                self._state.miss(NAMES, Reason.NAMES)
            saved = structs.replace(found.save(self._shown), draft=draft.made_from if draft else self._made_from)
            self._state.save(NAMES, saved, self.keys.only(*PARTS[NAMES]))
        return self._resolution

    def concepts(self) -> Concepts:
        """The concepts of the terms; saved for the next run."""
        if isinstance(self._terms, ConceptBuilder):
            self._terms = structs.replace(self._terms.draft(), made_from=self._made_from)
            self._state.save(TERMS, self._terms, self.keys.only(*PARTS[TERMS]))
        return complete_draft(self._terms, self._posts, self._resolution)

    def _load(self, name: str, type_: type[T], keys: Callable[[], Keys]) -> T | None:
        if not self._state.holds(name):
            self._state.miss(name, Reason.ABSENT)
            return None
        found = self._state.load(name, type_, keys().only(*PARTS[name]))
        return None if isinstance(found, Miss) else found
