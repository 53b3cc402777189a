"""Why an answer is empty, and what to try instead, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.insight.incidence import Incidence
    from kg.insight.search import Question, SearchResult
    from kg.insight.trends import Trends
    from kg.model import Node


class DateRange(NamedTuple):
    """Bounds of an answer, both included; "" for none."""

    since: str = ""
    until: str = ""

    def __str__(self) -> str:
        """` from 2026-01 to 2026-03`, or "" if all posts count."""
        return (f" from {self.since}" if self.since else "") + (f" to {self.until}" if self.until else "")

    @property
    def hint(self) -> str:
        """What to try if nothing is left."""
        return "; leave --since and --until out" if any(self) else ""


ALL = DateRange()


def not_related(table: Incidence, node: Node, only: str, days: DateRange) -> str:
    """Why nothing is related to a thing."""
    count = len(table.posts_of(node.iri))
    if node.kind == "post" and only in ("", "post"):
        if node.iri not in table.row:
            return f"{node.label}: was not published{days}{days.hint}"
        return f"{node.label}: no other post{days} shares a name, a link or a word of its title{days.hint}"
    if not count:
        return f"{node.label}: no post names it{days}{days.hint}"
    what = f"nothing of kind {only}" if only else "nothing"
    return f"{node.label}: {counted(count, 'post')} name it{days}, and {what} more often than chance; try --most"


def not_tied(start: Node, end: Node, kind: str = "", days: DateRange = ALL) -> str:
    """Why there is no path between two nodes."""
    if start.iri == end.iri:
        return f"both are one thing: {start.label} <{start.iri}>"
    what = f"{kind}s" if kind else "names"
    hint = days.hint + "; leave --kind out" * bool(kind)
    return f"nothing ties {start.label} and {end.label}: no chain of posts{days} and {what} leads to the other{hint}"


def no_change(found: Trends, kind: str, days: DateRange) -> str:
    """Why nothing rises or fades."""
    (before, before_end), (now, now_end) = found.windows
    if now:
        for first, last in ((before, before_end), (now, now_end)):
            if not found.posts_between(first, last):
                return f"no post is dated {first} to {last}, so there is nothing to compare; --name NAME lists months"
        what = f"nothing of kind {kind}" if kind else "nothing"
        return f"{what} that three posts name changed its share from {before} to {now_end}"
    if not found.months:
        return no_months(days)
    months = counted(len(found.months), "month")
    are = "is" if len(found.months) == 1 else "are"
    return f"six whole months of posts are needed, and there {are} {months}{days}{days.hint}"


def no_months(days: DateRange) -> str:
    """Why there is no trend at all."""
    return f"no post{days} has a date, so there is nothing to count by month{days.hint}"


def not_named(found: Trends, nodes: Sequence[Node], days: DateRange) -> str:
    """Why some things are named in no month."""
    names = ", ".join(node.label for node in nodes)
    return f"{names}: no dated post names it{days}{days.hint}" if found.months else no_months(days)


def not_central(graph: KnowledgeGraph, kind: str, days: DateRange) -> str:
    """Why nothing is central."""
    if kind:
        return f"no post{days} names anything of kind {kind}{days.hint}"
    links = sum(graph.nodes[edge.target].kind == "post" for edge in graph.edges)
    hint = f", but there are {counted(links, 'link')} between posts; try --kind post" if links else ""
    return f"no post{days} names anything{days.hint or hint}"


def not_found(found: SearchResult, question: Question) -> str:
    """Why a search found nothing."""
    what, days = f" of kind {question.kind}" if question.kind else "", DateRange(question.since, question.until)
    if not any(map(str.isalnum, question.words)):
        return f"{question.words!r} holds no word to look for"
    near = f"; did you mean {', '.join(found.near)}?" if found.near else ""
    bodies = "" if question.bodies else "; --bodies looks into the bodies, too"
    return f"nothing{what}{days} holds {question.words!r}{near or days.hint or bodies}"


def not_cited(graph: KnowledgeGraph, node: Node, days: DateRange) -> str:
    """Why no post names a thing."""
    from kg.insight.places import edges_to

    count = len({edge.source for edge in edges_to(graph, node.iri)})
    if count:
        return f"{node.label}: no post{days} names it; {counted(count, 'post')} of other days do"
    return f"{node.label}: no post {'links to it' if node.kind == 'post' else 'names it'}"
