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
"""What of a graph in the store is compared: its digest and number of triples, all its triples, or nothing; then it is
sent whatever the store holds."""
_FEW = 8
"""Graphs that are read back one by one; more are counted together."""
_IN_MEMORY = 64 << 20
"""Bytes of graphs that wait for the plan in memory; more wait in a temporary file."""


class Holdings(NamedTuple):
    """The graphs of a site in a store."""

    graphs: dict[str, GraphState]
    sites: Sequence[SiteRecord] = ()
    """Every site it remembers."""

    def foreign(self, base: str) -> set[str]:
        """The graphs that the site of a base has not made.

        They describe another site; or they have no digest, and the store does not know the site. Where it does know it,
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
    held: dict[str, GraphState]
    added: list[str]
    changed: list[str]
    removed: list[str]
    sent: int = 0
    """Triples that were sent; of a large graph that changed, those that differ."""
    overwritten: frozenset[str] = frozenset()
    """Graphs that change and that this site has not made: all of what they hold goes."""
    is_known: bool = True
    """Whether the store tells that its graphs are of this site."""

    @classmethod
    def between(
        cls,
        held: dict[str, GraphState],
        wanted: dict[str, GraphState],
        *,
        different: Collection[str] = (),
        foreign: Collection[str] = (),
    ) -> "SyncPlan":
        """What makes the one the other.

        Args:
            held: the graphs in the store.
            wanted: the graphs that should be there.
            different: those that are to be sent although their states are the same.
            foreign: those of the store that this site has not made.
        """
        both = wanted.keys() & held.keys()
        changed = sorted(name for name in both if name in different or wanted[name] != held[name])
        return cls(
            wanted=wanted,
            held=held,
            added=sorted(wanted.keys() - held.keys()),
            changed=changed,
            # A graph without a digest was not written by kg, whatever its name.
            removed=sorted(name for name in held.keys() - wanted.keys() if held[name].digest),
            overwritten=frozenset(foreign).intersection(changed),
        )

    @property
    def is_empty(self) -> bool:
        """Whether the store is in step."""
        return not (self.added or self.changed or self.removed)

    @property
    def triples(self) -> int:
        """How many triples there are in the graphs that are added or changed."""
        return sum(self.wanted[graph].triples for graph in (*self.added, *self.changed))

    @property
    def there(self) -> tuple[int, int]:
        """How many graphs the store holds that are kg's or would be, and how many triples are in them."""
        ours = [state.triples for name, state in self.held.items() if state.digest or name in self.wanted]
        return len(ours), sum(ours)

    @property
    def lost(self) -> tuple[int, int]:
        """How many graphs go, and how many triples at least: those of these graphs, and by how many others shrink."""
        graphs = [*self.removed, *self.overwritten]
        shrunk = (
            max(0, self.held[name].triples - self.wanted[name].triples)
            for name in self.changed
            if name not in self.overwritten
        )
        return len(graphs), sum(self.held[name].triples for name in graphs) + sum(shrunk)

    @property
    def needs_consent(self) -> bool:
        """Whether more than a tenth of what is there goes, or what would be changed may be of another site."""
        doubtful = not self.is_known and bool(self.changed or self.removed)
        return doubtful or any(10 * gone > held for gone, held in zip(self.lost, self.there, strict=True))


