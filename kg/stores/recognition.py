"""Recognising the kind of store at an address, by its headers and its service description.

https://www.w3.org/TR/sparql11-service-description/; most stores also name themselves in the header `Server`
(RFC 9110, https://www.rfc-editor.org/rfc/rfc9110#field.server).
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from kg.errors import ConfigError
from kg.stores.connection import StoreClient
from kg.stores.presets import PRESETS

_PLACES = ("", "/sparql", "/query")
"""Where a store may describe itself, after ENDPOINT."""
_ANY_STATUS = frozenset(range(300, 600))


def recognise(endpoint: str, connection: StoreClient) -> tuple[str, str]:
    """The name of a preset, and how it was recognised: by what the store says of itself, or by the port.

    Raises:
        ConfigError: the store is not recognised; a guess could write to the wrong place.
        StoreUnavailable: the store does not answer.
    """
    for place in _PLACES:
        reply = connection.send("GET", endpoint + place, accept="text/turtle", allowed=_ANY_STATUS)
        if found := _named_in(reply.headers):
            return found, "by its headers"
        if reply.status == 200 and (found := _named_in([reply.body[: 1 << 16].decode("utf-8", "replace")])):
            return found, "by its description"
    port = urlsplit(endpoint).port
    for name, preset in PRESETS.items():
        if port is not None and f":{port}" in preset.endpoint:
            return name, f"by the port {port}"
    raise ConfigError(f"which kind of store is {endpoint}? give --preset, one of {', '.join(PRESETS)}")


def _named_in(texts: Iterable[str]) -> str:
    """The first preset one of whose signs is in one of the texts; "" if there is none."""
    text = "\n".join(texts)
    return next((name for name, preset in PRESETS.items() if re.search(preset.signs, text, re.IGNORECASE)), "")
