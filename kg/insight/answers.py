"""Answers as rows for JSON: what commands, `kg.insight.asking.Answers` and the server give is one and the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.graph.lookup import path_of
from kg.insight.incidence import day_of
from kg.insight.relatedness import Profiles, most_frequent, related_things
from kg.namespaces import compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.graph.model import KnowledgeGraph
    from kg.insight.bridges import Bridge
    from kg.insight.incidence import Incidence
    from kg.insight.paths import Way
    from kg.insight.relatedness import Related
    from kg.insight.search import Hit
    from kg.insight.theme_portraits import Portrait
    from kg.insight.trends import Change, Month
    from kg.model import Node

Row = dict[str, Any]


def identity(node: Node) -> Row:
    """`iri`, `label`, `kind`."""
    return {"iri": node.iri, "label": node.label, "kind": node.kind}


def related(table: Incidence, node: Node, *, only: str = "", most: bool = False, limit: int = 10) -> list[Related]:
    """What goes with a thing; of a post, the posts that are most like it, unless things of a kind are asked for.

    Args:
        table: who names what.
        node: a node of it.
        only: only nodes of this kind; "" for all but posts, of a post for posts.
        most: whether the most frequent come first.
        limit: how many at most; 0 for all.
    """
    if node.kind == "post" and only in ("", "post"):
        return Profiles(table).related_posts(node.iri, limit=limit) if node.iri in table.row else []
    measure = most_frequent if most else related_things
    return measure(table, node.iri, kinds=(only,) if only else (), limit=limit)


def related_rows(found: Iterable[Related]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`; of posts also `path`, and `shared`, if anything is."""
    return [_related_row(one) for one in found]


def _related_row(one: Related) -> Row:
    row = identity(one.node) | {"score": round(one.score, 4), "posts": len(one.posts)}
    if one.node.kind == "post":
        row |= {"path": path_of(one.node)}
    if one.shared:
        row |= {"shared": [node.label for node in one.shared]}
    return row


def path_rows(graph: KnowledgeGraph, found: Iterable[Way]) -> list[Row]:
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


def change_rows(changes: Iterable[Change[Node]]) -> list[Row]:
    """`iri`, `label`, `kind`, `before`, `now`, `share_before`, `share_now`, `g`, `chance`, `is_new`."""
    return [identity(change.node) | _change_row(change) for change in changes]


def _change_row(change: Change[Any]) -> Row:
    row = change._asdict()
    del row["node"]
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}


def month_rows(node: Node, months: Iterable[Month]) -> list[Row]:
    """`iri`, `label`, `kind`, `month`, `named`, `posts`, `share`, `unfinished`."""
    return [identity(node) | {**month._asdict(), "share": round(month.share, 6)} for month in months]


def central_rows(found: Iterable[tuple[Node, float, int]]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`."""
    return [identity(node) | {"score": round(score, 8), "posts": posts} for node, score, posts in found]


def bridge_rows(found: Iterable[Bridge]) -> list[Row]:
    """`iri`, `label`, `kind`, `score`, `posts`, `themes` (the names of the two)."""
    return [
        identity(one.node)
        | {"score": round(one.score, 4), "posts": one.posts, "themes": [theme.name for theme in one.themes]}
        for one in found
    ]


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
