"""All evidence that forms are one thing, found group of kinds by group of kinds, and across kinds.

What was found the last time stands where nothing that it rests on has changed: the clues of a group on its names and on
what glosses them, those across kinds on the forms with one text.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec
from msgspec.structs import replace

from kg.fields import kinds as known_kinds
from kg.model import Post, Record, encode
from kg.resolution.evidence import (
    Clue,
    affixes,
    brackets,
    glosses,
    initials,
    kinds,
    pinyin,
    romanization,
    spelling,
    surnames,
    transliteration,
)
from kg.resolution.glossed import COMPANY, Glossed, bare_inners, collect_glosses, endings, with_texts
from kg.resolution.saved import Found, Group, judged_as

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.config import Config
    from kg.resolution.forms import Forms
    from kg.resolution.saved import Change, Saved

_decode = msgspec.msgpack.Decoder(list[Glossed]).decode


def clues_of(forms: Forms, first_names: Container[str]) -> list[Clue]:
    """The evidence of names that two forms of one kind are one thing.

    Args:
        forms: all of one group or more: see `judged_as`.
        first_names: see `surnames.given_names`.
    """
    if pinyin.KINDS.isdisjoint([form.kind for form in forms.all]):  # topics, which are words
        return [*affixes.find(forms), *brackets.find(forms), *initials.find(forms)]
    return [
        *affixes.find(forms),
        *brackets.find(forms),
        *pinyin.find(forms),
        *initials.find(forms),
        *spelling.find(forms, first_names),
        *surnames.find(forms, first_names),
        *transliteration.find(forms),
        *romanization.find(forms),
    ]


def clues_across_kinds(forms: Forms, proper: Collection[str], config: Config) -> list[Clue]:
    """The evidence that forms of several kinds are one thing.

    Args:
        forms: all, or all with some bare texts.
        proper: see `kinds.proper_names`.
        config: the settings.
    """
    if not config.resolution.across_kinds:
        return []
    topics = [kind.name for kind in known_kinds(config).values() if kind.scheme]
    return list(kinds.find(forms, topics, proper))


class Told(Record, frozen=True):
    """What all glosses tell of names."""

    groups: dict[str, tuple[msgspec.Raw, list[Clue]]]
    """`Group.glossed` and `Group.of_glosses`."""
    proper: frozenset[str]
    """As in `Found`, and so is the next."""
    inners: dict[str, bytes]


def told(forms: Forms, posts: Sequence[Post]) -> Told:
    """What the glosses of all posts, given in path order, tell of all names."""
    first_names = surnames.given_names(forms)
    said, bares = _read(forms, posts)
    groups = {}
    for group, members in _members(forms).items():
        some = forms.some(members)
        rows = [row for row in said.get(group, ()) if row.bare in some.by_bare]
        groups[group] = msgspec.Raw(encode(rows)), list(glosses.find(some, rows, first_names))
    return Told(groups, _proper(said), _inners(posts, bares))


def find(forms: Forms, config: Config, tell: Callable[[Forms], Callable[[], Told]]) -> Found:
    """All evidence.

    Args:
        forms: of all names.
        config: the settings.
        tell: begins to do what `told` does, and gives a function that waits for the result.
    """
    answer = tell(forms)
    first_names = surnames.given_names(forms)
    of_names = {group: clues_of(forms.some(members), first_names) for group, members in _members(forms).items()}
    found = answer()
    groups = {group: Group(*found.groups[group], clues) for group, clues in of_names.items()}
    return Found(groups, clues_across_kinds(forms, found.proper, config), found.proper, found.inners)


def find_again(
    forms: Forms,
    posts: Sequence[Post],
    numbers: Mapping[str, int],
    config: Config,
    last: Found,
    saved: Saved,
    change: Change,
) -> Found:
    """All evidence, of which some may stand.

    Args:
        forms: of all names.
        posts: in path order.
        numbers: path → index of the post.
        config: the settings.
        last: what was found in other posts, with the present numbers of the forms.
        saved: what else was saved of these.
        change: what has changed since.
    """
    groups = _members(forms)
    first_names = surnames.given_names(forms)
    stale, glossed = {judged_as(form.kind) for form in change.seen}, set()
    if "person" in stale:
        given = first_names ^ surnames.given(form.words for form in saved.forms if form.kind == "person")
        glossed = {judged_as(form.kind) for name in given for form in forms.named(name)}
    stale = (stale | glossed) & groups.keys()
    said, inners, otherwise = _said(forms, posts, numbers, last, stale, saved, change)
    glossed |= otherwise
    proper = last.proper if inners is last.inners else _proper(said)
    result = {}
    for group, members in groups.items():
        if group not in stale | glossed:
            result[group] = last.groups[group]
            continue
        some = forms.some(members)
        every = said.get(group, [])
        rows = [row for row in every if row.bare in some.by_bare]
        before = last.groups.get(group)
        if before is None or group in glossed or _is_glossed(change, group, forms, every, before):
            of_glosses = list(glosses.find(some, rows, first_names))
        else:
            of_glosses = before.of_glosses
        of_names = clues_of(some, first_names) if before is None or group in stale else before.of_names
        stands = inners is last.inners and len(rows) == len(every)
        glossed_now = before.glossed if before and stands else msgspec.Raw(encode(rows))
        result[group] = Group(glossed_now, of_glosses, of_names)
    bares = change.bares | (proper ^ last.proper)
    across = [clue for clue in last.across if clue.a >= 0 and forms.at[clue.a].bare not in bares]
    again = forms.some([form.number for form in forms.all if form.bare in bares])
    return Found(result, across + clues_across_kinds(again, proper, config), proper, inners)


def _members(forms: Forms) -> dict[str, list[int]]:
    """Group of kinds → the numbers of its forms."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for form in forms.all:
        of_kind[form.kind].append(form.number)
    groups: dict[str, list[int]] = {}
    for kind, members in of_kind.items():
        groups[judged_as(kind)] = sorted(groups.get(judged_as(kind), []) + members)
    return groups


