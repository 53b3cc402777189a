"""The triples that a graph in a store has in excess, and those it lacks.

A store may keep a value in another form than it was sent in: a boolean as a number, a number as one of another type, a
time with fewer digits. Equal values count as the same here, so that nothing is sent again and again because its
store changes it.
"""

import re
from collections.abc import Iterable

import pyoxigraph as ox

from kg.literals import canonical
from kg.namespaces import XSD

_FRACTION = re.compile(r"(?<=:\d\d)\.\d+")
_DIGITS = 6
"""Digits of a fraction of a second; no known store keeps fewer."""
_DECIMALS = frozenset(
    XSD + name
    for name in (
        "integer", "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
        "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    )
)  # fmt: skip
"""Types derived from xsd:decimal: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes."""


def differences(stored: set[bytes], wanted: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    """The lines of N-Triples that a store should not hold, and those that it lacks."""
    wanted = set(wanted)
    surplus, lacking = stored - wanted, wanted - stored
    of_surplus, of_lacking = ({_value(line): line for line in lines} for lines in (surplus, lacking))
    both = of_surplus.keys() & of_lacking.keys()
    return surplus - {of_surplus[one] for one in both}, lacking - {of_lacking[one] for one in both}


def _value(line: bytes) -> tuple[str, ...]:
    """The key of a triple: literals with the same value have the same key."""
    (triple,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    before, term = (str(triple.subject), str(triple.predicate)), triple.object
    if not isinstance(term, ox.Literal):
        return (*before, str(term))
    datatype = term.datatype.value
    text = canonical(term.value, datatype)
    if datatype == XSD + "dateTime":
        text = _FRACTION.sub(lambda match: match[0][: _DIGITS + 1].rstrip("0").rstrip("."), text)
    elif datatype == XSD + "boolean":
        text, datatype = ("1" if text == "true" else "0"), XSD + "decimal"
    elif datatype in _DECIMALS:
        datatype = XSD + "decimal"
        text = canonical(text, datatype)
    return *before, text, datatype, (term.language or "").lower()
