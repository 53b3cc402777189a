"""Does the time grow faster than the input? Runs `kg` on hostile input of n, 2n and 4n, each in a fresh process.

    python -m benchmarks.attacks [NAME …] [--list] [--scale 1] [--limit 120]

The attacks are functions in benchmarks/hostile. A table comes out, the worst first: processor seconds (user and system,
child processes included) beyond those of the same run on one empty post, peak memory in MiB, and the slope, which is
the logarithm to base 2 of how much a doubling multiplies the time by: 1 is linear, 2 quadratic. The larger doubling of
the two counts; 2.3 times the time, a slope of 1.2, is taken as linear. Where even the largest run takes less than
`TELLING` seconds there is no slope.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from itertools import pairwise
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hostile import RUNS, Attack, names, reading

ROOT = Path(__file__).resolve().parent.parent
MODULES = (reading, names)
TELLING = 0.2
"""Processor seconds; below this, the noise of a machine is larger than a slope."""
LINEAR = log2(2.3)

ATTACKS = {each.name: each for module in MODULES for each in vars(module).values() if isinstance(each, Attack)}
_EMPTY = Attack("nothing", 1, "build", lambda _size: "")


def cost(attack: Attack, size: int, run: str, limit: int) -> tuple[float, float]:
    """Processor seconds and peak MiB of one run; infinite seconds where it takes longer than `limit`."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))

    with TemporaryDirectory(prefix="kg-attack-") as scratch:
        content = Path(scratch, "content")
        content.mkdir()
        attack.write(content, size)
        places = {"content": str(content), "output": str(Path(scratch, "output"))}
        command = [sys.executable, *(argument.format(**places) for argument in RUNS[run])]
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            preexec_fn=bounded,  # noqa: PLW1509
        ) as process:
            assert process.stderr
            said = process.stderr.read()
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    megabytes = usage.ru_maxrss / 1024
    if process.returncode < 0:
        return float("inf"), megabytes
    if process.returncode not in (0, 1, 2) or b"Traceback" in said:
        raise SystemExit(f"{attack.name} {size}: status {process.returncode}\n{said.decode(errors='replace')[-2000:]}")
    return usage.ru_utime + usage.ru_stime, megabytes


def slope(seconds: list[float]) -> float | None:
    """The steeper of the doublings that take long enough to tell."""
    pairs = [(max(less, TELLING), more) for less, more in pairwise(seconds) if more >= TELLING]
    return max((log2(more / less) for less, more in pairs), default=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="attacks to run; all where none is named")
    parser.add_argument("--list", action="store_true", help="print the names and run nothing")
    parser.add_argument("--scale", type=float, default=1, help="factor on all sizes")
    parser.add_argument("--limit", type=int, default=120, help="processor seconds after which a run is ended")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in ATTACKS]:
        parser.error(f"no attack is called {', '.join(unknown)}; --list prints their names")
    chosen = [ATTACKS[name] for name in arguments.names or ATTACKS]
    if arguments.list:
        print(*(attack.name for attack in chosen), sep="\n")
        return
    floors = {run: min(cost(_EMPTY, 1, run, arguments.limit)[0] for _ in range(3)) for run in {a.run for a in chosen}}
    rows = []
    for number, attack in enumerate(chosen, start=1):
        print(f"\r{number} of {len(chosen)} {attack.name:40}", end="", file=sys.stderr, flush=True)
        size = max(1, round(attack.size * arguments.scale))
        runs: list[tuple[float, float]] = []
        for factor in (1, 2, 4):
            runs.append(cost(attack, size * factor, attack.run, arguments.limit))
            if runs[-1][0] == float("inf"):
                break
        seconds = [max(0.0, each - floors[attack.run]) for each, _peak in runs]
        rows.append((slope(seconds), attack, size, seconds, runs[-1][1]))
    print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    rows.sort(key=lambda row: (-(row[0] if row[0] is not None else float("-inf")), -row[3][-1]))
    print("| attack | run | n | s at n | 2n | 4n | slope | peak MiB |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for steep, attack, size, seconds, peak in rows:
        shown = [f"over {arguments.limit}" if each == float("inf") else f"{each:.2f}" for each in seconds]
        cells = " | ".join([*shown, "", ""][:3])
        mark = "–" if steep is None else f"{steep:.2f}" + ("" if steep <= LINEAR else " !")
        print(f"| {attack.name} | {attack.run} | {size:,} | {cells} | {mark} | {peak:.0f} |")


if __name__ == "__main__":
    main()
