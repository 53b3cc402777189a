"""Keeps a remote store in step: compares what it holds with what it should hold, and changes the difference.

The unit is the named graph: one for each post, one for all entities, one for the vocabulary. What the store holds is
read from the store, never remembered; a graph counts as the same when its digest and its number of triples are, or when
all its triples are (`Check`). Nothing is sent before the whole difference is known.
"""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias

from kg.errors import ConfigError, ExportError, StoreRejected, os_errors
from kg.graph.model import KnowledgeGraph
from kg.stores.contents import differences
from kg.stores.outbox import Outbox
from kg.stores.remote import DIGEST, GraphState, Payload, RemoteStore
from kg.stores.sites import SiteRecord, is_known, is_of_another, record
from kg.text.wording import counted

Check: TypeAlias = Literal["digest", "content", "nothing"]
"""What is compared of a graph in the store: its digest and number of triples, all its triples, or nothing; then it is
sent whatever the store holds."""
_FEW = 8
"""Graphs that are read back one by one; more are counted together."""
_IN_MEMORY = 64 << 20
"""Bytes of graphs that wait for the plan in memory; more wait in a temporary file."""


class StoredGraphs(NamedTuple):
    """The graphs of a site in a store."""

    graphs: dict[str, GraphState]
    sites: Sequence[SiteRecord] = ()
    """Every site it remembers."""

    def foreign(self, base: str) -> set[str]:
        """The graphs that the site of a base has not made.

        They describe another site, or they have no digest and the store does not know the site. If it does know it,
        somebody has taken the digest away.
        """
        result = {site.graph for site in self.sites if site.base != base and site.graph in self.graphs}
        if all(site.base != base for site in self.sites):
            result.update(name for name, state in self.graphs.items() if not state.digest)
        return result


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The difference between a store and a graph; each list in IRI order."""

    wanted: dict[str, GraphState]
    stored: dict[str, GraphState]
    added: list[str]
    changed: list[str]
    removed: list[str]
    sent: int = 0
    """Triples that were sent; of a large graph that changed, those that differ."""
    overwritten: frozenset[str] = frozenset()
    """Graphs that change but were not made by this site: all their content is replaced."""
    is_known: bool = True
    """Whether the store records that its graphs belong to this site."""

    @classmethod
    def between(
        cls,
        stored: dict[str, GraphState],
        wanted: dict[str, GraphState],
        *,
        different: Collection[str] = (),
        foreign: Collection[str] = (),
    ) -> "SyncPlan":
        """The plan that turns what is stored into what is wanted.

        Args:
            stored: the graphs in the store.
            wanted: the graphs that should be there.
            different: those that are to be sent although their states are the same.
            foreign: those of the store that this site has not made.
        """
        both = wanted.keys() & stored.keys()
        changed = sorted(name for name in both if name in different or wanted[name] != stored[name])
        return cls(
            wanted=wanted,
            stored=stored,
            added=sorted(wanted.keys() - stored.keys()),
            changed=changed,
            # A graph without a digest was not written by kg, whatever its name.
            removed=sorted(name for name in stored.keys() - wanted.keys() if stored[name].digest),
            overwritten=frozenset(foreign).intersection(changed),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to change."""
        return not (self.added or self.changed or self.removed)

    @property
    def triples(self) -> int:
        """How many triples there are in the graphs that are added or changed."""
        return sum(self.wanted[graph].triples for graph in (*self.added, *self.changed))

    @property
    def there(self) -> tuple[int, int]:
        """How many graphs the store holds that are kg's or would be, and how many triples are in them."""
        ours = [state.triples for name, state in self.stored.items() if state.digest or name in self.wanted]
        return len(ours), sum(ours)

    @property
    def lost(self) -> tuple[int, int]:
        """How many graphs are removed, and at least how many triples: theirs, and those that other graphs lose."""
        graphs = [*self.removed, *self.overwritten]
        shrunk = (
            max(0, self.stored[name].triples - self.wanted[name].triples)
            for name in self.changed
            if name not in self.overwritten
        )
        return len(graphs), sum(self.stored[name].triples for name in graphs) + sum(shrunk)

    @property
    def needs_consent(self) -> bool:
        """Whether more than a tenth would be removed, or what would be changed may belong to another site."""
        doubtful = not self.is_known and bool(self.changed or self.removed)
        return doubtful or any(10 * gone > stored for gone, stored in zip(self.lost, self.there, strict=True))


