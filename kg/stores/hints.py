"""Why an answer to SPARQL is empty: words of the query that the graph does not use, and what it uses instead."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import cast

import pyoxigraph as ox

from kg.fields import LINK, MENTIONS
from kg.namespaces import RDF, SCHEMA, VOID, XSD
from kg.stores.embedded import Embedded, graph_name
from kg.stores.results import shortener
from kg.stores.syntax import tokens
from kg.text.wording import counted

_ASKED = "SELECT ?word (COUNT(*) AS ?times) {{ {} }} GROUP BY ?word ORDER BY DESC(?times) ?word"
_USED = {"property": _ASKED.format("?s ?word ?o"), "class": _ASKED.format("?s a ?word")}
_OF_POSTS = _ASKED.format("?s a schema:BlogPosting ; ?word ?o")
_MENTIONS = frozenset({MENTIONS, SCHEMA + "citation"})
_URI_SPACE, _TYPE = ox.NamedNode(VOID + "uriSpace"), ox.NamedNode(RDF + "type")


def why_empty(graph: Embedded, query: str, is_empty: Callable[[], bool] = lambda: True) -> Iterator[str]:
    """One line for each word of a query that can match nothing in a graph, and for graphs if there are none.

    Nothing if the answer is not empty, which is asked last: it may take as long as the answer.
    """
    words = {token.text.upper() for token in tokens(query) if token.kind == "word"}
    no_graphs = words & {"GRAPH", "FROM"} and next(iter(graph.store.named_graphs()), None) is None
    query = _without_optional(query)
    words_of = {number: iri for iri, number, names_graph in reversed(list(graph.iris(query))) if not names_graph}
    used = {number for iri, number, _names_graph in graph.iris(query) if _is_used(graph, iri)}
    absent = dict.fromkeys(words_of[number] for number in sorted(words_of) if number not in used)
    if not (absent or no_graphs) or not is_empty():
        return
    if no_graphs:
        yield "there are no named graphs here; leave GRAPH and FROM out"
    usual: dict[str, list[str]] = {}
    for iri in absent:
        hint, most = _instead(graph, iri)
        if not most:
            yield hint
        else:
            usual.setdefault(most, []).append(hint)
    for most, unused in usual.items():
        yield f"nothing here has the {' or the '.join(unused)}; the most frequent are {most}"


def _without_optional(query: str) -> str:
    """A query without its OPTIONAL parts, which never make an answer empty."""
    result, end, depth, optional = "", 0, 0, 0
    for token in tokens(query):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if not optional and token.text.upper() == "OPTIONAL":
            optional = depth + 1
            result += query[end : token.start]
        elif optional and depth < optional and token.text == "}":
            optional, end = 0, token.start + 1
    return result if optional else result + query[end:]


def _is_used(graph: Embedded, iri: str) -> bool:
    """Whether a pattern with this word, taken for what it looks like, can match anything."""
    node, space = graph_name(iri), _space(graph, iri)
    if iri == space or iri.startswith(XSD):  # a namespace as such; functions and datatypes
        return True
    if not space:
        if _any(graph, node, None, None) or _any(graph, None, None, node):
            return True
        return graph.reopen is not None and bool(graph.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} }}"))
    return _any(graph, None, _TYPE, node) if _is_class(iri, space) else _any(graph, None, node, None)


def _is_class(iri: str, space: str) -> bool:
    return iri[len(space) :][:1].isupper()


def _instead(graph: Embedded, iri: str) -> tuple[str, str]:
    """A hint about a term that the graph does not use; if nothing is near, the term, and what is used most."""
    shorten, space = shortener(graph.prefixes), _space(graph, iri)
    if not space:
        return f"nothing here is {shorten(iri)}; kg find NAME says what there is of a name", ""
    kind = "class" if _is_class(iri, space) else "property"

    def counts(query: str) -> dict[str, int]:
        rows = cast("ox.QuerySolutions", graph.ask(query))
        return {shorten(row["word"].value): int(row["times"].value) for row in rows}

    used = counts(_USED[kind])
    if iri in _MENTIONS and (links := used.get(shorten(LINK))):
        return f"no post here has {shorten(iri)}, but there are {counted(links, 'link')}: ask for kg:linksTo", ""
    if near := get_close_matches(shorten(iri), used, n=1, cutoff=0.75):
        return f"nothing here has the {kind} {shorten(iri)}; did you mean {near[0]}?", ""
    usual = used if kind == "class" else counts(_OF_POSTS) or used
    most = ", ".join(f"{word} ({times:,})" for word, times in list(usual.items())[:5])
    return f"{kind} {shorten(iri)}", most


def _space(graph: Embedded, iri: str) -> str:
    """The namespace of a term of a vocabulary; "" for a thing of the graph itself."""
    space = max((space for space in graph.prefixes.values() if space and iri.startswith(space)), key=len, default="")
    return "" if not space or _any(graph, None, _URI_SPACE, ox.Literal(space)) else space


def _any(graph: Embedded, s: ox.NamedNode | None, p: ox.NamedNode | None, o: ox.NamedNode | ox.Literal | None) -> bool:
    return next(iter(graph.store.quads_for_pattern(s, p, o, None)), None) is not None
