"""Constrained single-linkage clustering of forms (https://en.wikipedia.org/wiki/Single-linkage_clustering).

Pairs are joined strongest first; two clusters are merged only if all their members are compatible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from kg.resolution.evidence.brackets import holds_two_names
from kg.resolution.evidence.kinds import are_namesakes
from kg.resolution.forms import same_numbers
from kg.resolution.groups import Groups
from kg.resolution.similarity import TITLES, alike, skeleton

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.resolution.forms import Form, Forms
    from kg.resolution.scoring import ScoredPair


MAX_PAIRS = 4000
"""Pairs of members between two clusters; larger clusters are not joined by inference, as nothing has so many names."""
MAX_LISTED = 3
"""IRIs that a message lists."""


class Clusters:
    """Disjoint sets of forms, with the ledger's constraints on each."""

    def __init__(
        self,
        forms: Forms,
        supported: frozenset[tuple[int, int]] = frozenset(),
        pinyin: frozenset[tuple[int, int]] = frozenset(),
        distinct_sets: Iterable[Collection[int]] = (),
        pinned: Mapping[int, str] | None = None,
    ) -> None:
        """Start with one cluster per form.

        Args:
            forms: all forms.
            supported: pairs of forms with strong evidence of their own.
            pinyin: pairs in which one form is the pinyin of the other.
            distinct_sets: sets of forms of which no two may be joined, from the ledger.
            pinned: form → the IRI that the ledger fixes.
        """
        self._forms = forms
        self._supported = supported
        self._pinyin = pinyin
        self._groups: Groups[int] = Groups()
        self._distinct: dict[int, dict[int, int]] = {}
        """Cluster → index of a distinct set with a member in it → the first such member."""
        for place, numbers in enumerate(distinct_sets):
            for number in numbers:
                self._distinct.setdefault(number, {})[place] = number
        self._iris = {number: [iri] for number, iri in (pinned or {}).items()}
        """Cluster → the first few IRIs that its members are pinned to."""

    def same(self, a: int, b: int) -> bool:
        """Whether two forms are in one cluster."""
        return self._groups.root(a) == self._groups.root(b)

    def differ_in_kind(self, pair: ScoredPair) -> bool:
        """Whether the two forms of a pair are of two kinds."""
        return self._forms.at[pair.a].kind != self._forms.at[pair.b].kind

    def refusal(self, a: int, b: int) -> str:
        """Why the ledger forbids joining the clusters of two forms; "" if it does not."""
        one, two = self._groups.root(a), self._groups.root(b)
        mine, theirs = self._distinct.get(one, {}), self._distinct.get(two, {})
        shared = [place for place in min(mine, theirs, key=len) if place in mine and place in theirs]
        if one != two and shared:
            x, y = min((mine[place], theirs[place]) for place in shared)
            return f"the ledger says that {self._label(x)} is not {self._label(y)}"
        iris = sorted({*self._iris.get(one, ()), *self._iris.get(two, ())})
        if len(iris) > 1:
            return (
                "they are pinned to different IRIs: " + ", ".join(iris[:MAX_LISTED]) + " …" * (len(iris) > MAX_LISTED)
            )
        return ""

    def doubt(self, a: int, b: int) -> str:
        """Why inference should not join the clusters of two forms; "" if it may."""
        sizes = self._groups.size(a), self._groups.size(b)
        if sizes[0] * sizes[1] > MAX_PAIRS:
            return f"it would make {sum(sizes)} spellings one"
        every = self._forms.at
        across = every[a].script != every[b].script
        one, two = sorted(self._groups.members(a)), sorted(self._groups.members(b))
        known: set[str] = set()
        if every[a].kind != every[b].kind:  # what both are called already cannot make a difference
            known = {every[x].bare for x in one} & {every[y].bare for y in two}
        for x in one:
            for y in two:
                if {x, y} == {a, b} or (min(x, y), max(x, y)) in self._supported:
                    continue
                if across and _agree(every[x], every[y]):
                    continue
                if are_namesakes(every[x], every[y]):
                    return f"it would make {every[x].kind} and {every[y].kind} {self._label(x)} one"
                if every[x].bare in known or every[y].bare in known:
                    continue
                if _clash(every[x], every[y]) and not self._has_two_names(x, y, a, b):
                    return f"it would make {self._label(x)} and {self._label(y)} one"
        return ""

    def _has_two_names(self, x: int, y: int, a: int, b: int) -> bool:
        """Whether two Latin forms are the pinyin and the English name of one Chinese person: Ma Yun, Jack Ma."""
        for hub in (a, b):
            form = self._forms.at[hub]
            if form.kind == "person" and form.wide and len(form.words) == 1 and len(form.bare) <= 4:
                pairs = {(min(n, hub), max(n, hub)) for n in (x, y) if n != hub}
                if len(pairs) == 2 and pairs <= self._supported and pairs & self._pinyin:
                    return True
        return False

    def join(self, a: int, b: int) -> None:
        """Join the clusters of two forms."""
        one, two = self._groups.root(a), self._groups.root(b)
        if one == two:
            return
        self._groups.join(one, two)
        root = self._groups.root(one)
        small, large = sorted((self._distinct.pop(one, {}), self._distinct.pop(two, {})), key=len)
        for place, number in small.items():
            large[place] = min(number, large.get(place, number))
        if large:
            self._distinct[root] = large
        if iris := {*self._iris.pop(one, ()), *self._iris.pop(two, ())}:
            self._iris[root] = sorted(iris)[: MAX_LISTED + 1]

    def __iter__(self) -> Iterator[list[int]]:
        """All clusters, singletons included, by first member."""
        clusters: dict[int, list[int]] = {}
        for form in self._forms.all:
            clusters.setdefault(self._groups.root(form.number), []).append(form.number)
        return iter(clusters.values())

    def _label(self, number: int) -> str:
        return self._forms.at[number].label


