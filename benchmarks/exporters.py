"""How long each format takes to write, how much memory that adds, and what the usual libraries need for the same.

    python -m benchmarks.exporters CONTENT [--rounds 3] [--rivals]

The graph is built once. Seconds are the best of the rounds (of processor time: a busy machine does not count); memory
is what the process's peak grew by in the first round of a format, after the graph was there. `--rivals` also has rdflib
write Turtle and networkx write GraphML and GEXF from the same graph, already loaded into them.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import process_time
from typing import TYPE_CHECKING

import kg
from kg import exporters
from kg.rdf import terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph.model import KnowledgeGraph

PAGES = {"html", "pyvis"}
"""Laying out a map is not writing; benchmarks/layout.py measures it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", action="store_true")
    arguments = parser.parse_args()
    graph = kg.build(arguments.content).knowledge_graph
    triples = sum(1 for _ in terms.triples(graph))
    print(f"{len(graph.nodes):,} nodes, {len(graph.edges):,} edges, {triples:,} triples\n")
    print("| format | seconds | MB | µs a triple | added memory, MB |\n|---|--:|--:|--:|--:|")
    for name in exporters.names():
        exporter = exporters.get(name)
        if exporter.holds_graph and name not in PAGES:
            report(name, arguments.rounds, triples, lambda exporter=exporter: write(exporter, graph))
    if arguments.rivals:
        for name, call in rivals(graph).items():
            report(name, 1, triples, call)


def write(exporter: exporters.Exporter, graph: KnowledgeGraph) -> int:
    """Write one format to disk; the number of bytes."""
    files = [TemporaryFile() for _file in exporter.files]  # noqa: SIM115
    exporter.write(graph, *files)
    size = sum(file.tell() for file in files)
    for file in files:
        file.close()
    return size


def rivals(graph: KnowledgeGraph) -> dict[str, Callable[[], int]]:
    """The usual libraries, given the graph in their own terms."""
    import networkx as nx

    ours = graph.to_networkx()
    plain = nx.MultiDiGraph()
    for node, data in ours.nodes(data=True):
        plain.add_node(node, **{key: _flat(value) for key, value in data.items()})
    plain.add_edges_from(ours.edges(keys=True, data=True))
    in_rdflib = terms.to_rdflib(graph)

    def networkx_writes(writer: Callable[..., None]) -> int:
        stream = io.BytesIO()
        writer(plain, stream)
        return stream.tell()

    return {
        "ttl by rdflib": lambda: len(in_rdflib.serialize(format="turtle", encoding="utf-8")),
        "graphml by networkx": lambda: networkx_writes(nx.write_graphml),
        "gexf by networkx": lambda: networkx_writes(nx.write_gexf),
    }


def _flat(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else "; ".join(value)
    return "".join(c for c in text if c >= " ")  # networkx dies on control characters


def report(name: str, rounds: int, triples: int, call: Callable[[], int]) -> None:
    """Time one format and print its row."""
    seconds = []
    added = 0.0
    size = 0
    for number in range(rounds):
        before, begun = _peak(), process_time()
        size = call()
        seconds.append(process_time() - begun)
        if number == 0:
            added = _peak() - before
    best = min(seconds)
    print(f"| {name} | {best:.2f} | {size / 1e6:.1f} | {best / triples * 1e6:.1f} | {added:.0f} |", flush=True)


def _peak() -> float:
    """Peak resident memory so far, in MB."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()
