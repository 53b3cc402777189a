"""Namespaces, and the kinds of nodes. Our own terms are defined in `kg.rdf.ontology`.

Common vocabularies: schema.org (https://schema.org), SKOS (https://www.w3.org/TR/skos-reference/), Dublin Core terms
(https://www.dublincore.org/specifications/dublin-core/dcmi-terms/), PROV-O (https://www.w3.org/TR/prov-o/) and VoID
(https://www.w3.org/TR/void/).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from kg.model import IRI

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
JSON = RDF + "JSON"
"""The datatype of a list as a whole: https://www.w3.org/TR/json-ld11/#the-rdf-json-datatype."""
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
PROV = "http://www.w3.org/ns/prov#"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
KG = "https://kg.example/ns/"
"""Our own terms. Nobody can own a `.example` domain (RFC 2606), so the IRIs make no false promise."""
FIELD = KG + "field/"
"""Unknown front matter fields: `field:rating`."""

PREFIXES: dict[str, str] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "owl": OWL,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "schema": SCHEMA,
    "prov": PROV,
    "void": VOID,
    "sh": SH,
    "kg": KG,
    "field": FIELD,
}


class Kind(NamedTuple):
    """A kind of node; its IRIs are `{base}{name}/{slug}`."""

    name: str
    rdf_class: IRI
    label: str
    """Display name in English."""
    label_zh: str
    """Display name in Chinese."""
    scheme: bool = False
    """True if its nodes are concepts in one SKOS scheme."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("post", IRI(SCHEMA + "BlogPosting"), "Post", "文章"),
        Kind("person", IRI(SCHEMA + "Person"), "Person", "人物"),
        Kind("organization", IRI(SCHEMA + "Organization"), "Organization", "机构"),
        Kind("product", IRI(SCHEMA + "Product"), "Product", "产品"),
        Kind("work", IRI(SCHEMA + "CreativeWork"), "Work", "作品"),
        Kind("tag", IRI(SKOS + "Concept"), "Tag", "标签", scheme=True),
        Kind("category", IRI(SKOS + "Concept"), "Category", "分类", scheme=True),
        Kind("area", IRI(SKOS + "Concept"), "Area", "领域", scheme=True),
        Kind("project", IRI(SCHEMA + "Project"), "Project", "项目"),
        Kind("series", IRI(SCHEMA + "CreativeWorkSeries"), "Series", "系列"),
        Kind("concept", IRI(SKOS + "Concept"), "Concept", "概念", scheme=True),
        Kind("page", IRI(SKOS + "Concept"), "Unwritten page", "未写页面", scheme=True),
    )
}


def expand(name: str) -> IRI:
    """The IRI for a prefixed name such as `schema:mentions`, or for an absolute IRI.

    Raises:
        ValueError: the prefix is not one of `PREFIXES`.
    """
    prefix, colon, local = name.partition(":")
    if colon and local.startswith("//"):
        return IRI(name)
    if prefix not in PREFIXES or not colon:
        raise ValueError(f"{name!r} has no known prefix; write one of {', '.join(PREFIXES)} or a full IRI")
    return IRI(PREFIXES[prefix] + local)


def shortener(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """A function from an IRI to its prefixed name, by the longest namespace that fits, or to itself if none does."""
    longest_first = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))

    @lru_cache(maxsize=1 << 16)  # predicates and entities recur
    def shorten(iri: str) -> str:
        for prefix, namespace in longest_first:
            # `post://x` would be read as an absolute IRI.
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    return shorten


compact = shortener(PREFIXES)
"""The prefixed name of an IRI in one of the namespaces above; any other IRI as it is."""
