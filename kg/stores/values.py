"""The answer to a query as Python values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.stores.embedded import Embedded

_OF_TYPE: dict[str, Callable[[str], Any]] = {
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "integer": int,
    XSD + "decimal": float,
    XSD + "double": float,
    XSD + "float": float,
}


def answer(graph: Embedded, query: str) -> list[dict[str, Any]] | bool:
    """Run a query.

    Returns:
        One map from variable to value for each row: a number or a boolean where the literal is one, None if nothing
        is bound, text otherwise; for ASK a boolean; for CONSTRUCT and DESCRIBE rows of `subject`, `predicate` and
        `object`.

    Raises:
        KgError: as `Embedded.ask`.
    """
    with graph.engine_errors(query):
        found = graph.ask(query)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QueryTriples):
            return [
                {"subject": _value(t.subject), "predicate": _value(t.predicate), "object": _value(t.object)}
                for t in found
            ]
        names = [variable.value for variable in found.variables]
        return [{name: _value(row[name]) for name in names} for row in found]


def _value(term: Any) -> Any:
    if term is None:
        return None
    datatype = getattr(term, "datatype", None)
    convert = _OF_TYPE.get(datatype.value) if datatype is not None else None
    try:
        return convert(term.value) if convert else getattr(term, "value", str(term))
    except ValueError:
        return term.value  # not valid for its type
