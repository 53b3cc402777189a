"""The records that flow through `kg`, in the order of the data flow.

    file ──▶ Post (Mention, Attribute, Link, Gloss, Definition, Diagnostic)
                 ──▶ Entity ──▶ Node and Edge of one KnowledgeGraph (kg.graph.model)

All are immutable. They are `msgspec.Struct`s rather than dataclasses because they are sent between processes and
cached: msgspec encodes them ten times faster than pickle and validates what it decodes.

Lines and columns are 1-based; a column counts Unicode code points. 0 means the file as a whole.
"""

from collections.abc import Collection
from typing import Literal, NewType, TypeAlias

import msgspec

IRI = NewType("IRI", str)
"""An absolute IRI (RFC 3987, https://www.rfc-editor.org/rfc/rfc3987) without angle brackets."""

DateOrder: TypeAlias = Literal["", "day-first", "month-first"]
"""What `01/02/2024` is: February 1 (day-first), January 2 (month-first), or unknown."""

IRI_OBJECT = "@id"
"""The `datatype` of an attribute whose value is an IRI rather than a literal (as in JSON-LD)."""

encode = msgspec.msgpack.Encoder().encode
"""Anything made of records in MessagePack (https://msgpack.org): what is saved, sent to processes and compared."""


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all records: immutable, compared by value, encoded as arrays."""


class Diagnostic(Record, frozen=True):
    """A problem at one place in a file."""

    path: str
    """POSIX path relative to CONTENT."""
    line: int
    column: int
    code: str
    """A stable code documented in `kg.diagnostics.CODES`, such as `KG103`."""
    severity: str
    """`error`, `warning` or `note`."""
    message: str
    """What is wrong and what to write instead, in one line."""


class Text(Record, frozen=True):
    """A string in a language.

    `language` is a BCP 47 tag (https://www.rfc-editor.org/info/bcp47), or "" if unknown.
    """

    value: str
    language: str = ""


class Mention(Record, frozen=True):
    """A name in one place of one post."""

    name: str
    """The name as typed, without surrounding white space."""
    kind: str
    """A key of `kg.namespaces.KINDS` or of `Config.kinds`: `person`, `organization`, `tag` …"""
    predicate: IRI
    """The predicate of the edge from the post to the entity."""
    field: str
    """The front matter key as typed, or `body` for an inline tag."""
    line: int
    column: int
    homepage: str = ""
    """An http(s) URL given with the name, as in `author: {name: …, url: …}`, or ""."""
    above: str = ""
    """The category that the post names as the one above it, as Hexo's `[Sports, Tennis]` does, or ""."""


class Attribute(Record, frozen=True):
    """A literal or IRI that a post states about itself."""

    predicate: IRI
    value: str
    """The lexical form, valid for `datatype`."""
    datatype: str = ""
    """A datatype IRI; "" for plain text; `IRI_OBJECT` when `value` is an IRI."""
    language: str = ""
    """BCP 47 tag of plain text, or ""."""
    field: str = ""
    line: int = 0
    column: int = 0


class Link(Record, frozen=True):
    """A link in the body or a property of a post, to another post."""

    target: str
    """The target as written: `other.md#part`, `Some Title`, `/2024/slug/` …"""
    style: str
    """The syntax: `markdown`, `wikilink`, `embed`, `property` (in a field), `name` (in a field of names, which need not
    lead to a post), `shortcode` (`{{< ref "x" >}}`, `{% post_url x %}`), `block` (`((id))`), or `program`
    (`obsidian://open?file=x`, which may lead to another folder)."""
    text: str
    """The link text, or ""."""
    line: int
    column: int
    field: str = ""
    """The field that holds it, as typed; "" for the text of the body."""
    predicate: IRI = IRI("")
    """The relation of the post to the target that the field states; "" if it is just a link."""


class Gloss(Record, frozen=True):
    """A name and another name for it in brackets, in a body: `英伟达（Nvidia）`."""

    outer: str
    """The name before the brackets."""
    inner: str
    """The name within the brackets."""
    line: int
    count: int = 1
    """Number of occurrences in the post, the first of which is on `line`."""


class Definition(Record, frozen=True):
    """A term and its explanation, in a body: `**资本支出**（CAPEX: Capital Expenditure，…）`."""

    term: str
    """The defined term as typed, without bold marks."""
    translations: tuple[str, ...]
    """The term in another language, and its abbreviation or expansion; may be empty."""
    text: str
    """The explanation as typed, without marks of emphasis; "" if there are only names."""
    line: int
    column: int


class Post(Record, frozen=True):
    """What was read from one Markdown file. The body is not kept: the bodies of 10,000 posts take 371 MB."""

    path: str
    """POSIX path relative to CONTENT; the identity of the post."""
    title: str
    language: str
    """BCP 47 tag of the body, "" if unknown."""
    date: str
    """Date of publication as xsd:date or xsd:dateTime, or ""."""
    draft: bool
    dialect: str
    """Format of the front matter: `yaml`, `toml`, `json`, `none` …"""
    mentions: tuple[Mention, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    aliases: tuple[str, ...] = ()
    """Further names for links to the post: `aliases`, `slug`, `permalink`, and `((id))` for each Logseq block."""
    links: tuple[Link, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    definitions: tuple[Definition, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Commit(Record, frozen=True):
    """The Git commit that last changed a post."""

    name: str
    """The full hexadecimal commit name."""
    time: str
    """Time of the commit as xsd:dateTime."""


class Evidence(Record, frozen=True):
    """Evidence that two names are names of one entity."""

    kind: str
    """`folding`, `gloss`, `pinyin`, `initials`, `spelling`, `surname`, `ledger` …"""
    count: int
    """Number of times it was seen."""
    places: tuple[tuple[str, int], ...] = ()
    """(post path, line) of the first few, in path order."""
    shares: tuple[float, ...] = ()
    """Of a gloss: the share of each name's glosses that agree with the other name. Of context: the agreement."""


class Merge(Record, frozen=True):
    """Two names joined into one entity, and why."""

    name: str
    other: str
    confidence: float
    """The match score in [0, 1]."""
    evidence: tuple[Evidence, ...]
    decided_by: str
    """`rule` (safe folding), `inference` or `ledger`."""
    kinds: tuple[str, ...] = ()
    """The kinds of the two, if they differ."""


class Named:
    """Base of `Entity` and `Node`, which have a main kind and a main name, and may have others."""

    __slots__ = ()
    kind: str
    also: tuple[str, ...]
    label: str
    labels: tuple["Text", ...]
    aliases: tuple["Text", ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the main one first."""
        return tuple(dict.fromkeys([self.label, *(text.value for text in (*self.labels, *self.aliases))]))

    @property
    def kinds(self) -> tuple[str, ...]:
        """All its kinds, the main one first."""
        return (self.kind, *self.also)

    def is_a(self, kinds: Collection[str]) -> bool:
        """Whether it has one of these kinds; if none are given, whether it is anything but a post."""
        if not kinds:
            return self.kinds != ("post",)
        return self.kind in kinds or not set(self.also).isdisjoint(kinds)


class Entity(Record, Named, frozen=True):
    """A thing that posts mention, with all its names."""

    iri: IRI
    kind: str
    """The main kind: the one that most posts give it."""
    label: str
    """The preferred label."""
    labels: tuple[Text, ...]
    """The canonical label of each language; `label` is one of them."""
    aliases: tuple[Text, ...] = ()
    """All other spellings, as typed."""
    former: tuple[IRI, ...] = ()
    """IRIs that its other names have, or had, on their own; they stay resolvable."""
    same_as: tuple[IRI, ...] = ()
    """IRIs of the same thing elsewhere (such as Wikidata), from the ledger."""
    homepage: str = ""
    merges: tuple[Merge, ...] = ()
    definitions: tuple[tuple[str, Definition], ...] = ()
    """(post path, definition) of each definition in a body."""
    also: tuple[str, ...] = ()
    """The other kinds under which posts name it, sorted."""


class Node(Record, Named, frozen=True):
    """A node of the graph, a post or an entity, independent of any format."""

    iri: IRI
    kind: str
    label: str
    labels: tuple[Text, ...]
    aliases: tuple[Text, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    former: tuple[IRI, ...] = ()
    same_as: tuple[IRI, ...] = ()
    merges: tuple[Merge, ...] = ()
    definitions: tuple[tuple[str, Definition], ...] = ()
    also: tuple[str, ...] = ()
    """The other kinds under which posts name it, sorted."""

    def value(self, *predicates: str) -> str:
        """The first value of the first of these predicates that it has; "" if it has none."""
        return next((a.value for predicate in predicates for a in self.attributes if a.predicate == predicate), "")


class Edge(Record, frozen=True):
    """A directed edge; (source, predicate, target) is unique in a graph."""

    source: IRI
    predicate: IRI
    target: IRI
    field: str
    """The front matter key it was read from; `body` for links and definitions."""
    line: int = 0
    """Line in the source post, or 0."""
    confidence: float = 1.0
    """1 for what the post states, less for what was inferred."""
