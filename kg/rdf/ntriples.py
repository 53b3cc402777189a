"""N-Triples, the plainest text of RDF 1.1 (https://www.w3.org/TR/n-triples/): terms, statements, documents.

Statements are made as text, which pyoxigraph parses several times faster than it takes terms from Python one by one;
it has checked every IRI and language tag before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.model import IRI_OBJECT
from kg.namespaces import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CACHED = 1 << 16
_BATCH = 1 << 12
"""Statements that are parsed at a time."""
Row: TypeAlias = tuple[str, str, str, str]
"""One statement about a subject at hand: predicate, value, datatype (or `IRI_OBJECT`, or ""), language."""


def statements_about(subject: str, rdf_class: str, rows: Iterable[Row]) -> list[str]:
    """The statements about one subject: its class first, the rest by predicate and value, each once."""
    about = iri_of(subject)
    result = [f"{about} {_TYPE} {iri_of(rdf_class)}"] if rdf_class else []
    last = None
    for row in sorted(rows):
        if row != last:
            predicate, value, datatype, language = last = row
            result.append(f"{about} {iri_of(predicate)} {object_of(value, datatype, language)}")
    return result


@lru_cache(maxsize=_CACHED)
def iri_of(iri: str) -> str:
    """An IRI in N-Triples.

    Raises:
        ValueError: it is none (RFC 3987).
    """
    value = NamedNode(iri).value
    return f"<{value if value.isascii() else _WHITE.sub(_escape, value)}>"


_WHITE = re.compile(r"\s")
"""U+3000 and its kin may stand in an IRI, but rdflib takes them for the end of one: they are escaped."""


_TYPE = iri_of(RDF + "type")
_PLAIN = ("", XSD + "string")
"""What a literal without datatype and language is: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal."""


def object_of(value: str, datatype: str, language: str) -> str:
    """The object of a statement; what should be an IRI and is none becomes a literal."""
    if datatype == IRI_OBJECT:
        try:
            return iri_of(value)
        except ValueError:
            datatype = XSD + "anyURI"
    quoted = f'"{_escaped(text(value))}"'
    if language and (tag := _language(language)):
        return f"{quoted}@{tag}"
    return quoted if datatype in _PLAIN else f"{quoted}^^{iri_of(datatype)}"


def _escaped(value: str) -> str:
    """Without the characters that cannot stand in a literal as they are, and those that few readers take."""
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if '"' in value:
        value = value.replace('"', '\\"')
    return value if value.isprintable() else _CONTROL.sub(_escape, value)


_CONTROL = re.compile("[\x00-\x1f\x7f]")
_ESCAPES = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f"}


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def text(value: str) -> str:
    """A string as any RDF parser takes it: lone surrogates, U+FFFE and U+FFFF become U+FFFD.

    RDF 1.1 forbids the first; the other two are no characters, and parsers of the C family refuse them. All else,
    control characters included, is kept and escaped.
    """
    if value.isascii():
        return value
    if "\ufffe" not in value and "\uffff" not in value:
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value
    return _UNFIT.sub("\ufffd", value)


_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=1 << 10)
def _language(tag: str) -> str:
    """A language tag in small letters if it is well formed (https://www.rfc-editor.org/info/bcp47), or ""."""
    try:
        return Literal("", language=tag).language or ""
    except ValueError:
        return ""


def parsed(statements: Iterable[str]) -> Iterator[Quad]:
    """Statements, as pyoxigraph reads them; a few at a time, whatever their number."""
    stream = iter(statements)
    batches = iter(lambda: list(islice(stream, _BATCH)), [])
    return chain.from_iterable(parse_document(document_of(batch)) for batch in batches)


def document_of(statements: Iterable[str]) -> str:
    """Statements as one document, each on a line of its own."""
    document = " .\n".join(statements)
    return document and f"{document} .\n"


def parse_document(document: str) -> Iterator[Quad]:
    """The statements of a document, which may name graphs, as N-Quads do."""
    # `lenient` leaves out checks that have been made when the text was written.
    return parse(document, format=RdfFormat.N_QUADS, lenient=True)
