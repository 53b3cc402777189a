"""The script of a text, by Unicode blocks (https://www.unicode.org/charts/)."""

import re
import unicodedata

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters, for a character class of a regular expression, as are the next three."""
_KANA_AND_HANGUL = r"\u3040-\u30ff\uac00-\ud7af"
WIDE = HAN + _KANA_AND_HANGUL
"""Chinese, Japanese and Korean letters."""
OTHER = (
    r"\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u0530-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff"
    + _KANA_AND_HANGUL
)
"""Letters that are neither Latin nor Chinese: Greek, Cyrillic, Armenian, Hebrew, Arabic, Indic, Thai, Lao, Georgian,
kana and Hangul."""
first_other = re.compile(f"[{OTHER}]").search
first_han = re.compile(f"[{HAN}]").search
_has_wide = re.compile(f"[{WIDE}]").search
_has_letter = re.compile(r"[^\W\d_]").search
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&./-]{0,9}")


def has_cjk(text: str) -> bool:
    """Whether a text has a Chinese, Japanese or Korean letter."""
    return bool(_has_wide(text))


def script_of(text: str) -> str:
    """The script of a text without Chinese characters: `latin`, or the script of its first non-Latin letter.

    >>> script_of("Tolstoy"), script_of("Толстой"), script_of("トヨタ"), script_of("삼성")
    ('latin', 'cyrillic', 'kana', 'hangul')
    """
    found = None if text.isascii() else first_other(text)
    if found is None:
        return "latin"
    script = unicodedata.name(found[0], "other").partition(" ")[0].lower()
    return "kana" if "kana" in script else script


def has_letter(text: str) -> bool:
    """Whether a text has any letter."""
    return text[:1].isalpha() or bool(_has_letter(text))


def is_acronym(name: str) -> bool:
    """Whether a name looks like an abbreviation: `CAPEX`, `R&D`, `LLMs`, `PhD`."""
    return name.isascii() and bool(_ACRONYM.fullmatch(name)) and sum(c.isupper() for c in name) >= 2
