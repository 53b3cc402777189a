"""Per post: reading, and what each post has to say to names, terms and links."""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from pathlib import Path
from sys import byteorder
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg.cluster import terms
from kg.links import Index, Name, names_asked, names_of_post
from kg.model import Post, Record
from kg.reading import authors
from kg.reading.posts import Reader
from kg.resolution.evidence import glosses
from kg.resolution.forms import bare, bare_of, simplified
from kg.resolution.names import Key, Place, collect, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.cluster.job import Job
    from kg.model import Diagnostic
    from kg.reading.authors import Page
    from kg.resolution.names import Name as Named


class NameRow(Record, frozen=True):
    """What one part says of a name, or what all say; see `kg.resolution.names.Name`."""

    kind: str
    key: str
    part: int = 0
    spellings: dict[str, int] = {}
    posts: bytes = b""
    """Their numbers, ascending, eight bytes each: a name may stand in nearly every post."""
    places: list[Place] = []
    homepage: str = ""


class GlossRow(Record, frozen=True):
    """How one part glosses an inner name by an outer one."""

    outer: str
    inner: str
    bare: str
    """Of the inner name."""
    places: list[tuple[str, int, int]]


def name_row(name: Named, posts: Iterable[int], part: int) -> NameRow:
    """A name as a row."""
    numbers = array("Q", posts)
    if byteorder == "big":
        numbers.byteswap()
    return NameRow(name.kind, name.key, part, name.spellings, numbers.tobytes(), name.places, name.homepage)


class Numbered(Record, frozen=True):
    """A post and its number: its place among all files, in path order."""

    number: int
    post: Post


def read(job: Job) -> list[Page]:
    """Read the files of a part; give the pages of authors among them."""
    plan = job.plan
    reader = Reader(Path(plan.content), plan.config, job.heirs)
    entries = [reader.read(os.fsdecode(path)) for path in job.told(f"paths-{job.part:05}")]
    first = job.part * plan.per_part
    posts = [Numbered(number, entry.post) for number, entry in enumerate(entries, first) if entry.post is not None]
    job.keep("read", posts)
    diagnostics: list[Diagnostic] = []
    for entry in entries:
        diagnostics += entry.diagnostics
        if entry.post is not None:
            diagnostics += entry.post.diagnostics
    job.keep("read-diagnostics", diagnostics)
    return authors.pages(numbered.post for numbered in posts)


def numbered_posts(job: Job) -> list[Numbered]:
    """The posts of a part, with their authors' names; drafts only if they are wanted."""
    known: dict[str, authors.Author | None] = job.told("authors")
    held = job.kept("read", Numbered)
    posts = authors.joined([one.post for one in held], known, authors.pages(one.post for one in held))
    drafts = job.plan.config.drafts
    return [Numbered(one.number, post) for one, post in zip(held, posts, strict=True) if drafts or not post.draft]


class Spread(NamedTuple):
    """What one part tells the whole."""

    posts: int
    newest: str
    """The date of its newest post."""
    split: list[tuple[str, Key]]
    """Names that the ledger splits, and the posts that do have them."""
    edges: int
    """Of names of terms."""


SENDS = ("names", "glosses", "index", "lookups")


def spread(job: Job) -> Spread:
    """Send names, glosses, terms and links on their way."""
    held = numbered_posts(job)
    numbers, posts = [one.number for one in held], [one.post for one in held]
    _send_names(job, numbers, posts)
    if job.plan.config.resolution.infer:
        _send_glosses(job, posts)
    edges = terms.send_terms(job, posts) if job.plan.config.glossary.enabled else 0
    _send_links(job, posts)
    splits: dict[str, list[Key]] = defaultdict(list)
    for decision in job.ledger.having("split"):
        for path in decision.posts:
            splits[path].append(decision.keys[0])
    split = [
        (post.path, key)
        for post in posts
        if post.path in splits
        for key in {key_of(mention.kind, mention.name) for mention in post.mentions}
        if key in splits[post.path]
    ]
    return Spread(len(posts), max((post.date for post in posts), default=""), split, edges)


def _send_names(job: Job, numbers: Sequence[int], posts: Sequence[Post]) -> None:
    """Send each name of a part to where all spellings of its bare text meet."""
    moved = job.ledger.moved()
    names = collect(posts, moved)
    rows = [name_row(name, [numbers[n] for n in name.posts], job.part) for name in names.values()]
    # The ledger may take all mentions of a name away from it; who lists it still wants to know what it is.
    mentioned = {key_of(mention.kind, mention.name) for post in posts for mention in post.mentions} if moved else ()
    rows += (NameRow(*key, job.part) for key in mentioned if key not in names)
    to_simple = simplified(row.key for row in rows)
    for row in rows:
        job.send("names", job.bucket(bare(to_simple.get(row.key, row.key))), row)


def _send_glosses(job: Job, posts: Iterable[Post]) -> None:
    """Send each gloss to where the forms of its inner name are."""
    found = glosses.collect(posts)
    to_simple = simplified(inner for _outer, inner in found)
    for (outer, inner), places in found.items():
        plain = bare_of(to_simple.get(inner, inner))
        job.send("glosses", job.bucket(plain), GlossRow(outer, inner, plain, places))


def _send_links(job: Job, posts: Iterable[Post]) -> None:
    """Send each post to the names it has, and a question to each name that the links of this part may mean."""
    asked: set[Name] = set()
    for post in posts:
        slim = _slim(post)
        tables: dict[int, list[Name]] = defaultdict(list)
        for name in sorted(names_of_post(post)):
            tables[job.bucket("\0".join(name))].append(name)
        for to, names in tables.items():
            job.send("index", to, (names, slim))
        asked |= names_asked(post)
    wanted: dict[int, list[Name]] = defaultdict(list)
    for name in sorted(asked):
        wanted[job.bucket("\0".join(name))].append(name)
    for to, names in wanted.items():
        job.send("lookups", to, (job.part, names))


def _slim(post: Post) -> Post:
    """What choosing among several posts needs: names, date and categories."""
    return Post(
        post.path,
        post.title,
        "",
        post.date,
        draft=False,
        dialect="",
        aliases=post.aliases,
        mentions=tuple(
            msgspec.structs.replace(mention, homepage="") for mention in post.mentions if mention.kind == "category"
        ),
    )


def find_links(job: Job) -> None:
    """Answer the questions of each part with the posts that may be meant."""
    askers: dict[Name, list[int]] = defaultdict(list)
    for part, names in job.inbox("lookups", tuple[int, list[Name]]):
        for name in names:
            askers[name].append(part)
    for names, post in job.inbox("index", tuple[list[Name], Post]):
        for part in {part for name in names for part in askers.get(name, ())}:
            job.send("linked", part, post)


def index(job: Job) -> Index:
    """An index of all posts that the links of a part may mean."""
    posts = {post.path: post for post in job.inbox("linked", Post)}
    return Index(posts[path] for path in sorted(posts))
