"""What `kg build --engine dask` costs a post, beside a local build, and what many more posts would cost at that rate.

    python -m benchmarks.cluster [CONTENT] [--sizes 4] [--rounds 1] [--workers 2] [--posts 100000000]

Sizes are a factor of 3 apart: a 27th, a 9th, a third and all of the posts (every n-th file, so that long and short
ones are mixed); without CONTENT, 1,000 to 27,000 made-up posts as in `benchmarks.scale`. For each size it takes the
processor time of all processes of both engines, one after the other, from start to end; the local one runs in one
process and writes the same N-Quads. The slope is that of a straight line, by least squares: what one more post costs,
starting the program and the workers aside.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.__main__ import ROOT, machine
from benchmarks.scale import write
from kg.pipeline.build import configure
from kg.reading.folder import find_posts


class Cost(NamedTuple):
    """What one build took."""

    processor: float
    seconds: float
    said: str


def build(content: Path, output: Path, *flags: str) -> Cost:
    """Build in a process of its own; the processor time is that of all processes it starts, too."""
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "kg", "build", str(content), "-o", str(output), "--profile", *flags]
    begun = perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode()
    if process.returncode not in (0, 1):  # 1 where a post is faulty
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}:\n{said[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, perf_counter() - begun, said)


def contents(content: Path | None, sizes: int, folder: Path) -> list[tuple[int, Path]]:
    """Folders of posts, the smallest first, and how many they hold."""
    found = []
    paths = find_posts(content, configure(content, None)).paths if content else []
    for power in reversed(range(sizes)):
        target = folder / f"posts-{power}"
        if content is None:
            count = 1000 * 3 ** (sizes - 1 - power)
            write(target, count)
        else:
            chosen = paths[:: 3**power]
            count = len(chosen)
            for path in chosen:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(content / path, target / path)
        found.append((count, target))
    return found


def slope(costs: list[tuple[int, float]]) -> tuple[float, float]:
    """Seconds a post, and seconds at the start: a straight line by least squares."""
    count = len(costs)
    mean_x, mean_y = sum(x for x, _ in costs) / count, sum(y for _, y in costs) / count
    rate = sum((x - mean_x) * (y - mean_y) for x, y in costs) / sum((x - mean_x) ** 2 for x, _ in costs)
    return rate, mean_y - rate * mean_x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?")
    parser.add_argument("--sizes", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--posts", type=int, default=100_000_000)
    options = parser.parse_args()
    print(machine())
    print(
        f"{'posts':>10}{'local':>12}{'cluster':>12}{'ratio':>8}{'wall':>10}   (processor seconds; wall of the cluster)"
    )
    local: list[tuple[int, float]] = []
    cluster: list[tuple[int, float]] = []
    said = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        output = folder / "output"
        for posts, content in contents(options.content, options.sizes, folder):
            one, two, wall = [], [], []
            for _round in range(options.rounds):
                one.append(build(content, output, "--jobs", "1", "--format", "nq").processor)
                cost = build(content, output, "--engine", "dask", "--jobs", str(options.workers))
                two.append(cost.processor)
                wall.append(cost.seconds)
                said = cost.said
            local.append((posts, median(one)))
            cluster.append((posts, median(two)))
            ratio = median(two) / median(one)
            print(f"{posts:>10,}{median(one):>12.2f}{median(two):>12.2f}{ratio:>8.2f}{median(wall):>10.1f}", flush=True)
        written = sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / posts
        read = sum(path.stat().st_size for path in content.rglob("*") if path.is_file()) / posts
    (here, start_here), (there, start_there) = slope(local), slope(cluster)
    print(f"slope: local {1000 * here:.2f} s / 1,000 posts + {start_here:.1f} s")
    print(f"     cluster {1000 * there:.2f} s / 1,000 posts + {start_there:.1f} s")
    print(f"one more post costs {there / here:.2f} times what it costs locally")
    profile = said[said.rindex("\nread") :]
    print(f"stages of the largest build:{profile}")
    match = re.search(r"in all.*?([\d.]+) MiB sent", profile)
    sent = float(match[1]) * 2**20 / posts if match else 0.0
    print(
        f"at this rate {options.posts:,} posts: {there * options.posts / 3600:,.0f} processor hours,"
        f" {sent * options.posts / 2**40:.2f} TiB sent, {written * options.posts / 2**40:.2f} TiB of results,"
        f" {read * options.posts / 2**40:.2f} TiB of posts"
    )


if __name__ == "__main__":
    main()
