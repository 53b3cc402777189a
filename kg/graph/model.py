"""The knowledge graph as exporters and stores see it: plain, sorted data.

`to_networkx` makes the `networkx.MultiDiGraph` that people use in Python; exporters avoid it, because networkx
is slow to import.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, update_wrapper
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kg.graph.flat import flat, scalar
from kg.iris import typed_field
from kg.model import IRI, Record
from kg.namespaces import KINDS, XSD, Kind, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import networkx as nx

    from kg.model import Attribute, Commit, Edge, Merge, Node

T = TypeVar("T")


class Derived(Generic[T]):
    """Decorator of a function of a graph: its result is cached with the graph.

    The result must not be changed. A copy by `dataclasses.replace` or by pickling starts without results.
    """

    def __init__(self, compute: Callable[[KnowledgeGraph], T]) -> None:
        self._compute = compute
        update_wrapper(self, compute)

    def __call__(self, graph: KnowledgeGraph) -> T:
        """The cached result, computed on the first call."""
        if self not in graph.derived:
            graph.derived[self] = self._compute(graph)
        result: T = graph.derived[self]
        return result


class _DerivedResults(dict[Derived[Any], Any]):
    """The results cached with one graph."""

    def __reduce__(self) -> tuple[type[_DerivedResults], tuple[()]]:
        return _DerivedResults, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The description of a graph (VoID, https://www.w3.org/TR/void/)."""

    base: IRI
    """Prefix of the IRIs of entities and posts; ends in `/` or `#`."""
    title: str = ""
    license: str = ""
    """An IRI, or ""."""
    newest: str = ""
    """The date of the newest post: xsd:date or xsd:dateTime, or ""."""
    regions: Mapping[str, str] = field(default_factory=dict)
    """Id of a region of the map → the name that the user gave it."""
    max_concepts: int = 0
    """Maximum number of concepts; 0 if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeGraph:
    """Posts, the entities they name, and the links between them."""

    dataset: Dataset
    nodes: Mapping[IRI, Node]
    """All nodes, in IRI order."""
    edges: Sequence[Edge]
    """All edges, ordered by (source, predicate, target); both ends are in `nodes`."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """Name → every kind that a node may have, including the user's own."""
    schemes: Mapping[str, IRI] = field(default_factory=dict)
    """Kind → its SKOS concept scheme, if it has one."""
    commits: Mapping[IRI, Commit] = field(default_factory=dict)
    """IRI of a post → the commit it comes from, if Git knows one."""
    hints: Mapping[IRI, tuple[float, float]] = field(default_factory=dict)
    """IRI of a node → (x, y) on the previous map, so that the next one stays similar."""
    derived: _DerivedResults = field(default_factory=_DerivedResults, init=False, compare=False, repr=False)
    """The results of `Derived` functions so far."""

    def count_by_kind(self) -> dict[str, int]:
        """Number of nodes of each kind, most frequent first."""
        return count_by_kind(self)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The graph for networkx (https://networkx.org): node = IRI, edge key = prefixed predicate.

        Node attributes: see `typed_properties`; several values are one text (`kg.graph.flat`), because networkx writes
        no lists. Edge attributes: see `edge_properties`.
        """
        import networkx as nx

        result: nx.MultiDiGraph[str] = nx.MultiDiGraph(base=self.dataset.base, title=self.dataset.title)
        for node in self.nodes.values():
            own = {n: flat(v) if isinstance(v, str | list) else v for n, v in typed_properties(self, node).items()}
            result.add_node(node.iri, **own | {"label": scalar(node.label)})
        for edge in self.edges:
            result.add_edge(edge.source, edge.target, key=compact(edge.predicate), **edge_properties(edge))
        return result


@Derived
def count_by_kind(graph: KnowledgeGraph) -> dict[str, int]:
    """See `KnowledgeGraph.count_by_kind`."""
    return dict(Counter(node.kind for node in graph.nodes.values()).most_common())


def properties(node: Node) -> dict[str, str | bool | list[str]]:
    """Name → text, boolean, or list of texts: a node as a flat map, for formats without predicates.

    Names are local names (`headline`, `datePublished`); values keep their lexical form, but for booleans, and of `6.0`,
    which is the decimal `6`, the latter counts. Besides, there are `label` and `kind`; `label_zh` and the like, for
    names in other languages; and, unless empty, the lists `also` (further kinds), `aliases`, `definitions`, `former`
    (former IRIs of the node), `same_as` and `merges` (names that were not merged by rule, with the confidence, who
    decided, and the evidence with its counts and first places).
    """
    result: dict[str, str | bool | list[str]] = {"label": node.label, "kind": node.kind}
    if node.also:
        result["also"] = list(node.also)
    for text in node.labels:
        if text.value != node.label:
            result[f"label_{text.language.replace('-', '_') or 'und'}"] = text.value
    if node.aliases:
        result["aliases"] = [alias.value for alias in node.aliases]
    if any(definition.text for _path, definition in node.definitions):
        result["definitions"] = list(
            dict.fromkeys(definition.text for _path, definition in node.definitions if definition.text)
        )
    if node.former:
        result["former"] = list(map(str, node.former))
    if node.same_as:
        result["same_as"] = list(map(str, node.same_as))
    if merges := [_merge_text(merge) for merge in node.merges if merge.decided_by != "rule"]:
        result["merges"] = merges
    for attribute in _values(node):
        name = local_name(attribute.predicate)
        previous = result.get(name)
        if previous is None:
            boolean = _BOOLEANS.get(attribute.value) if attribute.datatype == XSD + "boolean" else None
            result[name] = attribute.value if boolean is None else boolean
        elif isinstance(previous, list):
            previous.append(attribute.value)
        else:
            result[name] = [flat(previous) if isinstance(previous, bool) else previous, attribute.value]
    return result


def typed_properties(graph: KnowledgeGraph, node: Node) -> dict[str, str | bool | int | float | list[str]]:
    """As `properties`, with the numbers of a property as numbers, where every node that has it has one that is exact.

    A number is exact if the double-precision numbers of JSON keep it; if one value of a property is not, all stay text.
    """
    numbers = _numbers(graph)
    return {name: numbers[name](v) if name in numbers else v for name, v in properties(node).items()}  # type: ignore[arg-type]


@Derived
def value_types(graph: KnowledgeGraph) -> dict[str, str]:
    """Property → `boolean`, `long`, `double`, `date` or `dateTime`, where each node that has it has one such value.

    A `long` has 64 bits, a `dateTime` a time zone; other properties are not in the map.
    """
    return {name: type_ for name, type_ in _types_in(graph.nodes.values()).items() if type_}


class Facts(Record, frozen=True):
    """Which properties some nodes have."""

    predicates: frozenset[IRI]
    """Of their attributes."""
    names: frozenset[str]
    """Of all their `properties`."""
    types: dict[str, str]
    """Property → its type (see `value_types`), or "" for text."""

    @classmethod
    def of(cls, nodes: Collection[Node]) -> Facts:
        """The facts about some nodes."""
        predicates = frozenset([attribute.predicate for node in nodes for attribute in node.attributes])
        names = set(map(local_name, predicates)) | {"label", "kind"}
        for node in {_shape(node): node for node in nodes if not is_plain(node)}.values():
            names.update(properties(node))
        return cls(predicates, frozenset(names), _types_in(nodes))

    @classmethod
    def joined(cls, parts: Collection[Facts]) -> Facts:
        """The facts about the nodes of several groups."""
        types: dict[str, str] = {}
        for name, type_ in chain.from_iterable(part.types.items() for part in parts):
            types[name] = type_ if types.get(name, type_) == type_ else ""
        predicates, names = frozenset[IRI](), frozenset[str]()
        return cls(
            predicates.union(*(part.predicates for part in parts)), names.union(*(part.names for part in parts)), types
        )


def _shape(node: Node) -> tuple[object, ...]:
    """The same for nodes that have the same `properties`, attributes aside."""
    labels = tuple([text.language for text in node.labels if text.value != node.label])
    by_rule = all(merge.decided_by == "rule" for merge in node.merges)
    parts = (node.also, node.aliases, node.definitions, node.former, node.same_as)
    return labels, by_rule, *map(bool, parts)


def _types_in(nodes: Iterable[Node]) -> dict[str, str]:
    """Property → its type in these nodes, "" if it has none of those of `value_types`."""
    types: dict[str, set[str]] = {}
    values = [_values(node) for node in nodes if node.attributes]
    for predicate, datatype in {(a.predicate, a.datatype) for own in values for a in own}:
        types.setdefault(local_name(predicate), set()).add(_TYPES.get(datatype, ""))
    result = {name: found.pop() if len(found) == 1 else "" for name, found in types.items()}
    for own in values if any(result.values()) else ():
        seen: set[str] = set()
        for name, value in [(local_name(a.predicate), a.value) for a in own]:
            if (type_ := result[name]) and (name in seen or not _is_of(value, type_)):
                result[name] = ""
            seen.add(name)
    return result


@Derived
def _numbers(graph: KnowledgeGraph) -> dict[str, Callable[[str], int | float]]:
    """Property → the type of its values, if all of them are exact numbers."""
    result = {name: _READ[type_] for name, type_ in value_types(graph).items() if type_ in _READ}
    for node in graph.nodes.values():
        for attribute in _values(node) if result else ():
            name, value = local_name(attribute.predicate), attribute.value
            if name in result and Decimal(repr(float(value))) != Decimal(value):
                del result[name]
    return result


_TYPES = {
    XSD + "boolean": "boolean",
    XSD + "integer": "long",
    XSD + "decimal": "double",
    XSD + "double": "double",
    XSD + "date": "date",
    XSD + "dateTime": "dateTime",
}
_READ: dict[str, Callable[[str], int | float]] = {"long": int, "double": float}
_LONG = range(-(2**63), 2**63)


def _is_of(value: str, type_: str) -> bool:
    """Whether a text is a value of one of the types of `value_types`."""
    if type_ == "boolean":
        return value in _BOOLEANS
    try:
        if type_ == "date":
            return bool(date.fromisoformat(value))
        if type_ == "dateTime":
            return datetime.fromisoformat(value).tzinfo is not None
        return int(value) in _LONG if type_ == "long" else abs(float(value)) < float("inf")
    except ValueError:
        return False


def edge_properties(edge: Edge) -> dict[str, Any]:
    """The `relation` (a prefixed name), `field`, `line` and `confidence` of an edge."""
    relation = compact(edge.predicate)
    return {"relation": relation, "field": edge.field, "line": edge.line, "confidence": edge.confidence}


def _values(node: Node) -> Iterable[Attribute]:
    """The attributes of a node, without text as typed that has a typed value beside it."""
    meant = {(a.predicate, a.line, a.column) for a in node.attributes if a.datatype in _TYPES and a.line}
    if not meant:
        return node.attributes
    return [a for a in node.attributes if a.datatype in _TYPES or (a.predicate, a.line, a.column) not in meant]


def is_plain(node: Node) -> bool:
    """Whether a node has no properties except label, kind and attributes."""
    more = node.also or node.aliases or node.definitions or node.former or node.same_as or node.merges
    return not more and len(node.labels) == 1 and node.labels[0].value == node.label


def _merge_text(merge: Merge) -> str:
    """`英伟达 = Nvidia; 0.98; inference; gloss 175 (a.md:12, b.md:3)`."""
    evidence = []
    for item in merge.evidence:
        places = ", ".join(f"{path}:{line}" for path, line in item.places)
        evidence.append(f"{item.kind} {item.count}" + (f" ({places})" if places else ""))
    names = [f"{name} ({kind})" for name, kind in zip((merge.name, merge.other), merge.kinds, strict=False)]
    both = " = ".join(names or (merge.name, merge.other))
    return f"{both}; {merge.confidence:.2f}; {merge.decided_by}; {', '.join(evidence)}"


_BOOLEANS = {"true": True, "false": False}
_OWN_PROPERTIES = frozenset({"id", "label", "kind", "also", "aliases", "definitions", "former", "merges", "same_as"})


@lru_cache(maxsize=1 << 12)
def local_name(predicate: str) -> str:
    """The last part of a predicate, with its prefix if it could be mistaken for another property; a field as typed.

    >>> local_name("https://schema.org/headline"), local_name("http://www.w3.org/2000/01/rdf-schema#label")
    ('headline', 'rdfs_label')
    """
    prefixed = compact(predicate)
    prefix, colon, local = prefixed.partition(":")
    if prefix == "field":
        typed = typed_field(local)
        return f"field_{typed if typed.isprintable() else local}"
    if local in _OWN_PROPERTIES or local.startswith("label_"):
        return f"{prefix}_{local}"
    return local if colon and not local.startswith("//") else predicate
