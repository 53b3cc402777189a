"""How time and memory grow with the number of posts: both should grow in a straight line.

    python -m benchmarks.scale [CONTENT] [--posts 1000,3000,10000,30000,100000] [--format ttl,graphml]

Without CONTENT, posts are made up: 1 to 2 kB of text in two languages, with links, glosses and definitions, and names
drawn so that few are frequent, many are rare, and new ones go on appearing (Heaps' law), as they do in real blogs.
Every size is built from nothing in a process of its own. The line is that of least squares of shares: what one
more post costs, and what every build costs before its first.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.__main__ import Run, machine, timed
from kg.pipeline.build import configure
from kg.reading.folder import find_posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeo"]
_HAN = "明华建国文英丽强军伟芳娟敏静秀霞杰涛磊洋勇艳平刚桂山海云天水木金石田林江河风"
_WORDS = ("maps", "roads", "rivers", "cities", "names", "signs", "letters", "archives", "numbers", "tables", "notes")


class Names:
    """Names by number: the low numbers are the frequent ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, posts: int) -> int:
        """The number of a name, as of the post with this number."""
        return int((posts + 20) ** (self._random.random() ** 0.6) * 1.5)

    @staticmethod
    def latin(number: int) -> str:
        """A first and a last name."""
        parts = []
        for start, length in ((number, 2), (number // 3 + 7, 3)):
            chosen = [_SYLLABLES[(start * 7 + place * (start // 31 + 3)) % len(_SYLLABLES)] for place in range(length)]
            parts.append("".join(chosen).capitalize())
        return f"{' '.join(parts)}{f' {number}' if number > 3_000 else ''}"

    @staticmethod
    def han(number: int) -> str:
        """The same person's name in Chinese."""
        return "".join(_HAN[(number // 37**place + place) % len(_HAN)] for place in range(3)) + str(number)


def post(number: int, names: Names) -> str:
    people = sorted({names.draw(number) for _ in range(4)})
    tags = sorted({names.draw(number // 50) for _ in range(3)})
    glossed = f"{Names.han(people[0])}（{Names.latin(people[0])}）" if number % 5 == 0 else Names.latin(people[0])
    defined = f"**术语{tags[0]}**（Term {tags[0]}: 关于第{tags[0]}件事的一种说法）" if number % 3 == 0 else ""
    text = " ".join(_WORDS[(number + place) % len(_WORDS)] for place in range(150))
    lines = [
        "---",
        f"title: Post {number} on {_WORDS[number % len(_WORDS)]}",
        f"date: {2000 + number % 26}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "people:",
        *(f"  - {Names.latin(person)}" for person in people),
        "tags:",
        *(f"  - tag-{tag}" for tag in tags),
        "---",
        f"{glossed} 说了一些话。 {defined}",
        "",
        text,
        "",
        f"See [an older one](p{max(0, number - names.draw(number))}.md).",
    ]
    return "\n".join(lines) + "\n"


def write(folder: Path, count: int) -> None:
    names = Names(7)
    for number in range(count):
        place = folder / f"{number // 1000:04}"
        if number % 1000 == 0:
            place.mkdir(parents=True)
        (place / f"p{number}.md").write_text(post(number, names), encoding="utf-8")


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The straight line that is off by the least squares of shares, so that small sizes count, too: slope and start."""
    weights = [y**-2 for _x, y in points]
    mean_x, mean_y = (sum(map(mul, weights, column)) / sum(weights) for column in zip(*points, strict=True))
    weighted = [(weight * (x - mean_x), x, y) for weight, (x, y) in zip(weights, points, strict=True)]
    rate = sum(w * (y - mean_y) for w, _x, y in weighted) / sum(w * (x - mean_x) for w, x, _y in weighted)
    return rate, mean_y - rate * mean_x


def contents(content: Path | None, counts: Sequence[int], folder: Path) -> Iterator[tuple[int, Path]]:
    """Folders with these numbers of posts: every n-th post of CONTENT, long and short ones mixed, or made-up posts."""
    paths = find_posts(content, configure(content, None)).paths if content else []
    for wanted in counts:
        target = folder / f"posts-{wanted}"
        chosen = [paths[place * len(paths) // wanted] for place in range(wanted)] if len(paths) >= wanted else []
        if content is None:
            write(target, wanted)
        elif not chosen:
            print(f"{content} holds {len(paths):,} posts: {wanted:,} are left out", file=sys.stderr)
            continue
        for path in chosen:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(content or "", path), target / path)
        yield wanted, target
        shutil.rmtree(target)


def numbers(text: str) -> list[int]:
    """The numbers of posts that a user asks for."""
    return sorted(map(int, text.replace("_", "").split(",")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?")
    parser.add_argument("--posts", type=numbers, default=[1000, 3000, 10_000, 30_000, 100_000], metavar="N,…")
    parser.add_argument("--format", default="ttl,graphml")
    options = parser.parse_args()
    print(f"{machine()}; kg build --format {options.format}; load {os.getloadavg()[0]:.1f} at the start\n")
    print("| posts | wall s | processor s | ms a post | peak MiB |\n|---:|---:|---:|---:|---:|")
    runs: list[tuple[int, Run]] = []
    with tempfile.TemporaryDirectory(prefix="kg-scale-") as name:
        for count, posts in contents(options.content, options.posts, Path(name)):
            where = [str(posts), "-o", f"{name}/output-{count}"]
            run = timed([sys.executable, "-m", "kg", "build", *where, "--quiet", "--format", options.format])
            runs.append((count, run))
            each = f"{run.processor:.1f} | {run.processor / count * 1000:.2f}"
            print(f"| {count:,} | {run.seconds:.1f} | {each} | {run.megabytes:,.0f} |", flush=True)
    if len(runs) < 2:
        return
    print()
    for what, of, unit, whole, scale in (
        ("processor time", "processor", "ms", "s", 1000.0),
        ("peak memory", "megabytes", "KiB", "MiB", 1024.0),
    ):
        points = [(float(count), getattr(run, of)) for count, run in runs]
        rate, start = line(points)
        off = max(abs(y / (rate * x + start) - 1) for x, y in points)
        each = f"{rate * scale:.2f} {unit} a post + {start:,.1f} {whole}"
        print(f"{what}: {each}; the size that is furthest from this line is {off:.0%} off")


if __name__ == "__main__":
    main()
