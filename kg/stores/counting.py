"""Queries about all triples that only count or list subjects, predicates or graphs, answered from the file.

    SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)

is the same as

    SELECT ?p (SUM(?triples) AS ?n) { VALUES (?p ?triples) { (rdf:type 7) … } } GROUP BY ?p ORDER BY DESC(?n)
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.stores import blocks
from kg.stores.graphs import Graphs
from kg.stores.syntax import Token, tokens

SUBJECT, PREDICATE, GRAPH, NAMES = range(4)
"""What triples are counted by; or once for each graph, to list these."""
_ELSEWHERE = frozenset(("SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "EXISTS", "FROM", "VALUES"))
"""Words of queries that are left alone."""
_PATTERN = re.compile(r"{ \? \? \? (?:\. )?}|{ GRAPH \? { \? \? \? (?:\. )?} (?:\. )?}")
"""Any triple; or any in any named graph; variables as `?`."""


def without_triples(query: str, counts: Callable[[int], Mapping[str, int]]) -> str | None:
    """A query that gives the same answer without any triples; None if it asks for more than their number.

    Rows that the query does not order come in another order than from a store.

    Args:
        query: SPARQL that the engine accepts.
        counts: tells how many triples have which predicate, or which subject; or are in which named graph.
    """
    read = list(tokens(query))
    words = [token.text.upper() if token.kind == "word" else token.text for token in read]
    if "{" not in words or not _ELSEWHERE.isdisjoint(words):
        return None
    start, end = words.index("{"), len(words) - 1 - words[::-1].index("}")
    kinds = ("?" if token.kind == "variable" else word for token, word in zip(read, words, strict=True))
    if not _PATTERN.fullmatch(" ".join(list(kinds)[start : end + 1])):
        return None
    *graph, subject, predicate, other = names = [_name(token) for token in read[start : end + 1] if _name(token)]
    counted = list(_counted(words, [f"?{name}" for name in names]))
    inside = {place for places in counted for place in places}
    outside = [_name(token) for place, token in enumerate(read) if not (start < place < end or place in inside)]
    asked = set(names).intersection(outside)
    by = {subject: SUBJECT, predicate: PREDICATE, **dict.fromkeys(graph, GRAPH if counted else NAMES)}
    one = next(iter(asked), graph[0] if graph else predicate)
    if len(set(names)) < len(names) or len(asked) > 1 or one == other or (graph and one not in graph):
        return None
    distinct = [place for place in range(len(words) - 2) if words[place : place + 3] == ["COUNT", "(", "DISTINCT"]]
    if len(counted) + len(distinct) < words.count("COUNT"):
        return None
    if not counted and ("DISTINCT" not in words[:start] or "*" in words[:start]):
        return None
    number = next(name for n in range(len(read) + 1) if (name := f"triples{'_' * n}") not in (*outside, *names))
    rows = " ".join(f"(<{iri}> {count})" for iri, count in sorted(counts(by[one]).items()))
    new = {read[start].end: (read[end].start, f" VALUES (?{one} ?{number}) {{ {rows} }} ")}
    new |= {read[places[0]].start: (read[places[-1]].end, f"SUM(?{number})") for places in counted}
    result, at = "", 0
    for begin, (stop, text) in sorted(new.items()):
        result, at = f"{result}{query[at:begin]}{text}", stop
    return result + query[at:]


def _counted(words: list[str], variables: list[str]) -> Iterator[range]:
    """The places of `COUNT(*)`, and of `COUNT(?x)` for variables that have a value in each row."""
    for place in range(len(words) - 3):
        opens, what, closes = words[place + 1 : place + 4]
        if words[place] == "COUNT" and opens == "(" and closes == ")" and what.replace("$", "?") in ("*", *variables):
            yield range(place, place + 4)


def _name(token: Token) -> str:
    """The name of a variable; "" of what is none."""
    return token.text[1:] if token.kind == "variable" else ""


def counts_of(document: bytes, by: int) -> dict[str, int]:
    """How many triples have which predicate, or which subject; or are in which named graph.

    Args:
        document: a graph as `kg.rdf.turtle` writes it, which gives each triple once.
        by: one of the above.
    """
    found: Counter[bytes] = Counter()
    for name, line in _by(document, by):
        found[name] += blocks.count(line)
    prefixes = blocks.prefixes_of(document)
    return {blocks.iri_of(name, prefixes): count for name, count in found.items()}


def _by(document: bytes, by: int) -> Iterable[tuple[bytes, bytes]]:
    """Lines or blocks, and what they are counted by."""
    if by == PREDICATE:
        return blocks.by_predicate(document)
    lines = blocks.blocks(document)
    if by == SUBJECT:
        return lines
    graphs_of = Graphs(document, blocks.prefixes_of(document))
    if by == NAMES:
        return ((line.partition(b" ")[0], line) for line in graphs_of.one_line_each())
    return ((graph, part) for line in lines for graphs, part in graphs_of.parts(*line) for graph in graphs)
