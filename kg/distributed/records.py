"""What travels between tasks. Bodies never do; nor does a whole post, but for the slim ones of `links`."""

from __future__ import annotations

from array import array
from sys import byteorder
from typing import TYPE_CHECKING, cast

from kg.model import IRI, Commit, Definition, Entity, Evidence, Gloss, Post, Record
from kg.reading.authors import Author
from kg.resolution.forms import Form
from kg.resolution.names import FoldedName

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[str, int]


class Numbered(Record, frozen=True):
    """A post and its number: its place among all files, in path order."""

    number: int
    post: Post


class Body(Record, frozen=True):
    """What the glossary needs of a post."""

    number: int
    path: str
    definitions: tuple[Definition, ...]
    glosses: tuple[Gloss, ...]


class AuthorRow(Record, frozen=True):
    """A slug that posts may call an author by, folded, and who that is; None where several claim it."""

    slug: str
    author: Author | None


class CommitRow(Record, frozen=True):
    """A post, and the commit it comes from."""

    path: str
    commit: Commit


# Names.


class NameRow(Record, frozen=True):
    """What one part says of a name, or what all say; see `kg.resolution.names.FoldedName`."""

    kind: str
    key: str
    spellings: dict[str, int]
    posts: bytes
    """Their numbers, ascending, eight bytes each: a name may stand in nearly every post."""
    places: list[Place]
    homepage: str
    parts: list[int]
    """The parts that want to know what becomes of it."""


class FormRow(Record, frozen=True):
    """See `kg.resolution.forms.Form`."""

    id: str
    """In the order of forms: `kind NUL first-key NUL`, and eight digits that tell the part it is at home in."""
    kind: str
    bare: str
    count: int
    digits: tuple[str, ...]
    label: str
    wide: bool
    words: tuple[str, ...]
    spread: int
    """Number of posts that mention it."""
    names: tuple[NameRow, ...] = ()
    """Only where they are needed."""


def name_row(name: FoldedName, posts: Iterable[int], parts: list[int]) -> NameRow:
    """A name as a row."""
    numbers = array("Q", posts)
    if byteorder == "big":
        numbers.byteswap()
    return NameRow(name.kind, name.key, name.spellings, numbers.tobytes(), list(name.places), name.homepage, parts)


def name_of(rows: Iterable[NameRow]) -> tuple[FoldedName, list[int]]:
    """One name from what parts say of it, in their order; and the parts that asked."""
    rows = list(rows)
    name = FoldedName(rows[0].kind, rows[0].key)
    parts: list[int] = []
    numbers = array("Q", b"".join(row.posts for row in rows))
    if byteorder == "big":
        numbers.byteswap()
    name.posts = cast("list[int]", numbers)
    for row in rows:
        name.take(row.spellings, (), row.places, row.homepage)
        parts += row.parts
    return name, parts


def form_row(form: Form, home: str, names: tuple[NameRow, ...] = ()) -> FormRow:
    """A form as a row; `home` are eight hexadecimal digits."""
    return FormRow(
        f"{form.kind}\0{form.names[0].key}\0{home}",
        form.kind,
        form.bare,
        form.count,
        form.digits,
        form.label,
        form.wide,
        form.words,
        len(form.posts),
        names,
    )


def form_of(row: FormRow) -> Form:
    """A form from a row, without a number; with its names where the row has them."""
    form = Form(row.kind, row.bare)
    form.names = [name_of([name])[0] for name in row.names]
    form.count, form.label, form.wide = row.count, row.label, row.wide
    form.digits, form.words = row.digits, row.words
    return form


class KnownRow(Record, frozen=True):
    """To a part that mentions a name: the form it belongs to."""

    kind: str
    key: str
    form: str
    spread: int


class IriRow(Record, frozen=True):
    """To a part that mentions a name: the entity it stands for."""

    kind: str
    key: str
    iri: IRI


# Evidence.


class BlockRow(Record, frozen=True):
    """A form that is to meet others under a key."""

    sort: str
    """The module of `kg.resolution.evidence`."""
    key: str
    role: str
    strength: float
    form: FormRow


class MatchRow(Record, frozen=True):
    """Two forms that met, to be judged with all others that `hub` met."""

    sort: str
    hub: FormRow
    other: FormRow
    value: int


class ClueRow(Record, frozen=True):
    """See `kg.resolution.evidence.Clue`."""

    a: str
    b: str
    kind: str
    strength: float
    times: int
    places: tuple[Place, ...]


class GlossRow(Record, frozen=True):
    """How one part glosses an inner name by an outer one."""

    outer: str
    inner: str
    bare: str
    """Of the inner name."""
    places: list[tuple[str, int, int]]


