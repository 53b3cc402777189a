"""Characters that nobody sees in a text, or that are none."""

import re

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character in UTF-16, which no other text can hold (https://www.unicode.org/faq/utf_bom.html#utf16-2)."""
INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e"
"""Zero-width spaces, the byte-order mark and the soft hyphen, which mean nothing in a name."""
JOINERS = "\u200c\u200d"
"""Zero-width joiners, which mean something in several scripts and in emoji."""


def without_invisible(text: str) -> str:
    """A text without `INVISIBLE`."""
    return text.translate(_REMOVED) if _HAS_INVISIBLE(text) else text


_REMOVED = dict.fromkeys(map(ord, INVISIBLE))
_HAS_INVISIBLE = re.compile(f"[{INVISIBLE}]").search
