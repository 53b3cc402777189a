"""The language of a post: what a field says, or else its title and the beginning of its body."""

import re

from kg.fields import FieldMapping
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.values import Scalar, Value, is_nothing, leaves
from kg.text.languages import language_of, language_tag
from kg.text.patterns import pattern
from kg.text.scripts import HAN, WIDE

_LATIN = re.compile("[A-Za-z]")
_CHINESE = pattern(f"[{HAN}]")
_OTHER_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_LATIN_WORD = re.compile("[A-Za-z]+")
_WIDE = pattern(f"[{WIDE}]")
"""Letters of which one is about as much as half a word in Latin letters."""
_LOCALE = re.compile(r"[a-z]{2,3}_[A-Z]{2}(?:\.[\w-]+)?")
"""`pt_BR`, as operating systems and the Open Graph protocol spell a language and its country."""


def tell_language(
    rows: list[tuple[Scalar, Value, FieldMapping | None]], sample: str, result: Interpretation, site: str
) -> None:
    """Set the language of a post; `site` is that of its site, which counts where nothing else tells."""
    titles = []
    for key, value, row in rows:
        if row and row.role == "language" and isinstance(value, Scalar) and not is_nothing(value):
            result.language = _language_tag(key.text, value, result) or result.language
        elif row and row.role == "title":
            titles += [leaf.text for _path, leaf in leaves(value)]
    if not result.language:
        text = f"{' '.join(titles)}\n{sample}"
        if not text.isascii():  # addresses and single foreign words decide nothing, in either direction
            if _is_mostly_other(text):
                # Beside Chinese, Latin letters decide nothing anyway.
                text = text if _CHINESE.search(text) else _LATIN.sub("", text)
            elif not _WIDE.search("".join(titles)) and len(_LATIN_WORD.findall(text)) > len(_WIDE.findall(text)):
                text = _WIDE.sub("", text)
        result.language = language_of(text, site, latin=result.latin)


def _language_tag(key: str, value: Scalar, result: Interpretation) -> str:
    """The tag of a language, or "" if it is none."""
    typed = value.text.strip()
    tag = language_tag(typed)
    if not tag:
        # `language: TypeScript` tells of programs.
        note = key.lower() == "language"
        result.fault(value, "KG112", f"{key}: {typed!r} is not a language tag; write zh, en-GB …", note=note)
    elif tag.lower() != typed.lower() and tag != result.language:  # the folder may be called like that, too
        result.fault(value, "KG112", f"{key}: {typed!r} is read as {tag!r}", note=bool(_LOCALE.fullmatch(typed)))
    return tag


_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _is_mostly_other(text: str) -> bool:
    """Whether letters of other scripts outnumber those of ASCII; letters are only counted where it is close."""
    ascii_part = text.encode("ascii", "ignore")
    latin, other = len(ascii_part.translate(None, _NO_LETTERS)), len(text) - len(ascii_part)
    if other <= latin or other > 3 * latin + 20:
        return other > latin
    return len(_OTHER_LETTER.findall(text)) > latin
