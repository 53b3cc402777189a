"""The graph as two tables of typed columns, for formats whose properties have neither predicates nor lists.

* A column has a type if every cell holds a single, valid value of that type; otherwise it is text.
* Several values in one cell are a JSON array of strings. A single text that looks like such an array is written as an
  array of one, so that the two cannot be confused; `label` never is.
* Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.graph.model import Derived, KnowledgeGraph, is_plain, local_name, properties
from kg.namespaces import XSD, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Edge, Node

_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMES = {
    XSD + "boolean": "boolean",
    XSD + "integer": "long",
    XSD + "decimal": "double",
    XSD + "double": "double",
}
_LONG = range(-(2**63), 2**63)
_BOOLEAN = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Column:
    """One property of nodes or edges."""

    name: str
    type: str
    """`string`, `boolean`, `long` or `double`."""


EDGE_COLUMNS = (
    Column("relation", "string"),
    Column("field", "string"),
    Column("line", "long"),
    Column("confidence", "double"),
)


@Derived
def node_columns(graph: KnowledgeGraph) -> tuple[Column, ...]:
    """The properties of nodes: `label` and `kind` first, the rest by name."""
    types: dict[str, set[str]] = {"label": set(), "kind": set()}
    for predicate, datatype in {(a.predicate, a.datatype) for node in graph.nodes.values() for a in node.attributes}:
        types.setdefault(local_name(predicate), set()).add(_NAMES.get(datatype, "string"))
    typed = {name: next(iter(found)) for name, found in types.items() if found and found != {"string"}}
    for node in graph.nodes.values():
        seen: set[str] = set()
        for attribute in node.attributes:
            name = local_name(attribute.predicate)
            if name in typed:
                if name in seen or not _valid(attribute.value, typed[name]):
                    types[name].add("string")
                seen.add(name)
        for name in () if is_plain(node) else properties(node):
            types.setdefault(name, set())
    rest = sorted(types.keys() - {"label", "kind"})
    return (
        Column("label", "string"),
        Column("kind", "string"),
        *(Column(name, types[name].pop() if len(types[name]) == 1 else "string") for name in rest),
    )


def node_cells(node: Node) -> Iterator[tuple[str, str]]:
    """The properties of one node, as (name, text)."""
    for name, value in properties(node).items():
        yield name, scalar(node.label) if name == "label" else flat(value)


def edge_cells(edge: Edge) -> tuple[str, str, str, str]:
    """The properties of one edge, in the order of `EDGE_COLUMNS`."""
    return compact(edge.predicate), scalar(edge.field), str(edge.line), repr(float(edge.confidence))


def flat(value: str | list[str]) -> str:
    """One cell for one value or several, as described above; `unflat` undoes it."""
    if isinstance(value, str):
        if value[:1] != "[" or unflat(value) == [value]:
            return scalar(value)
        value = [value]
    return scalar(json.dumps(value, ensure_ascii=False))


def unflat(text: str) -> list[str]:
    """The values in a cell."""
    if text.startswith("[") and text.endswith("]"):
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            return [text]
        if all(isinstance(value, str) for value in values):
            return list(values)
    return [text]


def scalar(text: str) -> str:
    """The text with U+FFFD for lone surrogates."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _valid(value: str, datatype: str) -> bool:
    if datatype == "boolean":
        return value in _BOOLEAN
    try:
        return int(value) in _LONG if datatype == "long" else abs(float(value)) < float("inf")
    except ValueError:
        return False
