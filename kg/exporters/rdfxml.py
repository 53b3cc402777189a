"""RDF 1.1 XML Syntax (https://www.w3.org/TR/rdf-syntax-grammar/).

XML 1.0 forbids most control characters: in this RDF format alone they become U+FFFD. A carriage return is written as a
character reference, because XML parsers turn a bare one into a line feed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from kg.errors import ExportError
from kg.exporters import Exporter
from kg.exporters._xml import UNFIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

    from kg.graph.model import KnowledgeGraph

_NAMED = re.compile(r"[^\W\d][\w.\-·]*\Z")
"""A predicate is an element in RDF/XML, so it has to end in an XML name."""


def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
    """Write the graph.

    Raises:
        ExportError: kg.toml names a predicate that RDF/XML cannot express.
    """
    from pyoxigraph import RdfFormat, serialize

    from kg.rdf import terms

    output = cast("BinaryIO", _Returns(stream))
    serialize(_fit(terms.triples(graph)), output, RdfFormat.RDF_XML, prefixes=terms.prefixes(graph))


def _fit(triples: Iterator[Triple]) -> Iterator[Triple]:
    from pyoxigraph import Literal
    from pyoxigraph import Triple as Changed

    checked: set[str] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in checked:
            if not _NAMED.search(predicate):
                raise ExportError(f"rdfxml cannot hold the predicate {predicate}: it does not end in an XML name")
            checked.add(predicate)
        value = triple.object
        if isinstance(value, Literal) and UNFIT.search(value.value):
            mended = UNFIT.sub("\ufffd", value.value)
            mend: dict[str, Any] = {"language": value.language} if value.language else {"datatype": value.datatype}
            yield Changed(triple.subject, triple.predicate, Literal(mended, **mend))
        else:
            yield triple


class _Returns:
    """A stream that writes carriage returns as `&#xD;`; the serialiser would leave those in values bare."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        self._stream.write(data.replace(b"\r", b"&#xD;") if b"\r" in data else data)
        return len(data)

    def flush(self) -> None:
        self._stream.flush()


EXPORTER = Exporter(
    title="RDF as XML, for older tools",
    media_type="application/rdf+xml",
    files=("graph.rdf",),
    spec="https://www.w3.org/TR/rdf-syntax-grammar/",
    write=write,
)
