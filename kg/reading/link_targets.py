"""Whether the target of a link could be a post."""

import re

from kg.text.filenames import FILE, SHOWN, without_query

_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\|https?%3[Aa]%2[Ff]")
_NO_POST = re.compile(r"[{|](?!filename[}|])\w+[}|]")
"""Pelican's `{static}`, `{attach}`, `{tag}` …, which lead to files and lists; `{filename}` leads to a post."""


def leads_to_post(target: str) -> bool:
    """Whether the target of a Markdown link could be a post."""
    if not target or target[0] in "#?" or _EXTERNAL.match(target) or "{{" in target or "{%" in target:
        return False  # what a template makes of it, nobody can tell
    path = without_query(target)
    return not FILE.search(path) and not _NO_POST.match(path)


def names_attachment(target: str) -> bool:
    """Whether double brackets name a picture or another file rather than a page."""
    return bool(SHOWN.search(target.partition("#")[0]))
