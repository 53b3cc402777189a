"""The nouns of `kg`, in the order in which data meets them.

    file ──▶ Post (Mention, Attribute, Link, Gloss, Definition, Diagnostic)
                 ──▶ Entity ──▶ Node and Edge of one KnowledgeGraph (kg.graph.model)

All are immutable records. They are `msgspec.Struct`s rather than dataclasses because they cross process borders and
live in the cache of read posts: msgspec encodes them ten times faster than pickle and *checks* what it decodes.

Lines and columns are 1-based; a column counts Unicode code points. 0 means "the file as a whole".
"""

from __future__ import annotations

from typing import NewType

import msgspec

IRI = NewType("IRI", str)
"""An absolute IRI (RFC 3987, https://www.rfc-editor.org/rfc/rfc3987) without angle brackets."""

IRI_OBJECT = "@id"
"""The `datatype` of an attribute whose value is an IRI and not a literal (JSON-LD's word for it)."""


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all records: immutable, compared by value, compact when encoded."""


class Diagnostic(Record, frozen=True):
    """One fault or doubt, at one place of one file."""

    path: str
    """POSIX path relative to CONTENT."""
    line: int
    column: int
    code: str
    """Stable, documented in `kg.diagnostics.CODES`, e.g. `KG103`."""
    severity: str
    """`error`, `warning` or `note`."""
    message: str
    """What is wrong and what to write instead, in one line."""


class Text(Record, frozen=True):
    """A string in a language.

    `language` is a BCP 47 tag (https://www.rfc-editor.org/info/bcp47), or "" where it is not known.
    """

    value: str
    language: str = ""


class Mention(Record, frozen=True):
    """A name as it stands in one place of one post."""

    name: str
    """As typed, without surrounding blanks."""
    kind: str
    """A key of `kg.namespaces.KINDS` or of `Config.kinds`: `person`, `organization`, `tag` …"""
    predicate: IRI
    """From the post to the named thing."""
    field: str
    """The front matter key as typed, or `body` for an inline tag."""
    line: int
    column: int
    homepage: str = ""
    """An http(s) address given along with the name, as in `author: {name: …, url: …}`."""


class Attribute(Record, frozen=True):
    """A literal (or plain IRI) that a post states about itself."""

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
    """A link from a post's body, or from a property, to what should be another post."""

    target: str
    """As written: `other.md#part`, `Some Title`, `/2024/slug/` …"""
    style: str
    """How it is written: `markdown`, `wikilink`, `embed`, `property` (in a field), `name` (in a field of names, where
    it need not lead to a post), `shortcode` (`{{< ref "x" >}}`, `{% post_url x %}`), or `block` (`((id))`)."""
    text: str
    """The words shown to the reader, "" where there are none."""
    line: int
    column: int


class Gloss(Record, frozen=True):
    """A body that writes one name twice: `英伟达（Nvidia）`."""

    outer: str
    """The name before the brackets."""
    inner: str
    """The name within the brackets."""
    line: int
    count: int = 1
    """How often this post does so; `line` is the first time."""


class Definition(Record, frozen=True):
    """A body that explains a term: `**资本支出**（CAPEX: Capital Expenditure，…）`."""

    term: str
    """The term that is defined, as typed, without the bold marks."""
    translations: tuple[str, ...]
    """The same term in the other language, and its abbreviation or expansion; may be empty."""
    text: str
    """The explanation as typed, without marks of emphasis; "" where only names are given."""
    line: int
    column: int


class Post(Record, frozen=True):
    """One Markdown file, read. The body itself is not kept: 10,000 posts are 371 MB."""

    path: str
    """POSIX path relative to CONTENT; the identity of the post."""
    title: str
    language: str
    """BCP 47 tag of the running text, "" where it is not known."""
    date: str
    """The date of publication as xsd:date or xsd:dateTime, or ""."""
    draft: bool
    dialect: str
    """`yaml`, `toml`, `json`, `none` …: how the front matter was written."""
    mentions: tuple[Mention, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names links may use for this post: `aliases`, `slug`, `permalink`; `((id))` of each of Logseq's blocks."""
    links: tuple[Link, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    definitions: tuple[Definition, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Commit(Record, frozen=True):
    """The commit that last changed a post."""

    name: str
    """Its full hexadecimal name."""
    time: str
    """When it was made, as xsd:dateTime."""


class Evidence(Record, frozen=True):
    """Why two names are held to be one."""

    kind: str
    """`folding`, `gloss`, `pinyin`, `initials`, `spelling`, `surname`, `ledger` …"""
    count: int
    """How many times it was seen."""
    places: tuple[tuple[str, int], ...] = ()
    """Where: (post path, line), at most a handful, the first ones in path order."""


class Merge(Record, frozen=True):
    """Two names brought together by inference rather than by rule."""

    name: str
    other: str
    confidence: float
    """In [0, 1]."""
    evidence: tuple[Evidence, ...]
    decided_by: str
    """`rule` (safe folding), `inference` or `ledger`."""


class Entity(Record, frozen=True):
    """One real thing, under all the names it was met with."""

    iri: IRI
    kind: str
    label: str
    """The preferred name."""
    labels: tuple[Text, ...]
    """The canonical name in each language, one per language; `label` is among them."""
    aliases: tuple[Text, ...] = ()
    """Every other spelling met, exactly as typed."""
    former: tuple[IRI, ...] = ()
    """IRIs that names of this entity have, or had, on their own; they keep answering."""
    same_as: tuple[IRI, ...] = ()
    """The same thing elsewhere (Wikidata, a homepage), from the ledger."""
    homepage: str = ""
    merges: tuple[Merge, ...] = ()
    definitions: tuple[tuple[str, Definition], ...] = ()
    """(post path, definition), for a term that bodies define."""


class Node(Record, frozen=True):
    """A node of the graph: a post or an entity, ready for any format."""

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


class Edge(Record, frozen=True):
    """A directed edge; (source, predicate, target) is unique in a graph."""

    source: IRI
    predicate: IRI
    target: IRI
    field: str
    """The front matter key it was read from; `body` for links and definitions."""
    line: int = 0
    """Where in the source post."""
    confidence: float = 1.0
    """1 for what a person wrote; less for what was inferred."""
