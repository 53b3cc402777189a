"""Patterns that are compiled when they are first used.

A class of Chinese characters takes milliseconds to compile, and most runs, which read a post or none, need few of them.
"""

import re
from typing import Any, cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`; for a large pattern that many runs do not need, and the others by its methods alone."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


class _Pattern:
    """The methods of a pattern, which are there once the first of them is asked for."""

    __slots__ = ("_flags", "_source", "findall", "finditer", "fullmatch", "match", "search", "split", "sub")

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._source, self._flags)
        for method in self.__slots__[2:]:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
