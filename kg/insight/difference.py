"""The difference between two graphs: things, posts, merges, splits, dead links, trends.

Two things are the same if they share an IRI, former ones included, so a renamed thing stays the same. If two things of
the old graph are one in the new, they were merged; if it is the other way round, one was split.
"""

from collections import defaultdict
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg.graph.model import KnowledgeGraph
from kg.insight.answers import identity
from kg.insight.incidence import Incidence
from kg.insight.places import proof
from kg.insight.trends import ShareChange, Trends
from kg.model import IRI, Diagnostic, Node

DEAD_LINKS = "KG3"
"""Prefix of the codes for links that lead nowhere, or to more than one post."""
LIKELY = 0.05
"""Changes that are at least this probable by chance do not count."""


class Side(NamedTuple):
    """One of the two graphs."""

    graph: KnowledgeGraph
    diagnostics: tuple[Diagnostic, ...] = ()
    """The diagnostics of its posts, if known."""


class TrendChange(NamedTuple):
    """A thing whose trend has changed."""

    node: Node
    before: ShareChange[Node] | None
    """None if it had no trend."""
    now: ShareChange[Node] | None


@dataclass(frozen=True)
class Difference:
    """All changes; every list is sorted."""

    old: Side
    new: Side
    added: list[Node]
    lost: list[Node]
    merged: list[tuple[Node, list[Node]]]
    """(node of the new graph, those of the old one that it was)."""
    split: list[tuple[Node, list[Node]]]
    """(node of the old graph, those of the new one that it became)."""
    broken: list[Diagnostic]
    """Dead links that are in the new posts but not in the old ones, regardless of their lines."""
    mended: list[Diagnostic]
    moved: list[TrendChange]
    """The largest change of G² first."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.added or self.lost or self.merged or self.split or self.broken or self.mended or self.moved)


def difference(old: Side, new: Side) -> Difference:
    """The changes from one graph to another."""
    before, after = _owners(old.graph), _owners(new.graph)
    merged, split = _joined(new.graph, before), _joined(old.graph, after)
    broken, mended = _only_first(new.diagnostics, old.diagnostics), _only_first(old.diagnostics, new.diagnostics)
    return Difference(
        old, new, _unknown(new.graph, before), _unknown(old.graph, after), merged, split, broken, mended,
        _moved(old.graph, new.graph, before),
    )  # fmt: skip


def _iris(node: Node) -> tuple[IRI, ...]:
    return (node.iri, *node.former)


def _owners(graph: KnowledgeGraph) -> dict[IRI, list[Node]]:
    """IRI → the nodes that have or had it."""
    owners: dict[IRI, list[Node]] = defaultdict(list)
    for node in graph.nodes.values():
        for iri in _iris(node):
            owners[iri].append(node)
    return dict(owners)


def _unknown(graph: KnowledgeGraph, others: dict[IRI, list[Node]]) -> list[Node]:
    return [node for node in graph.nodes.values() if not any(iri in others for iri in _iris(node))]


def _joined(graph: KnowledgeGraph, others: dict[IRI, list[Node]]) -> list[tuple[Node, list[Node]]]:
    found = []
    for node in graph.nodes.values():
        parts = {other.iri: other for iri in _iris(node) for other in others.get(iri, ()) if other.iri in _iris(node)}
        if len(parts) > 1:
            found.append((node, [parts[iri] for iri in sorted(parts)]))
    return found


def _only_first(some: Iterable[Diagnostic], others: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Faults of links that are only in the first list, whatever their lines."""
    known = {(d.path, d.code, d.message) for d in others}
    return [d for d in some if d.code.startswith(DEAD_LINKS) and (d.path, d.code, d.message) not in known]


def _moved(old: KnowledgeGraph, new: KnowledgeGraph, before: dict[IRI, list[Node]]) -> list[TrendChange]:
    was, now = ({c.node.iri: c for c in Trends(Incidence.of(graph)).changes()} for graph in (old, new))
    pairs = []
    taken = set()
    for iri, change in now.items():
        earlier = next((was[o.iri] for i in _iris(change.node) for o in before.get(i, ()) if o.iri in was), None)
        taken.add(earlier.node.iri if earlier else iri)
        pairs.append(TrendChange(new.nodes[iri], earlier, change))
    pairs += [TrendChange(change.node, change, None) for iri, change in was.items() if iri not in taken]
    found = [pair for pair in pairs if _direction(pair.before) != _direction(pair.now)]
    return sorted(found, key=lambda pair: (-abs(_g(pair.now) - _g(pair.before)), pair.node.iri))


def _g(change: ShareChange[Node] | None) -> float:
    return change.g if change else 0.0


def _direction(change: ShareChange[Node] | None) -> int:
    """1 if a thing rises, -1 if it fades, 0 if chance explains the change."""
    if change is None or change.chance >= LIKELY:
        return 0
    return 1 if change.g > 0 else -1


def direction(change: ShareChange[Node] | None) -> str:
    """`rises`, `fades` or `steady`."""
    return {1: "rises", -1: "fades", 0: "steady"}[_direction(change)]


def rows(found: Difference, limit: int = 0) -> dict[str, Any]:
    """The changes as JSON: `counts`, `added`, `lost`, `merged`, `split`, `broken`, `mended`, `trends`, with proofs."""
    most = limit or None

    def thing(node: Node, side: Side) -> dict[str, Any]:
        return identity(node) | {"proof": proof(side.graph, node.iri)}

    old, new = found.old, found.new
    lists: dict[str, list[Any]] = {
        "added": [thing(node, new) for node in found.added[:most]],
        "lost": [thing(node, old) for node in found.lost[:most]],
        "merged": [
            {"into": thing(node, new), "from": [thing(part, old) for part in parts]}
            for node, parts in found.merged[:most]
        ],
        "split": [
            {"from": thing(node, old), "into": [thing(part, new) for part in parts]}
            for node, parts in found.split[:most]
        ],
        "broken": [{"path": d.path, "line": d.line, "message": d.message} for d in found.broken[:most]],
        "mended": [{"path": d.path, "line": d.line, "message": d.message} for d in found.mended[:most]],
        "trends": [
            thing(moved.node, new if moved.now else old)
            | {"before": direction(moved.before), "now": direction(moved.now)}
            | {"share": round(moved.now.share_now, 6) if moved.now else 0.0}
            for moved in found.moved[:most]
        ],
    }
    whole: tuple[Sized, ...] = (
        *(found.added, found.lost, found.merged, found.split),
        *(found.broken, found.mended, found.moved),
    )
    return {"counts": dict(zip(lists, map(len, whole), strict=True)), **lists}
