"""The knowledge graph as exporters and stores see it: plain, sorted data.

`to_networkx` makes the `networkx.MultiDiGraph` that people use in Python; exporters avoid it, because networkx
is slow to import.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache, update_wrapper
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kg.graph.flat import flat, scalar
from kg.namespaces import KINDS, XSD, Kind, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx

    from kg.model import IRI, Commit, Edge, Merge, Node

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
    nodes: dict[IRI, Node]
    """All nodes, in IRI order."""
    edges: tuple[Edge, ...]
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
        return dict(Counter(node.kind for node in self.nodes.values()).most_common())

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The graph for networkx (https://networkx.org): node = IRI, edge key = prefixed predicate.

        Node attributes: see `properties`; several values are one text (`kg.graph.flat`), because networkx writes no
        lists. Edge attributes: see `edge_properties`.
        """
        import networkx as nx

        result: nx.MultiDiGraph[str] = nx.MultiDiGraph(base=self.dataset.base, title=self.dataset.title)
        for node in self.nodes.values():
            own = {name: v if isinstance(v, bool) else flat(v) for name, v in properties(node).items()}
            result.add_node(node.iri, **own | {"label": scalar(node.label)})
        for edge in self.edges:
            result.add_edge(edge.source, edge.target, key=compact(edge.predicate), **edge_properties(edge))
        return result


def properties(node: Node) -> dict[str, str | bool | list[str]]:
    """Name → text, boolean, or list of texts: a node as a flat map, for formats without predicates.

    Names are local names (`headline`, `datePublished`); values keep their lexical form, but for booleans. Besides,
    there are `label` and `kind`; `label_zh` and the like, for names in other languages; and, unless empty, the lists
    `also` (further kinds), `aliases`, `definitions`, `former` (former IRIs of the node), `same_as` and `merges` (names
    that were not merged by rule, with the confidence, who decided, and the evidence with its counts and first places).
    """
    result: dict[str, str | bool | list[str]] = {"label": node.label, "kind": node.kind}
    if node.also:
        result["also"] = list(node.also)
    for text in node.labels:
        if text.value != node.label:
            result[f"label_{text.language.replace('-', '_') or 'und'}"] = text.value
    if node.aliases:
        result["aliases"] = [alias.value for alias in node.aliases]
    if node.definitions:
        result["definitions"] = list(dict.fromkeys(definition.text for _path, definition in node.definitions))
    if node.former:
        result["former"] = list(map(str, node.former))
    if node.same_as:
        result["same_as"] = list(map(str, node.same_as))
    if merges := [_merge_text(merge) for merge in node.merges if merge.decided_by != "rule"]:
        result["merges"] = merges
    for attribute in node.attributes:
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


def edge_properties(edge: Edge) -> dict[str, Any]:
    """The `relation` (a prefixed name), `field`, `line` and `confidence` of an edge."""
    relation = compact(edge.predicate)
    return {"relation": relation, "field": edge.field, "line": edge.line, "confidence": edge.confidence}


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
    """The last part of a predicate, with its prefix if it could be mistaken for another property.

    >>> local_name("https://schema.org/headline"), local_name("http://www.w3.org/2000/01/rdf-schema#label")
    ('headline', 'rdfs_label')
    """
    prefixed = compact(predicate)
    prefix, colon, local = prefixed.partition(":")
    if prefix == "field" or local in _OWN_PROPERTIES or local.startswith("label_"):
        return f"{prefix}_{local}"
    return local if colon and not local.startswith("//") else predicate
