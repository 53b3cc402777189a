"""The graph as two tables of typed columns, for formats whose properties have neither predicates nor lists.

* A column has a type if every cell holds a single, valid value of that type; otherwise it is text.
* Several values in one cell are a JSON array of strings, as `kg.graph.flat` describes; `label` never is.
* Titles of columns hold only what XML allows in a name token, and no two differ only in case, because databases
  and Gephi consider those equal.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kg.graph.chunks import facts
from kg.graph.flat import flat, scalar
from kg.graph.model import Derived, KnowledgeGraph, properties
from kg.model import Edge, Node
from kg.namespaces import compact

Cell: TypeAlias = bool | int | float | str | list[str]
"""One value of a column, or several texts."""


@dataclass(frozen=True, slots=True)
class Column:
    """One property of nodes or edges."""

    name: str
    """The name in `kg.graph.model.properties`."""
    title: str
    """The name in files."""
    type: str
    """`string`, `boolean`, `long` or `double`."""


EDGE_COLUMNS = (
    Column("relation", "relation", "string"),
    Column("field", "field", "string"),
    Column("line", "line", "long"),
    Column("confidence", "confidence", "double"),
)
_UNFIT_FOR_TITLES = re.compile(
    "[^-.0-9A-Z_a-z\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]+"
)
"""All but the characters of a name token (https://www.w3.org/TR/xml/#NT-NameChar), and the colon."""


@Derived
def node_columns(graph: KnowledgeGraph) -> tuple[Column, ...]:
    """The properties of nodes: `label` and `kind` first, the rest by name."""
    found = facts(graph)
    names = ["label", "kind", *sorted(found.names - {"label", "kind"})]
    return tuple(
        Column(name, title, type_ if (type_ := found.types.get(name, "")) in _VALUES else "string")
        for name, title in zip(names, _titles(names), strict=True)
    )


def _titles(names: Iterable[str]) -> Iterator[str]:
    """A title for each name; the second of two that would be the same gets `_2`."""
    taken = {"iri"}  # has a column of its own
    for name in names:
        title = first = _UNFIT_FOR_TITLES.sub("_", name)
        number = 1
        while title.casefold() in taken:
            number += 1
            title = f"{first}_{number}"
        taken.add(title.casefold())
        yield title


def node_cells(node: Node) -> Iterator[tuple[str, str]]:
    """The properties of one node, as (name, text)."""
    for name, value in properties(node).items():
        yield name, scalar(node.label) if name == "label" else flat(value)


def typed_cells(columns: Iterable[Column], node: Node) -> Iterator[tuple[str, Cell]]:
    """The properties of one node, as (title, value of the column's type), for formats that have types and lists."""
    own = properties(node)
    for column in columns:
        value = own.get(column.name)
        if isinstance(value, list):
            yield column.title, [scalar(text) for text in value]
        elif value is not None:
            text = scalar(value) if isinstance(value, str) else flat(value)
            yield column.title, _VALUES[column.type](text) if column.type in _VALUES else text


_VALUES: dict[str, Callable[[str], Cell]] = {"boolean": "true".__eq__, "long": int, "double": float}


def edge_cells(edge: Edge) -> tuple[str, str, str, str]:
    """The properties of one edge, in the order of `EDGE_COLUMNS`."""
    return compact(edge.predicate), scalar(edge.field), str(edge.line), repr(float(edge.confidence))


def typed_edge(edge: Edge) -> dict[str, Cell]:
    """One edge with its ends, as title → value, for formats that have types."""
    ends: dict[str, Cell] = {"source": edge.source, "target": edge.target, "relation": compact(edge.predicate)}
    return ends | {"field": scalar(edge.field), "line": edge.line, "confidence": float(edge.confidence)}


def neo4j_label(kind: str) -> str:
    """`companies-orgs` → `CompaniesOrgs`: a Neo4j label in its customary case."""
    return "".join(part.capitalize() for part in kind.split("-"))
