"""Graphs to try the page on: one with everything hostile in it, and one as large as ten thousand posts make."""

from __future__ import annotations

import numpy as np

from kg.graph.model import Dataset, KnowledgeGraph
from kg.insight.themes import Theme, Themes, themes
from kg.insight.topology import Topology
from kg.iris import entity_iri, post_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Edge, Node, Text
from kg.namespaces import DCTERMS, SCHEMA, XSD
from kg.views.map import Map, Region, chart

BASE = IRI("https://kg.example/")
MENTIONS = IRI(SCHEMA + "mentions")
PREDICATES = {
    "tag": IRI(SCHEMA + "keywords"),
    "category": IRI(DCTERMS + "subject"),
    "area": IRI(DCTERMS + "subject"),
    "work": IRI(SCHEMA + "citation"),
}
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "javascript:window.hacked=1",
    "\u202egnp.exe\u2066 hidden\u2069 \u200f",
    '"><svg onload=window.hacked=1>',
    "-->]]>&lt;b&gt;{{CORE}}",
    "=HYPERLINK(1)",
    "tab\tnewline\nunit\x1fend",
    "long " * 2000,
)


def built(nodes: list[Node], edges: set[tuple[IRI, IRI, IRI]], title: str = "Test") -> KnowledgeGraph:
    """Sorted, as the builder makes it."""
    return KnowledgeGraph(
        dataset=Dataset(base=BASE, title=title),
        nodes={node.iri: node for node in sorted(nodes, key=lambda node: node.iri)},
        edges=tuple(Edge(s, p, t, "test") for s, p, t in sorted(edges)),
    )


def post(path: str, title: str, date: str = "", summary: str = "", source: str = "") -> Node:
    attributes = [
        Attribute(IRI(DCTERMS + "identifier"), path, XSD + "string"),
        Attribute(IRI(SCHEMA + "headline"), title),
    ]
    if date:
        attributes.append(Attribute(IRI(SCHEMA + "datePublished"), date, XSD + "date"))
    if summary:
        attributes.append(Attribute(IRI(SCHEMA + "abstract"), summary))
    if source:
        attributes.append(Attribute(IRI(SCHEMA + "isBasedOn"), source, IRI_OBJECT if "://" in source else ""))
    return Node(post_iri(BASE, path), "post", title, (Text(title),), attributes=tuple(attributes))


def entity(kind: str, label: str, *others: Text, aliases: tuple[str, ...] = ()) -> Node:
    return Node(
        entity_iri(BASE, kind, label), kind, label, (Text(label), *others), tuple(Text(alias) for alias in aliases)
    )


def hostile() -> KnowledgeGraph:
    """Every hostile text as a title, a summary, a source, and the name of each kind of thing."""
    nodes: list[Node] = []
    edges: set[tuple[IRI, IRI, IRI]] = set()
    hub = entity("organization", "Hub", aliases=HOSTILE[:5])
    nodes.append(hub)
    for i, text in enumerate(HOSTILE):
        item = post(f"h{i}.md", text, f"2024-0{i % 9 + 1}-01", text, text)
        nodes.append(item)
        edges.add((item.iri, MENTIONS, hub.iri))
        for kind in ("person", "tag", "category"):
            thing = entity(kind, text)
            nodes.append(thing)
            edges.add((item.iri, PREDICATES.get(kind, MENTIONS), thing.iri))
    unique = {node.iri: node for node in nodes}
    return built(list(unique.values()), edges, title=HOSTILE[0])


SYLLABLES = [
    "ka",
    "ri",
    "no",
    "ven",
    "tor",
    "mi",
    "sel",
    "da",
    "lu",
    "pra",
    "xen",
    "go",
    "bi",
    "ast",
    "or",
    "tel",
    "un",
    "fra",
    "qui",
    "zo",
]
HAN = "中美英德法日韩网络智能数据经济金融科技能源市场政策公司银行投资未来历史文化教育健康"
SIZES = {
    "person": 9_000,
    "organization": 9_000,
    "product": 8_000,
    "work": 5_000,
    "tag": 9_000,
    "category": 60,
    "area": 35,
}


