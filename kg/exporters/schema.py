"""The front matter of a folder as JSON Schema, for editors.

Draft 7 (https://json-schema.org/draft-07), the version that YAML servers of editors know best
(https://github.com/redhat-developer/yaml-language-server). It offers the names that posts have so far and forbids
nothing: a new name is as good as a known one, and so is a new field.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, BinaryIO

from kg.exporters import Exporter
from kg.fields import plain_key
from kg.graph.flat import scalar
from kg.graph.model import KnowledgeGraph
from kg.namespaces import JSON, XSD, compact
from kg.text.wording import counted

_FEW = 30
"""Maximum number of distinct values of a text field that are offered."""
_REPEATS = 5
"""Minimum number of uses of each, on average."""
_NO_FIELDS = ("", "body")
_ANYTHING: dict[str, Any] = {}
"""The schema that allows everything."""


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the schema."""
    title = graph.dataset.title
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Front matter: {title}" if title else "Front matter",
        "type": "object",
        "properties": dict(sorted({**_texts(graph), **_names(graph)}.items())),
        "definitions": {kind: {"enum": names} for kind, names in _known(graph)},
    }
    stream.write(scalar(json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _known(graph: KnowledgeGraph) -> Iterable[tuple[str, list[str]]]:
    """Kind → the names of its things, those with the most edges first."""
    used = Counter(edge.target for edge in graph.edges if edge.field not in _NO_FIELDS)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(used, key=lambda iri: (-used[iri], iri)):
        node = graph.nodes[iri]
        for kind in node.kinds:
            by_kind[kind] += (node.label, *(text.value for text in node.labels))
    return ((kind, list(dict.fromkeys(names))) for kind, names in sorted(by_kind.items()))


def _names(graph: KnowledgeGraph) -> dict[str, Any]:
    """The fields that name things."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    predicates: dict[str, str] = {}
    for edge in graph.edges:
        if edge.field not in _NO_FIELDS:
            key = plain_key(edge.field)
            spellings[key][edge.field] += 1
            kinds[key][graph.nodes[edge.target].kind] += 1
            predicates.setdefault(key, compact(edge.predicate))
    result = {}
    for key, counts in kinds.items():
        offered = [{"$ref": f"#/definitions/{kind}"} for kind in sorted(counts)]
        result[_usual(spellings[key])] = {
            "description": f"{predicates[key]}: {counted(counts.total(), 'name')}",
            "anyOf": [*offered, {"type": "array", "items": {"anyOf": [*offered, _ANYTHING]}}, _ANYTHING],
        }
    return result


def _texts(graph: KnowledgeGraph) -> dict[str, Any]:
    """The fields that hold text, dates, numbers."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    values: dict[str, Counter[str]] = defaultdict(Counter)
    datatypes: dict[str, Counter[str]] = defaultdict(Counter)
    predicates: dict[str, str] = {}
    for node in graph.nodes.values():
        for attribute in node.attributes:
            if attribute.field not in _NO_FIELDS:
                key = plain_key(attribute.field)
                spellings[key][attribute.field] += 1
                values[key][attribute.value] += 1
                datatypes[key][attribute.datatype] += 1
                predicates.setdefault(key, compact(attribute.predicate))
    result = {}
    for key, used in values.items():
        types, total = datatypes[key], used.total()
        field: dict[str, Any] = {"description": f"{predicates[key]}: {counted(total, 'value')}"}
        if types.keys() == {XSD + "boolean"}:
            field["anyOf"] = [{"type": "boolean"}, _ANYTHING]
        elif types.keys() <= {"", XSD + "string"} and len(used) <= _FEW and total >= _REPEATS * len(used):
            field["anyOf"] = [{"enum": sorted(used, key=lambda value: (-used[value], value))}, _ANYTHING]
        if JSON not in types:
            result[_usual(spellings[key])] = field
    return result


def _usual(spellings: Counter[str]) -> str:
    """The most frequent spelling of a field."""
    return min(spellings, key=lambda name: (-spellings[name], name))


EXPORTER = Exporter(
    title="JSON Schema of the front matter, with the names known so far, for editors",
    media_type="application/schema+json",
    files=("schema.json",),
    spec="https://json-schema.org/draft-07",
    write=write,
    holds_graph=False,
)