@dataclass(frozen=True, slots=True)
class Synchronisation:
    """Makes a store hold what it should."""

    store: RemoteStore
    graph: KnowledgeGraph
    """What it should hold."""
    into: str = ""
    """The one graph to put everything into; "" for one graph for each post."""
    check: Check = "digest"
    site: SiteRecord | None = None
    """The site whose graphs these are, which the store records; None if it is unknown."""
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None
    """Called with how many graphs are in step, and how many there are."""

    def compare(self) -> SyncPlan:
        """What is different, without sending anything.

        Raises:
            ConfigError, StoreError: as `run`.
        """
        with self._planned() as (plan, _payloads):
            return plan

    def run(self, permit: Callable[[SyncPlan], None] | None = None) -> SyncPlan:
        """Make the changes, then read back that they were made; returns what was different.

        Args:
            permit: called with the whole plan before anything is sent; if it raises, nothing is sent.

        Raises:
            ConfigError: the graph `into` was not made by kg, or the graphs in the store belong to another site.
            StoreError: a request failed; what was done so far stays, and the next run goes on from there.
        """
        store = self.store
        with self._planned() as (plan, payloads):
            if permit:
                permit(plan)
            if self.site and self.site not in store.sites():
                data = record(self.site)
                store.replace([Payload(self.site.graph, data, data.count(b"\n"))])
            outbox = Outbox(store, whole=self.check == "nothing")
            total = len(plan.wanted)
            waiting = len(plan.added) + len(plan.changed)
            for payload in payloads:
                outbox.put(payload, new=payload.graph not in plan.stored)
                waiting -= 1
                self.progress("load", total - waiting - outbox.waiting, total)
            outbox.finish()
        for _count in store.remove(plan.removed):
            self.progress("load", total, total)
        _read_back(store, plan)
        return replace(plan, sent=outbox.sent)

    @contextmanager
    def _planned(self) -> Iterator[tuple[SyncPlan, Iterator[Payload]]]:
        """The whole plan, and then the graphs that are to be sent, in kg's own order."""
        base = self.graph.dataset.base
        stored = stored_graphs(self.store, base, self.into)
        known = not self.site or not stored.graphs or is_known(self.site, stored.sites)
        wanted: dict[str, GraphState] = {}
        waiting: list[tuple[str, int]] = []
        total = 1 if self.into else self.graph.count_by_kind().get("post", 0) + 2
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            for name, state, data in _local_graphs(self.graph, self.into):
                if not self.into and is_of_another(name, base, stored.sites):
                    raise ConfigError(f"{name} is a graph of another site in the store; choose another --base")
                wanted[name] = state
                line = f'<{name}> <{DIGEST}> "{state.digest}" .\n'.encode()
                if stored.graphs.get(name) != state or not self._is_in_step(name, state, line + data):
                    waiting.append((name, len(line + data)))
                    with os_errors(ExportError, f"{tempfile.gettempdir()}: no room for the graphs to be sent"):
                        spool.write(line + data)
                if self.check == "content":
                    self.progress("compare", len(wanted), total)
            spool.seek(0)
            different = {name for name, _size in waiting}
            plan = SyncPlan.between(stored.graphs, wanted, different=different, foreign=stored.foreign(base))
            payloads = (Payload(name, spool.read(size), wanted[name].triples + 1) for name, size in waiting)
            yield replace(plan, is_known=known), payloads

    def _is_in_step(self, name: str, state: GraphState, data: bytes) -> bool:
        """Whether a graph whose state is right need not be sent."""
        if self.check != "content":
            return self.check == "digest"
        lines = self.store.lines(name, state.triples + 1)
        return lines is not None and not any(differences(lines, data.splitlines(keepends=True)))


def stored_graphs(store: RemoteStore, base: str, into: str) -> StoredGraphs:
    """The graphs under a base that a store holds, or the one graph `into`; and the sites it remembers.

    Raises:
        ConfigError: that graph was not made by kg.
        StoreError: the store cannot be asked.
    """
    sites = store.sites()
    if not into:
        states = store.states(f"{base}graph/")
        return StoredGraphs(
            {name: state for name, state in states.items() if not is_of_another(name, base, sites)}, sites
        )
    state = store.state(into)
    if state and not state.digest:
        raise ConfigError(
            f"--graph {into} holds {counted(state.triples, 'triple')} that kg did not put there; name another one"
        )
    return StoredGraphs({into: state} if state else {}, sites)


def _local_graphs(graph: KnowledgeGraph, into: str) -> Iterator[tuple[str, GraphState, bytes]]:
    """All named graphs as N-Triples, in kg's own order; or all of them in the one graph `into`."""
    from kg.rdf.terms import text_of_union, texts

    documents: Iterable[tuple[str, str]] = [(into, text_of_union(graph))] if into else texts(graph)
    for name, document in documents:
        data = document.encode()
        yield name, GraphState(data.count(b"\n"), sha256(data).hexdigest()), data


def _read_back(store: RemoteStore, plan: SyncPlan) -> None:
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
