"""Keeps a remote store in step: compares what it holds with what it should hold, and changes the difference.

The unit is the named graph: one for each post, one for all entities, one for the vocabulary. What the store holds is
read from the store, never remembered; a graph counts as the same only when its digest and its number of triples are.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import StoreRejected
from kg.stores.remote import DIGEST, Payload, RemoteStore, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.graph import KnowledgeGraph


_IN_MEMORY = 64 << 20
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between a store and a graph; each list in IRI order."""

    wanted: dict[str, State]
    held: dict[str, State]
    added: list[str]
    changed: list[str]
    removed: list[str]
    places: dict[str, tuple[int, int]]
    """Where in `spool` the graphs to be sent stand: offset and length."""
    spool: SpooledTemporaryFile[bytes]
    """Their N-Triples; beyond 64 MiB they wait on disk."""

    @property
    def is_empty(self) -> bool:
        """Whether the store is in step."""
        return not (self.added or self.changed or self.removed)

    @property
    def triples(self) -> int:
        """How many triples will be sent."""
        return sum(self.wanted[graph].triples for graph in (*self.added, *self.changed))

    def payloads(self, graphs: Iterable[str]) -> Iterator[Payload]:
        """Graphs to be sent, each with its digest as the last line."""
        for graph in graphs:
            state = self.wanted[graph]
            digest = f'<{graph}> <{DIGEST}> "{state.digest}" .\n'.encode()
            offset, length = self.places[graph]
            self.spool.seek(offset)
            yield Payload(graph, self.spool.read(length) + digest, state.triples + 1)

    def close(self) -> None:
        """Give back the disk space."""
        self.spool.close()


def compare(store: RemoteStore, graph: KnowledgeGraph, into: str = "") -> Plan:
    """Ask the store what it holds, and say what has to change.

    Args:
        store: the remote store.
        graph: what it should hold.
        into: put everything into this one graph instead of one for each post.

    Raises:
        StoreError: the store cannot be asked.
    """
    if into:
        state = store.state(into)
        held = {into: state} if state else {}
    else:
        held = store.states(graph_prefix(graph))
    wanted: dict[str, State] = {}
    places: dict[str, tuple[int, int]] = {}
    spool: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  the plan closes it
    for name, data in _local_graphs(graph, into):
        # N-Triples escapes every line break within a literal, so that a line is a triple.
        wanted[name] = State(data.count(b"\n"), sha256(data).hexdigest())
        if held.get(name) != wanted[name]:
            places[name] = (spool.tell(), spool.write(data))
    return Plan(
        wanted=wanted,
        held=held,
        added=sorted(wanted.keys() - held.keys()),
        changed=sorted(places.keys() & held.keys()),
        removed=sorted(held.keys() - wanted.keys()),
        places=places,
        spool=spool,
    )


def in_step(store: RemoteStore, wanted: dict[str, State], base: str, into: str = "") -> bool:
    """Whether a store holds just what it should.

    Args:
        store: the remote store.
        wanted: every graph that it should hold.
        base: where the IRIs of the graphs begin.
        into: the one graph that everything is in, or "".

    Raises:
        StoreError: the store cannot be asked.
    """
    if into:
        return store.state(into) == wanted.get(into)
    return store.states(f"{base}graph/") == wanted


def _local_graphs(graph: KnowledgeGraph, into: str) -> Iterator[tuple[str, bytes]]:
    """All named graphs as N-Triples, in kg's own order; or all of them in the one graph `into`."""
    from kg.rdf import graphs, triples

    parts: Iterable[tuple[str, Iterable[ox.Triple]]] = [(into, triples(graph))] if into else graphs(graph)
    for name, statements in parts:
        output = BytesIO()
        ox.serialize(statements, output, format=ox.RdfFormat.N_TRIPLES)
        yield name, output.getvalue()


def graph_prefix(graph: KnowledgeGraph) -> str:
    """Graphs whose IRIs begin with this are ours; no other graph is ever touched."""
    return f"{graph.dataset.base}graph/"


def apply(
    store: RemoteStore,
    plan: Plan,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Make the store hold what it should, then read back that it does.

    Raises:
        StoreError: a request failed; what was done so far stays, and the next run goes on from there.
    """
    total = len(plan.added) + len(plan.changed) + len(plan.removed)
    done = 0
    for step in (
        store.add(plan.payloads(plan.added)),
        store.replace(plan.payloads(plan.changed)),
        store.remove(plan.removed),
    ):
        for count in step:
            done += count
            if progress:
                progress("load", done, total)
    sent = [*plan.added, *plan.changed]
    now = store.states(_common_prefix([*sent, *plan.removed])) if total else {}
    wrong = [name for name in sent if now.get(name) != plan.wanted[name]]
    wrong += [name for name in plan.removed if name in now]
    if wrong:
        raise StoreRejected(
            f"the store took everything, but {len(wrong)} of {total} graphs do not read back as sent "
            f"(the first: {wrong[0]})"
        )


def _common_prefix(names: list[str]) -> str:
    first, last = min(names), max(names)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