def big(posts: int = 10_000, seed: int = 7) -> KnowledgeGraph:
    """A graph shaped like a real one: topics, a heavy-tailed choice of things, two languages, dates, summaries."""
    rng = np.random.default_rng(seed)
    topics = 40
    scale = posts / 10_000
    things: dict[str, list[Node]] = {}
    for kind, size in SIZES.items():
        labels: dict[str, Node] = {}
        while len(labels) < max(6, int(size * scale)):
            chinese = rng.random() < 0.4
            if chinese:
                label = "".join(HAN[i] for i in rng.integers(0, len(HAN), rng.integers(2, 6)))
            else:
                parts = ["".join(SYLLABLES[i] for i in rng.integers(0, 20, rng.integers(2, 4))) for _ in range(2)]
                label = " ".join(part.capitalize() for part in parts)
            other = (Text(label + " Ltd", "en"),) if chinese and rng.random() < 0.3 else ()
            node = entity(kind, label, *other, aliases=(label + " Group",) if rng.random() < 0.1 else ())
            labels.setdefault(node.iri, node)
        things[kind] = list(labels.values())
    nodes = [node for group in things.values() for node in group]
    edges: set[tuple[IRI, IRI, IRI]] = set()
    days = np.datetime64("2016-01-01") + (3650 * np.sqrt(rng.random(posts))).astype(int)
    per_post = {"person": 3, "organization": 4, "product": 3, "work": 1, "tag": 4, "category": 1, "area": 1}
    topic = rng.integers(0, topics, posts)
    for i in range(posts):
        words = "".join(HAN[j] for j in rng.integers(0, len(HAN), 160))
        item = post(
            f"{i % 10}/p{i:05}.md", words[:18] + f" {i}", str(days[i]), words, f"https://example.org/watch?v={i:08x}"
        )
        nodes.append(item)
        for kind, count in per_post.items():
            group = things[kind]
            # From the topic's own share of the things, heavy-tailed; one from the line, so that nothing is left out.
            own = (rng.pareto(0.9, count) * 4).astype(int) * topics + topic[i]
            own[0] = i if count < 2 or rng.random() < 0.97 else own[0]
            for pick in own:
                chosen = group[int(pick) % len(group)]
                edges.add((item.iri, PREDICATES.get(kind, MENTIONS), chosen.iri))
    return built(nodes, edges, title="Ten thousand posts")


def draw_quickly(graph: KnowledgeGraph, regions: int = 24, seed: int = 5) -> None:
    """A map in no time, for tests that are not about the map: regions on a sunflower, nodes strewn about them."""
    rng = np.random.default_rng(seed)
    iris = tuple(graph.nodes)
    turn = np.arange(regions) * 2.39996
    centers = 0.75 * np.sqrt((np.arange(regions) + 0.5) / regions)[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    membership = np.sort(rng.integers(0, regions, len(iris)))[rng.permutation(len(iris))].astype(np.int32)
    positions = (centers[membership] + rng.normal(0, 0.09, (len(iris), 2))).astype(np.float32)
    sizes = np.bincount(membership, minlength=regions)
    found = tuple(
        Theme(f"r{i}", f"Region {i}", {"zh": f"区域 {i}"}, int(size), iris[i : i + 3], ())
        for i, size in enumerate(sizes)
    )
    graph.derived[themes] = Themes(Topology.of(graph), membership, found)
    areas = tuple(
        Region(one.name, one.names_by_language, one.size, (float(x), float(y)), 0.14, one.typical, id=one.id)
        for one, (x, y) in zip(found, centers, strict=True)
    )
    graph.derived[chart] = Map(iris, positions, membership, areas)
