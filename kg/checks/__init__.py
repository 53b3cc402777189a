"""What `kg check` looks for beyond what a build reports: habits that only all posts together show.

Every check takes posts and gives diagnostics; `run` calls them all. A new check is one function in `CHECKS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kg.checks import bodies, posts
from kg.vocabularies import near_misses

if TYPE_CHECKING:
    from pathlib import Path

    from kg.config import Config
    from kg.graph import KnowledgeGraph
    from kg.model import Diagnostic, Post


def run(
    content: Path, found: tuple[Post, ...], graph: KnowledgeGraph, built: tuple[Diagnostic, ...], config: Config
) -> list[Diagnostic]:
    """Every diagnostic of a folder, in file and line order.

    Args:
        content: the folder.
        found: its posts.
        graph: the graph that was built from them.
        built: what the build reported.
        config: the settings; its `severity` applies.
    """
    new = [
        *posts.required(found, config),
        *posts.same_source(found),
        *posts.same_title(found),
        *posts.orphans(found, graph),
        *bodies.look(content, found),
        *near_misses(found, config),
    ]
    severity = config.severity
    weighed = [msgspec.structs.replace(d, severity=severity[d.code]) if d.code in severity else d for d in new]
    kept = {*built, *(d for d in weighed if d.severity != "off")}
    return sorted(kept, key=lambda d: (d.path, d.line, d.column, d.code, d.message))
