"""The floor: what no tool that reads these posts and writes this Turtle can do without.

    python -m benchmarks.floor CONTENT NTRIPLES PROCESSES

Reads every byte, lets libyaml compose every front matter (shared out to as many processes as `kg` uses), and lets
pyoxigraph write the triples of an N-Triples file, already parsed, as Turtle. Prints the seconds of each part.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from time import perf_counter

import pyoxigraph
import yaml


def processor_seconds() -> float:
    """Of this process, and of those it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def read(paths: list[Path]) -> int:
    size = 0
    for path in paths:
        data = path.read_bytes()
        size += len(data)
        end = data.find(b"\n---", 3)
        try:
            yaml.load(data[3:end], Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError):
            continue
    return size


def main(content: Path, triples_file: Path, processes: int) -> None:
    triples = list(pyoxigraph.parse(path=str(triples_file), format=pyoxigraph.RdfFormat.N_TRIPLES))
    begun, used = perf_counter(), processor_seconds()
    paths = sorted(content.rglob("*.md"))
    chunks = [paths[start : start + 32] for start in range(0, len(paths), 32)]
    if processes > 1:
        with multiprocessing.Pool(processes) as pool:
            size = sum(pool.map(read, chunks))
            pool.close()
            pool.join()
    else:
        size = sum(map(read, chunks))
    reading = perf_counter() - begun
    begun = perf_counter()
    pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE)
    writing = perf_counter() - begun
    parts = f"read {size:,} bytes {reading:.3f} s, wrote {len(triples):,} triples {writing:.3f} s"
    print(f"{reading + writing:.3f} {processor_seconds() - used:.3f} s, wall and processor: {parts}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
