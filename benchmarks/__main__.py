"""Runs `kg` and its rivals in turn on the same posts and writes what came of it to benchmarks/RESULTS.md.

    python -m benchmarks [CONTENT] [--rounds 5] [--rivals straight,kglite,wiki,obsidiantools] [--limit 60] [--write]

Every round runs every contestant once, in its own process, so that a slow minute of the machine hits all of them; the
figures are medians over rounds, the ratios medians of the ratios within each round. On a busy machine only the
processor time, that of all processes together, tells much. Rivals other than `straight` are installed from PyPI into
environments of their own below .bench/ the first time; one that cannot be installed, or fails, is named and left out,
and one that takes longer than the limit is ended and not run again.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import threading
import venv
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"


@dataclass(frozen=True)
class Run:
    """One run of one contestant."""

    seconds: float
    processor: float
    """Seconds of processor time, user and system, of all its processes."""
    megabytes: float
    """Peak resident memory of the largest process."""
    said: str


_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Nobody compiles all modules again at each start."""


class TooSlowError(Exception):
    """A command that was ended because it took too long."""


def timed(command: list[str], limit: float = 3600) -> Run:
    """Run a command once.

    Raises:
        TooSlowError: it took longer than `limit` seconds.
        CalledProcessError: it failed.
    """
    begun = perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=_ENVIRONMENT, start_new_session=True
    ) as process:
        assert process.stdout
        clock = threading.Timer(limit, _end, (process.pid,))
        clock.start()
        said = process.stdout.read().decode()
        _pid, status, usage = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - begun
    if seconds > limit:
        raise TooSlowError
    accepted = (0, 1) if "kg" in command else (0,)  # kg says 1 where a post is faulty, and builds all the same
    if process.returncode not in accepted:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def _end(group: int) -> None:
    """End all processes of a command."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def kg_cold(content: Path, *flags: str) -> Callable[[], Run]:
    def run() -> Run:
        shutil.rmtree(BENCH / "kg", ignore_errors=True)
        return timed([sys.executable, "-m", "kg", "build", str(content), "-o", str(BENCH / "kg"), "--quiet", *flags])

    return run


EDITS: dict[str, tuple[str, str]] = {
    "title": (r"^title: .*", "title: As of {now}"),
    "name": (r"^(?=title: )", "host: Named {now}\n"),
    "no name": (r"^host: Named .*\n", ""),
    "tag": (r"^(title: .*\n)(?:keywords: .*\n)?", r"\1keywords: tagged {now}\n"),
    "words": (r"\Z", "\nOne more line.\n"),
}
"""What is edited in one post, which has none of these fields but a title → a pattern and what takes its place, once."""


def kg_warm(content: Path, change: str = "") -> Callable[[], Run]:
    """One of `EDITS` since the last build, or nothing."""
    copy = BENCH / "edited"

    def run() -> Run:
        command = [
            sys.executable,
            "-m",
            "kg",
            "build",
            str(copy),
            "-o",
            str(BENCH / "warm"),
            "--quiet",
            "--format",
            "ttl,graphml",
        ]
        if not copy.exists():
            shutil.copytree(content, copy)
            for path in copy.rglob("*.md"):
                os.utime(path, (10**9, 10**9))
            timed(command)
        if change:
            pattern, new = EDITS[change]
            victim = _victim(content, copy)
            text, count = re.subn(
                pattern,
                new.replace("{now}", str(perf_counter())),
                victim.read_text("utf-8"),
                count=1,
                flags=re.MULTILINE,
            )
            assert count == 1, victim
            victim.write_text(text, encoding="utf-8")
        else:
            subprocess.run(["sleep", "2.5"], check=True)  # stamps of the last two seconds are not trusted
            timed(command)
        return timed(command)

    return run


def _victim(content: Path, copy: Path) -> Path:
    """The post to edit: the same each time."""
    for path in sorted(content.rglob("*.md"))[7:]:
        text = path.read_text("utf-8")
        if re.search(r"^title: ", text, re.MULTILINE) and not re.search(r"^(?:host|keywords):", text, re.MULTILINE):
            return copy / path.relative_to(content)
    raise SystemExit(f"{content}: holds no post with a title and without a host and keywords")


QUERY = "SELECT ?name (COUNT(?post) AS ?posts) { ?post schema:mentions/rdfs:label ?name } GROUP BY ?name LIMIT 10"


def kg_query(again: bool = False) -> Callable[[], Run]:
    """Ask the last cold build: for the first time, or the same again."""

    def run() -> Run:
        if not again:
            shutil.rmtree(BENCH / "kg" / ".kg" / "query", ignore_errors=True)
        return timed([sys.executable, "-m", "kg", "query", "-o", str(BENCH / "kg"), QUERY])

    return run


def straight(content: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.straight", str(content), str(BENCH / "straight")]


def floor(content: Path) -> Callable[[], Run]:
    triples = BENCH / "floor.nt"
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def run() -> Run:
        if not triples.exists():
            timed([sys.executable, "-m", "kg", "export", "nt", str(content), "-o", str(triples), "--quiet"])
        done = timed([sys.executable, "-m", "benchmarks.floor", str(content), str(triples), str(processes)])
        seconds, processor = map(float, done.said.split()[:2])
        return Run(seconds, processor, done.megabytes, done.said)

    return run


def environment_of(name: str, *packages: str) -> Path:
    """A virtual environment with a rival in it."""
    folder = BENCH / f"venv-{name}"
    if not folder.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *packages], check=True)
    return folder / "bin"


def kglite(content: Path) -> list[str]:
    program = environment_of("kglite", "kglite==0.21.2") / "python"
    script = "import sys, kglite.okf; kglite.okf.build(sys.argv[1], dialect='loose').export(sys.argv[2])"
    return [str(program), "-c", script, str(content), str(BENCH / "kglite.graphml")]


def wiki(content: Path) -> list[str]:
    program = environment_of("wiki", "wazootech-wiki==0.7.0") / "wiki"
    folder = BENCH / "wiki"
    shutil.rmtree(folder, ignore_errors=True)
    for path in content.rglob("*.md"):  # it refuses names with blanks
        copy = folder / "content" / path.relative_to(content).as_posix().replace(" ", "_")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    graph = "graph:\n  base_iri: https://kg.example/\n  implicit_types: [BlogPosting]\n"
    (folder / "wiki.yml").write_text(f"wiki:\n  input: [{folder / 'content'}]\n{graph}")
    return [str(program), "-c", str(folder), "export", "--format", "turtle", "--output", str(folder / "graph.ttl")]


def obsidiantools(content: Path) -> list[str]:
    program = environment_of("obsidiantools", "obsidiantools==0.11.0") / "python"
    script = (
        "import sys, pathlib, networkx, obsidiantools.api as api; "
        "networkx.write_graphml(api.Vault(pathlib.Path(sys.argv[1])).connect().graph, sys.argv[2])"
    )
    return [str(program), "-c", script, str(content), str(BENCH / "obsidiantools.graphml")]


RIVALS = {"straight": straight, "kglite": kglite, "wiki": wiki, "obsidiantools": obsidiantools}
"""Name → what makes its command, and installs it the first time."""
OURS, FLOOR = "kg, cold, ttl and graphml", "floor"


def table(results: dict[str, list[Run]]) -> str:
    """Medians, and the medians of the ratios within each round to the floor and to `kg`."""
    lines = [
        "| contestant | wall s | floors | kgs | processor s | kgs | peak MiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, runs in results.items():

        def times(other: str, what: str, runs: list[Run] = runs) -> float:
            return median(getattr(a, what) / getattr(b, what) for a, b in zip(runs, results[other], strict=True))

        wall = (
            f"{median(run.seconds for run in runs):.2f} | {times(FLOOR, 'seconds'):.2f} | {times(OURS, 'seconds'):.2f}"
        )
        processor = f"{median(run.processor for run in runs):.2f} | {times(OURS, 'processor'):.2f}"
        lines.append(f"| {name} | {wall} | {processor} | {median(run.megabytes for run in runs):.0f} |")
    return "\n".join(lines)


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {model}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?", default=ROOT / "content")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rivals", default=",".join(RIVALS), help="separated by commas; all of them by default")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="for one run of a rival")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    options = parser.parse_args()
    content = options.content.resolve()
    BENCH.mkdir(exist_ok=True)
    for folder in ("edited", "warm"):
        shutil.rmtree(BENCH / folder, ignore_errors=True)
    (BENCH / "floor.nt").unlink(missing_ok=True)
    lean = BENCH / "lean.toml"
    lean.write_text("[resolution]\ninfer = false\n[glossary]\nenabled = false\n")
    contestants: dict[str, Callable[[], Run]] = {
        f"{OURS}, no inference, no glossary": kg_cold(content, "--format", "ttl,graphml", "--config", str(lean)),
        OURS: kg_cold(content, "--format", "ttl,graphml"),
        "kg, cold, ttl, graphml and the page": kg_cold(content),
        "kg, the first query after that": kg_query(),
        "kg, the same query again": kg_query(again=True),
        "kg, a name added to one post": kg_warm(content, "name"),
        "kg, a tag added to one post": kg_warm(content, "tag"),
        "kg, that name removed": kg_warm(content, "no name"),
        "kg, the title of one post edited": kg_warm(content, "title"),
        "kg, the wording of one post edited": kg_warm(content, "words"),
        "kg, nothing changed": kg_warm(content),
        FLOOR: floor(content),
    }
    left_out = []
    for name in filter(None, options.rivals.split(",")):
        try:
            contestants[name] = partial(timed, RIVALS[name](content), options.limit)
        except subprocess.CalledProcessError:
            shutil.rmtree(BENCH / f"venv-{name}")
            left_out.append(f"{name} could not be installed")
    loads = [os.getloadavg()[0]]
    results: dict[str, list[Run]] = {name: [] for name in contestants}
    for number in range(options.rounds):
        for name in list(results):
            try:
                results[name].append(contestants[name]())
                print(f"round {number + 1}: {name}: {results[name][-1].seconds:.2f} s", file=sys.stderr)
            except (TooSlowError, subprocess.CalledProcessError) as error:
                if name not in RIVALS:
                    raise
                slow = isinstance(error, TooSlowError)
                left_out.append(f"{name} {f'took more than {options.limit:g} s' if slow else 'failed'}")
                print(f"round {number + 1}: {left_out[-1]}", file=sys.stderr)
                del results[name]
        loads.append(os.getloadavg()[0])
    posts = [path.stat().st_size for path in content.rglob("*.md")]
    text = (
        f"{len(posts):,} posts, {sum(posts) / 1e6:,.0f} MB; {machine()}; medians of {options.rounds} rounds; "
        f"load of the machine, these runs included: {min(loads):.1f} to {max(loads):.1f}.\n\n"
        + table(results)
        + f"\n\nLeft out: {'; '.join(left_out) or 'none'}.\n\n"
        "`floors` and `kgs` are multiples of the floor and of the second line, in the same round. The floor reads "
        "every byte, has libyaml read the front matter and pyoxigraph write the triples. "
        "`straight` is python-frontmatter, networkx and rdflib with no code of kg. It neither brings names "
        "together nor looks into bodies; kg without inference and glossary does the same work. "
        "`kglite` makes no nodes of names, `wiki` leaves names as text, `obsidiantools` reads links and no front "
        "matter.\n"
    )
    print(text)
    if options.write:
        (ROOT / "benchmarks" / "RESULTS.md").write_text(
            "# Results\n\nWritten by `python -m benchmarks CONTENT --write`.\n\n" + text, encoding="utf-8"
        )


if __name__ == "__main__":
    main()
