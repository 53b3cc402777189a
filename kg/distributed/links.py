"""Links between posts: who may be meant is looked up under every name that the rules may try.

The rules are those of `kg.linking.links`, which applies them to an index of just the posts that may be meant.
What a link may ask for is found by following it in an index that holds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from kg.distributed.records import IndexRow, LookupRow
from kg.linking.links import Index, IndexKey, names_asked, names_of_post
from kg.model import Post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.distributed.exchange import Job, Outbox


def send_links(job: Job, posts: Iterable[Post], index: Outbox, lookups: Outbox) -> None:
    """Send each post to the names it has, and a question to each name that its links may mean."""
    asked: set[IndexKey] = set()
    for post in posts:
        slim = _slim(post)
        for table, name in sorted(names_of_post(post)):
            index.send(job.bucket(f"{table}\0{name}"), IndexRow(table, name, slim))
        asked |= names_asked(post)
    for table, name in sorted(asked):
        lookups.send(job.bucket(f"{table}\0{name}"), LookupRow(table, name, job.part))


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


def find(job: Job) -> None:
    """Answer the questions of each part with the posts that may be meant."""
    askers: dict[IndexKey, list[int]] = defaultdict(list)
    for row in job.inbox("lookups", LookupRow):
        askers[row.table, row.name].append(row.part)
    found: dict[int, dict[str, Post]] = defaultdict(dict)
    for entry in job.inbox("index", IndexRow):
        for part in askers.get((entry.table, entry.name), ()):
            found[part][entry.post.path] = entry.post
    with job.outboxes("linked") as (box,):
        for part, posts in found.items():
            for post in posts.values():
                box.send(part, post)


def index(job: Job) -> Index:
    """An index of all posts that the links of a part may mean."""
    posts = {post.path: post for post in job.inbox("linked", Post)}
    return Index(posts[path] for path in sorted(posts))
