"""Per post: reading, and what each post has to say to names, terms and links."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.distributed.links import send_links
from kg.distributed.records import AuthorRow, Body, GlossRow, NameRow, Numbered, name_row
from kg.reading import authors
from kg.reading.posts import Reader
from kg.resolution.evidence import glosses
from kg.resolution.forms import bare, bare_of, simplified
from kg.resolution.names import Key, collect, key_of

if TYPE_CHECKING:
    from kg.distributed.exchange import Job
    from kg.model import Diagnostic
    from kg.reading.authors import Page


def read(job: Job) -> list[Page]:
    """Read the files of a part; give the pages of authors among them."""
    plan = job.plan
    reader = Reader(Path(plan.content), plan.config, job.inherited)
    entries = [reader.read(os.fsdecode(path)) for path in job.kept("paths", bytes)]
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


class Spread(NamedTuple):
    """What one part tells the whole."""

    posts: int
    newest: str
    """The date of its newest post."""
    split: list[tuple[str, Key]]
    """Names that the ledger splits, and the posts that do have them."""


def spread(job: Job) -> Spread:
    """Join authors, leave drafts out if they are not wanted, and send names, glosses and links on their way."""
    plan = job.plan
    known = {row.slug: row.author for row in job.told("authors", AuthorRow)}
    numbered = job.kept("read", Numbered)
    pages = authors.pages(one.post for one in numbered)
    joined = authors.joined([one.post for one in numbered], known, pages)
    numbers, posts = [], []
    for one, post in zip(numbered, joined, strict=True):
        if plan.config.drafts or not post.draft:
            numbers.append(one.number)
            posts.append(post)
    job.keep("posts", map(Numbered, numbers, posts))
    if plan.config.glossary.enabled:
        job.keep(
            "bodies",
            (
                Body(number, post.path, post.definitions, post.glosses)
                for number, post in zip(numbers, posts, strict=True)
                if post.definitions or post.glosses
            ),
        )
    moved = job.ledger.splits()
    names = collect(posts, moved)
    with job.outboxes("names", "glosses", "index", "lookups") as (to_names, to_glosses, to_index, to_lookups):
        rows = [name_row(name, [numbers[n] for n in name.posts], [job.part]) for name in names.values()]
        # The ledger may take all mentions of a name away from it; who lists it still wants to know its form.
        mentioned = {key_of(mention.kind, mention.name) for post in posts for mention in post.mentions} if moved else ()
        rows += (NameRow(*key, {}, b"", [], "", [job.part]) for key in mentioned if key not in names)
        to_simple = simplified(row.key for row in rows)
        for row in sorted(rows, key=lambda row: (row.kind, row.key)):
            to_names.send(job.bucket(bare(to_simple.get(row.key, row.key))), row)
        if plan.config.resolution.infer:
            found = glosses.collect(posts)
            to_simple = simplified(inner for _outer, inner in found)
            for (outer, inner), places in found.items():
                plain = bare_of(to_simple.get(inner, inner))
                to_glosses.send(job.bucket(plain), GlossRow(outer, inner, plain, list(places)))
        send_links(job, posts, to_index, to_lookups)
    splits: dict[str, list[Key]] = defaultdict(list)
    for decision in job.ledger.with_verb("split"):
        for path in decision.posts:
            splits[path].append(decision.keys[0])
    split = [
        (post.path, key)
        for post in posts
        if post.path in splits
        for key in {key_of(mention.kind, mention.name) for mention in post.mentions}
        if key in splits[post.path]
    ]
    return Spread(len(posts), max((post.date for post in posts), default=""), split)
