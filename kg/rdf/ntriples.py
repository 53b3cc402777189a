"""N-Triples, the plainest text of RDF 1.1 (https://www.w3.org/TR/n-triples/): terms, statements, documents.

Statements are produced as text, because pyoxigraph parses text several times faster than it accepts terms one by one
from Python. Every IRI and language tag is checked first.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.model import IRI_OBJECT
from kg.namespaces import RDF, XSD

_CACHED = 1 << 16
_BATCH = 1 << 12
"""Statements parsed at a time."""
Row: TypeAlias = tuple[str, str, str, str]
"""A statement without its subject: predicate, value, datatype (or `IRI_OBJECT`, or ""), language."""


class Resource(NamedTuple):
    """What is said about one subject."""

    iri: str
    rows: list[Row]
    """In the order in which they are written, each once."""

    def statements(self) -> Iterator[str]:
        """In N-Triples, without their full stops."""
        about = iri_of(self.iri)
        for predicate, value, datatype, language in self.rows:
            yield f"{about} {iri_of(predicate)} {object_of(value, datatype, language)}"


def resource(iri: str, rdf_class: str, rows: Iterable[Row]) -> Resource:
    """What is said about one subject: its class, unless that is "", then the rest by predicate and value."""
    first: list[Row] = [(_TYPE, rdf_class, IRI_OBJECT, "")] if rdf_class else []
    return Resource(iri, first + sorted({*rows}))


def statements_of(resources: Iterable[Resource]) -> Iterator[str]:
    """What is said about several subjects, in N-Triples, without the full stops."""
    return chain.from_iterable(map(Resource.statements, resources))


_TYPE = RDF + "type"


@lru_cache(maxsize=_CACHED)
def iri_of(iri: str) -> str:
    """An IRI in N-Triples.

    Raises:
        ValueError: it is not an IRI (RFC 3987).
    """
    value = NamedNode(iri).value
    return f"<{value if value.isascii() else _WHITE.sub(_escape, value)}>"


_WHITE = re.compile(r"\s")
"""Spaces such as U+3000 are escaped: an IRI may contain them, but rdflib reads them as its end."""
_PLAIN = ("", XSD + "string")
"""Datatypes of a literal that is written without one: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal."""


def object_of(value: str, datatype: str, language: str) -> str:
    """The object of a statement; an invalid IRI becomes a literal."""
    if datatype == IRI_OBJECT:
        try:
            return iri_of(value)
        except ValueError:
            datatype = XSD + "anyURI"
    plain = value.isprintable() and '"' not in value and "\\" not in value
    quoted = f'"{value}"' if plain else f'"{_escaped(text(value))}"'
    if language and (tag := _language(language)):
        return f"{quoted}@{tag}"
    return quoted if datatype in _PLAIN else f"{quoted}^^{iri_of(datatype)}"


def _escaped(value: str) -> str:
    """A value with escapes for what a literal cannot hold, and for what few parsers accept."""
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
    """Text that any RDF parser accepts: lone surrogates, U+FFFE and U+FFFF become U+FFFD.

    RDF 1.1 forbids the first; the other two are noncharacters, which parsers in C reject. Everything else, including
    control characters, is kept and escaped.
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
    """A language tag in lower case, or "" if it is malformed (https://www.rfc-editor.org/info/bcp47)."""
    try:
        return Literal("", language=tag).language or ""
    except ValueError:
        return ""


def parsed(statements: Iterable[str]) -> Iterator[Quad]:
    """Statements as quads; they are parsed in batches, so any number of them fits into memory."""
    stream = iter(statements)
    batches = iter(lambda: list(islice(stream, _BATCH)), [])
    return chain.from_iterable(parse_document(document_of(batch)) for batch in batches)


def document_of(statements: Iterable[str]) -> str:
    """Statements as one document, one per line."""
    document = " .\n".join(statements)
    return document and f"{document} .\n"


def parse_document(document: str) -> Iterator[Quad]:
    """The quads of a document in N-Triples or N-Quads."""
    # `lenient` skips checks that were made when the text was written.
    return parse(document, format=RdfFormat.N_QUADS, lenient=True)
