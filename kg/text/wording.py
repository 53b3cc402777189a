"""Words around data: counts with their nouns (`2,938 posts`), excerpts of long texts, the small words within names."""

SMALL_WORDS = frozenset(["the", "of", "and", "for", "a", "an", "in", "on", "to", "de", "la"])
"""Words within names that initials may leave out."""


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


def excerpt(text: str, at: int, length: int) -> str:
    """A text, or the part of it around a place if it is longer than `length` characters."""
    if len(text) <= length:
        return text
    start = max(0, min(at - length // 3, len(text) - length))
    return "…" * (start > 0) + text[start : start + length].strip() + "…" * (start + length < len(text))
