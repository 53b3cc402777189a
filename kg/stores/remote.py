"""A triple store somewhere else: reads which of our graphs it holds, replaces and removes graphs.

Standards: SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), SPARQL 1.1 Update
(https://www.w3.org/TR/sparql11-update/), Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from kg.errors import ConfigError, StoreRejected
from kg.stores.http import Connection, gist, shown
from kg.vocabulary import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.stores.presets import Preset

DIGEST = KG + "digest"
"""`<graph> kg:digest "…"`: the SHA-256 of the graph's other triples as N-Triples, kept within the graph."""
_PAGE = 5_000
"""Graphs asked for at a time: stores cut long answers short without saying so (Virtuoso at 10,000 rows)."""
_FORM = "application/x-www-form-urlencoded"


class State(NamedTuple):
    """One graph in a store, or as it should be."""

    triples: int
    """Without the digest itself."""
    digest: str


class Payload(NamedTuple):
    """One graph to be written."""

    graph: str
    data: bytes
    """N-Triples (https://www.w3.org/TR/n-triples/), a triple a line, the digest among them as the last."""
    triples: int


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """A store that is read from and written to."""

    preset: Preset
    endpoint: str
    connection: Connection
    query_url: str = ""
    """Over the preset's."""
    update_url: str = ""
    graph_store_url: str = ""

    def states(self, prefix: str) -> dict[str, State]:
        """Every graph whose IRI begins with a prefix, as the store holds it now.

        Raises:
            StoreError: the store cannot be asked, or its answer is no SPARQL result.
        """
        found: dict[str, State] = {}
        last = ""
        while True:
            condition = f'STRSTARTS(STR(?g), "{prefix}")' + (f' && STR(?g) > "{last}"' if last else "")
            # Counting first and choosing then takes half the time of choosing triple by triple.
            rows = self._select(
                "SELECT ?g ?n WHERE { { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } "
                f"FILTER({condition}) }} ORDER BY STR(?g) LIMIT {_PAGE}"
            )
            digests = {
                row["g"]: row["d"]
                for row in self._select(
                    f"SELECT ?g ?d WHERE {{ GRAPH ?g {{ ?g <{DIGEST}> ?d }} FILTER({condition}) }} "
                    f"ORDER BY STR(?g) LIMIT {_PAGE}"
                )
            }
            for row in rows:
                digest = digests.get(row["g"], "")
                found[row["g"]] = State(int(row["n"]) - (1 if digest else 0), digest)
            if len(rows) < _PAGE:
                return found
            last = rows[-1]["g"]

    def state(self, graph: str) -> State | None:
        """One graph, or None where the store has no such graph."""
        return {iri: state for iri, state in self.states(graph).items() if iri == graph}.get(graph)

    def add(self, payloads: Iterable[Payload]) -> Iterator[int]:
        """Write graphs the store does not hold yet; yields how many of them each request finished.

        A graph's digest is written with, or after, everything else in it: a graph that was cut off in the middle has
        none, and is written again by the next run.
        """
        if not self.preset.bulk:
            yield from self.replace(payloads)
            return
        for batch in self._batches(payloads):
            body = b"".join(p.data.replace(b" .\n", f" <{p.graph}> .\n".encode()) for p in batch)
            self.connection.send(
                "POST", self.endpoint + self.preset.bulk, body=body, content_type="application/n-quads"
            )
            yield len(batch)

    def replace(self, payloads: Iterable[Payload]) -> Iterator[int]:
        """Replace whole graphs; yields how many of them each request finished."""
        if self.preset.writes_by == "graph-store":
            for payload in payloads:
                self._put(payload)
                yield 1
            return
        for batch in self._batches(payloads):
            if batch[0].triples <= self.preset.batch:
                self._update(batch)
            elif self._graph_store_url:
                self._put(batch[0])
            else:
                self._update_in_parts(batch[0])
            yield len(batch)

    def _batches(self, payloads: Iterable[Payload]) -> Iterator[list[Payload]]:
        """Groups of at most `batch` triples; a larger graph stands alone."""
        waiting: list[Payload] = []
        size = 0
        for payload in payloads:
            if waiting and size + payload.triples > self.preset.batch:
                yield waiting
                waiting, size = [], 0
            waiting.append(payload)
            size += payload.triples
        if waiting:
            yield waiting

    def remove(self, graphs: Iterable[str]) -> Iterator[int]:
        """Remove whole graphs; yields how many of them each request finished."""
        batch: list[str] = []
        for graph in graphs:
            if self.preset.writes_by == "graph-store":
                self.connection.send("DELETE", self._graph_url(graph), allowed=frozenset({404}))
                yield 1
                continue
            batch.append(graph)
            if len(batch) == 200:
                self._send_update(";\n".join(f"DROP SILENT GRAPH <{iri}>" for iri in batch).encode())
                yield len(batch)
                batch = []
        if batch:
            self._send_update(";\n".join(f"DROP SILENT GRAPH <{iri}>" for iri in batch).encode())
            yield len(batch)

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
        """Several graphs in one request, which SPARQL Update makes one transaction where the store has them."""
        drops = ";\n".join(f"DROP SILENT GRAPH <{payload.graph}>" for payload in payloads)
        graphs = b"".join(b"GRAPH <%b> {\n%b}\n" % (payload.graph.encode(), payload.data) for payload in payloads)
        self._send_update(f"{drops};\nINSERT DATA {{\n".encode() + graphs + b"}")

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

    def _select(self, query: str) -> list[dict[str, str]]:
        """Rows of a SELECT: https://www.w3.org/TR/sparql11-results-json/. Sent as a form, which every store takes."""
        url = self.query_url or self.endpoint + self.preset.query
        reply = self.connection.send(
            "POST",
            url,
            body=urlencode({"query": query}).encode(),
            content_type=_FORM,
            accept="application/sparql-results+json",
        )
        try:
            bindings = json.loads(reply.body)["results"]["bindings"]
            return [{name: term["value"] for name, term in row.items()} for row in bindings if row]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = gist(reply.body, reply.media_type)
            raise StoreRejected(f"{shown(url)} answered no SPARQL result but: {said or 'nothing'}") from error
