"""Queries that only count triples, of all predicates or of each, answered from the file: no store has to be made.

    SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)

is the same as

    SELECT ?p (SUM(?triples) AS ?n) { VALUES (?p ?triples) { (rdf:type 7) … } } GROUP BY ?p ORDER BY DESC(?n)
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from kg.stores.blocks import iri_of
from kg.stores.syntax import Token, tokens

_LINE = re.compile(rb"\n(?:[^\t@ ][^ ]* |\t)([^ ]+) ([^\n]*)")
"""Predicate and objects: see `kg.stores.blocks`."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_ELSEWHERE = frozenset(("SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "EXISTS", "FROM", "VALUES"))
"""Words of queries that are left alone."""


def without_triples(query: str, counts: Callable[[], Mapping[str, int]]) -> str | None:
    """A query that gives the same answer without any triples; None if it asks for more than their number.

    Rows must be ordered, if there can be several, because the engine gives others in any order.

    Args:
        query: SPARQL that the engine accepts.
        counts: tells how many triples have which predicate.
    """
    read = list(tokens(query))
    words = [token.text.upper() if token.kind == "word" else token.text for token in read]
    if words.count("{") != 1 or not _ELSEWHERE.isdisjoint(words) or ("GROUP" in words and "ORDER" not in words):
        return None
    start, end = words.index("{"), words.index("}")
    pattern = [token for token in read[start + 1 : end] if token.text != "."]
    names = [_name(token) for token in pattern]
    if len(names) != 3 or len({*names} - {""}) != 3 or not 0 <= end - start - 4 <= 1:
        return None
    counted = list(_counted(words, [f"?{name}" for name in names]))
    inside = {place for places in counted for place in places}
    outside = [_name(token) for place, token in enumerate(read) if not (start < place < end or place in inside)]
    if not counted or not {names[0], names[2]}.isdisjoint(outside):
        return None
    number = next(name for n in range(len(read) + 1) if (name := f"triples{'_' * n}") not in (*outside, *names))
    rows = " ".join(f"(<{iri}> {count})" for iri, count in counts().items())
    new = {read[start].end: (read[end].start, f" VALUES (?{names[1]} ?{number}) {{ {rows} }} ")}
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


def counts_of(document: bytes, prefixes: Mapping[str, str]) -> dict[str, int]:
    """How many triples have which predicate.

    Args:
        document: a graph as `kg.rdf.turtle` writes it, which gives each triple once.
        prefixes: those of the document.
    """
    found: Counter[bytes] = Counter()
    for predicate, objects in _LINE.findall(document):
        if b" , " in objects:
            found[predicate] += _STRING.sub(b"", objects).count(b" , ")
        found[predicate] += 1
    return {iri_of(predicate, prefixes): count for predicate, count in found.items()}
