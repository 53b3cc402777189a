"""Show what is related to a thing, or which posts are related to a post, and why."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from kg.commands._answers import AnswerOptions, answer_options, echo_answer, node_named
from kg.commands._options import Options, kind_option, posts_options, state_option
from kg.commands._printing import exit_status
from kg.insight.terms import checked_kind
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.insight.relatedness import Related
    from kg.model import Node

COLUMNS = ("iri", "label", "kind", "score", "posts", "path", "shared", "links", "words", "proof")


@click.command()
@click.argument("name")
@kind_option
@click.option("--only", default="", metavar="KIND", help="List only things of this kind; post for posts.")
@click.option("--most", is_flag=True, help="Order by frequency alone.")
@answer_options()
@state_option
@posts_options
def command(options: Options, request: AnswerOptions, name: str, kind: str, only: str, most: bool) -> int:
    """List things that occur with NAME more often than by chance, or for a post, the most similar posts.

    The score of a thing is the log-likelihood ratio of the posts that name both, so that things named everywhere do
    not dominate. The score of a post, between 0 and 1, weights what the two share by its rarity.
    """
    from kg.insight.answers import related, related_rows
    from kg.insight.incidence import Incidence
    from kg.insight.nothing import not_related

    gc.disable()  # the process ends with the answer
    graph, diagnostics = options.graph(whole=False)
    node = node_named(graph, name, options.content, kind=kind)
    checked_kind(graph, only)
    table = Incidence.of(graph, since=request.since, until=request.until)
    found = related(table, node, only=only, most=most, limit=request.limit)
    echo_answer(
        request.form,
        related_rows(graph, node, found),
        COLUMNS,
        lambda: _lines(graph, node, found, most=most),
        lambda: not_related(table, node, only, request.days),
    )
    return exit_status(diagnostics)


def _shared(one: Related) -> str:
    links = ["linked with it"] if one.links else []
    return ", ".join([*links, *(node.label for node in one.shared)]) or f"in the title: {', '.join(one.words)}"


def _lines(graph: KnowledgeGraph, node: Node, found: Sequence[Related], *, most: bool) -> list[str]:
    from kg.graph.lookup import path_of

    if found[0].node.kind == "post" and not found[0].posts:
        rows = [[f"{one.score:.2f}", one.node.label, f"[{path_of(one.node)}]", _shared(one)] for one in found]
        return [f"{node.label}: the posts that are most like it, and what they share", *aligned(rows, ">", indent="  ")]
    title = "most often" if most else "more often than by chance"
    rows = [
        [f"{one.score:,.0f}", counted(len(one.posts), "post"), one.node.label, f"({one.node.kind})"] for one in found
    ]
    newest = graph.nodes[found[0].posts[0]]
    proof = f"for instance with {found[0].node.label} in {newest.label} [{path_of(newest)}]"
    return [f"{node.label} ({node.kind}): named with it {title}", *aligned(rows, ">>", indent="  "), proof]
