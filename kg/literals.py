"""Typed values in the one form that triple stores keep.

A store that knows a datatype keeps the value and not the text: `+00:00` comes back as `Z`, `007` as `7`. What is
written in that form at once comes back as it was written, and can be compared. It is the canonical form of XML Schema
(https://www.w3.org/TR/xmlschema11-2/#canonical-lexical-representation), but for `xsd:double`, which stores write
without an exponent.
"""

from __future__ import annotations

from functools import lru_cache

from kg.namespaces import XSD

_AS_TYPED = frozenset({"", XSD + "string", XSD + "anyURI"})


@lru_cache(maxsize=1 << 14)
def canonical(value: str, datatype: str) -> str:
    """A value of a datatype as stores keep it; what is no value of that datatype stays as it is.

    >>> canonical("2024-05-01T10:00:00.50+00:00", XSD + "dateTime"), canonical("+007", XSD + "integer")
    ('2024-05-01T10:00:00.5Z', '7')
    """
    if datatype in _AS_TYPED or not datatype.startswith(XSD) or not value.isascii():
        return value
    from pyoxigraph import Literal, NamedNode, Quad, Store  # as `kg.iris`: not for those who only read settings

    # The form that a store keeps is asked of one.
    store = Store()
    name = NamedNode(XSD)
    store.add(Quad(name, name, Literal(value, datatype=NamedNode(datatype))))
    [quad] = store
    return str(quad.object.value)
