"""Per post: reading, and the messages that each post sends to names, terms and links."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.cluster import terms
from kg.cluster.job import Job
from kg.graph.nesting import stated
from kg.linking import notes
from kg.linking.links import Index, IndexKey, follow, names_asked, names_of_post
from kg.linking.notes import Note
from kg.linking.own_names import PostNames, own_names
from kg.model import IRI, Diagnostic, Post
from kg.reading import authors
from kg.reading.authors import Page
from kg.reading.pairs import PeopleNames, names_of_people, separate
from kg.reading.posts import Reader
from kg.reading.site import Site
from kg.resolution.evidence import glosses
from kg.resolution.forms import bare, simplified
from kg.resolution.names import FoldedName, Key, collect, key_of

_Numbered = tuple[int, Post]
"""A post and its number: its place among all files, in path order."""


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
    reader = Reader(Path(plan.content), plan.config, job.published("inherited"))
    entries = [reader.read(os.fsdecode(path)) for path in job.published(f"paths-{job.part:05}")]
    posts = [entry.post for entry in entries if entry.post is not None]
    first = job.part * plan.per_part
    job.save("read", ((number, entry.post) for number, entry in enumerate(entries, first) if entry.post is not None))
    diagnostics: list[Diagnostic] = []
    for entry in entries:
        diagnostics += (*entry.diagnostics, *(entry.post.diagnostics if entry.post is not None else ()))
    job.save("read-diagnostics", diagnostics)
    owns = list(own_names(posts))
    leads = any(link.style == "name" for post in posts for link in post.links)
    unwritten = follow(posts, Index([], site=job.published("site"))).unwritten
    linked = {key_of("", link.name)[1] for link in unwritten}
    return ReadPart(authors.pages(posts), names_of_people(posts), owns, leads, linked)


class PartNotes(NamedTuple):
    """The notes among the posts of one part."""

    owns: list[PostNames]
    posts: list[Post]
    """What an index needs of the posts, with their mentions and links, if names link to notes; otherwise none."""
    mentioned: set[Key]
    """The names in question that its posts mention."""


def tell_notes(job: Job, asked: set[Key] | None) -> PartNotes:
    """Which posts may be notes, and what they may be about; `asked` are names, or None if names link to notes."""
    posts = list(_people_joined(job).values())
    mentioned = notes.named(posts)
    if asked is not None:
        return PartNotes(list(own_names(posts)), [], mentioned & asked)
    slim = [msgspec.structs.replace(_slim(post), links=post.links, mentions=post.mentions) for post in posts]
    return PartNotes(list(own_names(posts, {post.path for post in posts})), slim, mentioned)


def find_notes(parts_of_notes: Iterable[PartNotes], site: Site) -> dict[str, Note]:
    """What the notes of all posts are about."""
    parts = list(parts_of_notes)
    posts = sorted((post for part in parts for post in part.posts), key=lambda post: post.path)
    leads = [msgspec.structs.replace(p, links=tuple(link for link in p.links if link.style == "name")) for p in posts]
    found = follow(leads, Index(posts, site=site)) if posts else None
    owns = sorted(own for part in parts for own in part.owns)
    mentioned: set[Key] = set().union(*(part.mentioned for part in parts))
    return notes.notes(owns, notes.pointed(posts, found.edges) if found else (), mentioned)


def posts_of(job: Job) -> dict[int, Post]:
    """The posts of a part by number, with their authors' names and what notes are about; drafts only if requested."""
    posts = _people_joined(job)
    return dict(zip(posts, notes.say(list(posts.values()), job.published("notes")), strict=True))


def _people_joined(job: Job) -> dict[int, Post]:
    numbered = dict(job.load("read", _Numbered))
    posts = separate(list(numbered.values()), job.published("several"))
    posts = authors.joined(posts, job.published("authors"), authors.pages(posts))
    drafts = job.config.drafts
    return {number: post for number, post in zip(numbered, posts, strict=True) if drafts or not post.draft}


class Spread(NamedTuple):
    """What the leader needs to know of one part after its names have been sent."""

    posts: int
    newest: str
    """The date of its newest post."""
    split: list[tuple[str, Key]]
    """Names that the ledger splits, with the posts that have them."""
    edges: int
    """Of names of terms."""
    nested: set[tuple[IRI, IRI]]
    """Which names its posts nest in which, as `kg.graph.nesting.stated` tells."""


