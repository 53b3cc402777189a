"""The embedded SPARQL store: a graph that answers queries, made of a folder of posts or of an RDF file.

The engine is pyoxigraph (https://pyoxigraph.readthedocs.io). `kg.stores.loaded` keeps the graph of the last build.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

import pyoxigraph as ox

from kg.errors import ConfigError, QueryError, StoreError, mapped, os_errors
from kg.graph.model import KnowledgeGraph
from kg.machine.files import remove
from kg.namespaces import PREFIXES, VOID
from kg.stores.blocks import head_of, prefixes_of
from kg.stores.graphs import base_of, sort_into_graphs
from kg.stores.mistakes import syntax_error
from kg.stores.syntax import check_read_only, tokens

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True, slots=True)
class Embedded:
    """A graph that answers SPARQL 1.1 queries (https://www.w3.org/TR/sparql11-query/). It cannot be changed.

    All triples are in the default graph, and those of a build also in its named graphs, whatever file they came in:
    GRAPH and FROM find what `kg load` sends.
    """

    store: ox.Store
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    """Prefixes that queries need not declare; declarations in the query override them."""
    folder: Path | None = None
    """Where the store is kept, None when it is in memory."""
    base: str | None = None
    """The base of relative IRIs in queries: that of the site, or the address of the file."""
    digest: str = ""
    """The digest of the loaded file; stores with the same digest hold the same triples."""
    query: str = ""
    """The only query that may be asked, if the store holds only what that query looks at."""
    parameters: Mapping[str, Term] | None = None
    """The only values that its variables may have, if not any."""
    instead: str = ""
    """What gives the same answer as this query, if the store lacks all triples that it counts."""
    reopen: "Callable[..., Embedded] | None" = None
    """Opens the same graph for another query, as `kg.stores.loaded.of_output` does, or with `whole=True` all of it."""

    def whole(self) -> "Embedded":
        """The same graph with all its triples."""
        return self.reopen(self.query, whole=True) if self.reopen else self

    def ask(self, query: str, *, parameters: Mapping[str, Term] | None = None) -> Answer:
        """Run one query; see `answer`."""
        return self.answer(query, parameters=parameters)[0]

    def answer(
        self,
        query: str,
        *,
        parameters: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> tuple[Answer, list[str]]:
        """Run one query, and return notes about graphs and functions in it that do not exist.

        Args:
            query: SELECT, ASK, CONSTRUCT or DESCRIBE.
            parameters: values of variables, by name. They are bound, not pasted: no text in them is ever parsed. A
                SELECT must name them in its projection.
            default_graphs: IRIs of the graphs that stand in for the default graph; all of them merged.
            named_graphs: IRIs of the graphs that GRAPH may see. If either is given, only the given ones are visible.

        Returns:
            A lazy iterator of rows, a boolean, or a lazy iterator of triples; and notes to print.

        Raises:
            QuerySyntaxError: the query cannot be understood.
            QueryRefused: it is an update or contains SERVICE.
            QueryError: it binds a variable that cannot be bound.
            StoreError: the store on disk is damaged; it has been discarded.
        """
        check_read_only(query)
        if self.reopen and (query != self.query or self.parameters not in (None, parameters or {})):
            other = self.reopen(query, parameters=parameters or {})
            return other.answer(query, parameters=parameters, default_graphs=default_graphs, named_graphs=named_graphs)
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
                self.instead or query,
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
        """Run a query; returns the answer, and the functions in it that do not exist.

        Such a function gives no value, which is an error in its row rather than in the query:
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
        """Those IRIs that are not graphs, of the ones that a query names after GRAPH or FROM and of some others."""
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
        """Our exception for an error of the engine, raised when asking or later, when reading the rows."""
        message = " ".join(str(error).split())
        if self.folder and ("Corruption" in message or "No such file" in message):
            with suppress(OSError):
                remove(self.folder)
            return StoreError(f"the loaded graph in {self.folder} was damaged and has been deleted; ask again")
        return QueryError(message)

    def __len__(self) -> int:
        """Number of triples, each counted once however many graphs hold it."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


_NO_FUNCTION = re.compile("custom function <([^>]+)> is not supported")
_UNKNOWN_FUNCTIONS = 32
"""Most unknown functions in one query; for each, the query is read once more."""


def _no_value(*_arguments: object) -> None:
    """The value of an unknown function: none."""


may_name_graphs = re.compile(r"graph|from|\\u", re.IGNORECASE).search
"""Whether a query may refer to named graphs; letters may be written as code points."""


def graph_name(iri: str) -> ox.NamedNode:
    """The name of a graph.

    Raises:
        QueryError: it is not an absolute IRI.
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
    """Load an RDF file into memory; the suffix determines the format.

    Raises:
        ConfigError: it cannot be read, or is not RDF.
    """
    store = ox.Store()
    prefixes = load(store, path)
    return Embedded(store, prefixes, base=base_of(store) or path.resolve().as_uri(), digest=digest_of(path))


def load(store: ox.Store, path: Path, *, graphs: bool = True, sparing: bool = False) -> dict[str, str]:
    """Load a file; returns the prefixes that queries may use.

    Args:
        store: an empty one.
        path: the file.
        graphs: whether the named graphs are restored from a file that has none.
        sparing: whether a store on disk is filled piece by piece, which takes less memory.

    Raises:
        ConfigError: the file cannot be read, or is not RDF.
    """
    format_ = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
    if format_ is None:
        raise ConfigError(f"{path}: {path.suffix or 'a file without a suffix'} is not an RDF format that kg can read")
    try:
        base = path.resolve().as_uri()  # https://www.rfc-editor.org/rfc/rfc3986#section-5.1.3
        parser = ox.parse(path=str(path), format=format_, base_iri=base)
        if format_.supports_datasets:
            _fill(store, parser)
        else:
            # bulk_load reads the file in Rust, several times faster; of it we only want the prefixes at its top.
            next(parser, None)
            if sparing:
                for piece in _pieces(path):
                    store.bulk_load(piece, format_, base_iri=base)
            else:
                store.bulk_load(path=str(path), format=format_, base_iri=base)
        if graphs:
            restore_graphs(store, path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except SyntaxError as error:
        raise ConfigError(f"{path}: not valid {format_.name}: {' '.join(str(error).split())}") from error
    return {**PREFIXES, **kinds(store), **parser.prefixes}


def restore_graphs(store: ox.Store, path: Path, *, ours: bool = False) -> None:
    """Add the named graphs of a build to a store, which was loaded from a file without any.

    Args:
        store: its default graph holds what is in the file.
        path: the file.
        ours: whether it is still as `kg build` wrote it.
    """
    if base_of(store) is None or next(iter(store.named_graphs()), None):
        return
    if ours and path.suffix == ".ttl":
        document = path.read_bytes()
        sort_into_graphs(store, document, prefixes_of(document))
    else:
        format_, base = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower()), path.resolve().as_uri()
        statements = ox.parse(path=str(path), format=format_, base_iri=base)
        ours_again = ox.serialize(statements, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        assert ours_again is not None  # as it is where no file is named
        sort_into_graphs(store, ours_again, PREFIXES)


def _pieces(path: Path) -> Iterator[bytes]:
    """A file of triples in pieces that can be read one by one; a single piece unless `kg build` wrote it."""
    data = path.read_bytes()
    head = head_of(data)
    rest = data[len(head) :].lower()
    ours = path.suffix in (".ttl", ".nt") and not (any(s in rest for s in _UNLIKE_OURS) or _BLANK_NODE.search(rest))
    at, length = 0, _PIECE if ours else len(data)
    while at < len(data):
        end = data.find(b" .\n", at + length) + 3
        end = end if end > 2 else len(data)
        yield (head if at else b"") + data[at:end]
        at = end


_PIECE = 6 << 20
"""Bytes of a file that are loaded at a time."""
_UNLIKE_OURS = (b"prefix ", b"@base", b"base <", b'"""', b"'''")
_BLANK_NODE = re.compile(rb"_:(?<![^\s,;(\[]_:)")
"""What may extend beyond a line that ends in a full stop: declarations, long strings, labels of blank nodes."""


def kinds(store: ox.Store) -> dict[str, str]:
    """One prefix for each kind of thing (`person:`), from the graph's own description, whatever the format."""
    result = {}
    for solution in cast("ox.QuerySolutions", store.query(_PARTITIONS)):
        space = solution["space"].value
        result[space.rstrip("/").rpartition("/")[2]] = space
    return {name: space for name, space in result.items() if name.isidentifier()}


_PARTITIONS = f"SELECT ?space {{ ?whole <{VOID}classPartition> ?part . ?part <{VOID}uriSpace> ?space }} ORDER BY ?space"


def _fill(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Add every triple to the default graph, too, which is the merge of all graphs, as people expect."""
    everything = list(quads)
    store.bulk_extend(everything)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in everything)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        ConfigError: it cannot be read.
    """
    with os_errors(ConfigError, f"{path}"), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
