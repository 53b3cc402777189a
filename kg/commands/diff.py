"""Say what has changed between two builds, or two commits of a Git repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands._options import (
    FOLDER,
    Options,
    format_option,
    limit_option,
    quiet_option,
    shared_options,
    state_option,
)
from kg.commands._printing import echo_json
from kg.errors import FINE
from kg.machine.terminal import printable
from kg.text.markdown import escaped_for_forge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.insight.difference import Difference, Side, TrendChange
    from kg.model import Diagnostic, Node

    Say = Callable[[str], str]


def _content(_context: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    return given or (Path("content") if Path("content").is_dir() else Path())


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--content",
    type=FOLDER,
    metavar="DIR",
    callback=_content,
    help="Folder of posts.  [default: content, if it is there, else this one]",
)
@format_option("text", "json", "markdown", text="markdown is for a pull request.")
@limit_option(text="Maximum length of lists; 0 for all.")
@state_option
@shared_options
@quiet_option
def command(options: Options, old: str, new: str | None, form: str, limit: int) -> int:
    """Show the changes from OLD to NEW: things and posts, merges and splits, dead links, trends.

    Each is an output folder, an RDF file that kg wrote, or a commit of the repository that holds the posts, such as
    HEAD~5. Without NEW, OLD is compared with the current posts. Commits are read with the current settings.
    """
    from kg.insight.difference import Side, difference, rows
    from kg.pipeline.sides import side

    config, jobs = options.configured(), options.jobs
    before = side(old, options.content, config, jobs=jobs)
    after = Side(*options.graph()) if new is None else side(new, options.content, config, jobs=jobs)
    found = difference(before, after)
    if form == "json":
        echo_json(rows(found, limit))
    elif form == "markdown":
        click.echo("\n".join(_markdown(found, limit)))
    else:
        click.echo("\n".join(_text(found, limit)))
    return FINE


def _markdown(found: Difference, limit: int) -> Iterator[str]:
    yield "### What changes in the graph"
    yield ""
    yield _summary(found)
    for title, lines in _sections(found, limit, lambda text: escaped_for_forge(printable(text))):
        yield from ("", f"**{title}**", "", *(f"- {line}" for line in lines))


def _text(found: Difference, limit: int) -> Iterator[str]:
    yield _summary(found)
    for title, lines in _sections(found, limit, printable):
        yield from ("", title, *(f"  {line}" for line in lines))


def _summary(found: Difference) -> str:
    if found.is_empty:
        return "nothing has changed"
    old, new = found.old.graph, found.new.graph
    posts = [sum(node.kind == "post" for node in graph.nodes.values()) for graph in (old, new)]
    things = [len(graph.nodes) - count for graph, count in zip((old, new), posts, strict=True)]
    return (
        f"posts {posts[0]:,} → {posts[1]:,}, things {things[0]:,} → {things[1]:,}, "
        f"links {len(old.edges):,} → {len(new.edges):,}"
    )


def _sections(found: Difference, limit: int, say: Say) -> Iterator[tuple[str, list[str]]]:
    """(title, lines) of all that has changed."""
    from kg.insight.difference import direction

    def thing(node: Node, side: Side) -> str:
        from kg.insight.places import proof

        place = "".join(f"  {say(where)}" for where in proof(side.graph, node.iri))
        return f"{say(node.label)} ({node.kind}){place}"

    def joined(nodes: list[Node]) -> str:
        return ", ".join(say(node.label) for node in nodes)

    def fault(one: Diagnostic) -> str:
        return f"{say(one.path)}:{one.line}: {say(one.message)}"

    def trend(moved: TrendChange) -> str:
        share = f", in {moved.now.share_now:.1%} of posts" if moved.now else ""
        return (
            f"{say(moved.node.label)} ({moved.node.kind}): {direction(moved.now)}, was {direction(moved.before)}{share}"
        )

    posts, things = ([n for n in found.added if (n.kind == "post") == is_post] for is_post in (True, False))
    gone, lost = ([n for n in found.lost if (n.kind == "post") == is_post] for is_post in (True, False))
    parts: tuple[tuple[str, list[Any], Callable[[Any], str]], ...] = (
        ("broken links", found.broken, fault),
        ("fixed links", found.mended, fault),
        ("new posts", posts, lambda node: thing(node, found.new)),
        ("posts that are gone", gone, lambda node: thing(node, found.old)),
        ("new things", things, lambda node: thing(node, found.new)),
        ("things that are gone", lost, lambda node: thing(node, found.old)),
        ("merged", found.merged, lambda pair: f"{joined(pair[1])} → {thing(pair[0], found.new)}"),
        ("split", found.split, lambda pair: f"{thing(pair[0], found.old)} → {joined(pair[1])}"),
        ("trends", found.moved, trend),
    )
    for title, all_of_them, line in parts:
        if all_of_them:
            shown = all_of_them[: limit or None]
            rest = len(all_of_them) - len(shown)
            more = [f"… and {rest:,} more"] * bool(rest)
            yield f"{title} ({len(all_of_them):,})", [*map(line, shown), *more]
