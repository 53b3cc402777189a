"""The language of a text, as far as its script determines it (https://www.unicode.org/reports/tr24/).

Nothing is guessed: for a script that many languages share (Arabic, Cyrillic, Latin) the caller names the language.
"""

from __future__ import annotations

import re

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters, for use inside a regular expression's brackets."""

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")
_SHARE = 8
"""Most Chinese characters per kana or Hangul letter; beyond, it is Chinese that quotes a Japanese or Korean word."""
_OTHER = re.compile(
    "(?P<th>[\u0e01-\u0e5b])|(?P<he>[\u05d0-\u05f2])|(?P<el>[\u0370-\u03ff\u1f00-\u1fff])"
    "|(?P<arabic>[\u0620-\u064a\u066e-\u06d3])|(?P<cyrillic>[\u0400-\u052f])|(?P<letter>[^\\W\\d_])"
)
_FITS = {
    "arabic": {"ar", "fa", "ur", "ps", "ckb", "ug", "sd"},
    "cyrillic": {"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"},
    "letter": {"hi", "bn", "ta", "te", "ml", "kn", "gu", "mr", "ne", "si", "my", "km", "lo", "ka", "hy", "am", "bo"},
}
"""Script → the languages that share it."""
_LATIN = re.compile(
    "[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]"
)


def language_of(text: str, *, latin: str, default: str = "") -> str:
    """The BCP 47 tag of a text, "" if its script does not determine it.

    Chinese characters alone are Chinese; with kana they are Japanese, with Hangul Korean. They outweigh Latin letters:
    `苹果 Apple` is Chinese.

    Args:
        text: any text.
        latin: the language of text in Latin letters.
        default: the language of text without letters, and of text in a shared script if that script is used for it.

    >>> language_of("英伟达", latin="en"), language_of("Nvidia", latin="en"), language_of("トヨタ自動車", latin="en")
    ('zh', 'en', 'ja')
    """
    if text.isascii():
        return latin if _LATIN.search(text) else default
    han = _HAN.search(text)
    for language, letters in (("ja", _KANA), ("ko", _HANGUL)):
        if letters.search(text) and (not han or _count(letters, text) * _SHARE >= _count(_HAN, text)):
            return language
    if han:
        return "zh"
    if _LATIN.search(text):
        return latin
    match = _OTHER.search(text)
    script = match.lastgroup if match else None
    if script is None:
        return default
    if script in _FITS:
        return default if default.partition("-")[0] in _FITS[script] else ""
    return script


def language_tag(text: str) -> str:
    """A language code as a BCP 47 tag (https://www.rfc-editor.org/info/bcp47) in its usual case, or "" if it is none.

    >>> language_tag("zh_cn"), language_tag("en_US.UTF-8"), language_tag("English please")
    ('zh-CN', 'en-US', '')
    """
    first, *rest = re.split(r"[-_]", text.partition(".")[0])
    if not re.fullmatch(r"[A-Za-z]{2,3}", first) or not all(re.fullmatch(r"[A-Za-z0-9]{1,8}", p) for p in rest):
        return ""
    cased = (p.upper() if len(p) == 2 else p.capitalize() if len(p) == 4 else p.lower() for p in rest)
    return "-".join([first.lower(), *cased])


def _count(letters: re.Pattern[str], text: str) -> int:
    return len(letters.findall(text))
