"""What `kg check` looks for beyond what a build reports: problems that show only in all posts together.

Every check takes posts and gives diagnostics; `run` calls them all, and a new one has its line there.
"""

import re
from pathlib import Path

from kg.checks import bodies, posts
from kg.checks.field_names import misspelt_fields
from kg.checks.near_misses import near_misses
from kg.config import Config
from kg.diagnostics import habits, in_order, weigh
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
    elsewhere: re.Pattern[str] | None = None,
) -> list[Diagnostic]:
    """Every diagnostic of a folder, in file and line order.

    Args:
        content: the folder.
        found: its posts.
        graph: the graph that was built from them.
        built: what the build reported.
        config: the settings; its `severity` applies.
        state: what is kept between runs; None looks into every file.
        elsewhere: matches paths of files that are no pages of the site, as `kg.reading.site.Site.elsewhere` gives it.
    """
    found = tuple(map(posts.as_typed, found))
    new = [
        *posts.required(found, config),
        *posts.same_source(found),
        *posts.same_title(found),
        *posts.orphans(found, graph),
        *bodies.look(content, found, state),
        *near_misses(found, config),
        *misspelt_fields(content, found, config),
    ]
    every = in_order({*built, *weigh(new, config.severity)})
    return habits.without(every, habits.habits(every, found, config.severity, elsewhere))
