"""How quickly questions are answered: every named query on the graph of a build, and `kg query` as a whole.

    python -m benchmarks.queries CONTENT [--rounds 5] [--rdflib]

Prints the median and the worst wall time of each named query in the embedded store, with the values of its examples,
and of `kg query` from the start of the process to its end. With --rdflib, prints instead how long rdflib takes for
each, an independent engine and a slow one, and whether its rows are the same, in the same order; the exit status is 1
where they are not.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
import rdflib

from benchmarks.__main__ import BENCH, machine, timed
from kg.namespaces import XSD
from kg.stores import embedded, loaded, queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = list[rdflib.term.Node | int | Decimal | None]

KG = [sys.executable, "-m", "kg"]


def examples() -> Iterator[tuple[str, dict[str, str]]]:
    """Every named query with the values of its examples, without those that may be left out and with them."""
    for name in queries.names():
        parameters = queries.get(name).parameters
        for optional in sorted({False, any(p.optional for p in parameters)}):
            yield name, {p.name: p.example for p in parameters if optional or not p.optional}


def rows(graph: embedded.Embedded, name: str, values: Mapping[str, str]) -> list[Row]:
    """The answer of the embedded store, as rdflib would hold it."""
    answer = graph.ask(queries.get(name).query, parameters={key: ox.Literal(value) for key, value in values.items()})
    return [[_by_value(_in_rdflib(term)) for term in row] for row in cast("ox.QuerySolutions", answer)]


def rows_of_rdflib(graph: rdflib.Graph, name: str, values: Mapping[str, str], prefixes: Mapping[str, str]) -> list[Row]:
    """The answer of rdflib."""
    bound = {key: rdflib.Literal(value) for key, value in values.items()}
    reply = graph.query(queries.get(name).query, initNs=dict(prefixes), initBindings=bound)
    return [[_by_value(row.get(variable)) for variable in reply.vars or ()] for row in reply.bindings]


def _in_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> rdflib.term.Node | None:
    """A term as rdflib reads it.

    It writes times in its own way (`Z` is +00:00) and language tags in small letters, and tells a plain string from an
    xsd:string, which RDF 1.1 does not.
    """
    if isinstance(term, ox.Literal):
        datatype = None if term.language or term.datatype.value == XSD + "string" else term.datatype.value
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype and rdflib.URIRef(datatype))
    return rdflib.URIRef(term.value) if isinstance(term, ox.NamedNode) else None


def _by_value(term: rdflib.term.Node | None) -> rdflib.term.Node | int | Decimal | None:
    """Numbers by value alone: six times seven is an xsd:integer, but rdflib makes it an xsd:decimal."""
    value = term.value if isinstance(term, rdflib.Literal) else None
    return value if type(value) in (int, Decimal) else term


def seconds_of(graph: embedded.Embedded, name: str, values: Mapping[str, str]) -> float:
    begun = perf_counter()
    answer = graph.ask(queries.get(name).query, parameters={key: ox.Literal(value) for key, value in values.items()})
    for _row in answer:
        pass
    return perf_counter() - begun


def shown(name: str, values: Mapping[str, str]) -> str:
    return " ".join([name, *(f"{key}={value}" for key, value in values.items())])


def compare(content: Path, graph: embedded.Embedded) -> int:
    """Ask rdflib the same; how many answers differ."""
    triples = BENCH / "queries.nt"
    timed([*KG, "export", "nt", str(content), "-o", str(triples), "--quiet"])
    begun = perf_counter()
    theirs = rdflib.Graph().parse(triples, format="nt")
    print(f"rdflib {rdflib.__version__} has read {len(theirs):,} triples in {perf_counter() - begun:.1f} s\n")
    print("| query | rows | rdflib s | same |\n|---|---:|---:|---|")
    different = total = 0.0
    for name, values in examples():
        mine = rows(graph, name, values)
        begun = perf_counter()
        other = rows_of_rdflib(theirs, name, values, graph.prefixes)
        took = perf_counter() - begun
        total += took
        # GROUP BY over nothing is nothing, but rdflib makes a row of it.
        same = "not compared" if not mine else "yes" if mine == other else "NO"
        print(f"| {shown(name, values)} | {len(mine)} | {took:.1f} | {same} |", flush=True)
        if same == "NO":
            different += 1
            ours, its = next(pair for pair in zip_longest(mine, other) if pair[0] != pair[1])
            print(f"\n{name}: {len(other)} rows in rdflib, the first that differs:\n  {ours}\n  {its}\n")
    print(f"| all | | {total:.1f} | |")
    return int(different)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rdflib", action="store_true", help="compare the answers with those of rdflib")
    options = parser.parse_args()
    output = BENCH / "queries"
    content = options.content.resolve()
    timed([*KG, "build", str(content), "-o", str(output), "--quiet", "--format", "ttl"])
    graph = loaded.of_output(output)
    if options.rdflib:
        sys.exit(compare(content, graph) > 0)
    print(f"{machine()}; {len(graph):,} triples; {options.rounds} rounds\n")
    print("| query | median ms | worst ms |\n|---|---:|---:|")
    for name, values in examples():
        took = [seconds_of(graph, name, values) * 1000 for _round in range(options.rounds)]
        print(f"| {shown(name, values)} | {median(took):.0f} | {max(took):.0f} |")
    command = [*KG, "query", "-o", str(output), "--format", "csv", "SELECT * { ?s ?p ?o } LIMIT 5"]
    took = [timed(command).seconds * 1000 for _round in range(options.rounds)]
    print(f"| `kg query`, the whole process | {median(took):.0f} | {max(took):.0f} |")


if __name__ == "__main__":
    main()
