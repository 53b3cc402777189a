"""JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), compacted by prefixes, one object for each subject, one a line.

Not left to pyoxigraph, whose JSON-LD is expanded: every predicate is written in full, and all of it on one line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kg.exporters import Exporter, from_text
from kg.model import IRI_OBJECT
from kg.namespaces import RDF, XSD, shortener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyoxigraph import Quad

    from kg.graph.model import KnowledgeGraph


def _document(graph: KnowledgeGraph) -> Iterator[str]:
    from kg.rdf.ntriples import parsed

    context = _context(graph)
    compact = shortener(context)
    yield f'{{"@context": {_encode(context)},\n"@graph": ['
    separator = "\n"
    for subject, triples in groupby(parsed(_by_subject(graph)), key=attrgetter("subject")):
        yield separator + _encode({"@id": compact(subject.value), **_properties(triples, compact)})
        separator = ",\n"
    yield "]}\n"


def _by_subject(graph: KnowledgeGraph) -> Iterator[str]:
    """The statements of the union, grouped by subject: posts have statements about what they define.

    They are generated twice, so that only those that come late are kept in memory.
    """
    from kg.rdf import statements

    def subjects() -> Iterator[tuple[str, Iterator[str]]]:
        triples = chain.from_iterable(one.statements for one in statements.descriptions(graph))
        return groupby(triples, key=lambda statement: statement.partition(" ")[0])

    pending: set[str] = set()
    late: defaultdict[str, list[str]] = defaultdict(list)
    for subject, triples in subjects():
        if subject in pending:
            late[subject] += triples
        pending.add(subject)
    for subject, triples in subjects():
        if subject in pending:
            pending.remove(subject)
            yield from triples
            yield from late.pop(subject, ())


def _properties(triples: Iterator[Quad], compact: Callable[[str], str]) -> dict[str, Any]:
    """Predicate → its value, or a list of its values, for one subject."""
    result: dict[str, Any] = {}
    for _subject, predicate, value, _graph in triples:
        is_type = predicate.value == RDF + "type"
        key = "@type" if is_type else compact(predicate.value)
        item = compact(value.value) if is_type else _value(value, compact)
        previous = result.get(key)
        if previous is None:
            result[key] = item
        elif isinstance(previous, list):
            previous.append(item)
        else:
            result[key] = [previous, item]
    return result


def _value(term: Any, compact: Callable[[str], str]) -> str | dict[str, str]:
    datatype = getattr(term, "datatype", None)
    if datatype is None:
        return {"@id": compact(term.value)}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if datatype.value == XSD + "string":
        text: str = term.value
        return text
    return {"@type": compact(datatype.value), "@value": term.value}


def _context(graph: KnowledgeGraph) -> dict[str, str]:
    """The prefixes, without those that would hide the scheme of an IRI in the data: `tag:` can be either."""
    from kg.rdf import terms

    schemes = {iri.partition(":")[0] for node in graph.nodes.values() for iri in node.same_as}
    schemes |= {
        attribute.value.partition(":")[0]
        for node in graph.nodes.values()
        for attribute in node.attributes
        if attribute.datatype == IRI_OBJECT
    }
    return {prefix: namespace for prefix, namespace in terms.prefixes(graph).items() if prefix not in schemes}


def _encode(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


EXPORTER = Exporter(
    title="RDF as JSON, for the web",
    media_type="application/ld+json",
    files=("graph.jsonld",),
    spec="https://www.w3.org/TR/json-ld11/",
    write=from_text(_document),
)
