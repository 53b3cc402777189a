"""The pairs of forms that may be one thing, judged by their company.

A pair that was judged the last time is reused if what it depends on has not changed: its clues, the posts that mention
it, and how many posts mention the names in these. The lines that it cites may be others.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from kg.resolution.context import Context
from kg.resolution.evidence import Clue
from kg.resolution.finding import find, find_again, told
from kg.resolution.glossed import ranks
from kg.resolution.saved import Found
from kg.resolution.scoring import in_order, score, strongest

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.model import Post
    from kg.resolution.finding import Told
    from kg.resolution.forms import Forms
    from kg.resolution.saved import Change, Saved
    from kg.resolution.scoring import ScoredPair

_Pair = tuple[int, int]


class Judged(NamedTuple):
    """What was found and judged."""

    pairs: list[ScoredPair]
    """Strongest first."""
    unlike: set[int]
    """The forms with a pair that is new or no more, or was weighed with another result."""
    found: Found


NOTHING = Judged([], set(), Found({}, [], frozenset(), {}))


def judge(
    forms: Forms,
    posts: Sequence[Post],
    numbers: Mapping[str, int],
    config: Config,
    saved: Saved | None = None,
    change: Change | None = None,
    tell: Callable[[Forms], Callable[[], Told]] | None = None,
) -> Judged:
    """All candidate pairs.

    Args:
        forms: of all names.
        posts: in path order.
        numbers: path → index of the post.
        config: the settings.
        saved: what was saved of other posts; None finds and weighs everything.
        change: what has changed since.
        tell: as for `find`; None does it when it is needed.
    """
    last = msgspec.msgpack.decode(saved.found, type=Found) if saved else NOTHING.found
    before = {(pair.a, pair.b): pair for pair in saved.pairs} if saved else {}
    if change and change.now != list(range(len(change.now))):
        last, before = _moved(last, change.now), _pairs_moved(before.values(), change.now)
    if saved and change:
        found = find_again(forms, posts, numbers, config, last, saved, change)
    else:
        found = find(forms, config, tell or (lambda forms: lambda: told(forms, posts)))
    clues = _by_pair(found)
    stands = _standing(clues, _by_pair(last), forms, change) if change else set()
    fresh = [clue for pair, found in clues.items() if pair not in stands for clue in found]
    pairs = []
    if fresh:
        context = Context.of_posts(forms, posts)
        pairs = score(_with_lines(fresh, posts, numbers), forms, context, at_least=config.resolution.propose_above)
    cited = {posts[number].path for number in change.posts} if change else set()
    pairs += (_restated(pair, clues[ends], cited, posts, numbers) for ends, pair in before.items() if ends in stands)
    unlike = {end for pair in pairs if before.get((pair.a, pair.b)) != pair for end in (pair.a, pair.b)}
    unlike.update(chain.from_iterable(before.keys() - {(pair.a, pair.b) for pair in pairs}))
    return Judged(in_order(pairs, forms), unlike - {-1}, found)


def _by_pair(found: Found) -> dict[_Pair, list[Clue]]:
    result: dict[_Pair, list[Clue]] = defaultdict(list)
    for clue in chain(found.across, *(chain(group.of_names, group.of_glosses) for group in found.groups.values())):
        result[clue.a, clue.b].append(clue)
    return result


def _standing(
    clues: Mapping[_Pair, list[Clue]], earlier: Mapping[_Pair, list[Clue]], forms: Forms, change: Change
) -> set[_Pair]:
    """The pairs that were weighed with the same clues, in the same company."""
    if (company := change.company) is None:
        return set()
    again = change.numbers
    same = [pair for pair, found in clues.items() if earlier.get(pair) == found and again.isdisjoint(pair)]
    if not company:
        return set(same)
    return {pair for pair in same if all(company.isdisjoint(forms.at[number].posts) for number in pair)}


def _restated(
    pair: ScoredPair, clues: Sequence[Clue], cited: Container[str], posts: Sequence[Post], numbers: Mapping[str, int]
) -> ScoredPair:
    """A pair that stands, with the present lines of what it cites from changed posts."""
    if not any(path in cited for clue in clues for path, _rank in clue.places):
        return pair
    places = {clue.kind: clue.places for clue in strongest(_with_lines(clues, posts, numbers)) if clue.places}
    evidence = [replace(each, places=places.get(each.kind, each.places)) for each in pair.evidence]
    return replace(pair, evidence=tuple(evidence))


def _with_lines(clues: Iterable[Clue], posts: Sequence[Post], numbers: Mapping[str, int]) -> Iterator[Clue]:
    """Clues with lines instead of ranks."""
    lines: dict[str, list[int]] = {}
    for clue in clues:
        for path, _rank in clue.places:
            if path not in lines:
                lines[path] = list(ranks(posts[numbers[path]]))
        yield clue._replace(places=tuple((path, lines[path][rank]) for path, rank in clue.places))


def _moved(found: Found, now: Sequence[int]) -> Found:
    """Evidence with the present numbers of forms."""

    def moved(clues: Iterable[Clue]) -> list[Clue]:
        return [Clue._make((now[clue.a], now[clue.b], *clue[2:])) for clue in clues]

    groups = {
        name: replace(group, of_glosses=moved(group.of_glosses), of_names=moved(group.of_names))
        for name, group in found.groups.items()
    }
    return replace(found, groups=groups, across=moved(found.across))


def _pairs_moved(pairs: Iterable[ScoredPair], now: Sequence[int]) -> dict[_Pair, ScoredPair]:
    """Pairs with the present numbers of forms."""
    return {(now[pair.a], now[pair.b]): replace(pair, a=now[pair.a], b=now[pair.b]) for pair in pairs}