class SaidRow(Record, frozen=True):
    """To each of two forms: what glosses say of them; see `kg.resolution.evidence.glosses.GlossCounts`."""

    form: FormRow
    other: FormRow
    whole: int
    cut: int
    leads: dict[str, int]
    places: list[Place]


class SideRow(Record, frozen=True):
    """To a pair: how one of its forms sees their glosses; see `kg.resolution.evidence.glosses.GlossView`."""

    a: str
    b: str
    of_first: bool
    """Whether it is `a` that looks."""
    share: float
    part: bool
    head: bool
    given: bool
    whole: int
    cut: int
    leads: dict[str, int]
    places: list[Place]


class FollowerRow(Record, frozen=True):
    """To a form: another one that bodies gloss by it more than by any other."""

    form: str
    follower: str


class AskRow(Record, frozen=True):
    """A question: something, and the part that wants to know."""

    what: str
    part: int


class AskPostRow(Record, frozen=True):
    """A question about a post."""

    number: int
    part: int


class ListsRow(Record, frozen=True):
    """What a post lists: (field, form, its kind, its spread), in the order of the post."""

    number: int
    named: list[tuple[str, str, str, int]]


class PairRow(Record, frozen=True):
    """See `kg.resolution.scoring.ScoredPair`."""

    a: str
    b: str
    confidence: float
    evidence: tuple[Evidence, ...]
    objection: str


class EdgeRow(Record, frozen=True):
    """To a form: another one that may be the same."""

    form: str
    other: str


class LabelRow(Record, frozen=True):
    """To a form: the least form that a neighbour of it is connected with."""

    form: str
    label: str


class MemberRow(Record, frozen=True):
    """To a component: a form of it."""

    label: str
    form: FormRow


class ComponentPairRow(Record, frozen=True):
    """To a component: a pair of it."""

    label: str
    pair: PairRow


# Links.


class IndexRow(Record, frozen=True):
    """A name under which links may find a post."""

    table: str
    name: str
    post: Post


class LookupRow(Record, frozen=True):
    """A name under which links of a part look for posts."""

    table: str
    name: str
    part: int


# Glossary.


class TermRow(Record, frozen=True):
    """A key that is a term; or the question whether it is one, and whose."""

    key: str
    part: int = -1


class StemRow(Record, frozen=True):
    """A key, a Chinese partner of it or "", and the part that wants to know of what it is a plural."""

    key: str
    other: str
    part: int


class TypedRow(Record, frozen=True):
    """A name as typed, and its key; the part that asks whether anybody defines it, or -1 from who does."""

    name: str
    key: str
    part: int


class EntityKeyRow(Record, frozen=True):
    """A key of an entity."""

    key: str
    kind: str
    iri: IRI


class SingularRow(Record, frozen=True):
    """A plural and its singular."""

    plural: str
    single: str


class PartnerRow(Record, frozen=True):
    """In how many posts of a part a key stands for the same as another."""

    key: str
    other: str
    count: int


class KeyRow(Record, frozen=True):
    """What a part says of a key: how often it is an abbreviation, less how often not; whether it is a term."""

    key: str
    votes: int
    is_term: bool
    part: int


class RootRow(Record, frozen=True):
    """To a key: something about another key, and the family that one is in."""

    key: str
    other: str
    root: str


class FactRow(Record, frozen=True):
    """To a part, or to a family: what all posts together say of a key."""

    key: str
    abbreviation: bool
    root: str
    """The family it is in, or ""."""
    entity: IRI
    """The entity that has it for a name, or ""."""
    kind: str
    """Of the entity."""
    small: bool
    """Whether it is also a word in small letters."""


class FamilyFactRow(Record, frozen=True):
    """To a family: a key of it."""

    root: str
    fact: FactRow


class DefinitionRow(Record, frozen=True):
    """To a family: a definition."""

    root: str
    number: int
    """Of the post."""
    path: str
    definition: Definition
    names: tuple[str, ...]
    facts: list[FactRow]
    """Of the key of each name."""


class UserRow(Record, frozen=True):
    """To a family: a post that writes two of its names."""

    root: str
    number: int
    path: str
    line: int


class NamedRow(Record, frozen=True):
    """The question whether a post names an entity, and the answer to it."""

    number: int
    path: str
    entity: IRI
    part: int


class ConceptRow(Record, frozen=True):
    """A concept, or what there is to add to an entity."""

    iri: IRI
    concept: Entity | None
    definitions: tuple[tuple[str, Definition], ...]


class DefinedRow(Record, frozen=True):
    """To a post: what it defines."""

    path: str
    iri: IRI
    definition: Definition


class UseRow(Record, frozen=True):
    """To a post: what it uses by two names."""

    path: str
    iri: IRI
    line: int
