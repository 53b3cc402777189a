"""Checks on metadata: required fields, twins, posts without any connection."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from kg.config import Config
from kg.diagnostics import diagnose
from kg.fields import SOURCE, TITLE, plain_key
from kg.graph.model import KnowledgeGraph
from kg.graph.saved import columns_of
from kg.iris import post_iri
from kg.linking.journals import names_day
from kg.model import IRI_OBJECT, Attribute, Diagnostic, Post
from kg.reading.authors import ABOUT
from kg.text.filenames import are_translations, are_versions
from kg.text.folding import fold


def as_typed(post: Post) -> Post:
    """A post without the names that its title gives to what it is about: nobody typed them into a field."""
    typed = [m for m in post.mentions if m.predicate != ABOUT or m.field != "title"]
    return post if len(typed) == len(post.mentions) else replace(post, mentions=tuple(typed))


def required(posts: Sequence[Post], config: Config) -> Iterator[Diagnostic]:
    """KG410: a field that kg.toml requires is missing."""
    wanted = [key for key, entry in config.fields.items() if entry.required]
    if not wanted:
        return
    for post in posts:
        there = {plain_key(m.field) for m in post.mentions} | {plain_key(a.field) for a in post.attributes}
        for key in wanted:
            if plain_key(key) not in there:
                yield diagnose(
                    post.path, 1, 1, "KG410", f"{key}: kg.toml requires this field, and it is empty or missing"
                )


def same_source(posts: Sequence[Post]) -> Iterator[Diagnostic]:
    """KG411: several posts in one folder have the same source."""
    groups: dict[tuple[str, str], list[tuple[Post, Attribute]]] = defaultdict(list)
    for post in posts:
        for attribute in post.attributes:
            if attribute.predicate == SOURCE and attribute.datatype == IRI_OBJECT:
                # A clipping and a note about it, in two folders, are not twins.
                groups[post.path.rpartition("/")[0], attribute.value.rstrip("/")].append((post, attribute))
    for group in groups.values():
        for post, attribute in group[1:]:
            if post.path == group[0][0].path:
                continue  # the same address, written in two ways
            message = f"{attribute.field}: {group[0][0].path} has the same source; are they one post?"
            yield diagnose(post.path, attribute.line, attribute.column, "KG411", message)


def same_title(posts: Sequence[Post]) -> Iterator[Diagnostic]:
    """KG412: several posts have the same title."""
    groups: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        groups[fold(post.title)].append(post)
    for group in groups.values():
        for post in group[1:]:
            if are_translations(post.path, group[0].path) or are_versions(post.path, group[0].path):
                continue
            place = next((a for a in post.attributes if a.predicate == TITLE and a.line), None)
            line, column = (place.line, place.column) if place else (0, 0)
            yield diagnose(post.path, line, column, "KG412", f"{group[0].path} has the same title")


def most_wanted(graph: KnowledgeGraph) -> list[tuple[str, int]]:
    """The ten unwritten pages with the most links, and the number of linking pages; no days, and none with one link."""
    known = columns_of(graph)
    named = Counter(known.targets)
    pages = [(known.names[at][0], named[at]) for at, kind in enumerate(known.kinds) if kind == "page"]
    wanted = (page for page in pages if page[1] > 1 and not names_day(page[0]))
    return sorted(wanted, key=lambda page: (-page[1], page[0]))[:10]


def orphans(posts: Sequence[Post], graph: KnowledgeGraph) -> Iterator[Diagnostic]:
    """KG414: a post has no links and shares no name with another post."""
    if len(posts) < 2:
        return
    known = columns_of(graph)
    ends = set(zip(known.sources(), known.targets, strict=True))  # one post may name a thing in several fields
    posts_of = Counter(target for _source, target in ends)
    linked: set[int] = set()
    for source, target in ends:
        if known.kinds[target] == "post":
            linked |= {source, target}
        elif posts_of[target] > 1:
            linked.add(source)
    iris = {known.iris[number] for number in linked}
    for post in posts:
        if post_iri(graph.dataset.base, post.path) not in iris:
            yield diagnose(post.path, 0, 0, "KG414", "stands alone: no link, and no name that another post has")
