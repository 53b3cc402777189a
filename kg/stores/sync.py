"""Keeps a remote store in step: compares what it holds with what it should hold, and changes the difference.

The unit is the named graph: one for each post, one for all entities, one for the vocabulary. What the store holds is
read from the store, never remembered; a graph counts as the same only when its digest and its number of triples are.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from kg.errors import StoreRejected
from kg.stores.remote import DIGEST, Payload, RemoteStore, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between a store and a graph; each list in IRI order."""

    wanted: dict[str, State]
    held: dict[str, State]
    added: list[str]
    changed: list[str]
    removed: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether the store is in step."""
        return not (self.added or self.changed or self.removed)

    @property
    def triples(self) -> int:
        """How many triples will be sent."""
        return sum(self.wanted[graph].triples for graph in (*self.added, *self.changed))


def local_graphs(graph: KnowledgeGraph, into: str = "") -> Iterator[Payload]:
    """All named graphs as sorted N-Triples lines, without digests; or all in the one graph `into`."""
    from kg.rdf import graphs

    if into:
        lines = {f"{triple} ." for _iri, triples in graphs(graph) for triple in triples}
        yield Payload(into, sorted(lines))
        return
    for iri, triples in graphs(graph):
        yield Payload(str(iri), sorted({f"{triple} ." for triple in triples}))


def with_digest(payload: Payload) -> Payload:
    """The same graph with its digest as the last line."""
    return Payload(payload.graph, [*payload.lines, f'<{payload.graph}> <{DIGEST}> "{_digest(payload)}" .'])


def _digest(payload: Payload) -> str:
    return sha256("\n".join(payload.lines).encode()).hexdigest()


def compare(store: RemoteStore, graph: KnowledgeGraph, into: str = "") -> Plan:
    """Ask the store what it holds, and say what has to change.

    Args:
        store: the remote store.
        graph: what it should hold.
        into: put everything into this one graph instead of one for each post.

    Raises:
        StoreError: the store cannot be asked.
    """
    wanted = {payload.graph: State(len(payload.lines), _digest(payload)) for payload in local_graphs(graph, into)}
    if into:
        state = store.state(into)
        held = {into: state} if state else {}
    else:
        held = store.states(graph_prefix(graph))
    return Plan(
        wanted=wanted,
        held=held,
        added=sorted(wanted.keys() - held.keys()),
        changed=sorted(iri for iri in wanted.keys() & held.keys() if wanted[iri] != held[iri]),
        removed=sorted(held.keys() - wanted.keys()),
    )


def graph_prefix(graph: KnowledgeGraph) -> str:
    """Graphs whose IRIs begin with this are ours; no other graph is ever touched."""
    return f"{graph.dataset.base}graph/"


def apply(
    store: RemoteStore,
    graph: KnowledgeGraph,
    plan: Plan,
    into: str = "",
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Make the store hold what it should, then read back that it does.

    Raises:
        StoreError: a request failed; what was done so far stays, and the next run goes on from there.
    """
    total = len(plan.added) + len(plan.changed) + len(plan.removed)
    done = 0
    todo = frozenset((*plan.added, *plan.changed))
    for count in _chain(
        store.replace(with_digest(payload) for payload in local_graphs(graph, into) if payload.graph in todo),
        store.remove(plan.removed),
    ):
        done += count
        if progress:
            progress("load", done, total)
    after = compare(store, graph, into)
    if not after.is_empty:
        wrong = [*after.added, *after.changed, *after.removed]
        raise StoreRejected(
            f"the store took everything, but {len(wrong)} of {len(plan.wanted)} graphs do not read back as sent "
            f"(the first: {wrong[0]})"
        )


def _chain(*steps: Iterable[int]) -> Iterator[int]:
    for step in steps:
        yield from step
