"""The knowledge graph: what every exporter and every store is given.

It is plain, sorted data. `to_networkx` turns it into the `networkx.MultiDiGraph` that people work with in Python;
exporters stream the tables below instead, which keeps networkx out of the cold start.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.namespaces import KINDS, Kind, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from kg.model import IRI, Commit, Edge, Merge, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What the graph says about itself (VoID, https://www.w3.org/TR/void/)."""

    base: IRI
    """Where the IRIs of entities and posts begin; ends in `/` or `#`."""
    title: str = ""
    license: str = ""
    """An IRI, or ""."""
    newest: str = ""
    """The date of the newest post: xsd:date or xsd:dateTime, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeGraph:
    """Posts, the things they name, and how they are linked."""

    dataset: Dataset
    nodes: dict[IRI, Node]
    """All nodes, in IRI order."""
    edges: tuple[Edge, ...]
    """All edges, ordered by (source, predicate, target); both ends are in `nodes`."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """Every kind that a node may have, the user's own included."""
    schemes: Mapping[str, IRI] = field(default_factory=dict)
    """The SKOS concept scheme of each kind that has one."""
    commits: Mapping[IRI, Commit] = field(default_factory=dict)
    """The commit each post comes from, where Git knows."""
    hints: Mapping[IRI, tuple[float, float]] = field(default_factory=dict)
    """Where nodes stood on the previous map, so that the next one stays put."""
    derived: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Results that several exporters share (the layout), computed by the first that asks."""

    def count_by_kind(self) -> dict[str, int]:
        """Number of nodes of each kind, most frequent first."""
        return dict(Counter(node.kind for node in self.nodes.values()).most_common())

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The graph for networkx (https://networkx.org): node = IRI, edge key = prefixed predicate.

        Node attributes: see `properties`. Edge attributes: `relation`, `field`, `line` and `confidence`.
        """
        import networkx as nx

        result: nx.MultiDiGraph[str] = nx.MultiDiGraph(base=self.dataset.base, title=self.dataset.title)
        for node in self.nodes.values():
            result.add_node(node.iri, **properties(node))
        for edge in self.edges:
            relation = compact(edge.predicate)
            result.add_edge(
                edge.source,
                edge.target,
                key=relation,
                relation=relation,
                field=edge.field,
                line=edge.line,
                confidence=edge.confidence,
            )
        return result


def properties(node: Node) -> dict[str, str | list[str]]:
    """The node as a flat property map, for formats that have no predicates: name → text, or list of texts.

    Names are local names (`headline`, `datePublished`); values keep their lexical form. Besides: `label` and `kind`;
    `label_zh` and the like, for names in other languages; and the lists `aliases`, `definitions`, `former` (IRIs the
    node also answers to), `same_as` and `merges` (names that were not brought together by rule, with how sure that is,
    who decided, and the evidence with its counts and first places), where there are any.
    """
    result: dict[str, str | list[str]] = {"label": node.label, "kind": node.kind}
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
    if merges := [_said(merge) for merge in node.merges if merge.decided_by != "rule"]:
        result["merges"] = merges
    for attribute in node.attributes:
        name = local_name(attribute.predicate)
        held = result.get(name)
        if held is None:
            result[name] = attribute.value
        elif isinstance(held, list):
            held.append(attribute.value)
        else:
            result[name] = [held, attribute.value]
    return result


def is_plain(node: Node) -> bool:
    """Whether its properties are its label, its kind and its attributes, and no more."""
    more = node.aliases or node.definitions or node.former or node.same_as or node.merges
    return not more and len(node.labels) == 1 and node.labels[0].value == node.label


def _said(merge: Merge) -> str:
    """`英伟达 = Nvidia; 0.98; inference; gloss 175 (a.md:12, b.md:3)`."""
    evidence = []
    for item in merge.evidence:
        places = ", ".join(f"{path}:{line}" for path, line in item.places)
        evidence.append(f"{item.kind} {item.count}" + (f" ({places})" if places else ""))
    return f"{merge.name} = {merge.other}; {merge.confidence:.2f}; {merge.decided_by}; {', '.join(evidence)}"


_OWN_PROPERTIES = frozenset({"id", "label", "kind", "aliases", "definitions", "former", "merges", "same_as"})


@lru_cache(maxsize=1 << 12)
def local_name(predicate: str) -> str:
    """`https://schema.org/headline` → `headline`; `kg:field/rating` → `field_rating`, which cannot shadow a term.

    Nor can anything shadow the properties every node has: `rdfs:label` → `rdfs_label`.
    """
    prefixed = compact(predicate)
    prefix, colon, local = prefixed.partition(":")
    if prefix == "field" or local in _OWN_PROPERTIES or local.startswith("label_"):
        return f"{prefix}_{local}"
    return local if colon and not local.startswith("//") else predicate
