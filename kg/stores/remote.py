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
"""`<graph> kg:digest "…"`: the SHA-256 of the graph's other triples as sorted N-Triples, kept within the graph."""
_PAGE = 5_000
"""Graphs asked for at a time: stores cut long answers short without saying so (Virtuoso at 10,000 rows)."""
_FORM = "application/x-www-form-urlencoded"


class State(NamedTuple):
    """One graph in a store, or as it should be."""

    triples: int
    """Without the digest itself."""
    digest: str


class Payload(NamedTuple):
    """One graph to be written: N-Triples lines, the digest among them as the last."""

    graph: str
    lines: list[str]


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
            rows = self._select(
                f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({condition}) }} "
                f"GROUP BY ?g ORDER BY STR(?g) LIMIT {_PAGE}"
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

    def replace(self, payloads: Iterable[Payload]) -> Iterator[int]:
        """Replace whole graphs; yields how many of them each request finished.

        A graph's digest is written with, or after, everything else in it: a graph that was cut off in the middle has
        none, and is written again by the next run.
        """
        if self.preset.writes_by == "graph-store":
            for payload in payloads:
                self._put(payload)
                yield 1
            return
        waiting: list[Payload] = []
        size = 0
        for payload in payloads:
            if size + len(payload.lines) > self.preset.batch and waiting:
                self._update(waiting)
                yield len(waiting)
                waiting, size = [], 0
            if len(payload.lines) > self.preset.batch:
                self._put(payload) if self._graph_store_url else self._update_in_parts(payload)
                yield 1
                continue
            waiting.append(payload)
            size += len(payload.lines)
        if waiting:
            self._update(waiting)
            yield len(waiting)

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
                self._send_update(";\n".join(f"DROP SILENT GRAPH <{iri}>" for iri in batch))
                yield len(batch)
                batch = []
        if batch:
            self._send_update(";\n".join(f"DROP SILENT GRAPH <{iri}>" for iri in batch))
            yield len(batch)

    @property
    def _graph_store_url(self) -> str:
        return self.graph_store_url or (self.endpoint + self.preset.graph_store if self.preset.graph_store else "")

    def _graph_url(self, graph: str) -> str:
        if not self._graph_store_url:
            raise ConfigError(f"{self.preset.title} has no Graph Store address; give --graph-store-url")
        return f"{self._graph_store_url}?{urlencode({'graph': graph})}"

    def _put(self, payload: Payload) -> None:
        self.connection.send(
            "PUT",
            self._graph_url(payload.graph),
            body=("\n".join(payload.lines) + "\n").encode(),
            content_type="text/turtle; charset=utf-8",  # N-Triples is Turtle, and not every store knows N-Triples
        )

    def _update(self, payloads: list[Payload]) -> None:
        """Several graphs in one request, which SPARQL Update makes one transaction where the store has them."""
        drops = ";\n".join(f"DROP SILENT GRAPH <{payload.graph}>" for payload in payloads)
        graphs = "\n".join(
            "GRAPH <{}> {{\n{}\n}}".format(payload.graph, "\n".join(payload.lines)) for payload in payloads
        )
        self._send_update(f"{drops};\nINSERT DATA {{\n{graphs}\n}}")

    def _update_in_parts(self, payload: Payload) -> None:
        step = self.preset.batch
        self._send_update(f"DROP SILENT GRAPH <{payload.graph}>")
        for start in range(0, len(payload.lines), step):
            part = "\n".join(payload.lines[start : start + step])
            self._send_update(f"INSERT DATA {{ GRAPH <{payload.graph}> {{\n{part}\n}} }}")

    def _send_update(self, update: str) -> None:
        url = self.update_url or self.endpoint + self.preset.update
        if self.preset.form_only:
            self.connection.send("POST", url, body=urlencode({"update": update}).encode(), content_type=_FORM)
        else:
            self.connection.send("POST", url, body=update.encode(), content_type="application/sparql-update")

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
