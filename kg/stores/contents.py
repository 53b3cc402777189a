"""Whether a graph in a store says what it should, triple by triple.

A store may keep a value in another form than it was sent in: as a number of another type, as a time of fewer digits.
What has the same value is the same here, so that no graph is sent again and again for what its store does to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.literals import canonical
from kg.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

_FRACTION = re.compile(r"(?<=:\d\d)\.\d+")
_DIGITS = 6
"""Of a fraction of a second; no store that we know keeps fewer."""
_DECIMALS = frozenset(
    XSD + name
    for name in (
        "integer", "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
        "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    )
)  # fmt: skip
"""What is derived from xsd:decimal: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes."""


def alike(held: set[bytes], wanted: Iterable[bytes]) -> bool:
    """Whether two graphs, as lines of N-Triples, hold the same triples."""
    wanted = set(wanted)
    return _values(held - wanted) == _values(wanted - held)


def _values(lines: set[bytes]) -> set[tuple[str, str, tuple[str, ...]]]:
    triples = ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return {(str(t.subject), str(t.predicate), _value(t.object)) for t in triples}


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, ...]:
    """What a term stands for: two literals of one value are alike."""
    if not isinstance(term, ox.Literal):
        return (str(term),)
    datatype = term.datatype.value
    text = canonical(term.value, datatype)
    if datatype == XSD + "dateTime":
        text = _FRACTION.sub(lambda match: match[0][: _DIGITS + 1].rstrip("0").rstrip("."), text)
    elif datatype in _DECIMALS:
        datatype = XSD + "decimal"
        text = canonical(text, datatype)
    return text, datatype, (term.language or "").lower()
