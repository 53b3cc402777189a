"""How quickly questions are answered: every named query on the graph of a build, and `kg query` as a whole.

    python -m benchmarks.queries CONTENT [--rounds 5]

Prints the median and the worst wall time of each named query in the embedded store, with the values of its examples,
and of `kg query` from the start of the process to its end.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pyoxigraph as ox

from benchmarks.__main__ import BENCH, machine, timed
from kg.stores import embedded, queries


def seconds_of(graph: embedded.Embedded, name: str, values: dict[str, str]) -> float:
    begun = perf_counter()
    answer = graph.ask(queries.get(name).query, parameters={key: ox.Literal(value) for key, value in values.items()})
    for _row in answer:
        pass
    return perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    output = BENCH / "queries"
    kg = [sys.executable, "-m", "kg"]
    timed([*kg, "build", str(options.content.resolve()), "-o", str(output), "--quiet", "--format", "ttl"])
    graph = embedded.of_output(output)
    print(f"{machine()}; {len(graph):,} triples; {options.rounds} rounds\n")
    print("| query | median ms | worst ms |\n|---|---:|---:|")
    for name in queries.names():
        parameters = queries.get(name).parameters
        for optional in sorted({False, any(p.optional for p in parameters)}):
            values = {p.name: p.example for p in parameters if optional or not p.optional}
            took = [seconds_of(graph, name, values) * 1000 for _round in range(options.rounds)]
            shown = " ".join(f"{key}={value}" for key, value in values.items())
            print(f"| {name} {shown} | {median(took):.0f} | {max(took):.0f} |")
    command = [*kg, "query", "-o", str(output), "--format", "csv", "SELECT * { ?s ?p ?o } LIMIT 5"]
    took = [timed(command).seconds * 1000 for _round in range(options.rounds)]
    print(f"| `kg query`, the whole process | {median(took):.0f} | {max(took):.0f} |")


if __name__ == "__main__":
    main()
