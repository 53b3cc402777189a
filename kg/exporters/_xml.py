"""Text in XML 1.0 (https://www.w3.org/TR/xml/#charsets), whatever the text holds."""

from __future__ import annotations

import re

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML 1.0 document can hold, not even as a reference."""

_MARKUP = re.compile('[&<>"\r\n\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape(text: str) -> str:
    """Text for an element or a double-quoted attribute: what XML cannot hold becomes U+FFFD, the rest comes back whole.

    White space other than the blank is written as a reference, because parsers turn tabs and line ends of attributes
    into blanks, and carriage returns into line feeds.
    """
    return _MARKUP.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    return "\ufffd" if UNFIT.match(character) else f"&#{ord(character)};"