_SAME_INITIAL = ({"g", "j"}, {"c", "k"}, {"f", "p"}, {"s", "z"}, {"i", "y"})
_LIGHT = frozenset(
    ["the", "of", "and", "for", "us", "u.s", "u", "s", "usa", "united", "states", "american", "department"]
)
_JUNIOR = frozenset(["jr", "junior"])


def _clash(a: Form, b: Form) -> bool:
    """Whether two forms name different things: different numbers, or different words in the same script."""
    if not same_numbers(a, b):
        return True
    if a.kind == "person" and _JUNIOR.intersection(a.words) != _JUNIOR.intersection(b.words):
        return True
    if a.script != b.script:
        return False
    if a.kind == "person" and len(a.words) > 1 and len(b.words) > 1:
        return not (holds_two_names(a) or holds_two_names(b) or _same_person(a, b))
    if a.kind == "person" and not a.wide and skeleton(a.words[-1]) == skeleton(b.words[-1]):
        return False
    return not a.wide and not alike(a, b)


def _same_person(a: Form, b: Form) -> bool:
    """Whether two full names roughly agree in their first and last words."""
    if a.bare in b.bare or b.bare in a.bare or alike(a, b):
        first = _near(a.words[0], b.words[0], wide=a.wide) or not TITLES.isdisjoint((a.words[0], b.words[0]))
        return first or set(a.words) == set(b.words)
    return False


def _agree(a: Form, b: Form) -> bool:
    """Whether two Latin names of one Chinese name may well be one: Terry Tao, Terence Tao.

    Of a person they are if the last words sound alike and the first ones begin alike or are a title; of anything
    else if one begins with the other, word by word or, from five letters on, letter by letter; or if it is a single
    word that sounds like the last one of the other: Qwen, Tongyi Qianwen.
    """
    if a.wide or b.wide or not same_numbers(a, b):
        return False
    if a.kind == "person":
        first, last = (a.words[0], b.words[0]), (a.words[-1], b.words[-1])
        if len(a.words) < 2 or len(b.words) < 2 or skeleton(last[0]) != skeleton(last[1]):
            return False
        return skeleton(first[0])[0] == skeleton(first[1])[0] or _near_initial(*first) or not TITLES.isdisjoint(first)
    short, long = sorted((a, b), key=lambda form: len(form.words))
    if short.words == long.words[: len(short.words)] or set(_content(short)) == set(_content(long)):
        return True
    if len(short.words) == 1 and skeleton(short.bare) == skeleton(long.words[-1]):
        return True
    return len(short.bare) > 4 and long.bare.startswith(short.bare)


def _near_initial(x: str, y: str) -> bool:
    return {x[0], y[0]} in _SAME_INITIAL and fuzz.ratio(x, y) >= 70


def _content(form: Form) -> list[str]:
    """The words of a name except short ones, such as articles, and a country."""
    return [word for word in form.words if word not in _LIGHT]


def _near(x: str, y: str, *, wide: bool) -> bool:
    if wide:
        return x[0] not in "小老" and y[0] not in "小老" and bool(set(x) & set(y))
    return x == y or x.startswith(y) or y.startswith(x) or skeleton(x) == skeleton(y)


def _is_variant(pair: ScoredPair) -> bool:
    """Whether one form is the other plus an insignificant part, so that no further check is needed."""
    return any(evidence.kind in {"folding", "qualifier"} for evidence in pair.evidence)


def join_all(pairs: Iterable[ScoredPair], clusters: Clusters, *, at_least: float) -> dict[int, tuple[str, str]]:
    """Join the clusters of all pairs that are confident enough and compatible, the surest first.

    Of equally sure ones, those within one kind go first.

    Args:
        pairs: in any order; those of equal confidence are taken as they come.
        clusters: changed in place.
        at_least: confidence below which a pair waits for review.

    Returns:
        Index of a pair → (`applied`, `waiting` or `refused`; the reason).
    """
    decisions: dict[int, tuple[str, str]] = {}
    order = sorted(enumerate(pairs), key=lambda item: (-item[1].confidence, clusters.differ_in_kind(item[1])))
    for place, pair in order:
        refusal = clusters.refusal(pair.a, pair.b)
        if refusal and not clusters.same(pair.a, pair.b):
            decisions[place] = ("refused", refusal)
        elif pair.confidence < at_least:
            decisions[place] = ("waiting", pair.objection)
        elif clusters.same(pair.a, pair.b):
            decisions[place] = ("applied", "inference")
        elif not _is_variant(pair) and (doubt := clusters.doubt(pair.a, pair.b)):
            decisions[place] = ("refused", doubt)
        else:
            clusters.join(pair.a, pair.b)
            decisions[place] = ("applied", "inference")
    return decisions
