"""How quickly words are found: the index of a folder of posts, and questions to it.

    python -m benchmarks.search CONTENT [--rounds 20] [--bodies] [--words WORD …]

Prints how long the index takes to make and how large it is; then, for each question, the median and the worst time
from opening the kept index to the answer with its snippets, and what comes first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import kg
from benchmarks.__main__ import machine
from kg.insight.search import Question, search
from kg.state import SEARCH, SEARCH_BODIES, STATE, State

WORDS = (
    "知识图谱",
    "英伟达 芯片",
    "xi jinping",
    "Nvidia",
    "習近平",
    "openai",
    "AI",
    "的",
    "the",
    "nothing-of-the-kind",
)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--bodies", action="store_true")
    parser.add_argument("--words", nargs="+", default=WORDS)
    given = parser.parse_args()
    result = kg.build(given.content)
    posts, nodes = len(result.posts), len(result.knowledge_graph.nodes)
    sys.stdout.write(f"{posts:,} posts, {nodes:,} nodes; {machine()}\n\n")
    with tempfile.TemporaryDirectory() as folder:
        state = State.of(Path(folder))

        def ask(words: str) -> tuple[float, str]:
            begun = perf_counter()
            question = Question(words, bodies=given.bodies)
            hits = search(question, lambda: result.knowledge_graph, given.content, state, b"benchmark").hits
            return perf_counter() - begun, hits[0].label if hits else ""

        made, _first = ask("a")
        size = (Path(folder) / STATE / (SEARCH_BODIES if given.bodies else SEARCH)).stat().st_size
        sys.stdout.write(f"made in {made:.1f} s, {size / 1e6:,.0f} MB\n\n| words | median ms | worst ms | first |\n")
        sys.stdout.write("|---|---:|---:|---|\n")
        for words in given.words:
            taken = [ask(words) for _ in range(given.rounds)]
            times = [1000 * seconds for seconds, _label in taken]
            sys.stdout.write(f"| {words} | {median(times):.1f} | {max(times):.1f} | {taken[0][1]} |\n")


if __name__ == "__main__":
    main()
