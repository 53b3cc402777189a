"""Several people in one name: `Noel Hart and Iris Vale`, where posts name each of them alone as well.

Only then are they several: `Simon and Garfunkel` is one name until somebody writes `Simon`, and `Garfunkel`. The string
as typed stays with the post as a literal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from kg.iris import field_name
from kg.model import IRI, Attribute
from kg.namespaces import FIELD, XSD
from kg.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from kg.model import Mention, Post

_AND = re.compile(r"[&＆+和与與]|(?<=\s)(?:and|with|und|et|y|e|en|och|og|ja|és|i|a|и|та|ve|dan)(?=\s)", re.IGNORECASE)


def separate(posts: Sequence[Post]) -> tuple[Post, ...]:
    """The posts, with people whose names are joined named one by one."""
    joined = {m.name for post in posts for m in post.mentions if m.kind == "person" and _AND.search(m.name)}
    if not joined:
        return tuple(posts)
    alone = {fold(m.name) for post in posts for m in post.mentions if m.kind == "person" and m.name not in joined}
    several = {name: parts for name in joined if (parts := _parts(name, alone))}
    return tuple(_separated(post, several) for post in posts) if several else tuple(posts)


def _parts(name: str, alone: Container[str]) -> list[tuple[str, int]]:
    """Each of the names and where it begins, if all of them occur alone."""
    found, at = [], 0
    for start, end in [*(match.span() for match in _AND.finditer(name)), (len(name), len(name))]:
        part = name[at:start]
        found.append((part.strip(" \t,"), at + len(part) - len(part.lstrip())))
        at = end
    return found if len(found) > 1 and all(fold(part) in alone for part, _offset in found) else []


def _separated(post: Post, several: dict[str, list[tuple[str, int]]]) -> Post:
    mentions: list[Mention] = []
    typed: list[Attribute] = []
    for mention in post.mentions:
        parts = several.get(mention.name, []) if mention.kind == "person" else []
        if not parts:
            mentions.append(mention)
            continue
        place = (mention.line, mention.column)
        predicate = IRI(FIELD + field_name(mention.field))
        typed.append(Attribute(predicate, mention.name, XSD + "string", "", mention.field, *place))
        mentions += (
            msgspec.structs.replace(mention, name=part, column=mention.column + offset, homepage="")
            for part, offset in parts
        )
    if not typed:
        return post
    return msgspec.structs.replace(post, mentions=tuple(mentions), attributes=(*post.attributes, *typed))
