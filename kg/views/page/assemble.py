"""One HTML document from the packed graph and the files in `assets/`.

The document uses no network, and says so: its content security policy
(https://www.w3.org/TR/CSP3/) allows exactly the one script and the one style sheet it holds, by their digests.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kg.graph.model import KnowledgeGraph
from kg.views.page.modules import link
from kg.views.page.pack import pack

_DIGITS = np.frombuffer(bytes(byte for byte in range(33, 127) if chr(byte) not in "\"&'<>\\`{}"), np.uint8)
"""Printable ASCII, but for what means something in HTML, in JavaScript or in our template."""


def assemble(
    graph: KnowledgeGraph,
    *,
    endpoint: str | None = None,
    events: str | None = None,
    examples: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The page of a graph.

    Args:
        graph: the graph to show.
        endpoint: where the page may send SPARQL queries, on its own origin such as `/sparql`; `None` for a page that
            is opened from disk and connects to nothing.
        events: a stream of server-sent events on the same origin; `reload` makes the page reload.
        examples: pairs of a question and its query, offered in the query editor.

    Returns:
        The document, UTF-8. The same graph gives the same bytes.
    """
    from kg.views.map import chart

    packed = pack(graph, chart(graph))
    script = _script()
    style = _asset("page.css")
    config = {"endpoint": endpoint, "events": events, "examples": [list(example) for example in examples]}
    parts = {
        "TITLE": html.escape(graph.dataset.title or "Knowledge graph"),
        "POLICY": _policy(script, style, served=endpoint is not None or events is not None),
        "STYLE": style,
        "CONFIG": _json(config),
        "CORE": _digits(packed.core),
        "DETAIL": _digits(packed.detail),
        "SCRIPT": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _asset("page.html")).encode()


@cache
def _script() -> str:
    """The modules in `assets/`, as one script."""
    return link("main", lambda name: _asset(f"{name}.js"))


def _asset(name: str) -> str:
    return files("kg.views.page").joinpath("assets", name).read_text("utf-8")


def _digits(data: bytes) -> str:
    """Bytes in base 85, as in `base64.b85encode` but for its digits: a quarter longer, where base 64 is a third."""
    padding = -len(data) % 4
    numbers = np.frombuffer(data + b"\0" * padding, ">u4").astype(np.uint32)
    digits: bytes = _DIGITS[numbers[:, None] // 85 ** np.arange(4, -1, -1, dtype=np.uint32) % 85].tobytes()
    return digits[: len(digits) - padding].decode("ascii")


def _policy(script: str, style: str, *, served: bool) -> str:
    connections = "'self'" if served else "'none'"
    rules = [
        "default-src 'none'",
        f"script-src {_digest(script)}",
        f"style-src {_digest(style)}",
        "img-src blob: data:",
        f"connect-src {connections}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _json(value: Any) -> str:
    """JSON that cannot close the script element it stands in."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
