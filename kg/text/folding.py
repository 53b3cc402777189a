"""Keys of names in any language: two names of one kind with equal keys name the same thing.

The rule is deliberately narrow. It ignores:

* Compatibility variants, by Unicode NFKC (https://www.unicode.org/reports/tr15/): full-width `Ｗｅｂ` is `Web`.
* Case, by full case folding, except in names that begin with `/`, `-` or `.`: `/ZI` and `/Zi` are two switches.
* Leading, trailing and repeated white space, and invisible characters (zero-width space, byte-order mark, soft hyphen).
  Bidirectional controls are *not* ignored: they can disguise one name as another.
* Surrounding quotation marks: "…", '…', “…”, ‘…’, «…», 「…」, 『…』, 《…》, 〈…〉.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from kg.text.characters import JOINERS, without_invisible

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "「": "」", "『": "』", "《": "》", "〈": "〉", "`": "`"}
_CASE_SENSITIVE = ("/", "-", ".")
_is_plain = re.compile("[0-9A-Za-z\u4e00-\u9fff][!-~\u4e00-\u9fff·]*(?: [!-~\u4e00-\u9fff·]+)*").fullmatch
"""Matches most names: ASCII and Chinese characters, where only case needs folding."""


@lru_cache(maxsize=1 << 17)
def fold(name: str) -> str:
    """The key of a name; "" only for a name without visible characters.

    >>> fold("  《Ｔｈｅ Economist》 ")
    'the economist'
    >>> fold("C++"), fold("/ZI")
    ('c++', '/ZI')
    """
    if _is_plain(name):
        return name.lower()
    text = _unquote(" ".join(_composed(name).split()).strip(JOINERS))
    return text if text.startswith(_CASE_SENSITIVE) else _caseless(text)


def caseless(text: str) -> str:
    """A text for substring search: without case, width and invisible characters.

    >>> caseless("ＡＳＰ.NET, .NET")
    'asp.net, .net'
    """
    return _caseless(_composed(text))


def _composed(text: str) -> str:
    text = without_invisible(text)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _caseless(text: str) -> str:
    folded = text.casefold()
    # Case folding can undo composition (ΐ), so compose again, as Unicode's toNFKC_Casefold does.
    return folded if unicodedata.is_normalized("NFKC", folded) else unicodedata.normalize("NFKC", folded)


def fold_all(names: Iterable[str]) -> dict[str, str]:
    """Name → key, for many names; unlike `fold`, without caching."""
    return {name: name.lower() if _is_plain(name) else fold(name) for name in names}


def _unquote(text: str) -> str:
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1]:
        inner = text[1:-1].strip()
        # “a” and “b” is not quoted as a whole.
        if not inner or text[-1] in inner or text[0] in inner:
            break
        text = inner
    return text
