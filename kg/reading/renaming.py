"""Names that stand for others: the post mentions what is meant, and what was typed stays with it as a literal."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from kg.iris import field_name
from kg.model import IRI, Attribute, Mention, Post
from kg.namespaces import FIELD, XSD


def as_typed(mention: Mention) -> Attribute:
    """The name as a literal of its field."""
    predicate = IRI(FIELD + field_name(mention.field))
    return Attribute(predicate, mention.name, XSD + "string", "", mention.field, mention.line, mention.column)


def renamed(post: Post, meant: Callable[[Mention], Sequence[Mention]]) -> Post:
    """A post with, for each of its mentions, those that are meant."""
    mentions: list[Mention] = []
    typed: list[Attribute] = []
    for mention in post.mentions:
        instead = meant(mention)
        mentions += instead
        if all(other.name != mention.name for other in instead):
            typed.append(as_typed(mention))
    if tuple(mentions) == post.mentions:
        return post
    return replace(post, mentions=tuple(mentions), attributes=(*post.attributes, *typed))
