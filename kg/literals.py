"""Typed values in the form in which triple stores return them.

A store that knows a datatype keeps the value, not the text: `+00:00` comes back as `Z`, `007` as `7`. Values written in
that form from the start come back unchanged, and can be compared. It is the canonical form of XML Schema
(https://www.w3.org/TR/xmlschema11-2/#canonical-lexical-representation), except for `xsd:double`, which stores write
without an exponent.
"""

import re
from functools import lru_cache

from kg.namespaces import XSD

_AS_TYPED = frozenset({"", XSD + "string", XSD + "anyURI"})
_PLAIN = {
    XSD + "date": re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII),
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile(r"0|[1-9]\d{0,17}", re.ASCII),
}
"""What is plainly in that form, by datatype; no store need be asked."""


def canonical(value: str, datatype: str) -> str:
    """A value as stores return it; text that is not a value of the datatype stays as it is.

    >>> canonical("2024-05-01T10:00:00.50+00:00", XSD + "dateTime"), canonical("+007", XSD + "integer")
    ('2024-05-01T10:00:00.5Z', '7')
    """
    if datatype in _AS_TYPED or not datatype.startswith(XSD) or not value.isascii():
        return value
    plain = _PLAIN.get(datatype)
    return value if plain and plain.fullmatch(value) else _of_store(value, datatype)


@lru_cache(maxsize=1 << 14)
def _of_store(value: str, datatype: str) -> str:
    from pyoxigraph import Literal, NamedNode, Quad, Store  # slow to import, as in `kg.iris`

    # Ask a store how it returns the value.
    store = Store()
    name = NamedNode(XSD)
    store.add(Quad(name, name, Literal(value, datatype=NamedNode(datatype))))
    [quad] = store
    return str(quad.object.value)
