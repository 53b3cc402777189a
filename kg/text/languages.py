"""The language of a text, as far as its script determines it (https://www.unicode.org/reports/tr24/).

Nothing is guessed: for a script that many languages share (Arabic, Cyrillic, Latin), only a declared language counts.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from kg.text.patterns import pattern
from kg.text.scripts import HAN

_KANA_ALONE, _HANGUL_ALONE = "\u3041-\u3096\u30a1-\u30fa", "\uac00-\ud7af\u1100-\u11ff\u3130-\u318f"
_HAN, _KANA, _HANGUL = pattern(f"[{HAN}]"), pattern(f"[{_KANA_ALONE}]"), pattern(f"[{_HANGUL_ALONE}]")
_KANA_OR_HANGUL = pattern(f"[{_KANA_ALONE}{_HANGUL_ALONE}]")
_SHARE = 8
"""Chinese characters per kana or Hangul letter; with more, it is Chinese that quotes a Japanese or Korean word."""
_OTHER = re.compile(
    "(?P<th>[\u0e01-\u0e5b])|(?P<he>[\u05d0-\u05f2])|(?P<el>[\u0370-\u03ff\u1f00-\u1fff])"
    "|(?P<arabic>[\u0620-\u064a\u066e-\u06d3])|(?P<cyrillic>[\u0400-\u052f])|(?P<letter>[^\\W\\d_])"
)
_FITS = {
    "han": {"zh", "yue", "wuu", "hak", "nan", "gan", "hsn", "cjy", "cdo", "lzh", "cmn", "ja", "ko"},
    "arabic": {"ar", "fa", "ur", "ps", "ckb", "ug", "sd"},
    "cyrillic": {"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "uz", "az", "bs", "sh"},
    "letter": {"hi", "bn", "ta", "te", "ml", "kn", "gu", "mr", "ne", "si", "my", "km", "lo", "ka", "hy", "am", "bo"},
    "he": {"he", "yi"},
}
"""Script → the languages that share it."""
_ALSO_LATIN = {"sr", "mk", "kk", "tg", "uz", "az", "bs", "sh", "tt"}
_NOT_LATIN = (set().union(*_FITS.values()) | {"th", "el"}) - _ALSO_LATIN
_LATIN = re.compile(
    "[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]"
)


def language_of(text: str, own: str = "", *, latin: str = "") -> str:
    """The BCP 47 tag of a text: the declared language if the script fits it, else the one that the script determines.

    Chinese characters alone are Chinese if nothing else is declared, or Japanese if some are written so only in
    Japan; with kana they are Japanese, with Hangul Korean. They outweigh Latin letters: `苹果 Apple` is Chinese. ""
    if neither tells: Latin letters alone do not tell a language.

    Args:
        text: any text.
        own: the language that is declared where the text stands, "" for none.
        latin: the language of text in Latin letters that stands among text of another script.

    >>> language_of("英伟达"), language_of("日本経済"), language_of("東京", "ja"), language_of("トヨタ", "zh-Hant")
    ('zh', 'ja', 'ja', 'ja')
    >>> language_of("Les données", "fr"), language_of("Nvidia", "zh"), language_of("Nvidia")
    ('fr', '', '')
    """
    return _language_of_name(text, own, latin) if len(text) < _NAME else _language_of(text, own, latin)


def _language_of(text: str, own: str, latin: str) -> str:
    is_chinese = bool(_HAN.search(text)) and not _not_chinese().search(text)  # most text that is not Latin
    script = "han" if is_chinese else _script(text)
    primary = own.partition("-")[0].lower()
    if not script:
        return own
    if script == "latin":
        fits = bool(own) and (primary not in _NOT_LATIN or "-latn" in own.lower())
        return own if fits else latin
    if primary == script or primary in _FITS.get(script, ()):
        return own
    if script == "han":
        japanese = 0 if is_chinese else _count(_kanji(), text)
        return "ja" if japanese and japanese * _SHARE >= _count(_HAN, text) else "zh"
    return "" if script in _FITS and script != "he" else script


_NAME = 100
"""Characters of what may be asked about again: names, but no texts."""
_language_of_name = lru_cache(maxsize=1 << 16)(_language_of)


@lru_cache(maxsize=1)
def _kanji() -> re.Pattern[str]:
    """Characters written so only in Japan: in its character set, but in none of China, Taiwan and Hong Kong."""

    def held_by(encoding: str, letters: str) -> str:
        return letters.encode(encoding, "ignore").decode(encoding)

    found = held_by("shift_jis", "".join(map(chr, range(0x4E00, 0xA000))))
    for others in ("gb2312", "big5hkscs"):
        known = set(held_by(others, found))
        found = "".join([letter for letter in found if letter not in known])
    return re.compile(f"[{found}]")


@lru_cache(maxsize=1)
def _not_chinese() -> re.Pattern[str]:
    """Any letter that makes a text with Chinese characters Japanese or Korean, if there are enough of them."""
    return re.compile(f"[{_KANA_ALONE}{_HANGUL_ALONE}{_kanji().pattern[1:-1]}]")


def preferred(labels: Mapping[str, str], wanted: str) -> str:
    """The name in a language, or else one without a language in the same script, or else "".

    Args:
        labels: language tag → name.
        wanted: a language tag, or "" for none.
    """
    if not wanted:
        return ""
    own = labels.get("", "")
    return labels.get(wanted) or (own if _script(own) and language_of(own, wanted) == wanted else "")


def is_latin(text: str) -> bool:
    """Whether a text is in Latin letters, which do not determine its language."""
    return _script(text) == "latin"


def _script(text: str) -> str:
    """`latin`, a key of `_FITS`, or the only language written in the script; "" for a text without letters."""
    if text.isascii():
        return "latin" if _LATIN.search(text) else ""
    han = _HAN.search(text)
    for language, letters in (("ja", _KANA), ("ko", _HANGUL)) if _KANA_OR_HANGUL.search(text) else ():
        if letters.search(text) and (not han or _count(letters, text) * _SHARE >= _count(_HAN, text)):
            return language
    if han:
        return "han"
    if _LATIN.search(text):
        return "latin"
    match = _OTHER.search(text)
    return (match.lastgroup or "") if match else ""


def language_tag(text: str) -> str:
    """A language code as a BCP 47 tag (https://www.rfc-editor.org/info/bcp47) in the usual case, or "" if it is none.

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
