"""The graph as two compressed blobs that a browser turns back into typed arrays.

`core` is what the first view and the search need: positions, kinds, communities, names, dates and edges. `detail` is
what a reader asks for later: IRIs and all literals. Both are containers (see `_container`), compressed as zlib
streams (RFC 1950, https://www.rfc-editor.org/rfc/rfc1950), which `DecompressionStream("deflate")` reads.

Nodes are numbered by falling degree, so that the first n are always the most important part of the graph: the page
labels and draws them in that order.
"""

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.fields import IDENTIFIER, PUBLISHED, SUMMARIES, TITLE
from kg.graph.model import KnowledgeGraph
from kg.insight.topology import edge_ends
from kg.model import IRI, Node
from kg.namespaces import compact
from kg.rdf.statements import DEFINITION, SAME_AS
from kg.views.map import Map
from kg.views.map.backbone import backbone
from kg.views.page.hanzi import alike, sounds
from kg.views.page.story import packed as packed_story
from kg.views.page.story import story

FIELD_SEPARATOR = "\x1f"
NO_DATE = -(2**31)
"""The entry for a node without a date in the column of dates (days since 1970-01-01)."""
BUDGET = 2_950_000
"""Maximum size of both blobs in bytes, which keeps the page below four million. Long texts are cut until they fit."""
CUTS = (280, 200, 140, 100, 70, 50, 35, 25)
"""Lengths in characters to which abstracts and definitions are cut if not everything fits."""
SAMPLE = 16
"""One node in this many is sampled, to estimate how much a cut saves."""
MAX_VALUE = 4_000
"""Maximum length of a literal on the page, in characters; other formats hold all of it."""