def _read(
    forms: Forms, posts: Sequence[Post], among: Container[str] | None = None
) -> tuple[dict[str, list[Glossed]], dict[str, str]]:
    """The glosses of each group of kinds, of inner names with the bare texts `among`; and the bare texts of all."""
    inners, by_bare = bare_inners(posts), forms.by_bare
    known = {inner: bare for inner, bare in inners.items() if bare in (by_bare if among is None else among)}
    said: dict[str, list[Glossed]] = defaultdict(list)
    for one in with_texts(collect_glosses(posts, known, ranked=True)):
        for group in {judged_as(form.kind) for form in by_bare[one.bare]}:
            said[group].append(one)
    return said, inners


def _inners(posts: Iterable[Post], bares: Mapping[str, str]) -> dict[str, bytes]:
    """`Found.inners`, given the bare texts of inner names."""
    checksum = {inner: _checksum(bare) for inner, bare in bares.items()}
    return {post.path: array("I", {checksum[gloss.inner] for gloss in post.glosses}).tobytes() for post in posts}


def _said(
    forms: Forms,
    posts: Sequence[Post],
    numbers: Mapping[str, int],
    last: Found,
    stale: Iterable[str],
    saved: Saved,
    change: Change,
) -> tuple[Mapping[str, list[Glossed]], dict[str, bytes], AbstractSet[str]]:
    """The glosses of each group of kinds, or only of `stale` ones; `Found.inners`; the groups whose glosses changed."""
    changed = [posts[number] for number in sorted(change.posts)] if change.glosses else []
    paths = {post.path for post in changed} | (saved.posts.keys() - numbers.keys() if change.glosses else set())
    inners = {path: own for path, own in last.inners.items() if path not in paths} if paths else last.inners
    new = {(judged_as(form.kind), form.bare) for old, form in change.forms if form and not old}
    asked = {_checksum(bare) for _group, bare in new}
    telling = [path for path, own in inners.items() if not asked.isdisjoint(array("I", own))] if asked else []
    if not (telling or change.glosses):
        return {group: _glosses(last, group) for group in stale}, inners, frozenset()
    added, bares = _read(forms, changed)
    found, _bares = _read(forms, [posts[numbers[path]] for path in telling], {bare for _group, bare in new})
    more = {group: own for group, rows in found.items() if (own := [row for row in rows if (group, row.bare) in new])}
    said: dict[str, list[Glossed]] = {}
    otherwise = {*added, *more}
    for group in last.groups.keys() | otherwise:
        rows = {}
        for row in _glosses(last, group):
            places = [place for place in row.places if place[0] not in paths]
            if len(places) < len(row.places):
                otherwise.add(group)
            if places and (group, row.bare) not in new:
                rows[row.outer, row.inner] = replace(row, places=places)
        for row in chain(added.get(group, ()), more.get(group, ())):
            places = rows[row.outer, row.inner].places if (row.outer, row.inner) in rows else []
            rows[row.outer, row.inner] = replace(row, places=[*places, *row.places])
        said[group] = list(rows.values())
    return said, inners | _inners(changed, bares), otherwise


def _glosses(found: Found, group: str) -> list[Glossed]:
    return _decode(found.groups[group].glossed) if group in found.groups else []


def _checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


def _proper(said: Mapping[str, Iterable[Glossed]]) -> frozenset[str]:
    """The proper names, given the glosses of each group of kinds; one gloss may be in several."""
    rows = {(row.outer, row.inner): row for rows in said.values() for row in rows}
    return frozenset(kinds.proper_names(rows.values()))


def _is_glossed(change: Change, group: str, forms: Forms, rows: Sequence[Glossed], before: Group) -> bool:
    """Whether a form of a group that evidence sees otherwise may matter to the clues that glosses give.

    It does if a gloss has its text within brackets, or at the end of what stands before them; or if it ends in the name
    of a form that is glossed.
    """
    seen = [form for form in change.seen if judged_as(form.kind) == group]
    if not all(form.bare.isalnum() for form in seen):
        return True  # what such names end in depends on more than letters
    bares = {form.bare for form in seen}
    ends = tuple(bare.casefold() + more for bare in bares for more in ("", COMPANY))
    if any(row.bare in bares or row.text.casefold().endswith(ends) for row in rows):
        return True
    paired = {forms.at[number].bare for clue in before.of_glosses for number in clue[:2] if number >= 0}
    return any(end in paired for form in seen for end in endings(form))
