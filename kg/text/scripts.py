"""In which letters a text is written (Unicode blocks, https://www.unicode.org/charts/)."""

from __future__ import annotations

import re

IDEOGRAPHS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters but for 〇, as the inside of a regular expression's brackets."""
WIDE = IDEOGRAPHS + r"\u3040-\u30ff\uac00-\ud7af"
"""With kana and Hangul."""
_has_wide = re.compile(f"[{WIDE}]").search
_has_letter = re.compile(r"[^\W\d_]").search
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&./-]{0,9}")


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese, Japanese or Korean letter."""
    return bool(_has_wide(text))


def has_letter(text: str) -> bool:
    """Whether there is any letter at all."""
    return bool(_has_letter(text))


def is_acronym(name: str) -> bool:
    """Whether a name is written as an abbreviation: `CAPEX`, `R&D`, `LLMs`, `PhD`."""
    return bool(_ACRONYM.fullmatch(name)) and sum(c.isupper() for c in name) >= 2
