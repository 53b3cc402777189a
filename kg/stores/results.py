"""Answers of the embedded store as text: an aligned table for people, the W3C's formats for programs.

JSON (https://www.w3.org/TR/sparql11-results-json/), CSV and TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/) and
XML (https://www.w3.org/TR/rdf-sparql-XMLres/) for SELECT and ASK; Turtle, N-Triples, JSON-LD and RDF/XML for CONSTRUCT
and DESCRIBE, sorted, so that the same answer is the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from kg import namespaces
from kg.errors import ConfigError
from kg.machine.terminal import printable
from kg.text.table import GAP, cut, display_width, fit, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.stores.embedded import Answer, Term

    Row = Sequence[Term | ox.Triple | None]

ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
"""How SELECT and ASK can be written, besides `table`."""
TRIPLES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "json": ox.RdfFormat.JSON_LD,
    "xml": ox.RdfFormat.RDF_XML,
}
"""How CONSTRUCT and DESCRIBE can be written, besides `table`."""
_SAMPLE = 1000
"""Rows that decide how wide the columns of a table are; later ones are not waited for."""


def write(
    answer: Answer,
    format_: str,
    stream: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    columns: Sequence[str] | None = None,
    width: int = 0,
) -> int | None:
    """Write an answer.

    Args:
        answer: from `Embedded.ask`.
        format_: `table`, or a key of `ROWS` or of `TRIPLES`, whichever the answer is.
        stream: where to.
        prefixes: for Turtle, JSON-LD and RDF/XML, and to shorten IRIs in a table.
        columns: for a table, the variables to show, in this order; None shows all.
        width: for a table, how many columns the terminal has; 0 cuts nothing.

    Returns:
        The number of rows of a table, or of triples; None if they were not counted.

    Raises:
        ConfigError: this form of query has no such format.
    """
    if isinstance(answer, ox.QueryTriples):
        return _write_triples(answer, format_, stream, prefixes, width)
    if format_ == "table":
        if isinstance(answer, ox.QueryBoolean):
            stream.write(b"yes\n" if answer else b"no\n")
            return None
        names = [variable.value for variable in answer.variables]
        shown = [name for name in columns if name in names] if columns is not None else names
        rows = ([solution[name] for name in shown] for solution in answer)
        return write_table(shown, rows, stream, shortener(prefixes), width)
    if format_ not in ROWS:
        raise ConfigError(f"{format_} holds triples; for rows use table, {', '.join(ROWS)}")
    answer.serialize(stream, ROWS[format_])
    if format_ in ("json", "xml") or isinstance(answer, ox.QueryBoolean):
        stream.write(b"\n")
    return None


def _write_triples(
    answer: Iterable[ox.Triple], format_: str, stream: BinaryIO, prefixes: Mapping[str, str], width: int
) -> int:
    triples = sorted(set(answer), key=str)
    if format_ == "table":
        rows = ((triple.subject, triple.predicate, triple.object) for triple in triples)
        return write_table(["subject", "predicate", "object"], rows, stream, shortener(prefixes), width)
    if format_ not in TRIPLES:
        raise ConfigError(f"{format_} holds rows; for triples use table, {', '.join(TRIPLES)}")
    data = serialize(triples, TRIPLES[format_], prefixes)
    stream.write(data if data.endswith(b"\n") or not data else data + b"\n")  # JSON-LD and RDF/XML end without one
    return len(triples)


def serialize(triples: Sequence[ox.Triple], format_: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Triples as an RDF document that declares only the prefixes it uses."""
    used = {prefix: name for prefix, name in prefixes.items() if any(_in(name, triple) for triple in triples)}
    buffer = BytesIO()
    ox.serialize(triples, buffer, format=format_, prefixes=used)
    return buffer.getvalue()


def _in(namespace: str, triple: ox.Triple) -> bool:
    terms = (triple.subject, triple.predicate, triple.object)
    return any(
        term.value.startswith(namespace)
        if isinstance(term, ox.NamedNode)
        else isinstance(term, ox.Literal) and term.datatype.value.startswith(namespace)
        for term in terms
    )


# --- the table


def write_table(
    names: Sequence[str], rows: Iterable[Row], stream: BinaryIO, shorten: Callable[[str], str], width: int = 0
) -> int:
    """Write rows under their names, aligned as a terminal shows them; numbers to the right.

    Control and bidirectional characters are shown as escapes: text of posts must not drive the terminal.
    """
    rest = iter(rows)
    sample = list(islice(rest, _SAMPLE))
    cells = [[cell(value, shorten) for value in row] for row in sample]
    align = "".join("<>"[bool(sample) and all(_numeric(row[i]) for row in sample)] for i in range(len(names)))
    widths = [max([display_width(name), *(display_width(row[i]) for row in cells)]) for i, name in enumerate(names)]
    if width:
        widths = fit(widths, width - len(GAP) * (len(widths) - 1))
    count = -2  # the head
    for values in chain((names, ["─" * w for w in widths]), cells, ([cell(v, shorten) for v in row] for row in rest)):
        # What comes after the sample may be wider: shown whole unless the terminal is narrow.
        shown = list(map(cut, values, widths)) if width else values
        stream.write(line(shown, widths, align).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def cell(value: Term | ox.Triple | None, shorten: Callable[[str], str]) -> str:
    """A value as people read it: a prefixed name, the text of a literal, or nothing if unbound."""
    if value is None:
        return ""
    if isinstance(value, ox.NamedNode):
        return printable(shorten(value.value))
    if isinstance(value, ox.Literal):
        return printable(value.value)
    return printable(str(value))


def shortener(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """A function from an IRI to its prefixed name, or to `<IRI>` where no namespace fits."""
    shorten = namespaces.shortener(prefixes)
    return lambda iri: short if (short := shorten(iri)) != iri else f"<{iri}>"


def _numeric(value: object) -> bool:
    return isinstance(value, ox.Literal) and value.datatype.value.rpartition("#")[2] in _NUMBERS


_NUMBERS = frozenset({"integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"})
