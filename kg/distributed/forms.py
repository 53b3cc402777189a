"""Per name: forms, and whom each is to meet.

A form is at home in the part of its bare text, with all names of all kinds that share it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from kg.distributed.records import (
    AskRow,
    BlockRow,
    FormRow,
    GlossRow,
    KnownRow,
    NameRow,
    form_of,
    form_row,
    name_of,
    name_row,
)
from kg.resolution.evidence import affixes, brackets, glosses, initials, pinyin, spelling, surnames, transliteration
from kg.resolution.forms import Form, Forms, bare_of, is_wide, simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.distributed.exchange import Job, Outbox
    from kg.resolution.names import FoldedName, Key


def make(job: Job) -> dict[Key, str]:
    """Bring the names of a part together to forms; give the forms of the names that the ledger is about."""
    rows: dict[Key, list[NameRow]] = defaultdict(list)
    for row in job.inbox("names", NameRow):
        rows[row.kind, row.key].append(row)
    names: dict[Key, FoldedName] = {}
    parts: dict[Key, list[int]] = {}
    for key, said in rows.items():
        name, asked = name_of(said)
        if name.spellings:
            names[key], parts[key] = name, asked
    forms = Forms(names, job.ledger.distinct_sets())
    held = [_row(job, form, parts) for form in forms.all]
    job.keep("forms", held)
    light = [light_row(row) for row in held]
    with job.outboxes("known", "blocks", "ends", "first-names", "outer-names") as (known, blocks, ends, first, outer):
        for one in held:
            for own in one.names:
                for part in own.parts:
                    known.send(part, KnownRow(own.kind, own.key, one.id, one.spread))
        if job.plan.config.resolution.infer:
            for form, one in zip(forms.all, light, strict=True):
                for sort, text, role, strength in _blocks(form):
                    blocks.send(job.bucket(f"{sort}\0{text}"), BlockRow(sort, text, role, strength, one))
                if form.kind == "person" and len(form.words) > 1:
                    first.send(job.bucket(form.words[0]), [form.words[0], form.words[-1]])
            counted = Counter((form.kind, text) for form in forms.all for text in glosses.endings(form))
            for (kind, text), count in counted.items():
                ends.send(job.bucket(text), [kind, text, count])
            _ask(job, forms, outer)
    wanted = {key for decision in job.ledger.decisions for key in decision.keys}
    return {key: held[forms.of_name[key].number].id for key in wanted if key in names}


def _row(job: Job, form: Form, parts: dict[Key, list[int]]) -> FormRow:
    names = tuple(name_row(name, name.posts, sorted(parts[name.id])) for name in form.names)
    return form_row(form, f"{job.part:08x}", names)


def light_row(row: FormRow) -> FormRow:
    """A form without its names."""
    return FormRow(row.id, row.kind, row.bare, row.count, row.digits, row.label, row.wide, row.words, row.spread)


def home(form: str) -> int:
    """The part that a form is at home in."""
    return int(form[-8:], 16)


def _blocks(form: Form) -> Iterator[tuple[str, str, str, float]]:
    """(kind of evidence, key, role, strength) of every block that a form is in."""
    for core, strength in affixes.cores(form).items():
        yield "affixes", core, "", strength
    for sort, keys in spelling.blocks(form):
        for key in keys:
            yield "spelling", f"{form.kind}{sort}\0{key}", "", 0
    if letters := initials.letters_of(form):
        yield "initials", f"{form.kind}\0{letters}", "short", 0
    for text in initials.acronyms_of(form):
        yield "initials", f"{form.kind}\0{text}", "long", 0
    if form.kind == "person":
        if surnames.is_single(form):
            yield "surnames", form.bare, "short", 0
        elif len(form.words) > 1:
            yield "surnames", form.words[-1], "long", 0
    for text in pinyin.orders(form):
        yield "pinyin", f"{form.kind}\0{text}", "latin", 0
    for text, usual in pinyin.romanized(form).items():
        yield "pinyin", f"{form.kind}\0{text}", "wide", float(usual)
    chain = transliteration.foreign_chain(form)
    role = "wide" if chain else "latin"
    if transliteration.may_be_transliterated(form):
        chain = transliteration.chain_of_latin(form.words)
    for key in transliteration.blocks(form, chain) if chain else ():
        yield "sound", f"{form.kind}\0{key}", role, 0


class _Asked(dict[str, list[Form]]):
    """Forms of which nothing is known but the texts they are looked up by."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}

    def get(self, text: str, default: Any = None) -> Any:
        """Nothing."""
        self.texts[text] = None
        return default


def _ask(job: Job, forms: Forms, box: Outbox) -> None:
    """Keep the glosses of known inner names; ask for the forms that outer names may end in, and names in brackets."""
    kept = [row for row in job.inbox("glosses", GlossRow) if forms.named(row.bare)]
    job.keep("glosses-kept", kept)
    to_simple = simplified(row.outer for row in kept)
    asked = _Asked()
    for row in kept:
        outer = to_simple.get(row.outer, row.outer)
        text, wide = bare_of(outer), is_wide(outer)
        for form in forms.named(row.bare):
            glosses.ending(outer, text, wide=wide, kind=form.kind, by_bare=asked)
    for form in forms.all:
        for name in brackets.names_in(form):
            asked.get(bare_of(name))
    for text in asked.texts:
        box.send(job.bucket(text), AskRow(text, job.part))


def answer(job: Job) -> None:
    """Tell who asked which forms have a text; keep the first names of the part."""
    by_bare: dict[str, list[FormRow]] = defaultdict(list)
    for row in job.kept("forms", FormRow):
        by_bare[row.bare].append(light_row(row))
    with job.outboxes("inner-names") as (box,):
        for ask in job.inbox("outer-names", AskRow):
            for row in by_bare.get(ask.what, ()):
                box.send(ask.part, row)
    first = surnames.given(tuple(words) for words in job.inbox("first-names", list[str]))
    job.keep("given", sorted(first))


def some(rows: Iterable[FormRow]) -> tuple[Forms, dict[str, Form], list[str]]:
    """Some of all forms, numbered in the order of all; form by id, and the ids by number."""
    unique = {row.id: row for row in rows}
    ids = sorted(unique)
    by_id = {one: form_of(unique[one]) for one in ids}
    return Forms.of(by_id.values()), by_id, ids
