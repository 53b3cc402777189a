"""The graph of the last build, loaded into a store below OUTPUT/.kg/query/ and opened read-only from then on.

The folder of a store is named by the digest of the file it was made from, and appears whole or not at all (a rename),
so a stale, half-written or doubly-written store can never be opened; a damaged one is deleted and made again.

    asked                   the parts of the graph that queries so far could look at: see `kg.stores.scope`
    DIGEST-LAYOUT-some-…    those of them that are asked for again; the first time, if the query orders its rows, they
                            are loaded into memory, which takes half the time, and
                            without what does not matter to the values of its variables
    DIGEST-LAYOUT           all triples, once a query could look at any, and asks for more than how many there are
    DIGEST-LAYOUT-graphs    named graphs, too, added to that, once a query could look at any statement in them

Several processes that need one of them wait for the first, which makes it.

Rows come in the same order from each of these stores, because the engine orders by terms; not from one in memory.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import ConfigError
from kg.machine.files import below, is_file_below, make_folder, read_plain, replace_file
from kg.model import Record
from kg.namespaces import KG, PREFIXES, RDF, VOID
from kg.state import BUILD, QUERY, STATE, Miss, Reason, State, reason_of
from kg.state.stamps import Stamp
from kg.stores import scope
from kg.stores.blocks import prefixes_of
from kg.stores.counting import counts_of, without_triples
from kg.stores.cutting import cut
from kg.stores.embedded import Embedded, Term, digest_of, kinds, load, may_name_graphs, of_file, restore_graphs
from kg.stores.graphs import base_of
from kg.stores.parts import Part, Subquery
from kg.stores.publishing import ASKED, WITH_GRAPHS, WITH_SOME, check_plain, lines_of, prefixes_in, publish
from kg.stores.syntax import QueryRefused, QuerySyntaxError, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from kg.stores.publishing import Fill

LAYOUT = "7"
"""Part of a store's name: raise it when what is loaded, or how, changes."""
BUILT = ("graph.ttl", "graph.nq", "graph.trig", "graph.nt", "graph.jsonld", "graph.rdf")
"""The files of a build that can be loaded, in order of preference."""
_PARTS = "parts.tsv"
"""A file in the folder of a store: which parts of the graph it has, if not all."""
_ABOUT_ITSELF = frozenset(
    {
        Part(RDF + "type", VOID + "Dataset"),
        Part(VOID + "classPartition"),
        Part(VOID + "uriSpace"),
        Part(KG + "builtWith"),
    }
)
"""The parts from which the prefixes and the base of a graph are read."""