_SEPARATORS = str.maketrans({"\n": " ", "\r": " ", FIELD_SEPARATOR: "\ufffd"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Packed:
    """The two compressed blobs."""

    core: bytes
    detail: bytes


def pack(graph: KnowledgeGraph, chart: Map) -> Packed:
    """Pack a graph and its map.

    Args:
        graph: n nodes and m edges.
        chart: positions in about [-1, 1] and communities, in the order of `graph.nodes`.
    """
    irises = list(graph.nodes)
    index = {iri: i for i, iri in enumerate(irises)}
    source, target = edge_ends(graph).T
    degree = np.bincount(source, minlength=len(irises)) + np.bincount(target, minlength=len(irises))
    order = np.argsort(-degree, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    nodes = [graph.nodes[irises[i]] for i in order.tolist()]
    languages = _Numbers()
    predicates = _Numbers()

    names = [_names(node, languages) for node in nodes]
    kinds = {name: i for i, name in enumerate(graph.kinds)}
    edge_order, edge_columns = _edges(graph, rank[source], rank[target], len(nodes), predicates)
    places = _places(graph, edge_order)
    details = [_details(node, graph.dataset.base, predicates) for node in nodes]
    of_things = {letter for node in nodes if node.kind != "post" for text in _texts(node) for letter in text}
    of_all = of_things.union(*(text for node in nodes for text in _texts(node)), *details)
    core = _container(
        {
            "title": graph.dataset.title,
            "base": graph.dataset.base,
            "nodes": len(nodes),
            "edges": len(graph.edges),
            "kinds": [
                {"name": kind.name, "en": kind.label, "zh": kind.label_zh, "class": kind.rdf_class}
                for kind in graph.kinds.values()
            ],
            "languages": list(languages),
            "predicates": [{"iri": iri, "name": compact(iri)} for iri in predicates],
            "regions": _regions(chart, index, rank),
            "story": packed_story(story(graph), {iri: int(rank[i]) for iri, i in index.items()}),
            "maxConcepts": graph.dataset.max_concepts,
            "alike": alike(of_all),
            "sounds": sounds(of_things),
        },
        {
            "position": _quantised(chart.positions[order]),
            "kind": np.fromiter((kinds[node.kind] for node in nodes), np.uint8, len(nodes)),
            "community": _planes(np.asarray(chart.communities)[order].astype(np.int32)),
            "date": _planes(_days(nodes)),
            "label": _lines(node.label for node in nodes),
            "names": _lines(names, separated=True),
            **edge_columns,
            **_ties(graph, rank),
        },
    )
    packed = zlib.compress(core)
    return Packed(packed, _fitting(nodes, details, graph.dataset.base, predicates, places, BUDGET - len(packed)))


def _fitting(
    nodes: list[Node],
    details: list[str],
    base: str,
    predicates: "_Numbers",
    places: tuple[list[str], Mapping[str, NDArray[Any]]],
    room: int,
) -> bytes:
    """What a reader asks for later, compressed; if there is no room for all, with abstracts and definitions cut."""
    fields, columns = places

    def packed(
        those: list[Node], texts: Iterable[str], *, cut: int = 0, more: Mapping[str, NDArray[Any]] | None = None
    ) -> bytes:
        iris = _lines(_short_iri(node, base) for node in those)
        return zlib.compress(
            _container(
                {"fields": fields, "cut": cut}, {"iri": iris, "text": _lines(texts, separated=True), **(more or {})}
            )
        )

    whole = packed(nodes, details, more=columns)
    if len(whole) <= room:
        return whole
    room -= len(zlib.compress(_container({}, columns)))
    sample = nodes[::SAMPLE]
    share = len(packed(nodes, details)) / len(packed(sample, details[::SAMPLE]))
    for most in CUTS[:-1]:
        if len(packed(sample, [_details(node, base, predicates, most) for node in sample])) * share <= 0.98 * room:
            break
    else:
        most = CUTS[-1]
    return packed(nodes, [_details(node, base, predicates, most) for node in nodes], cut=most, more=columns)


class _Numbers(dict[str, int]):
    """Numbers for strings, from 0, in the order in which they are first looked up."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


def _container(header: Mapping[str, Any], columns: Mapping[str, NDArray[Any] | bytes]) -> bytes:
    """`u32 length of header, header as JSON, columns`; little-endian, every column at a multiple of 4.

    The header gains `columns`: name → [offset from the first column, length], in bytes.
    """
    places: dict[str, list[int]] = {}
    chunks: list[bytes] = []
    offset = 0
    for name, column in columns.items():
        data = column if isinstance(column, bytes) else column.tobytes()
        places[name] = [offset, len(data)]
        padding = -len(data) % 4
        chunks.append(data + b"\0" * padding)
        offset += len(data) + padding
    text = json.dumps({**header, "columns": places}, ensure_ascii=False, separators=(",", ":"))
    encoded = text.encode("utf-8", "replace")
    encoded += b" " * (-len(encoded) % 4)
    return len(encoded).to_bytes(4, "little") + encoded + b"".join(chunks)


def _planes(column: NDArray[Any]) -> NDArray[np.uint8]:
    """The bytes of n little-endian numbers, all first bytes, then all second bytes: they compress better."""
    width = column.dtype.itemsize
    plain = np.ascontiguousarray(column, column.dtype.newbyteorder("<")).view(np.uint8).reshape(-1, width)
    return np.ascontiguousarray(plain.T)


def _quantised(positions: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """All x, then all y, as u16 over [-1.1, 1.1]."""
    unit = (np.asarray(positions, np.float64) + 1.1) / 2.2
    return _planes(np.clip(np.rint(unit * 65535), 0, 65535).astype("<u2").T.ravel())


def _days(nodes: list[Node]) -> NDArray[np.int32]:
    """Days since 1970-01-01 of schema:datePublished; `NO_DATE` without one, or if its year has not four digits."""
    result = np.full(len(nodes), NO_DATE, np.int32)
    for i, node in enumerate(nodes):
        for attribute in node.attributes:
            if attribute.predicate == PUBLISHED and _DAY.match(attribute.value):
                result[i] = np.datetime64(attribute.value[:10], "D").astype(np.int64)
                break
    return result


def _lines(values: Iterable[str], *, separated: bool = False) -> bytes:
    """One line per value, UTF-8. `separated` values hold our own field separators and are already clean."""
    clean = values if separated else (value.translate(_SEPARATORS) for value in values)
    return "\n".join(clean).encode("utf-8", "replace")


def _edges(
    graph: KnowledgeGraph, source: NDArray[np.int64], target: NDArray[np.int64], n: int, predicates: _Numbers
) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
    """Edges by source: their order; the number per node, then targets as differences, predicates and confidences."""
    predicate = np.fromiter((predicates[e.predicate] for e in graph.edges), np.int64, len(graph.edges))
    confidence = np.fromiter((e.confidence for e in graph.edges), np.float64, len(graph.edges))
    by_source = np.lexsort((predicate, target, source))
    source, target = source[by_source], target[by_source]
    step = np.diff(target, prepend=0)
    first = np.diff(source, prepend=-1) != 0
    step[first] = target[first]
    return by_source, {
        "out": _planes(np.bincount(source, minlength=n).astype(np.uint32)),
        "target": _planes(step.astype(np.uint32)),
        "predicate": _planes(predicate[by_source].astype(np.uint16)),
        "confidence": np.clip(np.rint(confidence[by_source] * 255), 0, 255).astype(np.uint8),
    }


def _places(graph: KnowledgeGraph, order: NDArray[np.int64]) -> tuple[list[str], dict[str, NDArray[Any]]]:
    """Where each edge is stated: all fields, and for each edge the number of its field and the line in its post."""
    fields = _Numbers()
    field = np.fromiter((fields[e.field] for e in graph.edges), np.int64, len(graph.edges))
    line = np.fromiter((min(e.line, 65535) for e in graph.edges), np.int64, len(graph.edges))
    columns = {"field": _planes(field[order].astype(np.uint16)), "line": _planes(line[order].astype(np.uint16))}
    return list(fields), columns


def _texts(node: Node) -> Iterable[str]:
    return (node.label, *(text.value for text in (*node.labels, *node.aliases)))


def _ties(graph: KnowledgeGraph, rank: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Pairs that go together: the lower number, as a difference, the higher one, and how many posts name both."""
    ends, posts, _strengths = backbone(graph)
    low, high = np.sort(rank[ends], axis=1).T
    order = np.lexsort((high, low))
    return {
        "tieFrom": _planes(np.diff(low[order], prepend=0).astype(np.uint32)),
        "tieTo": _planes(high[order].astype(np.uint32)),
        "tiePosts": _planes(np.minimum(posts[order], 65535).astype(np.uint16)),
    }


def _names(node: Node, languages: _Numbers) -> str:
    """Names of a node: the number of the language or nothing, `=` for a label or `~` for an alias, then the name.

    The node's own label is not repeated: its `=` is followed by nothing.
    """
    seen = set()
    fields = []
    for mark, texts in (("=", node.labels), ("~", node.aliases)):
        for text in texts:
            if (mark, text.value) in seen or (mark == "~" and text.value == node.label):
                continue
            seen.add((mark, text.value))
            number = str(languages[text.language]) if text.language else ""
            if mark == "=" and text.value == node.label:
                fields.append(f"{number}=")
            else:
                fields.append(f"{number}{mark}{text.value.translate(_SEPARATORS)}")
    return FIELD_SEPARATOR.join(fields)


def _short_iri(node: Node, base: str) -> str:
    """The IRI without the base (after `.`), or whole (after `<`), or nothing if the label implies it.

    The page undoes the last with `kind + "/" + label.toLowerCase().replaceAll(" ", "_")`, so it is used only for
    letters whose lower case is the same in all versions of Unicode.
    """
    if not node.iri.startswith(base):
        return "<" + node.iri
    tail = node.iri[len(base) :]
    label = node.label
    if tail == f"{node.kind}/{label.lower().replace(' ', '_')}" and (
        label.isascii() or all(c.isascii() or c.lower() == c.upper() for c in label)
    ):
        return ""
    return "." + tail


def _details(node: Node, base: str, predicates: _Numbers, most: int = MAX_VALUE) -> str:
    """Every literal of a node that the core does not hold: `number of the predicate=value`; long texts up to `most`."""
    fields = []
    for attribute in node.attributes:
        value = attribute.value
        if (attribute.predicate == PUBLISHED and len(value) == 10 and _DAY.match(value)) or (
            attribute.predicate == TITLE and value == node.label
        ):
            continue
        if attribute.predicate == IDENTIFIER and node.iri == f"{base}post/{value.removesuffix('.md')}":
            value = ""
        value = _cut(value, most if attribute.predicate in SUMMARIES else MAX_VALUE)
        fields.append(f"{predicates[attribute.predicate]}={value.translate(_SEPARATORS)}")
    definitions = dict.fromkeys(definition.text for _, definition in node.definitions if definition.text)
    fields += [f"{predicates[DEFINITION]}={_cut(text, most).translate(_SEPARATORS)}" for text in list(definitions)[:3]]
    fields += [f"{predicates[SAME_AS]}={iri}" for iri in node.same_as]
    fields += [f"^{iri}" for iri in node.former]
    fields += [
        f"~{merge.name.translate(_SEPARATORS)} ≈ {merge.other.translate(_SEPARATORS)} ({merge.confidence:.2f})"
        for merge in node.merges
        if merge.decided_by != "rule"
    ]
    return FIELD_SEPARATOR.join(fields)


def _cut(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


def _regions(chart: Map, index: Mapping[IRI, int], rank: NDArray[np.int64]) -> list[dict[str, Any]]:
    return [
        {
            "id": region.id,
            "name": region.name,
            "names": region.names_by_language,
            "size": int(region.size),
            "x": round(float(region.center[0]), 4),
            "y": round(float(region.center[1]), 4),
            "r": round(float(region.radius), 4),
            "typical": [int(rank[index[iri]]) for iri in region.typical],
        }
        for region in chart.regions
    ]
