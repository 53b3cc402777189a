"""Small pictures: part of a graph on one page, drawn by pyvis (https://pyvis.readthedocs.io), offline and harmless.

pyvis provides vis-network and the form of the data. The page itself, `page.html`, is ours: its policy forbids any use
of the network, and text from posts only reaches it as data. Positions come from `kg.views.map`, so nothing moves.
"""

import base64
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kg.errors import ConfigError
from kg.fields import HOMEPAGE, PUBLISHED, SOURCE, SUMMARY
from kg.graph.lookup import find
from kg.graph.model import KnowledgeGraph, local_name
from kg.insight.topology import Topology
from kg.machine.files import replace_file
from kg.model import IRI, IRI_OBJECT, Node
from kg.namespaces import Kind
from kg.views.map import chart
from kg.views.map.layout import sizes
from kg.views.map.neighbourhood import around, best_connected


class Style(NamedTuple):
    """How a kind is drawn: as on the page."""

    shape: str
    sign: str
    """The shape in the legend."""
    light: str
    """The colour on a light background."""
    dark: str


STYLES = {
    "post": Style("square", "■", "#7b8794", "#8f9cad"),
    "person": Style("dot", "●", "#c14700", "#fc9a54"),
    "organization": Style("hexagon", "⬢", "#0e6bbc", "#61bafb"),
    "product": Style("diamond", "◆", "#118f66", "#34d2a2"),
    "work": Style("triangle", "▲", "#a8399a", "#e891d8"),
    "tag": Style("ring", "○", "#b7840c", "#f2d64b"),
    "category": Style("pentagon", "⬟", "#4b3fb5", "#9690f6"),
    "area": Style("star", "★", "#8f1f4d", "#cd6192"),
    "project": Style("plus", "✚", "#4e8949", "#94e09b"),
    "series": Style("triangleDown", "▼", "#007371", "#7aeae3"),
    "concept": Style("cross", "✖", "#7c7b21", "#d6d573"),
    "page": Style("square", "□", "#57662d", "#adb87a"),
}
OTHERS = (
    Style("dot", "●", "#4d372d", "#c3a389"),
    Style("square", "■", "#8e0017", "#e26889"),
    Style("diamond", "◆", "#0b5779", "#5599b9"),
    Style("triangle", "▲", "#1d4503", "#dafc93"),
)
"""For the user's own kinds, in turn."""

UNIT = 10.0
"""Radius of a node with one link, in pixels at the first zoom."""
LONGEST = 36
"""Maximum length of a label in the picture, in characters; the panel shows all of it."""
LONGEST_TEXT = 20_000
"""Maximum length of any text on the page, in characters."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page that shows part of a graph; notebooks display it."""

    html: str
    nodes: int
    edges: int

    def _repr_html_(self) -> str:
        frame = "width:100%;height:640px;border:0"
        source = html.escape(self.html, quote=True)
        return f'<iframe sandbox="allow-scripts allow-popups" style="{frame}" srcdoc="{source}"></iframe>'

    def to_bytes(self) -> bytes:
        """The page in UTF-8."""
        return self.html.encode()

    def save(self, path: str | Path) -> Path:
        """Write the page to a file.

        Raises:
            OSError: it cannot be written.
        """
        replace_file(Path(path), self.to_bytes(), typed=True)
        return Path(path)


class HoldsGraph(Protocol):
    """Anything with a graph, such as the result of a build."""

    @property
    def knowledge_graph(self) -> KnowledgeGraph:
        """The graph."""


def picture_of(graph: KnowledgeGraph) -> Picture:
    """A picture of the whole graph if it is small, otherwise of its best-connected part; it says which."""
    return draw(best_connected(graph), of=graph)


def neighbourhood(graph: KnowledgeGraph, iri: IRI) -> Picture:
    """A picture of a node and its surroundings.

    Raises:
        KeyError: the graph has no such node.
    """
    return draw(around(graph, iri), of=graph, center=iri)


def show_neighbourhood(graph: KnowledgeGraph | HoldsGraph, name: str, *, kind: str = "") -> Picture:
    """A picture of the node with a name and its surroundings; in a notebook, the last line of a cell.

    >>> show_neighbourhood(kg.build("content"), "Ada Lovelace")  # doctest: +SKIP

    Args:
        graph: a graph, or the result of `kg.build`.
        name: in any spelling, an IRI, or the path of a post.
        kind: only nodes of this kind.

    Raises:
        ConfigError: no node has the name, or several have.
    """
    graph_ = graph if isinstance(graph, KnowledgeGraph) else graph.knowledge_graph
    found = find(graph_, name, kind=kind)
    if len(found.matches) != 1:
        near = ", ".join(f"{graph_.nodes[iri].label} <{iri}>" for iri in (found.matches or found.suggestions)[:5])
        if found.matches:
            raise ConfigError(f"several things are called {name!r}: {near}")
        raise ConfigError(f"nothing is called {name!r}" + (f"; did you mean {near}?" if near else ""))
    return neighbourhood(graph_, found.matches[0])


