"""What names and terms mean: which names are one thing (`kg.resolution`), which terms are one concept (`kg.glossary`).

The two are worked out side by side, each only where it may be something else than the last time: names where posts say
others (see `kg.resolution.saved`); terms where posts define or gloss others, or a name that a term goes by means
something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, overload

from msgspec import Raw, structs

from kg.glossary import ConceptBuilder, Concepts, complete_draft
from kg.glossary.basis import Basis, may_use
from kg.glossary.drafting import Draft
from kg.glossary.redrafting import Redrafted, redrafted
from kg.graph.build import title_of
from kg.model import IRI, Post, Record
from kg.resolution import Resolution, resolve
from kg.resolution.saved import NO_TERMS, Saved, Shown, names_digest, shown_by
from kg.state import NAMES, TERMS, Miss, Reason, State
from kg.state.keys import NO_KEYS, Keys, digest
from kg.text.languages import language_of

if TYPE_CHECKING:
    from kg.config import Config
    from kg.machine.processes import Partner
    from kg.resolution.ledger import Ledger

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
        """The keys of the run, and of what posts say of terms, as far as they say anything."""
        return structs.replace(self._keys, terms=_terms_digest(self._shown))

    @cached_property
    def _made_from(self) -> bytes:
        """A digest of everything that a draft is made from."""
        return _made_from(self._keys, self._ledger, self._shown)

    def resolution(self) -> Resolution:
        """The resolution of the names; saved for the next run."""
        shown = self._shown if self._saved else None
        known, self._saved = self._saved, None
        tell = self._terms.tell if isinstance(self._terms, ConceptBuilder) else None
        found = resolve(self._posts, self._config, self._ledger, last=known, shown=shown, tell=tell)
        self._resolution = replace(found, save=None)  # which holds everything that was looked at
        if isinstance(self._terms, ConceptBuilder):
            self._terms.set_resolution(self._resolution)
        draft = self._terms if isinstance(self._terms, Draft) else None
        stood = known is not None and draft is not None and known.draft == draft.made_from
        if draft and draft.basis and not draft.basis.stands(self._posts, self._resolution, stood=stood):
            self._state.miss(TERMS, Reason.SHARED)
            draft, self._terms = None, ConceptBuilder(self._posts, self._config, jobs=1)
            self._terms.set_resolution(self._resolution)
        if self._state.writes:  # while another process is still at the draft
            _save_names(
                self._state, self.keys, known, found, self._shown, draft.made_from if draft else self._made_from
            )
        return self._resolution

    def concepts(self) -> Concepts:
        """The concepts of the terms; saved for the next run."""
        if isinstance(self._terms, ConceptBuilder):
            self._terms = structs.replace(self._terms.draft(), made_from=self._made_from)
            self._state.save(TERMS, self._terms, self.keys.only(*PARTS[TERMS]))
        return complete_draft(self._terms, self._posts, self._resolution)

    @property
    def names(self) -> bytes:
        """A digest of what all posts say of names."""
        return names_digest(self._shown)

    def _load(self, name: str, type_: type[T], keys: Callable[[], Keys]) -> T | None:
        return _load(self._state, name, type_, keys)


class _KnownDraft(Record, frozen=True):
    """As much of a `Draft` as an edit that leaves it alone asks for; the rest stays encoded."""

    entities: Raw
    known: Raw
    others: Raw
    uses: tuple[tuple[str, IRI, int], ...]
    ranks: Raw
    basis: Basis | None
    made_from: bytes


class _PostsByPath(Protocol):
    """All posts by path, each of which is read when somebody looks at it."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """The place of each path in the order of paths."""

    def __getitem__(self, path: str) -> Post: ...

    def several(self, paths: Sequence[str]) -> Sequence[Post]:
        """Some of them, in order."""


class EditedMeanings(NamedTuple):
    """What the names of posts mean after an edit of some."""

    resolution: Resolution
    uses: tuple[tuple[str, IRI, int], ...]
    """As in `Draft`."""
    redrafted: Redrafted | None
    """What terms mean otherwise; None if they mean what they meant."""
    moved: list[str]
    """The paths of posts that name a thing of another IRI than before; of the edited posts, not all."""
    names: bytes
    terms: bytes
    """Digests of what all posts say of names, and of terms."""
    held: object
    """As in `kg.pipeline.build.Retouched`."""


def edited(
    state: State,
    keys: Keys,
    config: Config,
    ledger: Ledger,
    names: bytes,
    before: Mapping[str, Post],
    now: Mapping[str, Post],
    posts: _PostsByPath,
    jobs: int | None = None,
) -> EditedMeanings | None:
    """What names and terms mean after some posts were edited, which is saved for the next run.

    None if it is not known what they meant.

    Args:
        state: where the last resolution is saved.
        keys: of the run, and of what posts said of terms.
        config: the settings.
        ledger: the decisions of people.
        names: `Meanings.names` of the last build.
        before: path → the edited posts that there were, as they were.
        now: path → those that there are.
        posts: all that there are.
        jobs: as for `Meanings`.
    """
    saved = _load(state, NAMES, Saved, lambda: keys)
    draft = _load(state, TERMS, _KnownDraft, lambda: keys)
    if saved is None or draft is None or ledger.splits():
        return None
    if names_digest(saved.posts) != names or saved.draft != draft.made_from:
        return None
    shown, last = shown_by(now.values()), shown_by(before.values())
    if any(saved.posts[path] != own for path, own in last.items()):
        return None
    every = saved.posts | shown
    if last.keys() != shown.keys():
        every = {path: every[path] for path in posts.numbers if path in every and (path in shown or path not in last)}
    paths = list(every)
    again: Draft | _KnownDraft | None = _drafted_again(draft, before, now)
    defining = [path for path, own in every.items() if own.terms != NO_TERMS]
    builder = None if again else ConceptBuilder(posts.several(defining), config, jobs=jobs)
    found = resolve(_Posts(paths, now, posts), config, ledger, last=saved, shown=every, before=before)
    assert found.renewed
    moved = [paths[number] for number in sorted(found.renewed.posts)]
    telling = [now.get(path) or posts[path] for path in dict.fromkeys([*now, *moved])]
    if again and draft.basis and not draft.basis.stands(telling, found, stood=True):
        again, builder = None, ConceptBuilder(posts.several(defining), config, jobs=1)
        state.miss(TERMS, Reason.SHARED)
    different = None
    if builder:
        builder.set_resolution(found)
        earlier = _load(state, TERMS, Draft, lambda: keys)
        assert earlier
        again = structs.replace(builder.draft(), made_from=_made_from(keys, ledger, every))
        known = {**{post.path: post for post in builder.posts}, **before}
        told = [known[path] for path, own in saved.posts.items() if own.terms != NO_TERMS]
        otherwise = {path for path in before.keys() & now.keys() if defined(before[path]) != defined(now[path])}
        different = redrafted(earlier, told, again, builder.posts, otherwise)
    assert again
    new_keys = structs.replace(keys, terms=_terms_digest(every))
    if different or new_keys != keys:
        state.save(TERMS, again, new_keys.only(*PARTS[TERMS]))
    _save_names(state, keys, saved, found, every, again.made_from)
    return EditedMeanings(
        replace(found, save=None), again.uses, different, moved, names_digest(every), new_keys.terms, (saved, found)
    )


def _save_names(
    state: State, keys: Keys, last: Saved | None, found: Resolution, shown: Mapping[str, Shown], made_from: bytes
) -> None:
    """Save what names mean, and the draft that goes with it, unless that is saved already."""
    if found.save:
        if last:
            state.miss(NAMES, Reason.NAMES)
        saved = found.save(shown)
    elif last and (last.posts != shown or last.draft != made_from):
        saved = structs.replace(last, posts={**shown})
    else:
        return
    state.save(NAMES, structs.replace(saved, draft=made_from), keys.only(*PARTS[NAMES]))


def _made_from(keys: Keys, ledger: Ledger, shown: Mapping[str, Shown]) -> bytes:
    """A digest of everything that a draft is made from."""
    everything = blake2b(keys.ledger + digest(*ledger.notes), digest_size=32)
    for own in shown.values():
        everything.update(own.everything)
    return everything.digest()


def defined(post: Post | None) -> list[tuple[str, tuple[str, ...], str, str]]:
    """What a post defines, wherever that stands: term, translations, text and its language."""
    language = title_of(post).language if post and post.definitions else ""
    every = post.definitions if post else ()
    return [(each.term, each.translations, each.text, language_of(each.text, language)) for each in every]


def _drafted_again(draft: _KnownDraft, before: Mapping[str, Post], now: Mapping[str, Post]) -> _KnownDraft | None:
    """The draft after an edit of some posts; None if they define or use other terms, or may."""
    moved: dict[tuple[str, int], int] = {}
    for path in before.keys() | now.keys():
        if defined(before.get(path)) != defined(now.get(path)):
            return None
        one, two = (posts[path].glosses if path in posts else () for posts in (before, now))
        pairs = [[(gloss.outer, gloss.inner) for gloss in glosses] for glosses in (one, two)]
        if pairs[0] == pairs[1]:
            continue
        old, new = (list(may_use(glosses, draft.basis)) for glosses in (one, two))
        if [pairs[0][number] for number in old] != [pairs[1][number] for number in new]:
            return None
        moved |= zip(((path, number) for number in old), new, strict=True)
    uses = tuple([(path, iri, moved.get((path, number), number)) for path, iri, number in draft.uses])
    return structs.replace(draft, uses=uses) if moved else draft


def _terms_digest(shown: Mapping[str, Shown]) -> bytes:
    """A digest of what all posts say of terms, as far as they say anything."""
    terms = blake2b(digest_size=32)
    for path, post in shown.items():
        if post.terms != NO_TERMS:
            terms.update(path.encode("utf-8", "surrogatepass") + b"\0" + post.terms)
    return terms.digest()


class _Posts(Sequence[Post]):
    """All posts, of which one is read when somebody looks at it."""

    def __init__(self, paths: Sequence[str], known: Mapping[str, Post], others: _PostsByPath) -> None:
        self._paths = paths
        self._known = {**known}
        self._others = others

    @overload
    def __getitem__(self, at: int) -> Post: ...

    @overload
    def __getitem__(self, at: slice) -> list[Post]: ...

    def __getitem__(self, at: int | slice) -> Post | list[Post]:
        """One post, or several."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        path = self._paths[at]
        post = self._known.get(path)
        if post is None:
            post = self._known[path] = self._others[path]
        return post

    def __len__(self) -> int:
        """The number of all posts."""
        return len(self._paths)


def _load(state: State, name: str, type_: type[T], keys: Callable[[], Keys]) -> T | None:
    if not state.holds(name):
        state.miss(name, Reason.ABSENT)
        return None
    found = state.load(name, type_, keys().only(*PARTS[name]))
    return None if isinstance(found, Miss) else found
