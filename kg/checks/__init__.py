"""What `kg check` looks for beyond what a build reports: problems that show only in all posts together.

Every check takes posts and gives diagnostics; `run` calls them all, and a new one has its line there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.checks import bodies, posts
from kg.checks.near_misses import near_misses
from kg.config import Config
from kg.diagnostics import in_order, note_of, weigh
from kg.graph.model import KnowledgeGraph
from kg.model import Diagnostic, Post
from kg.state import State
from kg.text.filenames import SUFFIX


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
    found = tuple(map(posts.as_typed, found))
    new = [
        *posts.required(found, config),
        *posts.same_source(found),
        *posts.same_title(found),
        *posts.orphans(found, graph),
        *bodies.look(content, found, state),
        *near_misses(found, config),
    ]
    return in_order(_habits({*built, *weigh(new, config.severity)}, found, config))


_OF_HABIT = frozenset({"KG107", "KG109", "KG110", "KG113", "KG114", "KG120", "KG122", "KG201"})
"""Codes of ways to write a value that lose nothing."""
_OFTEN = 5
"""The number of posts from which a way to write is a habit, if most do."""
_MANY_DEAD = 10
"""The number of links to files that are not there, from which a program of the site's own changes them, if most are."""


def _habits(diagnostics: Iterable[Diagnostic], found: Sequence[Post], config: Config) -> list[Diagnostic]:
    """The findings, as notes where most posts do the same: that is a habit, and no slip."""
    usual = {
        *_usual_values([d for d in diagnostics if d.code in _OF_HABIT - config.severity.keys()], found),
        *_usual_links([d for d in diagnostics if d.code in {"KG301"} - config.severity.keys()], found),
    }
    return [note_of(d) if d in usual else d for d in diagnostics]


def _usual_values(doubts: Sequence[Diagnostic], found: Sequence[Post]) -> Iterator[Diagnostic]:
    """Doubts about a field that hold for most posts that have it."""
    like: dict[tuple[str, str], list[Diagnostic]] = defaultdict(list)
    for d in doubts:
        like[d.code, d.message.partition(": ")[0]].append(d)
    uses: Counter[str] = Counter()
    for post in found if like else ():
        uses.update({mention.field for mention in post.mentions} | {each.field for each in post.attributes})
    for (_code, field), same in like.items():
        paths = len({d.path for d in same})
        if paths >= _OFTEN and 2 * paths > uses[field]:
            yield from same


def _usual_links(dead: Sequence[Diagnostic], found: Sequence[Post]) -> Iterable[Diagnostic]:
    """Dead links to files, if they are most of such links."""
    if len(dead) < _MANY_DEAD:
        return ()
    places = {
        (post.path, link.line, link.column)
        for post in found
        for link in post.links
        if link.style == "markdown" and SUFFIX.search(link.target.partition("#")[0])
    }
    dead = [d for d in dead if (d.path, d.line, d.column) in places]
    return dead if len(dead) >= _MANY_DEAD and 2 * len(dead) > len(places) else ()
