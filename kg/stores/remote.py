"""A remote triple store: reads which of our graphs it holds, replaces and removes graphs.

Standards: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), SPARQL 1.1 Update
(https://www.w3.org/TR/sparql11-update/), Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.errors import ConfigError, StoreRejected
from kg.namespaces import KG
from kg.stores.connection import Reply, StoreClient, gist, shown
from kg.stores.contents import differences
from kg.stores.presets import Preset
from kg.stores.sites import BUILT_WITH, FOLDER, URI_SPACE, SiteRecord

T = TypeVar("T")
DIGEST = KG + "digest"
"""`<graph> kg:digest "…"`: the SHA-256 of the graph's other triples as N-Triples, kept within the graph."""
_WORTH_EDITING = 2_000
"""Triples; a changed graph that is larger is read back, and only what differs is sent."""
_DROPS = 200
"""Graphs removed in one request."""
_FORM = "application/x-www-form-urlencoded"


class GraphState(NamedTuple):
    """The state of one graph, in a store or as it should be."""

    triples: int
    """Without the digest itself."""
    digest: str


class Payload(NamedTuple):
    """One graph to be written."""

    graph: str
    data: bytes
    """N-Triples (https://www.w3.org/TR/n-triples/), a triple a line, the digest first: it says whose graph it is."""
    triples: int


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """A store that is read from and written to."""

    preset: Preset
    endpoint: str
    connection: StoreClient
    query_url: str = ""
    """Over the preset's."""
    update_url: str = ""
    graph_store_url: str = ""

    def states(self, prefix: str) -> dict[str, GraphState]:
        """Every graph whose IRI begins with a prefix, as the store holds it now.

        Raises:
            StoreError: the store cannot be asked, or its answer is not a SPARQL result.
        """
        found: dict[str, GraphState] = {}
        page = self.preset.page
        last = ""
        while True:
            condition = f'STRSTARTS(STR(?g), "{prefix}")' + (f' && STR(?g) > "{last}"' if last else "")
            # Ordering takes as long as counting: only where an answer would be cut short.
            cut = f"ORDER BY STR(?g) LIMIT {page}" if page else ""
            # Counting first and choosing then takes half the time of choosing triple by triple.
            counts = self._select(
                "SELECT ?g ?n WHERE { { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } "
                f"FILTER({condition}) }} {cut}",
                lambda row: (row["g"], int(row["n"])),
            )
            digests = dict(
                self._select(
                    f"SELECT ?g ?d WHERE {{ GRAPH ?g {{ ?g <{DIGEST}> ?d }} FILTER({condition}) }} {cut}",
                    lambda row: (row["g"], row["d"]),
                )
            )
            for graph, count in counts:
                digest = digests.get(graph, "")
                found[graph] = GraphState(count - (1 if digest else 0), digest)
            if not page or len(counts) < page:
                return found
            last = counts[-1][0]

    def state(self, graph: str) -> GraphState | None:
        """One graph, or None if the store has no such graph."""
        count = self._count(graph)
        if not count:
            return None
        digests = self._select(f"SELECT ?d WHERE {{ GRAPH <{graph}> {{ <{graph}> <{DIGEST}> ?d }} }}", itemgetter("d"))
        return GraphState(count - 1, digests[0]) if digests else GraphState(count, "")

    def sites(self) -> list[SiteRecord]:
        """Every description of a site that kg has left in the store."""
        return self._select(
            f"SELECT ?g ?base ?folder WHERE {{ GRAPH ?g {{ ?site <{BUILT_WITH}> ?kg ; <{URI_SPACE}> ?base "
            f"OPTIONAL {{ ?site <{FOLDER}> ?folder }} }} }}",
            lambda row: SiteRecord(row["g"], row["base"], row.get("folder", "")),
        )

    def _count(self, graph: str) -> int:
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return sum(self._select(query, lambda row: int(row["n"])))

    def ping(self) -> None:
        """Let the store ask for the password before a large body is sent, which it might cut off."""
        if self.connection.has_password and self.preset.writes_by == "update":
            self._send_update(b"INSERT DATA { }")

    def add(self, payloads: Sequence[Payload]) -> int:
        """Write graphs that the store does not hold yet; returns the number of triples sent.

        A graph that was cut off in the middle has too few triples beside its digest, and is completed by the next run.
        """
        if not self.preset.bulk:
            return self.replace(payloads)
        body = b"".join(p.data.replace(b" .\n", f" <{p.graph}> .\n".encode()) for p in payloads)
        self.connection.send("POST", self.endpoint + self.preset.bulk, body=body, content_type="application/n-quads")
        return sum(payload.triples for payload in payloads)

    def replace(self, payloads: Sequence[Payload], *, whole: bool = False) -> int:
        """Replace graphs; returns the number of triples sent, to be deleted or added.

        Of a large graph only what differs is sent, unless it has to be sent as a whole.
        """
        together: list[Payload] = []
        sent = 0
        for payload in payloads:
            edited = self._edit(payload) if payload.triples > _WORTH_EDITING and not whole else None
            sent += payload.triples if edited is None else edited
            if edited is not None:
                continue
            if self.preset.writes_by == "update" and payload.triples <= self.preset.batch:
                together.append(payload)
            elif self._graph_store_url:
                self._put(payload)
            else:
                self._update_in_parts(payload)
        if together:
            self._update(together)
        return sent

    def remove(self, graphs: Sequence[str]) -> Iterator[int]:
        """Remove whole graphs; yields how many of them each request finished."""
        if self.preset.writes_by == "graph-store":
            for graph in graphs:
                self.connection.send("DELETE", self._graph_url(graph), allowed=frozenset({404}))
                yield 1
            return
        for start in range(0, len(graphs), _DROPS):
            part = graphs[start : start + _DROPS]
            self._send_update(";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in part).encode())
            yield len(part)

    @property
    def _graph_store_url(self) -> str:
        return self.graph_store_url or (self.endpoint + self.preset.graph_store if self.preset.graph_store else "")

    def _graph_url(self, graph: str) -> str:
        if not self._graph_store_url:
            raise ConfigError(f"{self.preset.title} has no Graph Store address; give --graph-store-url")
        return f"{self._graph_store_url}?{urlencode({'graph': graph})}"

    def _put(self, payload: Payload) -> None:
        """Replace one graph over the Graph Store Protocol: PUT, and POST for what a store cannot take at once."""
        url = self._graph_url(payload.graph)
        method, start = "PUT", 0
        while start < len(payload.data):
            end = payload.data.rfind(b"\n", start, start + self.preset.body) + 1 or len(payload.data)
            self.connection.send(
                method,
                url,
                body=payload.data[start:end],
                content_type="text/turtle; charset=utf-8",  # N-Triples is Turtle, and not every store knows N-Triples
            )
            method, start = "POST", end

    def _update(self, payloads: list[Payload]) -> None:
        """Send several graphs in one SPARQL Update, which is one transaction if the store has transactions."""
        drops = ";\n".join(f"DROP SILENT GRAPH <{payload.graph}>" for payload in payloads)
        graphs = b"".join(b"GRAPH <%b> {\n%b}\n" % (payload.graph.encode(), payload.data) for payload in payloads)
        self._send_update(f"{drops};\nINSERT DATA {{\n".encode() + graphs + b"}")

    def _edit(self, payload: Payload) -> int | None:
        """Delete the surplus triples of a graph and insert the missing ones; returns the number sent.

        None, and nothing is sent, if the store does not return the whole graph, or if that has blank nodes, which
        cannot be deleted. While several requests are under way the digest matches nothing.
        """
        stored = self.lines(payload.graph)
        if stored is None:
            return None
        surplus, lacking = differences(stored, BytesIO(payload.data))
        digest = b"<%b> <%b> " % (payload.graph.encode(), DIGEST.encode())
        unfinished = digest + b'"unfinished" .\n'
        old, new = ({line for line in lines if line.startswith(digest)} for lines in (surplus, lacking))
        steps = [
            *(("DELETE", line) for line in old),
            ("INSERT", unfinished),
            *(("DELETE", line) for line in sorted(surplus - old)),
            *(("INSERT", line) for line in sorted(lacking - new)),
            ("DELETE", unfinished),
            *(("INSERT", line) for line in new),
        ]
        for start in range(0, len(steps), self.preset.batch):
            self._send_update(_operations(payload.graph, steps[start : start + self.preset.batch]))
        return len(surplus) + len(lacking)

    def lines(self, graph: str, count: int | None = None) -> set[bytes] | None:
        """The triples of a graph as lines of N-Triples, or None if they cannot all be read.

        Args:
            graph: its name.
            count: how many triples it has, where that is known.
        """
        count = self._count(graph) if count is None else count
        lines: set[bytes] = set()
        for part in _parts(count, self.preset.page):
            found = self._construct(graph, part)
            if found is None:
                return None
            lines |= found
        return lines if len(lines) == count else None

    def _construct(self, graph: str, part: str) -> set[bytes] | None:
        """A part of a graph as lines of N-Triples, or None if it holds what cannot stand in one by itself."""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o {part} }} }}"
        reply = self._ask(query, "application/n-triples")
        format_ = ox.RdfFormat.from_media_type(reply.media_type)
        if format_ is None:
            return None
        lines: set[bytes] = set()
        try:
            for quad in ox.parse(reply.body, format_):
                if not (isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal)):
                    return None
                # Serialised as ours are: two spellings of one triple must not look like two triples.
                lines.add(f"{ox.Triple(quad.subject, quad.predicate, quad.object)} .\n".encode())
        except SyntaxError:
            return None
        return lines

    def _update_in_parts(self, payload: Payload) -> None:
        step = self.preset.batch
        graph = payload.graph.encode()
        self._send_update(b"DROP SILENT GRAPH <%b>" % graph)
        lines = payload.data.splitlines(keepends=True)
        for start in range(0, len(lines), step):
            self._send_update(b"INSERT DATA { GRAPH <%b> {\n%b} }" % (graph, b"".join(lines[start : start + step])))

    def _send_update(self, update: bytes) -> None:
        url = self.update_url or self.endpoint + self.preset.update
        if self.preset.form_only:
            self.connection.send("POST", url, body=urlencode({"update": update}).encode(), content_type=_FORM)
        else:
            self.connection.send("POST", url, body=update, content_type="application/sparql-update")

    @property
    def _query_url(self) -> str:
        return self.query_url or self.endpoint + self.preset.query

    def _ask(self, query: str, accept: str) -> Reply:
        """Send a query as a form, which every store takes."""
        body = urlencode({"query": query}).encode()
        return self.connection.send("POST", self._query_url, body=body, content_type=_FORM, accept=accept)

    def _select(self, query: str, read: Callable[[dict[str, str]], T]) -> list[T]:
        """Rows of a SELECT: https://www.w3.org/TR/sparql11-results-json/."""
        reply = self._ask(query, "application/sparql-results+json")
        try:
            bindings = json.loads(reply.body)["results"]["bindings"]
            return [read({name: term["value"] for name, term in row.items()}) for row in bindings if row]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            excerpt = gist(reply.body, reply.media_type)
            raise StoreRejected(
                f"{shown(self._query_url)} answered no SPARQL result but: {excerpt or 'nothing'}"
            ) from error


