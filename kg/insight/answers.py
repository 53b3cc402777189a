"""Answers as rows for JSON, which are the same in commands, in `kg.insight.asking.Answers` and on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.graph.lookup import path_of
from kg.graph.portrait import portrait
from kg.insight.days import day_of, within
from kg.insight.places import edges_to, line_of, place, proof, proof_together
from kg.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.graph.lookup import Lookup
    from kg.graph.model import KnowledgeGraph
    from kg.insight.bridges import Bridge
    from kg.insight.incidence import Incidence
    from kg.insight.paths import GraphPath
    from kg.insight.relatedness import Related
    from kg.insight.search import Hit
    from kg.insight.theme_portraits import Portrait
    from kg.insight.trends import Month, ShareChange
    from kg.model import Node

Row = dict[str, Any]


def identity(node: Node) -> Row:
    """`iri`, `label`, `kind`."""
    return {"iri": node.iri, "label": node.label, "kind": node.kind}


def related(table: Incidence, node: Node, *, only: str = "", most: bool = False, limit: int = 10) -> list[Related]:
    """The things related to a thing; for a post, the most similar posts, unless things of a kind are asked for.

    Args:
        table: who names what.
        node: a node of it.
        only: only nodes of this kind; "" for all except posts, or if the node is a post, for posts.
        most: whether the most frequent come first.
        limit: how many at most; 0 for all.
    """
    from kg.insight.relatedness import Profiles, most_frequent, related_things

    if node.kind == "post" and only in ("", "post"):
        return Profiles(table).related_posts(node.iri, limit=limit) if node.iri in table.row else []
    measure = most_frequent if most else related_things
    return measure(table, node.iri, kinds=(only,) if only else (), limit=limit)


def related_rows(graph: KnowledgeGraph, node: Node, found: Iterable[Related]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`; of posts also `path`, and `shared`, `links` and `words`, if any.

    `proof`: the lines of the newest post that name both; of a post, its lines that name what it shares, and the links.
    """
    return [_related_row(graph, node, one) for one in found]


def _related_row(graph: KnowledgeGraph, node: Node, one: Related) -> Row:
    row = identity(one.node) | {"score": round(one.score, 4), "posts": len(one.posts)}
    if one.node.kind == "post":
        row |= {"path": path_of(one.node)}
    if one.shared:
        row |= {"shared": [node.label for node in one.shared]}
    if one.links:
        row |= {"links": list(one.links)}
    if one.words:
        row |= {"words": list(one.words)}
    if one.posts:
        row["proof"] = proof_together(graph, (node.iri, one.node.iri), one.posts[0])
    else:
        places = proof_together(graph, [node.iri, *(n.iri for n in one.shared)], one.node.iri)
        places += proof_together(graph, [one.node.iri], node.iri)
        row["proof"] = places or proof(graph, one.node.iri)
    return row


def path_rows(graph: KnowledgeGraph, found: Iterable[GraphPath]) -> list[Row]:
    """`cost`, `nodes`, and `steps`: for each, the edges that make it."""
    return [
        {
            "cost": round(way.cost, 4),
            "nodes": [identity(graph.nodes[iri]) for iri in way.nodes],
            "steps": [
                [
                    {
                        "source": edge.source,
                        "relation": compact(edge.predicate),
                        "target": edge.target,
                        "path": path_of(graph.nodes[edge.source]),
                        "line": edge.line,
                        "field": edge.field,
                    }
                    for edge in edges
                ]
                for edges in way.proof
            ],
        }
        for way in found
    ]


def change_rows(graph: KnowledgeGraph, changes: Iterable[ShareChange[Node]]) -> list[Row]:
    """`iri`, `label`, `kind`, `before`, `now`, `share_before`, `share_now`, `g`, `chance`, `is_new`, `proof`."""
    return [
        identity(change.node) | _change_row(change) | {"proof": proof(graph, change.node.iri)} for change in changes
    ]


def _change_row(change: ShareChange[Any]) -> Row:
    row = change._asdict()
    del row["node"]
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}


def month_rows(graph: KnowledgeGraph, node: Node, months: Iterable[Month], limit: int) -> list[Row]:
    """`iri`, `label`, `kind`, `month`, `named`, `posts`, `share`, `unfinished`, `proof`: a place of that month.

    Only the newest `limit` months that name it; 0 for all of them.
    """
    first: dict[str, str] = {}
    for edge in edges_to(graph, node.iri):
        first.setdefault(day_of(graph.nodes[edge.source])[:7], place(graph, edge))
    return [
        identity(node) | month._asdict() | {"share": round(month.share, 6), "proof": [first[month.month]]}
        for month in [month for month in months if month.named][-limit:]
    ]


