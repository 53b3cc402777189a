"""Show one thing: all its names and why they are one, its posts, what it appears with."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from kg.commands._options import FILE, Options, format_option, kind_option, limit_option, posts_options, state_option
from kg.commands._printing import echo_json, exit_status, root_of
from kg.errors import WRONG_USE, ConfigError, ExportError, os_errors
from kg.insight.terms import not_called
from kg.machine.files import replace_file
from kg.machine.terminal import printable
from kg.text.table import aligned
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg.graph.lookup import Lookup
    from kg.graph.model import KnowledgeGraph
    from kg.model import IRI


@click.command()
@click.argument("name")
@kind_option
@format_option("text", "json")
@limit_option(text="Maximum length of lists; 0 for all.")
@click.option("--html", "picture", type=FILE, metavar="FILE", help="Write a picture of its neighbourhood, too.")
@state_option
@posts_options
def command(options: Options, name: str, kind: str, form: str, limit: int, picture: Path | None) -> int:
    """Show what is known about NAME: a name in any spelling, an IRI, or the path or file name of a post.

    IRIs may be short, as kg query prints them (person:ada_lovelace), and paths may have a line, as in warnings.

    Case, width and quotation marks do not matter; the beginning of a name is enough if it is unambiguous.
    Of several things with one name, one that is linked far more than the others is shown, and the others are listed.
    """
    from kg.graph.lookup import find

    gc.disable()  # the process ends with the answer
    graph, diagnostics = options.graph(whole=picture is not None)
    if kind and kind not in graph.kinds:
        raise ConfigError(f"no kind is called {kind!r}; there are {', '.join(graph.kinds)}")
    found = find(graph, name, kind=kind, root=root_of(options.content))
    if not found.matches:
        raise ConfigError(not_called(graph, name, kind))
    if len(found.matches) > 1:
        _list(graph, name, found, form, limit)
        return WRONG_USE
    if found.others and not options.quiet:
        others = ", ".join(f"{graph.nodes[iri].label} ({graph.nodes[iri].kind}) <{iri}>" for iri in found.others)
        click.echo(printable(f"also called {name!r}: {others}"), err=True)
    _show(graph, found.matches[0], form, limit)
    if picture is not None:
        _draw(graph, found.matches[0], picture)
        if not options.quiet:
            click.echo(f"wrote {picture.as_posix()}", err=True)
    return exit_status(diagnostics)


def _list(graph: KnowledgeGraph, name: str, found: Lookup, form: str, limit: int) -> None:
    """Several things answer to the name: say which, and how to ask for one of them."""
    links = _links(graph, found.matches)
    if form == "json":
        matches = [
            {"label": graph.nodes[i].label, "kind": graph.nodes[i].kind, "iri": i, "links": links[i]}
            for i in found.matches
        ]
        echo_json({"name": name, "how": found.how, "matches": matches})
        return
    shown = found.matches[: limit or None]
    lines = [f"{len(found.matches)} things are called {name!r}; ask for one by its full name, its IRI, or with --kind"]
    nodes = [graph.nodes[iri] for iri in shown]
    counts = [counted(links[node.iri], "link" if node.kind == "post" else "post") for node in nodes]
    rows = [[node.kind, node.label, f"<{node.iri}>", count] for node, count in zip(nodes, counts, strict=True)]
    lines += aligned(rows, indent="  ")
    if len(shown) < len(found.matches):
        lines.append(f"  … and {len(found.matches) - len(shown):,} more")
    click.echo("\n".join(map(printable, lines)))


def _links(graph: KnowledgeGraph, iris: Sequence[IRI]) -> Counter[IRI]:
    """With how many nodes each is linked: of all but posts, the posts that name it."""
    from kg.graph.saved import edges_from, edges_into

    pairs = {(edge.source, edge.target) for edge in (*edges_from(graph, iris), *edges_into(graph, iris))}
    wanted = set(iris)
    return Counter(end for pair in pairs for end in pair if end in wanted)


def _show(graph: KnowledgeGraph, iri: IRI, form: str, limit: int) -> None:
    if form == "json":
        from kg.insight.answers import show_row

        echo_json(show_row(graph, graph.nodes[iri], limit))
    else:
        from kg.graph.portrait import portrait

        known = portrait(graph, iri)
        click.echo("\n".join(printable(line) for line in _lines(graph, known, limit)))


def _lines(graph: KnowledgeGraph, known: dict[str, Any], limit: int) -> Iterator[str]:
    kinds = ", ".join(graph.kinds[kind].label.lower() for kind in (known["kind"], *known["also"]))
    yield f"{known['label']}  ({kinds})"
    yield f"  {known['iri']}"
    yield from (f"  formerly {iri}" for iri in known["former"])
    yield from (f"  same as {iri}" for iri in known["same_as"])
    yield from (f"  {name} {value}" for name, value in known["properties"].items())
    if known["kind"] != "post":
        yield from _names(known)
    yield from _merges(known["merges"], limit)
    if known["definitions"]:
        yield from ("", "definitions")
        yield from _some(known["definitions"], limit, lambda d: f"  {d['term']}: {d['text']}  [{d['place']}]")
    if known["posts"]:
        title = "linked from" if known["kind"] == "post" else "posts"
        yield from ("", f"{title} ({len(known['posts']):,}), newest first")
        yield from _some(known["posts"], limit, _post)
    for relation, nodes in known["neighbours"].items():
        yield from ("", f"{relation} ({len(nodes):,})")
        yield from _some(nodes, limit, lambda node: f"  {node['label']}  ({node['kind']})")
    if known["together"]:
        yield from ("", f"together with ({len(known['together']):,}), by posts in common")
        yield from _some(known["together"], limit, lambda n: f"  {n['posts']:>6,}  {n['label']}  ({n['kind']})")


def _names(known: dict[str, Any]) -> Iterator[str]:
    yield from ("", "names")
    yield from aligned([[language or "–", label] for language, label in known["labels"].items()], indent="  ")
    others = [spelling for spelling in known["spellings"] if spelling not in known["labels"].values()]
    if others:
        yield f"  also spelt: {' | '.join(others)}"


def _merges(merges: Sequence[dict[str, Any]], limit: int) -> Iterator[str]:
    if not merges:
        return
    yield from ("", "why these names are one")
    for merge in merges[: limit or None]:
        yield f"  {merge['name']} = {merge['other']}  {merge['confidence']:.0%} sure, by {merge['decided_by']}"
        for evidence in merge["evidence"]:
            places = f"  [{', '.join(evidence['places'])}]" if evidence["places"] else ""
            yield f"      {evidence['kind']}, seen {counted(evidence['count'], 'time')}{places}"
    yield from _more(merges, limit)


def _post(post: dict[str, Any]) -> str:
    relations = ", ".join(post["relations"])
    return f"  {post.get('date', '')[:10]:<10}  {post['label']}  [{post['path']}]  {relations}"


def _some(items: Sequence[dict[str, Any]], limit: int, line: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    """The first items, and a line that says how many more there are."""
    yield from map(line, items[: limit or None])
    yield from _more(items, limit)


def _more(items: Sequence[object], limit: int) -> Iterator[str]:
    if limit and len(items) > limit:
        yield f"  … and {len(items) - limit:,} more"


def _draw(graph: KnowledgeGraph, iri: IRI, target: Path) -> None:
    from kg.views.pictures import neighbourhood

    with os_errors(ExportError, f"cannot write {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, neighbourhood(graph, iri).to_bytes(), typed=True)
