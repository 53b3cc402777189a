"""Per name: forms, evidence, pairs, entities.

A form is at home in the partition of its bare text, with all names of all kinds that share it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set

import msgspec
import pyarrow as pa
from msgspec.structs import replace

from kg.cluster.flow import Job, decoder
from kg.cluster.posts import File, posts_of
from kg.cluster.terms import send_called
from kg.graph.nesting import known_tags, may_be_nested
from kg.model import IRI, Entity, Record, encode
from kg.resolution.context import NAMED, Context, Lists, common_posts, first_posts, lists_of
from kg.resolution.deciding import STRONG, decide
from kg.resolution.evidence import Clue, kinds
from kg.resolution.evidence.glosses import find as find_glosses
from kg.resolution.finding import clues_across_kinds, clues_of
from kg.resolution.forms import Form, Forms, mentioning
from kg.resolution.glossed import Glossed, with_texts
from kg.resolution.names import FoldedName, Key, key_of
from kg.resolution.saved import judged_as
from kg.resolution.scoring import ScoredPair, by_pair, in_order, score


class FormRow(Record, frozen=True):
    """A form on its way."""

    number: int
    """Its number among all forms: that of its home partition, and its place there."""
    form: Form
    """Without spellings and posts, which its names have."""
    names: msgspec.Raw
    """A list of `FoldedName`."""


def _ordered(found: Iterable[FormRow]) -> list[FormRow]:
    """Each form once, in the order of all, with its place here as its number."""
    rows = sorted({row.number: row for row in found}.values(), key=lambda row: (row.form.kind, row.form.keys[0]))
    for place, row in enumerate(rows):
        row.form.number = place
    return rows


def _with_names(rows: Sequence[FormRow]) -> Forms:
    """Some forms, with their names, and told which posts mention them."""
    names: dict[Key, FoldedName] = {}
    for row in rows:
        own = decoder(list[FoldedName])(row.names)
        row.form.posts = mentioning(own)
        names |= {name.id: name for name in own}
    return Forms([row.form for row in rows], names)


def make_forms(job: Job) -> dict[Key, tuple[int, int]]:
    """Group the names of a partition into forms; returns those of names in the ledger, and how many posts have each."""
    names: dict[Key, FoldedName] = {}
    for folded in sorted(job.inbox("names", FoldedName), key=lambda name: name.posts[0]):
        name = names.setdefault(folded.id, FoldedName(*folded.id))
        name.take(folded.spellings, folded.languages, folded.posts, folded.places, folded.homepage, folded.roles)
    forms = Forms.of_names(names, job.ledger.distinct_sets())
    rows = []
    for form in forms.all:
        own = forms.names_of(form)
        row = FormRow(job.part << 32 | form.number, replace(form, typed=[], posts=[]), msgspec.Raw(encode(own)))
        rows.append(row)
        job.send("forms", row.number, row)
        for name in own:
            for part in job.parts_of(name):
                job.send("known", part, (*name.id, row.number, len(form.posts)))
    numbers = [row.number for row in rows]
    job.write("form-edges", pa.uint64(), node=numbers, other=numbers)
    job.write("kinds", pa.uint64(), node=numbers, other=[job.bucket(judged_as(form.kind)) for form in forms.all])
    if job.config.resolution.infer:
        _send_evidence(job, forms, rows)
    decisions = (*job.ledger.decisions, *job.ledger.notes)
    wanted = {key for decision in decisions for key in decision.keys if key in forms.of_name}
    found = {key: forms.of_name[key] for key in wanted}
    return {key: (rows[form.number].number, len(form.posts)) for key, form in found.items()}


def _send_evidence(job: Job, forms: Forms, rows: Sequence[FormRow]) -> None:
    """Send the glosses of the forms of a kind to where these are; clues across kinds are found here."""
    words = [form.words for form in forms.of_kind("person") if len(form.words) > 1]
    job.write("first-names", pa.string(), first=[own[0] for own in words], last=[own[-1] for own in words])
    said = list(job.inbox("glosses", Glossed))
    for one in said:
        for to in {job.bucket(judged_as(form.kind)) for form in forms.named(one.bare)}:
            job.send("glossed", to, one)
    _ask_about(job, rows, clues_across_kinds(forms, kinds.proper_names(said), job.config))


def find_evidence(job: Job, first_names: Collection[str]) -> None:
    """Find the clues about all forms of a kind, and ask for the posts that tell more of each pair."""
    rows = _ordered(job.inbox("forms", FormRow))
    forms = Forms([row.form for row in rows], {})
    found = with_texts(list(job.inbox("glossed", Glossed)))
    _ask_about(job, rows, [*clues_of(forms, first_names), *find_glosses(forms, found, first_names)])


def _ask_about(job: Job, rows: Sequence[FormRow], clues: Iterable[Clue]) -> None:
    """Send clues to where their pair is judged, and ask for both forms, and for the posts that tell more of it."""
    found = by_pair(clues)
    _with_names([rows[place] for place in {end for pair in found for end in pair}])
    posts: dict[int, set[int]] = defaultdict(set)
    members: set[tuple[int, int]] = set()
    for pair, own in found.items():
        one, two = (rows[place] for place in pair)
        to = (one.number + two.number) % job.parts
        job.send("clues", to, [clue._replace(a=one.number, b=two.number) for clue in own])
        members |= {(one.number, to), (two.number, to)}
        posts[to].update(first_posts(one.form), first_posts(two.form), common_posts(one.form, two.form))
    job.write("members", pa.uint64(), node=[form for form, _to in members], other=[to for _form, to in members])
    for to, numbers in posts.items():
        for number in numbers:
            job.send("asked-posts", job.part_of(number), (number, to))


def tell_lists(job: Job, moved: Mapping[Key, tuple[int, int]]) -> None:
    """Answer with what posts list: (field, form, its kind, number of its posts), in the order of the post.

    `moved` are the forms of names in the ledger, which may have moved all mentions of a part to another name.
    """
    asked: dict[int, list[int]] = defaultdict(list)
    for number, to in job.inbox("asked-posts", tuple[int, int]):
        asked[number].append(to)
    known = {key: (form, key[0], count) for key, (form, count) in moved.items()}
    for kind, key, form, count in job.inbox("known", tuple[str, str, int, int]):
        known[kind, key] = form, kind, count
    posts = posts_of(job, job.load("files", File)) if asked else {}
    for number, targets in asked.items():
        found = ((mention.field, known.get(key_of(mention.kind, mention.name))) for mention in posts[number].mentions)
        named = [(field, *its) for field, its in found if its is not None]
        for to in targets:
            job.send("lists", to, (number, named))


def judge(job: Job, posts: int) -> None:
    """Score each pair, given the number of all posts, and connect those that are certain enough."""
    rows = _ordered(job.inbox("forms", FormRow))
    forms = _with_names(rows)
    place = {row.number: row.form.number for row in rows}
    clues = [clue._replace(a=place[clue.a], b=place[clue.b]) for own in job.inbox("clues", list[Clue]) for clue in own]
    settings = job.config.resolution
    pairs = score(clues, forms, _context(job, forms, place, posts), at_least=settings.propose_above)
    found = [replace(pair, a=rows[pair.a].number, b=rows[pair.b].number) for pair in pairs]
    for pair in found:
        job.send("pairs", pair.a, pair)
    sure = [pair for pair in found if pair.confidence >= min(STRONG, settings.accept_above)]
    job.write("pair-edges", pa.uint64(), node=[pair.a for pair in sure], other=[pair.b for pair in sure])


def _context(job: Job, forms: Forms, place: Mapping[int, int], posts: int) -> Context:
    """The context that the requested posts give; forms outside the pairs are numbered after those within."""
    numbers = dict(place)
    telling = {form.number for form in forms.all if form.kind in NAMED}
    spread = [len(form.posts) for form in forms.all]
    lists: dict[int, Lists] = {}
    for number, named in job.inbox("lists", tuple[int, list[tuple[str, int, str, int]]]):
        for _field, form, kind, count in named:
            if form not in numbers:
                numbers[form] = len(spread)
                if kind in NAMED:
                    telling.add(len(spread))
                spread.append(count)
        lists[number] = lists_of((field, numbers[form]) for field, form, _kind, _count in named)
    return Context(lists.__getitem__, spread.__getitem__, telling.__contains__, posts)


def settle(job: Job, linked: Set[str]) -> tuple[list[Entity], dict[Key, IRI]]:
    """Decide about the components of a partition.

    Returns the entities whose IRIs the ledger pins, and the tags that may be nested; and what notes, and names that
    are `linked`, mean.
    """
    rows = _ordered(job.inbox("forms", FormRow))
    forms = _with_names(rows)
    place = {row.number: row.form.number for row in rows}
    found = (pair for pair in job.inbox("pairs", ScoredPair) if pair.b in place)
    pairs = [replace(pair, a=place[pair.a], b=place[pair.b]) for pair in found]
    by_key, _decisions = decide(forms, in_order(pairs, forms), job.ledger, job.config)
    names: dict[int, list[FoldedName]] = defaultdict(list)
    for key, name in forms.names.items():
        names[id(by_key[key])].append(name)
        for part in job.parts_of(name):
            job.send("iris", part, (*key, by_key[key].iri))
    entities = {id(entity): entity for entity in by_key.values()}.values()  # two may claim one IRI by a pin
    for entity in entities:
        job.send("entities", job.bucket(entity.iri), entity)
    if job.config.glossary.enabled:
        send_called(job, ((entity, names[id(entity)]) for entity in entities))
    tags = known_tags(entities)
    job.write("tags", pa.string(), iri=list(tags), now=list(tags.values()))
    pinned = set(job.ledger.pins().values())
    notes = {key_of(note.kind, note.names[0]) for note in job.plan.notes.values()}
    return (
        [entity for entity in entities if entity.iri in pinned or may_be_nested(entity)],
        {key: entity.iri for key, entity in by_key.items() if key in notes or key[1] in linked},
    )
