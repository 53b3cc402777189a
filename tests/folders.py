"""Small folders of posts, and what is found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.config import Config
from kg.pipeline.build import build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.pipeline.result import Result


def put(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a few files into a folder, which is made if it has to be."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def read(folder: Path, files: dict[str, str], **settings: object) -> Result:
    """Build the graph of a few files."""
    put(folder, files)
    return build(folder / "site" if (folder / "site").is_dir() else folder, config=Config().with_changes(**settings))


def edges(result: Result) -> set[tuple[str, str]]:
    """The links between posts, without the base of their IRIs."""
    base = f"{result.config.base}post/"
    graph = result.knowledge_graph
    both = ((edge.source, edge.target) for edge in graph.edges if edge.source in graph.nodes)
    return {(a.removeprefix(base), b.removeprefix(base)) for a, b in both if b.startswith(base)}


def codes(result: Result) -> list[str]:
    """What is said about the posts."""
    return [f"{d.path}:{d.line} {d.code}" for d in result.diagnostics]


def titled(title: str, *fields: str, body: str = "") -> str:
    return "\n".join(["---", f"title: {title}", *fields, "---", body, ""])


def unwritten(result: Result) -> dict[str, set[str]]:
    """Unwritten page → the pages that name it."""
    base, graph = result.config.base, result.knowledge_graph
    return {
        node.label: {edge.source.removeprefix(f"{base}post/") for edge in graph.edges if edge.target == node.iri}
        for node in graph.nodes.values()
        if node.kind == "page"
    }


def checked(folder: Path, *options: str) -> list[str]:
    """The findings of `kg check`."""
    from click.testing import CliRunner

    from kg.cli import app

    return CliRunner().invoke(app, ["check", str(folder), *options]).stdout.splitlines()


def names(result: Result, path: str) -> set[tuple[str, str]]:
    """Kind and name of what the metadata of one post names."""
    (post,) = (post for post in result.posts if post.path == path)
    return {(mention.kind, mention.name) for mention in post.mentions}


PROSE = "\n".join(f"Line {number} of a text that is long enough to be compared with others." for number in range(9))
