"""Counts with their nouns: `1 post`, `2,938 posts`."""


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun in singular or plural.

    Args:
        number: the count.
        thing: the singular noun.
        things: the plural, if it is not `thing` plus `s`.

    >>> counted(1, "post"), counted(2938, "post"), counted(0, "entity", "entities")
    ('1 post', '2,938 posts', '0 entities')
    """
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
