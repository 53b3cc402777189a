"""Data for the site that the posts belong to: one JSON file for each post and each thing, in a folder of data.

    posts/KEY.json       related posts and why, backlinks with their sentence, what it names, themes, JSON-LD to embed
    entities/KEY.json    definitions, posts, companions, months, themes, JSON-LD to embed
    index.json           the key of each post by its path, all things, all themes

And on request, in a folder that is published as it is:

    entities/KEY.html    a plain page
    llms.txt             the posts for language models, theme by theme (https://llmstxt.org)

Hugo (`data/`), Eleventy and Jekyll (`_data/`), Astro and Quartz read these as they are. A key is made of ASCII letters,
digits, `-` and `_`, and is a function of the path or of the IRI alone. Text is plain text everywhere, and `jsonld` may
stand in a script element as it is. docs/site.md tells each field.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from kg.exporters.folders import FolderExporter
from kg.exporters.folders._article import article, embedded, thing
from kg.exporters.folders._keys import key_of
from kg.exporters.folders._sentences import sentence
from kg.fields import HOMEPAGE, SUMMARIES
from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph
from kg.insight.bridges import ThemedPosts
from kg.insight.days import day_of
from kg.insight.incidence import Incidence
from kg.insight.relatedness import Profiles, Related, newest_first, related_things
from kg.insight.theme_portraits import portraits
from kg.insight.themes import themes
from kg.insight.trends import Trends
from kg.model import IRI, Edge, Node
from kg.namespaces import compact
from kg.reading.bodies import body_of
from kg.text.markdown import escaped

RELATED = 5
"""Maximum number of related posts, and of companions of a thing."""

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class SiteData:
    """The data for the files of a site."""

    graph: KnowledgeGraph
    content: Path

    @cached_property
    def table(self) -> Incidence:
        """Which post names which thing."""
        return Incidence.of(self.graph)

    @cached_property
    def profiles(self) -> Profiles:
        """For related posts."""
        return Profiles(self.table)

    @cached_property
    def trends(self) -> Trends:
        """For months."""
        return Trends(self.table)

    @cached_property
    def themed(self) -> ThemedPosts:
        """For themes."""
        return ThemedPosts(self.table, themes(self.graph))

    @cached_property
    def keys(self) -> Mapping[IRI, str]:
        """IRI → key."""
        base = self.graph.dataset.base
        return {
            node.iri: key_of(path_of(node).removesuffix(".md") if node.kind == "post" else node.iri.removeprefix(base))
            for node in self.graph.nodes.values()
        }

    @cached_property
    def outgoing(self) -> Mapping[IRI, list[Edge]]:
        """IRI of a post → the edges that begin at it."""
        found: dict[IRI, list[Edge]] = defaultdict(list)
        for edge in self.graph.edges:
            found[edge.source].append(edge)
        return found

    @cached_property
    def backlinks(self) -> Mapping[IRI, list[Row]]:
        """IRI of a post → the posts that link to it, the newest first, each with the sentence that does."""
        found: dict[IRI, dict[IRI, Row]] = defaultdict(dict)
        for source, edges in self.outgoing.items():
            links = [edge for edge in edges if self.graph.nodes[edge.target].kind == "post"]
            if not links:
                continue
            path = path_of(self.graph.nodes[source])
            body, first = body_of(self.content, path)
            lines = body.split("\n")
            for edge in links:
                target = self.graph.nodes[edge.target]
                names = [PurePosixPath(path_of(target)).stem, *target.names]
                place = edge.line - first
                text = sentence(lines[place], names) if edge.field == "body" and 0 <= place < len(lines) else ""
                row = self.post_row(self.graph.nodes[source])
                row |= {"line": edge.line, "field": edge.field, "sentence": text}
                if not found[edge.target].get(source, {}).get("sentence"):
                    found[edge.target][source] = row
        newest = {iri: newest_first(self.table, [self.table.row[one] for one in rows]) for iri, rows in found.items()}
        return {iri: [found[iri][source] for source in sources] for iri, sources in newest.items()}

    def post_row(self, node: Node) -> Row:
        """A post as it is listed in other files."""
        return {"key": self.keys[node.iri], "path": path_of(node), "title": node.label, "date": day_of(node)}

    def thing_row(self, node: Node) -> Row:
        """A thing as it is listed in other files."""
        return {"key": self.keys[node.iri], "kind": node.kind, "label": node.label, "labels": _labels(node)}

    def row(self, node: Node) -> Row:
        """A post or a thing as it is listed in other files."""
        return self.post_row(node) if node.kind == "post" else self.thing_row(node)

    def breadcrumbs(self, node: Node) -> list[Row]:
        """The theme of a node, and below it what the node names that is most typical of this theme."""
        number = int(self.themed.found.membership[self.table.column[node.iri]])
        theme = self.themed.found.themes[number]
        if not theme.name:
            return []
        scores, column = self.themed.typical[number], self.table.column
        named = {edge.target for edge in self.outgoing.get(node.iri, ())} if node.kind == "post" else set()
        topics = [self.graph.nodes[iri] for iri in named if self.graph.kinds[self.graph.nodes[iri].kind].scheme]
        typical = [topic for topic in topics if scores[column[topic.iri]] > 0]
        best = min(typical, key=lambda topic: (-scores[column[topic.iri]], topic.iri), default=None)
        top = {"theme": theme.id, "label": theme.name, "labels": theme.names_by_language}
        return [top, *([self.thing_row(best)] if best else [])]

    def post(self, node: Node) -> Row:
        """`posts/KEY.json`."""
        edges = self.outgoing.get(node.iri, [])
        named: dict[IRI, list[str]] = {}
        for edge in edges:
            if self.graph.nodes[edge.target].kind != "post":
                named.setdefault(edge.target, []).append(compact(edge.predicate))
        related = self.profiles.related_posts(node.iri, limit=RELATED)
        return self.post_row(node) | {
            "iri": node.iri,
            "breadcrumbs": self.breadcrumbs(node),
            "related": [self._related(one) for one in related],
            "backlinks": self.backlinks.get(node.iri, []),
            "links": [
                self.post_row(self.graph.nodes[iri])
                for iri in dict.fromkeys(edge.target for edge in edges)
                if self.graph.nodes[iri].kind == "post"
            ],
            "entities": [
                self.thing_row(self.graph.nodes[iri]) | {"relations": relations} for iri, relations in named.items()
            ],
            "jsonld": embedded(article(self.graph, node, edges)),
        }

    def _related(self, one: Related) -> Row:
        shared = [self.row(other) for other in one.shared]
        row = {"score": round(one.score, 4), "links": list(one.links), "shared": shared, "words": list(one.words)}
        return self.post_row(one.node) | row

    def entity(self, node: Node) -> Row:
        """`entities/KEY.json`."""
        rows = self.table.posts_of(node.iri).tolist()
        companions = related_things(self.table, node.iri, limit=RELATED)
        months = self.trends.of(node.iri)
        first = next((place for place, month in enumerate(months) if month.named), len(months))
        names = dict.fromkeys(text.value for text in (*node.labels, *node.aliases))
        return self.thing_row(node) | {
            "iri": node.iri,
            "names": list(names),
            "same_as": list(node.same_as),
            "breadcrumbs": self.breadcrumbs(node),
            "definitions": [{"text": d.text, "path": path, "line": d.line} for path, d in node.definitions if d.text],
            "posts": [self.post_row(self.graph.nodes[iri]) for iri in newest_first(self.table, rows)],
            "companions": [
                self.thing_row(one.node) | {"score": round(one.score, 4), "posts": len(one.posts)} for one in companions
            ],
            "months": [month._asdict() | {"share": round(month.share, 6)} for month in months[first:]],
            "jsonld": embedded(thing(self.graph, node)),
        }

    @cached_property
    def posts(self) -> list[Node]:
        """In the order of their IRIs."""
        return [node for node in self.graph.nodes.values() if node.kind == "post"]

    @cached_property
    def things(self) -> list[Node]:
        """All things, those that most posts name first."""
        counts = {node.iri: int(count) for node, count in zip(self.table.nodes, self.table.counts, strict=True)}
        found = [node for node in self.graph.nodes.values() if node.kind != "post"]
        return sorted(found, key=lambda node: (-counts[node.iri], node.iri))

    def index(self) -> Row:
        """`index.json`."""
        counts, column = self.table.counts, self.table.column
        return {
            "title": self.graph.dataset.title,
            "posts": {path_of(node): self.post_row(node) | {"iri": node.iri} for node in self.posts},
            "entities": [
                self.thing_row(node) | {"iri": node.iri, "posts": int(counts[column[node.iri]])} for node in self.things
            ],
            "themes": [
                {
                    "theme": one.theme.id,
                    "label": one.theme.name,
                    "labels": one.theme.names_by_language,
                    "posts": one.posts,
                    "typical": [self.row(node) for node in one.typical],
                    "newest": [self.post_row(node) for node in one.newest],
                    "neighbours": [near.theme.id for near in one.neighbours],
                }
                for one in portraits(self.graph, self.table, limit=0)
            ],
        }

    def llms(self) -> str:
        """`llms.txt`: every post with its summary, below its theme."""
        titles = [theme.name or "More" for theme in self.themed.found.themes]
        lines: dict[int, list[str]] = {number: [] for number in range(len(titles))}
        place = {node.iri: row for row, node in enumerate(self.posts)}
        order = newest_first(self.table, range(len(self.posts)))
        for node in (self.graph.nodes[iri] for iri in order):
            abstract = node.value(*SUMMARIES)
            address = node.value(HOMEPAGE) or path_of(node)
            about = f": {escaped(abstract)}" if abstract else ""
            lines[int(self.themed.theme_of[place[node.iri]])].append(
                f"- [{escaped(node.label)}](<{_link(address)}>){about}"
            )
        parts = [f"# {escaped(self.graph.dataset.title) or 'Posts'}"]
        parts += ["\n".join([f"## {escaped(titles[n])}\n", *listed]) for n, listed in lines.items() if listed]
        return "\n\n".join(parts) + "\n"


def _labels(node: Node) -> dict[str, str]:
    return {text.language or "und": text.value for text in node.labels}


def _link(address: str) -> str:
    return (
        address.replace("<", "%3C").replace(">", "%3E").replace("\n", "%0A").replace("\r", "%0D").replace("\\", "%5C")
    )


def _json(row: Row) -> bytes:
    return (json.dumps(row, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def files(graph: KnowledgeGraph, content: Path) -> Iterator[tuple[str, bytes]]:
    """The folder of data."""
    site = SiteData(graph, content)
    yield "index.json", _json(site.index())
    for node in site.posts:
        yield f"posts/{site.keys[node.iri]}.json", _json(site.post(node))
    for node in site.things:
        yield f"entities/{site.keys[node.iri]}.json", _json(site.entity(node))


def pages(graph: KnowledgeGraph, content: Path) -> Iterator[tuple[str, bytes]]:
    """llms.txt, and a plain HTML page for each thing."""
    from kg.exporters.folders._pages import page

    site = SiteData(graph, content)
    yield "llms.txt", site.llms().encode("utf-8", "replace")
    for node in site.things:
        yield f"entities/{site.keys[node.iri]}.html", page(site.entity(node), graph.dataset.title)


EXPORTER = FolderExporter(
    title="data for Hugo, Eleventy, Jekyll, Astro and Quartz: related posts, backlinks, entities, JSON-LD",
    spec="https://schema.org/BlogPosting",
    folder="kg",
    files=files,
    pages=pages,
)
