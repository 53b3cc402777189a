"""The page on which people decide which names are one thing: `kg serve --review`."""

import base64
import hashlib
from functools import cache
from importlib.resources import files


@cache
def document() -> tuple[bytes, str]:
    """The page, and its content security policy (https://www.w3.org/TR/CSP3/): its own script and style, nothing else.

    It holds no data: its script asks for them, with the token from the part of the address after `#`, which browsers
    never send.
    """
    script, style, page = (_asset(name) for name in ("review.js", "review.css", "review.html"))
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return page.replace("{{STYLE}}", style).replace("{{SCRIPT}}", script).encode(), policy


def _asset(name: str) -> str:
    return files("kg.views.review").joinpath("assets", name).read_text("utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