def of_output(
    output: Path, query: str | None = None, *, parameters: Mapping[str, Term] | None = None, whole: bool = False
) -> Embedded:
    """Open the graph of the last build, loading first what has not been loaded yet.

    Args:
        output: the folder of the build.
        query: what will be asked; None for anything. Where no named graph can be meant, there may be none, and where it
            can look at some parts of the graph alone, there may be no others.
        parameters: the values of its variables with which it will be asked; None if they are not known.
        whole: whether all triples are needed, whatever the query.

    Raises:
        ConfigError: there is no built graph, or it cannot be read.
    """
    source = built_graph(output)
    digest = digest_of(source)
    plain = Path(STATE, QUERY, _name_of(digest))
    full = Path(f"{plain}{WITH_GRAPHS}")
    parts = _parts_for(source, query) if query is not None else None
    reopen = partial(of_output, output)
    if query is not None and parts is None and parameters == {} and not whole:
        counted = _counted(source, query) if _as_built(output, source) else None
        if counted:
            return replace(counted, digest=digest, query=query, parameters={}, reopen=reopen)
    graphs = bool(query is None or (may_name_graphs(query) if parts is None else any(part.graph for part in parts)))
    for _ in range(3):  # another process may throw the store away between the two steps: then once more
        name = full if graphs or (output / full).is_dir() else plain
        fill: Fill = partial(_fill_graphs if name == full else _fill_all, source=source, output=output, plain=plain)
        some = parts is not None and not whole and not (output / name).is_dir() and _as_built(output, source)
        if some:
            wanted = _ABOUT_ITSELF.union(parts or ())
            name, fill = _some(output, source, plain, wanted)
            made = (output / name).is_dir() or not any(token.text.upper() == "ORDER" for token in tokens(query or ""))
            if not made and not _is_asked_again(output, plain, wanted):
                found = _in_memory(source, query or "", parameters, wanted)
                return replace(found, digest=digest, query=query or "", parameters=parameters, reopen=reopen)
        try:
            check_plain(output, name)
            prefixes = prefixes_in(output / name)
            store = ox.Store.read_only(str(output / name))
            opened = Embedded(store, prefixes, output / name, base_of(store), digest)
            return replace(opened, query=query or "", reopen=reopen) if some else opened
        except (OSError, RuntimeError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else Reason.DAMAGED
            State.of(output).miss(QUERY, reason)
        made_meanwhile = name == plain and (output / full).is_dir()
        if not made_meanwhile and not publish(output / name, fill):
            break
    # OUTPUT cannot be written (a read-only medium, a full disk): that only costs time.
    return of_file(source)


def is_loaded(output: Path) -> bool:
    """Whether a graph need not be loaded before any query can be answered, or cannot be."""
    try:
        digest = digest_of(built_graph(output))
        return (output / STATE / QUERY / f"{_name_of(digest)}{WITH_GRAPHS}").is_dir()
    except ConfigError:
        return True


def built_graph(output: Path) -> Path:
    """The newest loadable file that a build left in OUTPUT.

    Raises:
        ConfigError: there is none.
    """
    found = [output / name for name in BUILT if is_file_below(output, name)]
    if not found:
        raise ConfigError(f"{output}: no built graph here; run kg build first, or name an RDF file or --content")
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def _name_of(digest: str) -> str:
    return f"{digest[:32]}-{LAYOUT}"


def _fill_all(folder: Path, source: Path, **_places: Path) -> Mapping[str, str]:
    """Make a store of a whole file; returns its prefixes."""
    store = ox.Store(str(folder))
    prefixes = load(store, source, graphs=False, sparing=True)
    store.flush()
    return prefixes


def _fill_graphs(folder: Path, source: Path, output: Path, plain: Path) -> Mapping[str, str]:
    """Make a store with named graphs, of the one without, which is made first and shares its files; as `_fill_all`."""
    try:
        _copy(output, plain, folder)
    except (OSError, RuntimeError):  # there is none, or it is damaged
        if not publish(output / plain, partial(_fill_all, source=source)):
            raise
        _copy(output, plain, folder)
    store = ox.Store(str(folder))
    restore_graphs(store, source, ours=_as_built(output, source))
    store.flush()
    return prefixes_in(output / plain)


def _copy(output: Path, name: Path, folder: Path) -> None:
    """Make a store that begins as another one, with links to its files."""
    check_plain(output, name)
    ox.Store.read_only(str(output / name)).backup(str(folder))


def _parts_for(source: Path, query: str) -> frozenset[Part] | None:
    """The parts of a file that a query can look at; None if it may be any."""
    with source.open("rb") as stream:
        prefixes = {**PREFIXES, **prefixes_of(stream.read(_TOP))}
    try:
        Embedded(ox.Store(), prefixes, base=PREFIXES["schema"]).ask(query)
    except (QueryRefused, QuerySyntaxError):
        return frozenset()  # it will be refused again, and need not wait for anything until then
    return scope.parts_for(query, prefixes)


def _some(output: Path, source: Path, plain: Path, parts: frozenset[Part]) -> tuple[Path, Fill]:
    """The name of the store with some parts of a file, perhaps more, and a function that makes it."""
    stores = [path.relative_to(output) for path in (output / plain).parent.glob(f"{plain.name}{WITH_SOME}*")]
    loaded = {name: _parts_of(output, name) for name in stores}
    for name, has in loaded.items():
        if all(not has.isdisjoint((part, Part(part.predicate, graph=part.graph))) for part in parts):
            return name, partial(_fill_some, source=source, parts=has)
    last, has = max(loaded.items(), key=lambda item: len(item[1]), default=(None, frozenset[Part]()))
    digest = sha256(lines_of(sorted(parts | has)).encode()).hexdigest()
    fill = partial(_fill_some, source=source, parts=parts, last=output / last if last and has else None, loaded=has)
    return Path(f"{plain}{WITH_SOME}{digest[:16]}"), fill


def _fill_some(
    folder: Path, source: Path, parts: frozenset[Part], last: Path | None = None, loaded: frozenset[Part] = frozenset()
) -> Mapping[str, str]:
    """Make a store of some parts of a Turtle file, and of those loaded by another store, with links to its files."""
    if last:
        ox.Store.read_only(str(last)).backup(str(folder))
    store = ox.Store(str(folder))
    prefixes = _load_some(store, source, parts - loaded)
    store.flush()
    (folder / _PARTS).write_text(lines_of(parts | loaded), "utf-8")
    return prefixes


def _load_some(store: ox.Store, source: Path, parts: frozenset[Part]) -> dict[str, str]:
    """Load some parts of a Turtle file; gives its prefixes."""
    data = source.read_bytes()
    prefixes = prefixes_of(data)
    store.bulk_load(b"".join(cut(data, parts, prefixes)), ox.RdfFormat.TRIG)
    return {**PREFIXES, **kinds(store), **prefixes}


def _in_memory(source: Path, query: str, parameters: Mapping[str, Term] | None, parts: frozenset[Part]) -> Embedded:
    """Load what a query can look at, or, given the values of its variables, as much of it as matters to these."""
    data = source.read_bytes()
    prefixes = prefixes_of(data)
    store, loaded = ox.Store(), set[Part]()
    graph = Embedded(store, {**PREFIXES, **prefixes})

    def load_more(more: AbstractSet[Part]) -> None:
        store.bulk_load(b"".join(cut(data, more - loaded, prefixes)), ox.RdfFormat.TRIG)
        loaded.update(more)

    def ask(subquery: Subquery) -> dict[str, set[str]]:
        load_more(subquery.parts)
        given = {name: value for name, value in (parameters or {}).items() if f"?{name}" in subquery.variables}
        found: dict[str, set[str]] = {name: set() for name in subquery.variables if name[1:] not in given}
        with graph.engine_errors():
            for row in cast("ox.QuerySolutions", graph.ask(subquery.text, parameters=given)):
                for name in list(found):
                    value = row[name[1:]]
                    found[name].add(value.value if isinstance(value, ox.NamedNode) else "")
                    if "" in found[name] or len(found[name]) > _FEW_THINGS:
                        del found[name]
        return found

    if parameters is not None:
        parts = _ABOUT_ITSELF.union(scope.parts_for(query, graph.prefixes, ask) or ())
    load_more(parts)
    return replace(graph, prefixes={**PREFIXES, **kinds(store), **prefixes}, base=base_of(store))


def _counted(source: Path, query: str) -> Embedded | None:
    """What answers a query that only counts triples; None if it asks for more."""
    instead = without_triples(query, lambda by: counts_of(source.read_bytes(), by)) if source.suffix == ".ttl" else None
    if not instead:
        return None
    store = ox.Store()
    prefixes = _load_some(store, source, _ABOUT_ITSELF)
    return Embedded(store, prefixes, base=base_of(store), instead=instead)


_FEW_THINGS = 10
"""Most things of which it is quicker to look for each in a file than to load all that is said in the same way."""


def _is_asked_again(output: Path, plain: Path, parts: frozenset[Part]) -> bool:
    """Whether queries have asked for all these parts of a graph before; if not, it is noted that one has."""
    path, of_this = plain.with_name(ASKED), Part(plain.name)
    asked = _read_parts(output, path)
    known = asked if of_this in asked else frozenset({of_this})
    if parts <= known:
        return True
    with suppress(OSError):
        make_folder((output / path).parent.parent)
        make_folder((output / path).parent)
        replace_file(output / path, lines_of(sorted(known | parts)).encode())
    return False


_TOP = 1 << 16
"""Bytes of a file that hold all its prefixes."""


def _as_built(output: Path, source: Path) -> bool:
    """Whether a file is unchanged since the last build wrote it."""
    last = State.of(output).load(BUILD, _Written)
    try:
        return not isinstance(last, Miss) and (source.name, Stamp.of(source.lstat())) in last.results
    except OSError:
        return False


class _Written(Record, frozen=True):
    """What a build wrote: the beginning of `kg.pipeline.manifest.Manifest`."""

    keys: object
    begun: int
    sources: object
    results: tuple[tuple[str, Stamp], ...]


def _parts_of(output: Path, name: Path) -> frozenset[Part]:
    """The parts that a store has; none if that is unknown."""
    try:
        check_plain(output, name)
    except OSError:
        return frozenset()
    return _read_parts(output, name / _PARTS)


def _read_parts(output: Path, file: Path) -> frozenset[Part]:
    """Parts of a graph, as `lines_of` writes them; none if that is unknown."""
    try:
        lines = read_plain(below(output, file)).decode("utf-8").splitlines()
        return frozenset(Part(*line.split("\t")) for line in lines)
    except (OSError, ValueError, TypeError):
        return frozenset()
