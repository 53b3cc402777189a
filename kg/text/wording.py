"""Numbers of things in words: `1 post`, `2,938 posts`."""

from __future__ import annotations


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun, singular for one.

    Args:
        number: how many.
        thing: the noun for one of them.
        things: the noun for several, where it does not just take an `s`.

    >>> counted(1, "post"), counted(2938, "post"), counted(0, "entity", "entities")
    ('1 post', '2,938 posts', '0 entities')
    """
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
