"""A post and a thing for search engines: JSON-LD in the words of schema.org alone, to embed in a page.

The properties are those of Google's documentation of articles
(https://developers.google.com/search/docs/appearance/structured-data/article): headline, image, datePublished,
dateModified, and for each author a type, a name and a URL. What a post does not say is left out.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from kg.config import DEFAULT_BASE
from kg.fields import AUTHOR, HOMEPAGE, KEYWORDS, MENTIONS, PUBLISHED, plain_key
from kg.graph.model import KnowledgeGraph
from kg.model import Edge, Node
from kg.namespaces import FIELD, SCHEMA

_IMAGES = frozenset(
    {
        *("image", "images", "cover", "coverimage", "cover.image", "image.src", "image.url", "cover.src", "thumbnail"),
        *("heroimage", "hero", "banner", "featuredimage", "featureimage", "ogimage", "socialimage", "titleimage"),
    }
)
"""Fields that name a post's picture, as `plain_key` writes them."""
_ADDRESS = re.compile(r"(?:https?://)?[^\s<>\"{}|\\^`\[\]:]+\Z")
"""A web address, or one relative to the page, as JSON-LD within HTML allows."""
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def embedded(data: dict[str, Any]) -> str:
    """JSON-LD as text that can stand in a script element as it is: no `<`, so that no text of a post can end it."""
    return json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False).translate(_UNSAFE)


def article(graph: KnowledgeGraph, node: Node, edges: Iterable[Edge]) -> dict[str, Any]:
    """A post as a schema.org BlogPosting, which is an Article.

    Args:
        graph: the graph.
        node: a post.
        edges: those that begin at it.
    """
    targets = [(edge.predicate, graph.nodes[edge.target]) for edge in edges]
    authors = [thing(graph, target) for predicate, target in targets if predicate == AUTHOR]
    about = [thing(graph, target) for predicate, target in targets if predicate == MENTIONS]
    keywords = [target.label for predicate, target in targets if predicate == KEYWORDS]
    commit = graph.commits.get(node.iri)
    published = node.value(PUBLISHED)
    found = {
        "@type": "BlogPosting",
        "@id": node.iri if _is_public(graph) else "",
        "headline": node.label,
        "url": node.value(HOMEPAGE),
        "image": list(dict.fromkeys(_images(node))),
        "datePublished": published,
        "dateModified": node.value(SCHEMA + "dateModified") or (commit.time if commit else ""),
        "author": authors,
        "description": node.value(SCHEMA + "description", SCHEMA + "abstract"),
        "inLanguage": next((text.language for text in node.labels if text.language), ""),
        "keywords": keywords,
        "mentions": about,
    }
    return {name: value for name, value in found.items() if value}


def thing(graph: KnowledgeGraph, node: Node) -> dict[str, Any]:
    """A person or thing with type, name and URL: its own page, the same thing elsewhere, or where its IRI leads."""
    kind = graph.kinds[node.kind].rdf_class
    homepage = node.value(HOMEPAGE)
    public = node.iri if _is_public(graph) else ""
    found = {
        "@type": kind.removeprefix(SCHEMA)
        if kind.startswith(SCHEMA)
        else "DefinedTerm"
        if node.definitions
        else "Thing",
        "@id": public,
        "name": node.label,
        "url": homepage or public or next(iter(node.same_as), ""),
        "sameAs": list(node.same_as),
        "alternateName": list(node.names[1:]),
        "description": next((definition.text for _path, definition in node.definitions if definition.text), ""),
    }
    return {name: value for name, value in found.items() if value}


def _images(node: Node) -> list[str]:
    found = []
    for attribute in node.attributes:
        field = plain_key(attribute.predicate.removeprefix(FIELD))
        if (attribute.predicate == SCHEMA + "image" or field in _IMAGES) and _ADDRESS.match(attribute.value):
            found.append(attribute.value)
    return found


def _is_public(graph: KnowledgeGraph) -> bool:
    """Whether IRIs of the graph can be visited: those of the default base cannot."""
    return graph.dataset.base != DEFAULT_BASE