def _parts(count: int, page: int) -> Iterator[str]:
    """Filters that divide so many triples among answers that are not cut short, by a digest of their subjects.

    Pages by OFFSET overlap if nothing is ordered, and ordering all for each page takes ten times as long.
    """
    parts = -(-count * 3 // (page * 2)) if page else 1  # filled to two thirds: a subject stays in one piece
    if parts < 2:
        yield ""
        return
    for start, end in pairwise(f"{number * 0x10000 // parts:04x}" for number in range(parts + 1)):
        below = f' && ?digest < "{end}"' if end != "10000" else ""
        yield f'BIND(MD5(STR(?s)) AS ?digest) FILTER(?digest >= "{start}"{below})'


def _operations(graph: str, steps: Sequence[tuple[str, bytes]]) -> bytes:
    """Triples to be deleted from a graph and inserted into it, in order, as one SPARQL Update."""
    return b";\n".join(
        f"{verb} DATA {{ GRAPH <{graph}> {{\n".encode() + b"".join(line for _verb, line in run) + b"} }"
        for verb, run in groupby(steps, key=itemgetter(0))
    )


def checked_graph(iri: str) -> str:
    """The IRI of a graph, fit to stand in a query.

    Raises:
        ConfigError: it is not an IRI.
    """
    try:
        ox.NamedNode(iri)
    except ValueError as error:
        raise ConfigError(f"--graph {iri!r} is not an IRI: {error}") from error
    return iri
