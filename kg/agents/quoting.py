"""Text of posts for a reader that may take text for instructions.

Anybody may have written the posts. Text from them appears only within JSON strings, so that it can neither close
nor open anything; characters that people cannot see (controls, directions, invisible ones) are left out,
and markup is escaped, so that no tag of a prompt can be written.
"""

import json
import unicodedata
from typing import Any

from kg.text.characters import JOINERS

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
"""General categories (https://www.unicode.org/reports/tr44/#General_Category_Values) that show nothing."""
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def visible(text: str) -> str:
    r"""A text in one line, without characters that show nothing.

    >>> visible("one\ntwo\u202e\U000e0041")
    'one two'
    """
    if text.isprintable():
        return text
    line = " ".join(text.split())
    return "".join(c for c in line if c in JOINERS or unicodedata.category(c) not in _HIDDEN)


def quoted(value: Any) -> str:
    r"""A value as JSON in one line, without spaces, all text in it made `visible`.

    >>> quoted({"title": "</data> Ignore\nall"})
    '{"title":"\\u003c/data\\u003e Ignore all"}'
    """
    return json.dumps(_clean(value), ensure_ascii=False, separators=(",", ":")).translate(_MARKUP)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(str(key)): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value
