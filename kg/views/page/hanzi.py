"""Data on Chinese characters with which the page finds a name however it is typed."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from kg.resolution.forms import converted
from kg.resolution.readings import characters, sound


def alike(used: Iterable[str]) -> str:
    """Traditional characters, each followed by its simplified one, for all pairs of which a text holds one.

    >>> alike("马")
    '馬马'
    """
    known = frozenset(used)
    return "".join(old + new for old, new in _pairs() if old in known or new in known)


def sounds(used: Iterable[str]) -> dict[str, str]:
    """Syllable of pinyin without tones → the characters that are usually read that way, of those in `used`.

    >>> sounds("特朗普!")
    {'lang': '朗', 'pu': '普', 'te': '特'}
    """
    result: dict[str, list[str]] = defaultdict(list)
    for character in sorted(set(used) & characters()):
        result[sound(character)].append(character)
    return {syllable: "".join(result[syllable]) for syllable in sorted(result)}


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    every = sorted(characters())
    return tuple(pair for pair in zip(every, converted(every), strict=True) if pair[0] != pair[1])
