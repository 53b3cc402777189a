"""What `kg build --engine dask` costs a post, beside a local build, and what many more posts would cost at that rate.

    python -m benchmarks.cluster [CONTENT] [--posts 300,900,2700,8100] [--rounds 1] [--workers 2]

Sizes and made-up posts are those of `benchmarks.scale`. For each size it takes the processor time of all processes of
both engines, one after the other, from start to end; the local one runs in one process and writes the same N-Quads. The
slope is what one more post costs, starting the program and the workers aside.
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
from benchmarks.scale import contents, line, numbers

_MANY = 100_000_000
"""Posts, for which the costs are extrapolated."""


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?")
    parser.add_argument("--posts", type=numbers, default=[300, 900, 2700, 8100], metavar="N,…")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(machine())
    print(
        f"{'posts':>10}{'local':>12}{'cluster':>12}{'ratio':>8}{'wall':>10}   (processor seconds; wall of the cluster)"
    )
    local: list[tuple[float, float]] = []
    cluster: list[tuple[float, float]] = []
    said = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        output = folder / "output"
        for posts, content in contents(options.content, options.posts, folder):
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
            read = sum(path.stat().st_size for path in content.rglob("*") if path.is_file()) / posts
        written = sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / posts
    if len(local) < 2:
        raise SystemExit("for a slope, at least two of the sizes have to be there; see --posts")
    (here, start_here), (there, start_there) = line(local), line(cluster)
    print(f"slope: local {1000 * here:.2f} s / 1,000 posts + {start_here:.1f} s")
    print(f"     cluster {1000 * there:.2f} s / 1,000 posts + {start_there:.1f} s")
    print(f"one more post costs {there / here:.2f} times what it costs locally")
    profile = said[said.rindex("\nread") :]
    print(f"stages of the largest build:{profile}")
    match = re.search(r"in all.*?([\d.]+) MiB sent", profile)
    sent = float(match[1]) * 2**20 / posts if match else 0.0
    print(
        f"at this rate {_MANY:,} posts: {there * _MANY / 3600:,.0f} processor hours,"
        f" {sent * _MANY / 2**40:.2f} TiB sent, {written * _MANY / 2**40:.2f} TiB of results,"
        f" {read * _MANY / 2**40:.2f} TiB of posts"
    )


if __name__ == "__main__":
    main()
