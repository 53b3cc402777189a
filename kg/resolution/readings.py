"""Readings of Chinese characters in Hanyu Pinyin (ISO 7098:2015) without tones; `lü` is `lu`, as in passports.

`readings.txt` is derived from pypinyin (https://github.com/mozillazg/python-pinyin), which takes ten times as long to
load and is much slower.
"""

from functools import cache
from pathlib import Path


@cache
def _all() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in (Path(__file__).parent / "readings.txt").read_text("utf-8").splitlines()[1:]:
        known, _tab, characters = line.partition("\t")
        table.update(dict.fromkeys(characters, tuple(known.split(" "))))
    return table


class _Usual(dict[int, str]):
    """Code point → its most frequent reading, if it has one; found when somebody asks."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        self[point] = usual = readings(character)[0] if readings(character) else character
        return usual


_usual = _Usual()


def readings(character: str) -> tuple[str, ...]:
    """The readings of one character, most frequent first; empty if it is not Chinese.

    >>> readings("重"), readings("a")
    (('zhong', 'chong', 'tong'), ())
    """
    return _all().get(character, ())


@cache
def characters() -> frozenset[str]:
    """All characters of which a reading is known."""
    return frozenset(_all())


@cache
def syllables() -> frozenset[str]:
    """All syllables that are the reading of some character."""
    return frozenset(reading for known in _all().values() for reading in known)


def sound(text: str) -> str:
    """A text with each Chinese character replaced by its most frequent reading.

    >>> sound("特朗普 Trump")
    'telangpu Trump'
    """
    return text.translate(_usual)
