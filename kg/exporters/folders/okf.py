"""Open Knowledge Format 0.2 (https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md).

    posts/PATH.md        each post with its body, its names in their canonical spelling, its links resolved
    KIND/NAME.md         each thing: definitions, the posts that name it as its sources, what it is often named with
    index.md             in each folder: what is there

The fields of a post keep their names, so that `kg build` reads the same graph from the bundle. A thing is `generated`
by kg at the date of its newest post: the same posts give the same bytes.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import yaml

from kg import __version__
from kg.exporters.folders import FolderExporter
from kg.fields import LINK, SOURCE, SUMMARIES, plain_key
from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph
from kg.insight.days import day_of
from kg.insight.incidence import Incidence
from kg.insight.relatedness import related_things
from kg.iris import field_name
from kg.model import IRI, Edge, Node
from kg.namespaces import FIELD, JSON, compact
from kg.reading.bodies import body_of
from kg.text.markdown import escaped

VERSION = "0.2"
_COMPANIONS = 5
_LONGEST = 80
"""Characters of the name of a thing's file."""
_DESCRIPTION = 300
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|%#]|^[.\s]+|[.\s]+$")
_RESERVED = frozenset({"index", "log"})
_OF_OKF = frozenset(map(plain_key, ("type", "title", "description", "resource", "sources")))
"""Fields that are written first, and only once."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """The data for the files of a bundle."""

    graph: KnowledgeGraph
    content: Path
    _taken: set[str] = field(default_factory=set)

    @cached_property
    def paths(self) -> Mapping[IRI, str]:
        """The file of each node, without `.md`; no two differ by case alone, and none is reserved."""
        result = {}
        for node in self.graph.nodes.values():
            if node.kind == "post":
                path = PurePosixPath(path_of(node))
                folder, name = f"posts/{path.parent}".removesuffix("/."), path.stem
            else:
                local = node.iri.removeprefix(self.graph.dataset.base).partition("/")[2] or node.label
                folder, name = node.kind, _UNSAFE.sub("-", local)[:_LONGEST]
            plain = f"{folder}/{name}"
            if not name or name.casefold() in _RESERVED or plain.casefold() in self._taken:
                plain += "-" + sha256(node.iri.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            self._taken.add(plain.casefold())
            result[node.iri] = plain
        return result

    @cached_property
    def outgoing(self) -> Mapping[IRI, list[Edge]]:
        """The edges of each node, in the order of its lines."""
        result: dict[IRI, list[Edge]] = defaultdict(list)
        for edge in sorted(self.graph.edges, key=lambda edge: (edge.source, edge.line, edge.target, edge.predicate)):
            result[edge.source].append(edge)
        return result

    @cached_property
    def incoming(self) -> Mapping[IRI, list[Edge]]:
        """The edges that lead to each node from posts."""
        result: dict[IRI, list[Edge]] = defaultdict(list)
        for edge in self.graph.edges:
            if self.graph.nodes[edge.source].kind == "post":
                result[edge.target].append(edge)
        return result

    @cached_property
    def table(self) -> Incidence:
        """Which post names which thing."""
        return Incidence.of(self.graph)

    def link(self, iri: IRI) -> str:
        """A Markdown link to a node, from the root of the bundle."""
        return f"[{escaped(self.graph.nodes[iri].label)}]({self.address(iri)})"

    def address(self, iri: IRI) -> str:
        """Where a node is, from the root of the bundle."""
        return "/" + quote(self.paths[iri]) + ".md"

    def post(self, node: Node) -> bytes:
        """The document of a post."""
        fields = self.fields(node)
        links, named = [], defaultdict(list)
        for edge in self.outgoing.get(node.iri, ()):
            target = self.graph.nodes[edge.target]
            if target.kind in ("post", "page") or edge.predicate == LINK:
                links += [edge] if edge.field in ("", "body") or edge.predicate == LINK else []
            elif edge.field not in ("", "body"):
                named[edge.field].append(target.label)
        # For what was typed, `Ada; 王小明`, the names that were found in it.
        fields |= {name: names if len(names) > 1 else names[0] for name, names in named.items()}
        sources = [a.value for a in node.attributes if a.predicate == SOURCE]
        head: dict[str, Any] = {"type": _own(fields, "type") or "Blog Post", "title": node.label}
        if description := self.description(node):
            head["description"] = description
        head["resource"] = _own(fields, "resource") or node.iri
        if isinstance(fields.get("sources"), list | dict):
            head["sources"] = fields["sources"]
        elif sources:
            head["sources"] = [{"resource": source} for source in sources]
        head |= {name: value for name, value in fields.items() if plain_key(name) not in _OF_OKF}
        body = body_of(self.content, path_of(node))[0].strip("\n")
        lines = [f"* {self.link(edge.target)} - {compact(edge.predicate)}" for edge in links]
        return _document(head, [body, _section("Links", lines)])

    def fields(self, node: Node) -> dict[str, Any]:
        """The fields of a post as typed, except that paths to posts lead to their new places."""
        texts = {(a.line, a.column) for a in node.attributes if a.field and a.predicate.startswith(FIELD)}
        values: dict[str, list[str]] = defaultdict(list)
        whole: dict[str, Any] = {}
        """Path of a value → the value, where lists and objects in it are kept as JSON."""
        for a in node.attributes:
            own = FIELD + field_name(a.field)
            if not a.field or (
                a.datatype != JSON and not a.predicate.startswith(FIELD) and (a.line, a.column) in texts
            ):
                continue
            path = a.field + a.predicate[len(own) :] if a.predicate.startswith(f"{own}.") else a.field
            if a.datatype == JSON:
                whole[path] = json.loads(a.value)
            else:
                values[path].append(a.value)
        moved = self._moved(node)
        result: dict[str, Any] = {}
        for path, found in values.items():
            known = next((one for one in whole if path == one or path.startswith(f"{one}.")), path)
            value = _with(whole.get(known, found if len(found) > 1 else found[0]), moved)
            name = next(a.field for a in node.attributes if a.field and f"{known}.".startswith(f"{a.field}."))
            *outer, last = [name, *filter(None, known[len(name) :].split("."))]
            place = result
            for part in outer:
                inner = place.setdefault(part, {})
                place = inner if isinstance(inner, dict) else place.setdefault(f"{part}.", {})
            place[last] = value
        return result

    def _moved(self, node: Node) -> dict[str, str]:
        """Path of another post in the fields of a post → its address in the bundle."""
        targets: dict[tuple[str, int], list[IRI]] = defaultdict(list)
        for edge in self.outgoing.get(node.iri, ()):
            if edge.field not in ("", "body") and self.graph.nodes[edge.target].kind == "post":
                targets[edge.field, edge.line].append(edge.target)
        return {
            a.value: self.address(iri)
            for a in node.attributes
            for iri in targets.get((a.field, a.line), ())
            if a.datatype != JSON
            and "/" in a.value
            and PurePosixPath(a.value).name == path_of(self.graph.nodes[iri]).rpartition("/")[2]
        }

    def thing(self, node: Node) -> bytes:
        """The document of anything but a post."""
        posts = list({edge.source: self.graph.nodes[edge.source] for edge in self.incoming.get(node.iri, ())}.values())
        posts.sort(key=lambda post: (day_of(post), post.iri), reverse=True)
        kind = self.graph.kinds[node.kind]
        head: dict[str, Any] = {"type": kind.label, "title": node.label, "description": self.description(node)}
        head["resource"] = node.iri
        if node.names[1:]:
            head["aliases"] = list(node.names[1:])
        if node.same_as:
            head["same_as"] = list(map(str, node.same_as))
        generated = {"by": f"kg/{__version__}"}
        if posts and (day := day_of(posts[0])):
            generated["at"] = f"{day}T00:00:00Z"
        head["generated"] = generated
        ids = {post.iri: f"post-{number}" for number, post in enumerate(posts, 1)}
        if posts:
            head["sources"] = [
                {"id": ids[post.iri], "resource": self.address(post.iri), "title": post.label} for post in posts
            ]
        by_path = {path_of(post): post.iri for post in posts}
        entries = []
        for path, one in node.definitions:
            mark = f"[^{ids[by_path[path]]}]" if path in by_path else ""
            if one.text:
                entries.append(f"* {escaped(one.text)}{mark}")
        companions = [self.link(one.node.iri) for one in related_things(self.table, node.iri, limit=_COMPANIONS)]
        others = [edge.target for edge in self.outgoing.get(node.iri, ())]
        cited = [f"[^{key}]: {escaped(self.graph.nodes[iri].label)}" for iri, key in ids.items()] if entries else []
        named = [f"* {self.link(post.iri)}" + (f" - {day}" if (day := day_of(post)) else "") for post in posts]
        parts = [
            _section("Definitions", entries),
            _section("Posts", named),
            _section("Often named with", [f"* {link}" for link in companions]),
            _section("See also", [f"* {self.link(iri)}" for iri in others]),
            "\n".join(cited),
        ]
        return _document(head, parts)

    def description(self, node: Node) -> str:
        """One line about a node."""
        found = node.value(*SUMMARIES)
        if node.kind != "post":
            found = next((one.text for _path, one in node.definitions if one.text), "")
            count = len({edge.source for edge in self.incoming.get(node.iri, ())})
            found = found or f"Named by {count} post{'' if count == 1 else 's'}."
        line = " ".join(found.split())
        return line if len(line) <= _DESCRIPTION else line[: _DESCRIPTION - 1] + "…"

    def indexes(self) -> Iterator[tuple[str, bytes]]:
        """An index for each folder: its files and its folders."""
        files: dict[str, list[IRI]] = defaultdict(list)
        folders: dict[str, set[str]] = defaultdict(set)
        for iri, path in self.paths.items():
            folder = str(PurePosixPath(path).parent)
            files[folder].append(iri)
            for part in (PurePosixPath(path).parent, *PurePosixPath(path).parent.parents):
                if str(part) != ".":
                    folders[str(part.parent)].add(part.name)
        for folder in sorted({".", *files, *folders}):
            concepts = sorted(files.get(folder, ()), key=lambda iri: self.paths[iri])
            lines = []
            for iri in concepts:
                node, name = self.graph.nodes[iri], quote(PurePosixPath(self.paths[iri]).name)
                lines.append(f"* [{escaped(node.label)}]({name}.md) - {escaped(self.description(node))}")
            inner = [f"* [{escaped(name)}]({quote(name)}/index.md)" for name in sorted(folders.get(folder, ()))]
            text = "\n\n".join(filter(None, (_section("Folders", inner), _section("Concepts", lines))))
            head = f'---\nokf_version: "{VERSION}"\n---\n\n' if folder == "." else ""
            yield f"{folder}/index.md".removeprefix("./"), _encoded(f"{head}{text}\n")


def files(graph: KnowledgeGraph, content: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the bundle."""
    bundle = Bundle(graph, content)
    for iri, path in bundle.paths.items():
        node = graph.nodes[iri]
        yield f"{path}.md", bundle.post(node) if node.kind == "post" else bundle.thing(node)
    yield from bundle.indexes()


def _own(fields: dict[str, Any], name: str) -> str:
    """The value of a field that OKF also has, which the post itself uses."""
    found = next((value for key, value in fields.items() if plain_key(key) == name), "")
    return str(found[0] if isinstance(found, list) else found)


def _with(value: Any, moved: Mapping[str, str]) -> Any:
    """A value with some texts replaced, at any depth."""
    if isinstance(value, list):
        return [_with(one, moved) for one in value]
    if isinstance(value, dict):
        return {name: _with(one, moved) for name, one in value.items()}
    return moved.get(value, value)


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", *lines]) if lines else ""


def _document(head: dict[str, Any], parts: list[str]) -> bytes:
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=120)
    return _encoded("\n\n".join([f"---\n{front}---", *filter(None, parts)]) + "\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


EXPORTER = FolderExporter(
    title="Open Knowledge Format: Markdown with resolved links, for people, agents and tools",
    spec="https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md",
    folder="okf",
    files=files,
)