def draw(part: KnowledgeGraph, *, of: KnowledgeGraph, center: IRI | None = None) -> Picture:
    """A picture of part of a graph.

    Args:
        part: at most a few hundred nodes; all of them are drawn.
        of: the whole graph, for the counts.
        center: the node that the picture is about.
    """
    from jinja2 import DictLoader, Environment
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    _fill(net, part, center)
    net.options = _OPTIONS
    styles = _styles(of)
    scripts = [_vis(), _asset("page.js")]
    sheets = [_asset("page.css")]
    about = {
        "center": center,
        "shown": len(part.nodes),
        "all": len(of.nodes),
        "links": len(part.edges),
        "allLinks": len(of.edges),
        "kinds": [
            {"name": kind.name, "label": kind.label, "label_zh": kind.label_zh, **style._asdict()}
            for kind, style in styles.values()
        ],
        "details": {iri: _details(node) for iri, node in part.nodes.items()},
    }
    net.templateEnv = Environment(loader=DictLoader({"template.html": _asset("page.html")}), autoescape=True)
    net.templateEnv.globals.update(
        title=_plain(of.nodes[center].label if center else of.dataset.title),
        about=about,
        scripts=scripts,
        sheets=sheets,
        policy=_policy(scripts, sheets),
    )
    page = net.generate_html()
    return Picture(page, len(part.nodes), len(part.edges))


_PALE = {"color": "#9aa5b1", "opacity": 0.5}
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "multiselect": False, "keyboard": False},
    "nodes": {"borderWidth": 1},
    "edges": {"smooth": False, "arrows": {"to": {"enabled": True, "scaleFactor": 0.35}}, "selectionWidth": 1.5},
}


def _fill(net: Any, part: KnowledgeGraph, center: IRI | None) -> None:
    """Give pyvis the nodes with their positions, and the edges."""
    map_ = chart(part)
    topology = Topology.of(part)
    radii = sizes(topology)
    scale = UNIT * float(((radii**2).sum() / 0.15) ** 0.5)
    styles = _styles(part)
    for number, (iri, node) in enumerate(part.nodes.items()):
        x, y = map_.positions[number].tolist()
        _kind, style = styles[node.kind]
        # A post has many links because it names many things, not because it is important.
        emphasis = 1.6 if iri == center else 0.6 if node.kind == "post" else 0.8
        net.add_node(
            iri,
            label=_short(node.label),
            shape=style.shape,
            color=style.light,
            x=round(x * scale, 1),
            y=round(-y * scale, 1),  # vis-network counts y downwards
            physics=False,
            size=round(UNIT * float(radii[number]) * emphasis, 1),
            kind=node.kind,
        )
    for edge in part.edges:
        net.add_edge(edge.source, edge.target, relation=local_name(edge.predicate), width=1, color=_PALE)


def _styles(graph: KnowledgeGraph) -> dict[str, tuple[Kind, Style]]:
    """Kind → itself and its style, for kinds that have nodes; built-in kinds always look the same."""
    found = {node.kind for node in graph.nodes.values()}
    own = sorted(set(graph.kinds) - set(STYLES))
    styles = STYLES | {name: OTHERS[number % len(OTHERS)] for number, name in enumerate(own)}
    return {name: (graph.kinds[name], style) for name, style in styles.items() if name in found}


def _details(node: Node) -> dict[str, Any]:
    """The panel text of a node."""
    found: dict[str, str] = {}
    for attribute in node.attributes:
        name = _SHOWN.get(attribute.predicate)
        if name == "source" and not (attribute.datatype == IRI_OBJECT and _WEB.match(attribute.value)):
            continue
        if name:
            found.setdefault(name, _plain(attribute.value))
    names = [text.value for text in (*node.labels, *node.aliases) if text.value != node.label]
    others = [_plain(name) for name in dict.fromkeys(names)]
    return {"kind": node.kind, "label": _plain(node.label), "names": others, **found}


_SHOWN = {PUBLISHED: "date", SUMMARY: "summary", SOURCE: "source", HOMEPAGE: "source"}


def _plain(text: str) -> str:
    """Text without lone surrogates, which UTF-8 cannot hold, and not too long."""
    cut = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
    return cut.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _short(label: str) -> str:
    """A label in the picture: one line, without characters that change the direction of writing."""
    seen = " ".join(_UNSEEN.sub(" ", _plain(label)).split())
    return seen if len(seen) <= LONGEST else seen[: LONGEST - 1] + "…"


@cache
def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")


@cache
def _vis() -> str:
    """The script that comes with pyvis."""
    return files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js").read_text("utf-8")


def _policy(scripts: Iterable[str], sheets: Iterable[str]) -> str:
    """A content security policy (https://www.w3.org/TR/CSP3/): these scripts and styles, and no network at all."""

    def hashes(sources: Iterable[str]) -> str:
        return " ".join(f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'" for source in sources)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(sheets)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
