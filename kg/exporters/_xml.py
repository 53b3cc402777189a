"""Any text in XML 1.0 (https://www.w3.org/TR/xml/#charsets)."""

import re

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids, even as a reference."""

_MARKUP = re.compile('[&<>"\r\n\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape(text: str) -> str:
    r"""Text for an element or a double-quoted attribute; characters that XML forbids become U+FFFD.

    Tabs and line ends are written as references, because parsers turn them into spaces in attributes.

    >>> escape("a < b\tc")
    'a &lt; b&#9;c'
    """
    return _MARKUP.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    return "\ufffd" if UNFIT.match(character) else f"&#{ord(character)};"
