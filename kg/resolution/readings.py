"""How Chinese characters are read, in Hanyu Pinyin (ISO 7098:2015) without tones; `lü` is `lu`, as passports have it.

The readings stand in `readings.txt`, made from those of pypinyin (https://github.com/mozillazg/python-pinyin), which
itself takes ten times as long to load, and much longer to ask.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def _all() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in (Path(__file__).parent / "readings.txt").read_text("utf-8").splitlines()[1:]:
        known, _tab, characters = line.partition("\t")
        table.update(dict.fromkeys(characters, tuple(known.split(" "))))
    return table


@cache
def _usual() -> dict[int, str]:
    return {ord(character): known[0] for character, known in _all().items()}


def readings(character: str) -> tuple[str, ...]:
    """The readings of one character, the most frequent one first; none for what is no Chinese character.

    >>> readings("重"), readings("a")
    (('zhong', 'chong', 'tong'), ())
    """
    return _all().get(character, ())


def sound(text: str) -> str:
    """Chinese characters by their most frequent reading, everything else as it is.

    >>> sound("特朗普 Trump")
    'telangpu Trump'
    """
    return text.translate(_usual())