SENDS = ("names", "glosses", "index", "lookups")


def spread(job: Job) -> Spread:
    """Send out names, glosses, terms and links."""
    numbered = posts_of(job)
    posts = list(numbered.values())
    _send_names(job, list(numbered), posts)
    if job.config.resolution.infer:
        _send_glosses(job, posts)
    _send_links(job, posts)
    edges = terms.send_terms(job, posts) if job.config.glossary.enabled else 0
    nested = stated(posts, IRI(job.config.base))
    wanted = {(path, decision.keys[0]) for decision in job.ledger.with_verb("split") for path in decision.posts}
    mentioned = {(post.path, key_of(m.kind, m.name)) for post in posts for m in post.mentions} if wanted else set()
    return Spread(len(posts), max((post.date for post in posts), default=""), sorted(wanted & mentioned), edges, nested)


def _send_names(job: Job, numbers: Sequence[int], posts: Sequence[Post]) -> None:
    """Send each name of a part to where all spellings of its bare text meet."""
    moved = job.ledger.splits()
    names = collect(posts, moved)
    # The ledger may take all mentions of a name away from it; who lists it still wants to know what it is. And so does
    # who links to a note, of what that is about, or to a page that nobody has written, of what is called so.
    mentioned = {key_of(mention.kind, mention.name) for post in posts for mention in post.mentions} if moved else set()
    mentioned |= {key_of(note.kind, note.names[0]) for note in job.published("notes").values()}
    mentioned |= job.published("wanted")
    names |= {key: FoldedName(*key) for key in mentioned if key not in names}
    to_simple = simplified(text for _kind, text in names)
    for (_kind, text), name in names.items():
        name.posts = [numbers[place] for place in name.posts]
        job.send("names", job.bucket(bare(to_simple.get(text, text))), (job.part, name))


def _send_glosses(job: Job, posts: Sequence[Post]) -> None:
    """Send each gloss to where the forms of its inner name are."""
    for one in glosses.collect(posts, glosses.bare_inners(posts)):
        job.send("glosses", job.bucket(one.bare), one)


def _send_links(job: Job, posts: Iterable[Post]) -> None:
    """Send each post to its own names, and a request to each name that the links of this part may mean."""
    asked: set[IndexKey] = set()
    site = job.published("site")
    for post in posts:
        asked |= names_asked(post, site)
        slim = _slim(post)
        for to, names in _by_bucket(job, names_of_post(post, site)).items():
            job.send("index", to, (names, slim))
    for to, names in _by_bucket(job, asked).items():
        job.send("lookups", to, (job.part, names))


def _slim(post: Post) -> Post:
    """What an index needs of a post: what decides between several, and what its address is made of."""
    categories = tuple(msgspec.structs.replace(m, homepage="") for m in post.mentions if m.kind == "category")
    addresses = tuple(a for a in post.attributes if a.field.lower() in ("id", "path", "slug"))
    return Post(
        post.path, post.title, "", post.date, draft=False, dialect="",
        aliases=post.aliases, attributes=addresses, mentions=categories,
    )  # fmt: skip


def _by_bucket(job: Job, names: Iterable[IndexKey]) -> dict[int, list[IndexKey]]:
    found: dict[int, list[IndexKey]] = defaultdict(list)
    for name in sorted(names):
        found[job.bucket("\0".join(name))].append(name)
    return found


def find_links(job: Job) -> None:
    """Answer the requests of each part with the posts that may be meant."""
    askers: dict[IndexKey, list[int]] = defaultdict(list)
    for part, names in job.inbox("lookups", tuple[int, list[IndexKey]]):
        for name in names:
            askers[name].append(part)
    for names, post in job.inbox("index", tuple[list[IndexKey], Post]):
        for part in {part for name in names for part in askers.get(name, ())}:
            job.send("linked", part, post)


def index(job: Job) -> Index:
    """An index of all posts that the links of a part may mean."""
    posts = {post.path: post for post in job.inbox("linked", Post)}
    return Index((posts[path] for path in sorted(posts)), site=job.published("site"))
