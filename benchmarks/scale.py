"""How time and memory grow with the number of posts: both should grow as the posts do, with a slope of 1.

    python -m benchmarks.scale [--posts 1000,5000,20000,50000,100000,200000] [--format ttl,graphml]

Posts are made up: 1 to 2 kB of text in two languages, with links, glosses and definitions, and names drawn so that few
are frequent, many are rare, and new ones go on appearing (Heaps' law), as they do in real blogs. Every size is built
from nothing in a process of its own. The slope is that of the logarithms, by least squares, over the sizes from which
starting the program no longer counts.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.__main__ import Run, machine, timed

if TYPE_CHECKING:
    from collections.abc import Sequence

_SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeo"]
_HAN = "明华建国文英丽强军伟芳娟敏静秀霞杰涛磊洋勇艳平刚桂山海云天水木金石田林江河风"
_WORDS = ("maps", "roads", "rivers", "cities", "names", "signs", "letters", "archives", "numbers", "tables", "notes")
_FEW = 5_000
"""Posts; below this, starting the program is a good part of the time."""


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


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line through the logarithms of the points, by least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _y in logs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", default="1000,5000,20000,50000,100000,200000", help="sizes, separated by commas")
    parser.add_argument("--format", default="ttl,graphml")
    options = parser.parse_args()
    print(f"{machine()}; kg build --format {options.format}\n")
    print("| posts | seconds | ms a post | peak MiB | kiB a post |\n|---:|---:|---:|---:|---:|")
    results: list[tuple[int, Run]] = []
    for count in map(int, options.posts.split(",")):
        folder = Path(tempfile.mkdtemp(prefix="kg-scale-"))
        try:
            write(folder / "content", count)
            where = [str(folder / "content"), "-o", str(folder / "output")]
            run = timed([sys.executable, "-m", "kg", "build", *where, "--quiet", "--format", options.format])
        finally:
            shutil.rmtree(folder)
        results.append((count, run))
        each = f"{run.seconds / count * 1000:.2f} | {run.megabytes:,.0f} | {run.megabytes * 1024 / count:.1f}"
        print(f"| {count:,} | {run.seconds:.1f} | {each} |", flush=True)
    large = [(count, run) for count, run in results if count >= _FEW]
    if len(large) > 1:
        seconds = slope([(count, run.seconds) for count, run in large])
        memory = slope([(count, run.megabytes) for count, run in large])
        print(f"\nslope from {large[0][0]:,} posts on: time {seconds:.2f}, memory {memory:.2f}")


if __name__ == "__main__":
    main()
