"""`kg load` against the store's own bulk loading of the same triples, on a fresh local Oxigraph each.

    python -m benchmarks.load CONTENT [--rounds 3]

Prints, for each round, the seconds of a first `kg load` (reading the posts not counted), of one POST of the same quads
to the server, and of a second load that finds nothing to do.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import Request, urlopen

import pyoxigraph as ox

import kg
from kg.rdf import quads
from kg.stores.http import Connection, Credentials
from kg.stores.presets import PRESETS
from kg.stores.remote import RemoteStore
from kg.stores.sync import apply, compare
from tests.stores import oxigraph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    graph = kg.build(options.content).knowledge_graph
    data = io.BytesIO()
    ox.serialize(quads(graph), data, format=ox.RdfFormat.N_QUADS)
    ratios = []
    for number in range(1, options.rounds + 1):
        with tempfile.TemporaryDirectory() as folder, oxigraph(Path(folder)) as (endpoint, _process):
            store = RemoteStore(PRESETS["oxigraph"], endpoint, Connection(Credentials()))
            begun = perf_counter()
            with closing(compare(store, graph)) as plan:
                apply(store, plan)
            loaded = perf_counter() - begun
            begun = perf_counter()
            with closing(compare(store, graph)) as plan:
                assert plan.is_empty
            again = perf_counter() - begun
        with tempfile.TemporaryDirectory() as folder, oxigraph(Path(folder)) as (endpoint, _process):
            headers = {"Content-Type": "application/n-quads"}
            request = Request(f"{endpoint}/store", data.getvalue(), headers, method="POST")
            begun = perf_counter()
            with urlopen(request, timeout=600):
                posted = perf_counter() - begun
        ratios.append(loaded / posted)
        print(f"round {number}: kg load {loaded:.2f} s, bulk POST {posted:.2f} s, nothing changed {again:.2f} s")
    size = len(data.getvalue())
    print(f"median ratio {median(ratios):.2f} for {len(graph.nodes):,} nodes, {size:,} bytes of N-Quads")


if __name__ == "__main__":
    main()
