"""`kg load` against the store's own bulk loading of the same triples, on a fresh local Oxigraph each.

    python -m benchmarks.load CONTENT [--posts 2938,10000] [--rounds 3]

For each number of posts (copies with other names, titles and sources fill up what CONTENT lacks) the rounds alternate
between a first load of the graphs into an empty server, reading the posts not counted, and one POST of the same quads:
in a transaction, as is the server's default, and without one. Then come whole commands: a first load, one that finds
nothing to do, and one after a post was edited. Shown are wall-clock time and the processor time of both sides; figures
are medians, ratios medians of the ratios within a round.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pyoxigraph as ox

import kg
from kg.rdf.terms import quads
from kg.stores.connection import Credentials, StoreClient
from kg.stores.presets import PRESETS
from kg.stores.remote import RemoteStore
from kg.stores.sync import Synchronisation
from tests.stores import oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELD = re.compile(rb"""^(title|source): (.*?)(["']?)$(?!\n[ \t])""", re.MULTILINE)


@dataclass(frozen=True)
class Cost:
    """What one thing took, in seconds."""

    wall: float
    ours: float
    """Processor time of kg."""
    store: float
    """Processor time of the server."""
    megabytes: float = 0.0
    """Peak resident memory of kg, where it was a command."""


def copies(content: Path, count: int, folder: Path) -> None:
    """Fill a folder with `count` posts: those of CONTENT, as often as it takes."""
    sources = sorted(content.rglob("*.md"))
    for number in range(count):
        path, turn = sources[number % len(sources)], number // len(sources)
        data = path.read_bytes()
        if turn:
            head, fence, body = data.partition(b"\n---")
            data = _FIELD.sub(rb"\1: \2 %d\3" % turn, head) + fence + body
        name = f"{path.stem}-{turn}.md" if turn else path.name
        target = folder / path.relative_to(content).with_name(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        os.utime(target, (10**9, 10**9))


@contextmanager
def server() -> Iterator[tuple[RemoteStore, int]]:
    """An empty Oxigraph, and its process id."""
    with tempfile.TemporaryDirectory() as folder, oxigraph(Path(folder)) as (endpoint, process):
        yield RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials(), timeout=600)), process.pid


def busy(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def timed(pid: int) -> Iterator[list[Cost]]:
    """Time what happens within, in this process and in the server."""
    result: list[Cost] = []
    begun, ours, store = perf_counter(), process_time(), busy(pid)
    yield result
    result.append(Cost(perf_counter() - begun, process_time() - ours, busy(pid) - store))


def command(pid: int, *arguments: object, folder: Path) -> Cost:
    """Run `kg` once."""
    begun, store = perf_counter(), busy(pid)
    with subprocess.Popen([sys.executable, "-m", "kg", *map(str, arguments)], cwd=folder) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"kg {arguments[0]} ended with status {process.returncode}")
    return Cost(perf_counter() - begun, usage.ru_utime + usage.ru_stime, busy(pid) - store, usage.ru_maxrss / 1024)


def in_a_row(content: Path) -> dict[str, Cost]:
    """Three loads as commands: the first, one with nothing to do, and one of an edited post."""
    costs: dict[str, Cost] = {}
    with server() as (store, pid), tempfile.TemporaryDirectory() as place:
        base = ("--base", "https://garden.example/")
        load = ("load", store.endpoint, content, "--preset", "oxigraph", "--quiet", "--keep-going", *base)
        costs["kg load, whole command, empty store"] = command(pid, *load, folder=Path(place))
        time.sleep(2.5)  # stamps of the last two seconds are not trusted
        costs["kg load, whole command, nothing to do"] = command(pid, *load, folder=Path(place))
        victim = sorted(content.rglob("*.md"))[7]
        before = victim.read_bytes()
        try:
            victim.write_bytes(_FIELD.sub(rb"\1: \2 edited\3", before, count=1))
            costs["kg load, whole command, one post edited"] = command(pid, *load, folder=Path(place))
        finally:
            victim.write_bytes(before)
            os.utime(victim, (10**9, 10**9))
    return costs


def measure(content: Path, rounds: int) -> None:
    """Print the table of one folder."""
    graph = kg.build(content).knowledge_graph
    output = io.BytesIO()
    ox.serialize(quads(graph), output, format=ox.RdfFormat.N_QUADS)
    data = output.getvalue()
    held: dict[str, list[Cost]] = {}
    ours, plain, bulk = "kg load, reading not counted", "one POST", "one POST, no transaction"
    for number in range(rounds):
        costs: dict[str, Cost] = {}
        for name in (ours, plain, bulk) if number % 2 == 0 else (bulk, plain, ours):
            with server() as (store, pid), timed(pid) as result:
                if name == ours:
                    Synchronisation(store, graph).run()
                else:
                    address = f"{store.endpoint}/store{'?no_transaction' if name == bulk else ''}"
                    with urlopen(Request(address, data, {"Content-Type": "application/n-quads"}), timeout=600):
                        pass
            costs[name] = result[0]
        costs |= in_a_row(content)
        for name, cost in costs.items():
            held.setdefault(name, []).append(cost)
            print(f"round {number + 1}: {name}: {cost.wall:.2f} s", file=sys.stderr)
    print(f"\n{graph.count_by_kind()['post']:,} posts, {len(data) / 1e6:,.0f} MB of N-Quads; {rounds} rounds\n")
    print("| | median s | kg, processor s | Oxigraph, processor s | times one POST | times without transaction | MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, costs_ in held.items():
        ratios = [
            f"{median(cost.wall / base.wall for cost, base in zip(costs_, held[other], strict=True)):.2f}"
            for other in (plain, bulk)
        ]
        figures = [median(getattr(cost, part) for cost in costs_) for part in ("wall", "ours", "store", "megabytes")]
        cells = [f"{figure:.2f}" for figure in figures[:3]] + ratios + [f"{figures[3]:.0f}" if figures[3] else ""]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--posts", default="2938,10000", help="how many posts, separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for count in map(int, options.posts.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            copies(options.content, count, Path(folder))
            measure(Path(folder), options.rounds)


if __name__ == "__main__":
    main()
