"""What a resolution saves for the next one, and what has changed since: which posts, and which forms with them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from kg.model import Entity, Post, Record, encode
from kg.resolution.context import NAMED, rounded
from kg.resolution.evidence import Clue
from kg.resolution.forms import Form, Forms, grouped, numbered, places_of
from kg.resolution.glossed import ranks
from kg.resolution.names import MAX_PLACES, ROLES, FoldedName, Key, Place, collect, first_places, key_of
from kg.resolution.scoring import ScoredPair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_JUDGED_TOGETHER = {"organization": "work"}
"""Kinds whose evidence needs to see each other: whether a newspaper is a work or an organization."""
_SIZE = 16
"""Bytes of a digest."""


class Shown(Record, frozen=True):
    """Digests of what a post says of names and terms."""

    names: bytes
    """Its language, names and glosses, with all lines."""
    glosses: bytes
    """Its glosses, with ranks instead of lines: see `kg.resolution.glossed.ranks`."""
    terms: bytes
    """Its definitions and glosses, without lines."""
    everything: bytes
    """All of that, with all lines."""


class Group(Record, frozen=True):
    """The evidence of a group of kinds: see `judged_as`."""

    glossed: msgspec.Raw
    """The glosses of its forms, as a list of `Glossed`, with ranks instead of lines."""
    of_glosses: list[Clue]
    """The clues that these give; with ranks, too."""
    of_names: list[Clue]
    """The clues that its names give."""


class Found(Record, frozen=True):
    """The evidence; forms are given by number."""

    groups: dict[str, Group]
    across: list[Clue]
    """Clues across kinds."""
    proper: frozenset[str]
    """See `kg.resolution.evidence.kinds.proper_names`."""
    inners: dict[str, bytes]
    """Path → the CRC-32 of the bare text of each inner name there, four bytes each."""


class Saved(Record, frozen=True):
    """A resolution and what it rests on; for the same settings and the same decisions of people."""

    posts: dict[str, Shown]
    """By path, in path order."""
    notes: list[tuple[str, tuple[str, ...], str]]
    """Kind, names and path of each of `Ledger.notes`."""
    forms: list[Form]
    """By number."""
    entities: list[Entity]
    """In IRI order."""
    meaning: list[int]
    """Form → index of its entity."""
    pairs: list[ScoredPair]
    """Strongest first."""
    decisions: list[tuple[str, str]]
    """Decision and reason for each pair."""
    found: msgspec.Raw
    """A `Found`."""
    draft: bytes = b""
    """`kg.glossary.drafting.Draft.made_from` of the draft that goes with these names."""


@dataclass(frozen=True, slots=True)
class Change:
    """How posts and forms differ from what was saved."""

    now: list[int]
    """Saved number of a form → its number; -1 if it is no more."""
    posts: set[int]
    """The posts that are new or have changed."""
    company: set[int] | None
    """The posts in which a name has changed, or how many posts mention it; None if all names are rarer, or less so."""
    forms: list[tuple[Form | None, Form | None]]
    """The forms that other posts mention, or changed ones: as they were and are; None where there was or is none."""
    gone: set[Key]
    """The names that no post mentions any more."""
    glosses: bool
    """Whether there are other glosses, or in other places."""

    @property
    def bares(self) -> set[str]:
        """The bare texts of these forms."""
        return {form.bare for versions in self.forms for form in versions if form}

    @property
    def numbers(self) -> set[int]:
        """The numbers of those that there are."""
        return {form.number for _old, form in self.forms if form}

    @property
    def seen(self) -> list[Form]:
        """Both versions of those that evidence sees otherwise."""
        return [form for versions in self.forms if len(set(map(_looks, versions))) > 1 for form in versions if form]


def judged_as(kind: str) -> str:
    """The group of kinds within which the evidence about names of a kind is found."""
    return _JUDGED_TOGETHER.get(kind, kind)


def shown_by(posts: Iterable[Post], before: Mapping[str, Shown] = MappingProxyType({})) -> dict[str, Shown]:
    """Path → what each post shows, in order; `before` is what was saved."""
    result = {}
    for post in posts:
        digest = blake2b(encode((post.language, post.mentions, post.glosses)), digest_size=_SIZE)
        names = digest.digest()
        digest.update(encode(post.definitions))
        everything = digest.digest()
        last = before.get(post.path)
        result[post.path] = last if last and last.everything == everything else _shown(post, names, everything)
    return result


def _shown(post: Post, names: bytes, everything: bytes) -> Shown:
    rank = ranks(post)
    glosses = encode([(gloss.outer, gloss.inner, gloss.count) for gloss in post.glosses])
    terms = encode([(definition.term, definition.translations, definition.text) for definition in post.definitions])
    of_glosses = _digest(glosses + encode([rank[gloss.line] for gloss in post.glosses]))
    return Shown(names, of_glosses, _digest(glosses + terms), everything)


def names_digest(shown: Mapping[str, Shown]) -> bytes:
    """A digest of what all posts say of names."""
    return _digest(encode([(path, post.names) for path, post in shown.items()]))


def same_names(shown: Mapping[str, Shown], saved: Saved) -> bool:
    """Whether posts are those that something was saved of, as far as names go."""
    pairs = zip(shown.values(), saved.posts.values(), strict=False)
    return list(shown) == list(saved.posts) and all(now is then or now.names == then.names for now, then in pairs)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_SIZE).digest()


_SILENT = _shown(Post("", "", "", "", draft=False, dialect=""), b"", b"")
NO_TERMS = _SILENT.terms
"""`Shown.terms` of a post that neither defines nor glosses anything."""


def updated(
    saved: Saved,
    posts: Sequence[Post],
    shown: Mapping[str, Shown],
    distinct_sets: Collection[frozenset[Key]],
    before: Mapping[str, Post],
) -> tuple[Forms, Change]:
    """The forms of these posts, of which those that no changed post mentions are the saved ones; and what has changed.

    The forms in `saved` are used up. Of posts that are known as they were `before`, only the names count that they
    mention otherwise.
    """
    moved = list(saved.posts) != list(shown)
    lost = _renumber(saved, shown) if moved else set()
    touched = set(lost)
    paths = zip(map(saved.posts.get, shown), shown.values(), strict=True)
    changed = {
        number for number, (last, now) in enumerate(paths) if last is not now and (not last or last.names != now.names)
    }
    of_name = {(form.kind, key): form for form in saved.forms for key in form.keys}
    otherwise = [posts[number] for number in sorted(changed)]
    known = {number: before[posts[number].path] for number in changed if posts[number].path in before}
    unknown = changed - known.keys()
    keys = {key_of(mention.kind, mention.name) for number in unknown for mention in posts[number].mentions}
    for number, post in known.items():
        keys |= _mentioned_otherwise(post, posts[number], number, of_name)
    typed = {(m.kind, m.name) for number in changed for m in posts[number].mentions if key_of(m.kind, m.name) in keys}
    if unknown:
        touched |= {form.number for form in saved.forms if not unknown.isdisjoint(form.posts)}
    touched |= {of_name[key].number for key in keys & of_name.keys()}
    if new := set(places_of(keys - of_name.keys(), distinct_sets).values()):
        bares = {bare for _kind, bare, _part in new}
        touched |= {form.number for form in saved.forms if form.bare in bares and form.place in new}
    old = {form.place: form for form in map(saved.forms.__getitem__, touched)}
    rarer = {saved.forms[number].place for number in lost}
    typed |= {(form.kind, name) for form in old.values() for name in form.typed}
    names = collect(posts, numbers=sorted(changed.union(*(form.posts for form in old.values()))), among=typed)
    made = {form.place: form for form in grouped(names, distinct_sets)}
    for form in old.values():
        form.number = -1
        for name in form.ids:
            del of_name[name]
    of_name |= {name: form for form in made.values() for name in form.ids}
    every = numbered([form for form in saved.forms if form.number >= 0], made.values())
    for place in old.keys() & made.keys():
        old[place].number = made[place].number
    places = old.keys() | made.keys()
    company = unknown | {n for n, post in known.items() if _lists(post, posts[n]) != _lists(posts[n], post)}
    for place in places:
        spread = [form.posts if form else [] for form in (old.get(place), made.get(place))]
        if place[0] in NAMED and (len(spread[0]) != len(spread[1]) or place in rarer):
            company.update(*spread)
    change = Change(
        now=[form.number for form in saved.forms],
        posts=changed,
        company=company if rounded(len(saved.posts)) == rounded(len(shown)) else None,
        forms=[(old.get(place), made.get(place)) for place in places],
        gone={name for form in old.values() for name in form.ids} - of_name.keys(),
        glosses=any(
            saved.posts.get(path, _SILENT).glosses != shown.get(path, _SILENT).glosses
            for path in chain((post.path for post in otherwise), saved.posts.keys() - shown.keys() if moved else ())
        ),
    )
    forms = SavedForms(every, Names(posts, of_name, names, in_order=list(shown) == sorted(shown)))
    forms.of_name = of_name
    return forms, change


def _mentioned_otherwise(post: Post, now: Post, number: int, of_name: Mapping[Key, Form]) -> set[Key]:
    """The names of a post that it mentions otherwise now; the line counts where it is among the first places."""
    one, two = _mentioned(post), _mentioned(now)
    result = set()
    for key in one.keys() | two.keys():
        said = one.get(key), two.get(key)
        if said[0] and said[1] and [row[1:] for row in said[0]] == [row[1:] for row in said[1]]:
            form = of_name[key]
            if said[0] == said[1] or (len(form.keys) == 1 and number not in form.posts[:MAX_PLACES]):
                continue
        result.add(key)
    return result


def _mentioned(post: Post) -> dict[Key, list[tuple[int, str, str, bool, str]]]:
    """Name → all that `collect` looks at in each of its mentions, the line first."""
    result: dict[Key, list[tuple[int, str, str, bool, str]]] = {}
    for m in post.mentions:
        row = (m.line, m.name, post.language, m.predicate in ROLES, m.homepage)
        result.setdefault(key_of(m.kind, m.name), []).append(row)
    return result


def _lists(post: Post, other: Post) -> list[tuple[str, str, str]]:
    """What `kg.resolution.context` looks at, but for topics that only one of two posts lists: they are no company."""
    names = {(m.kind, m.name) for m in other.mentions}
    return [(m.field, m.kind, m.name) for m in post.mentions if m.kind in NAMED or (m.kind, m.name) in names]


def _looks(form: Form | None) -> object:
    """Everything that evidence looks at, as far as other mentions may change it."""
    return form and (tuple(form.keys), form.label, form.count, form.roles, form.digits, form.words)


def _renumber(saved: Saved, paths: Iterable[str]) -> set[int]:
    """Number the posts of the saved forms as they are numbered now; gives the forms that have lost one."""
    numbers = {path: number for number, path in enumerate(paths)}
    now = [numbers.get(path, -1) for path in saved.posts]
    lost = set()
    for form in saved.forms:
        posts = [number for before in form.posts if (number := now[before]) >= 0]
        if len(posts) < len(form.posts):
            lost.add(form.number)
        form.posts = posts
    return lost


class SavedForms(Forms):
    """Forms of which the names are collected when they are asked for."""

    names: Names

    def places(self, form: Form) -> tuple[Place, ...]:
        """As for other forms; of a frequent one, only its first posts are looked at."""
        return self.names.first_places(form)


class Names(dict[Key, FoldedName]):
    """Names, collected when they are asked for."""

    def __init__(
        self, posts: Sequence[Post], forms: Mapping[Key, Form], known: Mapping[Key, FoldedName], *, in_order: bool
    ) -> None:
        """Take the posts, the form of each name, the names that are known, and whether paths ascend with the posts."""
        super().__init__(known)
        self._posts = posts
        self._in_order = in_order
        self._forms = forms

    def __missing__(self, key: Key) -> FoldedName:
        form = self._forms[key]
        self |= collect(self._posts, numbers=form.posts, among={(form.kind, typed) for typed in form.typed})
        return self[key]

    def first_places(self, form: Form) -> tuple[Place, ...]:
        """As `kg.resolution.names.first_places` for the names of a form."""
        typed, length = {(form.kind, typed) for typed in form.typed}, MAX_PLACES if self._in_order else len(form.posts)
        while True:
            found = first_places(collect(self._posts, numbers=form.posts[:length], among=typed).values())
            if length >= len(form.posts) or len(found) == MAX_PLACES:
                return found
            length *= 4
