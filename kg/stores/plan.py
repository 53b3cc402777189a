"""How a query is understood, and how much of the graph each of its patterns matches: `kg query --explain`.

The engine does not reveal its plan. What helps most if an answer is empty or slow can be said without it: the algebra
of the query (https://www.w3.org/TR/sparql11-query/#sparqlAlgebra), as an independent parser, rdflib, reads it, and how
many triples match each pattern on its own. A pattern that matches nothing is a misspelt term.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from kg.errors import QueryError
from kg.stores.results import shortener
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyoxigraph as ox

    from kg.stores.embedded import Embedded


def explain(graph: Embedded, query: str) -> str:
    """The algebra of a query as an indented tree, with the number of matches of each triple pattern.

    Raises:
        QueryError: as `Embedded.ask`.
    """
    from rdflib.plugins.sparql import prepareQuery

    graph.ask(query)  # lazily: this only checks it
    graph = graph.whole()
    try:
        prepared = prepareQuery(query, initNs=dict(graph.prefixes), base=graph.base)
    except Exception as error:
        raise QueryError(f"this query runs, but rdflib, which explains it, cannot read it: {error}") from error
    lines = list(_tree(prepared.algebra, 0, graph, shortener(graph.prefixes)))
    shown = aligned([[text, _matches(count)] for text, count in lines])
    return "\n".join([*shown, f"\n{counted(len(graph), 'triple')} in the graph"])


def _matches(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count:>9,} match{'es' * (count != 1)}{'   <- nothing in the graph looks like this' * (count == 0)}"


def _tree(node: Any, depth: int, graph: Embedded, shorten: Callable[[str], str]) -> Iterator[tuple[str, int | None]]:
    """(line, number of matches or None) of one operator and those below it."""
    indent = "  " * depth
    yield f"{indent}{node.name}{_detail(node, shorten)}", None
    for triple in sorted(dict.get(node, "triples") or (), key=str):
        text = " ".join(_term(term, shorten) for term in triple)
        yield f"{indent}  {text}", _count(triple, graph)
    for name in ("p", "p1", "p2", "graph", "part"):
        below = dict.get(node, name)
        if hasattr(below, "name") and isinstance(below, dict):
            yield from _tree(below, depth + 1, graph, shorten)


def _detail(node: Any, shorten: Callable[[str], str]) -> str:
    if node.name == "Project":
        return "".join(f" ?{variable}" for variable in node.PV)
    if node.name == "Slice":
        return f" from {node.start}" + (f", at most {node.length}" if node.length is not None else "")
    if node.name == "Extend" and not str(node.var).startswith("__"):
        return f" ?{node.var}"
    if node.name in ("Filter", "LeftJoin") and dict.get(node, "expr") is not None:
        used = sorted(str(variable) for variable in _variables(node.expr) if not str(variable).startswith("__"))
        return "".join(f" ?{variable}" for variable in used)
    if node.name == "Graph":
        return f" {_term(node.term, shorten)}"
    return ""


def _variables(expression: Any) -> set[Any]:
    from rdflib import Variable

    if isinstance(expression, Variable):
        return {expression}
    if isinstance(expression, dict):
        return set().union(*(_variables(value) for key, value in expression.items() if key != "_vars"), set())
    if isinstance(expression, list | tuple):
        return set().union(*(_variables(value) for value in expression), set())
    return set()


def _term(term: Any, shorten: Callable[[str], str]) -> str:
    from rdflib import BNode, Literal, URIRef, Variable

    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, URIRef):
        return shorten(str(term))
    if isinstance(term, BNode):
        return "[]"
    if isinstance(term, Literal):
        return str(term.n3())
    return re.sub(r"<([^>]*)>", lambda match: shorten(match[1]), term.n3())  # a property path


def _count(triple: tuple[Any, Any, Any], graph: Embedded) -> int | None:
    """How many triples match a pattern on its own; None for a path, which can be far too many to count."""
    from rdflib import BNode, Literal, URIRef, Variable

    if not all(isinstance(term, Variable | URIRef | Literal | BNode) for term in triple):
        return None
    names = {term: f"?v{i}" for i, term in enumerate(triple) if isinstance(term, Variable | BNode)}
    pattern = " ".join(names.get(term) or term.n3() for term in triple)
    solutions = cast("ox.QuerySolutions", graph.store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"))
    return int(next(solutions)["n"].value)
