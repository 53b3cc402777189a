"""Per name: forms, evidence, pairs, entities.

A form is at home in the partition of its bare text, with all names of all kinds that share it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from hashlib import blake2b
from sys import byteorder
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa

from kg.cluster.components import EDGES
from kg.cluster.job import decoded, encoded
from kg.cluster.posts import GlossRow, NameRow, name_row, numbered_posts
from kg.cluster.terms import send_called
from kg.model import IRI, Entity, Evidence, Record
from kg.resolution import STRONG, clues_of, decide
from kg.resolution.context import Context, Lists, common_posts, first_posts, lists_of
from kg.resolution.evidence import Clue
from kg.resolution.forms import Form, Forms, bare, kept_apart, simplified
from kg.resolution.names import Name, Place, key_of
from kg.resolution.scoring import Pair, in_order, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.cluster.job import Job
    from kg.model import Post
    from kg.resolution.names import Key

_JUDGED_TOGETHER = {"organization": "work"}
"""Kinds whose evidence needs to see each other: whether a newspaper is a work or an organization."""


class FormRow(Record, frozen=True):
    """See `kg.resolution.forms.Form`."""

    id: str
    """In the order of forms: `kind NUL first-key NUL`, and sixteen digits that tell where it is at home, and number it."""
    kind: str
    bare: str
    count: int
    digits: tuple[str, ...]
    label: str
    wide: bool
    words: tuple[str, ...]


Full = tuple[FormRow, list[NameRow]]
"""A form with its names."""


class PairRow(Record, frozen=True):
    """See `kg.resolution.scoring.Pair`."""

    a: str
    b: str
    confidence: float
    evidence: tuple[Evidence, ...]
    objection: str


def _name_of(rows: Iterable[NameRow]) -> Name:
    """One name from what parts say of it, in their order."""
    rows = sorted(rows, key=lambda row: row.part)
    name = Name(rows[0].kind, rows[0].key)
    numbers = array("Q", b"".join(row.posts for row in rows))
    if byteorder == "big":
        numbers.byteswap()
    name.posts = cast("list[int]", numbers)
    for row in rows:
        name.take(row.spellings, (), row.places, row.homepage)
    return name


def _form_of(row: FormRow, names: Sequence[NameRow] = ()) -> Form:
    """A form, without a number; with its names where they are given."""
    form = Form(row.kind, row.bare)
    form.names = [_name_of([name]) for name in names]
    form.count, form.label, form.wide, form.digits, form.words = row.count, row.label, row.wide, row.digits, row.words
    return form


def _some(rows: Iterable[Full]) -> tuple[Forms, list[str]]:
    """Some of all forms, numbered in the order of all; and their ids by number."""
    unique = {row.id: (row, names) for row, names in rows}
    ids = sorted(unique)
    return Forms.of(_form_of(*unique[one]) for one in ids), ids


def number_of(form: str) -> int:
    """The number of a form, from its id."""
    return int(form[-16:], 16)


def _home(number: int) -> int:
    """The partition that a form is at home in."""
    return number >> 32


def _identity(kind: str, text: str, alone: str) -> int:
    """What stands for a form where nothing is asked but whether two are the same."""
    data = f"{kind}\0{text}\0{alone}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def make_forms(job: Job) -> tuple[dict[Key, str], list[str]]:
    """Bring the names of a partition together to forms.

    Gives the forms of the names that the ledger is about, and the kinds there are, by the tasks that judge them.
    """
    rows: dict[Key, list[NameRow]] = defaultdict(list)
    for row in job.inbox("names", NameRow):
        rows[row.kind, row.key].append(row)
    names = {key: name for key, said in rows.items() if (name := _name_of(said)).spellings}
    forms = Forms(names, job.ledger.apart())
    apart = kept_apart(job.ledger.apart())
    held: list[FormRow] = []
    asked: list[list[NameRow]] = []
    for form in forms.all:
        first = form.names[0].key
        place = f"{form.kind}\0{first}\0{job.part:08x}{form.number:08x}"
        held.append(
            FormRow(place, form.kind, form.bare, form.count, form.digits, form.label, form.wide, form.words)
        )
        asked.append([name_row(name, name.posts, 0) for name in form.names])
    job.write(
        "forms",
        pa.table(
            {
                "kind": [_judged_as(row.kind) for row in held],
                "form": pa.array(map(encoded, held), pa.large_binary()),
                "names": pa.array(map(encoded, asked), pa.large_binary()),
            }
        ),
    )
    job.keep("askers", [(kind, key, [row.part for row in said]) for (kind, key), said in rows.items()])
    often = [
        (_identity(form.kind, form.bare, first if (form.kind, first) in apart else ""), len(form.posts))
        for form in forms.all
        for first in (form.names[0].key,)
        if len(form.posts) > 1
    ]
    job.write("spread", pa.table({"form": [one for one, _ in often], "posts": [posts for _, posts in often]}, _SPREAD))
    words = {(form.words[0], form.words[-1]) for form in forms.all if form.kind == "person" and len(form.words) > 1}
    job.write("first-names", pa.table({"first": [a for a, _ in words], "last": [b for _, b in words]}, _WORDS))
    _keep_glosses(job, forms)
    wanted = {key for decision in job.ledger.decisions for key in decision.keys}
    return {key: held[forms.of_name[key].number].id for key in wanted if key in names}, sorted({_judged_as(row.kind) for row in held})


_SPREAD = pa.schema([("form", pa.int64()), ("posts", pa.int64())])
_WORDS = pa.schema([("first", pa.string()), ("last", pa.string())])


def _judged_as(kind: str) -> str:
    return _JUDGED_TOGETHER.get(kind, kind)


def _keep_glosses(job: Job, forms: Forms) -> None:
    """Those whose inner names are known, by the kinds that these are of."""
    kinds, data = [], []
    for row in job.inbox("glosses", GlossRow):
        for kind in {_judged_as(form.kind) for form in forms.named(row.bare)}:
            kinds.append(kind)
            data.append(encoded(row))
    job.write("glossed", pa.table({"kind": pa.array(kinds, pa.string()), "gloss": pa.array(data, pa.large_binary())}))


def find_evidence(job: Job, kinds: Sequence[str]) -> None:
    """Find the clues about all forms of a kind, and ask for the posts that tell more of each pair."""
    which = {"filters": [("kind", "==", kinds[job.part])]}
    tables = [job.read("forms", part, **which) for part in range(job.parts)]
    held = pa.concat_tables(tables)
    rows = [decoded(data, FormRow) for data in held["form"].to_pylist()]
    order = sorted(range(len(rows)), key=lambda place: rows[place].id)
    forms = Forms.of(_form_of(rows[place]) for place in order)
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    inners: dict[str, list[Form]] = {}
    for part in range(job.parts):
        for data in job.read("glossed", part, **which)["gloss"].to_pylist():
            row = decoded(data, GlossRow)
            found[row.outer, row.inner] += row.places
            inners[row.inner] = forms.named(row.bare)
    clues: dict[tuple[int, int], list[Clue]] = defaultdict(list)
    for clue in clues_of(forms, found, inners, job.told("first-names")):
        clues[clue.a, clue.b].append(clue)

    def full(number: int) -> tuple[FormRow, Any]:
        return rows[order[number]], decoded(held["names"][order[number]].as_py(), list[NameRow])

    wanted: dict[int, set[int]] = defaultdict(set)
    members: set[tuple[int, int]] = set()
    for (a, b), found_clues in clues.items():
        ends = rows[order[a]].id, rows[order[b]].id
        to = job.bucket("".join(ends))
        job.send("clues", to, (*ends, [clue[2:] for clue in found_clues]))
        one, two = (_posts_of(forms.all[number], full(number)[1]) for number in (a, b))
        wanted[to].update(first_posts(one), first_posts(two), common_posts(one, two))
        members |= {(to, a), (to, b)}
    for to, number in members:
        job.send("members", to, full(number))
    for to, posts in wanted.items():
        for number in posts:
            job.send("asked-posts", job.part_of(number), (number, to))


def _posts_of(form: Form, names: Sequence[NameRow]) -> Form:
    form.names = form.names or [_name_of([name]) for name in names]
    return form


CLUES = ("clues", "members", "asked-posts")


def tell_lists(job: Job) -> None:
    """Answer with what posts list: (field, form, its kind), in the order of the post."""
    asked: dict[int, list[int]] = defaultdict(list)
    for number, to in job.inbox("asked-posts", tuple[int, int]):
        asked[number].append(to)
    held = {one.number: one.post for one in numbered_posts(job)}
    mentions = {(m.kind, m.name) for number in asked for m in held[number].mentions}
    keys = {mention: key_of(*mention)[1] for mention in mentions}
    to_simple = simplified(keys.values())
    apart, gone = kept_apart(job.ledger.apart()), job.told("gone")
    forms = {
        (kind, name): _identity(kind, bare(to_simple.get(key, key)), key if (kind, key) in apart else "")
        for (kind, name), key in keys.items()
        if (kind, key) not in gone
    }
    for number, to in ((number, to) for number, targets in asked.items() for to in targets):
        named = [(m.field, forms[m.kind, m.name], m.kind) for m in held[number].mentions if (m.kind, m.name) in forms]
        job.send("lists", to, (number, named))


def judge(job: Job) -> int:
    """Weigh the clues of each pair, and send those home that are sure enough to be looked at; gives their number."""
    forms, ids = _some(job.inbox("members", Full))
    place = {one: number for number, one in enumerate(ids)}
    clues = [
        Clue(place[a], place[b], *clue)
        for a, b, found in job.inbox("clues", tuple[str, str, list[tuple[str, float, int, tuple[Place, ...]]]])
        for clue in found
    ]
    settings = job.plan.config.resolution
    pairs = score(clues, forms, _context(job, forms), at_least=settings.propose_above)
    least = min(STRONG, settings.accept_above)
    by_ledger: set[tuple[str, str]] = job.told("joined")
    edges = []
    for pair in pairs:
        a, b = ids[pair.a], ids[pair.b]
        if pair.confidence >= least or (a, b) in by_ledger:
            job.send("scored", _home(number_of(a)), PairRow(a, b, pair.confidence, pair.evidence, pair.objection))
            edges.append((number_of(a), number_of(b)))
    job.write("edges", pa.table({"node": [a for a, _ in edges], "other": [b for _, b in edges]}, EDGES))
    return len(edges)


def _context(job: Job, forms: Forms) -> Context:
    """The context that the posts asked for give; other forms than those of the pairs are numbered after these."""
    apart = kept_apart(job.ledger.apart())
    numbers: dict[int, int] = {}
    for form in forms.all:
        first = form.names[0].key
        numbers[_identity(form.kind, form.bare, first if (form.kind, first) in apart else "")] = form.number
    kinds = [form.kind for form in forms.all]
    lists: dict[int, Lists] = {}
    for number, named in job.inbox("lists", tuple[int, list[tuple[str, int, str]]]):
        for _field, form, kind in named:
            if form not in numbers:
                numbers[form] = len(kinds)
                kinds.append(kind)
        lists[number] = lists_of((field, numbers[form]) for field, form, _kind in named)
    spread = _spread(job, list(numbers))
    return Context(lists.__getitem__, spread.__getitem__, kinds.__getitem__, job.told("posts"))


def _spread(job: Job, forms: list[int]) -> list[int]:
    """In how many posts each of some forms stands."""
    wanted = np.array(forms, np.int64)
    order = np.argsort(wanted)
    result = np.ones(len(forms), np.int64)
    for part in range(job.parts if forms else 0):
        rows = job.read("spread", part)
        known = rows["form"].to_numpy()
        places = np.minimum(np.searchsorted(wanted, known, sorter=order), len(forms) - 1)
        hits = wanted[order[places]] == known
        result[order[places[hits]]] = rows["posts"].to_numpy()[hits]
    return [int(posts) for posts in result]


def send_labels(job: Job) -> None:
    """Send the component of each form home."""
    rows = job.frame
    roots = rows["other"].unique().tolist()
    for node, root in {*zip(rows["node"].tolist(), rows["other"].tolist(), strict=True), *zip(roots, roots, strict=True)}:
        job.send("labels", _home(node), (node, root))


JOINED = ("joined-forms", "joined-pairs")


def gather(job: Job) -> list[Entity]:
    """Send the forms of each component, and its pairs, to one place; a form that is alone is an entity already.

    Gives the entities whose IRI is one that the ledger pins.
    """
    label = dict(job.inbox("labels", tuple[int, int]))
    askers = {(kind, key): parts for kind, key, parts in job.kept("askers", tuple[str, str, list[int]])}
    held = job.read("forms")
    alone: list[tuple[Full, list[list[int]]]] = []
    for form, names in zip(held["form"].to_pylist(), held["names"].to_pylist(), strict=True):
        row, own = decoded(form, FormRow), decoded(names, list[NameRow])
        asked = [askers[name.kind, name.key] for name in own]
        if (number := number_of(row.id)) in label:
            job.send("joined-forms", label[number] % job.parts, ((row, own), asked))
        else:
            alone.append(((row, own), asked))
    for pair in job.inbox("scored", PairRow):
        job.send("joined-pairs", label[number_of(pair.a)] % job.parts, pair)
    return _decide(job, alone, [])


def settle(job: Job) -> list[Entity]:
    """Decide the components of a partition; gives the entities whose IRI is one that the ledger pins."""
    rows = list(job.inbox("joined-forms", tuple[Full, list[list[int]]]))
    return _decide(job, rows, job.inbox("joined-pairs", PairRow))


def _decide(job: Job, rows: Sequence[tuple[Full, list[list[int]]]], found: Iterable[PairRow]) -> list[Entity]:
    forms, ids = _some(full for full, _asked in rows)
    place = {one: number for number, one in enumerate(ids)}
    names = {name.id: name for form in forms.all for name in form.names}
    pairs = [Pair(place[row.a], place[row.b], row.confidence, row.evidence, row.objection) for row in found]
    by_key, _decisions = decide(forms, names, in_order(pairs, forms), job.ledger, job.plan.config)
    to: dict[int, list[tuple[str, str, IRI]]] = defaultdict(list)
    for (_row, own), asked in rows:
        for name, parts in zip(own, asked, strict=True):
            for part in parts:
                to[part].append((name.kind, name.key, by_key[name.kind, name.key].iri))
    for part, iris in to.items():
        job.send("iris", part, iris)
    unique = {entity.iri: entity for entity in by_key.values()}
    for iri, entity in unique.items():
        job.send("entities", job.bucket(iri), entity)
    if job.plan.config.glossary.enabled:
        send_called(job, unique.values())
    pinned = set(job.ledger.pins().values())
    return [entity for iri, entity in unique.items() if iri in pinned]