def central_rows(graph: KnowledgeGraph, found: Iterable[tuple[Node, float, int]]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`, `proof`."""
    return [
        identity(node) | {"score": round(score, 8), "posts": posts, "proof": proof(graph, node.iri)}
        for node, score, posts in found
    ]


def find_rows(graph: KnowledgeGraph, found: Lookup, limit: int) -> list[Row]:
    """`iri`, `label`, `kind`, `posts` (that name it), `how`, `proof`; if nothing has the name, what is `near`.

    At most `limit`, if that is not 0.
    """
    chosen = [(iri, found.how) for iri in found.matches] + [(iri, "also") for iri in found.others]
    return [
        identity(graph.nodes[iri])
        | {"posts": len({edge.source for edge in edges_to(graph, iri)}), "how": how, "proof": proof(graph, iri)}
        for iri, how in (chosen or [(iri, "near") for iri in found.suggestions])[: limit or None]
    ]


def show_row(graph: KnowledgeGraph, node: Node, limit: int) -> Row:
    """A portrait (`kg.graph.portrait`) with at most `limit` entries a list, and `left_out`: list → how many more."""
    known = portrait(graph, node.iri)
    left_out: dict[str, int] = {}

    def shortened(name: str, value: Any) -> Any:
        if isinstance(value, dict) and name == "neighbours":
            return {relation: shortened(relation, nodes) for relation, nodes in value.items()}
        if not isinstance(value, list) or not limit or len(value) <= limit:
            return value
        left_out[name] = len(value) - limit
        return value[:limit]

    row = {name: shortened(name, value) for name, value in known.items()}
    return {**row, "left_out": left_out}


def cite_rows(
    graph: KnowledgeGraph, node: Node, *, since: str, until: str, limit: int, content: Path | None
) -> list[Row]:
    """`path`, `line`, `field`, `relation`, `date`, `title`, newest first; with CONTENT, `quote`: the line itself."""
    rows: list[Row] = []
    for edge in edges_to(graph, node.iri):
        post = graph.nodes[edge.source]
        day = day_of(post)
        if not within(day, since, until):
            continue
        if limit and len(rows) == limit:
            break
        row: Row = {"path": path_of(post), "line": edge.line, "field": edge.field or "body"}
        row |= {"relation": compact(edge.predicate), "date": day, "title": post.label}
        if content is not None:
            row["quote"] = line_of(content, row["path"], edge.line, node.names)
        rows.append(row)
    return rows


def bridge_rows(graph: KnowledgeGraph, found: Sequence[Bridge]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`, `proof`, `themes` (the names of the two)."""
    rows = central_rows(graph, ((one.node, one.score, one.posts) for one in found))
    return [row | {"themes": [theme.name for theme in one.themes]} for row, one in zip(rows, found, strict=True)]


def theme_rows(found: Iterable[Portrait]) -> list[Row]:
    """`id`, `name`, `names`, `size`, `posts`, `change`, `typical`, `newest`, `central`, `neighbours`, `months`."""
    return [_theme_row(one) for one in found]


def _theme_row(one: Portrait) -> Row:
    months = [month._asdict() | {"share": round(month.share, 6)} for month in one.months]
    return {
        "id": one.theme.id,
        "name": one.theme.name,
        "names": one.theme.names_by_language,
        "size": one.theme.size,
        "posts": one.posts,
        "change": _change_row(one.change) if one.change else None,
        "typical": [identity(node) for node in one.typical],
        "newest": [_post_row(node) for node in one.newest],
        "central": [_post_row(node) for node in one.central],
        "neighbours": [
            {"id": near.theme.id, "name": near.theme.name, "links": near.links, "over": [n.label for n in near.over]}
            for near in one.neighbours
        ],
        "months": months,
    }


def _post_row(node: Node) -> Row:
    return identity(node) | {"path": path_of(node), "date": day_of(node)}


def hit_rows(hits: Iterable[Hit]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `path`, `line`, `snippet`."""
    return [{**hit._asdict(), "score": round(hit.score, 4)} for hit in hits]
