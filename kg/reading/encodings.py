"""The likely encoding of a file that is not UTF-8: a hint for a message, never used to read the file.

Only the shape of the bytes is judged (https://encoding.spec.whatwg.org lists the encodings themselves), so a short
sample can be wrong, and the message says "likely".
"""

import re
from collections.abc import Callable

_SAMPLE = 1 << 16
_HIGH = re.compile(rb"[\x80-\xff]+")


def likely_encoding(data: bytes) -> str:
    """The name of the likely encoding, or "" if the bytes do not tell.

    >>> likely_encoding("Café crème".encode("latin-1"))
    'Windows-1252 (Latin-1)'
    >>> likely_encoding("知识图谱".encode("gbk"))
    'GBK'
    """
    data = data[:_SAMPLE]
    if data.count(0) * 4 > len(data):
        return "UTF-16 without its mark"
    runs = _HIGH.findall(data)
    if not runs:
        return ""
    if sum(map(len, runs)) < 1.5 * len(runs) and not _decodes(data, "shift_jis"):
        return "Windows-1252 (Latin-1)"
    for name in ("gb2312", "shift_jis", "big5", "gbk"):
        if _decodes(data, name):
            found = _TESTS[name](data)
            if found:
                return found
    return _cyrillic(b"".join(runs))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        # A sample may end in the middle of a character.
        return error.end >= len(data) and len(data) == _SAMPLE
    return True


def _leads(data: bytes) -> list[int]:
    """The first bytes of all two-byte characters, for encodings whose second byte is high as well."""
    return [lead for run in _HIGH.findall(data) for lead in run[::2]]


def _two_high_bytes(data: bytes) -> str:
    """GB 2312, EUC-JP and EUC-KR share one structure: kana rows and the range of Hangul rows tell them apart."""
    leads = _leads(data)
    if sum(lead in (0xA4, 0xA5) for lead in leads) * 5 > len(leads):
        return "EUC-JP"
    if len(leads) > 8 and all(0xB0 <= lead <= 0xC8 for lead in leads):
        return "EUC-KR"
    return "GBK"


def _japanese(data: bytes) -> str:
    text = data.decode("shift_jis", "ignore")
    kana = sum("\u3040" <= c <= "\u30ff" for c in text)
    wide = sum(c > "\u2e7f" and not "\uff61" <= c <= "\uff9f" for c in text)
    return "Shift_JIS" if kana * 5 > wide and wide * 2 > sum(c > "\x7f" for c in text) else ""


def _traditional(data: bytes) -> str:
    """Big5 keeps its 5,401 frequent characters in rows A4 to C6."""
    wide = [c for c in data.decode("big5", "ignore") if c > "\u2e7f"]
    frequent = sum(0xA4 <= c.encode("big5")[0] <= 0xC6 or c < "\u3400" or c > "\ufe00" for c in wide)
    return "Big5" if wide and frequent * 10 > 8 * len(wide) else ""


def _cyrillic(high: bytes) -> str:
    letters = sum(byte >= 0xC0 for byte in high)
    if letters * 10 < 9 * len(high):
        return ""
    # Small letters, the most of any text, stand at E0 to FF in Windows-1251 and at C0 to DF in KOI8-R.
    return "Windows-1251" if sum(byte >= 0xE0 for byte in high) * 2 > letters else "KOI8-R"


_TESTS: dict[str, Callable[[bytes], str]] = {
    "gb2312": _two_high_bytes,
    "shift_jis": _japanese,
    "big5": _traditional,
    "gbk": lambda _data: "GBK",
}
