"""The embedded SPARQL store: the graph of the last build, a folder of posts or an RDF file, ready to be asked.

The engine is pyoxigraph (https://pyoxigraph.readthedocs.io). A built graph is loaded once into OUTPUT/.kg/query/ and
opened read-only from then on: 10 ms instead of parsing everything again. That folder is named by the digest of the file
it was made from, and appears whole or not at all (a rename), so a stale, half-written or doubly-written store can never
be opened; a damaged one is thrown away and made again. Named graphs take many times longer to sort out than the triples
take to load, so a store has them only once somebody asks for them.
"""

from __future__ import annotations

import re
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import pyoxigraph as ox

from kg.errors import ConfigError, QueryError, StoreError, mapped, os_errors
from kg.machine.files import below, is_file_below, make_folder, open_plain, remove
from kg.namespaces import PREFIXES, VOID
from kg.state import QUERY, STATE, Reason, State, reason_of
from kg.stores.graphs import base_of, sort_into_graphs
from kg.stores.mistakes import syntax_error
from kg.stores.syntax import check_read_only, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from kg.graph.model import KnowledgeGraph

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

LAYOUT = "4"
"""Part of a store's name: raise it when what is loaded, or how, changes."""
WITH_GRAPHS = "-graphs"
"""The end of the name of a store that has the named graphs, too."""
BUILT = ("graph.ttl", "graph.nq", "graph.trig", "graph.nt", "graph.jsonld", "graph.rdf")
"""What a build may leave behind that can be loaded."""
_ABANDONED = 3600.0
"""Seconds after which an unfinished store is taken for the remains of a crash."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A graph that answers SPARQL 1.1 queries (https://www.w3.org/TR/sparql11-query/). It cannot be changed.

    All triples are in the default graph, and those of a build also in its named graphs, whatever file they came in:
    GRAPH and FROM find what `kg load` sends.
    """

    store: ox.Store
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    """Known to every query without being declared; what a query declares itself counts more."""
    folder: Path | None = None
    """Where the store is kept, None when it is in memory."""
    base: str | None = None
    """What relative IRIs in queries belong to: the base of the site, or the address of the file."""
    digest: str = ""
    """Of the file that was loaded; two stores with one digest hold the same triples."""

    def ask(
        self,
        query: str,
        *,
        parameters: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Run one query; see `answer`."""
        options = {"default_graphs": default_graphs, "named_graphs": named_graphs}
        return self.answer(query, parameters=parameters, **options)[0]

    def answer(
        self,
        query: str,
        *,
        parameters: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> tuple[Answer, list[str]]:
        """Run one query, and say which graphs and functions it names that are not there.

        Args:
            query: SELECT, ASK, CONSTRUCT or DESCRIBE.
            parameters: values of variables, by name. They are bound, not pasted: no text in them is ever parsed. A
                SELECT must name them in its projection.
            default_graphs: IRIs of the graphs that stand in for the default graph; all of them merged.
            named_graphs: IRIs of the graphs that GRAPH may see. When either is given, only those given are seen.

        Returns:
            A lazy iterator of rows, a boolean, or a lazy iterator of triples; and the lines to say.

        Raises:
            QuerySyntaxError: the query cannot be understood.
            QueryRefused: it is an update or contains SERVICE.
            QueryError: it binds a variable that cannot be bound.
            StoreError: the store on disk is damaged; it has been discarded.
        """
        check_read_only(query)
        store = self.store
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if default_graphs or named_graphs:
            default = [graph_name(iri) for iri in default_graphs]
            named = [graph_name(iri) for iri in named_graphs]
            if len(default) > 1:
                store, default = merged(store, default, named), [ox.DefaultGraph()]
        with self.engine_errors(query):
            answer, functions = self._run(
                store,
                query,
                default_graph=default,
                named_graphs=named,
                substitutions={ox.Variable(name): value for name, value in (parameters or {}).items()} or None,
            )
        notes = [f"there is no function <{iri}>: it gives no value" for iri in functions]
        notes += [
            f"there is no graph <{iri}>; 'SELECT DISTINCT ?g {{ GRAPH ?g {{}} }}' lists those there are"
            for iri in self._absent_graphs(query, (*default_graphs, *named_graphs))
        ]
        return answer, notes

    def _run(self, store: ox.Store, query: str, **options: Any) -> tuple[Answer, list[str]]:
        """Run a query; the answer, and the functions in it that are not there.

        Such a function gives no value, which is an error of its row and not of the query:
        https://www.w3.org/TR/sparql11-query/#extensionFunctions.
        """
        unknown: dict[ox.NamedNode, Callable[..., Term | ox.Triple | None]] = {}
        while True:
            try:
                answer = store.query(
                    query, base_iri=self.base, prefixes=dict(self.prefixes), custom_functions=unknown or None, **options
                )
            except RuntimeError as error:
                match = _NO_FUNCTION.search(str(error))
                if not match or len(unknown) == _UNKNOWN_FUNCTIONS:
                    raise
                unknown[ox.NamedNode(match[1])] = _no_value
            else:
                return answer, [function.value for function in unknown]

    def _absent_graphs(self, query: str, others: Iterable[str]) -> list[str]:
        """The IRIs of graphs that are not there, of those that a query names after GRAPH or FROM and of some others."""
        named = (iri for iri, _group, names_graph in self.iris(query) if names_graph) if may_name_graphs(query) else ()
        return [iri for iri in dict.fromkeys((*named, *others)) if not self.store.contains_named_graph(graph_name(iri))]

    def iris(self, query: str) -> Iterator[tuple[str, int, bool]]:
        """The absolute IRIs that a query names: (IRI, number, whether it stands after GRAPH or FROM).

        Alternatives of a path (`a|b`) have one number.
        """
        prefixes, before, number = dict(self.prefixes), ("", "", ""), 0
        for token in tokens(query):
            iri = token.text[1:-1] if token.kind == "iri" else ""
            declares = before[1] == "PREFIX" or before[2] == "BASE"
            if token.kind == "name":
                prefix, _, local = token.text.partition(":")
                iri = prefixes.get(prefix, "") + local.replace("\\", "")
                declares = before[2] == "PREFIX"
            elif iri and declares:
                prefixes[before[2].rstrip(":")] = iri
            iri = urljoin(self.base, iri) if iri and self.base else iri
            if ":" in iri and not declares:
                number += before[2] != "|"
                yield iri, number, before[2] in ("GRAPH", "FROM") or before[1:] == ("FROM", "NAMED")
            before = (*before[1:], token.text.upper() if token.kind == "word" else token.text)

    def engine_errors(self, query: str = "") -> AbstractContextManager[None]:
        """Turn errors of the engine, met when asking `query` or later, when reading the rows, into a `StoreError`."""
        return mapped(
            {
                SyntaxError: lambda error: syntax_error(query, str(error), self.prefixes),
                RuntimeError: self.trouble,
                OSError: self.trouble,
                ValueError: self.trouble,
            }
        )

    def trouble(self, error: Exception) -> StoreError:
        """What to tell the user about an error of the engine, met when asking or later, when reading the rows."""
        message = " ".join(str(error).split())
        if self.folder and ("Corruption" in message or "No such file" in message):
            discard(self.folder)
            return StoreError(f"the loaded graph in {self.folder} was damaged and has been thrown away; ask again")
        return QueryError(message)

    def __len__(self) -> int:
        """Number of triples, each counted once however many graphs hold it."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


_NO_FUNCTION = re.compile("custom function <([^>]+)> is not supported")
_UNKNOWN_FUNCTIONS = 32
"""In one query, at most: each costs that it is read once more."""


def _no_value(*_arguments: object) -> None:
    """What a function that is not there gives."""


def graph_name(iri: str) -> ox.NamedNode:
    """The name of a graph.

    Raises:
        QueryError: it is no absolute IRI.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri!r} is not an absolute IRI") from error


def merged(
    store: ox.Store,
    default: Iterable[ox.NamedNode | ox.BlankNode | ox.DefaultGraph],
    named: Iterable[ox.NamedNode | ox.BlankNode],
) -> ox.Store:
    """A store whose default graph is the RDF merge of several graphs: a triple that is in two of them counts once."""
    result = ox.Store()
    for graph in default:
        result.bulk_extend(
            ox.Quad(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in named:
        result.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return result


def of_graph(graph: KnowledgeGraph) -> Embedded:
    """Load a graph into memory."""
    from kg.rdf import terms

    store = ox.Store()
    _fill(store, terms.quads(graph))
    return Embedded(store, {**PREFIXES, **terms.prefixes(graph)}, base=graph.dataset.base)


def of_file(path: Path) -> Embedded:
    """Load any RDF file into memory; its suffix says what it is.

    Raises:
        ConfigError: it cannot be read, or is not RDF.
    """
    store = ox.Store()
    prefixes = _load(store, path)
    return Embedded(store, prefixes, base=base_of(store) or path.resolve().as_uri(), digest=_digest(path))


def of_output(output: Path, query: str | None = None) -> Embedded:
    """Open the graph of the last build, loading it first if that has not been done yet.

    Args:
        output: the folder of the build.
        query: what will be asked; None for anything. Where no named graph can be meant, there may be none.

    Raises:
        ConfigError: there is no built graph, or it cannot be read.
    """
    source = built_graph(output)
    digest = _digest(source)
    plain = Path(STATE, QUERY, f"{digest[:32]}-{LAYOUT}")
    full = Path(f"{plain}{WITH_GRAPHS}")
    graphs = query is None or bool(may_name_graphs(query)) or (output / full).is_dir()
    name = full if graphs else plain
    folder, state = output / name, State.of(output)
    for _ in range(3):  # another process may throw the store away between the two steps: then once more
        try:
            _check_plain(output, name)
            prefixes = _read_prefixes(folder)
            store = ox.Store.read_only(str(folder))
            return Embedded(store, prefixes, folder, base_of(store), digest)
        except (OSError, RuntimeError, ValueError) as error:
            state.miss(QUERY, reason_of(error) if isinstance(error, OSError) else Reason.DAMAGED)
        if not _publish(source, folder, graphs=graphs):
            break
    # OUTPUT cannot be written (a read-only medium, a full disk): nothing is lost but time.
    return of_file(source)


def built_graph(output: Path) -> Path:
    """The newest loadable file that a build left in OUTPUT.

    Raises:
        ConfigError: there is none.
    """
    found = [output / name for name in BUILT if is_file_below(output, name)]
    if not found:
        raise ConfigError(f"{output}: no built graph here; run kg build first, or name an RDF file or --content")
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def discard(folder: Path) -> None:
    """Remove a loaded store, or what stands in its place; it will be made again when it is needed."""
    with suppress(OSError):
        remove(folder)


def _check_plain(output: Path, name: Path) -> None:
    """Make sure that a store is no link, and holds none.

    Raises:
        OSError: it is not there, or not all of it is plain files.
    """
    for file in below(output, name).iterdir():
        open_plain(file).close()


may_name_graphs = re.compile(r"graph|from|\\u", re.IGNORECASE).search
"""Whether a query may speak of named graphs; a letter may be typed as its code."""


def _publish(source: Path, folder: Path, *, graphs: bool) -> bool:
    """Load `source` beside `folder`, then rename: whoever comes first wins, and both have the same content."""
    try:
        make_folder(folder.parent.parent)
        make_folder(folder.parent)
        discard(folder)
        work = Path(tempfile.mkdtemp(prefix="loading-", dir=folder.parent))
    except OSError:
        return False
    try:
        store = ox.Store(str(work / "store"))
        prefixes = _load(store, source, graphs=graphs, sparing=True)
        store.flush()
        del store  # closes it: only then is everything on the disk
        (work / "store" / _PREFIX_FILE).write_text(_prefix_lines(prefixes), "utf-8")
        with suppress(OSError):  # somebody else was quicker
            (work / "store").rename(folder)
    except (OSError, RuntimeError, ConfigError):
        return False  # a full disk, or a file that is not RDF: who reads it into memory finds out which
    finally:
        discard(work)
    _tidy(folder)
    return True


def _tidy(current: Path) -> None:
    """Remove the stores of earlier builds, and what crashed loads left behind."""
    for other in current.parent.iterdir():
        if other == current:
            continue
        with suppress(OSError):
            if not other.name.startswith("loading-") or other.lstat().st_mtime < time.time() - _ABANDONED:
                discard(other)


def _load(store: ox.Store, path: Path, *, graphs: bool = True, sparing: bool = False) -> dict[str, str]:
    """Load a file, and give the prefixes that its queries may use.

    Args:
        store: an empty one.
        path: the file.
        graphs: whether the named graphs are found again in a file that has none.
        sparing: whether a store on the disk is filled part by part, which takes less memory.

    Raises:
        ConfigError: the file cannot be read, or is not RDF.
    """
    format_ = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
    if format_ is None:
        raise ConfigError(f"{path}: {path.suffix or 'a file without a suffix'} is no RDF format kg can read")
    try:
        base = path.resolve().as_uri()  # https://www.rfc-editor.org/rfc/rfc3986#section-5.1.3
        parser = ox.parse(path=str(path), format=format_, base_iri=base)
        if format_.supports_datasets:
            _fill(store, parser)
        else:
            # bulk_load reads the file in Rust, several times faster; of it we only want the prefixes at its top.
            next(parser, None)
            if sparing:
                for part in _parts(path):
                    store.bulk_load(part, format_, base_iri=base)
            else:
                store.bulk_load(path=str(path), format=format_, base_iri=base)
        if graphs and next(iter(store.named_graphs()), None) is None:
            sort_into_graphs(store)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except SyntaxError as error:
        raise ConfigError(f"{path}: not valid {format_.name}: {' '.join(str(error).split())}") from error
    return {**PREFIXES, **_kinds(store), **parser.prefixes}


def _parts(path: Path) -> Iterator[bytes]:
    """A file of triples in parts that can be read one by one: in one part where it is not as `kg build` writes it."""
    data = path.read_bytes()
    head = _HEAD.match(data)
    assert head
    rest = data[head.end() :].lower()
    ours = path.suffix in (".ttl", ".nt") and not (any(s in rest for s in _UNLIKE_OURS) or _BLANK_NODE.search(rest))
    at, length = 0, _PART if ours else len(data)
    while at < len(data):
        end = data.find(b" .\n", at + length) + 3
        end = end if end > 2 else len(data)
        yield (head[0] if at else b"") + data[at:end]
        at = end


_PART = 6 << 20
"""Bytes of a file that are loaded at a time."""
_HEAD = re.compile(rb"(?:@prefix [^\n]*\n)*")
_UNLIKE_OURS = (b"prefix ", b"@base", b"base <", b'"""', b"'''")
_BLANK_NODE = re.compile(rb"_:(?<![^\s,;(\[]_:)")
"""What may reach beyond a line that ends in a full stop: declarations, long strings, labels of blank nodes."""


def _kinds(store: ox.Store) -> dict[str, str]:
    """One prefix for each kind of thing (`person:`), as the graph's own description tells them, whatever the format."""
    result = {}
    for solution in cast("ox.QuerySolutions", store.query(_PARTITIONS)):
        space = solution["space"].value
        result[space.rstrip("/").rpartition("/")[2]] = space
    return {name: space for name, space in result.items() if name.isidentifier()}


_PARTITIONS = f"SELECT ?space {{ ?whole <{VOID}classPartition> ?part . ?part <{VOID}uriSpace> ?space }} ORDER BY ?space"


def _fill(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Every triple goes to the default graph too, which is the merge of all graphs: what people expect to ask."""
    everything = list(quads)
    store.bulk_extend(everything)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in everything)


_PREFIX_FILE = "prefixes.tsv"


def _prefix_lines(prefixes: Mapping[str, str]) -> str:
    return "".join(f"{prefix}\t{namespace}\n" for prefix, namespace in prefixes.items())


def _read_prefixes(folder: Path) -> dict[str, str]:
    lines = (folder / _PREFIX_FILE).read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def _digest(path: Path) -> str:
    with os_errors(ConfigError, f"{path}"), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
