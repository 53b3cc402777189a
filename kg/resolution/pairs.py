"""The pairs of forms that may be one thing: found group of kinds by group of kinds, and judged by their company.

What was found and judged the last time is reused if what it depends on has not changed: for the clues of a group, its
names and what glosses them; for the score of a pair, its clues, the posts that mention it, and how many posts mention
the names in these.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from kg.fields import kinds as known_kinds
from kg.resolution.context import Context
from kg.resolution.evidence import (
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
from kg.resolution.saved import Found, judged_as
from kg.resolution.scoring import in_order, score

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.model import Post
    from kg.resolution.evidence import Clue
    from kg.resolution.evidence.glosses import Glosses
    from kg.resolution.forms import Form, Forms
    from kg.resolution.saved import Change, Saved
    from kg.resolution.scoring import ScoredPair

_Pair = tuple[int, int]
_encode = msgspec.msgpack.Encoder().encode


class Judged(NamedTuple):
    """What was found and judged."""

    pairs: list[ScoredPair]
    """Strongest first."""
    unlike: set[int]
    """The forms with a pair that is new or no more, or was weighed with another result."""
    found: Found
    inners: Mapping[str, str] | None
    """See `Saved.inners`; None where it is what it was."""


NOTHING = Judged([], set(), Found({}, []), {})


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


def judge(
    forms: Forms, posts: Sequence[Post], config: Config, saved: Saved | None = None, change: Change | None = None
) -> Judged:
    """All candidate pairs.

    Args:
        forms: of all names.
        posts: in path order.
        config: the settings.
        saved: what was saved of other posts; None finds and weighs everything.
        change: what has changed since.
    """
    last = msgspec.msgpack.decode(saved.found, type=Found) if saved else Found({}, [])
    before = {(pair.a, pair.b): pair for pair in saved.pairs} if saved else {}
    if change and change.now != list(range(len(change.now))):
        last, before = _moved(last, change.now), _pairs_moved(before.values(), change.now)
    found, inners = _find(forms, posts, config, last, saved, change)
    clues, earlier = _by_pair(found), _by_pair(last)
    stands = _standing(clues, earlier, forms, posts, change) if change else set()
    fresh = chain.from_iterable(found for pair, found in clues.items() if pair not in stands)
    context = Context.of_posts(forms, posts)
    pairs = score(_with_lines(fresh, posts), forms, context, at_least=config.resolution.propose_above)
    unlike = {end for pair in pairs if before.get((pair.a, pair.b)) != pair for end in (pair.a, pair.b)}
    pairs += (pair for ends, pair in before.items() if ends in stands)
    unlike.update(chain.from_iterable(before.keys() - {(pair.a, pair.b) for pair in pairs}))
    return Judged(in_order(pairs, forms), unlike - {-1}, found, inners)


def _find(
    forms: Forms, posts: Sequence[Post], config: Config, last: Found, saved: Saved | None, change: Change | None
) -> tuple[Found, dict[str, str] | None]:
    """The evidence, and `Saved.inners` if they were looked at; both are the saved ones where nothing else can be."""
    groups: dict[str, list[int]] = defaultdict(list)
    for form in forms.all:
        groups[judged_as(form.kind)].append(form.number)
    first_names = surnames.given_names(forms)
    stale = set(groups)
    if saved and change:
        given = surnames.given(form.words for form in saved.forms if form.kind == "person")
        stale = change.groups | {judged_as(f.kind) for name in given ^ first_names for f in forms.named(name)}
        stale &= groups.keys()
        inners = msgspec.msgpack.decode(saved.inners, type=dict[str, str])
        asked = set(groups) if change.glosses else stale
        changed: Sequence[Post] = [posts[number] for number in change.posts] if change.glosses else []
    else:
        inners, asked, changed = {}, stale, posts
    inners |= glosses.bare_inners({g.inner for post in changed for g in post.glosses} - inners.keys())
    some = forms.some(sorted(number for group in asked for number in groups[group]))
    said, known = glosses.of_posts(some, posts, inners)
    by_group: dict[str, dict[tuple[str, str], Sequence[tuple[str, int, int]]]] = defaultdict(dict)
    for names, places in said.items():
        for group in {judged_as(form.kind) for form in known[names[1]]}:
            by_group[group][names] = places
    result = {group: last.groups[group] for group in groups.keys() - asked}
    for group in asked:
        own = by_group[group]
        digest = blake2b(_encode(list(own.items())), digest_size=16).digest()
        if group in stale or last.groups[group][0] != digest:
            some = forms.some(groups[group])
            inner = {name: some.named(inners[name]) for _outer, name in own}
            result[group] = digest, clues_of(some, own, inner, first_names)
        else:
            result[group] = last.groups[group]
    if change is None or change.glosses:
        typed = ((inners[inner], inner, len(places)) for (_outer, inner), places in said.items())
        return Found(result, clues_across_kinds(forms, typed, config)), inners
    some = forms.some([form.number for form in forms.all if form.bare in change.bares])
    said, _known = glosses.of_posts(some, posts, inners)
    typed = ((inners[inner], inner, len(places)) for (_outer, inner), places in said.items())
    across = [clue for clue in last.across if clue.a >= 0 and forms.at[clue.a].bare not in change.bares]
    return Found(result, across + clues_across_kinds(some, typed, config)), None


def _by_pair(found: Found) -> dict[_Pair, list[Clue]]:
    result: dict[_Pair, list[Clue]] = defaultdict(list)
    for clue in chain(found.across, *(clues for _digest, clues in found.groups.values())):
        result[clue.a, clue.b].append(clue)
    return result


def _standing(
    clues: Mapping[_Pair, list[Clue]],
    earlier: Mapping[_Pair, list[Clue]],
    forms: Forms,
    posts: Sequence[Post],
    change: Change,
) -> set[_Pair]:
    """The pairs that were weighed with the same clues, in the same company, and of which no cited post has changed."""
    if (company := change.company) is None:  # the rarity of every name rests on how many posts there are
        return set()
    cited = {posts[number].path for number in change.posts}
    return {
        pair
        for pair, found in clues.items()
        if earlier.get(pair) == found
        and all(company.isdisjoint(forms.at[number].posts) for number in pair)
        and not any(path in cited for clue in found for path, _rank in clue.places)
    }


def _with_lines(clues: Iterable[Clue], posts: Iterable[Post]) -> Iterator[Clue]:
    """Clues with lines instead of ranks."""
    by_path = {post.path: post for post in posts}
    lines: dict[str, list[int]] = {}
    for clue in clues:
        for path, _rank in clue.places:
            if path not in lines:
                lines[path] = list(glosses.ranks(by_path[path]))
        yield clue._replace(places=tuple((path, lines[path][rank]) for path, rank in clue.places))


def _moved(found: Found, now: Sequence[int]) -> Found:
    """Evidence with the present numbers of forms."""

    def moved(clues: Iterable[Clue]) -> list[Clue]:
        return [clue._replace(a=now[clue.a], b=now[clue.b]) for clue in clues]

    return Found({group: (said, moved(clues)) for group, (said, clues) in found.groups.items()}, moved(found.across))


def _pairs_moved(pairs: Iterable[ScoredPair], now: Sequence[int]) -> dict[_Pair, ScoredPair]:
    """Pairs with the present numbers of forms."""
    return {(now[pair.a], now[pair.b]): replace(pair, a=now[pair.a], b=now[pair.b]) for pair in pairs}
