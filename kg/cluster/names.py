"""Per name: forms, evidence, pairs, entities.

A form is at home in the partition of its bare text, with all names of all kinds that share it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import pyarrow as pa

from kg.cluster.components import EDGES
from kg.cluster.job import Job, decoder, encoded
from kg.cluster.posts import posts_of
from kg.cluster.terms import send_called
from kg.graph.nesting import known_tags, may_be_nested
from kg.model import IRI, Entity, Evidence, Record
from kg.resolution import STRONG, decide
from kg.resolution.context import NAMED, Context, Lists, common_posts, first_posts, lists_of
from kg.resolution.evidence import Clue, kinds
from kg.resolution.evidence.glosses import Glossed, with_texts
from kg.resolution.evidence.glosses import find as find_glosses
from kg.resolution.finding import clues_across_kinds, clues_of
from kg.resolution.forms import Form, Forms, mentioning
from kg.resolution.names import FoldedName, Key, Place, key_of
from kg.resolution.saved import judged_as
from kg.resolution.scoring import ScoredPair, in_order, score

_FORMS = pa.schema({"kind": pa.string(), "form": pa.large_binary(), "names": pa.large_binary()})
_SAID = pa.schema({"kind": pa.string(), "gloss": pa.large_binary()})
_WORDS = pa.schema({"first": pa.string(), "last": pa.string()})
AskedName = tuple[FoldedName, list[int]]
"""A name, and the parts that ask which entity it becomes."""


class FormRow(Record, frozen=True):
    """See `kg.resolution.forms.Form`."""

    id: str
    """`kind NUL first-key NUL`, which orders forms, and sixteen digits: its number among all forms."""
    kind: str
    bare: str
    count: int
    digits: tuple[str, ...]
    label: str
    wide: bool
    words: tuple[str, ...]


Full = tuple[FormRow, list[AskedName]]
"""A form with its names."""


class PairRow(Record, frozen=True):
    """See `kg.resolution.scoring.ScoredPair`."""

    a: str
    b: str
    confidence: float
    evidence: tuple[Evidence, ...]
    objection: str


def _form_of(number: int, row: FormRow, names: Sequence[AskedName] = ()) -> Form:
    """A form; without what its names tell where they are not given."""
    own = [name for name, _parts in names]
    roles = sum(name.roles for name in own)
    return Form(
        row.kind, row.bare, "", [name.key for name in own], [], row.label, row.count, roles, mentioning(own), row.wide,
        row.digits, row.words, number,
    )  # fmt: skip


def _some(rows: Iterable[Full]) -> tuple[Forms, list[str], dict[str, int]]:
    """Some of all forms, numbered in the same order; their ids by number, and their numbers by id."""
    unique = {row.id: (row, names) for row, names in rows}
    ids = sorted(unique)
    forms = [_form_of(number, *unique[one]) for number, one in enumerate(ids)]
    names = {name.id: name for _row, named in unique.values() for name, _parts in named}
    return Forms(forms, names), ids, {one: number for number, one in enumerate(ids)}


def number_of(form: str) -> int:
    """The number of a form, from its id: the number of its home partition, and its place there."""
    return int(form[-16:], 16)


def make_forms(job: Job) -> tuple[dict[Key, str], set[str]]:
    """Group the names of a partition into forms.

    Returns the forms of the names in the ledger, and the kinds that occur, as `find_evidence` takes them.
    """
    names: dict[Key, FoldedName] = {}
    askers: dict[Key, list[int]] = defaultdict(list)
    for part, folded in sorted(job.inbox("names", tuple[int, FoldedName]), key=lambda row: row[0]):
        name = names.setdefault(folded.id, FoldedName(*folded.id))
        name.take(folded.spellings, folded.languages, folded.posts, folded.places, folded.homepage, folded.roles)
        askers[folded.id].append(part)
    named = {key: name for key, name in names.items() if name.spellings}
    forms = Forms.of_names(named, job.ledger.distinct_sets())
    rows = [
        FormRow(
            f"{form.kind}\0{form.keys[0]}\0{job.part:08x}{form.number:08x}",
            form.kind, form.bare, form.count, form.digits, form.label, form.wide, form.words,
        )
        for form in forms.all
    ]  # fmt: skip
    asked = [[(names[key], askers[key]) for key in form.ids] for form in forms.all]
    found = [judged_as(form.kind) for form in forms.all]
    job.write("forms", {"kind": found, "form": map(encoded, rows), "names": map(encoded, asked)}, _FORMS)
    answers: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    for row, form in zip(rows, forms.all, strict=True):
        for key in form.ids:
            for part in askers[key]:
                answers[part].append((*key, number_of(row.id), len(form.posts)))
    for part, known in answers.items():
        job.send("known", part, known)
    words = [form.words for form in forms.of_kind("person") if len(form.words) > 1]
    job.write("first-names", {"first": [own[0] for own in words], "last": [own[-1] for own in words]}, _WORDS)
    said = list(job.inbox("glosses", Glossed))
    glossed = [(kind, row) for row in said for kind in {judged_as(form.kind) for form in forms.named(row.bare)}]
    job.write("glossed", {"kind": [kind for kind, _ in glossed], "gloss": [encoded(row) for _, row in glossed]}, _SAID)
    if job.config.resolution.infer:
        clues = clues_across_kinds(forms, kinds.proper_names(said), job.config)
        ends = {end for clue in clues for end in clue[:2]}
        _ask_about(job, forms, {one: (rows[one], asked[one]) for one in ends}, clues)
    decisions = (*job.ledger.decisions, *job.ledger.notes)
    wanted = {key for decision in decisions for key in decision.keys if key in forms.of_name}
    return {key: rows[forms.of_name[key].number].id for key in wanted}, set(found)


CLUES = ("clues", "members", "asked-posts")


def find_evidence(job: Job, groups: Sequence[str]) -> None:
    """Find the clues about all forms of a kind, and ask for the posts that tell more of each pair."""
    own = [("kind", "==", groups[job.part])]
    table = pa.concat_tables([job.read("forms", part, own) for part in range(job.parts)])
    rows: list[FormRow] = list(map(decoder(FormRow), table["form"].to_pylist()))
    order = sorted(range(len(rows)), key=lambda place: rows[place].id)
    forms = Forms([_form_of(number, rows[place]) for number, place in enumerate(order)], {})
    tables = (job.read("glossed", part, own)["gloss"].to_pylist() for part in range(job.parts))
    found = with_texts(list(map(decoder(Glossed), chain.from_iterable(tables))))
    first_names = job.published("first-names")
    clues = [*clues_of(forms, first_names), *find_glosses(forms, found, first_names)]
    full: dict[int, Full] = {}
    for number in {end for clue in clues for end in clue[:2]}:
        names = decoder(list[AskedName])(table["names"][order[number]].as_py())
        full[number] = rows[order[number]], names
        forms.at[number].posts = mentioning(name for name, _parts in names)
    _ask_about(job, forms, full, clues)


def _ask_about(job: Job, forms: Forms, full: Mapping[int, Full], clues: Iterable[Clue]) -> None:
    """Send clues to where their pair is judged, with both forms, and ask for the posts that tell more of it."""
    by_pair: dict[tuple[int, int], list[Clue]] = defaultdict(list)
    for clue in clues:
        by_pair[clue.a, clue.b].append(clue)
    posts: dict[int, set[int]] = defaultdict(set)
    members: dict[int, set[int]] = defaultdict(set)
    for pair, own in by_pair.items():
        a, b = (full[number][0].id for number in pair)
        one, two = (forms.at[number] for number in pair)
        to = job.bucket(a + b)
        job.send("clues", to, (a, b, [clue[2:] for clue in own]))
        members[to].update(pair)
        posts[to].update(first_posts(one), first_posts(two), common_posts(one, two))
    for to, numbers in members.items():
        for number in numbers:
            job.send("members", to, full[number])
        for number in posts[to]:
            job.send("asked-posts", job.part_of(number), (number, to))


def tell_lists(job: Job) -> None:
    """Answer with what posts list: (field, form, its kind, number of its posts), in the order of the post."""
    asked: dict[int, list[int]] = defaultdict(list)
    for number, to in job.inbox("asked-posts", tuple[int, int]):
        asked[number].append(to)
    rows = (row for rows in job.inbox("known", list[tuple[str, str, int, int]]) for row in rows)
    known = {(kind, key): (form, kind, spread) for kind, key, form, spread in rows}
    posts = posts_of(job) if asked else {}
    for number, targets in asked.items():
        found = ((mention.field, known.get(key_of(mention.kind, mention.name))) for mention in posts[number].mentions)
        named = [(field, *form) for field, form in found if form is not None]
        for to in targets:
            job.send("lists", to, (number, named))


def judge(job: Job) -> int:
    """Score each pair, and send those that are certain enough to be considered home; returns their number."""
    forms, ids, place = _some(job.inbox("members", Full))
    clues = [
        Clue(place[a], place[b], *clue)
        for a, b, found in job.inbox(
            "clues", tuple[str, str, list[tuple[str, float, int, tuple[Place, ...], tuple[float, ...]]]]
        )
        for clue in found
    ]
    settings = job.config.resolution
    pairs = score(clues, forms, _context(job, forms, ids), at_least=settings.propose_above)
    least, by_ledger = min(STRONG, settings.accept_above), job.published("joined")
    chosen = [
        PairRow(ids[pair.a], ids[pair.b], pair.confidence, pair.evidence, pair.objection)
        for pair in pairs
        if pair.confidence >= least or (ids[pair.a], ids[pair.b]) in by_ledger
    ]
    for row in chosen:
        job.send("pairs", number_of(row.a) >> 32, row)
    ends = {"node": [number_of(row.a) for row in chosen], "other": [number_of(row.b) for row in chosen]}
    job.write("pair-edges", ends, EDGES)
    return len(chosen)


def _context(job: Job, forms: Forms, ids: Sequence[str]) -> Context:
    """The context that the requested posts give; forms outside the pairs are numbered after those within."""
    numbers = {number_of(one): number for number, one in enumerate(ids)}
    telling = {form.number for form in forms.all if form.kind in NAMED}
    spread = [len(form.posts) for form in forms.all]
    lists: dict[int, Lists] = {}
    for number, named in job.inbox("lists", tuple[int, list[tuple[str, int, str, int]]]):
        for _field, form, kind, posts in named:
            if form not in numbers:
                numbers[form] = place = len(spread)
                spread.append(posts)
                if kind in NAMED:
                    telling.add(place)
        lists[number] = lists_of((field, numbers[form]) for field, form, _kind, _posts in named)
    return Context(lists.__getitem__, spread, telling, job.published("posts"))


def send_labels(job: Job) -> None:
    """Send the component of each form home."""
    ends = job.frame["node"].tolist(), job.frame["other"].tolist()
    for node, root in {*zip(*ends, strict=True), *zip(ends[1], ends[1], strict=True)}:
        job.send("labels", node >> 32, (node, root))


JOINED = ("joined-forms", "joined-pairs")


def gather(job: Job) -> list[Entity]:
    """Send the forms and pairs of each component to one place; a form without any pair is an entity already.

    Returns the entities whose IRIs the ledger pins, and the tags that may be nested.
    """
    label = dict(job.inbox("labels", tuple[int, int]))
    alone: list[Full] = []
    forms = job.read("forms")
    columns = (
        map(decoder(kind), forms[name].to_pylist()) for name, kind in (("form", FormRow), ("names", list[AskedName]))
    )
    for row, names in zip(*columns, strict=True):
        if (number := number_of(row.id)) in label:
            job.send("joined-forms", label[number] % job.parts, (row, names))
        else:
            alone.append((row, names))
    for pair in job.inbox("pairs", PairRow):
        job.send("joined-pairs", label[number_of(pair.a)] % job.parts, pair)
    return _decide(job, alone, ())


def settle(job: Job) -> list[Entity]:
    """Decide about the components of a partition; returns the same as `gather`."""
    return _decide(job, list(job.inbox("joined-forms", Full)), job.inbox("joined-pairs", PairRow))


def _decide(job: Job, rows: Sequence[Full], found: Iterable[PairRow]) -> list[Entity]:
    forms, _ids, place = _some(rows)
    pairs = [ScoredPair(place[row.a], place[row.b], row.confidence, row.evidence, row.objection) for row in found]
    by_key, _decisions = decide(forms, in_order(pairs, forms), job.ledger, job.config)
    answers: dict[int, list[tuple[str, str, IRI]]] = defaultdict(list)
    for name, parts in (asked for _row, names in rows for asked in names):
        for part in parts:
            answers[part].append((*name.id, by_key[name.id].iri))
    for part, iris in answers.items():
        job.send("iris", part, iris)
    entities = {id(entity): entity for entity in by_key.values()}.values()  # two may claim one IRI by a pin
    for entity in entities:
        job.send("entities", job.bucket(entity.iri), entity)
    if job.config.glossary.enabled:
        send_called(job, entities)
    pinned = set(job.ledger.pins().values())
    return [entity for entity in entities if entity.iri in pinned or may_be_nested(entity)]


def tell_tags(job: Job) -> dict[IRI, IRI]:
    """Which of the IRIs below which tags may be nested are tags, and their present IRIs."""
    return known_tags(job.inbox("entities", Entity), job.published("above"))
