"""Everything a graph says about one node, for printing or as JSON."""

from collections import Counter, defaultdict
from typing import Any

from kg.fields import HOMEPAGE, PUBLISHED, SOURCE, SUMMARY
from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph, local_name
from kg.graph.saved import edges_from, edges_into, head
from kg.model import IRI, IRI_OBJECT, Edge, Merge, Node

_SHOWN = {PUBLISHED: "date", SUMMARY: "summary", SOURCE: "source", HOMEPAGE: "homepage"}
"""Predicate → what it is called here, for those that people want to see."""


def portrait(graph: KnowledgeGraph, iri: IRI) -> dict[str, Any]:
    """One node with its names, why they were merged, its posts and its neighbours.

    Keys: `iri`, `kind`, `also` (further kinds), `label`, `labels` (language → canonical name), `spellings`, `former`,
    `same_as`, `merges`, `definitions`, `properties`, `posts` (that link to it, with the line; newest first),
    `neighbours` (relation → nodes, with the line of this post that names them), `together` (what else its posts name,
    with the number of posts that name both, the highest first).

    Raises:
        KeyError: the graph has no such node.
    """
    node = graph.nodes[iri]
    outgoing: dict[str, list[Edge]] = defaultdict(list)
    incoming: dict[IRI, list[Edge]] = defaultdict(list)
    for edge in edges_from(graph, [iri]):
        outgoing[local_name(edge.predicate)].append(edge)
    for edge in edges_into(graph, [iri]):
        incoming[edge.source].append(edge)
    together: Counter[IRI] = Counter()
    if node.kind != "post":
        named = {(edge.source, edge.target) for edge in edges_from(graph, incoming)}
        together.update(target for source, target in named if target not in (iri, source))
    return {
        "iri": iri,
        "kind": node.kind,
        "also": list(node.also),
        "label": node.label,
        "labels": {text.language: text.value for text in node.labels},
        "spellings": list(dict.fromkeys(text.value for text in (*node.labels, *node.aliases))),
        "former": list(node.former),
        "same_as": list(node.same_as),
        "merges": list(map(_merge, node.merges)),
        "definitions": [
            {"term": d.term, "translations": list(d.translations), "text": d.text, "place": f"{path}:{d.line}"}
            for path, d in node.definitions
            if d.text
        ],
        "properties": _properties(node),
        "posts": _posts(graph, incoming),
        "neighbours": {
            relation: [_brief(graph, edge.target) | {"line": edge.line} for edge in edges]
            for relation, edges in outgoing.items()
        },
        "together": [
            {"label": label, "kind": kind, "iri": other, "posts": count}
            for other, count in sorted(together.items(), key=lambda item: (-item[1], item[0]))
            for kind, label in [head(graph, other)]
            if kind != "post"
        ],
    }


def _merge(merge: Merge) -> dict[str, Any]:
    return {
        "name": merge.name,
        "other": merge.other,
        "kinds": list(merge.kinds),
        "confidence": round(merge.confidence, 4),
        "decided_by": merge.decided_by,
        "evidence": [
            {"kind": e.kind, "count": e.count, "places": [f"{path}:{line}" for path, line in e.places]}
            for e in merge.evidence
        ],
    }


def _posts(graph: KnowledgeGraph, incoming: dict[IRI, list[Edge]]) -> list[dict[str, Any]]:
    posts = [
        {**_brief(graph, source), "line": edges[0].line, "relations": [local_name(edge.predicate) for edge in edges]}
        for source, edges in incoming.items()
        if head(graph, source)[0] == "post"
    ]
    posts.sort(key=lambda post: post["path"])
    posts.sort(key=lambda post: post.get("date", ""), reverse=True)
    return posts


def _brief(graph: KnowledgeGraph, iri: IRI) -> dict[str, Any]:
    kind, label = head(graph, iri)
    result: dict[str, Any] = {"label": label, "kind": kind, "iri": iri}
    if kind == "post":
        node = graph.nodes[iri]
        result["path"] = path_of(node)
        result.update((name, value) for name, value in _properties(node).items() if name == "date")
    return result


def _properties(node: Node) -> dict[str, str]:
    """The properties of a post that people want to see: its path, date, summary and source."""
    result = {"path": path_of(node)} if node.kind == "post" else {}
    for attribute in node.attributes:
        name = _SHOWN.get(attribute.predicate)
        if name and (name not in {"source", "homepage"} or attribute.datatype == IRI_OBJECT):
            result.setdefault(name, attribute.value)
    return result
