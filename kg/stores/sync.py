"""Keeps a remote store in step: compares what it holds with what it should hold, and changes the difference.

The unit is the named graph: one for each post, one for all entities, one for the vocabulary. What the store holds is
read from the store, never remembered; a graph counts as the same only when its digest and its number of triples are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from kg.errors import ConfigError, StoreRejected
from kg.stores.outbox import Outbox
from kg.stores.remote import DIGEST, Payload, RemoteStore, State
from kg.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.graph import KnowledgeGraph


_FEW = 8
"""Graphs that are read back one by one; more are counted together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between a store and a graph; each list in IRI order."""

    wanted: dict[str, State]
    held: dict[str, State]
    added: list[str]
    changed: list[str]
    removed: list[str]
    sent: int = 0
    """Triples that were sent; of a large graph that changed, those that differ."""

    @classmethod
    def between(cls, held: dict[str, State], wanted: dict[str, State]) -> Plan:
        """What makes the one the other."""
        return cls(
            wanted=wanted,
            held=held,
            added=sorted(wanted.keys() - held.keys()),
            changed=sorted(name for name in wanted.keys() & held.keys() if wanted[name] != held[name]),
            # A graph without a digest was not written by kg, whatever its name.
            removed=sorted(name for name in held.keys() - wanted.keys() if held[name].digest),
        )

    @property
    def is_empty(self) -> bool:
        """Whether the store is in step."""
        return not (self.added or self.changed or self.removed)

    @property
    def triples(self) -> int:
        """How many triples there are in the graphs that are added or changed."""
        return sum(self.wanted[graph].triples for graph in (*self.added, *self.changed))


def compare(store: RemoteStore, graph: KnowledgeGraph, into: str = "") -> Plan:
    """Ask the store what it holds, and say what has to change.

    Args:
        store: the remote store.
        graph: what it should hold.
        into: put everything into this one graph instead of one for each post.

    Raises:
        StoreError: the store cannot be asked.
    """
    held = read_held(store, graph.dataset.base, into)
    return Plan.between(held, {name: state for name, state, _data in _local_graphs(graph, into)})


def synchronise(
    store: RemoteStore,
    graph: KnowledgeGraph,
    into: str = "",
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """Make the store hold what it should, then read back that it does.

    Args:
        store: the remote store.
        graph: what it should hold.
        into: put everything into this one graph instead of one for each post.
        progress: told how many graphs are in step, and how many there are.

    Returns:
        What was different.

    Raises:
        StoreError: a request failed; what was done so far stays, and the next run goes on from there.
    """
    held = read_held(store, graph.dataset.base, into)
    wanted: dict[str, State] = {}
    outbox = Outbox(store)
    total = 1 if into else graph.count_by_kind().get("post", 0) + 2
    for name, state, data in _local_graphs(graph, into):
        wanted[name] = state
        if held.get(name) != state:
            line = f'<{name}> <{DIGEST}> "{state.digest}" .\n'.encode()
            outbox.put(Payload(name, line + data, state.triples + 1), new=name not in held)
        if progress:
            progress("load", len(wanted) - outbox.waiting, total)
    outbox.finish()
    plan = Plan.between(held, wanted)
    for _count in store.remove(plan.removed):
        if progress:
            progress("load", total, total)
    _read_back(store, plan)
    return replace(plan, sent=outbox.sent)


def read_held(store: RemoteStore, base: str, into: str = "") -> dict[str, State]:
    """The graphs under a base that a store holds, or the one graph `into`.

    Raises:
        ConfigError: that one graph is somebody else's.
        StoreError: the store cannot be asked.
    """
    if not into:
        return store.states(f"{base}graph/")
    state = store.state(into)
    if state and not state.digest:
        raise ConfigError(
            f"--graph {into} holds {counted(state.triples, 'triple')} that kg did not put there; name another one"
        )
    return {into: state} if state else {}


def _local_graphs(graph: KnowledgeGraph, into: str) -> Iterator[tuple[str, State, bytes]]:
    """All named graphs as N-Triples, in kg's own order; or all of them in the one graph `into`."""
    from kg.rdf import text_of_union, texts

    documents: Iterable[tuple[str, str]] = [(into, text_of_union(graph))] if into else texts(graph)
    for name, document in documents:
        data = document.encode()
        yield name, State(data.count(b"\n"), sha256(data).hexdigest()), data


def _read_back(store: RemoteStore, plan: Plan) -> None:
    sent = [*plan.added, *plan.changed]
    touched = [*sent, *plan.removed]
    if not touched:
        return
    if len(touched) <= _FEW:
        now = {name: state for name in touched if (state := store.state(name))}
    else:
        now = store.states(_common_prefix(touched))
    wrong = [name for name in sent if now.get(name) != plan.wanted[name]]
    wrong += [name for name in plan.removed if name in now]
    if wrong:
        raise StoreRejected(
            f"the store took everything, but not all reads back as sent: {counted(len(wrong), 'graph')} of "
            f"{len(touched):,} (the first: {wrong[0]})"
        )


def _common_prefix(names: list[str]) -> str:
    first, last = min(names), max(names)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
