"""Per post: reading, and the messages that each post sends to names, terms and links."""

import os
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

import msgspec
import pyarrow as pa

from kg.cluster import terms
from kg.cluster.flow import Job, nodes_of
from kg.graph.nesting import stated
from kg.linking import notes
from kg.linking.index import Index, names_of_post, to_index
from kg.linking.links import follow, names_asked
from kg.linking.own_names import PostNames, own_names
from kg.model import IRI, Commit, Diagnostic, Post, Record
from kg.reading import authors
from kg.reading.authors import Page
from kg.reading.pairs import PeopleNames, names_of_people
from kg.reading.posts import Reader
from kg.resolution.forms import bare, simplified
from kg.resolution.glossed import bare_inners, collect_glosses
from kg.resolution.names import Key, collect, key_of


class File(Record, frozen=True):
    """A file, once it is read."""

    post: Post | None
    diagnostics: tuple[Diagnostic, ...]
    commit: Commit | None


class ReadPart(NamedTuple):
    """What the leader needs to know of the posts of one part."""

    pages: list[Page]
    """Of authors."""
    people: PeopleNames
    notes: list[PostNames]
    """Posts that may be notes about a thing."""
    leads: bool
    """Whether any names link to notes."""
    linked: set[str]
    """The names of pages that links may mean, if nobody has written them, folded."""


def read(job: Job) -> ReadPart:
    """Read the files of a part."""
    plan = job.plan
    reader = Reader(plan.content, plan.config, plan.inherited, plan.site)
    files = []
    for path, commit in job.load("paths", tuple[bytes, Commit | None]):
        entry = reader.read(os.fsdecode(path))
        files.append(File(entry.post, entry.diagnostics, commit))
    job.save("files", files)
    posts = [file.post for file in files if file.post is not None]
    leads = any(link.style == "name" for post in posts for link in post.links)
    linked = {key_of("", link.name)[1] for link in follow(posts, Index([], site=plan.site)).unwritten}
    return ReadPart(authors.pages(posts), names_of_people(posts), list(own_names(posts)), leads, linked)


def tell_notes(job: Job, asked: Set[Key]) -> tuple[list[PostNames], set[Key]]:
    """Which posts may be notes, and which of the names in question posts mention."""
    posts = list(posts_of(job, job.load("files", File)).values())
    return list(own_names(posts)), notes.named(posts) & asked


def outline(job: Job) -> list[Post]:
    """What notes rest on where names link to them: the posts without bodies, but with the links of names."""
    posts = posts_of(job, job.load("files", File)).values()
    named = ((post, tuple(link for link in post.links if link.style == "name")) for post in posts)
    return [msgspec.structs.replace(post, links=links, definitions=(), glosses=()) for post, links in named]


def posts_of(job: Job, files: Iterable[File]) -> dict[int, Post]:
    """The posts of a part, with the people and the things that they mean; drafts only if requested.

    The number of a post is its place among all files, in path order.
    """
    places = enumerate(files, job.part * job.plan.per_part)
    numbered = {number: file.post for number, file in places if file.post is not None}
    posts = notes.say(job.plan.people.rewritten(list(numbered.values())), job.plan.notes)
    drafts = job.config.drafts
    return {number: post for number, post in zip(numbered, posts, strict=True) if drafts or not post.draft}


class Spread(NamedTuple):
    """What the leader needs to know of one part after its names have been sent."""

    posts: int
    newest: str
    """The date of its newest post."""
    split: list[tuple[str, Key]]
    """Names that the ledger splits, with the posts that have them."""
    nested: set[tuple[IRI, IRI]]
    """Which names its posts nest in which, as `kg.graph.nesting.stated` tells."""


def spread(job: Job) -> Spread:
    """Send out names, glosses, terms and links."""
    numbered = posts_of(job, job.load("files", File))
    posts = list(numbered.values())
    _send_names(job, numbered)
    if job.config.resolution.infer:
        for one in collect_glosses(posts, bare_inners(posts)):
            job.send("glosses", job.bucket(one.bare), one)  # where the forms of its inner name are
    _send_links(job, numbered)
    if job.config.glossary.enabled:
        terms.send_terms(job, numbered)
    nested = stated(posts, IRI(job.config.base))
    wanted = {(path, decision.keys[0]) for decision in job.ledger.with_verb("split") for path in decision.posts}
    mentioned = {(post.path, key_of(m.kind, m.name)) for post in posts for m in post.mentions} if wanted else set()
    return Spread(len(posts), max((post.date for post in posts), default=""), sorted(wanted & mentioned), nested)


def _send_names(job: Job, numbered: Mapping[int, Post]) -> None:
    """Send each name of a part to where all spellings of its bare text meet."""
    numbers, posts = list(numbered), list(numbered.values())
    names = collect(posts, job.ledger.splits())
    to_simple = simplified(text for _kind, text in names)
    for (_kind, text), name in names.items():
        name.posts = [numbers[place] for place in name.posts]
        job.send("names", job.bucket(bare(to_simple.get(text, text))), name)


def _send_links(job: Job, posts: Mapping[int, Post]) -> None:
    """Write under which names posts can be linked, and which names the links of this part may mean; send the posts."""
    site = job.plan.site
    names = [("\0".join(name), number) for number, post in posts.items() for name in names_of_post(post, site)]
    asked = {"\0".join(name) for post in posts.values() for name in names_asked(post, site)}
    job.write("link-names", pa.uint64(), name=nodes_of(name for name, _ in names), node=[number for _, number in names])
    job.write("links", pa.uint64(), name=nodes_of(asked), other=[job.part] * len(asked))
    for number, post in posts.items():
        job.send("linked", number, to_index(post))
