"""Checking the arguments of questions: names, kinds and days."""

import re
from collections.abc import Collection

from kg.errors import ConfigError
from kg.graph.model import KnowledgeGraph
from kg.model import Node

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?\Z", re.ASCII)
_CANDIDATES = 8


def check_days(since: str, until: str) -> None:
    """Check the bounds of an answer.

    Raises:
        ConfigError: one is not a day, or the first is after the last.
    """
    for name, value in (("since", since), ("until", until)):
        if value and not _DAY.match(value):
            raise ConfigError(f"{name} {value!r} is not a day; write 2026, 2026-11 or 2026-11-28")
    if since and until and since > until + "~":
        raise ConfigError(f"since {since} is later than until {until}")


def node_named(graph: KnowledgeGraph, name: str, *, kind: str = "", root: str = "") -> Node:
    """The one node that a name means.

    Args:
        graph: where to look.
        name: any spelling, an IRI or its short form, the path of a post.
        kind: only nodes of this kind.
        root: a folder that paths of posts may begin with.

    Raises:
        ConfigError: no node has the name, or several do; the message lists similar ones.
    """
    from kg.graph.lookup import find

    checked_kind(graph, kind)
    found = find(graph, name, kind=kind, root=root)
    if len(found.matches) == 1:
        return graph.nodes[found.matches[0]]
    if found.matches:
        shown = ", ".join(f"{graph.nodes[i].label} {_short(graph.nodes[i])}" for i in found.matches[:_CANDIDATES])
        more = f" and {len(found.matches) - _CANDIDATES:,} more" if len(found.matches) > _CANDIDATES else ""
        raise ConfigError(f"{len(found.matches)} things are called {name!r}; ask for one of them: {shown}{more}")
    raise ConfigError(not_called(graph, name, kind))


def not_called(graph: KnowledgeGraph, name: str, kind: str = "") -> str:
    """Why no node has a name."""
    from kg.graph.lookup import find

    if not name.strip():
        return "the name is empty; write the name of a thing, or the path of a post"
    found = find(graph, name, kind=kind)
    others = find(graph, name).matches if kind else ()
    near = ", ".join(f"{graph.nodes[iri].label} ({graph.nodes[iri].kind})" for iri in (*others[:5], *found.suggestions))
    hint = f"did you mean {near}?" if near else "search looks into titles and texts"
    return f"nothing{f' of kind {kind}' if kind else ''} is called {name!r}; {hint}"


def checked_kind(graph: KnowledgeGraph, kind: str) -> str:
    """A kind that the graph has, or "".

    Raises:
        ConfigError: it has no such kind.
    """
    check_kind(kind, graph.kinds)
    return kind


def check_kind(kind: str, kinds: Collection[str]) -> None:
    """Check that there is such a kind.

    Raises:
        ConfigError: there is none.
    """
    if kind and kind not in kinds:
        raise ConfigError(f"no kind is called {kind!r}; there are {', '.join(kinds)}")


def _short(node: Node) -> str:
    """`organization:deepseek`, as every command takes it; the whole IRI of a post."""
    kind, _, name = node.iri.rpartition("/")
    return f"<{node.iri}>" if node.kind == "post" else f"{kind.rpartition('/')[2]}:{name}"
