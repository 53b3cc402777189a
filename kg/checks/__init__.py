"""What `kg check` looks for beyond what a build reports: problems that show only in all posts together.

Every check takes posts and gives diagnostics; `run` calls them all, and a new one has its line there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.checks import bodies, posts
from kg.checks.near_misses import near_misses
from kg.config import Config
from kg.diagnostics import in_order, note_of, weigh
from kg.graph.model import KnowledgeGraph
from kg.model import Diagnostic, Post
from kg.state import State


def run(
    content: Path,
    found: tuple[Post, ...],
    graph: KnowledgeGraph,
    built: tuple[Diagnostic, ...],
    config: Config,
    state: State | None = None,
) -> list[Diagnostic]:
    """Every diagnostic of a folder, in file and line order.

    Args:
        content: the folder.
        found: its posts.
        graph: the graph that was built from them.
        built: what the build reported.
        config: the settings; its `severity` applies.
        state: what is kept between runs; None looks into every file.
    """
    new = [
        *posts.required(found, config),
        *posts.same_source(found),
        *posts.same_title(found),
        *posts.orphans(found, graph),
        *bodies.look(content, found, state),
        *near_misses(found, config),
    ]
    return in_order(_habits({*built, *weigh(new, config.severity)}, found, config))


_OF_HABIT = frozenset({"KG107", "KG109", "KG110", "KG113", "KG114", "KG120", "KG122"})
"""Codes of ways to write a value that lose nothing."""
_OFTEN = 5
"""The number of posts from which a way to write is a habit, if most do."""


def _habits(diagnostics: Iterable[Diagnostic], found: Sequence[Post], config: Config) -> list[Diagnostic]:
    """The findings, as notes where most posts that have a field write it like this: that is a habit, and no slip."""
    like: dict[tuple[str, str], set[str]] = defaultdict(set)
    for d in diagnostics:
        if d.code in _OF_HABIT and d.code not in config.severity:
            like[d.code, _field(d)].add(d.path)
    often = {key: len(paths) for key, paths in like.items() if len(paths) >= _OFTEN}
    fields = {field for _code, field in often}
    uses: Counter[str] = Counter()
    for post in found:
        uses.update(fields & {*(mention.field for mention in post.mentions), *(each.field for each in post.attributes)})
    usual = {key for key, count in often.items() if 2 * count > uses[key[1]]}
    return [note_of(d) if (d.code, _field(d)) in usual else d for d in diagnostics]


def _field(diagnostic: Diagnostic) -> str:
    """The key that a message about a value begins with."""
    return diagnostic.message.partition(": ")[0]
