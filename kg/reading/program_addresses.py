"""Addresses that open a page of the folder in the program it is written with, or that only its tool understands.

Obsidian's (https://help.obsidian.md/Extending+Obsidian/Obsidian+URI), Logseq's
(https://docs.logseq.com/#/page/logseq%20protocol), and `link://` of Nikola (https://getnikola.com/path_handlers.html).
"""

import re
from urllib.parse import parse_qsl, unquote

_PROGRAM = re.compile(r"(?:obsidian|logseq|link)://", re.IGNORECASE)
_IN_VAULT = re.compile(r"vault/[^/?]+/(?P<page>[^?]+)")


def opened_by(target: str) -> tuple[str, str] | None:
    """Target and style of the link that such an address is, as `kg.model.Link` has them; None if it opens no page.

    >>> opened_by("obsidian://open?vault=Mine&file=People%2FAda"), opened_by("logseq://graph/mine?page=Ada")
    (('People/Ada', 'program'), ('Ada', 'program'))
    >>> opened_by("link://slug/tides"), opened_by("obsidian://search?query=tides")
    (('tides', 'shortcode'), None)
    """
    if not _PROGRAM.match(target):
        return None
    scheme, _slashes, rest = target.partition("://")
    place, _mark, query = rest.partition("?")
    if scheme.lower() == "link":
        handler, _slash, name = place.partition("/")
        return (unquote(name), "shortcode") if name and handler in ("slug", "filename") else None
    if match := _IN_VAULT.match(rest):
        return unquote(match["page"]), "program"
    asked = dict(parse_qsl(query))
    if block := asked.get("block-id"):
        return f"(({block}))", "block"
    page = asked.get("file") or asked.get("filepath") or asked.get("page")
    return (page, "program") if page else None
