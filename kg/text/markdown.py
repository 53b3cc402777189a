"""Escapes text of posts within Markdown that kg writes."""

import re

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$!&]|(?<=%)%|(?<==)=")
"""Characters with a meaning in CommonMark or in one of its dialects, GitHub's and Obsidian's among them."""
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=:])")
"""The beginning of a list, a heading or a definition."""


def escaped(text: str) -> str:
    r"""Text on one line, as Markdown shows it (https://spec.commonmark.org/0.31.2/#backslash-escapes).

    >>> print(escaped("1. *a*\n[[b]]"))
    1\. \*a\* \[\[b\]\]
    """
    line = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return _LEADING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", line)


def escaped_for_forge(text: str) -> str:
    """The same for a comment on a forge, where it mentions nobody and no issue either.

    >>> escaped_for_forge("@all *read* <b>")
    '&#64;all &#42;read&#42; &#60;b&#62;'
    """
    return re.sub(rf"{_SPECIAL.pattern}|@", lambda found: f"&#{ord(found[0])};", " ".join(text.split()))