def compare(
    store: RemoteStore,
    graph: KnowledgeGraph,
    into: str = "",
    *,
    check: Check = "digest",
    site: SiteRecord | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> SyncPlan:
    """Compare a store with a graph.

    Arguments and errors are those of `synchronise`.
    """
    with _planned(store, graph, into, check, site, progress) as (plan, _payloads):
        return plan


def synchronise(
    store: RemoteStore,
    graph: KnowledgeGraph,
    into: str = "",
    *,
    check: Check = "digest",
    site: SiteRecord | None = None,
    permit: Callable[[SyncPlan], None] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> SyncPlan:
    """Make the store hold what it should, then read back that it does.

    Args:
        store: the remote store.
        graph: what it should hold.
        into: put everything into this one graph instead of one for each post.
        check: what is compared.
        site: whose graphs these are; the store is told. None leaves that open.
        permit: shown the whole plan before anything is sent; raises what it likes, and nothing is.
        progress: told how many graphs are in step, and how many there are.

    Returns:
        What was different.

    Raises:
        ConfigError: the graph `into` is somebody else's, or the graphs that the store holds are another site's.
        StoreError: a request failed; what was done so far stays, and the next run goes on from there.
    """
    with _planned(store, graph, into, check, site, progress) as (plan, payloads):
        if permit:
            permit(plan)
        if site and site not in store.sites():
            data = record(site)
            store.replace([Payload(site.graph, data, data.count(b"\n"))])
        outbox = Outbox(store, whole=check == "nothing")
        total = len(plan.wanted)
        waiting = len(plan.added) + len(plan.changed)
        for payload in payloads:
            outbox.put(payload, new=payload.graph not in plan.held)
            waiting -= 1
            if progress:
                progress("load", total - waiting - outbox.waiting, total)
        outbox.finish()
    for _count in store.remove(plan.removed):
        if progress:
            progress("load", total, total)
    _read_back(store, plan)
    return replace(plan, sent=outbox.sent)


@contextmanager
def _planned(
    store: RemoteStore,
    graph: KnowledgeGraph,
    into: str,
    check: Check,
    site: SiteRecord | None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[tuple[SyncPlan, Iterator[Payload]]]:
    """The whole plan, and then the graphs that are to be sent, in kg's own order."""
    held = read_held(store, graph.dataset.base, into)
    known = not site or not held.graphs or is_known(site, held.sites)
    wanted: dict[str, GraphState] = {}
    waiting: list[tuple[str, int]] = []
    total = 1 if into else graph.count_by_kind().get("post", 0) + 2
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        for name, state, data in _local_graphs(graph, into):
            if not into and is_of_another(name, graph.dataset.base, held.sites):
                raise ConfigError(f"{name} is a graph of another site in the store; choose another --base")
            wanted[name] = state
            line = f'<{name}> <{DIGEST}> "{state.digest}" .\n'.encode()
            if not _stands(store, held.graphs.get(name), name, state, line + data, check):
                waiting.append((name, len(line + data)))
                with os_errors(ExportError, f"{tempfile.gettempdir()}: no room for the graphs to be sent"):
                    spool.write(line + data)
            if progress and check == "content":
                progress("compare", len(wanted), total)
        spool.seek(0)
        plan = SyncPlan.between(
            held.graphs, wanted, different={name for name, _size in waiting}, foreign=held.foreign(graph.dataset.base)
        )
        payloads = (Payload(name, spool.read(size), wanted[name].triples + 1) for name, size in waiting)
        yield replace(plan, is_known=known), payloads


def _stands(
    store: RemoteStore, held: GraphState | None, name: str, state: GraphState, data: bytes, check: Check
) -> bool:
    """Whether a graph need not be sent."""
    if held != state or check == "nothing":
        return False
    if check == "digest":
        return True
    lines = store.lines(name, state.triples + 1)
    return lines is not None and not any(differences(lines, data.splitlines(keepends=True)))


def read_held(store: RemoteStore, base: str, into: str = "") -> Holdings:
    """The graphs under a base that a store holds, or the one graph `into`; and the sites it remembers.

    Raises:
        ConfigError: that one graph is somebody else's.
        StoreError: the store cannot be asked.
    """
    sites = store.sites()
    if not into:
        states = store.states(f"{base}graph/")
        return Holdings({name: state for name, state in states.items() if not is_of_another(name, base, sites)}, sites)
    state = store.state(into)
    if state and not state.digest:
        raise ConfigError(
            f"--graph {into} holds {counted(state.triples, 'triple')} that kg did not put there; name another one"
        )
    return Holdings({into: state} if state else {}, sites)


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
