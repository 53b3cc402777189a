"""The Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

OpenRefine and others send names, with a type if they know one, and get the things of this graph that they may mean.
Identifiers are IRIs without the base, such as `person/ada_lovelace`; types are the kinds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from kg.errors import ConfigError
from kg.graph.model import KnowledgeGraph
from kg.model import IRI, Node
from kg.resolution.forms import bare_of, simplified
from kg.text.folding import fold

RECONCILE = "/reconcile"
SUGGEST = f"{RECONCILE}/suggest"
MAX_QUERIES = 50
"""Names of one request; the manifest says so."""
MAX_RESULTS = 25
CLOSE = 75.0
"""Similarity, in percent, from which a name is worth offering."""


class ReconciliationQuery(msgspec.Struct, frozen=True):
    """One name to look up; properties are not understood, and do no harm."""

    query: str = ""
    type: str | list[str] = ""
    limit: int = 5


_decode = msgspec.json.Decoder(dict[str, ReconciliationQuery]).decode


def manifest(address: str, base: str) -> dict[str, Any]:
    """What the service is.

    Args:
        address: of the server, without a slash at the end.
        base: where IRIs begin.
    """
    return {
        "versions": ["0.2"],
        "name": f"kg: {base}",
        "identifierSpace": base,
        "schemaSpace": base,
        "batchSize": MAX_QUERIES,
        "view": {"url": f"{address}/{{{{id}}}}"},
        "suggest": {"entity": {"service_url": address, "service_path": SUGGEST}},
    }


class Reconciler:
    """The names of all things of a graph, but for its posts."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph

    def answer(self, text: str) -> dict[str, Any]:
        """The results of a batch of queries, as JSON-compatible data.

        Raises:
            ConfigError: the batch is no JSON of the standard, or too long.
        """
        try:
            queries = _decode(text)
        except msgspec.DecodeError as error:
            raise ConfigError(f"queries: {error}") from None
        if len(queries) > MAX_QUERIES:
            raise ConfigError(f"{len(queries)} queries at once; send at most {MAX_QUERIES}")
        return {name: {"result": self._results(query)} for name, query in queries.items()}

    def suggest(self, prefix: str) -> dict[str, Any]:
        """Things with a name that begins so, the most linked first."""
        key = fold(prefix)
        found = {iri for text, iris in self._names.items() if key and text.startswith(key) for iri in iris}
        best = sorted(found, key=lambda iri: (-self._links[iri], iri))[:MAX_RESULTS]
        shown = (self._shown(self._graph.nodes[iri]) for iri in best)
        return {"result": [{**one, "notable": one.pop("type")} for one in shown]}

    def _results(self, query: ReconciliationQuery) -> list[dict[str, Any]]:
        types = {query.type} if isinstance(query.type, str) else set(query.type)
        types.discard("")
        scores: dict[IRI, float] = {}
        for iri, score in self._scored(query.query):
            if not types or self._graph.nodes[iri].kind in types:
                scores[iri] = max(score, scores.get(iri, 0.0))
        best = sorted(scores, key=lambda iri: (-scores[iri], -self._links[iri], iri))
        sure = [iri for iri in best if scores[iri] == 100]
        limit = max(1, min(query.limit, MAX_RESULTS))
        return [
            {**self._shown(self._graph.nodes[iri]), "score": scores[iri], "match": sure == [iri]}
            for iri in best[:limit]
        ]

    def _scored(self, typed: str) -> Iterator[tuple[IRI, float]]:
        """Things with a name like this one, and how like it is, in percent."""
        from rapidfuzz import fuzz, process

        key = fold(typed)
        if not key:
            return
        yield from ((iri, 100.0) for iri in self._names.get(key, ()))
        plain = simplified([key]).get(key, key)
        yield from ((iri, 98.0) for iri in self._bare.get(bare_of(plain), ()))
        for text, score, _place in process.extract(
            key, self._texts, scorer=fuzz.ratio, limit=2 * MAX_RESULTS, score_cutoff=CLOSE
        ):
            yield from ((iri, round(0.95 * score, 1)) for iri in self._names[text])

    def _shown(self, node: Node) -> dict[str, Any]:
        kind = self._graph.kinds.get(node.kind)
        identity = node.iri.removeprefix(self._graph.dataset.base)
        others = ", ".join(text.value for text in node.labels if text.value != node.label)
        return {
            "id": identity,
            "name": node.label,
            "type": [{"id": node.kind, "name": kind.label if kind else node.kind}],
            **({"description": others} if others else {}),
        }

    @cached_property
    def _names(self) -> dict[str, set[IRI]]:
        """Folded name → the things that have it."""
        names: defaultdict[str, set[IRI]] = defaultdict(set)
        for node in self._graph.nodes.values():
            if node.kind != "post":
                for name in node.names:
                    names[fold(name)].add(node.iri)
        names.pop("", None)
        return dict(names)

    @cached_property
    def _texts(self) -> list[str]:
        return sorted(self._names)

    @cached_property
    def _bare(self) -> dict[str, set[IRI]]:
        """Bare text of a simplified name → the things that have it."""
        to_simple = simplified(self._names)
        found: defaultdict[str, set[IRI]] = defaultdict(set)
        for text, iris in self._names.items():
            found[bare_of(to_simple.get(text, text))] |= iris
        return dict(found)

    @cached_property
    def _links(self) -> Counter[str]:
        return Counter(end for edge in self._graph.edges for end in (edge.source, edge.target))
