"""Clusters of forms: pairs are joined strongest first, and a chain that would join different things is refused.

Single linkage with constraints: before two clusters become one, all their members must be able to be one thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.resolution.evidence.brackets import holds_two_names
from kg.resolution.similarity import alike, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.resolution.forms import Form, Forms
    from kg.resolution.scoring import Pair


MAX_PAIRS = 4000
"""Clusters with more pairs of forms between them are not joined by inference: no real thing has so many names."""


@dataclass(slots=True)
class Clusters:
    """Disjoint sets of forms."""

    forms: Forms
    supported: frozenset[tuple[int, int]] = frozenset()
    """Pairs of forms that strong evidence of their own holds together."""
    pinyin: frozenset[tuple[int, int]] = frozenset()
    """Pairs of which one form is the other in pinyin."""
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Forms that a person said are different: never joined."""
    pinned: Mapping[int, str] = field(default_factory=dict)
    """Forms whose IRI a person has fixed."""
    _cluster: dict[int, int] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)

    def members(self, number: int) -> list[int]:
        """All forms of the cluster of a form."""
        return self._members.get(self._cluster.get(number, number), [number])

    def same(self, a: int, b: int) -> bool:
        """Whether two forms are in one cluster."""
        return a == b or b in self.members(a)

    def refusal(self, a: int, b: int) -> str:
        """Why the clusters of two forms must not become one; "" when they may.

        Only what people decided counts here; see `doubt` for the rest.
        """
        one, two = self.members(a), self.members(b)
        for x in one:
            for y in self.apart.get(x, ()):
                if y in two:
                    return f"the ledger says that {self._label(x)} is not {self._label(y)}"
        iris = {self.pinned[n] for n in (*one, *two) if n in self.pinned}
        if len(iris) > 1:
            return "they are pinned to different IRIs: " + ", ".join(sorted(iris))
        return ""

    def doubt(self, a: int, b: int) -> str:
        """Why a chain of inferences should not join two clusters; "" when it may."""
        one, two = self.members(a), self.members(b)
        if len(one) * len(two) > MAX_PAIRS:
            return f"it would make {len(one) + len(two)} spellings one"
        for x in one:
            for y in two:
                if {x, y} == {a, b} or (min(x, y), max(x, y)) in self.supported:
                    continue
                if _clash(self.forms.all[x], self.forms.all[y]) and not self._has_two_names(x, y, a, b):
                    return f"it would make {self._label(x)} and {self._label(y)} one"
        return ""

    def _has_two_names(self, x: int, y: int, a: int, b: int) -> bool:
        """Whether two Latin names are the pinyin and the English name of one Chinese person: Ma Yun, Jack Ma."""
        for hub in (a, b):
            form = self.forms.all[hub]
            if form.kind == "person" and form.wide and len(form.words) == 1 and len(form.bare) <= 4:
                pairs = {(min(n, hub), max(n, hub)) for n in (x, y) if n != hub}
                if len(pairs) == 2 and pairs <= self.supported and pairs & self.pinyin:
                    return True
        return False

    def join(self, a: int, b: int) -> None:
        """Make two clusters one."""
        root, other = self._cluster.get(a, a), self._cluster.get(b, b)
        if root == other:
            return
        merged = self._members.pop(root, [root]) + self._members.pop(other, [other])
        root = min(merged)
        self._members[root] = sorted(merged)
        for number in merged:
            self._cluster[number] = root

    def __iter__(self) -> Iterator[list[int]]:
        """All clusters, lone forms included, by first member."""
        for number in range(len(self.forms.all)):
            root = self._cluster.get(number)
            if root is None:
                yield [number]
            elif root == number:
                yield self._members[root]

    def _label(self, number: int) -> str:
        return self.forms.all[number].label


_JUNIOR = frozenset(["jr", "junior"])


def _clash(a: Form, b: Form) -> bool:
    """Whether two forms are plainly names of different things: other numbers, or other words in the same script."""
    if a.digits != b.digits:
        return True
    if a.kind == "person" and _JUNIOR.intersection(a.words) != _JUNIOR.intersection(b.words):
        return True
    if a.wide != b.wide:
        return False
    if a.kind == "person" and len(a.words) > 1 and len(b.words) > 1:
        return not (holds_two_names(a) or holds_two_names(b) or _same_person(a, b))
    return not a.wide and not alike(a, b)


def _same_person(a: Form, b: Form) -> bool:
    """Whether two full names agree in their first and in their last word, more or less."""
    if a.bare in b.bare or b.bare in a.bare or alike(a, b):
        first = _near(a.words[0], b.words[0], wide=a.wide)
        return first or set(a.words) == set(b.words)
    return False


def _near(x: str, y: str, *, wide: bool) -> bool:
    if wide:
        return x[0] not in "小老" and y[0] not in "小老" and bool(set(x) & set(y))
    return x == y or x.startswith(y) or y.startswith(x) or skeleton(x) == skeleton(y)


def _is_variant(pair: Pair) -> bool:
    """Whether one form is the other with a part that adds nothing: whatever fits the one fits the other."""
    return any(evidence.kind == "folding" for evidence in pair.evidence)


def join_all(pairs: Iterable[Pair], clusters: Clusters, *, at_least: float) -> dict[int, tuple[str, str]]:
    """Join what is sure enough.

    Args:
        pairs: strongest first.
        clusters: changed in place.
        at_least: pairs below this confidence wait.

    Returns:
        For each pair, by its place in the input: (`applied`, `waiting` or `refused`, and why).
    """
    decisions: dict[int, tuple[str, str]] = {}
    for place, pair in enumerate(pairs):
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
