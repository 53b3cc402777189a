"""What `kg build --engine dask` costs per post, step by step, and what many more posts would cost at that rate.

    python -m benchmarks.cluster CONTENT [--shares 0.25,0.5,1] [--workers 2] [--parts N] [--posts 100000000]

For each share of the posts (every n-th file, so that long and short ones are mixed) it prints the processor time and
the bytes sent per 1,000 posts of each step, the memory of the largest worker, the size of the results, and the
processor time of a local build of the same files with one process. A share that costs as much per post as the whole
shows that nothing grows faster than the posts.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter, process_time

import kg
from kg.distributed import engine
from kg.pipeline.build import configure
from kg.reading.folder import find_posts

GROUPS = {
    "read": ("read", "spread"),
    "links": ("links",),
    "names and evidence": (
        "forms", "answers", "blocks", "sides", "ask forms", "tell forms", "ask posts", "tell posts", "pairs",
    ),
    "components": ("labels", "gather", "settle"),
    "glossary": (
        "ask terms", "tell terms", "term names", "plurals", "keys", "key homes", "partners", "mutual", "expansions",
        "facts", "ask partners", "tell partners", "begun", "families", "definitions", "ask named", "tell named",
        "recognise", "ties", "concepts",
    ),
    "export": ("entities", "posts", "texts"),
}  # fmt: skip


def group_of(step: str) -> str:
    first = "labels" if step.startswith("labels") else step
    return next(name for name, steps in GROUPS.items() if first in steps)


def copied(content: Path, share: float, folder: Path) -> int:
    """Copy a share of the posts."""
    config = configure(content, None)
    paths = find_posts(content, config)[0]
    step = round(1 / share)
    chosen = paths[::step]
    for path in chosen:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content / path, target)
    return len(chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--shares", default="0.25,0.5,1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--parts", type=int)
    parser.add_argument("--posts", type=int, default=100_000_000)
    options = parser.parse_args()
    for share in map(float, options.shares.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            measure(options, share, Path(folder))


def measure(options: argparse.Namespace, share: float, folder: Path) -> None:
    content = folder / "content"
    posts = copied(options.content, share, content)
    read = sum(path.stat().st_size for path in content.rglob("*") if path.is_file())
    begun = process_time()
    kg.build(content, jobs=1)
    local = process_time() - begun
    begun = perf_counter()
    built = engine.build(
        content, folder / "output", configure(content, None), jobs=options.workers, parts=options.parts
    )
    elapsed = perf_counter() - begun
    processor: dict[str, float] = defaultdict(float)
    sent: dict[str, int] = defaultdict(int)
    for step in built.steps:
        processor[group_of(step.name)] += step.processor
        sent[group_of(step.name)] += step.sent
    files = built.manifest.files
    written = sum(file.bytes for file in files)
    parts = options.parts or engine.parts_for(posts)
    thousands = posts / 1000
    print(f"{posts:,} posts, {read / 2**20:,.1f} MiB, {parts} parts, {options.workers} workers: {elapsed:.1f} s")
    print(f"  {'':<20}{'processor s / 1,000 posts':>28}{'KiB sent / post':>18}")
    for name in GROUPS:
        print(f"  {name:<20}{processor[name] / thousands:>28.2f}{sent[name] / posts / 1024:>18.2f}")
    total, moved = sum(processor.values()), sum(sent.values())
    print(f"  {'in all':<20}{total / thousands:>28.2f}{moved / posts / 1024:>18.2f}")
    print(f"  a local build with one process: {local / thousands:.2f} processor s / 1,000 posts")
    memory = max(step.memory for step in built.steps)
    lead = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"  largest worker {memory / 2**20:,.0f} MiB, this process {lead / 2**20:,.0f} MiB (local build included)")
    print(f"  results: {written / posts / 1024:.1f} KiB / post in {len(files)} files")
    rounds = sum(step.name.startswith("labels ") for step in built.steps)
    print(f"  {len(built.steps)} stages, {rounds} of them rounds of labels")
    times = options.posts / posts
    print(
        f"  at this rate {options.posts:,} posts: {total * times / 3600:,.0f} processor hours,"
        f" {moved * times / 2**40:,.2f} TiB sent, {written * times / 2**40:,.2f} TiB of results,"
        f" {read * times / 2**40:,.2f} TiB of posts"
    )


if __name__ == "__main__":
    main()
