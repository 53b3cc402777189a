"""The pairs of forms that may be one thing: found group of kinds by group of kinds, and judged by their company.

What was found and judged the last time is reused if what it depends on has not changed: for the clues of a group, its
names and what glosses them; for the score of a pair, its clues, the posts that mention it, and how many posts mention
the names in these.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from kg.fields import kinds as known_kinds
from kg.model import Record
from kg.resolution.context import Context
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
from kg.resolution.forms import Forms
from kg.resolution.names import Key
from kg.resolution.scoring import ScoredPair, in_order, score

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from kg.config import Config
    from kg.model import Post
    from kg.resolution.evidence.glosses import Glosses
    from kg.resolution.forms import Form

_JUDGED_TOGETHER = {"organization": "work"}
"""Kinds whose evidence needs to see each other: whether a newspaper is a work or an organization."""
_Pair = tuple[int, int]
_encode = msgspec.msgpack.Encoder().encode


class Judged(Record, frozen=True):
    """What was found and judged for the names of some posts; forms are numbered by their place in `forms`."""

    posts: dict[str, bytes]
    """Path → digest of what the post mentions, in path order."""
    forms: list[tuple[Key, int]]
    """The first name of each form, and how many posts mention the form."""
    groups: dict[str, tuple[bytes, list[Clue]]]
    """Group of kinds → digest of what its clues depend on, and the clues."""
    across: list[Clue]
    """Those across kinds."""
    pairs: list[ScoredPair]


def judged_as(kind: str) -> str:
    """The group of kinds within which the evidence about names of a kind is found."""
    return _JUDGED_TOGETHER.get(kind, kind)


def clues_of(
    forms: Forms, glossed: Glosses, known: Mapping[str, Sequence[Form]], first_names: Container[str]
) -> list[Clue]:
    """The evidence of all kinds that two forms of one kind are one thing.

    Args:
        forms: all of one group or more: see `judged_as`.
        glossed: the glosses of all bodies whose inner names are among these forms.
        known: inner name → its forms.
        first_names: see `surnames.given_names`.
    """
    return [
        *affixes.find(forms),
        *brackets.find(forms),
        *pinyin.find(forms),
        *initials.find(forms),
        *spelling.find(forms),
        *surnames.find(forms),
        *transliteration.find(forms),
        *romanization.find(forms),
        *glosses.find(forms, glossed, known, first_names),
    ]


def clues_across_kinds(forms: Forms, glossed: Iterable[tuple[str, str, int]], config: Config) -> list[Clue]:
    """The evidence that forms of several kinds are one thing.

    Args:
        forms: all, or all with some bare texts.
        glossed: bare text of an inner name, the same as typed, and how often, for all glosses of these.
        config: the settings.
    """
    if not config.resolution.across_kinds:
        return []
    topics = [kind.name for kind in known_kinds(config).values() if kind.scheme]
    return list(kinds.find(forms, topics, kinds.proper_names(glossed)))


def judge(forms: Forms, posts: Sequence[Post], config: Config, before: Judged | None = None) -> Judged:
    """All candidate pairs, strongest first.

    Args:
        forms: of all names.
        posts: in path order.
        config: the settings.
        before: what this returned for other posts, with the same settings and the same decisions of people.
    """
    ids = [form.names[0].id for form in forms.all]
    last = _renumbered(before or Judged({}, [], {}, [], []), ids)
    found, known = glosses.of_posts(forms, posts)
    groups = _groups(forms, found, known, last.groups)
    typed = ((known[inner][0].bare, inner, len(places)) for (_outer, inner), places in found.items())
    across = clues_across_kinds(forms, typed, config)
    clues, earlier = _by_pair(groups, across), _by_pair(last.groups, last.across)
    shown = {post.path: blake2b(_encode(post.mentions), digest_size=8).digest() for post in posts}
    spread = [len(form.names[0].posts if len(form.names) == 1 else form.posts) for form in forms.all]
    touched = _touched(forms, dict(zip(ids, spread, strict=True)), shown, last)
    stands = {
        pair
        for pair, found in clues.items()
        if earlier.get(pair) == found and not any(touched(forms.all[number]) for number in pair)
    }
    fresh = chain.from_iterable(found for pair, found in clues.items() if pair not in stands)
    pairs = score(fresh, forms, Context.of_posts(forms, posts), at_least=config.resolution.propose_above)
    pairs += (pair for pair in last.pairs if (pair.a, pair.b) in stands)
    return Judged(shown, list(zip(ids, spread, strict=True)), groups, across, in_order(pairs, forms))


def _groups(
    forms: Forms, glossed: Glosses, known: Mapping[str, Sequence[Form]], last: Mapping[str, tuple[bytes, list[Clue]]]
) -> dict[str, tuple[bytes, list[Clue]]]:
    """The clues of each group of kinds: those of the last time if they depend on the same."""
    first_names = surnames.given_names(forms)
    members: dict[str, list[Form]] = defaultdict(list)
    for form in forms.all:
        members[judged_as(form.kind)].append(form)
    said: dict[str, dict[tuple[str, str], Sequence[tuple[str, int, int]]]] = defaultdict(dict)
    for names, places in glossed.items():
        for group in {judged_as(form.kind) for form in known[names[1]]}:
            said[group][names] = places
    result = {}
    for group, own in members.items():
        rests_on = [
            (form.bare in first_names, [(name.id, name.spellings, name.roles) for name in form.names]) for form in own
        ]
        digest = blake2b(_encode(rests_on), digest_size=16)
        digest.update(_encode(list(said[group].items())))
        if group not in last or last[group][0] != digest.digest():
            numbers = [form.number for form in own]
            some = Forms.of(own)
            inner = {name: some.named(known[name][0].bare) for _outer, name in said[group]}
            found = [
                clue._replace(a=numbers[clue.a], b=numbers[clue.b])
                for clue in clues_of(some, said[group], inner, first_names)
            ]
            for number, form in zip(numbers, own, strict=True):
                form.number = number
            result[group] = digest.digest(), found
        else:
            result[group] = last[group]
    return result


def _by_pair(groups: Mapping[str, tuple[bytes, list[Clue]]], across: Iterable[Clue]) -> dict[_Pair, list[Clue]]:
    result: dict[_Pair, list[Clue]] = defaultdict(list)
    for clue in chain(across, *(found for _digest, found in groups.values())):
        result[clue.a, clue.b].append(clue)
    return result


def _renumbered(last: Judged, ids: Sequence[Key]) -> Judged:
    """The same with the present numbers of the forms; -1 for those that no longer exist."""
    numbers = {one: number for number, one in enumerate(ids)}
    now = [numbers.get(one, -1) for one, _spread in last.forms]

    def moved(clues: Iterable[Clue]) -> list[Clue]:
        return [clue._replace(a=now[clue.a], b=now[clue.b]) for clue in clues]

    return msgspec.structs.replace(
        last,
        groups={group: (digest, moved(found)) for group, (digest, found) in last.groups.items()},
        across=moved(last.across),
        pairs=[replace(pair, a=now[pair.a], b=now[pair.b]) for pair in last.pairs],
    )


def _touched(
    forms: Forms, spread: Mapping[Key, int], shown: Mapping[str, bytes], last: Judged
) -> Callable[[Form], bool]:
    """Whether the company of a form, or where it is mentioned, may have changed since the last time."""
    if list(shown) != list(last.posts):  # the rarity of every name rests on how many posts there are
        return lambda _form: True
    posts = {number for number, path in enumerate(shown) if shown[path] != last.posts[path]}
    before = dict(last.forms)
    for form in forms.all:
        if spread[form.names[0].id] != before.get(form.names[0].id):
            posts |= form.posts
    return lambda form: not posts.isdisjoint(form.posts)
